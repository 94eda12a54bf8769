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
mod visit;

use super::engine::{Finished, RunPlan, Stop};
use super::network::Network;
use crate::model::{Model, State};
use crate::rng::Streams;
use producers::{Fed, Feeds};
pub use refusal::RecursionRefusal;
use station::StationRun;
pub(crate) use visit::{LevelSpan, Listener, ServiceLine, Span, VisitTimes};

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
        let last = self.stations.iter().map(|station| station.last_departure).fold(0.0, f64::max);
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
        self.stations.iter().for_each(|station| station.tell_rest(end, self.listener));
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
            events: self.feeds.points + departed + u64::from(matches!(self.plan.stop, Stop::Horizon(_))),
            broken_off: self.broken_off,
            standstill: false,
        }
    }
}
