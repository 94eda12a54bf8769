//! The summary of a model for people: its parts and how messages flow, and its assumptions as sentences.
//! Pure data, made from the model so that reports need not see models.

mod parts;
mod picture;
mod times;
mod words;

pub use parts::{Link, LinkKind, Part, PartKind};

use crate::model::{Arrivals, Model};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The model as a picture and as sentences.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
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

impl ModelSummary {
    /// The summary of a model.
    pub fn of(model: &Model) -> ModelSummary {
        ModelSummary {
            parts: picture::parts(model),
            links: picture::links(model),
            assumptions: words::assumptions(model),
            disruptions: words::disruptions(model),
            left_out: words::left_out(model),
            open: !model.producers.iter().any(|p| matches!(p.arrivals, Arrivals::Closed { .. })),
        }
    }
}
