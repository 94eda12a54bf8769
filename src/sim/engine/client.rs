//! Clients that stop waiting: a timer for every message they publish, and another message when it fires
//! unanswered. What was abandoned stays in the broker and is processed all the same.

use super::Engine;
use super::service::jittered;
use crate::model::{Client, State};
use crate::sim::client::ClientRequest;
use crate::sim::event_list::EventKind;
use crate::sim::message::{Message, NONE, flag};
use crate::sim::probe::{ClientEvent, Probe};

impl<P: Probe> Engine<'_, P> {
    fn client_of(&self, source: u32) -> &Client {
        self.network.sources[source as usize].client.as_ref().expect("only sources with clients have requests")
    }

    /// A client publishes its first message for a request. Kept out of the path of those that always wait.
    #[inline(never)]
    pub(super) fn request(&mut self, s: u32, kind: u32, row: u32, member: bool) {
        let request = self.requests.open(self.now, s, kind, row, member);
        self.probe.client(self.now, s, ClientEvent::Requested);
        self.attempt(request);
    }

    /// A client publishes a message and sets its timer.
    fn attempt(&mut self, r: u32) {
        let network = self.network;
        self.requests[r].attempts = self.requests[r].attempts.saturating_add(1);
        let request = self.requests[r];
        let emission = &network.sources[request.source as usize].emissions.kinds[request.kind as usize];
        let timeout = self.client_of(request.source).timeout;
        self.events.schedule(self.now + timeout, EventKind::ClientTimeout, r);
        self.count_publication(request.source);
        let message = Message::new(self.now, emission, r, flag::CLIENT | flag::AWAITED);
        let slot = self.create(Message { born: request.born, ..message });
        self.requests[r].message = slot;
        self.distribute(slot, &emission.targets);
    }

    /// A message of a client has ended: an acknowledgement is an answer if the client still waits.
    #[inline(never)]
    pub(super) fn answer_client(&mut self, message: Message) {
        let acked = message.state == State::Acked;
        if !acked {
            self.probe.unanswered(self.now);
        }
        if !message.has(flag::AWAITED) {
            if acked {
                self.probe.in_vain(self.now);
            }
            return;
        }
        self.requests[message.mark].message = NONE;
        if acked {
            self.requests[message.mark].answered = true;
            let request = self.requests[message.mark];
            let answered = ClientEvent::Answered { attempts: request.attempts, age: self.now - request.born };
            self.settle(request.source, request.member, answered);
        }
    }

    /// A request is over; a member of a closed population goes on with its life.
    fn settle(&mut self, source: u32, member: bool, how: ClientEvent) {
        self.probe.client(self.now, source, how);
        if member {
            self.think(source);
        }
    }

    /// The timer of an attempt fires.
    pub(super) fn time_out(&mut self, r: u32) {
        let request = self.requests[r];
        if request.answered {
            return self.requests.close(r);
        }
        self.abandon(r);
        self.probe.client(self.now, request.source, ClientEvent::TimedOut);
        let client = self.client_of(request.source);
        if client.max_attempts.is_some_and(|most| u32::from(request.attempts) >= most) {
            self.requests.close(r);
            return self.settle(request.source, request.member, ClientEvent::GaveUp { attempts: request.attempts });
        }
        let delay = client.backoff.delay(request.attempts);
        let source = &mut self.sources[request.source as usize];
        let delay = delay.map_or(0.0, |(delay, jitter)| jittered(delay, jitter, || source.jitter()));
        self.events.schedule(self.now + delay, EventKind::ClientRetry, r);
    }

    /// Nobody waits for the message of an attempt any more; it knows its row instead of its request.
    fn abandon(&mut self, r: u32) {
        let ClientRequest { message, row, .. } = self.requests[r];
        if message != NONE {
            let message = &mut self.messages[message];
            message.flags &= !flag::AWAITED;
            message.mark = row;
            self.requests[r].message = NONE;
        }
    }

    /// A client publishes its message again.
    pub(super) fn publish_again(&mut self, r: u32) {
        let source = self.requests[r].source;
        self.probe.client(self.now, source, ClientEvent::Retried);
        self.attempt(r);
    }
}
