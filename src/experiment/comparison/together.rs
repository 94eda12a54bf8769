//! Models made ready to run side by side, run, and put together in one result: rows of each, rows of their
//! differences, points, ledger, provenance, notes.

use super::pairs::{self, Need, SideBySide};
use super::request::{Alternative, ComparisonError};
use super::{Comparison, Difference, Side};
use crate::experiment::looks::Looks;
use crate::experiment::note::Note;
use crate::experiment::point::{Point, Remark, Setting, Status};
use crate::experiment::result::{Curves, EngineUsed, Ledger, Provenance, ResultSet, StopReason, TheoryCheck};
use crate::experiment::study::{self, Options, Progress, Study, StudyError, StudySample};
use crate::model::Model;
use crate::row::{Row, Source};
use crate::stats::Accumulator;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// When the work began.
pub(crate) struct Start {
    wall: Instant,
    cpu: Option<f64>,
}

impl Start {
    /// Begins to measure.
    pub(crate) fn now() -> Start {
        Start { wall: Instant::now(), cpu: study::cpu_seconds() }
    }

    /// Says how long it took, and what was typed.
    pub(crate) fn tell(&self, provenance: &mut Provenance, options: &Options) {
        provenance.command.clone_from(&options.command);
        provenance.wall_s = self.wall.elapsed().as_secs_f64();
        provenance.cpu_s = study::cpu_seconds().zip(self.cpu).map(|(end, start)| end - start);
    }
}

/// Lets the models run side by side, and the others as the first does but for their warm-up; says so where they differ.
pub(super) fn same_run(sides: &mut [Alternative]) -> Vec<String> {
    sides.iter_mut().for_each(|side| side.model.run.side_by_side = true);
    let Some((first, others)) = sides.split_first_mut() else { return Vec::new() };
    let follow = |side: &mut Alternative| {
        let own = side.model.run.clone();
        side.model.run = first.model.run.clone();
        side.model.run.warmup = own.warmup;
        let note = Note::RunsAs { side: side.label.clone(), other: first.label.clone() };
        (own != side.model.run).then(|| note.to_string())
    };
    others.iter_mut().filter_map(follow).collect()
}

/// Runs the models until there is enough of them.
///
/// # Errors
///
/// Where the replications fail, none is finished, or a model stands still.
pub(super) fn run(
    sides: &[Alternative],
    need: &(dyn Fn(&SideBySide) -> Result<Need, ComparisonError> + Sync),
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<SideBySide, ComparisonError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build();
    let pool = pool.map_err(|e| ComparisonError::Study(StudyError::Threads(e.to_string())))?;
    let models: Vec<&Model> = sides.iter().map(|side| &side.model).collect();
    let ran = pool.install(|| pairs::run(&models, None, need, interrupted, progress))?;
    if ran.len() == 0 {
        return Err(ComparisonError::Study(StudyError::NothingFinished));
    }
    let stuck = ran.measured.iter().find_map(|measured| study::standstill(measured));
    stuck.map_or(Ok(ran), |stuck| Err(ComparisonError::Study(stuck)))
}

/// Everything that was measured as one result, with the rows of the differences and what their levels mean; takes what was
/// measured away.
pub(super) fn together(
    sides: &[Alternative],
    ran: &mut SideBySide,
    comparison: Comparison,
    (differences, levels): (Vec<Row>, Note),
) -> Result<Study, ComparisonError> {
    let measured = std::mem::take(&mut ran.measured);
    let one = |((side, measured), settled): ((&Alternative, _), &bool)| {
        let settled = *settled;
        let sample = StudySample { measured, settled, reason: ran.reason, needed: None, looks: Looks::once() };
        study::summarise(&side.model, &sample).map_err(ComparisonError::Study)
    };
    let studies: Vec<Study> = sides.iter().zip(measured).zip(&ran.settled).map(one).collect::<Result<_, _>>()?;
    let (mut rows, mut validation, mut ledger) = (Vec::new(), Vec::new(), Ledger::default());
    for (side, study) in sides.iter().zip(&studies) {
        ledger.merge(&study.result.ledger);
        let offset = rows.len();
        let moved =
            |c: &TheoryCheck| TheoryCheck { simulated: c.simulated + offset, theory: c.theory + offset, ..c.clone() };
        validation.extend(study.result.validation.iter().map(moved));
        rows.extend(study.result.rows.iter().map(|row| Row { point: Some(side.label.clone()), ..row.clone() }));
    }
    rows.extend(differences);
    let comparison =
        Comparison { sides: sides.iter().zip(&studies).map(|(a, s)| side(a, &s.result)).collect(), ..comparison };
    let result = ResultSet {
        rows,
        ledger,
        validation,
        notes: notes(sides, &studies, levels),
        points: points(sides),
        comparison: Some(comparison),
        ..ResultSet::new(provenance(sides, &studies))
    };
    Ok(Study { result, curves: curves(sides, &studies), watched: Vec::new() })
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

/// The `point` of the rows that are differences, second minus first.
pub(super) fn difference_label([first, second]: [&str; 2]) -> String {
    format!("{second}-{first}")
}

/// A difference as a row.
pub(super) fn difference_row(d: &Difference, point: &str) -> Row {
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

/// A point for each side and one for the difference of every two.
fn points(sides: &[Alternative]) -> Vec<Point> {
    let mut told: Vec<(String, &[Setting], Remark)> = Vec::new();
    for side in sides {
        let remark = Remark::Side { model: side.model.name.clone(), file: side.file.clone() };
        told.push((side.label.clone(), &side.settings, remark));
    }
    let labels: Vec<&str> = sides.iter().map(|side| side.label.as_str()).collect();
    told.extend(couples(sides.len()).map(|of| (difference_label(of.map(|i| labels[i])), &[][..], Remark::Difference)));
    let point = |(index, (id, settings, remark)): (usize, (String, &[Setting], Remark))| Point {
        block: id.clone(),
        id,
        index: index as u32,
        settings: settings.to_vec(),
        status: Status::Ok,
        message: Some(remark.to_string()),
    };
    told.into_iter().enumerate().map(point).collect()
}

/// Every two of `n` sides, the earlier one first.
pub(super) fn couples(n: usize) -> impl Iterator<Item = [usize; 2]> {
    (0..n).flat_map(move |i| (i + 1..n).map(move |j| [i, j]))
}

fn provenance(sides: &[Alternative], studies: &[Study]) -> Provenance {
    let each = || studies.iter().map(|study| &study.result.provenance);
    let names: Vec<&str> = sides.iter().map(|side| side.model.name.as_str()).collect();
    let labels: Vec<&str> = sides.iter().map(|side| side.label.as_str()).collect();
    let model = match names.iter().all(|name| *name == names[0]) {
        true => format!("{}, {}", names[0], labels.join(" against ")),
        false => names.join(" against "),
    };
    let first = &studies[0].result.provenance;
    let longest = each().fold(first, |a, b| if b.warmup.mean_s > a.warmup.mean_s { b } else { a });
    Provenance {
        model,
        warmup: longest.warmup.clone(),
        engine: EngineUsed::General,
        messages: each().map(|p| p.messages).sum(),
        events: each().map(|p| p.events).sum(),
        simulated_s: each().map(|p| p.simulated_s).sum(),
        ..first.clone()
    }
}

fn notes(sides: &[Alternative], studies: &[Study], levels: Note) -> Vec<String> {
    let levels = match studies[0].result.provenance.stop_reason {
        StopReason::Deterministic => Note::NothingRandom,
        _ => levels,
    };
    let of = |side: &Alternative, note: &String| Note::OfSide { side: side.label.clone(), note: note.clone() };
    let sides = sides.iter().zip(studies).flat_map(|(side, study)| study.result.notes.iter().map(|n| of(side, n)));
    std::iter::once(levels).chain(sides).map(|note| note.to_string()).collect()
}

/// The curves of all, named by their side.
fn curves(sides: &[Alternative], studies: &[Study]) -> Curves {
    let mut all = Curves::default();
    for (study, side) in studies.iter().zip(sides) {
        let named = |name: &str| format!("{}: {name}", side.label);
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
