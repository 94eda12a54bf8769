//! Finding numbers among the rows of a result.

use crate::experiment::result::ResultSet;
use crate::report::numbers::{number, plus_minus};
use crate::report::rows::whole;
use crate::row::{Metric, Row, Scope, Source, Statistic};
use crate::units::Unit;

/// The row of that quantity with a value; simulation before theory.
pub(super) fn find(set: &ResultSet, scope: Scope, metric: Metric, statistic: Statistic) -> Option<&Row> {
    let same = |r: &&Row| r.scope == scope && r.metric == metric && r.statistic == statistic;
    whole(set).filter(same).min_by_key(|r| r.source != Source::Simulation)
}

/// `63.0 ± 0.9 ms`.
pub(super) fn shown(row: &Row) -> String {
    number(row).unwrap_or("-".to_string())
}

/// A share as `80.0 ± 8.0 %`.
pub(super) fn share(row: &Row) -> String {
    let half = row.half_width().map(|h| 100.0 * h);
    format!("{} %", plus_minus(100.0 * row.value.unwrap_or(0.0), half, Unit::One))
}

/// The busiest first: utilization of each pool of servers, or of queues and stations where no pool has one.
pub(super) fn busiest(set: &ResultSet) -> Vec<&Row> {
    let of = |scope: Scope| {
        let mut found: Vec<&Row> = Vec::new();
        for row in whole(set).filter(|r| r.scope == scope && r.metric == Metric::Utilization) {
            match found.iter().position(|f| f.name == row.name) {
                // Theory of a pool that was also simulated.
                Some(i) if found[i].source != Source::Simulation && row.source == Source::Simulation => found[i] = row,
                Some(_) => {}
                None => found.push(row),
            }
        }
        found
    };
    let scopes = [Scope::Consumer, Scope::Queue, Scope::Station, Scope::System];
    let mut found = scopes.into_iter().map(of).find(|rows| !rows.is_empty()).unwrap_or_default();
    found.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    found
}
