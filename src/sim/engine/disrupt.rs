//! Disruptions: servers go down and come back, services slow down, producers publish more for a while.
//! Everything here happens a few times per run, so it may look at every scheduled event.

use super::Engine;
use super::publish::choose_index;
use crate::dist::solve::unit_exponential;
use crate::model::{Cause, Disruption, Effect};
use crate::rng::{Purpose, Stream, Streams};
use crate::sim::event_list::{Event, EventKind};
use crate::sim::network::PoolSpec;
use crate::sim::probe::Probe;

/// A disruption during a run.
#[derive(Debug, Clone)]
pub(super) struct DisruptionState {
    active: bool,
    burst: Option<BurstState>,
}

/// The messages that a burst publishes: a source of its own, so that the producer's numbers stay as they are.
#[derive(Debug, Clone)]
struct BurstState {
    arrivals: Stream,
    choice: Stream,
    published: u32,
}

impl DisruptionState {
    /// A disruption that has not begun.
    pub fn new(disruption: &Disruption, streams: &Streams) -> DisruptionState {
        // No entity has a blank in its name, so this one is nobody's.
        let open = |purpose| streams.open(&format!("disruption {}", disruption.name), purpose);
        let burst = || BurstState { arrivals: open(Purpose::Arrivals), choice: open(Purpose::Choice), published: 0 };
        DisruptionState { active: false, burst: matches!(disruption.effect, Effect::Burst { .. }).then(burst) }
    }
}

impl<P: Probe> Engine<'_, P> {
    /// Slowdowns come first, so that servers which come back at the same instant work at the pace that then holds.
    pub(super) fn schedule_disruptions(&mut self) {
        let mut order: Vec<usize> = (0..self.network.disruptions.len()).collect();
        order.sort_by_key(|&d| !matches!(self.network.disruptions[d].effect, Effect::Slowdown { .. }));
        for d in order {
            let Disruption { at, lasts, .. } = self.network.disruptions[d];
            self.events.schedule(at, EventKind::DisruptionBegin, d as u32);
            self.events.schedule(at + lasts, EventKind::DisruptionEnd, d as u32);
        }
    }

    pub(super) fn begin_disruption(&mut self, d: u32) {
        self.disruptions[d as usize].active = true;
        match self.network.disruptions[d as usize].effect {
            Effect::ServersDown { consumer, requeue, .. } => self.take_down(consumer as u32, requeue),
            Effect::Slowdown { consumer, .. } => self.set_pace(consumer),
            Effect::Burst { rate, .. } => self.schedule_extra(d, rate),
        }
    }

    pub(super) fn end_disruption(&mut self, d: u32) {
        self.disruptions[d as usize].active = false;
        match self.network.disruptions[d as usize].effect {
            Effect::ServersDown { consumer, .. } => self.bring_back(consumer as u32),
            Effect::Slowdown { consumer, .. } => self.set_pace(consumer),
            // Its next message would come after its end.
            Effect::Burst { .. } => {}
        }
    }

    fn active(&self) -> impl Iterator<Item = &Effect> {
        let all = self.network.disruptions.iter().zip(&self.disruptions);
        all.filter(|(_, state)| state.active).map(|(disruption, _)| &disruption.effect)
    }

    /// Servers of a pool that are to be down: outages add up.
    fn wanted_down(&self, p: u32) -> u32 {
        let of = |effect: &Effect| match *effect {
            Effect::ServersDown { consumer, servers, .. } if consumer == p as usize => servers.unwrap_or(u32::MAX),
            _ => 0,
        };
        let sum = self.active().map(of).fold(0, u32::saturating_add);
        sum.min(self.network.pools[p as usize].servers)
    }

    /// More servers of a pool go down: idle ones at once, taken ones when they are free. In a crash
    /// servers with a message go first, those that have held theirs longest.
    fn take_down(&mut self, p: u32, crash: bool) {
        let network = self.network;
        let spec = &network.pools[p as usize];
        let down = self.wanted_down(p);
        let more = down - self.pools[p as usize].down();
        let dropped = if crash { self.interrupt(p, more) } else { Vec::new() };
        let pool = &mut self.pools[p as usize];
        pool.hold_down(spec, down, dropped.len() as u32);
        self.probe.busy(self.now, p, pool.busy);
        dropped.iter().rev().for_each(|event| self.put_back(event.index, spec));
        self.dispatch(spec.queue);
    }

    /// Withdraws the ends of service of at most `most` messages of a pool, those delivered first.
    fn interrupt(&mut self, p: u32, most: u32) -> Vec<Event> {
        let messages = &self.messages;
        let of_pool = |event: &Event| event.kind() == EventKind::ServiceEnd && messages[event.index].link == p;
        let mut serving = self.events.withdraw(of_pool);
        for event in serving.drain((most as usize).min(serving.len())..) {
            self.events.restore(event);
        }
        serving
    }

    /// A message whose server went down returns to its place in its queue; without anyone to return it, it is lost.
    fn put_back(&mut self, slot: u32, spec: &PoolSpec) {
        let message = &mut self.messages[slot];
        // Delivered but not yet started: the rest of the latency is not waited.
        let early = (message.since - self.now).max(0.0);
        message.waited -= early;
        message.since -= early;
        if spec.auto_ack {
            self.depart(slot, Cause::Lose);
            return self.end(slot, Cause::Lose);
        }
        let q = spec.queue;
        self.advance(slot, Cause::Requeue);
        let queue = &mut self.queues[q as usize];
        queue.restore(&mut self.messages, slot);
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    /// Servers come back and take what waits.
    fn bring_back(&mut self, p: u32) {
        let down = self.wanted_down(p);
        let spec = &self.network.pools[p as usize];
        self.pools[p as usize].hold_down(spec, down, 0);
        self.dispatch(spec.queue);
    }

    /// Free servers take ready messages.
    fn dispatch(&mut self, q: u32) {
        let spec = &self.network.queues[q as usize];
        while self.queues[q as usize].ready > 0 {
            let Some(p) = self.queues[q as usize].free_pool(spec, &self.pools) else { return };
            self.take_next(p);
        }
    }

    /// Slowdowns multiply.
    fn set_pace(&mut self, consumer: usize) {
        let of = |effect: &Effect| match *effect {
            Effect::Slowdown { consumer: c, factor } if c == consumer => Some(factor),
            _ => None,
        };
        let pace = self.active().filter_map(of).product();
        self.pools[consumer].pace = pace;
    }

    /// The next message of a burst, if it comes before the end.
    fn schedule_extra(&mut self, d: u32, rate: f64) {
        let Disruption { at, lasts, .. } = self.network.disruptions[d as usize];
        let Some(burst) = &mut self.disruptions[d as usize].burst else { return };
        let next = self.now + unit_exponential(&mut burst.arrivals) / rate;
        if next < at + lasts {
            self.events.schedule(next, EventKind::BurstArrival, d);
        }
    }

    /// A burst publishes a message of its producer's kinds.
    pub(super) fn publish_extra(&mut self, d: u32) {
        let network = self.network;
        let Effect::Burst { producer, rate } = network.disruptions[d as usize].effect else { return };
        let Some(burst) = &mut self.disruptions[d as usize].burst else { return };
        let source = &network.sources[producer];
        let kind = choose_index(&source.emissions, &mut burst.choice);
        let row = burst.published;
        burst.published += 1;
        if source.client.is_some() {
            self.request(producer as u32, kind as u32, row, false);
        } else {
            self.emit(producer as u32, &source.emissions.kinds[kind], row, 0);
        }
        self.schedule_extra(d, rate);
    }
}
