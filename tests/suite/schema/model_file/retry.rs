//! What is tried again, and when.

use super::law::DurationSchema;

described! {
    /// A client publishes its message again; the old one stays in the broker.
    table ClientRetrySchema = "ClientRetry" {
        /// Publications in all, the first included, or `unlimited`.
        max_attempts: AttemptsSchema,
        /// Time between a timeout and the next publication; none by default.
        backoff: Option<BackoffSchema>,
    }

    words UnlimitedSchema = "Unlimited" {
        Unlimited,
    }

    table RetrySchema = "Retry" {
        /// Deliveries in all, the first included, or `unlimited`.
        max_attempts: AttemptsSchema,
        /// Time away from the queue; none by default.
        backoff: Option<BackoffSchema>,
        /// Where a message without back-off returns to; `head` by default.
        requeue: Option<RequeueSchema>,
    }

    either AttemptsSchema = "Attempts" {
        Count(#[schemars(range(min = 1))] u32),
        Word(UnlimitedSchema),
    }

    choice BackoffSchema = "Backoff" {
        /// Back at once.
        None,
        /// Always the same delay.
        Fixed(FixedSchema),
        /// `min(cap, base * factor^(failures - 1))`.
        Exponential(GrowingSchema),
    }

    table FixedSchema = "Fixed" {
        delay: DurationSchema,
        jitter: Option<JitterSchema>,
    }

    table GrowingSchema = "Growing" {
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
    words JitterSchema = "Jitter" {
        /// d.
        None,
        /// Uniform on [0, d].
        Full,
        /// Uniform on [d/2, d].
        Equal,
    }

    words RequeueSchema = "Requeue" {
        Head,
        Tail,
    }
}
