//! The observer that measures a replication: it hears the engine's events and keeps books by
//! stretches of time. Constant memory per entity, whatever the length of the run.

mod books;
mod entity;
pub mod features;
mod lines;
mod slots;

pub use books::{Books, Cut, Measured};
pub use slots::Slots;

use super::drain::watch::{Watch, Window};
use super::segment::{Level, Stretch};
use crate::model::{Cause, State};
use crate::sim::probe::{ClientEvent, Departure, Probe};
use crate::sim::{Finished, Network};
use crate::stats::{BatchSeries, TimeAverage};
use entity::{ClassBooks, ClientBooks, PoolBooks, QueueBooks, TimesTally};
use entity::{close_class, close_client, close_pool, close_queue};
use slots::SLOTS;
use std::sync::atomic::{AtomicBool, Ordering};

/// Queues up to which MSER-5 watches each queue's wait; above it watches the system's sojourn.
const WATCHED_QUEUES: usize = 64;
/// Slots per stretch, at first.
const SLOTS_PER_STRETCH: usize = 8;
/// Queues whose length is recorded over time.
pub const CHARTED_QUEUES: usize = 12;

/// The books of one replication.
#[derive(Debug)]
pub struct Measure<'a> {
    interrupted: &'a AtomicBool,
    classes: usize,
    start: f64,
    queues: Vec<QueueBooks>,
    by_class: Vec<ClassBooks>,
    pools: Vec<PoolBooks>,
    published: Vec<u64>,
    /// By source; empty where every client waits for ever.
    clients: Vec<ClientBooks>,
    in_vain: u64,
    sojourn: Vec<TimesTally>,
    /// Whether a message is born and ends at one queue, so that its age is its sojourn there.
    local: bool,
    ended: [u64; State::COUNT],
    moves: [[u64; State::COUNT]; State::COUNT],
    dwell: [f64; State::COUNT],
    series: Vec<BatchSeries>,
    watch_system: bool,
    stretches: Vec<Stretch>,
    max_stretches: usize,
    ticks: usize,
    stretch_ticks: usize,
    slots: Slots,
    watch: Option<Box<Watch>>,
}

impl<'a> Measure<'a> {
    /// Empty books for a network; `interrupted` breaks the run off at the next tick.
    pub fn new(network: &Network, interrupted: &'a AtomicBool) -> Self {
        let (queues, pools) = (network.queues.len(), network.pools.len());
        let entities = queues * network.classes + pools;
        let watch_system = queues > WATCHED_QUEUES;
        Measure {
            interrupted,
            classes: network.classes,
            start: 0.0,
            queues: vec![QueueBooks::default(); queues],
            by_class: vec![ClassBooks::default(); queues * network.classes],
            pools: vec![PoolBooks::default(); pools],
            published: vec![0; network.sources.len()],
            clients: vec![ClientBooks::default(); sources_with_clients(network)],
            in_vain: 0,
            sojourn: vec![TimesTally::default(); network.classes],
            local: false,
            ended: [0; State::COUNT],
            moves: [[0; State::COUNT]; State::COUNT],
            dwell: [0.0; State::COUNT],
            series: vec![BatchSeries::default(); if watch_system { 1 } else { queues }],
            watch_system,
            stretches: Vec::new(),
            // Each stretch keeps books for every entity: fewer of them in large networks.
            max_stretches: (65_536 / entities.max(1)).clamp(8, SLOTS / SLOTS_PER_STRETCH),
            ticks: 0,
            stretch_ticks: SLOTS_PER_STRETCH,
            slots: Slots { queues: queues.min(CHARTED_QUEUES), area: vec![0.0; queues], ..Slots::default() },
            watch: None,
        }
    }

    /// Books for runs in which a message is born and ends at one queue.
    pub fn of_lines(network: &Network, interrupted: &'a AtomicBool) -> Self {
        Measure { local: true, ..Measure::new(network, interrupted) }
    }

    /// Also watches how queues recover from a disruption.
    pub fn watching(self, window: Option<&Window>) -> Self {
        Measure { watch: window.map(|window| Box::new(Watch::new(window))), ..self }
    }

    /// Seconds between ticks for a run expected to last that long.
    pub fn tick_for(expected: f64) -> f64 {
        expected / (SLOTS as f64 * 0.75)
    }

    /// Closes the books at the end of the run.
    pub fn finish(mut self, finished: Finished) -> Books {
        self.close_stretch(finished.end);
        let watched = self.watch.map_or(Vec::new(), |watch| watch.finish(finished.end));
        let (stretches, series, slots) = (self.stretches, self.series, self.slots);
        Books { stretches, series, slots, local: self.local, watched, finished }
    }

    fn close_stretch(&mut self, now: f64) {
        let level = |average: &mut TimeAverage| {
            let (area, max) = average.take(now);
            Level { area, max }
        };
        if self.local {
            self.dwell[State::Running as usize] = self.pools.iter().map(|pool| pool.service.sum()).sum();
        }
        let stretch = Stretch {
            start: std::mem::replace(&mut self.start, now),
            end: now,
            queues: self.queues.iter_mut().map(|q| close_queue(q, level)).collect(),
            classes: self.by_class.iter_mut().map(close_class).collect(),
            pools: self.pools.iter_mut().map(|p| close_pool(p, level)).collect(),
            published: self.published.iter_mut().map(std::mem::take).collect(),
            clients: self.clients.iter_mut().map(close_client).collect(),
            in_vain: std::mem::take(&mut self.in_vain),
            sojourn: self.sojourn.iter_mut().map(TimesTally::take).collect(),
            ended: std::mem::take(&mut self.ended),
            moves: std::mem::take(&mut self.moves),
            dwell: std::mem::take(&mut self.dwell),
        };
        self.slots.restart();
        self.stretches.push(stretch);
        if self.stretches.len() == self.max_stretches {
            self.join_stretches();
        }
    }

    fn join_stretches(&mut self) {
        let mut old = std::mem::take(&mut self.stretches).into_iter();
        while let Some(mut stretch) = old.next() {
            if let Some(next) = old.next() {
                stretch.merge(&next);
            }
            self.stretches.push(stretch);
        }
        self.stretch_ticks *= 2;
    }
}

/// Sources to keep books of clients for: all, or none.
fn sources_with_clients(network: &Network) -> usize {
    if network.sources.iter().any(|s| s.client.is_some()) { network.sources.len() } else { 0 }
}

impl Probe for Measure<'_> {
    #[inline]
    fn published(&mut self, _now: f64, source: u32) {
        self.published[source as usize] += 1;
    }

    #[inline]
    fn offered(&mut self, _now: f64, queue: u32) {
        self.queues[queue as usize].offered += 1;
    }

    #[inline]
    fn ready(&mut self, now: f64, queue: u32, level: u32) {
        self.queues[queue as usize].ready.set(now, f64::from(level));
        if let Some(watch) = &mut self.watch {
            watch.ready(now, queue, level);
        }
    }

    #[inline]
    fn in_system(&mut self, now: f64, queue: u32, level: u32) {
        self.queues[queue as usize].in_system.set(now, f64::from(level));
    }

    #[inline]
    fn busy(&mut self, now: f64, pool: u32, level: u32) {
        self.pools[pool as usize].busy.set(now, f64::from(level));
    }

    #[inline]
    fn served(&mut self, _now: f64, pool: u32, service: f64) {
        self.pools[pool as usize].service.push(service);
    }

    #[inline]
    fn departed(&mut self, now: f64, d: &Departure) {
        let books = &mut self.by_class[d.queue as usize * self.classes + usize::from(d.class)];
        books.wait.push(d.wait);
        books.sojourn.push(d.sojourn);
        books.attempts.push(f64::from(d.attempts));
        self.pools[d.pool as usize].response.push(d.sojourn);
        if !self.watch_system {
            self.series[d.queue as usize].push(now, d.wait);
        }
        if let Some(watch) = &mut self.watch {
            watch.departed(now, d);
        }
    }

    #[inline]
    fn left(&mut self, now: f64, queue: u32, cause: Cause) {
        self.queues[queue as usize].left[cause as usize] += 1;
        if let Some(watch) = &mut self.watch {
            watch.left(now, queue, cause);
        }
    }

    #[inline]
    fn moved(&mut self, from: State, to: State, dwell: f64) {
        self.moves[from as usize][to as usize] += 1;
        self.dwell[from as usize] += dwell;
    }

    #[inline]
    fn ended(&mut self, now: f64, outcome: State, class: u16, age: f64) {
        self.ended[outcome as usize] += 1;
        if outcome == State::Acked {
            self.sojourn[usize::from(class)].push(age);
            if self.watch_system {
                self.series[0].push(now, age);
            }
        }
    }

    #[inline]
    fn duplicate(&mut self, _now: f64, pool: u32, discarded: bool) {
        self.pools[pool as usize].duplicates[usize::from(discarded)] += 1;
    }

    #[cold]
    fn client(&mut self, _now: f64, source: u32, event: ClientEvent) {
        let books = &mut self.clients[source as usize];
        match event {
            ClientEvent::Requested => books.requests += 1,
            ClientEvent::TimedOut => books.timeouts += 1,
            ClientEvent::Retried => books.retries += 1,
            ClientEvent::Answered { attempts, age } => {
                books.attempts.push(f64::from(attempts));
                books.answered.push(age);
            }
            ClientEvent::GaveUp { attempts } => {
                books.attempts.push(f64::from(attempts));
                books.gave_up += 1;
            }
        }
    }

    #[cold]
    fn in_vain(&mut self, _now: f64) {
        self.in_vain += 1;
    }

    fn tick(&mut self, now: f64) -> bool {
        self.look(now)
    }
}

impl Measure<'_> {
    /// One of the regular instants: slots and stretches that are full are closed.
    fn look(&mut self, now: f64) -> bool {
        self.ticks += 1;
        // Slots and stretches double in length when their number is used up; a stretch is
        // never shorter than a slot, so that it ends where a slot ends.
        if self.ticks.is_multiple_of(1 << self.slots.joined) {
            self.slots.close(now, &self.queues);
        }
        if self.ticks.is_multiple_of(self.stretch_ticks) {
            self.close_stretch(now);
        }
        !self.interrupted.load(Ordering::Relaxed)
    }
}
