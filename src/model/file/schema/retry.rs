//! What is tried again, and when.

use super::law::DurationSchema;
use schemars::JsonSchema;

/// A client publishes its message again; the old one stays in the broker.
#[derive(JsonSchema)]
#[schemars(rename = "ClientRetry", deny_unknown_fields)]
pub(super) struct ClientRetrySchema {
    /// Publications in all, the first included, or `unlimited`.
    max_attempts: AttemptsSchema,
    /// Time between a timeout and the next publication; none by default.
    backoff: Option<BackoffSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Unlimited", rename_all = "lowercase")]
pub(super) enum UnlimitedSchema {
    Unlimited,
}

#[derive(JsonSchema)]
#[schemars(rename = "Retry", deny_unknown_fields)]
pub(super) struct RetrySchema {
    /// Deliveries in all, the first included, or `unlimited`.
    max_attempts: AttemptsSchema,
    /// Time away from the queue; none by default.
    backoff: Option<BackoffSchema>,
    /// Where a message without back-off returns to; `head` by default.
    requeue: Option<RequeueSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Attempts", untagged)]
pub(super) enum AttemptsSchema {
    Count(#[schemars(range(min = 1))] u32),
    Word(UnlimitedSchema),
}

#[derive(JsonSchema)]
#[schemars(rename = "Backoff", rename_all = "snake_case")]
pub(super) enum BackoffSchema {
    /// Back at once.
    None,
    /// Always the same delay.
    Fixed(FixedSchema),
    /// `min(cap, base * factor^(failures - 1))`.
    Exponential(GrowingSchema),
}

#[derive(JsonSchema)]
#[schemars(rename = "Fixed", deny_unknown_fields)]
pub(super) struct FixedSchema {
    delay: DurationSchema,
    jitter: Option<JitterSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Growing", deny_unknown_fields)]
pub(super) struct GrowingSchema {
    /// First delay.
    base: DurationSchema,
    /// Growth per failure; 2 by default.
    #[schemars(range(min = 1.0))]
    factor: Option<f64>,
    /// Largest delay.
    cap: DurationSchema,
    jitter: Option<JitterSchema>,
}

/// How a delay d is randomised.
#[derive(JsonSchema)]
#[schemars(rename = "Jitter", rename_all = "lowercase")]
pub(super) enum JitterSchema {
    /// d.
    None,
    /// Uniform on [0, d].
    Full,
    /// Uniform on [d/2, d].
    Equal,
}

#[derive(JsonSchema)]
#[schemars(rename = "Requeue", rename_all = "lowercase")]
pub(super) enum RequeueSchema {
    Head,
    Tail,
}
