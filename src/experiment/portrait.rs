//! A portrait of a model for people: its parts and how messages flow, and its assumptions in words.
//! Pure data, made from the model so that reports need not know models.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The model as a picture and as sentences.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Portrait {}
