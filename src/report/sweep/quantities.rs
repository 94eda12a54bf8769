//! The quantities worth a column of their own when each point has one line: what the targets speak
//! of, then the usual ones of the system and of each queue.

use crate::experiment::result::ResultSet;
use crate::experiment::verdict::{judgeable, simulated};
use crate::row::{Metric, Relevance, Row, RowNames, Scope, Source, busiest, telling};
use std::collections::HashMap;

/// The main quantities of a sweep, and their rows by point.
pub(crate) struct Quantities<'a> {
    /// A row of each, in order of interest.
    pub all: Vec<&'a Row>,
    /// How many of them, the first ones, the targets speak of.
    pub wanted: usize,
    names: RowNames,
    rows: HashMap<(&'a str, usize, bool), &'a Row>,
    all_theory: bool,
}

impl<'a> Quantities<'a> {
    /// The main quantities of a result.
    pub(crate) fn of(set: &'a ResultSet) -> Quantities<'a> {
        let (all, wanted) = main(set);
        let mut rows = HashMap::new();
        for row in &set.rows {
            let simulated = row.source == Source::Simulation;
            if let (Some(point), Some(at)) = (row.point.as_deref(), all.iter().position(|q| q.same_quantity(row))) {
                rows.entry((point, at, simulated)).or_insert(row);
            }
        }
        Quantities { all, wanted, names: RowNames::of(&set.rows), rows, all_theory: is_theory(set) }
    }

    /// At most so many of them for a short table, or all that the targets speak of: these, and what speaks for a
    /// whole result.
    pub(crate) fn short(&self, set: &ResultSet, most: usize) -> Vec<usize> {
        let telling = telling(&self.all, busiest(set.rows.iter()).unwrap_or_default());
        let is_shown = |&at: &usize| at < self.wanted || telling.iter().any(|q| q.same_quantity(self.all[at]));
        (0..self.all.len()).filter(is_shown).take(self.wanted.max(most)).collect()
    }

    /// What a quantity is called: `orders.wait.p99`.
    pub(crate) fn title(&self, at: usize) -> String {
        self.names.quantity(self.all[at]).to_string()
    }

    /// The simulated row of a quantity at a point.
    pub(crate) fn simulated(&self, point: &str, quantity: usize) -> Option<&'a Row> {
        self.rows.get(&(point, quantity, true)).copied()
    }

    /// The row to show: of theory where nothing was simulated.
    pub(crate) fn shown(&self, point: &str, quantity: usize) -> Option<&'a Row> {
        let theory = || self.theory(point, quantity).filter(|_| self.all_theory);
        self.simulated(point, quantity).or_else(theory)
    }

    /// The row of theory.
    pub(crate) fn theory(&self, point: &str, quantity: usize) -> Option<&'a Row> {
        self.rows.get(&(point, quantity, false)).copied()
    }
}

fn is_theory(set: &ResultSet) -> bool {
    set.rows.iter().all(|row| row.source != Source::Simulation)
}

fn main(set: &ResultSet) -> (Vec<&Row>, usize) {
    let wanted = set.targets.iter().filter_map(|target| simulated(&set.rows, &judgeable(target, &set.rows).quantity));
    let mut wanted: Vec<&Row> = wanted.collect();
    wanted.dedup_by(|a, b| a.same_quantity(b));
    let all_theory = is_theory(set);
    // A table of theory has no targets: what is asked for are probabilities.
    for row in set.rows.iter().filter(|row| all_theory && row.statistic.is_probability()) {
        if !wanted.iter().any(|q| q.same_quantity(row)) {
            wanted.push(row);
        }
    }
    let is_simulated = |row: &Row| all_theory || row.source == Source::Simulation;
    let is_usual = |row: &&Row| is_simulated(row) && row.class.is_none() && row.relevance() <= Relevance::Usual;
    let mut rest: Vec<&Row> = Vec::new();
    for row in set.rows.iter().filter(is_usual) {
        if !wanted.iter().chain(&rest).any(|q| q.same_quantity(row)) {
            rest.push(row);
        }
    }
    // Whether a disruption was recovered from is the first thing to know.
    let order = |row: &&Row| (row.metric != Metric::Recovered, row.scope != Scope::System);
    wanted.sort_by_key(order);
    rest.sort_by_key(order);
    let number = wanted.len();
    ([wanted, rest].concat(), number)
}
