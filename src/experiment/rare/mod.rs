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

/// Relative half-widths at which it is looked whether a limit is decided: most candidates of a search are far from it.
pub(super) const LOOKS: [f64; 2] = [0.4, RARE_PRECISION];

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
        let precision = model.run.precision.as_ref().map_or(RARE_PRECISION, Precision::least);
        pool.install(|| case.estimate(&[precision], options.budget.unwrap_or(RARE_BUDGET), &|_| true))
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

/// Estimates one rare quantity on the threads of the caller, until one of the [`LOOKS`] decides by the row of the second level or
/// a budget of events is spent; `None` where no path comes near it, or it was interrupted.
pub(super) fn find(
    model: &Model,
    quantity: &Quantity,
    levels: [f64; 2],
    decides: &dyn Fn(&Row) -> bool,
    interrupted: &AtomicBool,
) -> Option<RareFound> {
    let (network, event) = (Network::compile(model), case::event(model, quantity).ok()?);
    let case = RareCase { model, network: &network, quantity, event, interrupted };
    let decided = |estimate: &RareEstimate| decides(&rows(levels[1], quantity, estimate)[0]);
    let estimate = case.estimate(&LOOKS, BUDGET, &decided).ok()?;
    let rows = levels.map(|level| rows(level, quantity, &estimate)[0].clone());
    let (messages, events) = (estimate.sum(|path| path.published), estimate.sum(|path| path.events));
    Some(RareFound { rows, messages, events })
}

/// What the paths of one quantity showed.
struct RareEstimate {
    event: RareEvent,
    paths: Vec<SplitPath>,
    rungs: usize,
    reason: StopReason,
}

impl RareEstimate {
    fn new(event: RareEvent) -> RareEstimate {
        RareEstimate { event, paths: Vec::new(), rungs: 0, reason: StopReason::Precision }
    }

    fn sum(&self, of: impl Fn(&SplitPath) -> u64) -> u64 {
        self.paths.iter().map(of).sum()
    }

    /// So many times as many paths, at least one more.
    fn wanted(&self, times: f64) -> u64 {
        let done = self.paths.len();
        ((done as f64 * times).ceil() as u64).max(done as u64 + 1)
    }
}

impl RareCase<'_> {
    /// Rounds of paths until one of the precisions, ever finer, is reached and enough, or the budget of events is spent.
    fn estimate(
        &self,
        precisions: &[f64],
        budget: u64,
        enough: &dyn Fn(&RareEstimate) -> bool,
    ) -> Result<RareEstimate, RareError> {
        let (mut ladder, time) = self.ladder(budget)?;
        let mut found = RareEstimate::new(self.event);
        let (mut precisions, mut until) = (precisions.iter().copied().peekable(), PATHS);
        loop {
            let more = self.paths(&ladder, time, found.paths.len() as u64..until);
            if more.iter().any(|path| path.unfinished) {
                // Trees of branches that do not end: fewer branches, and everything anew.
                ladder = ladder::thinner(&ladder).ok_or(RareError::Endless)?;
                (found, until) = (RareEstimate::new(self.event), PATHS);
                continue;
            }
            found.paths.extend(more);
            found.rungs = ladder.rungs().len();
            if self.interrupted.load(Ordering::Relaxed) {
                found.reason = StopReason::Interrupted;
                break;
            }
            let reached = relative_half_width(&self.probability(&found.paths)).unwrap_or(f64::INFINITY);
            while precisions.next_if(|precision| reached <= *precision).is_some() {
                if enough(&found) {
                    return Ok(found);
                }
            }
            let Some(precision) = precisions.peek() else { return Ok(found) };
            let spent = found.sum(|path| path.events) as f64 / budget as f64;
            if spent >= 1.0 {
                found.reason = StopReason::Budget;
                break;
            }
            until = found.wanted((reached / precision).powi(2).min(GROWTH).min(1.0 / spent));
        }
        if found.paths.is_empty() { Err(RareError::Interrupted) } else { Ok(found) }
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
