//! The batches of a replication, and what is cut off its start.

use super::batch::{Batch, BatchPeriod};
use super::slots::Slots;
use crate::experiment::drain::watch::Watched;
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
}

/// What one replication yields.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Everything after the warm-up cut.
    pub kept: Batch,
    /// Time cut off, seconds.
    pub cut: f64,
    /// Queue lengths over time.
    pub slots: Slots,
    /// What was seen of disruptions, by watched queue.
    pub watched: Vec<Watched>,
    /// How the engine ended.
    pub finished: Finished,
}

/// What to cut off the start of every replication.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// That much time, seconds.
    Time(f64),
    /// That many observations of each watched series, whichever lasts longest.
    Observations(Vec<u64>),
}

impl Cut {
    /// What MSER-5 finds in the first replications, and whether it settled.
    pub fn mser(pilot: &[Uncut]) -> (Cut, bool) {
        let watched = pilot.first().map_or(0, |run| run.series.len());
        let of = |i: usize| common_cut(&pilot.iter().map(|run| &run.series[i]).collect::<Vec<_>>());
        let cuts: Vec<(u64, bool)> = (0..watched).map(of).collect();
        (Cut::Observations(cuts.iter().map(|c| c.0).collect()), cuts.iter().all(|c| c.1))
    }
}

impl Uncut {
    /// Cuts the start off, rounded up to the next batch, at most half the run.
    pub fn cut(self, cut: &Cut) -> Measured {
        let wanted = match cut {
            Cut::Time(time) => *time,
            Cut::Observations(counts) => {
                let times = self.series.iter().zip(counts).map(|(series, &n)| series.time_of(n));
                times.fold(0.0, f64::max).min(self.finished.end / 2.0)
            }
        };
        let from = self.batches.iter().position(|b| b.period.start >= wanted).unwrap_or(self.batches.len() - 1);
        let start = self.batches[from].period.start;
        let mut kept = Batch { period: BatchPeriod { start, end: start }, ..Batch::default() };
        self.batches[from..].iter().for_each(|batch| kept.merge(batch));
        if self.local {
            let classes = kept.sojourn.len();
            let ages = kept.classes.iter().enumerate();
            ages.for_each(|(i, class)| kept.sojourn[i % classes].merge(&class.sojourn));
        }
        Measured { kept, cut: start, slots: self.slots, watched: self.watched, finished: self.finished }
    }
}
