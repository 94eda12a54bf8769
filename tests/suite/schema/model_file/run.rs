//! The schema of run settings, targets and expectations.

use super::law::{DurationSchema, ProbabilitySchema};
use std::collections::BTreeMap;

described! {
    /// A value in the unit of its metric.
    either AmountSchema = "Amount" {
        Text(String),
        Number(f64),
    }

    /// How to simulate. At most one of `messages`, `horizon` and `drained`.
    table RunSchema = "Run" {
        /// Messages published per replication; 100 000 by default.
        #[schemars(range(min = 1))]
        messages: Option<u64>,
        /// Simulated time per replication.
        horizon: Option<DurationSchema>,
        /// Until every source has ended and the system is empty; default where every source ends.
        drained: Option<bool>,
        /// Independent runs; 10 by default, 1 if nothing is random.
        #[schemars(range(min = 1))]
        replications: Option<u32>,
        /// Most replications spent on `precision`.
        #[schemars(range(min = 1))]
        max_replications: Option<u32>,
        precision: Option<PrecisionSchema>,
        /// What is cut off at the start: `auto` (default), `none` (default for drained runs) or a time.
        warmup: Option<DurationSchema>,
        /// Master seed.
        seed: Option<u64>,
        /// Confidence level; 0.95 by default.
        level: Option<ProbabilitySchema>,
        /// Quantiles to report.
        quantiles: Option<Vec<ProbabilitySchema>>,
    }

    /// Relative half-width to reach, such as `1%`: of all means, or of each of some quantities its own.
    either PrecisionSchema = "Precision" {
        Means(ProbabilitySchema),
        Each(BTreeMap<String, ProbabilitySchema>),
    }

    /// What a number should be. At most one of `within` and `half_widths`; 3 half-widths by default.
    table ExpectationSchema = "Expectation" {
        /// The value, in the unit of the metric.
        value: AmountSchema,
        within: Option<WithinSchema>,
        /// The value lies in the confidence interval widened to that many half-widths.
        half_widths: Option<f64>,
    }

    /// A relative tolerance such as `3%`, or an absolute one.
    either WithinSchema = "Within" {
        Relative(ProbabilitySchema),
        Absolute(AbsoluteToleranceSchema),
    }

    table AbsoluteToleranceSchema = "AbsoluteTolerance" {
        absolute: AmountSchema,
    }
}
