//! The quantities worth a column of their own when each point has one line: what the targets speak
//! of, then the usual ones of the system and of each queue.

use crate::experiment::point::Goal;
use crate::experiment::result::ResultSet;
use crate::row::{Metric, Row, Scope, Source, Statistic};
use crate::units::Unit;
use std::collections::HashMap;

/// A quantity of the result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantity {
    /// Kind of entity.
    pub scope: Scope,
    /// Name of the entity.
    pub name: String,
    /// Metric.
    pub metric: Metric,
    /// Statistic.
    pub statistic: Statistic,
    /// Unit.
    pub unit: Unit,
    /// Whether a target speaks of it.
    pub wanted: bool,
}

impl Quantity {
    /// `orders.wait.p99`.
    pub(crate) fn title(&self) -> String {
        format!("{}.{}.{}", self.name, self.metric, self.statistic)
    }

    fn is(&self, row: &Row) -> bool {
        row.class.is_none()
            && row.scope == self.scope
            && row.name == self.name
            && row.metric == self.metric
            && row.statistic == self.statistic
    }
}

/// The main quantities of a sweep, and their rows by point.
pub(crate) struct Quantities<'a> {
    /// In order of interest.
    pub all: Vec<Quantity>,
    rows: HashMap<(&'a str, usize, bool), &'a Row>,
}

impl<'a> Quantities<'a> {
    /// The main quantities of a result.
    pub(crate) fn of(set: &'a ResultSet) -> Quantities<'a> {
        let all = main(set);
        let mut rows = HashMap::new();
        for row in &set.rows {
            let simulated = row.source == Source::Simulation;
            if let (Some(point), Some(at)) = (row.point.as_deref(), all.iter().position(|q| q.is(row))) {
                rows.entry((point, at, simulated)).or_insert(row);
            }
        }
        Quantities { all, rows }
    }

    /// The simulated row of a quantity at a point.
    pub(crate) fn simulated(&self, point: &str, quantity: usize) -> Option<&'a Row> {
        self.rows.get(&(point, quantity, true)).copied()
    }

    /// The row of theory.
    pub(crate) fn theory(&self, point: &str, quantity: usize) -> Option<&'a Row> {
        self.rows.get(&(point, quantity, false)).copied()
    }
}

fn main(set: &ResultSet) -> Vec<Quantity> {
    let mut all: Vec<Quantity> = Vec::new();
    for goal in &set.goals {
        all.extend(of_goal(set, goal));
    }
    let usual = set.rows.iter().filter(|row| row.source == Source::Simulation && row.class.is_none() && is_usual(row));
    for row in usual {
        if !all.iter().any(|q| q.is(row)) {
            all.push(quantity(row, false));
        }
    }
    // Whether a disruption was recovered from is the first thing to know.
    all.sort_by_key(|q| (!q.wanted, q.metric != Metric::Recovered, q.scope != Scope::System));
    all
}

/// Queues before consumers before producers, as targets are read.
fn of_goal(set: &ResultSet, goal: &Goal) -> Option<Quantity> {
    let row = set.rows.iter().filter(|row| goal.speaks_of(row)).min_by_key(|row| row.scope)?;
    Some(quantity(row, true))
}

fn quantity(row: &Row, wanted: bool) -> Quantity {
    Quantity {
        scope: row.scope,
        name: row.name.clone(),
        metric: row.metric.clone(),
        statistic: row.statistic,
        unit: row.unit,
        wanted,
    }
}

fn is_usual(row: &Row) -> bool {
    let tail = matches!(row.statistic, Statistic::Mean)
        || matches!(row.statistic, Statistic::Quantile(p) if [0.5, 0.95, 0.99].contains(&p));
    match (row.scope, &row.metric) {
        (Scope::System, Metric::Sojourn) | (Scope::Queue, Metric::Wait) => tail,
        (Scope::System, Metric::Throughput | Metric::Reliability) => true,
        (Scope::Queue, Metric::QueueLength | Metric::Utilization) => row.statistic == Statistic::Mean,
        (Scope::Queue, Metric::ProbLoss | Metric::Recovered) => true,
        _ => false,
    }
}
