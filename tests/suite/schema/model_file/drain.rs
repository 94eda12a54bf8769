//! The schema of `[drain]`.

use super::law::{DurationSchema, ProbabilitySchema, RateSchema};

described! {
    /// A disruption, and how soon all should be as before. Without `outage`, `for` or `from` it is what the
    /// model itself says.
    table DrainSchema = "Drain" {
        /// No server takes a message for so long.
        outage: Option<DurationSchema>,
        /// How long anything else lasts.
        r#for: Option<DurationSchema>,
        /// Share of the capacity that is left meanwhile.
        throttle: Option<ProbabilitySchema>,
        /// Services take that many times as long.
        slowdown: Option<f64>,
        burst: Option<MultipleSchema>,
        /// That many more messages per second.
        extra: Option<RateSchema>,
        /// A window in which the model itself does something, as a burst of its schedule ...
        from: Option<DurationSchema>,
        /// ... and its end.
        until: Option<DurationSchema>,
        /// Whether an outage puts messages in service back into their queue; no by default.
        requeue: Option<bool>,
        /// When the disruption begins; chosen by default.
        at: Option<DurationSchema>,
        /// Whose servers fail or slow down; needed where there are several.
        consumer: Option<String>,
        /// Who publishes more; needed where there are several.
        producer: Option<String>,
        /// How long recovery may take from the end of the disruption.
        recover_within: Option<DurationSchema>,
        /// How long to simulate; chosen by default.
        horizon: Option<DurationSchema>,
    }

    /// How many times as many messages, as `3x`.
    either MultipleSchema = "Multiple" {
        Text(String),
        Number(f64),
    }
}
