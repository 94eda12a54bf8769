//! The charts of a sweep, chosen by what varies: curves along one parameter, latency against
//! utilization, maps over two parameters, recovery, what matters, what it costs.

mod curves;
mod design;
mod front;
mod labels;
mod maps;
mod tornado;

use self::design::SweepDesign;
use super::selection::Selection;
use crate::experiment::result::ResultSet;
use crate::report::chart::Chart;

/// Maps of more quantities than this would bury the first.
const MAPS: usize = 3;
/// Values that differ more than this want a log axis.
const SPREAD: f64 = 50.0;

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet, selection: &Selection) -> Vec<Chart> {
    // A search and a recovery try points too; their charts are theirs.
    if set.sizing.is_some() || set.recovery.is_some() || set.comparison.is_some() {
        return Vec::new();
    }
    blocks(set).into_iter().flat_map(|block| of_block(&SweepDesign::of(set, block), selection)).collect()
}

fn blocks(set: &ResultSet) -> Vec<&str> {
    let mut blocks: Vec<&str> = Vec::new();
    for point in &set.points {
        if !blocks.contains(&point.block.as_str()) {
            blocks.push(&point.block);
        }
    }
    blocks
}

fn of_block(design: &SweepDesign, selection: &Selection) -> Vec<Chart> {
    let quantities = design.quantities(selection);
    let Some(first) = quantities.first() else { return Vec::new() };
    let mut charts = Vec::new();
    let plan = maps::Plan::of(design, selection).filter(|_| design.params.len() > 1);
    if let Some(plan) = &plan {
        charts.extend(maps::phase_diagram(design, plan));
        let told = quantities.iter().filter(|q| !q.contains(".recovered.")).take(MAPS).enumerate();
        charts.extend(told.map(|(nth, of)| maps::heat_map(design, plan, of, nth)));
    }
    let asked = design.params.iter().find(|p| Some(&p.path) == selection.x.as_ref() && selection.y.is_none());
    if let Some(param) = asked.or_else(|| design.params.first().filter(|_| design.params.len() == 1)) {
        charts.extend(curves::along(design, param, &quantities));
    }
    // Of a mean and its percentiles the last tells most about what users feel.
    let telling = quantities.iter().rev().find(|q| !q.contains(".recovered.")).unwrap_or(first);
    charts.extend(curves::hockey_stick(design, if design.target(first).is_some() { first } else { telling }));
    charts.extend(tornado::tornado(design, telling));
    charts.extend(front::pareto(design, telling));
    charts
}

/// The file name of a chart: kind, number where there are several, block where there are several.
fn named(design: &SweepDesign, kind: &str, nth: usize) -> String {
    let mut name = kind.to_string();
    if nth > 0 {
        name += &format!("_{}", nth + 1);
    }
    let all = blocks(design.set);
    let Some(place) = all.iter().position(|b| *b == design.block).filter(|_| all.len() > 1) else { return name };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let slug: String = design.block.chars().take(40).map(plain).collect();
    let same = all.iter().take(place).filter(|b| b.chars().take(40).map(plain).collect::<String>() == slug).count();
    let number = if same > 0 { format!("_{}", place + 1) } else { String::new() };
    format!("{name}_{slug}{number}")
}

/// The title of a chart, with the block where there are several.
fn titled(design: &SweepDesign, what: &str) -> String {
    if blocks(design.set).len() > 1 { format!("{what}, {}", design.block) } else { what.to_string() }
}

/// Whether values spread over so many magnitudes that a log axis is needed.
fn wide(values: impl Iterator<Item = f64>) -> bool {
    let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |r, v| (r.0.min(v), r.1.max(v)));
    low > 0.0 && high.is_finite() && high > SPREAD * low
}
