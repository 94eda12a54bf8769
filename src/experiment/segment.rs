//! What is measured during one stretch of a run. Stretches are merged afterwards, from the
//! warm-up cut to the end, so a run is measured in one pass although the cut is known only
//! when it is over.

use crate::model::{Cause, State};
use crate::stats::{LogHistogram, Moments};

/// Times of one kind: moments and histogram.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// Moments.
    pub moments: Moments,
    /// Quantiles.
    pub histogram: LogHistogram,
}

impl Times {
    /// Adds what `other` holds.
    pub fn merge(&mut self, other: &Times) {
        self.moments.merge(&other.moments);
        self.histogram.merge(&other.histogram);
    }
}

/// A level over time: integral and largest value.
#[derive(Debug, Clone, Copy, Default)]
pub struct Level {
    /// Integral over the stretch.
    pub area: f64,
    /// Largest value.
    pub max: f64,
}

impl Level {
    fn merge(&mut self, other: &Level) {
        self.area += other.area;
        self.max = self.max.max(other.max);
    }
}

/// What happened at one queue.
#[derive(Debug, Clone, Default)]
pub struct QueueStretch {
    /// Ready messages.
    pub ready: Level,
    /// Ready and unacknowledged messages.
    pub in_system: Level,
    /// Messages that reached it.
    pub offered: u64,
    /// Messages that left it, by [`Cause`].
    pub left: [u64; Cause::COUNT],
}

/// What happened to one class at one queue.
#[derive(Debug, Clone, Default)]
pub struct ClassStretch {
    /// Wait, summed over attempts.
    pub wait: Times,
    /// From entering to leaving.
    pub sojourn: Times,
    /// Deliveries per message.
    pub attempts: Moments,
}

/// What happened at one pool of servers.
#[derive(Debug, Clone, Default)]
pub struct PoolStretch {
    /// Taken servers.
    pub busy: Level,
    /// Service times, per delivery.
    pub service: Moments,
    /// Sojourn of the messages it served.
    pub response: Moments,
    /// Repeats processed again, and discarded.
    pub duplicates: [u64; 2],
}

/// What became of the requests of one source whose clients do not wait for ever.
#[derive(Debug, Clone, Default)]
pub struct ClientStretch {
    /// First publications.
    pub requests: u64,
    /// Messages abandoned, or ended without an answer.
    pub timeouts: u64,
    /// Further publications.
    pub retries: u64,
    /// Requests given up.
    pub gave_up: u64,
    /// Messages per request that is over.
    pub attempts: Moments,
    /// From the first publication to the answer.
    pub answered: Times,
}

/// One stretch of a run.
#[derive(Debug, Clone, Default)]
pub struct Stretch {
    /// Start, seconds.
    pub start: f64,
    /// End, seconds.
    pub end: f64,
    /// By queue.
    pub queues: Vec<QueueStretch>,
    /// By queue and class, queue-major.
    pub classes: Vec<ClassStretch>,
    /// By pool.
    pub pools: Vec<PoolStretch>,
    /// Publications by source.
    pub published: Vec<u64>,
    /// Requests by source; empty where every client waits for ever.
    pub clients: Vec<ClientStretch>,
    /// Acknowledged messages that nobody waited for.
    pub in_vain: u64,
    /// Age of acknowledged messages, by class.
    pub sojourn: Vec<Times>,
    /// Ends, by state.
    pub ended: [u64; State::COUNT],
    /// Moves between states.
    pub moves: [[u64; State::COUNT]; State::COUNT],
    /// Time spent in states, summed over the visits that ended.
    pub dwell: [f64; State::COUNT],
}

fn merge_all<T: Default>(mine: &mut Vec<T>, theirs: &[T], merge: impl Fn(&mut T, &T)) {
    mine.resize_with(theirs.len().max(mine.len()), T::default);
    mine.iter_mut().zip(theirs).for_each(|(m, t)| merge(m, t));
}

impl Stretch {
    /// Length, seconds.
    pub fn length(&self) -> f64 {
        self.end - self.start
    }

    /// Appends the stretch that follows.
    pub fn merge(&mut self, next: &Stretch) {
        if self.queues.is_empty() && self.end == 0.0 {
            self.start = next.start;
        }
        self.end = next.end;
        merge_all(&mut self.queues, &next.queues, QueueStretch::merge);
        merge_all(&mut self.classes, &next.classes, ClassStretch::merge);
        merge_all(&mut self.pools, &next.pools, PoolStretch::merge);
        merge_all(&mut self.published, &next.published, |m, t| *m += t);
        merge_all(&mut self.clients, &next.clients, ClientStretch::merge);
        self.in_vain += next.in_vain;
        merge_all(&mut self.sojourn, &next.sojourn, Times::merge);
        add(&mut self.ended, &next.ended);
        self.moves.iter_mut().zip(&next.moves).for_each(|(m, t)| add(m, t));
        self.dwell.iter_mut().zip(&next.dwell).for_each(|(m, t)| *m += t);
    }
}

fn add<const N: usize>(mine: &mut [u64; N], theirs: &[u64; N]) {
    mine.iter_mut().zip(theirs).for_each(|(m, t)| *m += t);
}

impl QueueStretch {
    fn merge(&mut self, next: &QueueStretch) {
        self.ready.merge(&next.ready);
        self.in_system.merge(&next.in_system);
        self.offered += next.offered;
        add(&mut self.left, &next.left);
    }
}

impl ClassStretch {
    /// Adds another class or the stretch that follows.
    pub fn merge(&mut self, next: &ClassStretch) {
        self.wait.merge(&next.wait);
        self.sojourn.merge(&next.sojourn);
        self.attempts.merge(&next.attempts);
    }
}

impl ClientStretch {
    fn merge(&mut self, next: &ClientStretch) {
        self.requests += next.requests;
        self.timeouts += next.timeouts;
        self.retries += next.retries;
        self.gave_up += next.gave_up;
        self.attempts.merge(&next.attempts);
        self.answered.merge(&next.answered);
    }
}

impl PoolStretch {
    fn merge(&mut self, next: &PoolStretch) {
        self.busy.merge(&next.busy);
        self.service.merge(&next.service);
        self.response.merge(&next.response);
        add(&mut self.duplicates, &next.duplicates);
    }
}
