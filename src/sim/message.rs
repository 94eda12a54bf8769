//! Messages in flight: 64-byte slots in one slab, linked into queues by index, so that a
//! waiting message costs one slot and an empty queue nothing.

use super::network::Emission;
use crate::model::State;

/// No message.
pub(crate) const NONE: u32 = u32::MAX;

/// Marks of a message, as bits.
pub(crate) mod flag {
    /// Has been processed successfully before (its acknowledgement was lost).
    pub(crate) const PROCESSED: u8 = 1;
    /// Came through a dead-letter route.
    pub(crate) const DEAD_LETTERED: u8 = 2;
    /// Belongs to a member of a closed population, who waits for it to end.
    pub(crate) const MEMBER: u8 = 4;
    /// Was published by a client that may stop waiting.
    pub(crate) const CLIENT: u8 = 8;
    /// Its client still waits for it: its mark is the request it belongs to.
    pub(crate) const AWAITED: u8 = 16;
}

/// A message: one copy, in one queue at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    /// When its root was published, seconds.
    pub born: f64,
    /// When it first entered its present queue.
    pub entered: f64,
    /// When it entered its present state.
    pub since: f64,
    /// Wait in the present queue, summed over attempts.
    pub waited: f64,
    /// When it expires if still ready.
    pub deadline: f64,
    /// Next in its queue, or in the list of free slots; once a server took it, the pool of that server.
    pub link: u32,
    /// Its place in its queue: see [`Fifo::restore`].
    pub place: u32,
    /// First queue of a dead-letter cycle in which it died since a consumer rejected it.
    pub cycle: u32,
    /// Number among its source's messages: the row of a trace. While somebody waits for it: who.
    pub mark: u32,
    /// Class.
    pub class: u16,
    /// Deliveries in the present queue.
    pub attempts: u16,
    /// Priority, higher first.
    pub priority: u8,
    /// Where it is in its life.
    pub state: State,
    /// See [`flag`].
    pub flags: u8,
}

impl Message {
    /// A message published now.
    #[inline]
    pub(crate) fn new(now: f64, emission: &Emission, mark: u32, flags: u8) -> Message {
        Message {
            born: now,
            entered: now,
            since: now,
            waited: 0.0,
            deadline: f64::INFINITY,
            link: NONE,
            place: 0,
            cycle: NONE,
            mark,
            class: emission.class.unwrap_or(0),
            attempts: 0,
            priority: emission.priority.unwrap_or(0),
            state: State::Published,
            flags,
        }
    }

    /// Whether a mark is set.
    #[inline]
    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// The slab of messages: freed slots are used again, the last freed first (it is in cache).
#[derive(Debug, Clone)]
pub(crate) struct Messages {
    slots: Vec<Message>,
    free: u32,
    live: u32,
}

impl Default for Messages {
    fn default() -> Self {
        Messages { slots: Vec::new(), free: NONE, live: 0 }
    }
}

impl Messages {
    /// Stores a message and returns its slot.
    #[inline]
    pub(crate) fn insert(&mut self, message: Message) -> u32 {
        self.live += 1;
        if self.free == NONE {
            self.slots.push(message);
            return (self.slots.len() - 1) as u32;
        }
        let slot = self.free;
        self.free = self.slots[slot as usize].link;
        self.slots[slot as usize] = message;
        slot
    }

    /// Frees a slot.
    #[inline]
    pub(crate) fn remove(&mut self, slot: u32) {
        self.slots[slot as usize].link = self.free;
        self.free = slot;
        self.live -= 1;
    }

    /// Every message in flight: one that was removed is in a final state.
    pub(crate) fn live_slots(&self) -> impl Iterator<Item = &Message> {
        self.slots.iter().filter(|message| !message.state.is_final())
    }

    /// How many messages are in flight.
    pub(crate) fn live(&self) -> u64 {
        u64::from(self.live)
    }
}

impl std::ops::Index<u32> for Messages {
    type Output = Message;
    #[inline]
    fn index(&self, slot: u32) -> &Message {
        &self.slots[slot as usize]
    }
}

impl std::ops::IndexMut<u32> for Messages {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Message {
        &mut self.slots[slot as usize]
    }
}

/// A first-in first-out list of messages, linked through their slots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fifo {
    head: u32,
    tail: u32,
}

impl Default for Fifo {
    fn default() -> Self {
        Fifo { head: NONE, tail: NONE }
    }
}

impl Fifo {
    /// The oldest message, if any.
    #[inline]
    pub(crate) fn head(&self) -> Option<u32> {
        (self.head != NONE).then_some(self.head)
    }

    /// Appends a message.
    #[inline]
    pub(crate) fn push_back(&mut self, messages: &mut Messages, slot: u32) {
        messages[slot].link = NONE;
        if self.head == NONE {
            self.head = slot;
        } else {
            messages[self.tail].link = slot;
        }
        self.tail = slot;
    }

    /// Puts a message back where it was: behind all with a lower place. Those are messages that came back
    /// before and still wait, so few are passed.
    pub(crate) fn restore(&mut self, messages: &mut Messages, slot: u32) {
        let (mut before, mut next) = (NONE, self.head);
        while next != NONE && precedes(messages[next].place, messages[slot].place) {
            (before, next) = (next, messages[next].link);
        }
        messages[slot].link = next;
        match before {
            NONE => self.head = slot,
            before => messages[before].link = slot,
        }
        if next == NONE {
            self.tail = slot;
        }
    }

    /// Every message, the oldest first.
    pub(crate) fn slots(&self, messages: &Messages) -> impl Iterator<Item = u32> {
        let next = |slot: &u32| Some(messages[*slot].link).filter(|&next| next != NONE);
        std::iter::successors(self.head(), next)
    }

    /// Takes the oldest message.
    #[inline]
    pub(crate) fn pop_front(&mut self, messages: &Messages) -> Option<u32> {
        let slot = self.head()?;
        self.head = messages[slot].link;
        Some(slot)
    }
}

/// Whether one place comes before another. Places are counted on from 0 beyond the largest number, so the
/// distance decides: right as long as fewer than 2^31 messages enter the queue while one of them is in it.
#[inline]
fn precedes(one: u32, other: u32) -> bool {
    one.wrapping_sub(other) > u32::MAX / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places on either side of the largest number; they come back in any order.
    #[test]
    fn messages_return_to_their_places() {
        let mut messages = Messages::default();
        let emission = Emission { class: None, priority: None, targets: [].into() };
        let first = u32::MAX - 2;
        let slots: Vec<u32> = (0..6)
            .map(|i| {
                let place = first.wrapping_add(i);
                messages.insert(Message { place, ..Message::new(0.0, &emission, i, 0) })
            })
            .collect();
        let mut queue = Fifo::default();
        queue.push_back(&mut messages, slots[3]);
        queue.push_back(&mut messages, slots[4]);
        for returned in [2, 0, 5, 1] {
            queue.restore(&mut messages, slots[returned]);
        }
        let order: Vec<u32> = std::iter::from_fn(|| queue.pop_front(&messages)).collect();
        assert_eq!(order, slots);
        queue.restore(&mut messages, slots[0]);
        queue.push_back(&mut messages, slots[1]);
        assert_eq!(queue.pop_front(&messages), Some(slots[0]));
        assert_eq!(queue.pop_front(&messages), Some(slots[1]));
    }

    #[test]
    fn a_waiting_message_is_64_bytes() {
        assert!(size_of::<Message>() <= 64, "{}", size_of::<Message>());
    }
}
