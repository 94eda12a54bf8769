//! The charts of a single setting.

mod stations;
mod trust;

use crate::experiment::result::{Curves, ResultSet};
use crate::report::chart::{self, Caption, Chart};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    let caption = |what: &str| Caption::of(&set.provenance, what);
    let under = |what: &str, draw: &dyn Fn(&Caption) -> Option<Chart>| {
        draw(&caption(what)).map(|c| Chart { title: what.to_string(), ..c })
    };
    let drawn = [
        under("Queue length", &|c| chart::queue_length(&curves.queue_length, c)),
        under("Percentiles of time", &|c| chart::percentiles(&curves.tails, c)),
        under("Tail of time", &|c| chart::ccdf(&curves.tails, c)),
        stations::bottleneck(set),
        stations::waiting(set),
        under("Simulation against theory", &|c| chart::comparison(set, c)),
        trust::warmup(set, curves),
        trust::convergence(set, curves),
        under("Message states", &|c| chart::lifecycle(&set.lifecycle, c)),
        under("Model", &|c| chart::diagram(set, c)),
    ];
    let mut charts: Vec<Chart> = drawn.into_iter().flatten().collect();
    // A recovery is no steady state that is settled into, and its backlog is drawn with the fluid beside.
    charts.retain(|c| set.recovery.is_none() || !["queue_length", "warmup"].contains(&c.name.as_str()));
    charts
}
