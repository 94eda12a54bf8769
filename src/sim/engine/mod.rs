//! The engine: pop an event, advance the clock, act. Every message moves through the
//! lifecycle table and every move is counted, so the ledger balances by construction and the
//! final count checks it.
//!
//! The hot path allocates nothing and looks up no string; what it costs is reported by
//! `cargo bench --bench engine`.

mod buffer;
mod client;
mod disrupt;
mod publish;
mod rest;
mod service;
mod snapshot;

pub(crate) use snapshot::KeptInstant;

use super::client::ClientRequests;
use super::disruption::DisruptionState;
use super::event_list::{Event, EventKind, EventList};
use super::message::{Messages, flag};
use super::network::Network;
use super::probe::Probe;
use super::station::{self, PoolState, QueueState, SourceState};
use crate::model::{Cause, Lifecycle, State};
use crate::rng::Streams;

/// When a run ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stop {
    /// At the publication of that many messages.
    Published(u64),
    /// At that time, seconds.
    Horizon(f64),
    /// When nothing can happen any more.
    Drained,
}

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunPlan {
    /// When to end.
    pub stop: Stop,
    /// Seconds between two ticks of the observer (> 0).
    pub tick: f64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finished {
    /// Simulated time, seconds.
    pub end: f64,
    /// Publications by sources.
    pub publications: u64,
    /// Messages (copies) created.
    pub created: u64,
    /// Messages by final state, in the order of [`State::ALL`]; others are 0.
    pub ended: [u64; State::COUNT],
    /// Messages still in flight.
    pub in_flight: u64,
    /// Events executed.
    pub events: u64,
    /// Whether the observer broke the run off.
    pub broken_off: bool,
    /// Whether events followed one another without end while no time passed.
    pub standstill: bool,
}

/// Events at one instant from which on they are taken to have no end, and as many times the messages there are: those
/// of a batch that is served at once are fewer.
const MOST_AT_ONCE: u64 = 20_000_000;
/// See [`MOST_AT_ONCE`].
const MOST_PER_MESSAGE: u64 = 16;

/// One run in progress.
pub struct Engine<'a, P: Probe> {
    network: &'a Network,
    probe: &'a mut P,
    now: f64,
    events: EventList,
    messages: Messages,
    sources: Vec<SourceState>,
    queues: Vec<QueueState>,
    pools: Vec<PoolState>,
    disruptions: Vec<DisruptionState>,
    requests: ClientRequests,
    /// Events since time last passed.
    at_once: u64,
    done: Finished,
}

impl<'a, P: Probe> Engine<'a, P> {
    /// An empty system at time 0 with its first arrivals scheduled.
    pub fn new(network: &'a Network, streams: &Streams, probe: &'a mut P) -> Self {
        let (sources, queues, pools) = station::initial(network, streams);
        let done = Finished {
            end: 0.0,
            publications: 0,
            created: 0,
            ended: [0; State::COUNT],
            in_flight: 0,
            events: 0,
            broken_off: false,
            standstill: false,
        };
        let (events, messages) = (EventList::default(), Messages::default());
        let disruptions = network.disruptions.iter().map(|d| DisruptionState::new(d, streams)).collect();
        let requests = ClientRequests::default();
        let (now, at_once) = (0.0, 0);
        let mut engine = Engine {
            network,
            probe,
            now,
            events,
            messages,
            sources,
            queues,
            pools,
            disruptions,
            requests,
            at_once,
            done,
        };
        (0..network.sources.len() as u32).for_each(|s| engine.start_source(s));
        engine.schedule_disruptions();
        engine
    }

    /// Runs to the end of the plan.
    pub fn run(mut self, plan: &RunPlan) -> Finished {
        let limit = match plan.stop {
            Stop::Published(n) => n,
            _ => u64::MAX,
        };
        if let Stop::Horizon(end) = plan.stop {
            self.events.schedule(end, EventKind::Horizon, 0);
        }
        self.events.schedule(plan.tick, EventKind::Tick, 0);
        while self.done.publications < limit && self.step(plan) {}
        self.tell_rest();
        self.done.end = self.now;
        self.done.in_flight = self.messages.live();
        self.done
    }

    /// Executes the next event; `false` when the run is over.
    #[inline]
    fn step(&mut self, plan: &RunPlan) -> bool {
        let Some(event) = self.events.pop() else { return false };
        if event.kind() == EventKind::Tick {
            return self.tick(event.time, plan);
        }
        self.execute(event)
    }

    /// Executes the next event of a run without end, which has no ticks; `false` when nothing can happen any more.
    #[inline]
    pub(crate) fn step_on(&mut self) -> bool {
        self.events.pop().is_some_and(|event| self.execute(event))
    }

    /// The simulated time, seconds.
    pub(crate) fn now(&self) -> f64 {
        self.now
    }

    /// The observer.
    pub(crate) fn probe(&mut self) -> &mut P {
        self.probe
    }

    /// What was counted so far.
    pub(crate) fn counted(&self) -> &Finished {
        &self.done
    }

    #[inline]
    fn execute(&mut self, event: Event) -> bool {
        debug_assert!(event.time >= self.now, "time never goes back");
        self.at_once = if event.time > self.now { 0 } else { self.at_once + 1 };
        if self.at_once > MOST_AT_ONCE && self.stands_still() {
            return false;
        }
        self.now = event.time;
        self.done.events += 1;
        match event.kind() {
            EventKind::ServiceEnd => self.complete(event.index),
            EventKind::Arrival => self.arrive(event.index),
            EventKind::ServerFree => self.release(event.index),
            EventKind::RetryDue => self.return_delayed(event.index),
            EventKind::Expiry => self.expire_due(event.index),
            EventKind::MemberArrival => self.publish(event.index),
            EventKind::ClientTimeout => self.time_out(event.index),
            EventKind::ClientRetry => self.publish_again(event.index),
            EventKind::BurstArrival => self.publish_extra(event.index),
            EventKind::DisruptionBegin => self.begin_disruption(event.index),
            EventKind::DisruptionEnd => self.end_disruption(event.index),
            EventKind::Tick | EventKind::Horizon => return false,
        }
        true
    }

    /// Whether more happens at one instant than the messages can be the cause of.
    #[cold]
    fn stands_still(&mut self) -> bool {
        self.done.standstill = self.at_once > MOST_PER_MESSAGE * self.messages.live();
        self.done.standstill
    }

    /// Calls the observer, unless nothing else can happen any more.
    fn tick(&mut self, time: f64, plan: &RunPlan) -> bool {
        if self.events.is_empty() {
            return false;
        }
        self.now = time;
        self.events.schedule(time + plan.tick, EventKind::Tick, 0);
        let go_on = self.probe.tick(time);
        self.done.broken_off |= !go_on;
        go_on
    }

    #[inline]
    pub(super) fn advance(&mut self, slot: u32, cause: Cause) {
        self.advance_at(slot, cause, self.now);
    }

    /// Moves a message through the transition table at `time`.
    #[inline]
    pub(super) fn advance_at(&mut self, slot: u32, cause: Cause, time: f64) {
        let message = &mut self.messages[slot];
        let from = message.state;
        let to = Lifecycle::next(from, cause).expect("the engine asks only for moves that the table has");
        self.probe.moved(from, to, time - message.since);
        message.state = to;
        message.since = time;
    }

    /// A message reaches a final state.
    #[inline]
    pub(super) fn end(&mut self, slot: u32, cause: Cause) {
        self.advance(slot, cause);
        let message = self.messages[slot];
        self.done.ended[message.state as usize] += 1;
        self.probe.ended(self.now, message.state, message.class, self.now - message.born);
        self.messages.remove(slot);
        if message.has(flag::CLIENT) {
            self.answer_client(message);
        } else if message.has(flag::MEMBER) {
            self.think(message.mark);
        }
    }
}
