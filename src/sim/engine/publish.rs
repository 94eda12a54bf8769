//! Sources publish: when, what, and into which queues the copies go.

use super::Engine;
use crate::dist::solve::pick;
use crate::model::Cause;
use crate::rng::Stream;
use crate::sim::event_list::EventKind;
use crate::sim::message::{Message, flag};
use crate::sim::network::{Emission, Emissions};
use crate::sim::probe::Probe;
use rand::RngExt;

impl<P: Probe> Engine<'_, P> {
    pub(super) fn start_source(&mut self, s: u32) {
        self.schedule_arrival(s);
        if let Some((population, _)) = self.network.sources[s as usize].closed {
            (0..population).for_each(|_| self.think(s));
        }
    }

    #[inline]
    pub(super) fn schedule_arrival(&mut self, s: u32) {
        let source = &mut self.sources[s as usize];
        if let Some(time) = source.process.next(self.now, &mut source.arrivals) {
            self.events.schedule(time, EventKind::Arrival, s);
        }
    }

    /// A member of a closed population thinks before its next message.
    pub(super) fn think(&mut self, s: u32) {
        let source = &mut self.sources[s as usize];
        if let Some((_, think)) = &self.network.sources[s as usize].closed {
            let time = self.now + think.sample(&mut source.arrivals);
            self.events.schedule(time, EventKind::MemberArrival, s);
        }
    }

    #[inline]
    pub(super) fn arrive(&mut self, s: u32) {
        let source = &mut self.sources[s as usize];
        let batch = source.process.batch(&mut source.arrivals);
        (0..batch).for_each(|_| self.publish(s));
        self.schedule_arrival(s);
    }

    /// A source publishes one message: one copy per queue that its exchange matches.
    #[inline]
    pub(super) fn publish(&mut self, s: u32) {
        let network = self.network;
        let spec = &network.sources[s as usize];
        let source = &mut self.sources[s as usize];
        let kind = choose_index(&spec.emissions, &mut source.choice);
        let row = source.published;
        source.published += 1;
        if spec.client.is_some() {
            return self.request(s, kind as u32, row, spec.closed.is_some());
        }
        // A member's message remembers its source, so that the member learns of its end.
        let (mark, flags) = if spec.closed.is_some() { (s, flag::MEMBER) } else { (row, 0) };
        self.emit(s, &spec.emissions.kinds[kind], mark, flags);
    }

    /// A message of a source comes into being and goes to its queues.
    #[inline]
    pub(super) fn emit(&mut self, s: u32, emission: &Emission, mark: u32, flags: u8) {
        self.count_publication(s);
        let message = Message::new(self.now, emission, mark, flags);
        let first = self.create(message);
        self.distribute(first, &emission.targets);
    }

    #[inline]
    pub(super) fn count_publication(&mut self, s: u32) {
        self.done.publications += 1;
        self.probe.published(self.now, s);
    }

    pub(super) fn create(&mut self, message: Message) -> u32 {
        self.done.created += 1;
        self.messages.insert(message)
    }

    /// Sends a published message to its queues; copies beyond the first are new messages.
    #[inline]
    pub(super) fn distribute(&mut self, slot: u32, targets: &[u32]) {
        let Some((&first, others)) = targets.split_first() else {
            return self.end(slot, Cause::NoRoute);
        };
        for &queue in others {
            let mut copy = self.messages[slot];
            // A member of a closed population and a client wait for the first copy only.
            copy.mark = self.row(&copy);
            copy.flags &= !(flag::MEMBER | flag::AWAITED);
            let copy = self.create(copy);
            self.offer(copy, queue);
        }
        self.offer(slot, first);
    }
}

/// Draws what is published.
#[inline]
pub(super) fn choose<'n>(emissions: &'n Emissions, stream: &mut Stream) -> &'n Emission {
    &emissions.kinds[choose_index(emissions, stream)]
}

/// Draws which kind is published.
#[inline]
pub(super) fn choose_index(emissions: &Emissions, stream: &mut Stream) -> usize {
    if emissions.kinds.len() == 1 {
        return 0;
    }
    pick(&emissions.cumulative, stream.random())
}
