//! How the start of a run was cut off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the start was cut off.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct WarmupReport {
    /// `MSER-5`, `fixed` or `none`.
    pub method: String,
    /// Mean over replications of the time cut off, seconds.
    pub mean_s: f64,
    /// Longest time cut off, seconds.
    pub max_s: f64,
    /// Whether MSER-5 found its cut in the first half of the runs; if not, they are too short to
    /// tell whether there is a steady state.
    pub settled: bool,
}
