//! Which charts a result has: a file per kind of question. Turns rows and reports into the general
//! forms of charts; draws nothing itself.

mod drain;
mod duel;
mod run;
mod size;
mod sweep;

use super::chart::Chart;
use crate::experiment::result::{Curves, ResultSet};

/// Every chart that has something to show, the most telling first.
pub fn charts(set: &ResultSet, curves: &Curves) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(size::charts(set));
    charts.extend(drain::charts(set));
    charts.extend(duel::charts(set));
    charts.extend(sweep::charts(set));
    charts.extend(run::charts(set, curves));
    charts.retain(|chart: &Chart| !chart.is_empty());
    charts
}
