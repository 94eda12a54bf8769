//! What replications say of targets and expectations at a level of confidence, and what they cannot say: too little was
//! seen where the rarest phase of the arrivals hardly came, or where no replication had what is asked for.

use super::estimate::EstimateSubject;
use super::judgement::{Judgement, KnownNumber, Standing};
use super::measure::Measured;
use super::summary;
use crate::model::{Expectation, Model};
use crate::row::{Demand, NoValue, Quantity, Row, Scope, Source, Statistic};

/// Visits to the rarest phase of the arrivals that are to be expected before a target counts as met.
const VISITS: f64 = 20.0;

/// Replications, and their rows at a level of confidence.
pub(super) struct Evidence<'m> {
    model: &'m Model,
    measured: &'m [Measured],
    rows: Vec<Row>,
    level: f64,
}

impl<'m> Evidence<'m> {
    /// Of replications of a model.
    pub(super) fn new(model: &'m Model, measured: &'m [Measured], level: f64) -> Evidence<'m> {
        let mut at_level = model.clone();
        at_level.run.level = level;
        Evidence { model, measured, rows: summary::rows(&at_level, measured), level }
    }

    /// The row of a quantity: the first simulated one of that name, or one that says that there is none.
    pub(super) fn row(&self, quantity: &Quantity) -> Row {
        let named = |row: &&Row| row.source == Source::Simulation && quantity.is_of(row);
        let found = self.rows.iter().filter(named).min_by_key(|row| row.scope).cloned();
        self.as_far_as_seen(found.unwrap_or_else(|| not_measured(quantity, self.level)))
    }

    /// Whether a target holds. Of what is not measured the demand that says the same is judged.
    pub(super) fn of_target(&self, target: &Demand) -> Judgement {
        let found = self.row(&target.quantity);
        let (row, target) = match found.refusal {
            Some(NoValue::NotMeasured) => (self.row(&target.without_level().quantity), target.without_level()),
            _ => (found, target.clone()),
        };
        let judged = Judgement::of_target(&target, KnownNumber::of(&row, self.is_fixed()), self.level);
        match judged.standing {
            Standing::Met if !self.has_seen_all() => Judgement { standing: Standing::Undecided, ..judged },
            _ => judged,
        }
    }

    /// Whether an expectation holds.
    pub(super) fn of_expectation(&self, expected: &Expectation) -> Judgement {
        let row = self.row(&expected.quantity);
        Judgement::of_expectation(expected, Some(&row), self.is_fixed(), self.level)
    }

    fn is_fixed(&self) -> bool {
        !self.model.is_random()
    }

    /// Whether the replications were long enough to have seen every phase of the arrivals. The waits of a run that a rare
    /// burst missed lie close together, and no statistic of them tells what was not there: replications without an event
    /// bound the share of those with one by 1 - error^(1/n) only (Clopper, Pearson 1934), which is 45 % for five.
    fn has_seen_all(&self) -> bool {
        let time: f64 = self.measured.iter().map(|m| m.finished.end - m.cut).sum();
        let rarest = self.model.producers.iter().map(|producer| producer.arrivals.longest_return()).fold(0.0, f64::max);
        time >= VISITS * rarest
    }

    /// A share of which n replications saw nothing, each of them one independent event (a transient has no other), is
    /// bounded by 1 - (error/2)^(1/n) whatever the number of messages: one more replication may lose all of them.
    fn as_far_as_seen(&self, row: Row) -> Row {
        let alone = self.measured.iter().all(|m| m.blocks.len() == 1);
        let is_share = row.statistic == Statistic::Fraction || row.statistic.is_probability();
        if self.is_fixed() || !alone || !is_share || row.low == row.high {
            return row;
        }
        let bound = 1.0 - (0.5 - self.level / 2.0).powf(1.0 / self.measured.len() as f64);
        match row.value {
            Some(0.0) => Row { high: row.high.map(|high| high.max(bound)), ..row },
            Some(1.0) => Row { low: row.low.map(|low| low.min(1.0 - bound)), ..row },
            _ => row,
        }
    }
}

fn not_measured(quantity: &Quantity, level: f64) -> Row {
    let Quantity { scope, name, class, metric, statistic } = quantity;
    let subject = EstimateSubject { scope: scope.unwrap_or(Scope::Queue), name, class: class.as_deref() };
    subject.row(metric.clone(), *statistic, None, level).refused(NoValue::NotMeasured)
}
