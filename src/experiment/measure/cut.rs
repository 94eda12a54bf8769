//! The batches of a replication, and what is cut off its start.

use super::balance::{PathBalance, Rest};
use super::batch::{Batch, BatchPeriod};
use super::slots::Slots;
use crate::experiment::drain::watch::Watched;
use crate::model::{Model, Warmup};
use crate::sim::Finished;
use crate::stats::{Accumulator, BatchSeries, common_cut};

/// One replication as it was measured, the start not yet cut off.
#[derive(Debug, Clone)]
pub struct Uncut {
    pub(super) batches: Vec<Batch>,
    pub(super) series: Vec<BatchSeries>,
    pub(super) slots: Slots,
    pub(super) local: bool,
    pub(super) watched: Vec<Watched>,
    pub(super) finished: Finished,
    pub(super) rest: Rest,
}

/// What one replication yields.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Everything after the warm-up cut.
    pub kept: Batch,
    /// The same, by blocks of about equal length in their order; a single one where the parts of a run are not alike.
    pub blocks: Vec<Batch>,
    /// Time cut off, seconds.
    pub cut: f64,
    /// Queue lengths over time.
    pub slots: Slots,
    /// What was seen of disruptions, by watched queue.
    pub watched: Vec<Watched>,
    /// How the engine ended.
    pub finished: Finished,
    /// Both sides of the laws that hold on every path.
    pub(crate) balance: PathBalance,
}

/// Blocks of all first replications together.
const BLOCKS: usize = 60;

/// Periods of arrivals that a block must have to be like every other.
const PERIODS: f64 = 5.0;

/// Accumulators of entities that the blocks of all first replications hold.
const MOST_KEPT: usize = 4_000;

/// Share of a replication that is cut off at least where the cut is to be found: nothing is seen of a start that takes as long
/// as the noise of the rest.
const LEAST_CUT: f64 = 1.0 / 16.0;

/// What to cut off the start of every replication, and into how many blocks to divide the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// What to cut off.
    pub start: CutStart,
    /// Blocks of a replication.
    pub blocks: usize,
}

impl Cut {
    /// What a model's first replications show is to be cut off, and whether it settled.
    pub fn of(model: &Model, first: &[Uncut]) -> (Cut, bool) {
        let (start, settled) = match model.run.warmup {
            Warmup::Auto => CutStart::mser(first),
            Warmup::Time(time) => (CutStart::Time(time), true),
            Warmup::None => (CutStart::Time(0.0), true),
        };
        let shortest = first.iter().map(|run| run.finished.end).fold(f64::INFINITY, f64::min);
        (Cut { start, blocks: blocks(model, first.len(), shortest) }, settled)
    }
}

/// Blocks of each of so many replications: enough that all together show how parts of a run depend on each other. A
/// replication of a large model is one block, as each holds an accumulator for every entity; so is one whose parts are
/// not alike.
fn blocks(model: &Model, replications: usize, shortest: f64) -> usize {
    let entities = model.queues.len() * model.classes.len().max(1) + model.consumers.len();
    let most = (MOST_KEPT / entities.max(1)).max(replications);
    let each = BLOCKS.min(most).div_ceil(replications.max(1));
    let alike = model.period().is_some_and(|period| shortest >= PERIODS * period * each as f64);
    if alike && model.is_random() { each } else { 1 }
}

/// Batches that a study of no more replications than it begins with keeps: the blocks of each, and their sum.
pub(super) fn kept_batches(model: &Model) -> usize {
    let replications = model.run.replications.max(1) as usize;
    replications * (1 + blocks(model, replications, f64::INFINITY))
}

/// What to cut off the start of every replication.
#[derive(Debug, Clone, PartialEq)]
pub enum CutStart {
    /// That much time, seconds.
    Time(f64),
    /// That many observations of each watched series, whichever lasts longest, and a sixteenth of the replication at least.
    Observations(Vec<u64>),
}

impl CutStart {
    /// What the first replications agree on, and whether they settled.
    pub fn mser(pilot: &[Uncut]) -> (CutStart, bool) {
        let watched = pilot.first().map_or(0, |run| run.series.len());
        let of = |i: usize| common_cut(&pilot.iter().map(|run| &run.series[i]).collect::<Vec<_>>());
        let cuts: Vec<(u64, bool)> = (0..watched).map(of).collect();
        (CutStart::Observations(cuts.iter().map(|c| c.0).collect()), cuts.iter().all(|c| c.1))
    }
}

impl Uncut {
    /// Cuts the start off, rounded up to the next batch, at most half the run.
    pub fn cut(self, cut: &Cut) -> Measured {
        let wanted = match &cut.start {
            CutStart::Time(time) => *time,
            CutStart::Observations(counts) => {
                let times = self.series.iter().zip(counts).map(|(series, &n)| series.time_of(n));
                times.fold(self.finished.end * LEAST_CUT, f64::max).min(self.finished.end / 2.0)
            }
        };
        let from = self.batches.iter().position(|b| b.period.start >= wanted).unwrap_or(self.batches.len() - 1);
        let batches = &self.batches[from..];
        let (start, size) = (batches[0].period.start, batches.len().div_ceil(cut.blocks));
        let mut blocks: Vec<Batch> = batches.chunks(size).map(merged).collect();
        if self.local {
            blocks.iter_mut().for_each(take_ages_from_sojourns);
        }
        let kept = merged(&blocks);
        let balance = PathBalance::of(self.batches[..from].iter().chain(&blocks), &self.rest, &self.finished);
        let (slots, watched, finished) = (self.slots, self.watched, self.finished);
        Measured { kept, blocks, cut: start, slots, watched, finished, balance }
    }
}

/// Batches that follow one another as one.
fn merged(batches: &[Batch]) -> Batch {
    let start = batches[0].period.start;
    let mut all = Batch { period: BatchPeriod { start, end: start }, ..Batch::default() };
    batches.iter().for_each(|batch| all.merge(batch));
    all
}

/// The age of a message that is born and ends at one queue is its sojourn there.
fn take_ages_from_sojourns(block: &mut Batch) {
    let classes = block.sojourn.len();
    let Batch { classes: of_queues, sojourn, .. } = block;
    of_queues.iter().enumerate().for_each(|(i, class)| sojourn[i % classes].merge(&class.sojourn));
}
