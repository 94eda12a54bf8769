//! How the start of a run was cut off.

use crate::model::{Model, Warmup};
use serde::{Deserialize, Serialize};

/// How the start was cut off.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WarmupReport {
    /// By which rule.
    pub method: WarmupMethod,
    /// Mean over replications of the time cut off, seconds.
    pub mean_s: f64,
    /// Longest time cut off, seconds.
    pub max_s: f64,
    /// Whether the runs settled in their first half; if not, they are too short to tell whether there is a steady state.
    pub settled: bool,
}

/// By which rule the start of a replication is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WarmupMethod {
    /// A sixteenth, and more where the rest scatters least (MSER-5, White 1997) if the replications agree that it differs.
    Auto,
    /// A given time.
    Fixed,
    /// Nothing is cut off.
    #[default]
    None,
}

impl WarmupMethod {
    /// The name as in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            WarmupMethod::Auto => "auto",
            WarmupMethod::Fixed => "fixed",
            WarmupMethod::None => "none",
        }
    }
}

impl WarmupReport {
    /// What was cut off of each replication of a model.
    pub(super) fn of(model: &Model, cuts: impl Iterator<Item = f64> + Clone, settled: bool) -> WarmupReport {
        WarmupReport {
            method: match model.run.warmup {
                Warmup::Auto => WarmupMethod::Auto,
                Warmup::Time(_) => WarmupMethod::Fixed,
                Warmup::None => WarmupMethod::None,
            },
            mean_s: cuts.clone().sum::<f64>() / cuts.clone().count().max(1) as f64,
            max_s: cuts.fold(0.0, f64::max),
            settled,
        }
    }
}
