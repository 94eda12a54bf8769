//! The schema of run settings, targets and expectations.

#![allow(dead_code, missing_docs)] // only the derived descriptions are used

use super::law::{Duration, Probability};
use schemars::JsonSchema;

/// A value in the unit of its metric.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Amount {
    Text(String),
    Number(f64),
}

/// How to simulate. At most one of `messages`, `horizon` and `drained`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Run {
    /// Messages published per replication; 100 000 by default.
    #[schemars(range(min = 1))]
    messages: Option<u64>,
    /// Simulated time per replication.
    horizon: Option<Duration>,
    /// Until every source has ended and the system is empty; default where every source ends.
    drained: Option<bool>,
    /// Independent runs; 10 by default, 1 if nothing is random.
    #[schemars(range(min = 1))]
    replications: Option<u32>,
    /// Most replications spent on `precision`.
    #[schemars(range(min = 1))]
    max_replications: Option<u32>,
    /// Relative half-width to reach, such as `1%`.
    precision: Option<Probability>,
    /// What is cut off at the start: `auto` (default), `none` (default for drained runs) or a time.
    warmup: Option<Duration>,
    /// Master seed.
    seed: Option<u64>,
    /// Confidence level; 0.95 by default.
    level: Option<Probability>,
    /// Quantiles to report.
    quantiles: Option<Vec<Probability>>,
}

/// What a number should be. At most one of `within` and `half_widths`; 3 half-widths by default.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Expectation {
    /// The value, in the unit of the metric.
    value: Amount,
    within: Option<Within>,
    /// The value lies in the confidence interval widened to that many half-widths.
    half_widths: Option<f64>,
}

/// A relative tolerance such as `3%`, or an absolute one.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Within {
    Relative(Probability),
    Absolute(AbsoluteTolerance),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AbsoluteTolerance {
    absolute: Amount,
}
