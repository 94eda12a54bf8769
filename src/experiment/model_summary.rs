//! The summary of a model for people: its parts and how messages flow, and its assumptions as sentences.
//! Pure data, kept with a result so that it can be reported again without its model; `report` makes it.

use serde::{Deserialize, Serialize};

/// The model as a picture and as sentences.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ModelSummary {
    /// Producers, exchanges, queues and consumers, in file order.
    pub parts: Vec<Part>,
    /// How messages get from part to part.
    pub links: Vec<Link>,
    /// What is assumed of each part, a sentence each, with numbers and units.
    pub assumptions: Vec<String>,
    /// What goes wrong for a while, a sentence each.
    pub disruptions: Vec<String>,
    /// What the model leaves out, a sentence each.
    pub left_out: Vec<String>,
    /// Whether every producer publishes at a rate of its own, whatever the state of the system.
    pub open: bool,
}

/// Kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its name.
    pub name: String,
    /// Its most telling property, in a few words.
    pub detail: String,
}

/// Why messages move along a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
