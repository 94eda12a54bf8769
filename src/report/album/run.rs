//! The charts of a single setting.

use crate::experiment::result::{Curves, ResultSet};
use crate::report::chart::{self, Caption, Chart};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    let caption = |what| Caption::of(&set.provenance, what);
    let all = [
        chart::queue_length(&curves.queue_length, &caption("Queue length")),
        chart::percentiles(&curves.tails, &caption("Percentiles of time")),
        chart::ccdf(&curves.tails, &caption("Tail of time")),
        chart::comparison(set, &caption("Simulation against theory")),
        chart::lifecycle(&set.lifecycle, &caption("Message states")),
        diagram(set, caption("Model")),
    ];
    all.into_iter().flatten().collect()
}

/// The model with what was measured in it; its words are in the picture itself.
fn diagram(set: &ResultSet, caption: Caption) -> Option<Chart> {
    let svg = chart::diagram(set, &caption)?;
    Some(Chart { name: "model".to_string(), title: caption.title, svg, ..Chart::default() })
}
