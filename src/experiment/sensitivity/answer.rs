//! Runs a model and the moves of its parameters with common random numbers, and puts what they say together.

use super::effect::{MovedPair, by_theory};
use super::moves::PlannedMove;
use super::question::{SensitivityError, SensitivityQuestion};
use super::{ParameterEffect, Sensitivity, Unmoved};
use crate::analytic;
use crate::experiment::comparison::ComparisonError;
use crate::experiment::comparison::pairs::{self, Need, SideBySide};
use crate::experiment::comparison::together::Start;
use crate::experiment::demanded;
use crate::experiment::length::{self, BUDGET};
use crate::experiment::looks::Looks;
use crate::experiment::measure::Cut;
use crate::experiment::note::Note;
use crate::experiment::point::{Point, Remark, Setting, Status};
use crate::experiment::replicate::EngineChoice;
use crate::experiment::result::{Curves, EngineUsed, Provenance, ResultSet, StopReason};
use crate::experiment::study::{self, Options, Progress, Study, StudyError, StudySample};
use crate::model::{self, Model, RunLength};
use crate::row::{Quantity, Row, Source};
use std::sync::atomic::{AtomicBool, Ordering};

/// The `point` of the rows of the model as it stands.
const BASE: &str = "base";

/// Share of a derivative that its step may add before a note says so.
const STEP_ERROR: f64 = 0.1;

/// Moves every parameter that is asked for, and says what that does to every quantity: the models at both ends of a move
/// run with the same random streams, and are cut off where the model as it stands is.
///
/// # Errors
///
/// What is asked for is not there, or the replications fail.
pub fn answer(
    question: &SensitivityQuestion<'_>,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, SensitivityError> {
    let start = Start::now();
    let read = model::parse(question.name, question.text, &|file| (question.files)(file));
    let (base, _) = read.map_err(SensitivityError::Misread)?;
    let (moves, unmoved) = question.plan()?;
    if moves.is_empty() {
        return Err(SensitivityError::Nothing(unmoved.iter().map(|u| format!("{}: {}", u.path, u.why)).collect()));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build();
    let pool = pool.map_err(|e| StudyError::Threads(e.to_string()))?;
    let mut study = pool.install(|| Moving { question, interrupted, progress }.run(&base, moves, unmoved))?;
    start.tell(&mut study.result.provenance, options);
    Ok(study)
}

/// What is done with every move.
struct Moving<'q> {
    question: &'q SensitivityQuestion<'q>,
    interrupted: &'q AtomicBool,
    progress: &'q (dyn Fn(Progress) + Sync),
}

/// Everything that moves have said so far.
#[derive(Default)]
struct MovesFound {
    effects: Vec<ParameterEffect>,
    rows: Vec<Row>,
    points: Vec<Point>,
    messages: u64,
    events: u64,
    simulated_s: f64,
}

impl Moving<'_> {
    fn run(&self, base: &Model, moves: Vec<PlannedMove>, unmoved: Vec<Unmoved>) -> Result<Study, SensitivityError> {
        let base = self.ready(base, None);
        let (base, _) = length::planned(&base, EngineChoice::General, BUDGET, self.interrupted);
        let whole = moves.len() as u32 + 1;
        let ran = self.side_by_side(&[&base], None, (0, whole))?;
        let cut = ran.cuts[0].clone();
        let mut found = MovesFound::default();
        found.point(BASE.to_string(), Vec::new(), Remark::AsItStands);
        for (i, mut plan) in (1..).zip(moves) {
            plan.models = plan.models.map(|model| self.ready(&model, Some(base.run.length)));
            plan.wider = plan.wider.map(|models| models.map(|model| self.ready(&model, Some(base.run.length))));
            let models: Vec<&Model> = plan.models.iter().chain(plan.wider.iter().flatten()).collect();
            let ran = self.side_by_side(&models, Some(&cut), (i, whole))?;
            if self.interrupted.load(Ordering::Relaxed) {
                break;
            }
            found.add(&plan, &ran, &self.question.of, base.run.level);
        }
        self.together(&base, ran, found, unmoved)
    }

    /// The model, with what is asked about among what it measures.
    fn ready(&self, model: &Model, length: Option<RunLength>) -> Model {
        let mut ready = length.map_or_else(|| model.clone(), |length| length::with_length(model, length));
        demanded::demand(&mut ready.run, self.question.of.iter().cloned());
        ready.run.side_by_side = true;
        ready
    }

    fn side_by_side(
        &self,
        models: &[&Model],
        cut: Option<&Cut>,
        (done, whole): (u32, u32),
    ) -> Result<SideBySide, SensitivityError> {
        let progress = |p: Progress| {
            let (planned, before) = (whole * p.planned, done * p.planned);
            (self.progress)(Progress { done: before + p.done, planned });
        };
        let ran = pairs::run(models, cut, &|_| Ok(Need::Given), self.interrupted, &progress);
        let ran = ran.map_err(|why| match why {
            ComparisonError::Study(why) => why,
            other => StudyError::Threads(other.to_string()),
        })?;
        if ran.len() == 0 && done == 0 {
            return Err(StudyError::NothingFinished.into());
        }
        match ran.measured.iter().find_map(|measured| study::standstill(measured)) {
            Some(stuck) => Err(stuck.into()),
            None => Ok(ran),
        }
    }

    fn together(
        &self,
        base: &Model,
        mut ran: SideBySide,
        mut found: MovesFound,
        unmoved: Vec<Unmoved>,
    ) -> Result<Study, SensitivityError> {
        let reason = if self.interrupted.load(Ordering::Relaxed) { StopReason::Interrupted } else { ran.reason };
        let (measured, settled) = (std::mem::take(&mut ran.measured[0]), ran.settled[0]);
        let sample = StudySample { measured, settled, reason, needed: None, looks: Looks::once() };
        let study = study::summarise(base, &sample)?;
        let of = &self.question.of;
        let place = |effect: &ParameterEffect| of.iter().position(|quantity| *quantity == effect.quantity);
        found.effects.sort_by(|a, b| place(a).cmp(&place(b)).then(b.size().total_cmp(&a.size())));
        let mut rows: Vec<Row> = study.result.rows;
        rows.iter_mut().for_each(|row| row.point = Some(BASE.to_string()));
        rows.extend(found.rows);
        let sensitivity = Sensitivity {
            step: self.question.step,
            level: base.run.level,
            quantities: of.clone(),
            effects: with_theory_beside(found.effects),
            unmoved,
        };
        let mut notes = notes(&sensitivity);
        notes.extend(study.result.notes);
        let first = study.result.provenance;
        let provenance = Provenance {
            engine: EngineUsed::General,
            messages: first.messages + found.messages,
            events: first.events + found.events,
            simulated_s: first.simulated_s + found.simulated_s,
            ..first
        };
        let result = ResultSet {
            rows,
            ledger: study.result.ledger,
            validation: study.result.validation,
            notes,
            points: found.points,
            sensitivity: Some(sensitivity),
            ..ResultSet::new(provenance)
        };
        Ok(Study { result, curves: Curves::default(), watched: Vec::new() })
    }
}

impl MovesFound {
    fn point(&mut self, id: String, settings: Vec<Setting>, remark: Remark) {
        let index = self.points.len() as u32;
        let message = Some(remark.to_string());
        self.points.push(Point { block: id.clone(), id, index, settings, status: Status::Ok, message });
    }

    /// Keeps what a move says of every quantity.
    fn add(&mut self, plan: &PlannedMove, ran: &SideBySide, of: &[Quantity], level: f64) {
        let theory = plan.models.each_ref().map(|model| analytic::theory(model).rows().cloned().collect::<Vec<Row>>());
        let pair = MovedPair { plan, ran, level };
        for (side, value) in [&plan.moved.low, &plan.moved.high].into_iter().enumerate() {
            let setting = Setting { path: plan.path.clone(), value: as_json(value) };
            let id = format!("{}={value}", plan.path);
            if !self.points.iter().any(|point| point.id == id) {
                let known = |of: &Quantity| {
                    let theory = theory[side].iter().find(|row| of.is_of(row));
                    pair.row(side, of).into_iter().chain(theory).cloned().collect::<Vec<Row>>()
                };
                let rows = of.iter().flat_map(known).map(|row| Row { point: Some(id.clone()), ..row });
                self.rows.extend(rows);
                self.point(id, vec![setting], Remark::Moved);
            }
        }
        let id = format!("{}: {} to {}", plan.path, plan.moved.low, plan.moved.high);
        for quantity in of {
            let simulated = pair.effect(quantity);
            let theory = by_theory(plan, &theory, quantity, level);
            let like = pair.row(0, quantity).cloned();
            let effects = || std::iter::once(&simulated).chain(&theory);
            self.rows.extend(like.iter().flat_map(|like| effects().map(|effect| row(effect, like, &id))));
            self.effects.extend(effects().cloned().collect::<Vec<_>>());
        }
        self.point(id, Vec::new(), Remark::Difference);
        for measured in ran.measured.iter().flatten() {
            self.messages += measured.finished.publications;
            self.events += measured.finished.events;
            self.simulated_s += measured.finished.end;
        }
    }
}

/// The difference that a move makes as a row.
fn row(effect: &ParameterEffect, like: &Row, point: &str) -> Row {
    let (low, high) = effect.difference.map_or((None, None), |found| (found.low, found.high));
    Row {
        point: Some(point.to_string()),
        value: effect.difference.map(|found| found.value),
        low,
        high,
        level: low.or(high).map(|_| effect.level),
        n: like.n.filter(|_| effect.source == Source::Simulation),
        source: effect.source,
        method: effect.method.clone(),
        refusal: effect.refusal.clone(),
        ..like.clone()
    }
}

/// What theory says of a move stands behind what simulation says of it.
fn with_theory_beside(effects: Vec<ParameterEffect>) -> Vec<ParameterEffect> {
    let (simulated, theory): (Vec<_>, Vec<_>) = effects.into_iter().partition(|e| e.source == Source::Simulation);
    let same =
        |a: &ParameterEffect, b: &ParameterEffect| a.quantity == b.quantity && a.path == b.path && a.moved == b.moved;
    let beside = |effect: ParameterEffect| {
        let theory: Vec<ParameterEffect> = theory.iter().filter(|other| same(other, &effect)).cloned().collect();
        std::iter::once(effect).chain(theory)
    };
    simulated.into_iter().flat_map(beside).collect()
}

/// What the reader should know: of which intervals the level speaks, where the step is too long, what was not moved.
fn notes(found: &Sensitivity) -> Vec<String> {
    let simulated = || found.effects.iter().filter(|effect| effect.source == Source::Simulation);
    let coarse = simulated().filter(|effect| effect.step_adds_more_than(STEP_ERROR)).map(|effect| Note::StepTooLong {
        path: effect.path.clone(),
        quantity: effect.quantity.to_string(),
        share: effect.step_share().unwrap_or(0.0),
    });
    let refused = simulated().filter_map(|effect| {
        let moved = format!("{} to {}", effect.moved.low, effect.moved.high);
        let why = effect.refusal.as_ref()?.to_string();
        Some(Note::NoEffect { path: effect.path.clone(), moved, quantity: effect.quantity.to_string(), why })
    });
    let unmoved = found.unmoved.iter().map(|u| Note::NotMoved {
        path: u.path.clone(),
        value: u.value.clone(),
        why: u.why.clone(),
    });
    let each = Note::EachByItself { intervals: simulated().count(), level: found.level };
    std::iter::once(each).chain(coarse).chain(refused).chain(unmoved).map(|note| note.to_string()).collect()
}

/// The value as it stands in a model: a number, or a text with its unit.
fn as_json(value: &str) -> serde_json::Value {
    let number = value.parse::<i64>().map(Into::into).ok();
    number.or_else(|| value.parse::<f64>().ok().map(Into::into)).unwrap_or_else(|| value.into())
}
