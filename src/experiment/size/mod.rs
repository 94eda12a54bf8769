//! What a sizing found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a sizing found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Sizing {}
