//! How a number was obtained, and why there is none. What is decided by either is decided by these, not by
//! their text.

use serde::{Deserialize, Serialize};

/// How a number was obtained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Mean of the values of replications, Student's interval; no interval of a single one.
    Mean {
        /// Replications.
        replications: u64,
    },
    /// Ratio of two sums over blocks of all replications, its interval corrected for the dependence of the blocks and for
    /// skewness.
    Ratio {
        /// Replications.
        replications: u64,
        /// Blocks of all of them.
        blocks: u64,
        /// What control variates did for it; absent where none was used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        controls: Option<ControlVariates>,
    },
    /// Mean over replications without interval: its variance is infinite.
    HeavyTailed {
        /// Replications.
        replications: u64,
        /// Order from which on what is averaged has no moments.
        index: f64,
    },
    /// Quantile of all times together; its interval by the independent clusters beyond it, wider where a bin of the
    /// histogram holds an atom.
    Quantile {
        /// Replications.
        replications: u64,
        /// Largest relative error of a quantile.
        error: f64,
    },
    /// Share above a level of all times together; its interval by the independent clusters above.
    Share {
        /// Replications.
        replications: u64,
        /// The level, in the unit of the metric.
        above: f64,
        /// Relative error of the level.
        error: f64,
    },
    /// Of the times of all messages of a run in which nothing is random, one by one: a quantile is the smallest that as many
    /// do not exceed (nearest rank), a share is counted.
    EveryTime {
        /// Messages.
        n: u64,
    },
    /// Mean of what each replication had at its end.
    AtEnd {
        /// Replications.
        replications: u64,
    },
    /// Mean of the duplicates of replications.
    Duplicates {
        /// Whether they were discarded instead of processed again.
        discarded: bool,
        /// Replications.
        replications: u64,
    },
    /// A quantile over replications, one value each, without interval.
    OverReplications {
        /// Replications.
        replications: u64,
    },
    /// Weighted share over paths that branch towards a rare event.
    Splitting {
        /// Paths.
        replications: u64,
        /// Thresholds at which they branch.
        thresholds: u64,
    },
    /// Share of replications, Wilson's score interval.
    Wilson {
        /// Replications.
        replications: u64,
    },
    /// Difference of two models, paired by replication.
    Paired {
        /// Pairs of replications.
        pairs: u64,
        /// Whether the interval is widened by the error of the histogram.
        widened: bool,
    },
    /// What a search over simulated candidates found.
    Search {
        /// What was looked for.
        goal: SearchGoal,
        /// Confidence of each decision.
        level: f64,
    },
    /// What bisection over a method of theory found.
    Bisection {
        /// What was looked for.
        goal: SearchGoal,
        /// Name of the method.
        over: String,
    },
    /// A formula or another method of theory, named with its reference.
    Formula(String),
}

/// What control variates did for a mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ControlVariates {
    /// How many were used.
    pub used: u64,
    /// The variance of the mean without them over that with them, as both are estimated.
    pub factor: f64,
}

/// What a search looks for among the settings that meet the targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchGoal {
    /// The one of least cost.
    Cheapest,
    /// The largest.
    Largest,
    /// The smallest.
    Smallest,
}

/// Why there is no number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoValue {
    /// Nothing was observed after the warm-up.
    NoData,
    /// Too few observations lie beyond a quantile.
    TooFewBeyond {
        /// Expected number in the shortest replication.
        beyond: f64,
        /// Number needed.
        needed: f64,
    },
    /// The run is too short for how much its messages depend on each other.
    TooShort {
        /// Messages measured.
        n: u64,
        /// Messages needed, roughly.
        needed: u64,
    },
    /// There is no steady state: the queue grows over the whole run.
    Grows {
        /// Messages per second.
        per_second: f64,
    },
    /// Too few replications for a quantile over them.
    TooFewReplications {
        /// Replications.
        replications: u64,
        /// Number needed.
        needed: u64,
    },
    /// Some replications did not recover before their end.
    NotRecovered {
        /// How many did not.
        replications: u64,
        /// Of how many.
        of: u64,
        /// What the mean is at least, seconds; null where no mean is asked for.
        at_least: Option<f64>,
    },
    /// No pair of replications has a value in both models.
    NoPair,
    /// The simulation does not measure it.
    NotMeasured,
    /// The method of theory that answers does not give it.
    NotGiven,
    /// It is infinite.
    Infinite,
    /// It came out infinite: it is, or it is too large for a number in double precision.
    Unbounded,
    /// The service law has no such moment, so that it is infinite.
    NoSuchMoment,
    /// It lies beyond the range of double precision.
    BeyondPrecision,
    /// No quantile reaches the stated accuracy for this service law.
    NoQuantile,
    /// There is no steady state: why.
    NoSteadyState(String),
    /// No method gives it: why.
    NoMethod(String),
}

impl From<&str> for Basis {
    fn from(formula: &str) -> Self {
        Basis::Formula(formula.to_string())
    }
}

impl From<String> for Basis {
    fn from(formula: String) -> Self {
        Basis::Formula(formula)
    }
}

impl From<&String> for Basis {
    fn from(formula: &String) -> Self {
        Basis::Formula(formula.clone())
    }
}
