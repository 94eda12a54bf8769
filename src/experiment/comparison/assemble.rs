//! Runs a comparison and puts together its result: rows of both sides, their differences, the checks,
//! the answer.

use super::gate;
use super::headline::{self, estimate};
use super::pairs::{self, Need, Pairs};
use super::request::{Alternative, ComparisonError, ComparisonRequest};
use super::stats::{Paired, bonferroni};
use super::{Comparison, Difference, GateVerdict, Good, Only, Rule, Side, good, tails};
use crate::experiment::looks::Looks;
use crate::experiment::note::Note;
use crate::experiment::point::{Point, Remark, Setting, Status};
use crate::experiment::result::{Curves, EngineUsed, Ledger, Provenance, ResultSet, StopReason, TheoryCheck};
use crate::experiment::study::{self, Options, Progress, Study, StudyError, StudySample};
use crate::experiment::summary;
use crate::model::Model;
use crate::row::{Basis, NoValue, Quantity, Row, RowNames, Source};
use crate::stats::Accumulator;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

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
    let (wall, cpu) = (Instant::now(), study::cpu_seconds());
    let mut notes = same_run(&mut sides);
    sides.iter_mut().for_each(|side| headline::demand(&mut side.model, request));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build();
    let pool = pool.map_err(|e| ComparisonError::Study(StudyError::Threads(e.to_string())))?;
    let models = [&sides[0].model, &sides[1].model];
    let labels = [sides[0].label.as_str(), sides[1].label.as_str()];
    let need = |pairs: &Pairs| need(pairs, models, labels, request);
    let mut pairs = pool.install(|| pairs::run(models, &need, interrupted, progress))?;
    if pairs.len() == 0 {
        return Err(ComparisonError::Study(StudyError::NothingFinished));
    }
    let stuck = pairs.measured.iter().find_map(|measured| study::standstill(measured));
    stuck.map_or(Ok(()), |stuck| Err(ComparisonError::Study(stuck)))?;
    let mut found = found(&sides, &mut pairs, request)?;
    notes.append(&mut found.result.notes);
    found.result.notes = notes;
    let provenance = &mut found.result.provenance;
    provenance.command.clone_from(&options.command);
    provenance.wall_s = wall.elapsed().as_secs_f64();
    provenance.cpu_s = study::cpu_seconds().zip(cpu).map(|(end, start)| end - start);
    Ok(found)
}

/// Lets the second model run as the first does, but for its warm-up; says so where they differ.
fn same_run(sides: &mut [Alternative; 2]) -> Vec<String> {
    let [first, second] = sides;
    let own = second.model.run.clone();
    second.model.run = first.model.run.clone();
    second.model.run.warmup = own.warmup;
    let same = own == second.model.run;
    let note = Note::RunsAs { side: second.label.clone(), other: first.label.clone() };
    if same { Vec::new() } else { vec![note.to_string()] }
}

fn need(
    pairs: &Pairs,
    models: [&Model; 2],
    labels: [&str; 2],
    request: &ComparisonRequest,
) -> Result<Need, ComparisonError> {
    let rows = [0, 1].map(|side| summary::rows(models[side], &pairs.measured[side]));
    let keys = headline::headline([&rows[0], &rows[1]], labels, request)?;
    let level = headline_level(models[0], keys.len(), request);
    let Some(precision) = request.precision else { return Ok(Need::Given) };
    // What is refused for being too short says nothing of its precision.
    let keys: Vec<Quantity> = keys.into_iter().filter(|key| both_told([&rows[0], &rows[1]], key)).collect();
    Ok(headline::need(models, pairs, &keys, (level, precision), request))
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

fn found(sides: &[Alternative; 2], pairs: &mut Pairs, request: &ComparisonRequest) -> Result<Study, ComparisonError> {
    let models = [&sides[0].model, &sides[1].model];
    let labels = [sides[0].label.as_str(), sides[1].label.as_str()];
    let rows = [0, 1].map(|side| summary::rows(models[side], &pairs.measured[side]));
    let rows = [&rows[0][..], &rows[1][..]];
    let keys = headline::headline(rows, labels, request)?;
    let model = &sides[0].model;
    let level = headline_level(model, keys.len(), request);
    let checks = |gate| gate::checks(models, pairs, rows, &keys, request, (gate, level));
    let checks = request.gate.map_or_else(Vec::new, checks);
    let differences = differences(models, pairs, rows, labels, &keys, [level, model.run.level]);
    let percentiles = tails::percentiles(models, labels, [&pairs.measured[0], &pairs.measured[1]]);
    let [a, b] = [0, 1].map(|side| std::mem::take(&mut pairs.measured[side]));
    let of = |side: usize, measured| {
        let sample = StudySample {
            measured,
            settled: pairs.settled[side],
            reason: pairs.reason,
            needed: None,
            looks: Looks::once(),
        };
        study::summarise(&sides[side].model, &sample).map_err(ComparisonError::Study)
    };
    let studies = [of(0, a)?, of(1, b)?];
    let comparison = Comparison {
        sides: [0, 1].map(|i| side(&sides[i], &studies[i].result)).to_vec(),
        pairs: pairs.len() as u32,
        level: model.run.level,
        headline_level: level,
        precision: request.precision,
        differences,
        only: only(rows, labels),
        judged: request.gate.is_some(),
        checks,
        percentiles,
    };
    Ok(Study { result: result(sides, &studies, comparison), curves: curves(&studies, labels), watched: Vec::new() })
}

fn side(alternative: &Alternative, result: &ResultSet) -> Side {
    Side {
        label: alternative.label.clone(),
        name: alternative.model.name.clone(),
        file: alternative.file.clone(),
        hash: alternative.model.hash.clone(),
        settings: alternative.settings.clone(),
        warmup: result.provenance.warmup.clone(),
        ledger: result.ledger,
        text: alternative.text.clone(),
    }
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

fn difference(rows: [&Row; 2], found: Option<Paired>, labels: [&str; 2], level: f64, headline: bool) -> Difference {
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

// ----- the result ---------------------------------------------------------------------------

fn result(sides: &[Alternative; 2], studies: &[Study; 2], comparison: Comparison) -> ResultSet {
    let (mut rows, mut validation, mut ledger) = (Vec::new(), Vec::new(), Ledger::default());
    for (side, study) in sides.iter().zip(studies) {
        ledger.merge(&study.result.ledger);
        let offset = rows.len();
        let moved =
            |c: &TheoryCheck| TheoryCheck { simulated: c.simulated + offset, theory: c.theory + offset, ..c.clone() };
        validation.extend(study.result.validation.iter().map(moved));
        rows.extend(study.result.rows.iter().map(|row| Row { point: Some(side.label.clone()), ..row.clone() }));
    }
    rows.extend(comparison.differences.iter().map(|d| difference_row(d, &difference_label(&comparison))));
    ResultSet {
        rows,
        ledger,
        validation,
        notes: notes(sides, studies, &comparison),
        passed: if comparison.judged { passed(&comparison) } else { None },
        points: points(sides, &comparison),
        comparison: Some(comparison),
        ..ResultSet::new(provenance(sides, studies))
    }
}

/// True when every check holds, false when one fails; none where one is undecided.
fn passed(comparison: &Comparison) -> Option<bool> {
    let any = |verdict: GateVerdict| comparison.checks.iter().any(|check| check.verdict == verdict);
    if any(GateVerdict::Failed) { Some(false) } else { (!any(GateVerdict::Undecided)).then_some(true) }
}

/// The `point` of the rows that are differences.
fn difference_label(comparison: &Comparison) -> String {
    let [first, second] = comparison.labels();
    format!("{second}-{first}")
}

fn difference_row(d: &Difference, point: &str) -> Row {
    Row {
        point: Some(point.to_string()),
        scope: d.scope,
        name: d.name.clone(),
        class: d.class.clone(),
        metric: d.metric.clone(),
        statistic: d.statistic,
        value: d.value,
        low: d.low,
        high: d.high,
        level: d.low.map(|_| d.level),
        unit: d.unit,
        n: d.value.map(|_| u64::from(d.pairs)),
        source: Source::Simulation,
        method: d.method.clone(),
        refusal: d.refusal.clone(),
    }
}

fn points(sides: &[Alternative; 2], comparison: &Comparison) -> Vec<Point> {
    let point = |index: usize, id: String, settings: &[Setting], remark: Remark| Point {
        block: id.clone(),
        id,
        index: index as u32,
        settings: settings.to_vec(),
        status: Status::Ok,
        message: Some(remark.to_string()),
    };
    let mut points: Vec<Point> = sides
        .iter()
        .enumerate()
        .map(|(i, side)| {
            let remark = Remark::Side { model: side.model.name.clone(), file: side.file.clone() };
            point(i, side.label.clone(), &side.settings, remark)
        })
        .collect();
    points.push(point(2, difference_label(comparison), &[], Remark::Difference));
    points
}

fn provenance(sides: &[Alternative; 2], studies: &[Study; 2]) -> Provenance {
    let [a, b] = [&studies[0].result.provenance, &studies[1].result.provenance];
    let names = [sides[0].model.name.as_str(), sides[1].model.name.as_str()];
    let model = match names[0] == names[1] {
        true => format!("{}, {} against {}", names[0], sides[0].label, sides[1].label),
        false => format!("{} against {}", names[0], names[1]),
    };
    let longer = if b.warmup.mean_s > a.warmup.mean_s { b } else { a };
    Provenance {
        model,
        warmup: longer.warmup.clone(),
        engine: EngineUsed::General,
        messages: a.messages + b.messages,
        events: a.events + b.events,
        simulated_s: a.simulated_s + b.simulated_s,
        ..a.clone()
    }
}

fn notes(sides: &[Alternative; 2], studies: &[Study; 2], comparison: &Comparison) -> Vec<String> {
    let levels = match studies[0].result.provenance.stop_reason {
        StopReason::Deterministic => Note::NothingRandom,
        _ => Note::Simultaneous {
            headline: comparison.differences.iter().filter(|d| d.headline).count(),
            targets: comparison.checks.iter().filter(|c| c.rule == Rule::Target).count(),
            level: comparison.level,
            each: comparison.headline_level,
        },
    };
    let of = |side: &Alternative, note: &String| Note::OfSide { side: side.label.clone(), note: note.clone() };
    let sides = sides.iter().zip(studies).flat_map(|(side, study)| study.result.notes.iter().map(|n| of(side, n)));
    std::iter::once(levels).chain(sides).map(|note| note.to_string()).collect()
}

/// The curves of both, named by their side.
fn curves(studies: &[Study; 2], labels: [&str; 2]) -> Curves {
    let mut all = Curves::default();
    for (study, label) in studies.iter().zip(labels) {
        let named = |name: &str| format!("{label}: {name}");
        all.queue_length.extend(study.curves.queue_length.iter().cloned().map(|mut series| {
            series.queue = named(&series.queue);
            series
        }));
        all.tails.extend(study.curves.tails.iter().cloned().map(|mut tail| {
            tail.name = named(&tail.name);
            tail
        }));
    }
    all
}
