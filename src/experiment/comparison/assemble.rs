//! Compares two models: every quantity that both have, what only one has, the checks of a gate.

use super::gate::{self, TargetLooks};
use super::headline::{self, estimate};
use super::pairs::{Need, Pairs, SideBySide};
use super::request::{Alternative, ComparisonError, ComparisonRequest};
use super::stats::{Paired, bonferroni};
use super::together::{Start, difference_label, difference_row, run, same_run, together};
use super::{Comparison, Difference, GateVerdict, Good, Only, Rule, good, tails};
use crate::experiment::note::Note;
use crate::experiment::study::{Options, Progress, Study};
use crate::model::Model;
use crate::row::{Basis, NoValue, Quantity, Row, RowNames};
use std::sync::atomic::AtomicBool;

/// Compares two models: same seed, same number and length of replications (those of the first), each
/// with its own warm-up.
///
/// # Errors
///
/// Where the replications fail, or a quantity that was asked for is not in both models.
pub fn compare(
    mut sides: [Alternative; 2],
    request: &ComparisonRequest,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, ComparisonError> {
    headline::in_both([&sides[0], &sides[1]], request)?;
    let start = Start::now();
    let mut notes = same_run(&mut sides);
    sides.iter_mut().for_each(|side| headline::demand(&mut side.model, request));
    let models = [&sides[0].model, &sides[1].model];
    let labels = [sides[0].label.as_str(), sides[1].label.as_str()];
    let looks = TargetLooks::default();
    let need = |found: &SideBySide| need(&found.pairs([0, 1]), models, labels, (request, &looks));
    let mut ran = run(&sides, &need, options, interrupted, progress)?;
    let mut found = found(&sides, &mut ran, (request, &looks))?;
    notes.append(&mut found.result.notes);
    found.result.notes = notes;
    start.tell(&mut found.result.provenance, options);
    Ok(found)
}

fn need(
    pairs: &Pairs,
    models: [&Model; 2],
    labels: [&str; 2],
    (request, looks): (&ComparisonRequest, &TargetLooks),
) -> Result<Need, ComparisonError> {
    let keys = headline::headline(pairs.rows(), labels, request)?;
    let level = headline_level(models[0], keys.len(), request);
    let Some(precision) = request.precision else { return Ok(Need::Given) };
    // What is refused for being too short says nothing of its precision.
    let keys: Vec<Quantity> = keys.into_iter().filter(|key| both_told(pairs.rows(), key)).collect();
    match headline::need(models, pairs, &keys, (level, precision), request) {
        Need::Reached if request.gate.is_some() => Ok(looks.need(models[1], pairs, &request.targets, level)),
        need => Ok(need),
    }
}

/// Whether both sides have a value of a quantity.
fn both_told(rows: [&[Row]; 2], key: &Quantity) -> bool {
    rows.iter().all(|rows| rows.iter().any(|row| row.value.is_some() && row.quantity() == *key))
}

/// The level of each headline interval; a gate also judges an interval for each target.
fn headline_level(model: &Model, headline: usize, request: &ComparisonRequest) -> f64 {
    let targets = if request.gate.is_some() { request.targets.len() } else { 0 };
    bonferroni(model.run.level, headline + targets)
}

fn found(
    sides: &[Alternative; 2],
    ran: &mut SideBySide,
    (request, looks): (&ComparisonRequest, &TargetLooks),
) -> Result<Study, ComparisonError> {
    let pairs = &ran.pairs([0, 1]);
    let models = [&sides[0].model, &sides[1].model];
    let labels = [sides[0].label.as_str(), sides[1].label.as_str()];
    let rows = pairs.rows();
    let keys = headline::headline(rows, labels, request)?;
    let level = headline_level(models[0], keys.len(), request);
    let checks = |gate| gate::checks(models, pairs, &keys, request, (gate, level, looks.level(level)));
    let checks = request.gate.map_or_else(Vec::new, checks);
    let comparison = Comparison {
        pairs: pairs.len() as u32,
        level: models[0].run.level,
        headline_level: level,
        precision: request.precision,
        differences: differences(models, pairs, rows, labels, &keys, [level, models[0].run.level]),
        only: only(rows, labels),
        judged: request.gate.is_some(),
        checks,
        percentiles: tails::percentiles(models, labels, pairs.measured),
        ..Comparison::default()
    };
    let label = difference_label(labels);
    let rows = comparison.differences.iter().map(|d| difference_row(d, &label)).collect();
    let passed = if comparison.judged { passed(&comparison) } else { None };
    let simultaneous = Note::Simultaneous {
        headline: keys.len(),
        targets: comparison.checks.iter().filter(|c| c.rule == Rule::Target).count(),
        level: comparison.level,
        each: level,
        looks: looks.count(),
    };
    let mut study = together(sides, ran, comparison, (rows, simultaneous))?;
    study.result.passed = passed;
    Ok(study)
}

// ----- differences --------------------------------------------------------------------------

/// The difference of every quantity that both have, headline quantities first.
fn differences(
    models: [&Model; 2],
    pairs: &Pairs,
    rows: [&[Row]; 2],
    labels: [&str; 2],
    headline: &[Quantity],
    [corrected, level]: [f64; 2],
) -> Vec<Difference> {
    let second = |row: &Row| rows[1].iter().find(|other| other.same_quantity(row));
    let both = rows[0].iter().filter_map(|row| Some((row, second(row)?, row.quantity())));
    let mut found: Vec<(usize, Difference)> = both
        .map(|(first, second, key)| {
            let place = headline.iter().position(|other| *other == key);
            let level = if place.is_some() { corrected } else { level };
            let values = first.value.and(second.value).and_then(|_| estimate(models, pairs, &key, level));
            let difference = difference([first, second], values, labels, level, place.is_some());
            (place.unwrap_or(usize::MAX), difference)
        })
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, difference)| difference).collect()
}

pub(super) fn difference(
    rows: [&Row; 2],
    found: Option<Paired>,
    labels: [&str; 2],
    level: f64,
    headline: bool,
) -> Difference {
    let row = rows[0];
    let value = found.map(|f| f.difference);
    let ends = found.and_then(|f| f.ends);
    let significant = ends.map(|(low, high)| low > 0.0 || high < 0.0);
    let worse_or_better = match (significant == Some(true), value.unwrap_or(0.0) < 0.0, good(&row.metric)) {
        (false, ..) | (true, _, Good::Neither) => None,
        (true, true, Good::Small) | (true, false, Good::Large) => Some(labels[1].to_string()),
        _ => Some(labels[0].to_string()),
    };
    Difference {
        scope: row.scope,
        name: row.name.clone(),
        class: row.class.clone(),
        metric: row.metric.clone(),
        statistic: row.statistic,
        unit: row.unit,
        first: found.map(|f| f.first),
        second: found.map(|f| f.second),
        value,
        low: ends.map(|ends| ends.0).filter(|end| end.is_finite()),
        high: ends.map(|ends| ends.1).filter(|end| end.is_finite()),
        level,
        change: found.and_then(|f| f.change),
        significant,
        better: worse_or_better,
        pairing: found.and_then(|f| f.pairing),
        pairs: found.map_or(0, |f| f.n as u32),
        headline,
        method: Basis::Paired {
            pairs: found.filter(|f| f.ends.is_some()).map_or(0, |f| f.n),
            widened: found.is_some_and(|f| f.is_widened()),
        },
        refusal: found.is_none().then(|| rows.iter().find_map(|row| row.refusal.clone()).unwrap_or(NoValue::NoPair)),
    }
}

/// What only one of the models has.
fn only(rows: [&[Row]; 2], labels: [&str; 2]) -> Vec<Only> {
    let names = RowNames::of(rows.into_iter().flatten());
    let missing = |side: usize| {
        let there = |row: &&Row| rows[1 - side].iter().any(|other| other.same_quantity(row));
        let only = rows[side].iter().filter(|row| !there(row)).map(|row| Only {
            side: labels[side].to_string(),
            quantity: names.quantity(row),
            value: row.value,
            unit: row.unit,
        });
        only.collect::<Vec<_>>()
    };
    [missing(0), missing(1)].concat()
}

/// True when every check holds, false when one fails; none where one is undecided.
fn passed(comparison: &Comparison) -> Option<bool> {
    let any = |verdict: GateVerdict| comparison.checks.iter().any(|check| check.verdict == verdict);
    if any(GateVerdict::Failed) { Some(false) } else { (!any(GateVerdict::Undecided)).then_some(true) }
}
