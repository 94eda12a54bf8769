//! What a model looks like, and what it assumes: its parts, the ways of messages, sentences with numbers.

mod picture;
mod times;
mod words;

use crate::experiment::model_summary::ModelSummary;
use crate::model::{Arrivals, Model};

/// The summary of a model.
pub fn model_summary(model: &Model) -> ModelSummary {
    ModelSummary {
        parts: picture::parts(model),
        links: picture::links(model),
        assumptions: words::assumptions(model),
        disruptions: words::disruptions(model),
        left_out: words::left_out(model),
        open: !model.producers.iter().any(|p| matches!(p.arrivals, Arrivals::Closed { .. })),
    }
}
