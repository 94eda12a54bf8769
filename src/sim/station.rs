//! What a queue and a pool of servers remember during a run.

use super::message::{Fifo, Messages};
use super::network::{Network, PoolSpec, QueueSpec, SourceSpec};
use super::source::ArrivalSampler;
use crate::dist::Dist;
use crate::dist::solve::unit_exponential;
use crate::model::ServiceTime;
use crate::rng::{Purpose, Stream, Streams};
use rand::RngExt;

/// A queue during a run: one FIFO per priority level.
#[derive(Debug, Clone)]
pub(crate) struct QueueState {
    levels: Box<[Fifo]>,
    /// Ready messages.
    pub ready: u32,
    /// Messages ready or with a consumer.
    pub in_system: u32,
    /// Whether an expiry timer is running.
    pub timer: bool,
    next_pool: usize,
    next_place: u32,
}

impl QueueState {
    /// An empty queue.
    pub(crate) fn new(spec: &QueueSpec) -> QueueState {
        let levels = vec![Fifo::default(); usize::from(spec.levels)].into();
        QueueState { levels, ready: 0, in_system: 0, timer: false, next_pool: 0, next_place: 0 }
    }

    /// The level of a priority. One above the highest level counts as the highest, as AMQP has it;
    /// only a message that kept its priority from another queue can have one.
    fn level(&mut self, priority: u8) -> &mut Fifo {
        let level = usize::from(priority).min(self.levels.len() - 1);
        &mut self.levels[level]
    }

    /// Gives a message the place behind all others.
    #[inline]
    pub(crate) fn give_last_place(&mut self, messages: &mut Messages, slot: u32) {
        messages[slot].place = self.next_place;
        self.next_place = self.next_place.wrapping_add(1);
    }

    /// Adds a ready message, which has the last place, at the tail of its level.
    #[inline]
    pub(crate) fn push_back(&mut self, messages: &mut Messages, slot: u32) {
        let priority = messages[slot].priority;
        self.level(priority).push_back(messages, slot);
        self.ready += 1;
    }

    /// Puts a ready message back to its place in its level.
    pub(crate) fn restore(&mut self, messages: &mut Messages, slot: u32) {
        let priority = messages[slot].priority;
        self.level(priority).restore(messages, slot);
        self.ready += 1;
    }

    /// Takes the next message to serve: oldest of the highest level.
    #[inline]
    pub(crate) fn pop(&mut self, messages: &Messages) -> Option<u32> {
        if self.ready == 0 {
            return None;
        }
        self.ready -= 1;
        self.levels.iter_mut().rev().find_map(|level| level.pop_front(messages))
    }

    /// Every ready message.
    pub(crate) fn ready_slots(&self, messages: &Messages) -> impl Iterator<Item = u32> {
        self.levels.iter().flat_map(move |level| level.slots(messages))
    }

    /// Takes the message that a full queue drops: oldest of the lowest level.
    pub(crate) fn pop_lowest(&mut self, messages: &Messages) -> Option<u32> {
        let slot = self.levels.iter_mut().find_map(|level| level.pop_front(messages))?;
        self.ready -= 1;
        Some(slot)
    }

    /// Takes a message at the head of a level whose deadline has passed, if there is one.
    pub(crate) fn pop_expired(&mut self, messages: &Messages, now: f64) -> Option<u32> {
        let due = |level: &&mut Fifo| level.head().is_some_and(|slot| messages[slot].deadline <= now);
        let slot = self.levels.iter_mut().find(due)?.pop_front(messages)?;
        self.ready -= 1;
        Some(slot)
    }

    /// The earliest deadline at the head of a level.
    pub(crate) fn next_deadline(&self, messages: &Messages) -> Option<f64> {
        self.levels.iter().filter_map(|level| Some(messages[level.head()?].deadline)).min_by(f64::total_cmp)
    }

    /// A pool with a free server, looked for in turn after the one that got the last message.
    #[inline]
    pub(crate) fn free_pool(&mut self, spec: &QueueSpec, pools: &[PoolState]) -> Option<u32> {
        if let [only] = *spec.pools {
            return (pools[only as usize].free > 0).then_some(only);
        }
        let n = spec.pools.len();
        let turn = (0..n).map(|i| (self.next_pool + i) % n).find(|&i| pools[spec.pools[i] as usize].free > 0)?;
        self.next_pool = turn + 1;
        Some(spec.pools[turn])
    }
}

/// Draws after which a service that has lasted long keeps the end that it has.
const MOST_REJECTIONS: usize = 64;

/// A pool of servers during a run.
#[derive(Debug, Clone)]
pub(crate) struct PoolState {
    /// Servers without a message.
    pub free: u32,
    /// Servers taken.
    pub busy: u32,
    /// Servers that disruptions hold down.
    down: u32,
    /// How many of these still have a message to finish, or a turnaround.
    owed: u32,
    /// Times as long as usual that a service takes which begins now.
    pub pace: f64,
    service: Stream,
    failure: Stream,
    backoff: Stream,
    turnaround: Stream,
    /// Stream of onward publications.
    pub choice: Stream,
}

impl PoolState {
    /// An idle pool with its streams.
    pub(crate) fn new(spec: &PoolSpec, streams: &Streams) -> PoolState {
        let open = |purpose| streams.open(&spec.name, purpose);
        PoolState {
            free: spec.servers,
            busy: 0,
            down: 0,
            owed: 0,
            pace: 1.0,
            service: open(Purpose::Service),
            failure: open(Purpose::Failure),
            backoff: open(Purpose::Backoff),
            turnaround: open(Purpose::Turnaround),
            choice: open(Purpose::Choice),
        }
    }

    /// Its streams.
    pub(crate) fn streams(&mut self) -> impl Iterator<Item = &mut Stream> {
        let PoolState { service, failure, backoff, turnaround, choice, .. } = self;
        [service, failure, backoff, turnaround, choice].into_iter()
    }

    /// Takes a server.
    #[inline]
    pub(crate) fn take(&mut self, spec: &PoolSpec) {
        self.busy += 1;
        if spec.servers != u32::MAX {
            self.free -= 1;
        }
    }

    /// Gives a server back, unless it goes down.
    #[inline]
    pub(crate) fn release(&mut self, spec: &PoolSpec) {
        self.busy -= 1;
        if self.owed > 0 {
            self.owed -= 1;
        } else if spec.servers != u32::MAX {
            self.free += 1;
        }
    }

    /// Holds `down` servers down in all, `u32::MAX` for all of them, after `crashed` taken ones were
    /// given up. Idle servers go down at once, taken ones when they are released.
    pub(crate) fn hold_down(&mut self, spec: &PoolSpec, down: u32, crashed: u32) {
        self.busy -= crashed;
        let down = down.min(spec.servers);
        let (before, now) = (self.down, down);
        self.down = down;
        if spec.servers == u32::MAX {
            self.free = if down > 0 { 0 } else { u32::MAX };
        } else if now >= before {
            let more = now - before - crashed;
            let idle = more.min(self.free);
            self.free -= idle;
            self.owed += more - idle;
        } else {
            let back = before - now;
            let kept = back.min(self.owed);
            self.owed -= kept;
            self.free += back - kept;
        }
    }

    /// Servers that disruptions hold down.
    pub(crate) fn down(&self) -> u32 {
        self.down
    }

    /// The service time of a message: drawn, or that of its row.
    #[inline]
    pub(crate) fn service(&mut self, spec: &PoolSpec, class: u16, row: u32) -> f64 {
        let usual = match spec.service.of(class) {
            ServiceTime::Drawn(dist) => dist.sample(&mut self.service),
            // A model has a recorded time for every message that can come here.
            ServiceTime::Recorded(times) => times[row as usize],
        };
        usual * self.pace
    }

    /// A service time of those that are longer than the time that it has lasted; `None` where none is drawn. Of other laws than
    /// the exponential by rejection, which may give up: whether it does depends on nothing that is known of the service.
    pub(crate) fn drawn_anew(&mut self, spec: &PoolSpec, class: u16, lasted: f64) -> Option<f64> {
        let ServiceTime::Drawn(dist) = spec.service.of(class) else { return None };
        if self.pace != 1.0 {
            return None;
        }
        if let Dist::Exponential(mean) = dist {
            return Some(lasted + mean * unit_exponential(&mut self.service));
        }
        (0..MOST_REJECTIONS).map(|_| dist.sample(&mut self.service)).find(|time| *time > lasted)
    }

    /// Draws whether a processing fails.
    #[inline]
    pub(crate) fn fails(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.failure.random::<f64>() < probability
    }

    /// Draws a uniform number for the jitter of a back-off.
    pub(crate) fn jitter(&mut self) -> f64 {
        self.backoff.random()
    }

    /// Draws a turnaround time.
    #[inline]
    pub(crate) fn turnaround(&mut self, dist: &Dist) -> f64 {
        dist.sample(&mut self.turnaround)
    }
}

/// A source during a run.
#[derive(Debug, Clone)]
pub(crate) struct SourceState {
    /// When it publishes next.
    pub process: ArrivalSampler,
    /// Stream of arrival times.
    pub arrivals: Stream,
    /// Stream of message kinds.
    pub choice: Stream,
    /// Messages published so far; those of a client count once, however often it publishes them.
    pub published: u32,
    backoff: Option<Stream>,
}

impl SourceState {
    /// A source at time 0.
    pub(crate) fn new(spec: &SourceSpec, streams: &Streams) -> SourceState {
        let mut arrivals = streams.open(&spec.name, Purpose::Arrivals);
        let process = ArrivalSampler::new(&spec.arrivals, &mut arrivals);
        // A consumer may have the same name, but no entity has a blank in it.
        let backoff = spec.client.is_some().then(|| streams.open(&format!("clients {}", spec.name), Purpose::Backoff));
        SourceState { process, arrivals, choice: streams.open(&spec.name, Purpose::Choice), published: 0, backoff }
    }

    /// When it publishes next, drawn anew; `None` where that depends on when it did last.
    pub(crate) fn drawn_anew(&mut self, now: f64) -> Option<f64> {
        self.process.drawn_anew(now, &mut self.arrivals)
    }

    /// Its streams.
    pub(crate) fn streams(&mut self) -> impl Iterator<Item = &mut Stream> {
        [&mut self.arrivals, &mut self.choice].into_iter().chain(&mut self.backoff)
    }

    /// Draws a uniform number for the jitter of a client's back-off.
    pub(crate) fn jitter(&mut self) -> f64 {
        self.backoff.as_mut().map_or(0.0, RngExt::random)
    }
}

/// The state of every entity at time 0.
pub(crate) fn initial(network: &Network, streams: &Streams) -> (Vec<SourceState>, Vec<QueueState>, Vec<PoolState>) {
    (
        network.sources.iter().map(|s| SourceState::new(s, streams)).collect(),
        network.queues.iter().map(QueueState::new).collect(),
        network.pools.iter().map(|p| PoolState::new(p, streams)).collect(),
    )
}
