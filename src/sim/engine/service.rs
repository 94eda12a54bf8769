//! Servers process messages: delivery, success, failure, retry, onward publication.

use super::Engine;
use super::publish::choose;
use crate::model::{Cause, Jitter};
use crate::sim::event_list::EventKind;
use crate::sim::message::{Message, NONE, flag};
use crate::sim::probe::{Departure, Probe};
use rand::RngExt;

impl<P: Probe> Engine<'_, P> {
    /// A server takes a message: it starts when the delivery latency has passed.
    #[inline]
    pub(super) fn deliver(&mut self, slot: u32, p: u32) {
        let spec = &self.network.pools[p as usize];
        let pool = &mut self.pools[p as usize];
        pool.take(spec);
        self.probe.busy(self.now, p, pool.busy);
        let start = self.now.max(self.messages[slot].since + spec.latency);
        self.messages[slot].waited += start - self.messages[slot].since;
        self.advance(slot, Cause::Deliver);
        self.advance_at(slot, Cause::Start, start);
        let row = self.row(&self.messages[slot]);
        let message = &mut self.messages[slot];
        message.link = p;
        message.attempts = message.attempts.saturating_add(1);
        let class = message.class;
        let repeat = spec.deduplicate && message.has(flag::PROCESSED);
        let pool = &mut self.pools[p as usize];
        let service = if repeat { 0.0 } else { pool.service(spec, class, row) };
        self.events.schedule(start + service, EventKind::ServiceEnd, slot);
    }

    /// The row of a trace that a message takes.
    #[inline]
    pub(super) fn row(&self, message: &Message) -> u32 {
        if message.has(flag::AWAITED) { self.requests[message.mark].row } else { message.mark }
    }

    /// The service of a message ends: done, or failed. Then the server is free again.
    #[inline]
    pub(super) fn complete(&mut self, slot: u32) {
        let network = self.network;
        let message = &self.messages[slot];
        let (p, repeat) = (message.link, message.has(flag::PROCESSED));
        let spec = &network.pools[p as usize];
        let pool = &mut self.pools[p as usize];
        self.probe.served(self.now, p, self.now - message.since);
        if repeat && spec.deduplicate {
            self.probe.duplicate(self.now, p, true);
            self.succeed(slot, p);
        } else if pool.fails(spec.failure) {
            self.fail(slot, p);
        } else {
            if repeat {
                self.probe.duplicate(self.now, p, false);
            }
            if !spec.auto_ack && pool.fails(spec.ack_loss) {
                self.messages[slot].flags |= flag::PROCESSED;
                self.requeue(slot, Cause::AckLost, spec.requeue_head);
            } else {
                self.succeed(slot, p);
            }
        }
        match &spec.turnaround {
            None => self.release(p),
            Some(dist) => {
                let free_at = self.now + self.pools[p as usize].turnaround(dist);
                self.events.schedule(free_at, EventKind::ServerFree, p);
            }
        }
    }

    /// A server is free: it takes the next message, if one is ready.
    #[inline]
    pub(super) fn release(&mut self, p: u32) {
        let spec = &self.network.pools[p as usize];
        let pool = &mut self.pools[p as usize];
        pool.release(spec);
        self.probe.busy(self.now, p, pool.busy);
        // The server may have gone down.
        if pool.free > 0 {
            self.take_next(p);
        }
    }

    /// A free server takes the next message; `false` where none is ready.
    #[inline]
    pub(super) fn take_next(&mut self, p: u32) -> bool {
        let q = self.network.pools[p as usize].queue;
        let queue = &mut self.queues[q as usize];
        let Some(slot) = queue.pop(&self.messages) else { return false };
        self.probe.ready(self.now, q, queue.ready);
        self.deliver(slot, p);
        true
    }

    /// A message is done here: acknowledged, or its successor is published.
    #[inline]
    pub(super) fn succeed(&mut self, slot: u32, p: u32) {
        let network = self.network;
        let emission = match &network.pools[p as usize].onward {
            Some(onward) => {
                let stream = &mut self.pools[p as usize].choice;
                let any = onward.probability >= 1.0 || stream.random::<f64>() < onward.probability;
                any.then(|| choose(onward, stream))
            }
            None => None,
        };
        let Some(emission) = emission else {
            self.depart(slot, Cause::Ack);
            return self.end(slot, Cause::Ack);
        };
        self.depart(slot, Cause::Forward);
        self.advance(slot, Cause::Forward);
        let message = &mut self.messages[slot];
        message.class = emission.class.unwrap_or(message.class);
        message.priority = emission.priority.unwrap_or(message.priority);
        message.flags &= !(flag::PROCESSED | flag::DEAD_LETTERED);
        message.cycle = NONE;
        self.distribute(slot, &emission.targets);
    }

    /// A served message leaves its queue.
    #[inline]
    pub(super) fn depart(&mut self, slot: u32, cause: Cause) {
        let message = &self.messages[slot];
        let departure = Departure {
            queue: self.queue_of(slot),
            pool: message.link,
            class: message.class,
            attempts: message.attempts,
            wait: message.waited,
            sojourn: self.now - message.entered,
        };
        self.probe.departed(self.now, &departure);
        self.leave(departure.queue, cause);
    }

    /// A processing failed: lost, retried at once or later, or given up.
    pub(super) fn fail(&mut self, slot: u32, p: u32) {
        let spec = &self.network.pools[p as usize];
        let message = &self.messages[slot];
        if spec.auto_ack {
            self.depart(slot, Cause::Lose);
            return self.end(slot, Cause::Lose);
        }
        if spec.max_attempts != u16::MAX && message.attempts >= spec.max_attempts {
            return self.give_up(slot, spec.queue);
        }
        match spec.backoff.delay(message.attempts) {
            None => self.requeue(slot, Cause::Requeue, spec.requeue_head),
            Some((delay, jitter)) => {
                let pool = &mut self.pools[p as usize];
                let delay = jittered(delay, jitter, || pool.jitter());
                let q = spec.queue;
                let queue = &mut self.queues[q as usize];
                queue.in_system -= 1;
                self.probe.in_system(self.now, q, queue.in_system);
                self.advance(slot, Cause::Delay);
                self.events.schedule(self.now + delay, EventKind::RetryDue, slot);
            }
        }
    }

    /// The last attempt failed: the consumer rejects the message.
    pub(super) fn give_up(&mut self, slot: u32, q: u32) {
        match self.network.queues[q as usize].dead_letter {
            Some(next) => {
                self.depart(slot, Cause::DeadLetter);
                self.dead_letter(slot);
                self.messages[slot].cycle = NONE;
                self.offer(slot, next);
            }
            None => {
                self.depart(slot, Cause::Drop);
                self.end(slot, Cause::Drop);
            }
        }
    }

    /// The queue of a message that a server took.
    #[inline]
    fn queue_of(&self, slot: u32) -> u32 {
        self.network.pools[self.messages[slot].link as usize].queue
    }

    /// An unacknowledged message returns to its queue at once, to its place or to the tail; its deadline stays.
    pub(super) fn requeue(&mut self, slot: u32, cause: Cause, to_place: bool) {
        self.advance(slot, cause);
        let q = self.queue_of(slot);
        let queue = &mut self.queues[q as usize];
        if !to_place {
            queue.give_last_place(&mut self.messages, slot);
        }
        if let Some(pool) = queue.free_pool(&self.network.queues[q as usize], &self.pools) {
            return self.deliver(slot, pool);
        }
        if to_place {
            queue.restore(&mut self.messages, slot);
        } else {
            queue.push_back(&mut self.messages, slot);
        }
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    /// A message returns from its back-off to the tail of its queue, with a new deadline.
    pub(super) fn return_delayed(&mut self, slot: u32) {
        let q = self.queue_of(slot);
        let spec = &self.network.queues[q as usize];
        self.advance(slot, Cause::RetryDue);
        self.messages[slot].deadline = self.now + spec.ttl;
        let queue = &mut self.queues[q as usize];
        queue.give_last_place(&mut self.messages, slot);
        queue.in_system += 1;
        self.probe.in_system(self.now, q, queue.in_system);
        if let Some(pool) = queue.free_pool(spec, &self.pools) {
            return self.deliver(slot, pool);
        }
        queue.push_back(&mut self.messages, slot);
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }
}

/// A back-off with its jitter; `uniform` draws from [0, 1).
pub(super) fn jittered(delay: f64, jitter: Jitter, uniform: impl FnOnce() -> f64) -> f64 {
    match jitter {
        Jitter::None => delay,
        Jitter::Full => delay * uniform(),
        Jitter::Equal => delay * (1.0 + uniform()) / 2.0,
    }
}
