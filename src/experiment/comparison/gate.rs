//! The checks of a gate: no watched quantity worsens beyond its interval, and the new model meets its
//! targets. Judges only.

use super::headline::{allowed, estimate};
use super::pairs::Pairs;
use super::request::Gate;
use super::stats::{Paired, pairs_for};
use super::{ComparisonRequest, GateCheck, GateVerdict, Good, Rule, good};
use crate::experiment::verdict::simulated;
use crate::row::{Demand, Quantity, Row, Statistic};
use crate::stats::{LogHistogram, student};

/// Every check, the watched quantities first.
pub(super) fn checks(
    pairs: &Pairs,
    rows: [&[Row]; 2],
    keys: &[Quantity],
    request: &ComparisonRequest,
    gate: Gate,
    level: f64,
) -> Vec<GateCheck> {
    let watched = keys.iter().map(|key| {
        let row = rows[1].iter().find(|row| row.quantity() == *key).expect("a headline quantity is in both");
        no_worse(row, estimate(pairs, key, level), gate, level)
    });
    let targets = request.targets.iter().map(|target| meets(target, pairs, rows[1], level));
    watched.chain(targets).collect()
}

fn no_worse(row: &Row, found: Option<Paired>, gate: Gate, level: f64) -> GateCheck {
    let larger_is_worse = good(&row.metric) != Good::Large;
    let quantity = Quantity { scope: None, ..row.quantity() };
    let blank = GateCheck { unit: row.unit, larger_is_worse, ..GateCheck::unjudged(quantity, Rule::NoWorse, level) };
    let Some(found) = found else { return GateCheck { missing: Some(row.how().to_string()), ..blank } };
    let limit = gate.worse_by * found.first.abs();
    let worse = if larger_is_worse { found.difference } else { -found.difference };
    let verdict = judge_worse(&found, worse, limit, gate.precision);
    GateCheck {
        verdict,
        base: Some(found.first),
        new: Some(found.second),
        low: found.widened.map(|half| found.difference - half),
        high: found.widened.map(|half| found.difference + half),
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
fn judge_worse(found: &Paired, worse: f64, limit: f64, precision: f64) -> GateVerdict {
    match (found.half, found.widened) {
        (_, Some(half)) if worse - half > limit => GateVerdict::Failed,
        (_, Some(half)) if worse + half <= limit => GateVerdict::Passed,
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

fn meets(demand: &Demand, pairs: &Pairs, rows: &[Row], level: f64) -> GateCheck {
    // The probability of a level is judged by the quantile that says the same.
    let target = demand.without_level();
    let quantity = &target.quantity;
    let blank = GateCheck {
        written: Some(demand.clone()),
        verdict: GateVerdict::Failed,
        unit: quantity.unit(),
        larger_is_worse: target.is_upper(),
        limit: target.bound,
        ..GateCheck::unjudged(quantity.clone(), Rule::Target, level)
    };
    let Some(row) = simulated(rows, quantity) else { return blank };
    let key = row.quantity();
    let values = |side: usize| pairs.values[side].iter().filter_map(|v| v.get(&key).copied()).collect::<Vec<f64>>();
    let Some(new) = row.value.and_then(|_| student(&values(1), level)) else {
        return GateCheck { verdict: GateVerdict::Undecided, missing: Some(row.how().to_string()), ..blank };
    };
    let half = if pairs.certain() { Some(0.0) } else { new.half_width };
    let base = student(&values(0), level).map(|e| e.mean);
    let check = GateCheck { base, new: Some(new.mean), ..blank };
    judge_target(check, &target, new.mean, half, new.n)
}

/// Decided by the whole interval: both of its ends are on the same side of the bound.
fn judge_target(check: GateCheck, target: &Demand, value: f64, scatter: Option<f64>, n: u64) -> GateCheck {
    let is_quantile = matches!(target.quantity.statistic, Statistic::Quantile(_));
    let error = if is_quantile { LogHistogram::RELATIVE_ERROR * value } else { 0.0 };
    let half = scatter.map(|half| half + error);
    let verdict = match half.map(|half| [value - half, value + half].map(|end| target.holds(end))) {
        Some([true, true]) => GateVerdict::Passed,
        Some([false, false]) => GateVerdict::Failed,
        _ => GateVerdict::Undecided,
    };
    let room = (value - target.bound).abs() - error;
    let needed_pairs =
        scatter.filter(|_| verdict == GateVerdict::Undecided && room > 0.0).and_then(|half| pairs_for(n, half, room));
    let (low, high) = (half.map(|h| value - h), half.map(|h| value + h));
    GateCheck { verdict, low, high, needed_pairs, ..check }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Inequality;

    fn found(difference: f64, half: f64) -> Paired {
        Paired {
            first: 100.0,
            second: 100.0 + difference,
            difference,
            half: Some(half),
            widened: Some(half),
            change: None,
            pairing: None,
            n: 10,
        }
    }

    #[test]
    fn beyond_the_interval_fails_within_precision_passes_else_undecided() {
        let judged = |difference, half, limit| judge_worse(&found(difference, half), difference, limit, 0.05);
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

    #[test]
    fn a_target_is_decided_by_the_whole_interval() {
        let quantity: Quantity = "orders.wait.mean".parse().expect("it is a quantity");
        let check = |limit, value, half| {
            let target = Demand { quantity: quantity.clone(), inequality: Inequality::AtMost, bound: limit };
            judge_target(GateCheck::unjudged(quantity.clone(), Rule::Target, 0.95), &target, value, half, 10)
        };
        assert_eq!(check(10.0, 9.0, Some(0.5)).verdict, GateVerdict::Passed);
        assert_eq!(check(10.0, 11.0, Some(0.5)).verdict, GateVerdict::Failed);
        let unsure = check(10.0, 9.0, Some(2.0));
        assert_eq!((unsure.verdict, unsure.needed_pairs), (GateVerdict::Undecided, Some(40)));
        assert_eq!(check(10.0, 9.0, None).verdict, GateVerdict::Undecided);
        assert_eq!(check(10.0, 10.0, Some(0.0)).verdict, GateVerdict::Passed, "the bound itself is allowed");
    }
}
