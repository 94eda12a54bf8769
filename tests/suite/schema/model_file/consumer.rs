//! Consumers and their service.

use super::law::{ColumnSchema, DurationSchema, ProbabilitySchema, TimeSchema, TimeUnitSchema};
use super::publish::PublishSchema;
use super::retry::{RetrySchema, UnlimitedSchema};
use std::collections::BTreeMap;

described! {
    /// A pool of servers that take messages from one queue.
    table ConsumerSchema = "Consumer" {
        /// Queue it takes from.
        queue: String,
        /// How many messages are in work at once; 1 by default.
        servers: Option<ServersSchema>,
        /// Only 1 is modelled: each server holds one message.
        #[schemars(range(min = 1, max = 1))]
        prefetch: Option<u8>,
        /// When a message counts as done; `manual` by default.
        ack: Option<AckSchema>,
        /// Time to process one message.
        service: ServiceSchema,
        /// How often processing fails.
        failure: Option<ChanceSchema>,
        /// How often the acknowledgement of a processed message is lost.
        ack_loss: Option<ChanceSchema>,
        /// Whether a message already processed is recognised and discarded.
        deduplicate: Option<bool>,
        /// What happens after a failure; one attempt by default, then dead-lettered or dropped.
        retry: Option<RetrySchema>,
        /// What is published when a message is done.
        publish: Option<PublishSchema>,
        /// Time a server stays taken after each service.
        turnaround: Option<TimeSchema>,
        /// A message cannot start sooner than this after it entered the queue.
        latency: Option<DurationSchema>,
    }

    /// A number of servers, or `unlimited`: a pure delay.
    either ServersSchema = "Servers" {
        Count(#[schemars(range(min = 1))] u32),
        Word(UnlimitedSchema),
    }

    words AckSchema = "Ack" {
        /// After processing: failures can be retried.
        Manual,
        /// At delivery: a failure loses the message.
        Auto,
    }

    table ChanceSchema = "Chance" {
        probability: ProbabilitySchema,
    }

    /// A distribution, recorded times, or one of these by class.
    either ServiceSchema = "Service" {
        One(ServiceTimeSchema),
        ByClass(ByClassSchema),
    }

    table ByClassSchema = "ByClass" {
        /// Service times of some classes.
        by_class: BTreeMap<String, ServiceTimeSchema>,
        /// Service time of all others.
        default: Option<ServiceTimeSchema>,
    }

    either ServiceTimeSchema = "ServiceTime" {
        Drawn(TimeSchema),
        Recorded(RecordedSchema),
    }

    /// Recorded times: the n-th message of a trace producer takes the n-th one.
    table RecordedSchema = "Recorded" {
        trace: TimesSchema,
    }

    table TimesSchema = "Times" {
        /// CSV file, relative to the model file; decompressed if the name ends in `.gz`.
        file: String,
        column: Option<ColumnSchema>,
        /// Unit of the column; seconds by default.
        unit: Option<TimeUnitSchema>,
    }
}
