//! A message reaches a queue: admitted, refused or sent on; it waits, expires or is dropped.

use super::Engine;
use crate::model::{Cause, Overflow};
use crate::sim::event_list::EventKind;
use crate::sim::message::flag;
use crate::sim::probe::Probe;

impl<P: Probe> Engine<'_, P> {
    /// A message reaches a queue: straight to a free server, else into the buffer if it fits.
    #[inline]
    pub(super) fn offer(&mut self, slot: u32, q: u32) {
        let mut queue = q;
        // A full queue may send the message on to its dead-letter queue, which may be full
        // too; a message that has met every queue without time passing is dropped.
        for _ in 0..=self.network.queues.len() {
            match self.admit(slot, queue) {
                Some(next) => queue = next,
                None => return,
            }
        }
        self.end(slot, Cause::Drop);
    }

    /// Admits a message to a queue, or says to which dead-letter queue it goes instead.
    #[inline]
    pub(super) fn admit(&mut self, slot: u32, q: u32) -> Option<u32> {
        let spec = &self.network.queues[q as usize];
        self.probe.offered(self.now, q);
        let message = &mut self.messages[slot];
        message.queue = q;
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
    pub(super) fn enqueue(&mut self, slot: u32, q: u32) {
        self.advance(slot, Cause::Enqueue);
        let queue = &mut self.queues[q as usize];
        queue.in_system += 1;
        self.probe.in_system(self.now, q, queue.in_system);
        queue.push_back(&mut self.messages, slot);
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    /// A message meets a full queue; returns the queue to which it is dead-lettered, if any.
    pub(super) fn overflow(&mut self, slot: u32, q: u32) -> Option<u32> {
        let spec = &self.network.queues[q as usize];
        match spec.overflow {
            Overflow::DropHead => {
                self.enqueue(slot, q);
                if let Some(oldest) = self.queues[q as usize].pop_lowest(&self.messages) {
                    self.probe.ready(self.now, q, self.queues[q as usize].ready);
                    self.discard_ready(oldest, q, Cause::Drop);
                }
                None
            }
            Overflow::RejectPublishDlx if spec.dead_letter.is_some() => {
                // For this queue it is a refusal, whatever becomes of the message elsewhere.
                self.probe.left(self.now, q, Cause::Refuse);
                self.advance(slot, Cause::DeadLetter);
                self.messages[slot].flags |= flag::DEAD_LETTERED;
                spec.dead_letter
            }
            Overflow::RejectPublish | Overflow::RejectPublishDlx => {
                self.probe.left(self.now, q, Cause::Refuse);
                self.end(slot, Cause::Refuse);
                None
            }
        }
    }

    /// A message that was taken out of a buffer moves to the dead-letter queue or ends.
    pub(super) fn discard_ready(&mut self, slot: u32, q: u32, cause: Cause) {
        self.leave(q, cause);
        match self.network.queues[q as usize].dead_letter {
            Some(next) => self.dead_letter(slot, next),
            None => self.end(slot, cause),
        }
    }

    pub(super) fn dead_letter(&mut self, slot: u32, to: u32) {
        self.advance(slot, Cause::DeadLetter);
        self.messages[slot].flags |= flag::DEAD_LETTERED;
        self.offer(slot, to);
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
            self.discard_ready(slot, q, Cause::Expire);
        }
        self.arm_expiry(q);
    }
}
