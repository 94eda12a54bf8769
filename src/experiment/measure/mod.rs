//! The observer that measures a replication: it is called for the engine's events and accumulates them by batches of time.
//! Constant memory per entity, whatever the length of the run.

mod balance;
pub(crate) mod batch;
mod cut;
pub(crate) mod events;
mod memory;
mod slots;
mod spans;

pub(crate) use balance::{PathBalance, Sides};
pub use batch::{Batch, ClassAccumulator, ClientAccumulator, Times};
pub use cut::{Cut, CutStart, Measured, Uncut};
pub(crate) use memory::{dropped, most_replications};
pub use slots::Slots;

use super::drain::watch::{Watch, Window};
use crate::model::{Cause, State};
use crate::row::Metric;
use crate::sim::probe::{ClientEvent, Departure, Probe, Remaining};
use crate::sim::{Finished, Network};
use crate::stats::{Accumulator, BatchSeries, LogHistogram};
use balance::Rest;
use batch::{PoolAccumulator, QueueAccumulator};
use events::NumberEvent;
use slots::SLOTS;
use std::sync::atomic::{AtomicBool, Ordering};

/// Queues up to which MSER-5 watches each queue's wait; above it watches the system's sojourn.
const WATCHED_QUEUES: usize = 64;
/// Slots per batch, at first.
const SLOTS_PER_BATCH: usize = 8;
/// Queues whose length is recorded over time.
pub const CHARTED_QUEUES: usize = 12;

/// What is measured of one replication while it runs.
#[derive(Debug)]
pub struct Measure<'a> {
    interrupted: &'a AtomicBool,
    classes: usize,
    /// The batch in progress, and those that are closed.
    present: Batch,
    batches: Vec<Batch>,
    max_batches: usize,
    batch_ticks: usize,
    ticks: usize,
    /// Whether a message is born and ends at one queue, so that its age is its sojourn there.
    local: bool,
    series: Vec<BatchSeries>,
    watch_system: bool,
    slots: Slots,
    watch: Option<Box<Watch>>,
    /// Events about numbers that are measured, by queue; empty where there are none.
    events: &'a [Vec<NumberEvent>],
    /// What is still there at the end.
    rest: Rest,
}

impl<'a> Measure<'a> {
    /// Nothing measured yet of a network; `interrupted` breaks the run off at the next tick.
    pub fn new(network: &Network, interrupted: &'a AtomicBool) -> Self {
        let (queues, pools) = (network.queues.len(), network.pools.len());
        let entities = queues * network.classes + pools;
        let watch_system = queues > WATCHED_QUEUES;
        Measure {
            interrupted,
            classes: network.classes,
            present: empty(network),
            batches: Vec::new(),
            // Each batch has accumulators for every entity: fewer of them in large networks.
            max_batches: (65_536 / entities.max(1)).clamp(8, SLOTS / SLOTS_PER_BATCH),
            batch_ticks: SLOTS_PER_BATCH,
            ticks: 0,
            local: false,
            series: vec![BatchSeries::default(); if watch_system { 1 } else { queues }],
            watch_system,
            slots: Slots { queues: queues.min(CHARTED_QUEUES), area: vec![0.0; queues], ..Slots::default() },
            watch: None,
            events: &[],
            rest: Rest::new(queues, pools),
        }
    }

    /// For runs in which a message is born and ends at one queue.
    pub fn of_lines(network: &Network, interrupted: &'a AtomicBool) -> Self {
        Measure { local: true, ..Measure::new(network, interrupted) }
    }

    /// Also watches how queues recover from a disruption.
    pub fn watching(self, window: Option<&Window>) -> Self {
        Measure { watch: window.map(|window| Box::new(Watch::new(window))), ..self }
    }

    /// Also measures how long these events last, by queue.
    pub(crate) fn counting(mut self, events: &'a [Vec<NumberEvent>]) -> Self {
        self.present.queues.iter_mut().zip(events).for_each(|(queue, events)| events::begin(queue, events));
        Measure { events, ..self }
    }

    /// With histograms of wait and sojourn that drop so many bits of their fineness.
    pub(crate) fn coarse(mut self, dropped: u8) -> Self {
        for class in &mut self.present.classes {
            class.wait.histogram = LogHistogram::coarse(dropped);
            class.sojourn.histogram = LogHistogram::coarse(dropped);
        }
        self
    }

    /// From `now` on the number of that kind at a queue is `level`.
    #[inline]
    fn note(&mut self, metric: &Metric, now: f64, queue: u32, level: u32) {
        if let Some(events) = self.events.get(queue as usize) {
            events::note(&mut self.present.queues[queue as usize], events, metric, now, level);
        }
    }

    /// Seconds between ticks for a run expected to last that long.
    pub fn tick_for(expected: f64) -> f64 {
        expected / (SLOTS as f64 * 0.75)
    }

    /// Closes the last batch at the end of the run.
    pub fn finish(mut self, finished: Finished) -> Uncut {
        self.close_batch(finished.end);
        let watched = self.watch.map_or(Vec::new(), |watch| watch.finish(finished.end));
        let (batches, series, slots) = (self.batches, self.series, self.slots);
        Uncut { batches, series, slots, local: self.local, watched, finished, rest: self.rest }
    }

    fn close_batch(&mut self, now: f64) {
        if self.local {
            self.present.dwell[State::Running as usize] =
                self.present.pools.iter().map(|pool| pool.service.sum()).sum();
        }
        self.batches.push(self.present.close(now));
        self.slots.restart();
        if self.batches.len() == self.max_batches {
            self.join_batches();
        }
    }

    fn join_batches(&mut self) {
        let mut old = std::mem::take(&mut self.batches).into_iter();
        while let Some(mut batch) = old.next() {
            if let Some(next) = old.next() {
                batch.merge(&next);
            }
            self.batches.push(batch);
        }
        self.batch_ticks *= 2;
    }
}

/// An accumulator for every entity of a network.
fn empty(network: &Network) -> Batch {
    Batch {
        queues: vec![QueueAccumulator::default(); network.queues.len()],
        classes: vec![ClassAccumulator::default(); network.queues.len() * network.classes],
        pools: vec![PoolAccumulator::default(); network.pools.len()],
        published: vec![0; network.sources.len()],
        clients: vec![ClientAccumulator::default(); sources_with_clients(network)],
        sojourn: vec![Times::default(); network.classes],
        ..Batch::default()
    }
}

/// Sources whose clients are measured: all, or none.
fn sources_with_clients(network: &Network) -> usize {
    if network.sources.iter().any(|s| s.client.is_some()) { network.sources.len() } else { 0 }
}

impl Probe for Measure<'_> {
    #[inline]
    fn published(&mut self, _now: f64, source: u32) {
        self.present.published[source as usize] += 1;
    }

    #[inline]
    fn offered(&mut self, _now: f64, queue: u32) {
        self.present.queues[queue as usize].offered += 1;
    }

    #[inline]
    fn ready(&mut self, now: f64, queue: u32, level: u32) {
        self.present.queues[queue as usize].ready.set(now, f64::from(level));
        self.note(&Metric::QueueLength, now, queue, level);
        if let Some(watch) = &mut self.watch {
            watch.ready(now, queue, level);
        }
    }

    #[inline]
    fn in_system(&mut self, now: f64, queue: u32, level: u32) {
        self.present.queues[queue as usize].in_system.set(now, f64::from(level));
        self.note(&Metric::InSystem, now, queue, level);
    }

    #[inline]
    fn busy(&mut self, now: f64, pool: u32, level: u32) {
        self.present.pools[pool as usize].busy.set(now, f64::from(level));
    }

    #[inline]
    fn served(&mut self, _now: f64, pool: u32, service: f64) {
        self.present.pools[pool as usize].service.push(service);
    }

    #[inline]
    fn departed(&mut self, now: f64, d: &Departure) {
        let class = &mut self.present.classes[d.queue as usize * self.classes + usize::from(d.class)];
        class.wait.push(d.wait);
        class.sojourn.push(d.sojourn);
        class.attempts.push(f64::from(d.attempts));
        self.present.pools[d.pool as usize].response.push(d.sojourn);
        if !self.watch_system {
            self.series[d.queue as usize].push(now, d.wait);
        }
        if let Some(watch) = &mut self.watch {
            watch.departed(now, d);
        }
    }

    #[inline]
    fn left(&mut self, now: f64, queue: u32, cause: Cause) {
        self.present.queues[queue as usize].left[cause as usize] += 1;
        if let Some(watch) = &mut self.watch {
            watch.left(now, queue, cause);
        }
    }

    #[inline]
    fn moved(&mut self, from: State, to: State, dwell: f64) {
        self.present.moves[from as usize][to as usize] += 1;
        self.present.dwell[from as usize] += dwell;
    }

    #[inline]
    fn ended(&mut self, now: f64, outcome: State, class: u16, age: f64) {
        self.present.ended[outcome as usize] += 1;
        if outcome == State::Acked {
            self.present.sojourn[usize::from(class)].push(age);
            if self.watch_system {
                self.series[0].push(now, age);
            }
        }
    }

    #[inline]
    fn duplicate(&mut self, _now: f64, pool: u32, discarded: bool) {
        self.present.pools[pool as usize].duplicates[usize::from(discarded)] += 1;
    }

    #[cold]
    fn client(&mut self, _now: f64, source: u32, event: ClientEvent) {
        let client = &mut self.present.clients[source as usize];
        match event {
            ClientEvent::Requested => client.requests += 1,
            ClientEvent::TimedOut => client.timeouts += 1,
            ClientEvent::Retried => client.retries += 1,
            ClientEvent::Answered { attempts, age } => {
                client.attempts.push(f64::from(attempts));
                client.answered.push(age);
            }
            ClientEvent::GaveUp { attempts } => {
                client.attempts.push(f64::from(attempts));
                client.gave_up += 1;
            }
        }
    }

    #[cold]
    fn in_vain(&mut self, _now: f64) {
        self.present.in_vain += 1;
    }

    #[cold]
    fn unanswered(&mut self, _now: f64) {
        self.present.unanswered += 1;
    }

    fn remained(&mut self, message: &Remaining) {
        self.rest.add(message);
    }

    fn tick(&mut self, now: f64) -> bool {
        self.close_full(now)
    }
}

impl Measure<'_> {
    /// One of the regular instants: slots and batches that are full are closed.
    fn close_full(&mut self, now: f64) -> bool {
        self.ticks += 1;
        // Slots and batches double in length when their number is used up; a batch is
        // never shorter than a slot, so that it ends where a slot ends.
        if self.ticks.is_multiple_of(1 << self.slots.joined) {
            self.slots.close(now, &self.present.queues);
        }
        if self.ticks.is_multiple_of(self.batch_ticks) {
            self.close_batch(now);
        }
        !self.interrupted.load(Ordering::Relaxed)
    }
}
