//! The times of all messages, one by one, of a run in which nothing is random and which sees everything that arrives: its
//! quantiles are no estimates. Such a run is simulated once more for them, so that others need not keep their times.

use crate::experiment::measure::Measured;
use crate::experiment::replicate::observe;
use crate::model::{Arrivals, Model, State};
use crate::row::{Basis, Metric, Row, Scope, Statistic};
use crate::sim::probe::{Departure, Probe};

/// Messages up to which their times are kept.
const MOST_TIMES: u64 = 1_000_000;

/// Every time of one kind.
#[derive(Debug, Clone, Default)]
struct ClassTimes {
    wait: Vec<f64>,
    sojourn: Vec<f64>,
}

/// Every time of a run.
#[derive(Debug, Clone)]
struct EveryTime {
    classes: usize,
    /// By queue and class, queue-major.
    queues: Vec<ClassTimes>,
    /// Ages of acknowledged messages, by class.
    ages: Vec<Vec<f64>>,
}

impl Probe for EveryTime {
    fn departed(&mut self, _now: f64, d: &Departure) {
        let times = &mut self.queues[d.queue as usize * self.classes + usize::from(d.class)];
        times.wait.push(d.wait);
        times.sojourn.push(d.sojourn);
    }

    fn ended(&mut self, _now: f64, outcome: State, class: u16, age: f64) {
        if outcome == State::Acked {
            self.ages[usize::from(class)].push(age);
        }
    }
}

/// Puts the order statistics of all times in the place of what a histogram tells, where all of them are known.
pub(super) fn refine(model: &Model, measured: &[Measured], rows: &mut [Row]) {
    let [run] = measured else { return };
    if model.is_random() || !is_whole(model, run) {
        return;
    }
    let classes = model.classes.len();
    let queues = vec![ClassTimes::default(); model.queues.len() * classes];
    let mut every = EveryTime { classes, queues, ages: vec![Vec::new(); classes] };
    observe(model, &mut every);
    rows.iter_mut().for_each(|row| every.refine(model, row));
}

/// Whether a run saw all there is: every recorded arrival, from the start, until its message had ended.
fn is_whole(model: &Model, run: &Measured) -> bool {
    let all_published = model.producers.iter().zip(&run.kept.published).all(|(producer, published)| {
        matches!(&producer.arrivals, Arrivals::Trace { times } if *published >= times.len() as u64)
    });
    let few = run.finished.created <= MOST_TIMES;
    run.cut == 0.0 && run.finished.in_flight == 0 && all_published && few
}

impl EveryTime {
    fn refine(&self, model: &Model, row: &mut Row) {
        let Some(mut times) = self.of(model, row) else { return };
        times.sort_by(f64::total_cmp);
        let Some(value) = order_statistic(&times, row.statistic) else { return };
        let n = times.len() as u64;
        (row.value, row.low, row.high, row.level) = (Some(value), None, None, None);
        (row.n, row.method, row.refusal) = (Some(n), Basis::EveryTime { n }, None);
    }

    /// The times that a row speaks of.
    fn of(&self, model: &Model, row: &Row) -> Option<Vec<f64>> {
        let class = row.class.as_ref().map(|class| model.classes.iter().position(|c| c == class));
        let speaks = |c: &usize| class.is_none_or(|class| class == Some(*c));
        let classes = (0..self.classes).filter(speaks);
        match (row.scope, &row.metric) {
            (Scope::System, Metric::Sojourn) => Some(classes.flat_map(|c| self.ages[c].iter().copied()).collect()),
            (Scope::Queue, Metric::Wait | Metric::Sojourn) => {
                let queue = model.queues.iter().position(|queue| queue.name == row.name)?;
                let of = |times: &'_ ClassTimes| -> Vec<f64> {
                    if row.metric == Metric::Wait { times.wait.clone() } else { times.sojourn.clone() }
                };
                Some(classes.flat_map(|c| of(&self.queues[queue * self.classes + c])).collect())
            }
            _ => None,
        }
    }
}

/// A quantile by nearest rank, or the share above a level, of sorted times.
fn order_statistic(sorted: &[f64], statistic: Statistic) -> Option<f64> {
    let n = sorted.len();
    match statistic {
        // A rank that is whole but for rounding is that rank.
        Statistic::Quantile(p) => {
            let rank = ((p * n as f64) * (1.0 - 4.0 * f64::EPSILON)).ceil() as usize;
            sorted.get(rank.clamp(1, n.max(1)) - 1).copied()
        }
        Statistic::Above(level) if n > 0 => Some((n - sorted.partition_point(|x| *x <= level)) as f64 / n as f64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ranks_by_hand() {
        let tens: Vec<f64> = (1..=100).map(|i| f64::from((i + 9) / 10 * 10)).collect();
        let quantile = |p| order_statistic(&tens, Statistic::Quantile(p));
        assert_eq!(
            [0.0, 0.1, 0.11, 0.5, 0.9, 0.95, 1.0].map(quantile),
            [10.0, 10.0, 20.0, 50.0, 90.0, 100.0, 100.0].map(Some)
        );
        assert_eq!(order_statistic(&tens, Statistic::Above(90.0)), Some(0.1));
        assert_eq!(order_statistic(&[], Statistic::Quantile(0.5)), None);
    }
}
