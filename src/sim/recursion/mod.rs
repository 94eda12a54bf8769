//! Sample paths without events: the recursions of Lindley (1952) and Kiefer and Wolfowitz (1955).
//!
//! Where messages are served in their order of arrival by one pool and nothing else can happen to
//! them, a message starts when it has arrived and a server is free, and departs one service later:
//! `start = max(arrival, earliest free server)`. So a run is a loop over messages, not over
//! events. The random streams are those of [`Engine`](super::Engine), drawn in the same order, so
//! every message has the very same times there and here.
//!
//! What is observed must come in the order of time, and three clocks run ahead of each other
//! here: arrivals, starts, departures. Each station therefore keeps its times until all three are known up
//! to the next tick (`station.rs`), and the listener gets whole spans between ticks. A level
//! is the difference of two counts, so its integral over a span needs no events:
//! `area = level at the start * length + sum over ins of (end - t) - sum over outs of (end - t)`.

mod producers;
mod refusal;
mod servers;
mod station;

use super::engine::{Finished, RunPlan, Stop};
use super::network::Network;
use crate::model::{Model, State};
use crate::rng::Streams;
use producers::{Fed, Feeds};
pub use refusal::RecursionRefusal;
use station::StationRun;

/// Points of arrival that are drawn together: the arrays of a block stay in the nearest cache.
const BLOCK: usize = 512;

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
    /// One of the regular instants; `false` ends the run at once.
    fn tick(&mut self, now: f64) -> bool;
}

/// A model that recursions can run.
#[derive(Debug, Clone)]
pub struct Recursion {
    network: Network,
    lines: Vec<ServiceLine>,
}

impl Recursion {
    /// Reads a model, or says what it has that a recursion has not.
    pub fn of(model: &Model) -> Result<Recursion, RecursionRefusal> {
        let network = Network::compile(model);
        let lines = refusal::lines(model, &network)?;
        Ok(Recursion { network, lines })
    }

    /// The compiled network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Runs to the end of the plan.
    pub fn run<L: Listener>(&self, streams: &Streams, plan: &RunPlan, listener: &mut L) -> Finished {
        let alone = self.lines.len() == 1;
        let station = |line: &ServiceLine| StationRun::new(*line, &self.network, streams, alone);
        let stations = self.lines.iter().map(station).collect();
        let feeds = Feeds::new(&self.network, &self.lines, streams, plan.stop);
        RecursionRun { feeds, stations, next_tick: plan.tick, broken_off: false, plan, listener }.run()
    }
}

/// One run in progress.
struct RecursionRun<'a, L: Listener> {
    feeds: Feeds,
    stations: Vec<StationRun>,
    next_tick: f64,
    broken_off: bool,
    plan: &'a RunPlan,
    listener: &'a mut L,
}

impl<L: Listener> RecursionRun<'_, L> {
    fn run(mut self) -> Finished {
        loop {
            let fed = self.feeds.fill(&mut self.stations);
            self.stations.iter_mut().for_each(StationRun::serve);
            let Fed::Until(clock) = fed else { break self.end(fed) };
            let known = self.stations.iter_mut().map(|s| s.known_until(clock)).fold(clock, f64::min);
            // A tick comes after everything else at its instant, of which more may follow.
            while self.next_tick < known {
                if !self.tick() {
                    break;
                }
            }
            if self.broken_off {
                break self.finished(self.next_tick);
            }
        }
    }

    /// The span up to the next tick ends.
    fn tick(&mut self) -> bool {
        let now = self.next_tick;
        self.stations.iter_mut().for_each(|station| station.pass(now, self.listener));
        self.next_tick = now + self.plan.tick;
        self.broken_off = !self.listener.tick(now);
        !self.broken_off
    }

    /// The end of the run is known: what is left up to it.
    fn end(mut self, fed: Fed) -> Finished {
        self.stations.iter_mut().for_each(StationRun::drain);
        let last = self.stations.iter().map(StationRun::last_departure).fold(0.0, f64::max);
        let end = match fed {
            Fed::Stopped(end) => end,
            Fed::Until(_) | Fed::Dry => last,
        };
        // The end of a run at a fixed time comes after a tick at that time, other ends before.
        let ticks_at_end = matches!(self.plan.stop, Stop::Horizon(_));
        while self.next_tick < end || (ticks_at_end && self.next_tick == end) {
            if !self.tick() {
                return self.finished(self.next_tick);
            }
        }
        self.stations.iter_mut().for_each(|station| station.pass(end, self.listener));
        self.finished(end)
    }

    /// The account of the run. Events are points of arrival, departures, and the end at a fixed time.
    fn finished(&self, end: f64) -> Finished {
        let (arrived, departed) = self.stations.iter().fold((0, 0), |sum, station| {
            let (arrived, departed) = station.counts();
            (sum.0 + arrived, sum.1 + departed)
        });
        let mut ended = [0; State::COUNT];
        ended[State::Acked as usize] = departed;
        Finished {
            end,
            publications: arrived,
            created: arrived,
            ended,
            in_flight: arrived - departed,
            events: self.feeds.points() + departed + u64::from(matches!(self.plan.stop, Stop::Horizon(_))),
            broken_off: self.broken_off,
        }
    }
}
