//! What is asked of a model that is sized.

use super::Cost;
use super::scenario::Scenario;
use crate::diag::{Diagnostic, Severity, code};
use crate::experiment::replicate::EngineChoice;
use crate::model::study::size::SizeAxis;
use crate::model::{Change, Model};
use crate::row::Demand;

/// Reads the model with changes over its text.
pub(crate) type Variant<'v> = dyn Fn(&[Change]) -> Result<Model, Unreadable> + Sync + 'v;

/// Why a model with changes is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// More work arrives than can be done: a candidate that misses every target.
    Unstable(String),
    /// It makes no sense.
    Wrong(String),
}

impl Unreadable {
    /// Of what was found wrong with a text only the words are kept.
    pub(crate) fn of(found: &[Diagnostic]) -> Unreadable {
        let errors = || found.iter().filter(|d| d.severity == Severity::Error);
        let words = |d: &Diagnostic| [std::slice::from_ref(&d.message), &d.helps[..]].concat().join("; ");
        let words: Vec<String> = errors().map(words).collect();
        match errors().all(|d| d.code == code::UNSTABLE_QUEUE) {
            true => Unreadable::Unstable(words.join("; ")),
            false => Unreadable::Wrong(words.join("\n  ")),
        }
    }

    /// Why.
    pub(crate) fn why(self) -> String {
        let (Unreadable::Unstable(why) | Unreadable::Wrong(why)) = self;
        why
    }
}

/// What is asked of a model.
pub(crate) struct ModelQuestion<'q> {
    /// The model as it stands.
    pub base: &'q Model,
    /// The model with changes.
    pub variant: &'q Variant<'q>,
    /// What is varied.
    pub axes: Vec<SizeAxis>,
    /// What must hold.
    pub targets: Vec<Demand>,
    /// Under which circumstances.
    pub scenarios: Vec<Scenario>,
    /// What it costs.
    pub cost: Option<Cost>,
    /// The largest value is wanted.
    pub largest: bool,
    /// The front of cost against the first target is wanted.
    pub front: bool,
    /// Confidence of each decision.
    pub level: f64,
    /// Replications of the first look at a candidate.
    pub first: u32,
    /// Most replications of one candidate; `None`: 32 times the first, 8 times where exact theory can decide.
    pub most: Option<u32>,
    /// Which engine is wanted.
    pub engine: EngineChoice,
    /// The command as typed.
    pub command: String,
    /// Threads; 0 for all.
    pub jobs: usize,
}

impl ModelQuestion<'_> {
    /// Values of the parameters; places count from the wanted end.
    pub(super) fn values(&self, place: &[u64]) -> Vec<f64> {
        self.axes.iter().zip(place).map(|(axis, n)| axis.at(self.index(axis, *n))).collect()
    }

    /// The number of a value: the search looks for the smallest place, which is the largest value if that is
    /// wanted.
    pub(super) fn index(&self, axis: &SizeAxis, place: u64) -> u64 {
        if self.largest { axis.count() - 1 - place } else { place }
    }

    pub(super) fn price(&self, place: &[u64]) -> f64 {
        self.cost.as_ref().map_or(0.0, |cost| cost.of(&self.values(place)))
    }
}
