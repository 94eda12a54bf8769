//! The search of `drain`: disrupts a model, simulates it until it has recovered, and tries other sizes.

use super::rows::Recoveries;
use super::scenario::DrainScenario;
use super::subject::{Subject, subject};
use super::watch::Window;
use super::{DrainError, NoFluid, Recovery, Remedy, SimulatedCourse, course};
use crate::experiment::replicate::EngineChoice;
use crate::experiment::result::{Saved, StopReason};
use crate::experiment::study::{Options, Progress, Study, StudyError, watch};
use crate::model::study::DrainQuestion;
use crate::model::{Change, Model, says};
use crate::units::TextError;
use std::cell::Cell;
use std::sync::atomic::AtomicBool;

/// Replications where nobody says how many.
const REPLICATIONS: (u32, u32) = (10, 40);
/// Messages that all replications together should not exceed by themselves.
const MESSAGES: f64 = 2e7;
/// How often a horizon that was too short is extended.
const EXTENSIONS: u32 = 3;
/// Disruptions that a recovery is looked at for where no fluid tells how long it takes.
const UNTOLD: f64 = 10.0;
/// Times its drain time after which a fluid of which nothing was seen is not believed.
const TRUSTED: f64 = 5.0;
/// Sizes that are simulated to find the one that recovers in time.
const TRIALS: usize = 6;

/// Reads the model with changes over its text, and says what that text is.
pub(crate) type ReadWithText<'v> = dyn Fn(&[Change]) -> Result<(Model, String), TextError> + 'v;

/// What is asked of a model.
pub(crate) struct RecoveryQuestion<'q> {
    /// What happens, and how soon all should be as before.
    pub question: DrainQuestion,
    /// The model with changes; it is read first as it stands, without warm-up.
    pub variant: &'q ReadWithText<'q>,
    /// Threads; 0 for all.
    pub jobs: usize,
    /// The command as typed.
    pub command: String,
}

impl RecoveryQuestion<'_> {
    /// The answer of simulation, theory beside, and the model with its disruption. `progress` hears of replications, of
    /// all sizes together.
    ///
    /// # Errors
    ///
    /// Where the question does not fit the model, or the model cannot be read or run.
    pub(crate) fn answer(
        &self,
        interrupted: &AtomicBool,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(Saved, Model), DrainError> {
        RecoverySearch { question: self, interrupted, progress, done: Cell::new(0) }.answer()
    }
}

/// One simulated variant of the model.
struct Simulated {
    model: Model,
    text: String,
    subject: Subject,
    study: Study,
    seen: SimulatedCourse,
    end: f64,
}

struct RecoverySearch<'s> {
    question: &'s RecoveryQuestion<'s>,
    interrupted: &'s AtomicBool,
    progress: &'s (dyn Fn(Progress) + Sync),
    /// Replications so far.
    done: Cell<u32>,
}

impl RecoverySearch<'_> {
    fn answer(&self) -> Result<(Saved, Model), DrainError> {
        let first = self.simulate(&[])?;
        let scenario = &first.subject.scenario;
        let within = self.question.question.recover_within;
        let mut recovery = scenario.foreseen(first.subject.disruption.clone(), first.end, within);
        recovery.queue = Some(first.model.queues[first.subject.queue].name.clone());
        recovery.simulated = Some(first.seen.clone());
        course::enter(&mut recovery.remedies, scenario.present(), &first.seen, scenario.drain_time());
        contradict(scenario, &mut recovery);
        if first.study.result.provenance.stop_reason != StopReason::Interrupted {
            self.remedy(&first.subject, &mut recovery)?;
        }
        let mut result = first.study.result;
        if result.provenance.stop_reason == StopReason::Budget {
            // A precision of the file is that of steady means; here the number of replications was chosen.
            result.provenance.stop_reason = StopReason::Replications;
        }
        result.passed = passed(&first.seen, within);
        result.recovery = Some(recovery);
        Ok((Saved { result, curves: first.study.curves, model: first.text }, first.model))
    }

    /// The model with its disruption and those changes, simulated until it has recovered if it can.
    fn simulate(&self, more: &[Change]) -> Result<Simulated, DrainError> {
        let (plain, text) = self.read(&[more, &shown_whole()])?;
        let question = &self.question.question;
        let subject = subject(&plain, question)?;
        let mut end = question.horizon.unwrap_or_else(|| horizon(&subject.scenario));
        let mut extensions = 0;
        loop {
            let n = replications(&plain, &text, &subject.scenario, end);
            let (model, text) = self.read(&[more, &subject.changes, &run_changes(end, n)])?;
            let grid = course::grid(&subject.scenario, end);
            let study = self.run(&model, &subject, &grid)?;
            let seen = seen(&model, &study, &grid, question.recover_within)?;
            let drains = subject.scenario.drain_time().is_some();
            let hopeful =
                question.horizon.is_none() && (drains || subject.scenario.no_fluid.is_some() && seen.recovered > 0.0);
            let interrupted = study.result.provenance.stop_reason == StopReason::Interrupted;
            if seen.drain_time.is_some() || !hopeful || interrupted || extensions == EXTENSIONS {
                return Ok(Simulated { model, text, subject, study, seen, end });
            }
            end = subject.scenario.until + 3.0 * (end - subject.scenario.until);
            extensions += 1;
        }
    }

    fn read(&self, changes: &[&[Change]]) -> Result<(Model, String), DrainError> {
        Ok((self.question.variant)(&changes.concat())?)
    }

    fn run(&self, model: &Model, subject: &Subject, grid: &[f64]) -> Result<Study, StudyError> {
        let question = self.question;
        let (jobs, command) = (question.jobs, question.command.clone());
        let options = Options { jobs, command, engine: EngineChoice::General, ..Options::default() };
        let (from, until) = (subject.scenario.from, subject.scenario.until);
        let window = Window { from, until, queues: vec![subject.queue as u32], grid: grid.into() };
        let (before, progress) = (self.done.get(), self.progress);
        let show = |p: Progress| progress(Progress { done: before + p.done, planned: before + p.planned });
        let study = watch(model, Some(window), &options, self.interrupted, &show)?;
        self.done.set(before + study.result.provenance.replications);
        Ok(study)
    }

    /// Simulates sizes around the one that theory calls for, until the least that recovers in time is found;
    /// without a target a few sizes that show the trend.
    fn remedy(&self, subject: &Subject, recovery: &mut Recovery) -> Result<(), DrainError> {
        let (Some(consumer), Some(_)) = (&subject.consumer, subject.scenario.servers) else { return Ok(()) };
        let try_out = |servers: u32| -> Result<SimulatedCourse, DrainError> {
            let change = Change::at(&format!("consumers.{consumer:?}.servers"), i64::from(servers));
            Ok(self.simulate(&[change?])?.seen)
        };
        match recovery.target {
            Some(within) => least(within, &subject.scenario, recovery, &try_out),
            None => trend(&subject.scenario, recovery, &try_out),
        }
    }
}

/// Whether all recovered, and in time where a time is set.
fn passed(seen: &SimulatedCourse, target: Option<f64>) -> Option<bool> {
    match target {
        Some(within) => Some(course::in_time(seen, within)),
        None if seen.drain_time.is_none() => Some(false),
        None => None,
    }
}

type TryOut<'t> = dyn Fn(u32) -> Result<SimulatedCourse, DrainError> + 't;

fn least(
    within: f64,
    scenario: &DrainScenario,
    recovery: &mut Recovery,
    try_out: &TryOut<'_>,
) -> Result<(), DrainError> {
    recovery.remedies.iter_mut().for_each(|remedy| remedy.answer = false);
    // Where no fluid tells, from what is in time at the worst.
    let Some(mut servers) = recovery.servers_needed.or_else(|| scenario.at_worst()?.servers_for(within)) else {
        return Ok(());
    };
    let (mut fails, mut holds) = (0, None);
    for _ in 0..TRIALS {
        let seen = match recovery.simulated.as_ref().filter(|_| f64::from(servers) == recovery.present) {
            Some(seen) => seen.clone(),
            None => try_out(servers)?,
        };
        course::enter(&mut recovery.remedies, f64::from(servers), &seen, scenario.with_servers(servers).drain_time());
        if course::in_time(&seen, within) {
            holds = Some(servers);
            servers -= 1;
        } else {
            fails = servers;
            servers += 1;
        }
        if servers == 0 || holds == Some(servers) || fails == servers {
            break;
        }
    }
    let best = holds.map(f64::from);
    recovery.remedies.iter_mut().for_each(|remedy| remedy.answer = Some(remedy.amount) == best);
    Ok(())
}

fn trend(scenario: &DrainScenario, recovery: &mut Recovery, try_out: &TryOut<'_>) -> Result<(), DrainError> {
    let messages = scenario.arrivals.iter().map(|piece| piece.1).fold(0.0, f64::max) * recovery.end;
    if messages * f64::from(recovery.simulated.as_ref().map_or(0, |s| s.replications)) > MESSAGES / 4.0 {
        return Ok(());
    }
    let told = recovery.no_fluid.is_none();
    let steady = |remedy: &&Remedy| (remedy.fluid.is_some() || !told) && !remedy.present;
    let sizes: Vec<f64> = recovery.remedies.iter().filter(steady).map(|remedy| remedy.amount).collect();
    let (first, step) = if told { (1, 2) } else { (0, 1) };
    for amount in sizes.iter().skip(first).step_by(step).take(4) {
        let servers = *amount as u32;
        let seen = try_out(servers)?;
        course::enter(&mut recovery.remedies, *amount, &seen, scenario.with_servers(servers).drain_time());
    }
    // Of what no fluid vouches for only what was seen to help is offered.
    recovery.remedies.retain(|remedy| told || remedy.present || remedy.recovered.is_some_and(|share| share > 0.0));
    Ok(())
}

/// A fluid that is soon gone where no replication recovered, although there was time, tells nothing of other sizes.
fn contradict(scenario: &DrainScenario, recovery: &mut Recovery) {
    let Some((drain_time, seen)) = scenario.drain_time().zip(recovery.simulated.as_ref()) else { return };
    if seen.recovered > 0.0 || recovery.end - recovery.until < TRUSTED * drain_time {
        return;
    }
    recovery.no_fluid = Some(NoFluid::Contradicted { drain_time, replications: seen.replications });
    (recovery.fluid, recovery.boundary, recovery.capacity_needed, recovery.servers_needed) = (None, None, None, None);
    recovery.curve.clear();
    recovery.remedies.retain(|remedy| remedy.present);
    recovery.remedies.iter_mut().for_each(|remedy| remedy.fluid = None);
}

fn seen(model: &Model, study: &Study, grid: &[f64], within: Option<f64>) -> Result<SimulatedCourse, StudyError> {
    let all = Recoveries::of(&study.watched, 0, model.run.level).ok_or(StudyError::NothingFinished)?;
    Ok(course::simulated(&all, grid, within))
}

/// Where nobody says: half as long again as the fluid takes, and ten times the disruption where none tells.
fn horizon(scenario: &DrainScenario) -> f64 {
    let lasts = scenario.until - scenario.from;
    if scenario.no_fluid.is_some() {
        return scenario.until + UNTOLD * lasts.max(1.0 / scenario.capacity);
    }
    let drain = scenario.drain_time().map_or(3.0 * lasts, |time| 1.5 * time);
    scenario.until + drain + 0.25 * lasts
}

/// A transient is shown from its start.
fn shown_whole() -> Vec<Change> {
    run_change("warmup", "none".into()).into_iter().collect()
}

fn run_change(key: &str, value: toml_edit::Value) -> Option<Change> {
    Change::at(&format!("run.{key}"), value).ok()
}

fn run_changes(end: f64, replications: u32) -> Vec<Change> {
    let changes = [
        run_change("horizon", end.into()),
        run_change("warmup", "none".into()),
        run_change("replications", i64::from(replications).into()),
        run_change("max_replications", i64::from(replications).into()),
    ];
    changes.into_iter().flatten().collect()
}

/// What the file or an option says, where they say anything; else what the length of a replication
/// allows, and one of a model without randomness.
fn replications(model: &Model, text: &str, scenario: &DrainScenario, end: f64) -> u32 {
    if says(text, "run.replications") || model.run.replications == 1 {
        return model.run.replications;
    }
    let rate = scenario.arrivals.iter().map(|piece| piece.1).fold(0.0, f64::max);
    ((MESSAGES / (rate * end).max(1.0)) as u32).clamp(REPLICATIONS.0, REPLICATIONS.1)
}
