//! What is asked of a comparison: two models, what is watched, how it is judged.

use crate::experiment::point::Setting;
use crate::experiment::study::StudyError;
use crate::model::Model;
use crate::row::{Demand, Quantity};

/// One of the models to compare.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// `A`, `B`, `base` or `new`.
    pub label: String,
    /// The file as it was named.
    pub file: String,
    /// The model.
    pub model: Model,
    /// Its text.
    pub text: String,
    /// What was set on this side only.
    pub settings: Vec<Setting>,
}

/// What is asked of a comparison.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComparisonRequest {
    /// Quantities to watch in place of the usual ones; both models must have them.
    pub metrics: Vec<Quantity>,
    /// Targets of the second model.
    pub targets: Vec<Demand>,
    /// Half-width of every headline difference to reach, as a share of the larger of the two values.
    pub precision: Option<f64>,
    /// How to judge; `None` for a plain comparison.
    pub gate: Option<Gate>,
}

/// Why a comparison has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ComparisonError {
    /// The replications failed.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A quantity of the question is in the model of that label only.
    #[error("`{0}` is in `{1}` only: there is nothing to compare it with")]
    OneSided(Box<Quantity>, String),
    /// A quantity of the question is in neither model.
    #[error("neither model has `{0}`: `lindley run MODEL -v` lists what there is")]
    Nowhere(Box<Quantity>),
    /// The quantity of the question is not in the model of that label.
    #[error("`{0}` is not in `{1}`: there is nothing to rank it by")]
    Lacking(Box<Quantity>, String),
    /// Neither small nor large values of the quantity are better.
    #[error("`{0}` is better neither small nor large: name a time, a loss, a throughput")]
    NoBetterSide(Box<Quantity>),
}

/// How much a watched quantity may worsen, and how well that must be known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// Share of the base value by which it may be worse.
    pub worse_by: f64,
    /// Half-width, as a share of the larger value, with which "not shown to be worse" is an answer.
    pub precision: f64,
}
