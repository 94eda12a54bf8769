//! What splitting observes of a path: how near the rare event is, and weighted sums of time, losses and busy cycles.

use crate::model::Cause;
use crate::sim::probe::Probe;

/// What is rare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RareEvent {
    /// More than so many messages in a queue, ready or with a consumer; in all queues together where none is named.
    InSystem(Option<u32>, u32),
    /// More than so many ready messages in a queue.
    Ready(u32, u32),
    /// A message that a full queue refuses or drops.
    Loss(u32),
}

impl RareEvent {
    /// The queue whose messages say how near it is; all of them where none is named.
    fn queue(self) -> Option<u32> {
        match self {
            RareEvent::InSystem(queue, _) => queue,
            RareEvent::Ready(queue, _) | RareEvent::Loss(queue) => Some(queue),
        }
    }
}

/// Weighted sums over a part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct RareSums {
    /// Time, seconds.
    pub time: f64,
    /// Time during which the event held, seconds.
    pub held: f64,
    /// Messages offered to the queue.
    pub offered: f64,
    /// Messages that it lost because it was full.
    pub lost: f64,
    /// Busy cycles begun: arrivals at an empty system.
    pub cycles: f64,
    /// Busy cycles in which the event happened.
    pub reached: f64,
}

impl RareSums {
    /// Adds those of another part.
    pub(crate) fn add(&mut self, other: &RareSums) {
        let RareSums { time, held, offered, lost, cycles, reached } = other;
        self.time += time;
        self.held += held;
        self.offered += offered;
        self.lost += lost;
        self.cycles += cycles;
        self.reached += reached;
    }
}

/// The observer of one path and its branches.
#[derive(Debug, Clone)]
pub(crate) struct RareWatch {
    event: RareEvent,
    place: Place,
    /// What an observation counts now.
    weight: f64,
    /// Sums since they were last taken.
    sums: RareSums,
    /// Weighted time by how near the event was.
    occupation: Vec<f64>,
}

/// What belongs to the state of the path: a branch begins with that of its trunk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// Messages by queue, ready or with a consumer.
    in_system: Vec<u32>,
    /// Messages of all queues.
    total: u32,
    /// Ready messages in the queue of the event.
    ready: u32,
    /// Losses at this instant.
    lost: u32,
    /// How near the event was at the last observation.
    near: u32,
    /// Whether it held then.
    holds: bool,
    /// Whether a busy cycle goes on, and whether the event has happened in it.
    busy: bool,
    reached: bool,
    /// Time of the last observation, seconds.
    since: f64,
}

impl RareWatch {
    /// The observer of a network of so many queues.
    pub(crate) fn new(event: RareEvent, queues: usize) -> RareWatch {
        let place = Place { in_system: vec![0; queues], ..Place::default() };
        RareWatch { event, place, weight: 1.0, sums: RareSums::default(), occupation: vec![0.0] }
    }

    /// How near the event is: messages in its queue, or in all, at the last observation.
    #[inline]
    pub(crate) fn nearness(&self) -> u32 {
        self.place.near
    }

    #[inline]
    fn messages(&self) -> u32 {
        self.event.queue().map_or(self.place.total, |queue| self.place.in_system[queue as usize])
    }

    /// Where the path is.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Goes back to where a path was.
    pub(crate) fn go_back(&mut self, to: &Place) {
        self.place.clone_from(to);
    }

    /// From now on an observation counts that much.
    pub(crate) fn weigh(&mut self, weight: f64) {
        self.weight = weight;
    }

    /// The sums since they were last taken.
    pub(crate) fn take(&mut self) -> RareSums {
        std::mem::take(&mut self.sums)
    }

    /// Weighted time by how near the event was.
    pub(crate) fn occupation(&self) -> &[f64] {
        &self.occupation
    }

    /// Looks at the state after everything that an event did: what was only in between does not count.
    #[inline]
    pub(crate) fn observe(&mut self, now: f64) {
        self.add_time(now);
        self.place.near = self.messages();
        self.see();
    }

    /// Adds the time since the last observation, in the state of then.
    #[inline]
    fn add_time(&mut self, now: f64) {
        let time = self.weight * (now - self.place.since);
        self.place.since = now;
        self.sums.time += time;
        self.sums.held += if self.place.holds { time } else { 0.0 };
        let near = self.place.near as usize;
        if near >= self.occupation.len() {
            self.occupation.resize(near + 1, 0.0);
        }
        self.occupation[near] += time;
    }

    /// Whether the event holds, and whether a busy cycle begins, sees it, or ends.
    #[inline]
    fn see(&mut self) {
        let place = &mut self.place;
        let lost = std::mem::take(&mut place.lost);
        place.holds = match self.event {
            RareEvent::InSystem(Some(queue), above) => place.in_system[queue as usize] > above,
            RareEvent::InSystem(None, above) => place.total > above,
            RareEvent::Ready(_, above) => place.ready > above,
            RareEvent::Loss(_) => false,
        };
        if place.total > 0 && !place.busy {
            (place.busy, place.reached) = (true, false);
            self.sums.cycles += self.weight;
        }
        if place.busy && !place.reached && (place.holds || lost > 0) {
            place.reached = true;
            self.sums.reached += self.weight;
        }
        place.busy &= place.total > 0;
    }
}

impl Probe for RareWatch {
    #[inline]
    fn offered(&mut self, _now: f64, queue: u32) {
        if self.event.queue() == Some(queue) {
            self.sums.offered += self.weight;
        }
    }

    #[inline]
    fn ready(&mut self, _now: f64, queue: u32, level: u32) {
        if self.event.queue() == Some(queue) {
            self.place.ready = level;
        }
    }

    #[inline]
    fn in_system(&mut self, _now: f64, queue: u32, level: u32) {
        let before = std::mem::replace(&mut self.place.in_system[queue as usize], level);
        self.place.total = self.place.total - before + level;
    }

    #[inline]
    fn left(&mut self, _now: f64, queue: u32, cause: Cause) {
        if self.event.queue() == Some(queue) && matches!(cause, Cause::Refuse | Cause::Drop) {
            self.sums.lost += self.weight;
            self.place.lost += 1;
        }
    }
}
