//! Runs two models side by side. Pair i uses replication i of both, and so the same random streams
//! wherever both have the same entity. Rounds depend on results only, never on threads.

use super::ComparisonError;
use crate::experiment::length::{self, BUDGET};
use crate::experiment::measure::{Cut, Measured, Uncut};
use crate::experiment::replicate::{EngineChoice, Replicator};
use crate::experiment::result::StopReason;
use crate::experiment::study::{Progress, StudyError};
use crate::experiment::summary;
use crate::model::Model;
use crate::row::Quantity;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The values of one replication, by quantity; what has no value is not in it.
pub(super) type Values = HashMap<Quantity, f64>;

/// The replications of both models, pair by pair.
pub(super) struct Pairs {
    /// What was measured, by side.
    pub measured: [Vec<Measured>; 2],
    /// One value per replication and quantity, by side.
    pub values: [Vec<Values>; 2],
    /// Whether the warm-up of each side was found.
    pub settled: [bool; 2],
    /// Why no more pairs were run.
    pub reason: StopReason,
}

impl Pairs {
    /// Pairs finished.
    pub(super) fn len(&self) -> usize {
        self.values[0].len()
    }

    /// Whether two pairs would be the same: nothing is drawn.
    pub(super) fn certain(&self) -> bool {
        self.reason == StopReason::Deterministic
    }

    /// The two values of a quantity in every pair that has both.
    pub(super) fn of(&self, key: &Quantity) -> Vec<(f64, f64)> {
        let [first, second] = &self.values;
        first.iter().zip(second).filter_map(|(a, b)| Some((*a.get(key)?, *b.get(key)?))).collect()
    }
}

/// Whether there are enough pairs.
pub(super) enum Need {
    /// As many as were asked for; no precision was.
    Given,
    /// The precision is reached.
    Reached,
    /// About so many in all are needed.
    Pairs(u64),
}

/// Runs rounds of pairs until `need` is content, the budget of the first model is used up, or it is
/// interrupted. The first round also says where the start of each model stops mattering.
///
/// # Errors
///
/// Those of `need`, which is first asked after the first round.
pub(super) fn run(
    models: [&Model; 2],
    need: &dyn Fn(&Pairs) -> Result<Need, ComparisonError>,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Pairs, ComparisonError> {
    let (first, _) = length::planned(models[0], EngineChoice::General, BUDGET, interrupted);
    let models = models.map(|model| length::with_length(model, first.run.length));
    let models = models.each_ref();
    let [a, b] = models.map(|model| Replicator::new(model, EngineChoice::General));
    let replicators = [a.map_err(StudyError::Engine)?, b.map_err(StudyError::Engine)?];
    let certain = models.iter().all(|model| !model.is_random());
    let first = if certain { 1 } else { models[0].run.replications.max(1) };
    let (pilot_a, pilot_b): (Vec<_>, Vec<_>) = round(&replicators, 0..first, interrupted, progress).into_iter().unzip();
    let cuts = [Cut::of(models[0], &pilot_a), Cut::of(models[1], &pilot_b)];
    let mut pairs = Pairs {
        measured: [Vec::new(), Vec::new()],
        values: [Vec::new(), Vec::new()],
        settled: [cuts[0].1, cuts[1].1],
        reason: if certain { StopReason::Deterministic } else { StopReason::Replications },
    };
    let keep = |pairs: &mut Pairs, side: usize, uncut: Vec<Uncut>| {
        let measured: Vec<Measured> = uncut.into_iter().map(|uncut| uncut.cut(&cuts[side].0)).collect();
        pairs.values[side].extend(measured.iter().map(|m| values(models[side], m)));
        pairs.measured[side].extend(measured);
    };
    keep(&mut pairs, 0, pilot_a);
    keep(&mut pairs, 1, pilot_b);
    while pairs.len() > 0 {
        let next = match need(&pairs)? {
            Need::Given => break,
            _ if certain => break,
            Need::Reached => {
                pairs.reason = StopReason::Precision;
                break;
            }
            Need::Pairs(n) => next(pairs.len(), n, models[0].run.max_replications),
        };
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
        let Some(range) = next else {
            pairs.reason = StopReason::Budget;
            break;
        };
        let (a, b): (Vec<_>, Vec<_>) = round(&replicators, range, interrupted, progress).into_iter().unzip();
        keep(&mut pairs, 0, a);
        keep(&mut pairs, 1, b);
    }
    if interrupted.load(Ordering::Relaxed) {
        pairs.reason = StopReason::Interrupted;
    }
    Ok(pairs)
}

/// The next round: as many as are needed, at most twice as many as there are, within the budget.
fn next(done: usize, need: u64, most: u32) -> Option<std::ops::Range<u32>> {
    let done = u32::try_from(done).unwrap_or(u32::MAX);
    let need = u32::try_from(need).unwrap_or(u32::MAX);
    let until = need.clamp(done.saturating_add(1), done.saturating_mul(2).max(done.saturating_add(1))).min(most);
    (until > done).then_some(done..until)
}

/// Runs pairs in parallel; the results stand in the order of their numbers. A pair of which one
/// replication was interrupted is left out whole.
fn round(
    replicators: &[Replicator; 2],
    range: std::ops::Range<u32>,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Vec<(Uncut, Uncut)> {
    let (done, planned) = (AtomicU32::new(range.start), range.end);
    let one = |i: u32| {
        let run = |side: usize| {
            (!interrupted.load(Ordering::Relaxed)).then(|| replicators[side].run(u64::from(i), interrupted)).flatten()
        };
        let (a, b) = rayon::join(|| run(0), || run(1));
        progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, planned });
        Some((a?, b?))
    };
    range.into_par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The values of one replication: the rows that it would yield by itself.
fn values(model: &Model, measured: &Measured) -> Values {
    let rows = summary::rows_of_one(model, measured);
    rows.iter().filter_map(|row| Some((row.quantity(), row.value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn rounds_at_most_double_and_keep_within_the_budget() {
        assert_eq!(next(10, 12, 1000), Some(10..12));
        assert_eq!(next(10, 500, 1000), Some(10..20));
        assert_eq!(next(10, u64::MAX, 15), Some(10..15));
        assert_eq!(next(10, 3, 1000), Some(10..11));
        assert_eq!(next(10, 12, 10), None);
    }
}
