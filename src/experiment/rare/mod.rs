//! Events too rare to wait for: the probability that a queue grows beyond a limit, or loses a message, by multilevel
//! splitting.

mod case;
mod error;
mod ladder;

pub use error::RareError;

use case::{EVENTS, RareCase, happened};

use super::demanded;
use super::length::BUDGET;
use super::result::{EngineUsed, Provenance, ResultSet, StopReason, WarmupReport};
use super::study::{Options, cpu_seconds};
use super::validation;
use crate::analytic;
use crate::model::{Model, Precision};
use crate::rng::Streams;
use crate::row::{Basis, Metric, NoValue, Quantity, Row, Scope, Source, Statistic};
use crate::sim::Network;
use crate::sim::splitting::{self, PathLength, RareEvent, RareSums, SplitPath, SplittingLadder};
use crate::stats::{BlockSums, Blocks, Interval};
use crate::units::Unit;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Relative half-width at which a run ends where none is wished.
pub const RARE_PRECISION: f64 = 0.1;

/// Events that are spent at most: about twenty seconds on one core.
const RARE_BUDGET: u64 = 2 * BUDGET;

/// Paths of a round.
const PATHS: u64 = 8;

/// Times as many that a path of the same time may take at most: else its branches have no end.
const MOST_EVENTS: u64 = 8;

/// Share of a path that is cut off at its start: one in so many blocks.
const CUT: usize = 16;

/// Times as many paths as there are that a round may bring them to: the estimate of the need is itself uncertain.
const GROWTH: f64 = 2.0;

/// Estimates rare quantities of a model, each by a run of its own: `orders.prob(in_system > 100)`,
/// `orders.prob(queue_length > 100)`, `orders.prob_loss`, `system.prob(in_system > 100)`; with each the probability that a busy
/// cycle, from an arrival at the empty system until it is empty again, sees it.
///
/// # Errors
///
/// A model that is not the same at any time, a quantity that is not of these, an event that no path comes near.
pub fn run(
    model: &Model,
    quantities: &[Quantity],
    options: &Options,
    interrupted: &AtomicBool,
) -> Result<ResultSet, RareError> {
    if !model.is_stationary() || !model.is_random() {
        return Err(RareError::NotStationary);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs).build();
    let pool = pool.map_err(|e| RareError::Threads(e.to_string()))?;
    let (wall, cpu, network) = (Instant::now(), cpu_seconds(), Network::compile(model));
    let one = |quantity| {
        let event = case::event(model, quantity)?;
        let case = RareCase { model, network: &network, quantity, event, interrupted };
        pool.install(|| case.estimate(options.budget.unwrap_or(RARE_BUDGET)))
    };
    let estimates = quantities.iter().map(one).collect::<Result<Vec<RareEstimate>, RareError>>()?;
    let mut result = result(model, quantities, &estimates);
    result.provenance.command.clone_from(&options.command);
    result.provenance.wall_s = wall.elapsed().as_secs_f64();
    result.provenance.cpu_s = cpu_seconds().zip(cpu).map(|(end, start)| end - start);
    Ok(result)
}

/// A rare quantity at two levels of confidence, and what it took.
pub(super) struct RareFound {
    pub rows: [Row; 2],
    pub messages: u64,
    pub events: u64,
}

/// Whether a quantity of a model is the probability of an event that paths can be split on the way to.
pub(super) fn can_find(model: &Model, quantity: &Quantity) -> bool {
    model.is_stationary() && model.is_random() && case::event(model, quantity).is_ok()
}

/// Estimates one rare quantity on the threads of the caller, to 10 % or within a budget of events; `None` where no path comes
/// near it, or it was interrupted.
pub(super) fn find(
    model: &Model,
    quantity: &Quantity,
    levels: [f64; 2],
    budget: u64,
    interrupted: &AtomicBool,
) -> Option<RareFound> {
    let mut model = model.clone();
    (model.run.level, model.run.precision) = (levels[0], Some(Precision::Means(RARE_PRECISION)));
    let (network, event) = (Network::compile(&model), case::event(&model, quantity).ok()?);
    let case = RareCase { model: &model, network: &network, quantity, event, interrupted };
    let estimate = case.estimate(budget).ok()?;
    let rows = levels.map(|level| rows(level, quantity, &estimate)[0].clone());
    let sum = |of: fn(&SplitPath) -> u64| estimate.paths.iter().map(of).sum();
    Some(RareFound { rows, messages: sum(|path| path.published), events: sum(|path| path.events) })
}

/// What the paths of one quantity showed.
struct RareEstimate {
    event: RareEvent,
    paths: Vec<SplitPath>,
    rungs: usize,
    reason: StopReason,
}

impl RareCase<'_> {
    /// Rounds of paths until the precision is reached or the budget of events is spent.
    fn estimate(&self, budget: u64) -> Result<RareEstimate, RareError> {
        let (mut ladder, time) = self.ladder()?;
        let precision = self.model.run.precision.as_ref().map_or(RARE_PRECISION, Precision::least);
        let mut paths: Vec<SplitPath> = Vec::new();
        let mut until = PATHS;
        let reason = loop {
            let more = self.paths(&ladder, time, paths.len() as u64..until);
            if more.iter().any(|path| path.unfinished) {
                // Trees of branches that do not end: fewer branches, and everything anew.
                ladder = ladder::thinner(&ladder).ok_or(RareError::Endless)?;
                (paths, until) = (Vec::new(), PATHS);
                continue;
            }
            paths.extend(more);
            if self.interrupted.load(Ordering::Relaxed) {
                break StopReason::Interrupted;
            }
            let reached = relative_half_width(&self.probability(&paths)).unwrap_or(f64::INFINITY);
            let spent: u64 = paths.iter().map(|path| path.events).sum();
            match reached <= precision {
                true => break StopReason::Precision,
                false if spent >= budget => break StopReason::Budget,
                false => {}
            }
            let done = paths.len() as f64;
            let wanted = done * (reached / precision).powi(2).min(GROWTH);
            let affordable = done * budget as f64 / spent.max(1) as f64;
            until = (wanted.min(affordable).ceil() as u64).max(paths.len() as u64 + 1);
        };
        if paths.is_empty() {
            return Err(RareError::Interrupted);
        }
        Ok(RareEstimate { event: self.event, paths, rungs: ladder.rungs().len(), reason })
    }

    fn paths(&self, ladder: &SplittingLadder, time: f64, numbers: std::ops::Range<u64>) -> Vec<SplitPath> {
        let length = PathLength { time, events: MOST_EVENTS * EVENTS * (ladder.rungs().len() as u64 + 1) };
        let one = |number: u64| {
            let streams = Streams::new(self.model.run.seed, number);
            let go_on = !self.interrupted.load(Ordering::Relaxed);
            go_on.then(|| splitting::run(self.network, &streams, self.event, ladder, length))
        };
        numbers.into_par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn probability(&self, paths: &[SplitPath]) -> Option<Interval> {
        share(self.model.run.level, paths, |sums| happened(self.event, sums))
    }
}

/// A share of two sums over the blocks of all paths, without their starts.
fn share(level: f64, paths: &[SplitPath], of: impl Fn(&RareSums) -> BlockSums) -> Option<Interval> {
    let kept = |path: &SplitPath| {
        let cut = path.blocks.len().div_ceil(CUT);
        path.blocks.iter().skip(cut).map(&of).collect()
    };
    Blocks::new(paths.iter().map(kept)).share(level, 0.0).filter(|share| share.value > 0.0)
}

fn relative_half_width(interval: &Option<Interval>) -> Option<f64> {
    let interval = interval.as_ref()?;
    Some(0.5 * (interval.high? - interval.low?) / interval.value)
}

/// The rows of an estimate: the probability, and that of a busy cycle.
fn rows(level: f64, quantity: &Quantity, estimate: &RareEstimate) -> [Row; 2] {
    let RareEstimate { paths, event, .. } = estimate;
    let in_cycle = |sums: &RareSums| BlockSums { sum: sums.reached, weight: sums.cycles };
    let cycle = Quantity { metric: Metric::Detail("prob_in_busy_cycle".into()), ..quantity.with(Statistic::Mean) };
    [
        row(level, quantity, share(level, paths, |sums| happened(*event, sums)), estimate),
        row(level, &cycle, share(level, paths, in_cycle), estimate),
    ]
}

fn row(level: f64, quantity: &Quantity, found: Option<Interval>, estimate: &RareEstimate) -> Row {
    let scope = if quantity.name == "system" { Scope::System } else { Scope::Queue };
    let method = Basis::Splitting { replications: estimate.paths.len() as u64, thresholds: estimate.rungs as u64 };
    let Quantity { name, metric, statistic, .. } = quantity.clone();
    let row = Row::exact(scope, &name, metric, statistic, 0.0, method);
    Row {
        value: found.map(|i| i.value),
        low: found.and_then(|i| i.low),
        high: found.and_then(|i| i.high),
        level: found.map(|_| level),
        unit: Unit::One,
        source: Source::Simulation,
        refusal: found.is_none().then_some(NoValue::NoData),
        ..row
    }
}

fn result(model: &Model, quantities: &[Quantity], estimates: &[RareEstimate]) -> ResultSet {
    let pairs = quantities.iter().zip(estimates);
    let mut rows: Vec<Row> = pairs.flat_map(|(quantity, found)| rows(model.run.level, quantity, found)).collect();
    let simulated = rows.len();
    let mut asked = model.clone();
    demanded::demand(&mut asked.run, quantities.iter().cloned());
    let theory = analytic::theory(&asked);
    rows.extend(theory.rows().filter(|row| quantities.iter().any(|quantity| quantity.is_of(row))).cloned());
    let validation = validation::checks(&rows, simulated);
    ResultSet { rows, validation, ..ResultSet::new(provenance(model, estimates)) }
}

fn provenance(model: &Model, estimates: &[RareEstimate]) -> Provenance {
    let paths = || estimates.iter().flat_map(|estimate| &estimate.paths);
    let worst = [StopReason::Interrupted, StopReason::Budget];
    let reason = worst.into_iter().find(|reason| estimates.iter().any(|e| e.reason == *reason));
    let cut = paths().map(|path| path.time / CUT as f64);
    Provenance {
        replications: paths().count() as u32,
        warmup: WarmupReport::of(model, cut, true),
        stop_reason: reason.unwrap_or(StopReason::Precision),
        engine: EngineUsed::General,
        messages: paths().map(|path| path.published).sum(),
        events: paths().map(|path| path.events).sum(),
        simulated_s: paths().map(|path| path.time).sum(),
        ..Provenance::of(model)
    }
}
