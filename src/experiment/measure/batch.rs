//! What is measured, by queue, class, pool and client. Each statistic is declared here once, entered by [`Measure`]
//! and read by the summary. A run is a row of batches of time, which are merged from the warm-up cut to the end: so it
//! is measured in one pass although the cut is known only when it is over.
//!
//! [`Measure`]: super::Measure

use crate::model::{Cause, State};
use crate::stats::{Accumulator, LogHistogram, Tally, TimeAverage, accumulators};
use std::borrow::Cow;

accumulators! {
    /// Times of one kind: moments and quantiles.
    pub struct Times {
        /// Moments.
        pub moments: Tally,
        /// Quantiles.
        pub histogram: LogHistogram,
    }

    /// What happened at one queue.
    pub struct QueueAccumulator {
        /// Ready messages.
        pub ready: TimeAverage,
        /// Ready and unacknowledged messages.
        pub in_system: TimeAverage,
        /// Whether the number was as is asked for, by event.
        pub events: Vec<TimeAverage>,
        /// Messages that reached it.
        pub offered: u64,
        /// Messages that left it, by [`Cause`].
        pub left: [u64; Cause::COUNT],
    }

    /// What happened to one class at one queue.
    pub struct ClassAccumulator {
        /// Wait, summed over attempts.
        pub wait: Times,
        /// From entering to leaving.
        pub sojourn: Times,
        /// Deliveries per message.
        pub attempts: Tally,
    }

    /// What happened at one pool of servers.
    pub struct PoolAccumulator {
        /// Taken servers.
        pub busy: TimeAverage,
        /// Service times, per delivery.
        pub service: Tally,
        /// Sojourn of the messages it served.
        pub response: Tally,
        /// Repeats processed again, and discarded.
        pub duplicates: [u64; 2],
    }

    /// What became of the requests of one source whose clients stop waiting.
    pub struct ClientAccumulator {
        /// First publications.
        pub requests: u64,
        /// Messages abandoned, or ended without an answer.
        pub timeouts: u64,
        /// Further publications.
        pub retries: u64,
        /// Requests given up.
        pub gave_up: u64,
        /// Messages per request that is over.
        pub attempts: Tally,
        /// From the first publication to the answer.
        pub answered: Times,
    }

    /// What happened during one batch of a run.
    pub struct Batch {
        /// When.
        pub period: BatchPeriod,
        /// By queue.
        pub queues: Vec<QueueAccumulator>,
        /// By queue and class, queue-major.
        pub classes: Vec<ClassAccumulator>,
        /// By pool.
        pub pools: Vec<PoolAccumulator>,
        /// Publications by source.
        pub published: Vec<u64>,
        /// Requests by source; empty where no client stops waiting.
        pub clients: Vec<ClientAccumulator>,
        /// Acknowledged messages that nobody waited for.
        pub in_vain: u64,
        /// Messages of clients that may stop waiting which ended without acknowledgement.
        pub unanswered: u64,
        /// Age of acknowledged messages, by class.
        pub sojourn: Vec<Times>,
        /// Ends, by state.
        pub ended: [u64; State::COUNT],
        /// Moves between states.
        pub moves: [[u64; State::COUNT]; State::COUNT],
        /// Time spent in states, summed over the visits that ended.
        pub dwell: [f64; State::COUNT],
    }
}

impl Times {
    /// Adds one time.
    #[inline]
    pub fn push(&mut self, x: f64) {
        self.moments.push(x);
        self.histogram.record(x);
    }

    /// Adds times.
    pub fn extend(&mut self, xs: &[f64]) {
        self.moments.extend(xs);
        self.histogram.extend(xs);
    }
}

impl Batch {
    /// Seconds.
    pub fn length(&self) -> f64 {
        self.period.end - self.period.start
    }

    /// Of what is over, how much was acknowledged, and all of it. A request of a client that may stop waiting counts
    /// once, however often it was published: acknowledged if that was in time, not if it was given up.
    pub fn acknowledged(&self) -> (u64, u64) {
        let ended: u64 = self.ended.iter().sum();
        let gave_up: u64 = self.clients.iter().map(|client| client.gave_up).sum();
        (self.ended[State::Acked as usize] - self.in_vain, ended - self.in_vain - self.unanswered + gave_up)
    }

    /// The classes of a queue.
    pub fn classes_of(&self, queue: usize) -> &[ClassAccumulator] {
        &self.classes[queue * self.sojourn.len()..(queue + 1) * self.sojourn.len()]
    }

    /// Every class of a queue together; borrowed where there is one class, as in most models.
    pub fn at_queue(&self, queue: usize) -> Cow<'_, ClassAccumulator> {
        together(self.classes_of(queue))
    }

    /// The age of acknowledged messages of every class.
    pub fn every_class(&self) -> Cow<'_, Times> {
        together(&self.sojourn)
    }
}

/// All of them as one; borrowed where there is one.
fn together<T: Accumulator + Clone + Default>(parts: &[T]) -> Cow<'_, T> {
    if let [only] = parts {
        return Cow::Borrowed(only);
    }
    let mut all = T::default();
    parts.iter().for_each(|part| all.merge(part));
    Cow::Owned(all)
}

/// From when to when a batch lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BatchPeriod {
    /// Start, seconds.
    pub start: f64,
    /// End, seconds.
    pub end: f64,
}

impl Accumulator for BatchPeriod {
    fn close(&mut self, now: f64) -> Self {
        BatchPeriod { start: std::mem::replace(&mut self.start, now), end: now }
    }

    fn merge(&mut self, other: &Self) {
        if self.end <= self.start {
            self.start = other.start;
        }
        self.end = other.end;
    }
}
