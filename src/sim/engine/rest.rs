//! What is still at the queues when a run ends.

use super::Engine;
use crate::model::State;
use crate::sim::message::Message;
use crate::sim::probe::{Probe, Remaining};

impl<P: Probe> Engine<'_, P> {
    /// Tells the observer of every message that is still there.
    pub(super) fn tell_rest(&mut self) {
        for q in 0..self.queues.len() {
            for slot in self.queues[q].ready_slots(&self.messages) {
                let message = &self.messages[slot];
                let wait = message.waited + (self.now - message.since);
                self.probe.remained(&self.remaining(message, q as u32, None, wait));
            }
        }
        for message in self.messages.live_slots().filter(|message| message.state != State::Ready) {
            let queue = self.network.pools[message.link as usize].queue;
            let server = (message.state == State::Running).then_some(message.link);
            self.probe.remained(&self.remaining(message, queue, server, message.waited));
        }
    }

    fn remaining(&self, message: &Message, queue: u32, server: Option<u32>, wait: f64) -> Remaining {
        let served = server.map_or(0.0, |_| self.now - message.since);
        Remaining { queue, server, wait, sojourn: self.now - message.entered, served }
    }
}
