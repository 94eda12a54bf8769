//! The charts of a single setting.

mod stations;
mod trust;

use crate::experiment::result::{Curves, ResultSet};
use crate::report::chart::{self, Caption, Chart};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    let caption = |what| Caption::of(&set.provenance, what);
    let drawn = [
        chart::queue_length(&curves.queue_length, &caption("Queue length")),
        chart::percentiles(&curves.tails, &caption("Percentiles of time")),
        chart::ccdf(&curves.tails, &caption("Tail of time")),
        stations::bottleneck(set),
        stations::waiting(set),
        chart::comparison(set, &caption("Simulation against theory")),
        trust::warmup(set, curves),
        trust::convergence(set, curves),
        chart::lifecycle(&set.lifecycle, &caption("Message states")),
        chart::diagram(set, &caption("Model")),
    ];
    drawn.into_iter().flatten().collect()
}
