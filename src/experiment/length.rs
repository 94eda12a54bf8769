//! How long a run must be where nobody says it: a pilot of its own random numbers shows how much messages depend on each
//! other, and from that follows how many give means and tails to a precision.

use super::measure::{ClassAccumulator, Cut, Measured, Times};
use super::replicate::{EngineChoice, Replicator};
use super::result::EngineUsed;
use super::summary::{controls, is_growing};
use crate::model::{Model, Precision, QueueId, RunLength, RunSettings};
use crate::row::{Quantity, Statistic};
use crate::stats::{BlockSums, Blocks, PooledTimes};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Relative half-width that a run reaches on mean and p99 of the sojourn at each queue, where the budget allows it.
pub(crate) const PRECISION: f64 = 0.05;

/// Events that are spent at most: about ten seconds on one core, and the same number on every machine.
pub const BUDGET: u64 = 100_000_000;

/// By how much cheaper a recursion makes what is an event to the general engine.
const RECURSION: u64 = 10;

/// Share of the budget that the pilot may spend.
const PILOT_SHARE: u64 = 5;

/// Replications of the pilot.
const PILOTS: u32 = 4;

/// Messages of a replication of the first pilot.
const FIRST: u64 = 2_000;

/// Number of the first replication of a pilot: far from those of the run, so that they share no random numbers.
const APART: u64 = 1 << 40;

/// Independent waits about the median that a pilot must have at each queue to be believed.
const BELIEVED: f64 = 1_000.0;

/// What the dispersion of a pilot is taken to be, as a multiple: a short run sees too little of it.
const SEEN_TOO_LITTLE: f64 = 1.5;

/// Share of the messages that a wished precision takes, by the pilot, that are run at once: the run itself then says better
/// how many are missing.
const FIRST_ROUND: f64 = 0.4;

/// By how much intervals are wider than the ideal.
const WIDER: f64 = 1.15;

/// By how much the dispersion at p99 is taken to be larger than that at p95, where it is measured (see `stats::PooledTimes`).
const GROWN: f64 = 1.2;

/// How long a run is planned to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlannedLength {
    /// Messages of each replication.
    pub messages: u64,
    /// Messages of all replications that the precision takes; more than are run where the budget ends before, 0 where no
    /// number does.
    pub needed: u64,
    /// Replications of that length that the budget allows.
    pub most: u32,
}

/// A model whose length is known, and how it was found where nobody said it and the model is one of steady state.
pub(crate) fn planned<'m>(
    model: &'m Model,
    engine: EngineChoice,
    budget: u64,
    interrupted: &AtomicBool,
) -> (Cow<'m, Model>, Option<PlannedLength>) {
    if model.run.length != RunLength::Needed {
        return (Cow::Borrowed(model), None);
    }
    if !model.is_stationary() || !model.is_random() {
        return (Cow::Owned(with_length(model, RunSettings::PLAIN_LENGTH)), None);
    }
    let recursion = Replicator::new(model, engine).is_ok_and(|r| r.engine() == EngineUsed::Recursion);
    let plan = plan(model, engine, if recursion { RECURSION * budget } else { budget }, interrupted);
    (Cow::Owned(with_length(model, RunLength::Messages(plan.messages))), Some(plan))
}

/// The model with that length.
pub(crate) fn with_length(model: &Model, length: RunLength) -> Model {
    Model { run: RunSettings { length, ..model.run.clone() }, ..model.clone() }
}

/// Doubles a pilot until it can be believed, or its share of the budget is spent.
fn plan(model: &Model, engine: EngineChoice, budget: u64, interrupted: &AtomicBool) -> PlannedLength {
    let (mut messages, mut spent) = (FIRST, 0);
    loop {
        let pilot = pilot(&with_length(model, RunLength::Messages(messages)), engine, interrupted);
        let events: u64 = pilot.iter().map(|m| m.finished.events).sum();
        spent += events;
        let published: u64 = pilot.iter().map(|m| m.finished.publications).sum::<u64>().max(1);
        if is_growing(model, &pilot) {
            // No length gives it a mean.
            return PlannedLength { messages, needed: 0, most: model.run.replications };
        }
        let seen = Pilot { model, measured: &pilot };
        let over =
            pilot.is_empty() || interrupted.load(Ordering::Relaxed) || (spent + 2 * events) * PILOT_SHARE > budget;
        if over || seen.is_believed() {
            let needed = seen.needed(model.run.precision.as_ref(), published as f64);
            let most = (budget.saturating_sub(spent) as f64 * published as f64 / events.max(1) as f64) as u64;
            let messages = needed.min(most).div_ceil(u64::from(model.run.replications.max(1))).max(FIRST);
            return PlannedLength { messages, needed, most: u32::try_from(most / messages).unwrap_or(u32::MAX) };
        }
        messages *= 2;
    }
}

fn pilot(model: &Model, engine: EngineChoice, interrupted: &AtomicBool) -> Vec<Measured> {
    let Ok(replicator) = Replicator::new(model, engine) else { return Vec::new() };
    let one = |i: u32| replicator.run(APART + u64::from(i), interrupted);
    let uncut: Vec<_> = (0..PILOTS).into_par_iter().map(one).collect::<Vec<_>>().into_iter().flatten().collect();
    let (cut, _) = Cut::of(model, &uncut);
    uncut.into_iter().map(|uncut| uncut.cut(&cut)).collect()
}

/// What a pilot showed.
struct Pilot<'p> {
    model: &'p Model,
    measured: &'p [Measured],
}

/// What a pilot showed at one queue.
struct QueuePilot<'p> {
    sojourn: PooledTimes<'p>,
    mean_sojourn: Blocks,
    mean_wait: Blocks,
    wait: PooledTimes<'p>,
    controls: &'p [Vec<f64>],
}

impl Pilot<'_> {
    /// What is said of every queue with consumers that messages reached.
    fn of_queues<T>(&self, of: impl Fn(&QueuePilot) -> T) -> Vec<T> {
        let controls = controls(self.model, self.measured);
        let served = |q: &usize| self.model.consumers_of(QueueId(*q as u32)).next().is_some();
        let one = |q: usize| {
            let blocks = self.measured.iter().map(|m| m.blocks.iter().map(|s| s.at_queue(q)).collect());
            let blocks: Vec<Vec<Cow<ClassAccumulator>>> = blocks.collect();
            let mean = |of: fn(&ClassAccumulator) -> &Times| {
                let part = |s: &Cow<ClassAccumulator>| of(s).moments;
                let part = |s| BlockSums { sum: part(s).sum(), weight: part(s).n as f64 };
                Blocks::new(blocks.iter().map(|b| b.iter().map(part).collect()))
            };
            let (mean_sojourn, mean_wait) = (mean(|s| &s.sojourn), mean(|s| &s.wait));
            let pooled = |of: fn(&ClassAccumulator) -> &Times| {
                PooledTimes::new(blocks.iter().map(|b| b.iter().map(|s| &of(s).histogram).collect()).collect())
            };
            let (sojourn, wait) = (pooled(|s| &s.sojourn), pooled(|s| &s.wait));
            let controls = &controls;
            (sojourn.n() > 0.0).then(|| of(&QueuePilot { sojourn, mean_sojourn, mean_wait, wait, controls }))
        };
        (0..self.model.queues.len()).filter(served).filter_map(one).collect()
    }

    fn is_believed(&self) -> bool {
        self.of_queues(|queue| queue.is_believed()).into_iter().all(|believed| believed)
    }

    /// Messages of all replications that the precision takes, given those that the pilot published: a wished one is that of
    /// means.
    fn needed(&self, wished: Option<&Precision>, published: f64) -> u64 {
        let of = |queue: &QueuePilot| {
            let needed = match wished {
                None => queue.needed(PRECISION),
                Some(Precision::Means(precision)) => queue.needed_of_means(*precision),
                Some(Precision::Each(each)) => {
                    each.iter().map(|(q, share)| queue.needed_of(q, *share)).fold(0.0, f64::max)
                }
            };
            needed * published / queue.sojourn.n()
        };
        self.of_queues(of).into_iter().fold(0.0, f64::max).ceil() as u64
    }
}

impl QueuePilot<'_> {
    fn is_believed(&self) -> bool {
        self.wait.independent() >= BELIEVED
    }

    /// Messages of the queue for the precision of its mean wait and sojourn, where waits are not nearly nothing.
    fn needed_of_means(&self, precision: f64) -> f64 {
        let wide = (1.96 / precision).powi(2);
        let of = |mean: &Blocks| self.sojourn.n() * wide / mean.controlled_independent(self.controls).unwrap_or(1.0);
        FIRST_ROUND * of(&self.mean_sojourn).max(of(&self.mean_wait))
    }

    /// Messages of the queue for a first look at the precision of a quantity, whichever queue it is of.
    fn needed_of(&self, quantity: &Quantity, precision: f64) -> f64 {
        match quantity.statistic {
            Statistic::Quantile(p) => {
                FIRST_ROUND * self.needed_of_tail(p, (1.96 / precision).powi(2)).max(self.needed_to_tell(p))
            }
            _ => self.needed_of_means(precision),
        }
    }

    /// Messages of the queue for the precision of mean and p99 of the sojourn, and for p99 to be told at all.
    ///
    /// Formula: n = D (z 1.15/(e s))^2/a with D the dispersion, a = 1 %, e the precision and s = -d ln S/d ln x at p99; of
    /// the mean n (z 1.15/e)^2 Var/mean^2 of the pilot.
    fn needed(&self, precision: f64) -> f64 {
        let wide = (1.96 * WIDER / precision).powi(2);
        let (n, p) = (self.sojourn.n(), 0.99);
        let mean = n * wide / self.mean_sojourn.independent().unwrap_or(1.0);
        SEEN_TOO_LITTLE * mean.max(self.needed_of_tail(p, wide)).max(self.needed_to_tell(p))
    }

    /// Messages of the queue for a quantile to be told at all.
    fn needed_to_tell(&self, p: f64) -> f64 {
        self.sojourn.n() * self.sojourn.enough(p).ample / self.wait.independent()
    }

    fn needed_of_tail(&self, p: f64, wide: f64) -> f64 {
        GROWN * self.sojourn.measured_dispersion() * wide / self.sojourn.slope(p).powi(2) / (1.0 - p)
    }
}
