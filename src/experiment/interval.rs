//! A number with its confidence interval.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An estimate with its interval; `low` and `high` are null where there is a single replication.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}
