//! Which charts a result has: a file per kind of question. Turns rows and reports into the general
//! forms of charts; draws nothing itself.

mod comparison;
mod drain;
mod overlay;
mod run;
mod selection;
mod sensitivity;
mod size;
mod sweep;

pub use overlay::overlay;
pub use selection::Selection;

use super::chart::Chart;
use crate::experiment::result::{Curves, ResultSet};
use crate::row::{Quantity, RowNames};
use std::collections::{BTreeMap, BTreeSet};

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
    charts.extend(sensitivity::charts(set));
    charts.extend(sweep::charts(set, selection));
    charts.extend(run::charts(set, curves));
    charts.retain(|chart: &Chart| !chart.is_empty());
    charts
}

/// Every quantity that can be selected, as `orders.wait.p99`, in the order of that text.
pub fn quantities(set: &ResultSet) -> Vec<Quantity> {
    let of = RowNames::of(&set.rows);
    let all: BTreeMap<String, Quantity> =
        set.rows.iter().map(|row| of.quantity(row)).map(|of| (of.to_string(), of)).collect();
    all.into_values().collect()
}

/// The quantity as the rows of a result call it, if there is one: a name that several kinds of entities share means
/// the first of them.
pub fn selectable(set: &ResultSet, wanted: &Quantity) -> Option<Quantity> {
    let row = set.rows.iter().filter(|row| wanted.is_of(row)).min_by_key(|row| row.scope)?;
    Some(RowNames::of(&set.rows).quantity(row))
}

/// Every parameter that can be selected along an axis, as `consumers.workers.servers`.
pub fn parameters(set: &ResultSet) -> Vec<String> {
    let paths: BTreeSet<&String> = set.points.iter().flat_map(|p| &p.settings).map(|s| &s.path).collect();
    paths.into_iter().cloned().collect()
}
