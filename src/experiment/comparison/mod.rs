//! Two or more models compared with common random numbers: the same seed gives all the same random
//! streams per entity, purpose and replication, so that their differences scatter less than the
//! two results do. This file holds what is found, as pure data; its children run the pairs,
//! estimate and judge.

mod assemble;
mod choose;
mod from_best;
mod gate;
pub(super) mod headline;
mod influence;
pub(super) mod pairs;
mod ranking;
mod request;
pub(super) mod stats;
mod tails;
pub(super) mod together;

pub use assemble::compare;
pub use choose::choose;
pub use ranking::{Rank, Ranked, Ranking};
pub use request::{Alternative, ComparisonError, ComparisonRequest, Gate};

use super::estimate::Interval;
use super::ledger::Ledger;
use super::point::Setting;
use super::warmup::WarmupReport;
use crate::row::{Basis, Demand, Inequality, Metric, NoValue, Quantity, Scope, Statistic};
use crate::units::Unit;
use serde::{Deserialize, Serialize};

/// What a comparison of models found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The models: `A` and `B`, or `base` and `new`; `A`, `B`, `C`, ... where the best of several is asked for.
    pub sides: Vec<Side>,
    /// Pairs of replications behind the differences.
    pub pairs: u32,
    /// Confidence level of the intervals that are not corrected.
    pub level: f64,
    /// Level of each headline interval: with it they hold all at once at `level` (Bonferroni).
    pub headline_level: f64,
    /// Half-width of the headline differences that was asked for, as a share of the larger of the
    /// two values.
    pub precision: Option<f64>,
    /// Every quantity that both models have; headline quantities first.
    pub differences: Vec<Difference>,
    /// Quantities that only one of them has.
    pub only: Vec<Only>,
    /// Whether a gate judges it.
    pub judged: bool,
    /// What a gate checks; empty in a plain comparison.
    pub checks: Vec<GateCheck>,
    /// Percentile curves of both.
    pub percentiles: Vec<Percentiles>,
    /// Which of three or more models is best; absent where two are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
}

/// One of the two models.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Side {
    /// `A`, `B`, `base` or `new`: the `point` of its rows.
    pub label: String,
    /// Name of the model.
    pub name: String,
    /// The file as it was named.
    pub file: String,
    /// SHA-256 of its text, with everything that was set.
    pub hash: String,
    /// What was set on this side only.
    pub settings: Vec<Setting>,
    /// How the start was cut off.
    pub warmup: WarmupReport,
    /// What became of its messages.
    pub ledger: Ledger,
    /// Its text, kept beside the result and not inside.
    #[serde(skip)]
    pub text: String,
}

/// One quantity in both models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// Kind of entity.
    pub scope: Scope,
    /// Name of the entity.
    pub name: String,
    /// Message class, or null for all.
    pub class: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// Which statistic of it.
    pub statistic: Statistic,
    /// Unit of the values.
    pub unit: Unit,
    /// Value in the first model: of all pairs together for a quantile, else the mean over them; null without data.
    pub first: Option<f64>,
    /// Value in the second model.
    pub second: Option<f64>,
    /// Second minus first; null without data.
    pub value: Option<f64>,
    /// Lower end of the paired interval; null with one pair, unless nothing is random.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Confidence level of the interval.
    pub level: f64,
    /// Second / first - 1, with its interval; null where the first is 0.
    pub change: Option<Interval>,
    /// Whether the interval excludes 0; null without an interval.
    pub significant: Option<bool>,
    /// Label of the better side; null where there is no significant difference or no better side.
    pub better: Option<String>,
    /// (Var A + Var B) / Var(B - A): how many times as many replications it would take without
    /// common random numbers; null where nothing scatters.
    pub pairing: Option<f64>,
    /// Pairs behind it.
    pub pairs: u32,
    /// Whether it is a headline quantity, whose interval is corrected for their number.
    pub headline: bool,
    /// How the difference was obtained.
    pub method: Basis,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<NoValue>,
}

/// A quantity that only one model has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Only {
    /// Label of the side that has it.
    pub side: String,
    /// Which quantity.
    pub quantity: Quantity,
    /// Its value; null without data.
    pub value: Option<f64>,
    /// Unit of the value.
    pub unit: Unit,
}

/// What a check demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The quantity must not worsen by more than is allowed.
    NoWorse,
    /// The new model must meet a target.
    Target,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GateVerdict {
    /// It holds.
    Passed,
    /// It does not hold, beyond the interval.
    Failed,
    /// The interval is too wide to tell.
    Undecided,
}

/// One check of a gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GateCheck {
    /// Which quantity.
    pub quantity: Quantity,
    /// What is demanded.
    pub rule: Rule,
    /// How it went.
    pub verdict: GateVerdict,
    /// Unit of the values.
    pub unit: Unit,
    /// Value in the base model.
    pub base: Option<f64>,
    /// Value in the new model.
    pub new: Option<f64>,
    /// Lower end of the interval that is judged: of new - base, or of new for a target.
    pub low: Option<f64>,
    /// Upper end of it.
    pub high: Option<f64>,
    /// Its confidence level.
    pub level: f64,
    /// Relative change from base to new.
    pub change: Option<Interval>,
    /// Whether larger is worse (times, losses) or smaller (throughput, reliability).
    pub larger_is_worse: bool,
    /// How much worse it may become, or the limit of the target; in the unit of the values.
    pub limit: f64,
    /// Pairs of replications that would be enough to tell, where it is undecided and some number is.
    pub needed_pairs: Option<u64>,
    /// The target as it is written; null where what must not worsen is judged.
    pub written: Option<Demand>,
    /// Why there is no value; null where there is one, or where the result does not know the quantity.
    pub missing: Option<String>,
    /// The finding in one sentence.
    pub text: String,
}

/// Percentiles of a time in one of the two models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Percentiles {
    /// Label of the side.
    pub side: String,
    /// Queue, or `system`.
    pub name: String,
    /// Message class, or null for all.
    pub class: Option<String>,
    /// `wait` or `sojourn`.
    pub metric: Metric,
    /// Probabilities, ascending.
    pub p: Vec<f64>,
    /// The quantile at each of them, seconds; of all replications together.
    pub time: Vec<Interval>,
}

impl Comparison {
    /// The labels of the two sides.
    pub fn labels(&self) -> [&str; 2] {
        [0, 1].map(|side| self.sides.get(side).map_or("", |side| side.label.as_str()))
    }
}

impl GateCheck {
    /// The sign of the target: that which is written, and in results of before it was kept, by which side is good.
    pub fn sign(&self) -> Inequality {
        let side = if self.larger_is_worse { Inequality::AtMost } else { Inequality::AtLeast };
        self.written.as_ref().map_or(side, |written| written.inequality)
    }

    /// A check that nothing is known of yet.
    fn unjudged(quantity: Quantity, rule: Rule, level: f64) -> GateCheck {
        GateCheck {
            quantity,
            rule,
            verdict: GateVerdict::Undecided,
            unit: Unit::One,
            base: None,
            new: None,
            low: None,
            high: None,
            level,
            change: None,
            larger_is_worse: true,
            limit: 0.0,
            needed_pairs: None,
            written: None,
            missing: None,
            text: String::new(),
        }
    }
}

impl Difference {
    /// How the difference was obtained, or why there is none.
    pub fn how(&self) -> String {
        self.refusal.as_ref().map_or_else(|| self.method.to_string(), ToString::to_string)
    }

    /// Half the width of the paired interval.
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }

    /// `orders.wait.p99`, with the class where there is one: `orders[urgent].wait.p99`.
    pub fn quantity(&self) -> Quantity {
        let Difference { name, class, metric, statistic, .. } = self.clone();
        Quantity { scope: None, name, class, metric, statistic }
    }
}

/// Which side of a quantity is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Good {
    /// Smaller is better.
    Small,
    /// Larger is better.
    Large,
    /// It depends.
    Neither,
}

/// Times, queues and losses are better small; what arrives in the end is better large.
pub(crate) fn good(metric: &Metric) -> Good {
    match metric {
        _ if metric.is_better_large() => Good::Large,
        Metric::Outcome(name) if name == "in_flight" => Good::Neither,
        Metric::ArrivalRate | Metric::Utilization | Metric::OfferedLoad | Metric::Detail(_) => Good::Neither,
        _ => Good::Small,
    }
}
