//! Which charts a result has: a file per kind of question. Turns rows and reports into the general
//! forms of charts; draws nothing itself.

mod comparison;
mod drain;
mod overlay;
mod run;
mod selection;
mod size;
mod sweep;

pub use overlay::overlay;
pub use selection::Selection;

use super::chart::Chart;
use crate::experiment::result::{Curves, ResultSet};
use crate::row::RowNames;
use std::collections::BTreeSet;

/// Every chart that has something to show, the most telling first.
pub fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    charts_for(set, curves, &Selection::default())
}

/// As [`charts`], of what the reader asked to see.
pub fn charts_for(set: &ResultSet, curves: &Curves, selection: &Selection) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(size::charts(set));
    charts.extend(drain::charts(set));
    charts.extend(comparison::charts(set));
    charts.extend(sweep::charts(set, selection));
    charts.extend(run::charts(set, curves));
    charts.retain(|chart: &Chart| !chart.is_empty());
    charts
}

/// Every quantity that can be selected, as `orders.wait.p99`.
pub fn quantities(set: &ResultSet) -> Vec<String> {
    let of = RowNames::of(&set.rows);
    let names: BTreeSet<String> = set.rows.iter().map(|row| of.quantity(row).to_string()).collect();
    names.into_iter().collect()
}

/// Every parameter that can be selected along an axis, as `consumers.workers.servers`.
pub fn parameters(set: &ResultSet) -> Vec<String> {
    let paths: BTreeSet<&String> = set.points.iter().flat_map(|p| &p.settings).map(|s| &s.path).collect();
    paths.into_iter().cloned().collect()
}
