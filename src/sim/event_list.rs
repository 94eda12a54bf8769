//! The event list: what happens next.
//!
//! Tie rule, part of the interface: events are ordered by time, then by kind in the order of
//! [`EventKind`] (completions, freed servers, timers, arrivals, disruptions, control), then by the order
//! in which they were scheduled. A disruption begins after everything else at its instant, and of two
//! one begins before the other ends, so that outages which touch leave no gap. No random number is spent on ties, so simultaneous events
//! (deterministic arrivals and services) have one outcome.

/// What an event does, in tie order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventKind {
    /// The service of a message ends (index: message).
    ServiceEnd,
    /// A server is free again after its turnaround (index: pool).
    ServerFree,
    /// A back-off is over (index: message).
    RetryDue,
    /// The oldest message of a queue may have expired (index: queue).
    Expiry,
    /// A client stops waiting (index: request).
    ClientTimeout,
    /// A source publishes (index: source).
    Arrival,
    /// A member of a closed population publishes (index: source).
    MemberArrival,
    /// A client publishes again (index: request).
    ClientRetry,
    /// A burst publishes (index: disruption).
    BurstArrival,
    /// A disruption begins (index: disruption).
    DisruptionBegin,
    /// A disruption ends (index: disruption).
    DisruptionEnd,
    /// The observer is called (index unused).
    Tick,
    /// The run ends (index unused).
    Horizon,
}

const KINDS: [EventKind; 13] = [
    EventKind::ServiceEnd,
    EventKind::ServerFree,
    EventKind::RetryDue,
    EventKind::Expiry,
    EventKind::ClientTimeout,
    EventKind::Arrival,
    EventKind::MemberArrival,
    EventKind::ClientRetry,
    EventKind::BurstArrival,
    EventKind::DisruptionBegin,
    EventKind::DisruptionEnd,
    EventKind::Tick,
    EventKind::Horizon,
];
const KIND_SHIFT: u32 = 56;

/// A scheduled event; `order` packs the kind and the sequence number, so that comparing two
/// integers decides a tie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// When, seconds (>= 0).
    pub time: f64,
    order: u64,
    /// Whom it concerns.
    pub index: u32,
}

impl Event {
    /// What happens.
    #[inline]
    pub fn kind(&self) -> EventKind {
        KINDS[(self.order >> KIND_SHIFT) as usize]
    }

    /// Times are not negative, so their bits order as they do.
    #[inline]
    fn key(&self) -> u128 {
        (u128::from(self.time.to_bits()) << 64) | u128::from(self.order)
    }
}

/// Events in the order in which they happen: an implicit 4-ary heap.
///
/// Pop and push cost O(log4 n). Four children share a cache line and a half (24-byte events),
/// which halves the depth, and so the cache misses, of a binary heap.
#[derive(Debug, Clone, Default)]
pub struct EventList {
    heap: Vec<Event>,
    scheduled: u64,
}

const ARITY: usize = 4;

impl EventList {
    /// Schedules an event. `time` must be finite and not negative.
    #[inline]
    pub fn schedule(&mut self, time: f64, kind: EventKind, index: u32) {
        debug_assert!(time.is_finite() && time >= 0.0, "events happen at finite times, got {time}");
        let event = Event { time, order: ((kind as u64) << KIND_SHIFT) | self.scheduled, index };
        self.scheduled += 1;
        self.heap.push(event);
        self.sift_up(self.heap.len() - 1, event);
    }

    /// Removes the next event.
    #[inline]
    pub fn pop(&mut self) -> Option<Event> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else { return Some(last) };
        self.sift_down(last);
        Some(first)
    }

    /// Removes the events that `unwanted` names, in the order in which they were scheduled. It looks at
    /// every event: for what happens seldom.
    pub fn withdraw(&mut self, mut unwanted: impl FnMut(&Event) -> bool) -> Vec<Event> {
        let all = std::mem::take(&mut self.heap);
        let (mut withdrawn, kept): (Vec<Event>, Vec<Event>) = all.into_iter().partition(|event| unwanted(event));
        kept.into_iter().for_each(|event| self.restore(event));
        withdrawn.sort_by_key(|event| event.order);
        withdrawn
    }

    /// Gives events other times. It looks at every event: for what happens seldom.
    pub fn reschedule(&mut self, mut time: impl FnMut(&Event) -> f64) {
        for event in std::mem::take(&mut self.heap) {
            self.restore(Event { time: time(&event), ..event });
        }
    }

    /// Puts a withdrawn event back.
    pub fn restore(&mut self, event: Event) {
        self.heap.push(event);
        self.sift_up(self.heap.len() - 1, event);
    }

    /// How many events are scheduled.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    #[inline]
    fn sift_up(&mut self, mut hole: usize, event: Event) {
        let key = event.key();
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.heap[parent].key() <= key {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = event;
    }

    /// Puts `event` into the hole at the root.
    #[inline]
    fn sift_down(&mut self, event: Event) {
        let key = event.key();
        let mut hole = 0;
        loop {
            let first = hole * ARITY + 1;
            let last = (first + ARITY).min(self.heap.len());
            if first >= last {
                break;
            }
            // Plain loops: adapters of iterators are compiled apart from their callers in a build of several units.
            let mut least = first;
            for child in first + 1..last {
                if self.heap[child].key() < self.heap[least].key() {
                    least = child;
                }
            }
            if key <= self.heap[least].key() {
                break;
            }
            self.heap[hole] = self.heap[least];
            hole = least;
        }
        self.heap[hole] = event;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_event_is_24_bytes() {
        assert_eq!(size_of::<Event>(), 24);
        assert!(KINDS.iter().enumerate().all(|(i, k)| *k as usize == i));
    }

    #[test]
    fn ties_go_by_kind_then_by_order_of_scheduling() {
        let mut list = EventList::default();
        list.schedule(1.0, EventKind::Arrival, 0);
        list.schedule(1.0, EventKind::ServiceEnd, 1);
        list.schedule(1.0, EventKind::Arrival, 2);
        list.schedule(0.5, EventKind::Horizon, 3);
        let order: Vec<u32> = std::iter::from_fn(|| list.pop()).map(|e| e.index).collect();
        assert_eq!(order, [3, 1, 0, 2]);
    }

    proptest! {
        /// Against a naive list that is sorted (stably) before every pop.
        #[test]
        fn pops_in_the_order_of_a_sorted_list(steps in prop::collection::vec((0u8..KINDS.len() as u8, 0u32..20, any::<bool>()), 1..300)) {
            let mut list = EventList::default();
            let mut naive: Vec<(u32, u8, u32)> = Vec::new();
            for (i, (kind, time, pop)) in steps.into_iter().enumerate() {
                list.schedule(f64::from(time), KINDS[kind as usize], i as u32);
                naive.push((time, kind, i as u32));
                if pop {
                    naive.sort();
                    let (time, kind, index) = naive.remove(0);
                    let event = list.pop().unwrap();
                    prop_assert_eq!((event.time, event.kind() as u8, event.index), (f64::from(time), kind, index));
                }
            }
            prop_assert_eq!(list.len(), naive.len());
        }
    }
}
