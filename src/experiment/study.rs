//! A study: replications of a model, in parallel, until their number or precision suffices.
//!
//! Replications are run in rounds whose sizes depend on results only, never on the number of
//! threads, and are summed in the order of their numbers: one thread and many give the same
//! bytes.

use super::curves;
use super::demanded;
use super::drain::watch::{Watched, Window};
use super::judgement::Standing;
use super::length::{self, BUDGET, PlannedLength};
use super::looks::{Looks, Pursuit};
use super::measure::{Cut, Measured, Uncut};
use super::note::Note;
use super::outcomes;
use super::replicate::{EngineChoice, Replicator};
use super::result::{Curves, Provenance, ResultSet, StopReason, WarmupReport};
use super::summary;
use super::summary::Watchlist;
use super::validation;
use super::verdict;
use crate::analytic;
use crate::model::{Misnamed, Model, Precision};
use crate::row::Row;
use crate::sim::RecursionRefusal;
use crate::stats::Estimate;
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
    /// Events that a run of no given length may spend; [`BUDGET`] where none is said.
    pub budget: Option<u64>,
    /// What a run of no given length goes on for beyond its precision.
    pub pursuit: Pursuit,
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
    let budget = options.budget.unwrap_or(BUDGET);
    let (model, planned) = length::planned(model, options.engine, budget, interrupted);
    let model = &*model;
    let replicator = Replicator::watching(model, options.engine, window).map_err(StudyError::Engine)?;
    let mut sample = replicate(model, &replicator, (planned.as_ref(), options.pursuit), interrupted, progress);
    sample.settle(model, planned);
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

/// The simulated rows of a model alone, and the messages behind them: no theory beside, no curves.
pub(super) fn rows_here(model: &Model, interrupted: &AtomicBool) -> Result<(Vec<Row>, u64), StudyError> {
    let (model, planned) = length::planned(model, EngineChoice::Auto, BUDGET, interrupted);
    let model = &*model;
    let replicator = Replicator::new(model, EngineChoice::Auto).map_err(StudyError::Engine)?;
    let plan = (planned.as_ref(), Pursuit::Precision);
    let sample = replicate(model, &replicator, plan, interrupted, &|_| {});
    if sample.measured.is_empty() || sample.reason == StopReason::Interrupted {
        return Err(StudyError::NothingFinished);
    }
    let messages = sample.measured.iter().map(|m| m.finished.publications).sum();
    Ok((summary::rows(model, &sample.measured), messages))
}

/// What a study measured.
pub(super) struct StudySample {
    pub measured: Vec<Measured>,
    pub settled: bool,
    pub reason: StopReason,
    /// Messages that the precision takes, where the run was planned and its budget ended before.
    pub needed: Option<u64>,
    /// How it stands with targets and expectations.
    pub looks: Looks,
}

impl StudySample {
    /// Says why a run of planned length without a wished precision ended.
    fn settle(&mut self, model: &Model, planned: Option<PlannedLength>) {
        let Some(planned) = planned.filter(|_| model.run.precision.is_none()) else { return };
        match self.reason {
            StopReason::Precision if self.looks.went_on() => self.reason = StopReason::Targets,
            StopReason::Precision => self.reason = StopReason::Length,
            StopReason::Budget if planned.needed == 0 => self.reason = StopReason::Replications,
            StopReason::Budget => {
                self.reason = StopReason::Events;
                self.needed = Some(planned.needed);
            }
            _ => {}
        }
    }
}

/// Runs rounds of replications until one of the reasons to stop holds. The first round also
/// says, for all, where the start stops mattering.
fn replicate(
    model: &Model,
    replicator: &Replicator,
    (planned, pursuit): (Option<&PlannedLength>, Pursuit),
    interrupted: &AtomicBool,
    progress: &(dyn Fn(Progress) + Sync),
) -> StudySample {
    let deterministic = !model.is_random();
    let first = if deterministic { 1 } else { model.run.replications.max(1) };
    let pilot = round(replicator, 0, first, interrupted, progress, |uncut| uncut);
    let (cut, settled) = Cut::of(model, &pilot);
    let mut measured: Vec<Measured> = pilot.into_iter().map(|uncut| uncut.cut(&cut)).collect();
    let mut looks = Looks::once();
    let reason = loop {
        if interrupted.load(Ordering::Relaxed) {
            break StopReason::Interrupted;
        }
        if deterministic {
            break StopReason::Deterministic;
        }
        let open = |planned: &PlannedLength| looks.next(pursuit, model, &measured, most(model, planned));
        let until = match next_round(model, &measured, planned) {
            NextRound::Stop(StopReason::Precision) => planned.and_then(open).ok_or(StopReason::Precision),
            NextRound::Stop(reason) => Err(reason),
            NextRound::Until(n) => Ok(n),
        };
        match until {
            Err(reason) => break reason,
            Ok(n) => {
                let from = measured.len() as u32;
                measured.extend(round(replicator, from, n, interrupted, progress, |uncut| uncut.cut(&cut)));
            }
        }
    };
    looks.look(model, &measured);
    StudySample { measured, settled, reason, needed: None, looks }
}

/// Most replications of a run of planned length.
fn most(model: &Model, planned: &PlannedLength) -> u32 {
    if model.run.precision.is_some() { model.run.max_replications } else { planned.most }
}

/// The error of replications in which no time passes, if there is one.
pub(super) fn standstill(measured: &[Measured]) -> Option<StudyError> {
    let stuck = measured.iter().find(|m| m.finished.standstill);
    stuck.map(|m| StudyError::Standstill { at: m.finished.end })
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

/// Sequential stop: enough when every watched number is within the relative precision; else as many replications as the
/// worst of them needs, at most twice as many as there are (the estimate of the need is itself uncertain), within the
/// budget. A run of planned length without a wished precision watches what its length was planned for.
fn next_round(model: &Model, measured: &[Measured], planned: Option<&PlannedLength>) -> NextRound {
    let done = measured.len() as u32;
    let (most, watched) = match (&model.run.precision, planned) {
        (Some(Precision::Means(precision)), _) => (model.run.max_replications, Watchlist::Means(*precision)),
        (Some(Precision::Each(each)), _) => (model.run.max_replications, Watchlist::Each(each)),
        (None, Some(planned)) => (planned.most, Watchlist::Planned(length::PRECISION)),
        (None, None) => return NextRound::Stop(StopReason::Replications),
    };
    let Some(estimates) = summary::watched(model, measured, watched) else {
        return NextRound::Stop(StopReason::Budget);
    };
    let met = |(e, precision): &(Estimate, f64)| e.relative_half_width().is_some_and(|r| r <= *precision);
    if done > 1 && estimates.iter().all(met) {
        return NextRound::Stop(StopReason::Precision);
    }
    if done >= most {
        return NextRound::Stop(StopReason::Budget);
    }
    let missing = |(e, precision): &(Estimate, f64)| replications_for(e, *precision).unwrap_or(u64::MAX);
    let need = estimates.iter().filter(|e| !met(e)).map(missing).max();
    let need = u32::try_from(need.unwrap_or(u64::MAX)).unwrap_or(u32::MAX);
    NextRound::Until(need.clamp(done + 1, done.saturating_mul(2).max(done + 1)).min(most))
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
    let lifecycle = outcomes::lifecycle(model, measured, &rows);
    let mut notes = outcomes::notes(model, measured, sample.settled, &rows);
    notes.extend(sample.needed.map(Note::NeedsMore));
    notes.extend(validation::notes(model, &theory));
    let simulated = rows.len();
    rows.extend(theory.rows().chain(theory.approximations()).cloned());
    let validation = validation::checks(&rows, simulated);
    let mut result = ResultSet {
        rows,
        ledger,
        lifecycle,
        validation,
        notes: notes.iter().map(ToString::to_string).collect(),
        targets: model.targets.clone(),
        judgements: sample.looks.targets.clone(),
        expected: sample.looks.expectations.clone(),
        ..ResultSet::new(provenance(model, sample))
    };
    let verdicts = verdict::targets(&result.targets, &result);
    result.passed = match Standing::worst(verdicts.iter().map(|verdict| verdict.standing)) {
        _ if verdicts.is_empty() => None,
        Standing::Undecided => None,
        worst => Some(worst == Standing::Met),
    };
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
