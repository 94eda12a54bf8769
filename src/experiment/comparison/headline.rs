//! Which quantities a comparison is about: those asked for, or times that users feel.

use super::influence::{Influences, apart, influences};
use super::pairs::Pairs;
use super::stats::{Paired, paired, paired_blocks, pairs_for};
use super::{Alternative, ComparisonError, ComparisonRequest, pairs::Need};
use crate::experiment::demanded::{self, measured};
use crate::experiment::verdict::simulated;
use crate::model::Model;
use crate::row::{Metric, Quantity, Relevance, Row, Scope, Source, Statistic};
use crate::stats::{Interval, LogHistogram};

/// Quantile whose rows are watched where nothing else is asked for.
pub(super) const TAIL: f64 = 0.99;

/// Refuses what is asked for and no run of both models can have.
///
/// # Errors
///
/// A quantity that is not in both.
pub(super) fn in_both(sides: [&Alternative; 2], request: &ComparisonRequest) -> Result<(), ComparisonError> {
    let labels = sides.map(|side| side.label.as_str());
    request.metrics.iter().try_for_each(|quantity| match sides.map(|side| measured(&side.model, quantity).is_ok()) {
        [true, true] => Ok(()),
        there => Err(missing(quantity, there, labels)),
    })
}

/// Refuses what is asked for and no run of every model can have.
///
/// # Errors
///
/// A quantity that is not in all of them.
pub(super) fn in_every(sides: &[Alternative], request: &ComparisonRequest) -> Result<(), ComparisonError> {
    let lacks = |quantity: &Quantity| {
        let side = sides.iter().find(|side| measured(&side.model, quantity).is_err())?;
        Some(ComparisonError::Lacking(Box::new(quantity.clone()), side.label.clone()))
    };
    request.metrics.iter().find_map(lacks).map_or(Ok(()), Err)
}

/// The headline quantities of two results, in the order in which they are told.
///
/// # Errors
///
/// A quantity that was asked for and is not in both.
pub(super) fn headline(
    rows: [&[Row]; 2],
    labels: [&str; 2],
    request: &ComparisonRequest,
) -> Result<Vec<Quantity>, ComparisonError> {
    let mut keys: Vec<Quantity> = Vec::new();
    let wanted = wanted(request);
    for quantity in &wanted {
        match (simulated(rows[0], quantity), simulated(rows[1], quantity)) {
            (Some(row), Some(_)) => keys.push(row.quantity()),
            // A target speaks of one model; the other need not have it.
            _ if !request.metrics.contains(quantity) => {}
            found => return Err(missing(quantity, [found.0.is_some(), found.1.is_some()], labels)),
        }
    }
    if request.metrics.is_empty() {
        keys.extend(usual(rows, request.gate.is_some()));
    }
    let mut once: Vec<Quantity> = Vec::new();
    keys.into_iter().for_each(|key| {
        if !once.contains(&key) {
            once.push(key);
        }
    });
    Ok(once)
}

/// The quantities of the targets and those asked for; of the probability of a level the quantile that says the
/// same.
fn wanted(request: &ComparisonRequest) -> Vec<Quantity> {
    request.targets.iter().map(|t| t.without_level().quantity).chain(request.metrics.iter().cloned()).collect()
}

fn missing(quantity: &Quantity, there: [bool; 2], labels: [&str; 2]) -> ComparisonError {
    match there.iter().position(|there| *there) {
        Some(side) => ComparisonError::OneSided(Box::new(quantity.clone()), labels[side].to_string()),
        None => ComparisonError::Nowhere(Box::new(quantity.clone())),
    }
}

/// Wait and sojourn of every queue that both have: mean and p99, or for a gate p99; and the sojourn in
/// the whole system where the queues do not tell it.
fn usual(rows: [&[Row]; 2], gate: bool) -> Vec<Quantity> {
    let times = |row: &&Row| {
        let felt = row.relevance() == Relevance::Felt && row.metric.is_time();
        felt && (!gate || row.statistic == Statistic::Quantile(TAIL)) && row.source == Source::Simulation
    };
    let both = |row: &&Row| rows[1].iter().any(|other| other.same_quantity(row));
    let common: Vec<&Row> = rows[0].iter().filter(times).filter(both).collect();
    let queues: Vec<&&Row> = common.iter().filter(|row| row.scope == Scope::Queue && row.class.is_none()).collect();
    let system = common.iter().filter(|row| row.scope == Scope::System);
    let alone = rows.iter().all(|rows| queue_count(rows) == 1) && !queues.is_empty();
    let says_more = |row: &&&Row| row.class.is_some() || !alone;
    system.filter(says_more).chain(queues).map(|row| row.quantity()).collect()
}

fn queue_count(rows: &[Row]) -> usize {
    let waits = |row: &&Row| row.scope == Scope::Queue && row.class.is_none() && row.metric == Metric::Wait;
    rows.iter().filter(waits).filter(|row| row.statistic == Statistic::Mean).count()
}

/// The paired estimate of a quantity at a level: that of a quantile is pooled over all replications, as in a run, and carries the error of the histogram,
/// unless both models measured the same times.
pub(crate) fn estimate(models: [&Model; 2], pairs: &Pairs, key: &Quantity, level: f64) -> Option<Paired> {
    let is_quantile = matches!(key.statistic, Statistic::Quantile(_));
    let same = !is_quantile || same_times(pairs, key);
    let found = match influences(models, pairs, key, level) {
        Some(found) if same => paired_blocks(&Influences { error: 0.0, ..found }, level)?,
        Some(found) => paired_blocks(&found, level)?,
        None => {
            let found = paired(&pairs.of(key), level, if same { 0.0 } else { LogHistogram::RELATIVE_ERROR })?;
            as_far_as_seen(pairs, key, [models[0].run.level, level], found)
        }
    };
    let exact = Some((found.difference, found.difference));
    Some(if pairs.certain() { Paired { half: Some(0.0), ends: exact, ..found } } else { found })
}

/// Where one side has seen nothing of what may happen, its replications do not scatter, and pairs tell nothing: the intervals
/// of the two rows are joined as those of independent runs.
///
/// Of nothing seen the end of an interval is in proportion to ln((1 - level)/2), which grows faster than a quantile of Student.
fn as_far_as_seen(pairs: &Pairs, key: &Quantity, [told, level]: [f64; 2], found: Paired) -> Paired {
    let row = |rows: &[Row]| rows.iter().find(|row| row.quantity() == *key).and_then(ends);
    let [Some(first), Some(second)] = pairs.rows().map(row) else { return found };
    let unseen = |of: &Interval| [0.0, 1.0].contains(&of.value) && of.low != of.high;
    if !unseen(&first) && !unseen(&second) {
        return found;
    }
    let stricter = ((1.0 - level) / 2.0).ln() / ((1.0 - told) / 2.0).ln();
    let apart = apart(&first, &second);
    let (low, high) = (found.difference - stricter * apart.0, found.difference + stricter * apart.1);
    Paired { half: Some((high - low) / 2.0), ends: Some((low, high)), change: None, pairing: None, ..found }
}

fn ends(row: &Row) -> Option<Interval> {
    row.value.map(|value| Interval { value, low: row.low, high: row.high })
}

/// Whether mean and variance agree to the last bit in every pair: then so do the histograms.
fn same_times(pairs: &Pairs, key: &Quantity) -> bool {
    [Statistic::Mean, Statistic::Variance].iter().all(|statistic| {
        let times = pairs.of(&key.with(*statistic));
        !times.is_empty() && times.iter().all(|(a, b)| a == b)
    })
}

/// Which half-width is enough: that share of the larger of the two values.
pub(super) fn allowed(found: &Paired, precision: f64) -> f64 {
    precision * found.first.abs().max(found.second.abs())
}

/// Whether the headline differences are as precise as wanted, else how many pairs the worst needs:
/// those that were asked for, or of the usual ones the means, as in a run; a gate needs all of them.
/// The scatter counts; the error of the histogram does not shrink.
pub(super) fn need(
    models: [&Model; 2],
    pairs: &Pairs,
    keys: &[Quantity],
    (level, precision): (f64, f64),
    request: &ComparisonRequest,
) -> Need {
    let all = request.gate.is_some() || !request.metrics.is_empty();
    let mut most = None;
    let watched = keys.iter().filter(|key| all || key.statistic == Statistic::Mean);
    for found in watched.filter_map(|key| estimate(models, pairs, key, level)) {
        let wanted = allowed(&found, precision);
        let short = match found.half {
            Some(half) if half <= wanted => continue,
            Some(half) => pairs_for(found.n, half, wanted).unwrap_or(u64::MAX),
            None => u64::MAX,
        };
        most = most.max(Some(short));
    }
    most.map_or(Need::Reached, Need::Pairs)
}

/// Makes what is asked for part of what a model measures.
pub(super) fn demand(model: &mut Model, request: &ComparisonRequest) {
    demanded::demand(&mut model.run, wanted(request));
    if !model.run.quantiles.contains(&TAIL) {
        model.run.quantiles.push(TAIL);
        model.run.quantiles.sort_by(f64::total_cmp);
    }
}
