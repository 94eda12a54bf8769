//! A message reaches a queue: admitted, refused or sent on; it waits, expires or is dropped.

use super::Engine;
use crate::model::{Cause, Overflow};
use crate::sim::event_list::EventKind;
use crate::sim::message::{NONE, flag};
use crate::sim::probe::Probe;

impl<P: Probe> Engine<'_, P> {
    /// A message reaches a queue, and others may be pushed on from queue to queue for it.
    #[inline]
    pub(super) fn offer(&mut self, slot: u32, q: u32) {
        let mut next = self.admit(slot, q);
        while let Some((slot, q)) = next {
            next = self.admit(slot, q);
        }
    }

    /// A message reaches a queue: straight to a free server, else into the buffer if it fits. Returns the message
    /// that is dead-lettered for it, and where to.
    #[inline]
    fn admit(&mut self, slot: u32, q: u32) -> Option<(u32, u32)> {
        let spec = &self.network.queues[q as usize];
        self.probe.offered(self.now, q);
        let message = &mut self.messages[slot];
        message.entered = self.now;
        message.deadline = self.now + spec.ttl;
        message.waited = 0.0;
        message.attempts = 0;
        if spec.parking && message.has(flag::DEAD_LETTERED) {
            self.probe.left(self.now, q, Cause::Park);
            self.end(slot, Cause::Park);
            return None;
        }
        let queue = &mut self.queues[q as usize];
        queue.give_last_place(&mut self.messages, slot);
        if let Some(pool) = queue.free_pool(spec, &self.pools) {
            queue.in_system += 1;
            self.probe.in_system(self.now, q, queue.in_system);
            self.advance(slot, Cause::Enqueue);
            self.deliver(slot, pool);
            return None;
        }
        if queue.ready < spec.max_length {
            self.enqueue(slot, q);
            return None;
        }
        self.overflow(slot, q)
    }

    /// A message joins the tail of a queue.
    #[inline]
    fn enqueue(&mut self, slot: u32, q: u32) {
        self.advance(slot, Cause::Enqueue);
        let queue = &mut self.queues[q as usize];
        queue.in_system += 1;
        self.probe.in_system(self.now, q, queue.in_system);
        queue.push_back(&mut self.messages, slot);
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    /// A message meets a full queue; returns the message that is dead-lettered, and where to.
    fn overflow(&mut self, slot: u32, q: u32) -> Option<(u32, u32)> {
        let spec = &self.network.queues[q as usize];
        match spec.overflow {
            Overflow::DropHead => {
                self.enqueue(slot, q);
                let oldest = self.queues[q as usize].pop_lowest(&self.messages)?;
                self.probe.ready(self.now, q, self.queues[q as usize].ready);
                self.discard_ready(oldest, q, Cause::Drop)
            }
            Overflow::RejectPublish | Overflow::RejectPublishDlx => {
                // For this queue it is a refusal, whatever becomes of the message elsewhere.
                self.probe.left(self.now, q, Cause::Refuse);
                match spec.dead_letter.filter(|_| spec.overflow == Overflow::RejectPublishDlx) {
                    Some(next) => self.die(slot, q, next),
                    None => {
                        self.end(slot, Cause::Refuse);
                        None
                    }
                }
            }
        }
    }

    /// A message that was taken out of a buffer moves to the dead-letter queue or ends.
    fn discard_ready(&mut self, slot: u32, q: u32, cause: Cause) -> Option<(u32, u32)> {
        self.leave(q, cause);
        let Some(next) = self.network.queues[q as usize].dead_letter else {
            self.end(slot, cause);
            return None;
        };
        self.die(slot, q, next)
    }

    /// A message dies in a queue by expiry or overflow and goes on to the next one. It is dropped where that closes
    /// a cycle in which no consumer rejected it, as RabbitMQ does. Its way is given by where it began, so the first
    /// queue of a cycle in which it died is the first that it meets again.
    fn die(&mut self, slot: u32, q: u32, next: u32) -> Option<(u32, u32)> {
        self.dead_letter(slot);
        let message = &mut self.messages[slot];
        if message.cycle == NONE && self.network.queues[q as usize].cyclic {
            message.cycle = q;
        }
        if message.cycle == next {
            self.end(slot, Cause::Drop);
            return None;
        }
        Some((slot, next))
    }

    pub(super) fn dead_letter(&mut self, slot: u32) {
        self.advance(slot, Cause::DeadLetter);
        self.messages[slot].flags |= flag::DEAD_LETTERED;
    }

    /// A message leaves the system of a queue.
    #[inline]
    pub(super) fn leave(&mut self, q: u32, cause: Cause) {
        let queue = &mut self.queues[q as usize];
        queue.in_system -= 1;
        self.probe.in_system(self.now, q, queue.in_system);
        self.probe.left(self.now, q, cause);
    }

    /// Keeps one timer per queue that has a time to live and something to expire. It may fire
    /// early (its message was served); then it is set anew.
    #[inline]
    pub(super) fn arm_expiry(&mut self, q: u32) {
        let queue = &mut self.queues[q as usize];
        if self.network.queues[q as usize].ttl == f64::INFINITY || queue.timer {
            return;
        }
        if let Some(deadline) = queue.next_deadline(&self.messages) {
            queue.timer = true;
            self.events.schedule(deadline.max(self.now), EventKind::Expiry, q);
        }
    }

    pub(super) fn expire_due(&mut self, q: u32) {
        self.queues[q as usize].timer = false;
        while let Some(slot) = self.queues[q as usize].pop_expired(&self.messages, self.now) {
            self.probe.ready(self.now, q, self.queues[q as usize].ready);
            if let Some((slot, next)) = self.discard_ready(slot, q, Cause::Expire) {
                self.offer(slot, next);
            }
        }
        self.arm_expiry(q);
    }
}
