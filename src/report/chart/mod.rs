//! Charts: from curves to SVG, and from SVG to PNG. Every chart says what it is of (model, replications,
//! seed, warm-up), carries units on its axes and an uncertainty with every estimate, and uses colours
//! that colour-blind readers can tell apart (Okabe and Ito). Nothing to show is `None`, never an empty
//! frame.

mod axis;
mod bars;
mod canvas;
mod comparison;
mod diagram;
mod figure;
pub mod forms;
mod graph;
mod heat_map;
mod lifecycle;
#[cfg(feature = "png")]
mod outline;
mod plane;
#[cfg(feature = "png")]
mod png;
mod queue_length;
mod ramp;
mod room;
mod say;
mod tails;

pub use comparison::comparison;
pub use diagram::diagram;
pub use lifecycle::lifecycle;
#[cfg(feature = "png")]
pub use outline::outlined;
#[cfg(feature = "png")]
pub use png::png;
pub use queue_length::queue_length;
pub(super) use say::{brief, plain};
pub use tails::{ccdf, percentiles};

use super::facts::facts;
use crate::experiment::result::Provenance;

/// A drawn chart: the picture, what the pointer finds in it, and its numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// File name without ending.
    pub name: String,
    /// Title.
    pub title: String,
    /// The picture.
    pub svg: String,
    /// Places of the picture that have something to say.
    pub marks: Vec<Mark>,
    /// The numbers behind the picture.
    pub table: Table,
}

/// A place of a picture that has something to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Pixels from the left edge of the picture.
    pub x: f64,
    /// Pixels from its upper edge.
    pub y: f64,
    /// What it says: values, intervals, units.
    pub text: String,
}

/// Numbers as text, with a header; full precision, empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Names of the columns, with units where they have one.
    pub columns: Vec<String>,
    /// Lines.
    pub lines: Vec<Vec<String>>,
}

impl Chart {
    /// A chart that has nothing to show; it is left out everywhere.
    fn empty(name: &str, title: &str) -> Chart {
        Chart { name: name.to_string(), title: title.to_string(), ..Chart::default() }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.svg.is_empty()
    }
}

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
