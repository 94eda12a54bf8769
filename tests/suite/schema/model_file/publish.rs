//! What producers and consumers publish.

use super::arrivals::ArrivalsSchema;
use super::law::{DurationSchema, ProbabilitySchema};
use super::retry::ClientRetrySchema;
use std::collections::BTreeMap;

described! {
    /// A source of messages. It needs either `exchange` or `queue`.
    table ProducerSchema = "Producer" {
        /// When it publishes.
        arrivals: ArrivalsSchema,
        /// Exchange it publishes to.
        exchange: Option<String>,
        /// Queue it publishes to, without an exchange.
        queue: Option<String>,
        routing_key: Option<RoutingKeySchema>,
        /// Class of its messages; `message` by default.
        class: Option<String>,
        /// Priority, higher first; 0 by default.
        #[schemars(range(max = 254))]
        priority: Option<u8>,
        /// Headers of its messages.
        headers: Option<BTreeMap<String, String>>,
        /// Several kinds of messages, instead of `routing_key`, `class`, `priority` and `headers`.
        messages: Option<Vec<MessageSchema>>,
        /// How long a client waits for its message to be acknowledged; without a timeout by default.
        timeout: Option<DurationSchema>,
        /// What a client does then; nothing by default.
        retry: Option<ClientRetrySchema>,
    }

    /// One routing key, or a choice of several by weight.
    either RoutingKeySchema = "RoutingKey" {
        Text(String),
        Choice(ChoiceSchema),
    }

    /// A choice of routing keys. At producers each key is a class of its own unless `class` is given.
    table ChoiceSchema = "Choice" {
        /// Weight of each key.
        choice: BTreeMap<String, WeightSchema>,
    }

    /// A number >= 0, or a percentage such as `20%`.
    either WeightSchema = "Weight" {
        Percent(String),
        Number(#[schemars(range(min = 0.0))] f64),
    }

    /// One kind of message.
    table MessageSchema = "Message" {
        /// Its class.
        class: Option<String>,
        /// Its share; 1 by default, divided by the sum of all.
        weight: Option<WeightSchema>,
        /// Its routing key.
        routing_key: Option<String>,
        /// Its headers.
        headers: Option<BTreeMap<String, String>>,
        /// Its priority.
        #[schemars(range(max = 254))]
        priority: Option<u8>,
    }

    /// What a consumer publishes when a message is done. It needs either `exchange` or `queue`; class and priority stay
    /// those of the message unless they are given.
    table PublishSchema = "Publish" {
        /// Exchange it publishes to.
        exchange: Option<String>,
        /// Queue it publishes to, without an exchange.
        queue: Option<String>,
        routing_key: Option<RoutingKeySchema>,
        /// Class of the new message.
        class: Option<String>,
        /// Priority of the new message.
        #[schemars(range(max = 254))]
        priority: Option<u8>,
        /// Headers of the new message.
        headers: Option<BTreeMap<String, String>>,
        /// Several kinds of messages, instead of `routing_key`, `class`, `priority` and `headers`.
        messages: Option<Vec<MessageSchema>>,
        /// Probability that anything is published; 1 by default.
        probability: Option<ProbabilitySchema>,
    }
}
