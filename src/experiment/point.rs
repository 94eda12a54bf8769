//! Points: one setting of a model among several (of a sweep, of a search), and how it went. Pure data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One value put into the text of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// Path, as `consumers.workers.servers`.
    pub path: String,
    /// The value as it stands in the text: number, text or flag.
    pub value: serde_json::Value,
}

impl Setting {
    /// `consumers.workers.servers = 5`; texts without quotes.
    pub fn told(&self) -> String {
        match self.value.as_str() {
            Some(text) => format!("{} = {text}", self.path),
            None => format!("{} = {}", self.path, self.value),
        }
    }
}

/// One setting of the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// Short hash of the resolved model: the same settings have the same id, whatever their place.
    /// The `point` of rows.
    pub id: String,
    /// Place in the order of the study, from 0.
    pub index: u32,
    /// Block of the study, or what the point was tried for.
    pub block: String,
    /// What was set.
    pub settings: Vec<Setting>,
    /// How it went.
    pub status: Status,
    /// Why it has no numbers, or what to know about them.
    pub message: Option<String>,
}

/// How a point went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was run.
    Ok,
    /// It has no steady state: more work arrives than can be done.
    Unstable,
    /// It could not be run.
    Failed,
}

/// The question of a command and its answer, for people.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// What was asked.
    pub question: String,
    /// The answer in one sentence, with its numbers.
    pub headline: String,
    /// What supports it, a sentence each.
    pub details: Vec<String>,
}
