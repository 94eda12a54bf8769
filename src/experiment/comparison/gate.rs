//! The checks of a gate: no watched quantity worsens beyond its interval, and the new model meets its
//! targets. Judges only.

use super::headline::{allowed, estimate};
use super::pairs::{Need, Pairs};
use super::request::Gate;
use super::stats::{Paired, pairs_for};
use super::{ComparisonRequest, GateCheck, GateVerdict, Good, Rule, good};
use crate::experiment::evidence::Evidence;
use crate::experiment::judgement::Standing;
use crate::experiment::length::BUDGET;
use crate::experiment::looks::{each_look, steps};
use crate::experiment::measure::most_replications;
use crate::experiment::verdict::simulated;
use crate::model::Model;
use crate::row::{Demand, Quantity, Row};
use std::sync::OnceLock;

/// When the targets of a gate are looked at: first when the differences are as precise as wanted, then a few times in steps of
/// equal ratio up to the most pairs, until none is undecided. Each look errs with an equal part of the error.
#[derive(Debug, Default)]
pub(super) struct TargetLooks {
    at: OnceLock<Vec<u32>>,
}

impl TargetLooks {
    /// Confidence of each look.
    pub(super) fn level(&self, level: f64) -> f64 {
        each_look(level, self.count())
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.at.get().map_or(1, Vec::len)
    }

    /// Whether pairs whose differences are precise enough leave a target open, and how many to go on to.
    pub(super) fn need(&self, model: &Model, pairs: &Pairs, targets: &[Demand], level: f64) -> Need {
        let done = pairs.len() as u32;
        let at = self.at.get_or_init(|| steps(done, most(model, pairs)));
        let next = at.iter().copied().find(|n| *n > done);
        // Between two looks nothing is judged.
        let open = !at.contains(&done) || is_open(model, pairs, targets, self.level(level));
        next.filter(|_| open).map_or(Need::Reached, |n| Need::Pairs(u64::from(n)))
    }
}

/// Pairs that may be run, that a budget of events lasts for, and whose two sides fit into memory.
fn most(model: &Model, pairs: &Pairs) -> u32 {
    let spent: u64 = pairs.measured.iter().flat_map(|side| side.iter()).map(|m| m.finished.events).sum();
    let affordable = pairs.len() as f64 * BUDGET as f64 / spent.max(1) as f64;
    model.run.max_replications.min(affordable as u32).min(most_replications(model) / 2)
}

/// Whether a target is undecided while none is missed.
fn is_open(model: &Model, pairs: &Pairs, targets: &[Demand], level: f64) -> bool {
    let evidence = Evidence::new(model, pairs.measured[1], level);
    Standing::worst(targets.iter().map(|target| evidence.of_target(&target.without_level()).standing))
        == Standing::Undecided
}

/// Every check, the watched quantities first; targets by intervals of a level of their own.
pub(super) fn checks(
    models: [&Model; 2],
    pairs: &Pairs,
    keys: &[Quantity],
    request: &ComparisonRequest,
    (gate, level, of_targets): (Gate, f64, f64),
) -> Vec<GateCheck> {
    let rows = pairs.rows();
    let watched = keys.iter().map(|key| {
        let row = rows[1].iter().find(|row| row.quantity() == *key).expect("a headline quantity is in both");
        let told = rows.iter().all(|rows| rows.iter().any(|row| row.value.is_some() && row.quantity() == *key));
        no_worse(row, told.then(|| estimate(models, pairs, key, level)).flatten(), gate, level)
    });
    let evidence = Evidence::new(models[1], pairs.measured[1], of_targets);
    let targets = request.targets.iter().map(|target| meets(target, rows, &evidence, pairs.len()));
    watched.chain(targets).collect()
}

fn no_worse(row: &Row, found: Option<Paired>, gate: Gate, level: f64) -> GateCheck {
    let larger_is_worse = good(&row.metric) != Good::Large;
    let quantity = Quantity { scope: None, ..row.quantity() };
    let blank = GateCheck { unit: row.unit, larger_is_worse, ..GateCheck::unjudged(quantity, Rule::NoWorse, level) };
    let Some(found) = found else { return GateCheck { missing: Some(row.how().to_string()), ..blank } };
    let limit = gate.worse_by * found.first.abs();
    let worse = if larger_is_worse { found.difference } else { -found.difference };
    let ends = found.ends.map(|(low, high)| if larger_is_worse { (low, high) } else { (-high, -low) });
    let verdict = judge_worse(&found, ends, limit, gate.precision);
    GateCheck {
        verdict,
        base: Some(found.first),
        new: Some(found.second),
        low: found.ends.map(|ends| ends.0).filter(|end| end.is_finite()),
        high: found.ends.map(|ends| ends.1).filter(|end| end.is_finite()),
        change: found.change,
        limit,
        needed_pairs: (verdict == GateVerdict::Undecided)
            .then(|| needed(&found, worse - limit, gate.precision))
            .flatten(),
        ..blank
    }
}

/// Failed when even the good end of the interval is worse than allowed; passed when the bad end is
/// not, or when the difference is known as well as wanted and does not show that it is worse.
fn judge_worse(found: &Paired, worse: Option<(f64, f64)>, limit: f64, precision: f64) -> GateVerdict {
    match (found.half, worse) {
        (_, Some((low, _))) if low > limit => GateVerdict::Failed,
        (_, Some((_, high))) if high <= limit => GateVerdict::Passed,
        (Some(half), _) if half <= allowed(found, precision) => GateVerdict::Passed,
        _ => GateVerdict::Undecided,
    }
}

/// Pairs that would be enough: for the precision, or to part from the limit, whichever is fewer.
fn needed(found: &Paired, beyond: f64, precision: f64) -> Option<u64> {
    let half = found.half?;
    let by_precision = pairs_for(found.n, half, allowed(found, precision));
    let by_distance = pairs_for(found.n, half, beyond.abs());
    by_precision.into_iter().chain(by_distance).min()
}

// ----- targets ------------------------------------------------------------------------------

/// Whether the new model meets a target: by the estimate of its runs, as `run` judges it.
fn meets(demand: &Demand, rows: [&[Row]; 2], evidence: &Evidence, pairs: usize) -> GateCheck {
    // The probability of a level is judged by the quantile that says the same.
    let target = demand.without_level();
    let quantity = &target.quantity;
    let (row, judged) = (evidence.row(quantity), evidence.of_target(&target));
    GateCheck {
        written: Some(demand.clone()),
        verdict: match judged.standing {
            Standing::Met => GateVerdict::Passed,
            Standing::Undecided => GateVerdict::Undecided,
            Standing::Missed => GateVerdict::Failed,
        },
        unit: quantity.unit(),
        larger_is_worse: target.is_upper(),
        limit: target.bound,
        base: simulated(rows[0], quantity).and_then(|row| row.value),
        new: row.value,
        low: judged.low,
        high: judged.high,
        missing: row.value.is_none().then(|| row.how().to_string()),
        needed_pairs: judged.longer.map(|times| (times * pairs as f64).ceil() as u64),
        ..GateCheck::unjudged(quantity.clone(), Rule::Target, judged.level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(difference: f64, half: f64) -> Paired {
        Paired {
            first: 100.0,
            second: 100.0 + difference,
            difference,
            half: Some(half),
            ends: Some((difference - half, difference + half)),
            change: None,
            pairing: None,
            n: 10,
        }
    }

    #[test]
    fn beyond_the_interval_fails_within_precision_passes_else_undecided() {
        let judged = |difference, half, limit| {
            let found = found(difference, half);
            judge_worse(&found, found.ends, limit, 0.05)
        };
        assert_eq!(judged(3.0, 2.0, 0.0), GateVerdict::Failed);
        assert_eq!(judged(3.0, 2.0, 2.0), GateVerdict::Passed, "worse than the margin is not shown");
        assert_eq!(judged(-3.0, 2.0, 0.0), GateVerdict::Passed);
        assert_eq!(judged(3.0, 4.0, 0.0), GateVerdict::Passed, "known to 4 %, 5 % wanted");
        assert_eq!(judged(3.0, 8.0, 0.0), GateVerdict::Undecided);
        assert_eq!(judged(0.0, 0.0, 0.0), GateVerdict::Passed);
    }

    #[test]
    fn what_is_needed_is_the_smaller_of_two_needs() {
        // 10 pairs give a half-width of 8; 5 % of 103 is 5.15, the distance is 3.
        assert_eq!(needed(&found(3.0, 8.0), 3.0, 0.05), Some(25));
        assert_eq!(needed(&found(7.0, 8.0), 7.0, 0.05), Some(14));
    }
}
