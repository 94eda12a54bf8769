//! The charts of a sweep, chosen by what varies: curves along one parameter, latency against
//! utilization, maps over two parameters, recovery, what matters, what it costs.

mod curves;
mod design;
mod front;
mod labels;
mod maps;
mod names;
mod tornado;

use self::design::{SweepDesign, is_of_recovery};
use self::names::blocks;
use super::selection::Selection;
use crate::experiment::result::ResultSet;
use crate::report::chart::Chart;

/// Maps of more quantities than this would bury the first.
const MAPS: usize = 3;

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet, selection: &Selection) -> Vec<Chart> {
    // A search and a recovery try points too; their charts are theirs.
    if set.sizing.is_some() || set.recovery.is_some() || set.comparison.is_some() || set.sensitivity.is_some() {
        return Vec::new();
    }
    blocks(set).into_iter().flat_map(|block| of_block(&SweepDesign::of(set, block), selection)).collect()
}

fn of_block(design: &SweepDesign, selection: &Selection) -> Vec<Chart> {
    let quantities = design.quantities(selection);
    let Some(first) = quantities.first() else { return Vec::new() };
    let mut charts = Vec::new();
    let plan = maps::MapPlan::of(design, selection).filter(|_| design.params.len() > 1);
    if let Some(plan) = &plan {
        charts.extend(maps::phase_diagram(design, plan));
        let shown = quantities.iter().filter(|q| !is_of_recovery(q)).take(MAPS).enumerate();
        charts.extend(shown.map(|(nth, of)| maps::heat_map(design, plan, of, nth)));
    }
    let chosen = design.params.iter().find(|p| Some(&p.path) == selection.x.as_ref() && selection.y.is_none());
    if let Some(param) = chosen.or_else(|| design.params.first().filter(|_| design.params.len() == 1)) {
        charts.extend(curves::along(design, param, &quantities));
    }
    // Of a mean and its percentiles the last tells most about what users feel.
    let telling = quantities.iter().rev().find(|q| !is_of_recovery(q)).unwrap_or(first);
    charts.extend(curves::hockey_stick(design, if design.target(first).is_some() { first } else { telling }));
    charts.extend(tornado::tornado(design, telling));
    charts.extend(front::pareto(design, telling));
    charts
}
