//! How the numbers of a result came about. Pure data.

use super::warmup::WarmupReport;
use crate::model::Model;
use serde::{Deserialize, Serialize};

/// How the numbers came about.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Provenance {
    /// Version of lindley.
    pub version: String,
    /// Name of the model.
    pub model: String,
    /// SHA-256 of the model text.
    pub model_hash: String,
    /// Master seed; null where nothing was simulated.
    pub seed: Option<u64>,
    /// Replications behind the intervals.
    pub replications: u32,
    /// Confidence level.
    pub level: f64,
    /// How the start was cut off.
    pub warmup: WarmupReport,
    /// Why no more replications were run.
    pub stop_reason: StopReason,
    /// The command as typed.
    pub command: String,
    /// Which engine ran.
    pub engine: EngineUsed,
    /// Messages published by producers, all replications, warm-up included.
    pub messages: u64,
    /// Events executed, all replications.
    pub events: u64,
    /// Simulated seconds, all replications.
    pub simulated_s: f64,
    /// Wall clock seconds.
    pub wall_s: f64,
    /// Processor seconds; null where the platform does not tell.
    pub cpu_s: Option<f64>,
}

/// Why a study ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The wanted number of replications was run.
    #[default]
    Replications,
    /// Nobody said how long: the run was as long as means and p99 of every queue take to be known to 5 %.
    Length,
    /// Nobody said how long: the run ended with the budget of events, before that.
    Events,
    /// Nobody said how long: the run went on beyond that until its targets were decided, or its budget ended.
    Targets,
    /// The wanted precision was reached.
    Precision,
    /// The budget of replications was used up before the precision was reached.
    Budget,
    /// The time that the user gave was over: the one reason that is not the same on every machine.
    Time,
    /// The user stopped it.
    Interrupted,
    /// The model has no randomness: one replication says everything.
    Deterministic,
    /// Nothing was simulated: theory answered.
    Solved,
}

/// What made the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EngineUsed {
    /// Events, one by one.
    General,
    /// Recursions over messages.
    Recursion,
    /// Some points by the one, some by the other.
    #[serde(rename = "general, recursion")]
    Both,
    /// Nothing was simulated.
    #[default]
    Theory,
}

impl EngineUsed {
    /// The engine of several parts.
    pub(super) fn of_all(parts: impl Iterator<Item = EngineUsed>) -> EngineUsed {
        let join = |all: EngineUsed, part: EngineUsed| match (all, part) {
            (EngineUsed::Theory, other) | (other, EngineUsed::Theory) => other,
            _ if all == part => all,
            _ => EngineUsed::Both,
        };
        parts.fold(EngineUsed::Theory, join)
    }

    /// The name as in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            EngineUsed::General => "general",
            EngineUsed::Recursion => "recursion",
            EngineUsed::Both => "general, recursion",
            EngineUsed::Theory => "theory",
        }
    }
}

impl Provenance {
    /// How numbers of theory come about; a simulation says more.
    pub(super) fn new(model: &str, hash: &str) -> Provenance {
        Provenance {
            version: env!("CARGO_PKG_VERSION").to_string(),
            model: model.to_string(),
            model_hash: hash.to_string(),
            level: 0.95,
            warmup: WarmupReport { settled: true, ..WarmupReport::default() },
            stop_reason: StopReason::Solved,
            ..Provenance::default()
        }
    }

    /// How numbers of simulations of a model come about; their sums are still missing.
    pub(super) fn of(model: &Model) -> Provenance {
        Provenance { seed: Some(model.run.seed), level: model.run.level, ..Provenance::new(&model.name, &model.hash) }
    }
}
