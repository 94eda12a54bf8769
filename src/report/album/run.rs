//! The charts of a single setting.

use crate::experiment::result::{Curves, ResultSet};
use crate::report::chart::{self, Caption, Chart};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    let caption = |what| Caption::of(&set.provenance, what);
    let all = [
        ("queue_length", chart::queue_length(&curves.queue_length, &caption("Queue length"))),
        ("percentiles", chart::percentiles(&curves.tails, &caption("Percentiles of time"))),
        ("ccdf", chart::ccdf(&curves.tails, &caption("Tail of time"))),
        ("comparison", chart::comparison(set, &caption("Simulation against theory"))),
        ("lifecycle", chart::lifecycle(&set.lifecycle, &caption("Message states"))),
    ];
    let drawn =
        |(name, svg): (&str, Option<String>)| Some(Chart { name: name.to_string(), svg: svg?, ..Chart::default() });
    all.into_iter().filter_map(drawn).chain(chart::diagram(set, &caption("Model"))).collect()
}
