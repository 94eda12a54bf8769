//! How a system recovers from a disruption.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a system recovers from a disruption.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Recovery {}
