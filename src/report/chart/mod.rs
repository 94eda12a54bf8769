//! Charts: from curves to SVG, and from SVG to PNG. Every chart says what it is of (model,
//! replications, seed, warm-up), carries units on its axes and an uncertainty with every
//! estimate, and uses colours that colour-blind readers can tell apart (Okabe and Ito).
//! Nothing to show is `None`, never an empty frame. Knows nothing of files.

mod axis;
mod canvas;
mod comparison;
mod figure;
mod lifecycle;
#[cfg(feature = "png")]
mod png;
mod queue_length;
mod tails;

pub use comparison::comparison;
pub use lifecycle::lifecycle;
#[cfg(feature = "png")]
pub use png::png;
pub use queue_length::queue_length;
pub use tails::{ccdf, percentiles};

use super::table::facts;
use crate::experiment::result::Provenance;

/// What stands above a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// What the chart shows, and of which model.
    pub title: String,
    /// How the numbers came about.
    pub subtitle: String,
}

impl Caption {
    /// The caption of a chart of one study: `what` with the model's name; below it the
    /// replications, warm-up and seed.
    pub fn of(provenance: &Provenance, what: &str) -> Caption {
        let mut facts = facts(provenance);
        facts.pop(); // how long it took is no property of the numbers
        Caption { title: format!("{what}: {}", provenance.model), subtitle: facts.join(" · ") }
    }
}
