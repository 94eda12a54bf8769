//! The smallest system that meets its targets: theory brackets it, simulation decides it.
//!
//! ```text
//! a station with c or K free -> station: theory at every candidate -+
//! a model, Axes, scenarios   -> trial: sequential simulation -------+-> search -> Sizing -> Answer, rows, points
//! ```

mod cost;
mod error;
mod expect;
pub(crate) mod model;
mod outcome;
pub(crate) mod question;
mod scenario;
mod search;
pub(crate) mod station;
mod trial;

pub(crate) use cost::Cost;
pub(crate) use error::SizeError;
pub(crate) use scenario::Scenario;

use crate::experiment::judgement::Standing;
use crate::experiment::point::Setting;
use crate::row::{Basis, Demand, NoValue, Source};
use serde::{Deserialize, Serialize};

/// What a sizing found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sizing {
    /// What was promised.
    pub targets: Vec<Demand>,
    /// What was varied.
    pub parameters: Vec<SizeParameter>,
    /// Under which circumstances the targets must hold; the first is the system as it is.
    pub scenarios: Vec<String>,
    /// Confidence of each decision.
    pub level: f64,
    /// Whether the largest values are wanted.
    pub largest: bool,
    /// Unit of the cost, as `1/h`; null where nothing costs.
    pub cost_unit: Option<String>,
    /// Everything that was tried, by the values of the parameters.
    pub candidates: Vec<Candidate>,
    /// Index of the answer among the candidates; null: nothing meets the targets.
    pub answer: Option<usize>,
    /// Indices of the neighbours of the answer that miss a target.
    pub failing: Vec<usize>,
    /// Indices of the candidates that no other beats in cost and in the first target, by cost.
    pub front: Vec<usize>,
    /// Whether the answer and the neighbours that fail are decided at that confidence.
    pub certain: bool,
}

/// A parameter that was varied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SizeParameter {
    /// Its path in the model, or `c` or `K` of Kendall's notation.
    pub path: String,
    /// What to call it: `consumers`, `places`.
    pub name: String,
    /// Unit of its values, as typed; empty: none.
    pub suffix: String,
}

/// One setting that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Candidate {
    /// The `point` of its rows.
    pub point: String,
    /// What was set.
    pub settings: Vec<Setting>,
    /// The same as numbers, in the order of the parameters.
    pub at: Vec<f64>,
    /// What it costs; null where nothing costs.
    pub cost: Option<f64>,
    /// Each target in each scenario, scenario-major.
    pub checks: Vec<SizeCheck>,
    /// Whether all targets hold in all scenarios.
    pub verdict: Standing,
    /// Replications spent; 0 where theory alone answered.
    pub replications: u32,
    /// Whether it has no steady state.
    pub unstable: bool,
    /// Index of the scenario in which it has none; null where it has one.
    #[serde(default)]
    pub unstable_under: Option<usize>,
    /// Servers that are left in that scenario; null where it takes none away.
    #[serde(default)]
    pub servers_left: Option<u32>,
    /// What to know about it.
    pub message: Option<String>,
}

/// One target in one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SizeCheck {
    /// Index of the scenario.
    pub scenario: usize,
    /// Index of the target.
    pub target: usize,
    /// The number; null where there is none.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// What theory says of the same number.
    pub theory: Option<f64>,
    /// Where the number comes from.
    pub source: Source,
    /// How it was obtained.
    pub method: Basis,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<NoValue>,
    /// Whether the target holds.
    pub verdict: Standing,
    /// The simulation left it open within its budget, and exact theory decided.
    pub by_theory: bool,
}

impl Sizing {
    /// The answer, if there is one.
    pub fn best(&self) -> Option<&Candidate> {
        self.candidates.get(self.answer?)
    }

    /// The check of that target in the first scenario.
    pub fn check<'c>(&self, candidate: &'c Candidate, target: usize) -> Option<&'c SizeCheck> {
        candidate.checks.iter().find(|check| check.target == target && check.scenario == 0)
    }
}
