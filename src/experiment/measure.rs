//! The observer that measures a replication: it hears the engine's events and keeps books by
//! stretches of time. Constant memory per entity, whatever the length of the run.

use super::segment::{ClassStretch, ClientStretch, Level, PoolStretch, QueueStretch, Stretch, Times};
use crate::model::{Cause, State};
use crate::sim::probe::{ClientEvent, Departure, Probe};
use crate::sim::recursion::{self, Line, Listener, Span, Visit};
use crate::sim::{Finished, Network};
use crate::stats::{BatchSeries, LogHistogram, Tally, TimeAverage, common_cut};
use std::sync::atomic::{AtomicBool, Ordering};

/// Queues up to which MSER-5 watches each queue's wait; above it watches the system's sojourn.
const WATCHED_QUEUES: usize = 64;
/// Time slots of a queue length series: between half and all of that many.
const SLOTS: usize = 512;
/// Slots per stretch, at first.
const SLOTS_PER_STRETCH: usize = 8;
/// Served messages that are entered together.
const TOGETHER: usize = 256;
/// Queues whose length is recorded over time.
pub const CHARTED_QUEUES: usize = 12;

#[derive(Debug, Clone, Default)]
struct TimesTally {
    tally: Tally,
    histogram: LogHistogram,
}

impl TimesTally {
    #[inline]
    fn push(&mut self, x: f64) {
        self.tally.push(x);
        self.histogram.record(x);
    }

    fn extend(&mut self, xs: &[f64]) {
        self.tally.extend(xs);
        self.histogram.extend(xs);
    }

    fn take(&mut self) -> Times {
        Times { moments: std::mem::take(&mut self.tally).moments(), histogram: self.histogram.take() }
    }
}

#[derive(Debug, Clone, Default)]
struct QueueBooks {
    ready: TimeAverage,
    in_system: TimeAverage,
    offered: u64,
    left: [u64; Cause::COUNT],
}

#[derive(Debug, Clone, Default)]
struct ClassBooks {
    wait: TimesTally,
    sojourn: TimesTally,
    attempts: Tally,
}

#[derive(Debug, Clone, Default)]
struct PoolBooks {
    busy: TimeAverage,
    service: Tally,
    response: Tally,
    duplicates: [u64; 2],
}

#[derive(Debug, Clone, Default)]
struct ClientBooks {
    requests: u64,
    timeouts: u64,
    retries: u64,
    gave_up: u64,
    attempts: Tally,
    answered: TimesTally,
}

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
}

/// Ready messages over time: the time average of each slot, per charted queue.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    /// End of each slot, seconds.
    pub ends: Vec<f64>,
    /// Averages, slot-major.
    pub averages: Vec<f64>,
    /// Charted queues.
    pub queues: usize,
    /// Times that neighbouring slots were joined.
    pub joined: u32,
    area: Vec<f64>,
}

/// The closed books of one replication, the start not yet cut off.
#[derive(Debug, Clone)]
pub struct Books {
    stretches: Vec<Stretch>,
    series: Vec<BatchSeries>,
    slots: Slots,
    local: bool,
    finished: Finished,
}

/// What one replication yields.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Everything after the warm-up cut.
    pub kept: Stretch,
    /// Time cut off, seconds.
    pub cut: f64,
    /// Queue lengths over time.
    pub slots: Slots,
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
    pub fn mser(pilot: &[Books]) -> (Cut, bool) {
        let watched = pilot.first().map_or(0, |books| books.series.len());
        let of = |i: usize| common_cut(&pilot.iter().map(|books| &books.series[i]).collect::<Vec<_>>());
        let cuts: Vec<(u64, bool)> = (0..watched).map(of).collect();
        (Cut::Observations(cuts.iter().map(|c| c.0).collect()), cuts.iter().all(|c| c.1))
    }
}

impl Books {
    /// Cuts the start off, rounded up to the next stretch, at most half the run.
    pub fn cut(self, cut: &Cut) -> Measured {
        let wanted = match cut {
            Cut::Time(time) => *time,
            Cut::Observations(counts) => {
                let times = self.series.iter().zip(counts).map(|(series, &n)| series.time_of(n));
                times.fold(0.0, f64::max).min(self.finished.end / 2.0)
            }
        };
        let from = self.stretches.iter().position(|s| s.start >= wanted).unwrap_or(self.stretches.len() - 1);
        let start = self.stretches[from].start;
        let mut kept = Stretch { start, end: start, ..Stretch::default() };
        self.stretches[from..].iter().for_each(|s| kept.merge(s));
        if self.local {
            let classes = kept.sojourn.len();
            let ages = kept.classes.iter().enumerate();
            ages.for_each(|(i, class)| kept.sojourn[i % classes].merge(&class.sojourn));
        }
        Measured { kept, cut: start, slots: self.slots, finished: self.finished }
    }
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
        }
    }

    /// Books for runs in which a message is born and ends at one queue.
    pub fn of_lines(network: &Network, interrupted: &'a AtomicBool) -> Self {
        Measure { local: true, ..Measure::new(network, interrupted) }
    }

    /// Seconds between ticks for a run expected to last that long.
    pub fn tick_for(expected: f64) -> f64 {
        expected / (SLOTS as f64 * 0.75)
    }

    /// Closes the books at the end of the run.
    pub fn finish(mut self, finished: Finished) -> Books {
        self.close_stretch(finished.end);
        Books { stretches: self.stretches, series: self.series, slots: self.slots, local: self.local, finished }
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

fn close_queue(books: &mut QueueBooks, level: impl Fn(&mut TimeAverage) -> Level) -> QueueStretch {
    QueueStretch {
        ready: level(&mut books.ready),
        in_system: level(&mut books.in_system),
        offered: std::mem::take(&mut books.offered),
        left: std::mem::take(&mut books.left),
    }
}

fn close_class(books: &mut ClassBooks) -> ClassStretch {
    ClassStretch {
        wait: books.wait.take(),
        sojourn: books.sojourn.take(),
        attempts: std::mem::take(&mut books.attempts).moments(),
    }
}

fn close_pool(books: &mut PoolBooks, level: impl Fn(&mut TimeAverage) -> Level) -> PoolStretch {
    PoolStretch {
        busy: level(&mut books.busy),
        service: std::mem::take(&mut books.service).moments(),
        response: std::mem::take(&mut books.response).moments(),
        duplicates: std::mem::take(&mut books.duplicates),
    }
}

fn close_client(books: &mut ClientBooks) -> ClientStretch {
    ClientStretch {
        requests: std::mem::take(&mut books.requests),
        timeouts: std::mem::take(&mut books.timeouts),
        retries: std::mem::take(&mut books.retries),
        gave_up: std::mem::take(&mut books.gave_up),
        attempts: std::mem::take(&mut books.attempts).moments(),
        answered: books.answered.take(),
    }
}

/// Sources to keep books of clients for: all, or none.
fn sources_with_clients(network: &Network) -> usize {
    if network.sources.iter().any(|s| s.client.is_some()) { network.sources.len() } else { 0 }
}

impl Slots {
    /// Closes a slot at `now`.
    fn close(&mut self, now: f64, queues: &[QueueBooks]) {
        let length = now - self.ends.last().copied().unwrap_or(0.0);
        for (books, area) in queues.iter().zip(&mut self.area).take(self.queues) {
            let total = books.ready.area(now);
            self.averages.push((total - *area) / length);
            *area = total;
        }
        self.ends.push(now);
        if self.ends.len() == SLOTS {
            self.join();
        }
    }

    /// The integrals start again at 0 with a new stretch.
    fn restart(&mut self) {
        self.area.fill(0.0);
    }

    /// Joins neighbouring slots, which are of equal length.
    pub fn join(&mut self) {
        let n = self.queues;
        let pairs = self.ends.len() / 2;
        self.ends = (0..pairs).map(|i| self.ends[2 * i + 1]).collect();
        let at = |slot: usize, q: usize| self.averages[slot * n + q];
        self.averages = (0..pairs * n).map(|i| (at(2 * (i / n), i % n) + at(2 * (i / n) + 1, i % n)) / 2.0).collect();
        self.joined += 1;
    }
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
    }

    #[inline]
    fn left(&mut self, _now: f64, queue: u32, cause: Cause) {
        self.queues[queue as usize].left[cause as usize] += 1;
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

impl Listener for Measure<'_> {
    fn departed(&mut self, line: Line, visits: &[Visit]) {
        visits.chunks(TOGETHER).for_each(|visits| self.depart(line, visits));
    }

    fn passed(&mut self, line: Line, span: &Span) {
        let add = |average: &mut TimeAverage, level: &recursion::Level| {
            average.add_span(span.until, level.area, level.max, level.last);
        };
        let queue = &mut self.queues[line.queue as usize];
        add(&mut queue.ready, &span.ready);
        add(&mut queue.in_system, &span.in_system);
        add(&mut self.pools[line.pool as usize].busy, &span.busy);
        queue.offered += span.arrivals;
        self.published[line.source as usize] += span.arrivals;
        self.moves[State::Published as usize][State::Ready as usize] += span.arrivals;
        self.moves[State::Ready as usize][State::Delivered as usize] += span.starts;
        self.moves[State::Delivered as usize][State::Running as usize] += span.starts;
        self.dwell[State::Ready as usize] += span.waited;
    }

    fn tick(&mut self, now: f64) -> bool {
        self.look(now)
    }
}

impl Measure<'_> {
    /// Enters served messages into the books, one kind of time after the other.
    fn depart(&mut self, line: Line, visits: &[Visit]) {
        let mut times = [0.0; TOGETHER];
        let mut each = |of: fn(&Visit) -> f64| {
            times.iter_mut().zip(visits).for_each(|(time, visit)| *time = of(visit));
            times
        };
        let n = visits.len();
        let (waits, sojourns, services) = (each(Visit::wait), each(Visit::sojourn), each(Visit::service));
        let books = &mut self.by_class[line.queue as usize * self.classes];
        books.wait.extend(&waits[..n]);
        books.sojourn.extend(&sojourns[..n]);
        books.attempts.push_same(1.0, n as u64);
        let pool = &mut self.pools[line.pool as usize];
        // The pool serves this queue only, whose messages are of one class.
        pool.response = books.sojourn.tally;
        pool.service.extend(&services[..n]);
        self.series[line.queue as usize].extend(visits.iter().map(|visit| visit.end), &waits[..n]);
        self.queues[line.queue as usize].left[Cause::Ack as usize] += n as u64;
        self.ended[State::Acked as usize] += n as u64;
        self.moves[State::Running as usize][State::Acked as usize] += n as u64;
    }

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
