//! A study: replications of a model, in parallel, until their number or precision suffices.
//!
//! Replications are run in rounds whose sizes depend on results only, never on the number of
//! threads, and are summed in the order of their numbers: one thread and many give the same
//! bytes.

use super::curves;
use super::demanded;
use super::drain::watch::{Watched, Window};
use super::measure::{Cut, Measured, Uncut};
use super::outcomes;
use super::replicate::{EngineChoice, Replicator};
use super::result::{Curves, Provenance, ResultSet, StopReason, WarmupReport};
use super::summary;
use super::validation;
use super::verdict;
use crate::analytic;
use crate::model::{Misnamed, Model, Warmup};
use crate::sim::RecursionRefusal;
use crate::stats::interval::replications_for;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How to run a study, beside what the model says.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Threads; 0 for all.
    pub jobs: usize,
    /// The command as typed, for the provenance.
    pub command: String,
    /// Which engine is wanted.
    pub engine: EngineChoice,
}

/// How far a study is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Replications finished.
    pub done: u32,
    /// Replications foreseen so far.
    pub planned: u32,
}

/// The outcome of a study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Rows and reports.
    pub result: ResultSet,
    /// Curves for the charts.
    pub curves: Curves,
    /// What each replication showed of disruptions, by watched queue.
    pub watched: Vec<Vec<Watched>>,
}

/// Why a study has no outcome.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StudyError {
    /// Interrupted before a single replication was finished.
    #[error("interrupted before the first replication was finished")]
    NothingFinished,
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
    /// The engine that was asked for cannot run the model: why.
    #[error("the recursion engine cannot run this model: {0}; `--engine general` can")]
    Engine(RecursionRefusal),
    /// Messages went round without any time passing.
    #[error(
        "at {} messages go round without end while no time passes: whatever leads back to a queue takes no time \
         (services, back-offs, times to live and latencies of 0 s); give one of them a time, or the attempts a limit",
        crate::units::short_duration(*.at)
    )]
    Standstill {
        /// Since when, seconds.
        at: f64,
    },
    /// A target or an expectation speaks of what no run of the model has.
    #[error(transparent)]
    NotMeasured(Misnamed),
    /// A message was lost or invented: a defect of lindley, to be reported.
    #[error("internal error: the message ledger does not balance; please report it")]
    Unbalanced,
}

/// Runs a model. `interrupted` may be set at any time; what is finished then is kept.
pub fn run(
    model: &Model,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, StudyError> {
    watch(model, Window::of(model), options, interrupted, progress)
}

/// As [`run`], on the threads of the caller: for many models one after the other or at once.
pub fn run_here(
    model: &Model,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, StudyError> {
    run_watching(model, Window::of(model), options, interrupted, progress)
}

/// Runs a model on threads of its own, and watches how queues recover from what happens in a window.
pub fn watch(
    model: &Model,
    window: Option<Window>,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, StudyError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build();
    let pool = pool.map_err(|e| StudyError::Threads(e.to_string()))?;
    pool.install(|| run_watching(model, window, options, interrupted, progress))
}

/// As [`run_here`], and watches how queues recover from what happens in a window.
pub fn run_watching(
    model: &Model,
    window: Option<Window>,
    options: &Options,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Study, StudyError> {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    demanded::wrong(model).next().map_or(Ok(()), |(.., why)| Err(StudyError::NotMeasured(why)))?;
    let model = &*demanded::demanding(model);
    let replicator = Replicator::watching(model, options.engine, window).map_err(StudyError::Engine)?;
    let sample = replicate(model, &replicator, interrupted, progress);
    if sample.measured.is_empty() {
        return Err(StudyError::NothingFinished);
    }
    standstill(&sample.measured).map_or(Ok(()), Err)?;
    let mut study = summarise(model, &sample)?;
    let provenance = &mut study.result.provenance;
    provenance.engine = replicator.engine();
    provenance.command.clone_from(&options.command);
    provenance.wall_s = wall.elapsed().as_secs_f64();
    provenance.cpu_s = cpu_seconds().zip(cpu).map(|(end, start)| end - start);
    Ok(study)
}

/// What a study measured.
pub(super) struct StudySample {
    pub measured: Vec<Measured>,
    pub settled: bool,
    pub reason: StopReason,
}

/// Runs rounds of replications until one of the reasons to stop holds. The first round also
/// says, for all, where the start stops mattering.
fn replicate(
    model: &Model,
    replicator: &Replicator,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> StudySample {
    let deterministic = !model.is_random();
    let first = if deterministic { 1 } else { model.run.replications.max(1) };
    let pilot = round(replicator, 0, first, interrupted, progress, |uncut| uncut);
    let (cut, settled) = cut(model, &pilot);
    let mut measured: Vec<Measured> = pilot.into_iter().map(|uncut| uncut.cut(&cut)).collect();
    let reason = loop {
        if interrupted.load(Ordering::Relaxed) {
            break StopReason::Interrupted;
        }
        if deterministic {
            break StopReason::Deterministic;
        }
        let Some(precision) = model.run.precision else { break StopReason::Replications };
        match next_round(model, &measured, precision) {
            NextRound::Stop(reason) => break reason,
            NextRound::Until(n) => {
                let from = measured.len() as u32;
                measured.extend(round(replicator, from, n, interrupted, progress, |uncut| uncut.cut(&cut)));
            }
        }
    };
    StudySample { measured, settled, reason }
}

/// The error of replications in which no time passes, if there is one.
pub(super) fn standstill(measured: &[Measured]) -> Option<StudyError> {
    let stuck = measured.iter().find(|m| m.finished.standstill);
    stuck.map(|m| StudyError::Standstill { at: m.finished.end })
}

pub(super) fn cut(model: &Model, pilot: &[Uncut]) -> (Cut, bool) {
    match model.run.warmup {
        Warmup::Auto => Cut::mser(pilot),
        Warmup::Time(time) => (Cut::Time(time), true),
        Warmup::None => (Cut::Time(0.0), true),
    }
}

/// Runs replications `from..to` in parallel; the results stand in the order of their numbers.
fn round<T: Send>(
    replicator: &Replicator,
    from: u32,
    to: u32,
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
    finish: impl Fn(Uncut) -> T + Sync,
) -> Vec<T> {
    let done = std::sync::atomic::AtomicU32::new(from);
    let one = |i: u32| {
        let uncut = (!interrupted.load(Ordering::Relaxed)).then(|| replicator.run(u64::from(i), interrupted));
        progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, planned: to });
        uncut.flatten().map(&finish)
    };
    (from..to).into_par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect()
}

/// What to do after a round.
enum NextRound {
    Stop(StopReason),
    Until(u32),
}

/// Sequential stop: enough when every watched mean is within the relative precision; else as
/// many replications as the worst of them needs, at most twice as many as there are (the
/// estimate of the need is itself uncertain), within the budget.
fn next_round(model: &Model, measured: &[Measured], precision: f64) -> NextRound {
    let done = measured.len() as u32;
    let estimates = summary::watched_means(model, measured);
    let met = |e: &crate::stats::Estimate| e.relative_half_width().is_some_and(|r| r <= precision);
    if done > 1 && estimates.iter().all(met) {
        return NextRound::Stop(StopReason::Precision);
    }
    if done >= model.run.max_replications {
        return NextRound::Stop(StopReason::Budget);
    }
    let need = estimates.iter().filter(|e| !met(e)).map(|e| replications_for(e, precision).unwrap_or(u64::MAX)).max();
    let need = u32::try_from(need.unwrap_or(u64::MAX)).unwrap_or(u32::MAX);
    NextRound::Until(need.clamp(done + 1, done.saturating_mul(2).max(done + 1)).min(model.run.max_replications))
}

pub(super) fn summarise(model: &Model, sample: &StudySample) -> Result<Study, StudyError> {
    let measured = &sample.measured;
    let theory = analytic::theory(model);
    let ledger = outcomes::ledger(measured);
    if !ledger.balances() {
        return Err(StudyError::Unbalanced);
    }
    let watched: Vec<Vec<Watched>> = measured.iter().map(|m| m.watched.clone()).collect();
    let mut rows = summary::rows(model, measured);
    let mut notes = outcomes::notes(model, measured, sample.settled, &rows);
    notes.extend(validation::notes(model, &theory));
    let simulated = rows.len();
    rows.extend(theory.rows().cloned());
    let validation = validation::checks(&rows, simulated);
    let mut result = ResultSet {
        rows,
        ledger,
        lifecycle: outcomes::lifecycle(model, measured),
        validation,
        notes: notes.iter().map(ToString::to_string).collect(),
        targets: model.targets.clone(),
        ..ResultSet::new(provenance(model, sample))
    };
    let verdicts = verdict::targets(&result.targets, &result);
    result.passed = (!verdicts.is_empty()).then(|| verdicts.iter().all(|verdict| verdict.passed));
    Ok(Study { result, curves: curves::curves(model, measured, &theory), watched })
}

fn provenance(model: &Model, sample: &StudySample) -> Provenance {
    let measured = &sample.measured;
    Provenance {
        replications: measured.len() as u32,
        warmup: WarmupReport::of(model, measured.iter().map(|m| m.cut), sample.settled),
        stop_reason: sample.reason,
        messages: measured.iter().map(|m| m.finished.publications).sum(),
        events: measured.iter().map(|m| m.finished.events).sum(),
        simulated_s: measured.iter().map(|m| m.finished.end).sum(),
        ..Provenance::of(model)
    }
}

/// Processor time of this process, seconds; `None` where the platform does not tell.
pub(super) fn cpu_seconds() -> Option<f64> {
    #[cfg(unix)]
    {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Some(now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9)
    }
    #[cfg(not(unix))]
    None
}
