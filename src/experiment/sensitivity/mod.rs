//! How much each parameter of a model matters for a quantity: derivatives and elasticities by differences of models
//! that run with common random numbers. This file holds what is found, as pure data; its children find the
//! numbers of the file, move and run them, and estimate.

mod answer;
mod effect;
mod moves;
mod number;
mod question;

pub use answer::answer;
pub use question::{SensitivityError, SensitivityQuestion, VariedPath};

use super::estimate::Interval;
use crate::row::{Basis, NoValue, Quantity, Source};
use crate::units::Unit;
use serde::{Deserialize, Serialize};

/// What a study of sensitivities found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sensitivity {
    /// Share of its value by which a continuous parameter is moved each way.
    pub step: f64,
    /// Confidence level of each interval by itself.
    pub level: f64,
    /// What is asked about, in the order of the question.
    pub quantities: Vec<Quantity>,
    /// What each move of a parameter does to each quantity: for each quantity by the size of the elasticity, the
    /// largest first; what theory says of the same move follows it.
    pub effects: Vec<ParameterEffect>,
    /// Parameters that were not moved, and why.
    pub unmoved: Vec<Unmoved>,
}

/// What a move of a parameter does to a quantity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ParameterEffect {
    /// Path of the parameter.
    pub path: String,
    /// Which quantity.
    pub quantity: Quantity,
    /// From where to where the parameter is moved.
    pub moved: Move,
    /// The quantity where the parameter is low; null without data.
    pub at_low: Option<f64>,
    /// The quantity where it is high.
    pub at_high: Option<f64>,
    /// Second minus first, with its paired interval.
    pub difference: Option<Interval>,
    /// Second / first - 1.
    pub change: Option<Interval>,
    /// The difference over that of the parameter, in SI units; null for a whole number, which has no derivative.
    pub derivative: Option<Interval>,
    /// ln(second / first) / ln(high / low): percent of the quantity for one percent of the parameter.
    pub elasticity: Option<Interval>,
    /// What the finite step adds to the derivative, by a second pair at twice the step; null where there is none.
    pub step_error: Option<Interval>,
    /// (Var low + Var high) / Var(difference): how many times as many replications it would take without common random
    /// numbers; null where nothing scatters, and of theory.
    pub pairing: Option<f64>,
    /// Unit of the quantity.
    pub unit: Unit,
    /// Unit of the parameter.
    pub per: Unit,
    /// Confidence level of the intervals.
    pub level: f64,
    /// Simulation, or the kind of theory.
    pub source: Source,
    /// How the difference was obtained.
    pub method: Basis,
    /// The step and the method in one sentence.
    pub text: String,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<NoValue>,
}

/// From where to where a parameter is moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Move {
    /// How.
    pub kind: MoveKind,
    /// Its value in the file, as it stands there; null where the file does not say it.
    pub base: Option<String>,
    /// The low value as it stands in the model.
    pub low: String,
    /// The high value.
    pub high: String,
    /// The two as numbers in SI units.
    pub ends: [f64; 2],
}

/// How a parameter is moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// A step each way from its value.
    Central,
    /// A step down only: with a step up there is no such model, and why.
    Below(String),
    /// A step up only: with a step down there is no such model, and why.
    Above(String),
    /// A whole number, by one.
    Whole,
    /// Between two values that were named.
    Between,
}

/// A parameter that was not moved, or not that way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unmoved {
    /// Its path.
    pub path: String,
    /// From which value to which, or the value in the file where there is neither.
    pub value: String,
    /// Why.
    pub why: String,
}

impl Sensitivity {
    /// The effects on one quantity, those of simulation.
    pub fn simulated(&self, of: &Quantity) -> impl Iterator<Item = &ParameterEffect> {
        self.effects.iter().filter(move |effect| effect.quantity == *of && effect.source == Source::Simulation)
    }

    /// What theory says of the same move.
    pub fn theory_of(&self, simulated: &ParameterEffect) -> Option<&ParameterEffect> {
        let same = |effect: &&ParameterEffect| {
            effect.quantity == simulated.quantity && effect.path == simulated.path && effect.moved == simulated.moved
        };
        self.effects.iter().filter(same).find(|effect| effect.source != Source::Simulation)
    }
}

impl ParameterEffect {
    /// How much it matters: the size of the elasticity, 0 without one.
    fn size(&self) -> f64 {
        self.elasticity.as_ref().map_or(0.0, |found| found.value.abs())
    }

    /// Whether the quantity is the same to the last bit at both ends of every pair.
    pub(crate) fn is_still(&self) -> bool {
        self.difference.is_some_and(|found| [Some(found.value), found.low, found.high].iter().all(|x| *x == Some(0.0)))
    }

    /// Which share of the derivative its finite step adds.
    pub(crate) fn step_share(&self) -> Option<f64> {
        let (added, slope) = (self.step_error?.value, self.derivative?.value);
        Some((added / slope).abs()).filter(|share| share.is_finite())
    }

    /// Whether the step surely adds more than a share of the derivative: beyond its own interval, where there is one, else
    /// beyond half that of the derivative.
    fn step_adds_more_than(&self, share: f64) -> bool {
        let (Some(added), Some(slope)) = (self.step_error, self.derivative) else { return false };
        let reach = |found: Interval| Some((found.high? - found.low?) / 2.0);
        let unsure = reach(added).or_else(|| reach(slope)).unwrap_or(0.0);
        self.step_share().is_some_and(|found| found > share) && added.value.abs() > unsure
    }
}
