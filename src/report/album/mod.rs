//! Which charts a result has: a file per kind of question. Turns rows and reports into the general
//! forms of charts; draws nothing itself.

mod drain;
mod duel;
mod run;
mod size;
mod sweep;
mod wish;

pub use wish::Wish;

use super::chart::Chart;
use crate::experiment::result::{Curves, ResultSet};

/// Every chart that has something to show, the most telling first.
pub fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    charts_for(set, curves, &Wish::default())
}

/// As [`charts`], of what the reader wishes to see.
pub fn charts_for(set: &ResultSet, curves: &Curves, wish: &Wish) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(size::charts(set));
    charts.extend(drain::charts(set));
    charts.extend(duel::charts(set));
    charts.extend(sweep::charts(set, wish));
    charts.extend(run::charts(set, curves));
    charts.retain(|chart: &Chart| !chart.is_empty());
    charts
}

/// Every quantity that can be wished, as `orders.wait.p99`.
pub fn quantities(set: &ResultSet) -> Vec<String> {
    let mut names: Vec<String> = set.rows.iter().filter(|r| r.class.is_none()).map(wish::quantity).collect();
    names.sort();
    names.dedup();
    names
}

/// Every parameter that can be wished along an axis, as `consumers.workers.servers`.
pub fn parameters(set: &ResultSet) -> Vec<String> {
    let mut paths: Vec<String> = set.points.iter().flat_map(|p| &p.settings).map(|s| s.path.clone()).collect();
    paths.sort();
    paths.dedup();
    paths
}
