//! The part of the JSON Schema about disruptions.

use super::law::{DurationSchema, RateSchema};

described! {
    /// Something that holds for a while: `consumer` with `servers_down` or `slowdown`, or `producer` with `extra` or `factor`.
    table DisruptionSchema = "Disruption" {
        /// Consumer that it concerns.
        consumer: Option<String>,
        /// Producer that it concerns.
        producer: Option<String>,
        /// When it begins.
        at: DurationSchema,
        /// How long it lasts.
        r#for: DurationSchema,
        /// Servers that take no message meanwhile.
        servers_down: Option<DownSchema>,
        /// Whether messages in service go back to their queue at once, as in a crash; else they are finished (default).
        requeue: Option<bool>,
        /// Services that begin meanwhile take that many times as long.
        slowdown: Option<f64>,
        /// Additional messages per second, a Poisson process.
        extra: Option<RateSchema>,
        /// The same as a multiple of the producer's mean rate, its own messages included.
        factor: Option<f64>,
    }

    /// A number of servers, or `all`.
    either DownSchema = "Down" {
        Count(#[schemars(range(min = 1))] u32),
        Word(AllSchema),
    }

    words AllSchema = "All" {
        All,
    }
}
