//! How a number was obtained, and why there is none. What is decided by either is decided by these, not by
//! their text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a number was obtained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Mean of the values of replications, Student's interval; no interval of a single one.
    Mean {
        /// Replications.
        replications: u64,
    },
    /// Mean of the quantiles of replications, its interval widened by the error of the histogram.
    Quantile {
        /// Replications.
        replications: u64,
        /// Largest relative error of a quantile.
        error: f64,
    },
    /// Mean of the shares above a level of replications.
    Share {
        /// Replications.
        replications: u64,
        /// The level, in the unit of the metric.
        above: f64,
        /// Relative error of the level.
        error: f64,
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

/// What a search looks for among the settings that meet the targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// It is infinite.
    Infinite,
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

const SINGLE: &str = "one replication, no interval";

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        match self {
            Basis::Mean { replications: 0 | 1 } => f.write_str(SINGLE),
            Basis::Mean { replications } => write!(f, "mean of {replications} replications, Student t"),
            Basis::Quantile { replications: 0 | 1, error } => {
                write!(f, "quantile of {SINGLE}; the histogram is exact to {}", percent(*error))
            }
            Basis::Quantile { replications, error } => {
                let widened = percent(*error);
                write!(
                    f,
                    "mean of {replications} replication quantiles, Student t, widened by the histogram's {widened}"
                )
            }
            Basis::Share { replications, above, error } => write!(
                f,
                "mean of {replications} replications' shares above {above} s, Student t; the limit is within the \
                 histogram's {}",
                percent(*error)
            ),
            Basis::AtEnd { replications } => write!(f, "mean of {replications} replications at their end, Student t"),
            Basis::Duplicates { discarded, replications } => {
                let what = if *discarded { "discarded" } else { "processed again" };
                write!(f, "{what}; {}", Basis::Mean { replications: *replications })
            }
            Basis::OverReplications { replications } => {
                write!(f, "quantile of {replications} replications, no interval")
            }
            Basis::Wilson { replications } => {
                write!(f, "share of {replications} replications, Wilson's score interval")
            }
            Basis::Paired { pairs: 0 | 1, .. } => f.write_str("one pair of replications, no interval"),
            Basis::Paired { pairs, widened } => {
                let end = if *widened { ", widened by the histogram's error" } else { "" };
                write!(f, "paired difference of {pairs} replications, Student t{end}")
            }
            Basis::Search { goal, level } => {
                write!(f, "{goal} that meets the targets, simulated at {} % confidence", 100.0 * level)
            }
            Basis::Bisection { goal, over } => write!(f, "{goal} that meets the targets, by bisection over `{over}`"),
            Basis::Formula(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for SearchGoal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SearchGoal::Cheapest => "cheapest",
            SearchGoal::Largest => "largest",
            SearchGoal::Smallest => "smallest",
        })
    }
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoValue::NoData => f.write_str("no data after warm-up"),
            NoValue::TooFewBeyond { beyond, needed } => {
                write!(f, "refused: {beyond:.1} observations beyond it in the shortest replication, {needed} needed")
            }
            NoValue::TooFewReplications { replications, needed } => {
                write!(f, "refused: {replications} replications, {needed} needed")
            }
            NoValue::NotRecovered { replications, of, at_least } => {
                write!(f, "{replications} of {of} replications did not recover before the end")?;
                at_least.map_or(Ok(()), |least| write!(f, ": at least {least:.6} s in the mean"))
            }
            NoValue::NoPair => f.write_str("no pair has both values"),
            NoValue::NotMeasured => f.write_str("the simulation gives no such number"),
            NoValue::Infinite => f.write_str("infinite"),
            NoValue::NoSuchMoment => f.write_str("infinite, the service law has no such moment"),
            NoValue::BeyondPrecision => f.write_str("beyond the range of double precision"),
            NoValue::NoQuantile => f.write_str("no quantile to the stated accuracy for this service law"),
            NoValue::NoSteadyState(why) => write!(f, "no steady state: {why}"),
            NoValue::NoMethod(why) => f.write_str(why),
        }
    }
}
