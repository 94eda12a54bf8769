//! What a recursion says of a run: the times of each message, levels over spans of time, and who listens.

/// Points of arrival that are drawn together: the arrays of a block stay in the nearest cache.
pub(super) const BLOCK: usize = 512;

/// One queue with the producer that feeds it and the pool that serves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLine {
    /// The producer.
    pub source: u32,
    /// The queue.
    pub queue: u32,
    /// The pool of servers.
    pub pool: u32,
}

/// The times of one served message, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VisitTimes {
    /// When it entered the queue.
    pub arrival: f64,
    /// When its service started.
    pub start: f64,
    /// When it departed.
    pub end: f64,
}

impl VisitTimes {
    /// From entering to starting, seconds.
    #[inline]
    pub fn wait(&self) -> f64 {
        self.start - self.arrival
    }

    /// From starting to departing, seconds.
    #[inline]
    pub fn service(&self) -> f64 {
        self.end - self.start
    }

    /// From entering to departing, seconds.
    #[inline]
    pub fn sojourn(&self) -> f64 {
        self.end - self.arrival
    }
}

/// A level during a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LevelSpan {
    /// Its integral.
    pub area: f64,
    /// Its largest value, the one at the start included.
    pub max: f64,
    /// Its value at the end.
    pub last: f64,
}

/// What went on at a queue between two ticks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Span {
    /// When it ended, seconds.
    pub until: f64,
    /// Messages that arrived.
    pub arrivals: u64,
    /// Messages whose service started.
    pub starts: u64,
    /// Their waits, summed.
    pub waited: f64,
    /// Messages waiting.
    pub ready: LevelSpan,
    /// Messages waiting or in service.
    pub in_system: LevelSpan,
    /// Servers taken.
    pub busy: LevelSpan,
}

/// Observer of a run. Spans of one queue follow each other without a gap; of one span it gets
/// the departures first, then the span, then (of every queue) the tick.
pub trait Listener {
    /// Messages that left a queue during the present span, in the order in which they left.
    fn departed(&mut self, line: ServiceLine, visits: &[VisitTimes]);
    /// The present span of a queue ends.
    fn passed(&mut self, line: ServiceLine, span: &Span);
    /// Whether every number of messages at this queue is wanted, not only its integral.
    fn counts(&self, line: ServiceLine) -> bool;
    /// The number of waiting messages changed; before the span in which it did.
    fn ready(&mut self, now: f64, line: ServiceLine, level: u32);
    /// The number of messages waiting or in service changed; before the span in which it did.
    fn in_system(&mut self, now: f64, line: ServiceLine, level: u32);
    /// The run ends at `now` while these messages are at a queue.
    fn remained(&mut self, now: f64, line: ServiceLine, visits: &[VisitTimes]);
    /// One of the regular instants; `false` ends the run at once.
    fn tick(&mut self, now: f64) -> bool;
}
