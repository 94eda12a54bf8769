//! Two models compared with common random numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Two models compared with common random numbers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Duel {}
