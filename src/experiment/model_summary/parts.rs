//! The parts of a system and the links between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A source of messages.
    Producer,
    /// A router.
    Exchange,
    /// A buffer.
    Queue,
    /// A pool of servers.
    Consumer,
}

/// One part of the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its name.
    pub name: String,
    /// Its most telling property, in a few words.
    pub detail: String,
}

/// Why messages move along a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A producer publishes.
    Publish,
    /// An exchange routes.
    Bind,
    /// A consumer takes.
    Consume,
    /// A queue gives up what is rejected, expired or dropped.
    DeadLetter,
    /// A consumer publishes what follows.
    Onward,
}

/// A way of messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Index of the part it leaves.
    pub from: usize,
    /// Index of the part it enters.
    pub to: usize,
    /// Why messages take it.
    pub kind: LinkKind,
    /// Routing key, probability; empty where there is nothing to say.
    pub label: String,
}
