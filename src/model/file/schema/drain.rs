//! The schema of `[drain]`.

#![allow(dead_code, missing_docs)] // only the derived descriptions are used

use super::law::{Duration, Probability, Rate};
use schemars::JsonSchema;

/// A disruption, and how soon all should be as before. Without `outage`, `for` or `from` it is what the
/// model itself says.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Drain {
    /// No server takes a message for so long.
    outage: Option<Duration>,
    /// How long anything else lasts.
    r#for: Option<Duration>,
    /// Share of the capacity that is left meanwhile.
    throttle: Option<Probability>,
    /// Services take that many times as long.
    slowdown: Option<f64>,
    burst: Option<Multiple>,
    /// That many more messages per second.
    extra: Option<Rate>,
    /// A window in which the model itself does something, as a burst of its schedule ...
    from: Option<Duration>,
    /// ... and its end.
    until: Option<Duration>,
    /// Whether an outage puts messages in service back into their queue; no by default.
    requeue: Option<bool>,
    /// When the disruption begins; chosen by default.
    at: Option<Duration>,
    /// Whose servers fail or slow down; needed where there are several.
    consumer: Option<String>,
    /// Who publishes more; needed where there are several.
    producer: Option<String>,
    /// How long recovery may take from the end of the disruption.
    recover_within: Option<Duration>,
    /// How long to simulate; chosen by default.
    horizon: Option<Duration>,
}

/// How many times as many messages, as `3x`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Multiple {
    Text(String),
    Number(f64),
}
