//! Runs two or more models side by side. Pair i uses replication i of both, and so the same random streams
//! wherever both have the same entity. Rounds depend on results only, never on threads.

use super::ComparisonError;
use crate::experiment::length::{self, BUDGET};
use crate::experiment::measure::{Cut, Measured, Uncut};
use crate::experiment::replicate::{EngineChoice, Replicator};
use crate::experiment::result::StopReason;
use crate::experiment::study::{Progress, StudyError};
use crate::experiment::summary::{self, Estimates};
use crate::model::Model;
use crate::row::{Quantity, Row};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The values of one replication, by quantity; what has no value is not in it.
pub(crate) type Values = HashMap<Quantity, f64>;

/// The replications of models that ran side by side; replication i of each met the same random numbers.
pub(crate) struct SideBySide {
    /// What was measured, by side.
    pub measured: Vec<Vec<Measured>>,
    /// One value per replication and quantity, by side.
    values: Vec<Vec<Values>>,
    /// The estimates of each side, of all its replications.
    estimates: Vec<Estimates>,
    /// Whether the warm-up of each side was found.
    pub settled: Vec<bool>,
    /// How the start of each side was cut off.
    pub cuts: Vec<Cut>,
    /// Why no more replications were run.
    pub reason: StopReason,
}

impl SideBySide {
    /// Replications of each side.
    pub(crate) fn len(&self) -> usize {
        self.values[0].len()
    }

    /// The rows of a side.
    pub(crate) fn rows(&self, side: usize) -> &[Row] {
        &self.estimates[side].rows
    }

    /// Two of the sides, pair by pair.
    pub(crate) fn pairs(&self, sides: [usize; 2]) -> Pairs<'_> {
        Pairs {
            measured: sides.map(|side| &self.measured[side][..]),
            values: sides.map(|side| &self.values[side][..]),
            estimates: sides.map(|side| &self.estimates[side]),
            certain: self.reason == StopReason::Deterministic,
        }
    }
}

/// The replications of two models, pair by pair.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'r> {
    /// What was measured, by side.
    pub measured: [&'r [Measured]; 2],
    values: [&'r [Values]; 2],
    estimates: [&'r Estimates; 2],
    certain: bool,
}

impl Pairs<'_> {
    /// Pairs finished.
    pub(super) fn len(&self) -> usize {
        self.values[0].len()
    }

    /// Whether two pairs would be the same: nothing is drawn.
    pub(super) fn certain(&self) -> bool {
        self.certain
    }

    /// The rows of both.
    pub(super) fn rows(&self) -> [&'_ [Row]; 2] {
        self.estimates.map(|of| &of.rows[..])
    }

    /// The two values of a quantity in every pair that has both. Those of a ratio of sums count by its weight in each replication,
    /// so that their means are what the rows say.
    pub(crate) fn of(&self, key: &Quantity) -> Vec<(f64, f64)> {
        if let [Some(first), Some(second)] = self.estimates.map(|of| of.by_replication.get(key)) {
            return first.iter().copied().zip(second.iter().copied()).collect();
        }
        let [first, second] = self.values;
        first.iter().zip(second).filter_map(|(a, b)| Some((*a.get(key)?, *b.get(key)?))).collect()
    }
}

/// Whether there are enough pairs.
pub(crate) enum Need {
    /// As many as were asked for; no precision was.
    Given,
    /// The precision is reached.
    Reached,
    /// About so many in all are needed.
    Pairs(u64),
}

/// Runs rounds of replications of every model until `need` is content, the budget of the first model is used up, or it is
/// interrupted. The first round also says where the start of each model stops mattering, unless all are `cut` alike.
///
/// # Errors
///
/// Those of `need`, which is first asked after the first round.
pub(crate) fn run(
    models: &[&Model],
    cut: Option<&Cut>,
    need: &dyn Fn(&SideBySide) -> Result<Need, ComparisonError>,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<SideBySide, ComparisonError> {
    let (first, _) = length::planned(models[0], EngineChoice::General, BUDGET, interrupted);
    let models: Vec<Model> = models.iter().map(|model| length::with_length(model, first.run.length)).collect();
    let replicators = models.iter().map(|model| Replicator::new(model, EngineChoice::General));
    let replicators: Vec<Replicator> = replicators.collect::<Result<_, _>>().map_err(StudyError::Engine)?;
    let certain = models.iter().all(|model| !model.is_random());
    let first = if certain { 1 } else { models[0].run.replications.max(1) };
    let pilots = round(&replicators, 0..first, interrupted, progress);
    let of =
        |(model, pilot): (&Model, &Vec<Uncut>)| cut.map_or_else(|| Cut::of(model, pilot), |cut| (cut.clone(), true));
    let (cuts, settled): (Vec<Cut>, Vec<bool>) = models.iter().zip(&pilots).map(of).unzip();
    let mut found = SideBySide {
        measured: vec![Vec::new(); models.len()],
        values: vec![Vec::new(); models.len()],
        estimates: Vec::new(),
        settled,
        cuts,
        reason: if certain { StopReason::Deterministic } else { StopReason::Replications },
    };
    let keep = |found: &mut SideBySide, uncut: Vec<Vec<Uncut>>| {
        for (side, uncut) in uncut.into_iter().enumerate() {
            let measured: Vec<Measured> = uncut.into_iter().map(|uncut| uncut.cut(&found.cuts[side])).collect();
            found.values[side].extend(measured.iter().map(|m| values(&models[side], m)));
            found.measured[side].extend(measured);
        }
        found.estimates = models.iter().zip(&found.measured).map(|(model, of)| summary::estimates(model, of)).collect();
    };
    keep(&mut found, pilots);
    while found.len() > 0 {
        let next = match need(&found)? {
            Need::Given => break,
            _ if certain => break,
            Need::Reached => {
                found.reason = StopReason::Precision;
                break;
            }
            Need::Pairs(n) => next(found.len(), n, models[0].run.max_replications),
        };
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
        let Some(range) = next else {
            found.reason = StopReason::Budget;
            break;
        };
        keep(&mut found, round(&replicators, range, interrupted, progress));
    }
    if interrupted.load(Ordering::Relaxed) {
        found.reason = StopReason::Interrupted;
    }
    Ok(found)
}

/// The next round: as many as are needed, at most twice as many as there are, within the budget.
fn next(done: usize, need: u64, most: u32) -> Option<std::ops::Range<u32>> {
    let done = u32::try_from(done).unwrap_or(u32::MAX);
    let need = u32::try_from(need).unwrap_or(u32::MAX);
    let until = need.clamp(done.saturating_add(1), done.saturating_mul(2).max(done.saturating_add(1))).min(most);
    (until > done).then_some(done..until)
}

/// Runs replications in parallel; the results of each side stand in the order of their numbers. A number of which one
/// side was interrupted is left out whole.
fn round(
    replicators: &[Replicator],
    range: std::ops::Range<u32>,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Vec<Vec<Uncut>> {
    let (done, planned) = (AtomicU32::new(range.start), range.end);
    let one = |i: u32| {
        let run = |replicator: &Replicator| {
            (!interrupted.load(Ordering::Relaxed)).then(|| replicator.run(u64::from(i), interrupted)).flatten()
        };
        let sides: Option<Vec<Uncut>> = replicators.par_iter().map(run).collect();
        progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, planned });
        sides
    };
    let finished: Vec<Vec<Uncut>> = range.into_par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect();
    let mut by_side: Vec<Vec<Uncut>> = replicators.iter().map(|_| Vec::with_capacity(finished.len())).collect();
    finished.into_iter().flat_map(|sides| sides.into_iter().enumerate()).for_each(|(i, uncut)| by_side[i].push(uncut));
    by_side
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
