//! What an observer of a run is called for. Every method does nothing by default and is called
//! through a generic parameter, so what nobody observes costs nothing.

use crate::model::{Cause, State};

/// How a message left a queue after having been served there.
#[derive(Debug, Clone, Copy)]
pub struct Departure {
    /// Queue it leaves.
    pub queue: u32,
    /// Pool that served it last.
    pub pool: u32,
    /// Its class.
    pub class: u16,
    /// Deliveries it took.
    pub attempts: u16,
    /// Wait summed over attempts, seconds.
    pub wait: f64,
    /// From entering the queue to now, seconds.
    pub sojourn: f64,
}

/// A message that is still at a queue when a run ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remaining {
    /// The queue.
    pub queue: u32,
    /// The pool whose server it holds; `None` while it waits or backs off.
    pub server: Option<u32>,
    /// Wait so far, summed over attempts, seconds.
    pub wait: f64,
    /// From entering the queue to the end, seconds.
    pub sojourn: f64,
    /// How long its present service has lasted, seconds.
    pub served: f64,
}

/// What a client that may stop waiting does, or is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClientEvent {
    /// It published its first message for a request.
    Requested,
    /// It stopped waiting for the message of an attempt.
    TimedOut,
    /// It published a message again.
    Retried,
    /// The message of the present attempt was acknowledged: the request is over.
    Answered {
        /// Messages it took.
        attempts: u16,
        /// Seconds since the first of them was published.
        age: f64,
    },
    /// Its last attempt timed out: the request is over.
    GaveUp {
        /// Messages it took.
        attempts: u16,
    },
}

/// Observer of a run. Times are simulated seconds and never go back.
pub trait Probe {
    /// A source published a message (once per publication, whatever the number of copies).
    #[inline]
    fn published(&mut self, _now: f64, _source: u32) {}
    /// A message reached a queue (accepted or not).
    #[inline]
    fn offered(&mut self, _now: f64, _queue: u32) {}
    /// The number of ready messages changed.
    #[inline]
    fn ready(&mut self, _now: f64, _queue: u32, _level: u32) {}
    /// The number of messages ready or with a consumer changed.
    #[inline]
    fn in_system(&mut self, _now: f64, _queue: u32, _level: u32) {}
    /// The number of taken servers changed.
    #[inline]
    fn busy(&mut self, _now: f64, _pool: u32, _level: u32) {}
    /// A server was held for `service` seconds by one delivery.
    #[inline]
    fn served(&mut self, _now: f64, _pool: u32, _service: f64) {}
    /// A message left a queue after being served.
    #[inline]
    fn departed(&mut self, _now: f64, _departure: &Departure) {}
    /// A message left a queue for `cause`, served or not.
    #[inline]
    fn left(&mut self, _now: f64, _queue: u32, _cause: Cause) {}
    /// A message changed state after `dwell` seconds in the old one.
    #[inline]
    fn moved(&mut self, _from: State, _to: State, _dwell: f64) {}
    /// A message reached a final state, `age` seconds after the birth of its root.
    #[inline]
    fn ended(&mut self, _now: f64, _outcome: State, _class: u16, _age: f64) {}
    /// A delivery of a message that had been processed before: processed again, or discarded.
    #[inline]
    fn duplicate(&mut self, _now: f64, _pool: u32, _discarded: bool) {}
    /// Something happened to a request of a client that may stop waiting.
    #[inline]
    fn client(&mut self, _now: f64, _source: u32, _event: ClientEvent) {}
    /// A message of such a client was acknowledged and is no answer: it was abandoned before, or is
    /// one more copy.
    #[inline]
    fn in_vain(&mut self, _now: f64) {}
    /// A message of such a client ended without acknowledgement.
    #[inline]
    fn unanswered(&mut self, _now: f64) {}
    /// The run ends while a message is at a queue.
    #[inline]
    fn remained(&mut self, _message: &Remaining) {}
    /// One of the regular instants at which an observer may close a batch.
    /// Returning `false` ends the run at once.
    #[inline]
    fn tick(&mut self, _now: f64) -> bool {
        true
    }
}

/// Observes nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Probe for Silent {}
