//! The engine: pop an event, advance the clock, act. Every message moves through the
//! lifecycle table and every move is counted, so the ledger balances by construction and the
//! final count checks it.
//!
//! The hot path allocates nothing and looks up no string; what it costs is reported by
//! `cargo bench --bench engine`.

use super::event_list::{EventKind, EventList};
use super::message::{Message, Messages, NONE, flag};
use super::network::{Emission, Emissions, Network};
use super::probe::{Departure, Probe};
use super::station::{self, PoolState, QueueState, SourceState};
use crate::model::{Cause, Jitter, Lifecycle, Overflow, State};
use crate::rng::{Stream, Streams};
use rand::RngExt;

/// When a run ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stop {
    /// At the publication of that many messages.
    Published(u64),
    /// At that time, seconds.
    Horizon(f64),
    /// When nothing can happen any more.
    Drained,
}

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// When to end.
    pub stop: Stop,
    /// Seconds between two ticks of the observer (> 0).
    pub tick: f64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finished {
    /// Simulated time, seconds.
    pub end: f64,
    /// Publications by sources.
    pub publications: u64,
    /// Messages (copies) created.
    pub created: u64,
    /// Messages by final state, in the order of [`State::ALL`]; others are 0.
    pub ended: [u64; State::COUNT],
    /// Messages still in flight.
    pub in_flight: u64,
    /// Events executed.
    pub events: u64,
    /// Whether the observer broke the run off.
    pub broken_off: bool,
}

/// One run in progress.
pub struct Engine<'a, P: Probe> {
    network: &'a Network,
    probe: &'a mut P,
    now: f64,
    events: EventList,
    messages: Messages,
    sources: Vec<SourceState>,
    queues: Vec<QueueState>,
    pools: Vec<PoolState>,
    done: Finished,
}

impl<'a, P: Probe> Engine<'a, P> {
    /// An empty system at time 0 with its first arrivals scheduled.
    pub fn new(network: &'a Network, streams: &Streams, probe: &'a mut P) -> Self {
        let (sources, queues, pools) = station::initial(network, streams);
        let done = Finished {
            end: 0.0,
            publications: 0,
            created: 0,
            ended: [0; State::COUNT],
            in_flight: 0,
            events: 0,
            broken_off: false,
        };
        let (events, messages) = (EventList::default(), Messages::default());
        let mut engine = Engine { network, probe, now: 0.0, events, messages, sources, queues, pools, done };
        (0..network.sources.len() as u32).for_each(|s| engine.start_source(s));
        engine
    }

    /// Runs to the end of the plan.
    pub fn run(mut self, plan: &Plan) -> Finished {
        let limit = match plan.stop {
            Stop::Published(n) => n,
            _ => u64::MAX,
        };
        if let Stop::Horizon(end) = plan.stop {
            self.events.schedule(end, EventKind::Horizon, 0);
        }
        self.events.schedule(plan.tick, EventKind::Tick, 0);
        while self.done.publications < limit && self.step(plan) {}
        self.done.end = self.now;
        self.done.in_flight = self.messages.live();
        self.done
    }

    /// Executes the next event; `false` when the run is over.
    #[inline]
    fn step(&mut self, plan: &Plan) -> bool {
        let Some(event) = self.events.pop() else { return false };
        let kind = event.kind();
        if kind == EventKind::Tick {
            return self.tick(event.time, plan);
        }
        debug_assert!(event.time >= self.now, "time never goes back");
        self.now = event.time;
        self.done.events += 1;
        match kind {
            EventKind::ServiceEnd => self.complete(event.index),
            EventKind::Arrival => self.arrive(event.index),
            EventKind::ServerFree => self.release(event.index),
            EventKind::RetryDue => self.return_delayed(event.index),
            EventKind::Expiry => self.expire_due(event.index),
            EventKind::MemberArrival => self.publish(event.index),
            EventKind::Tick | EventKind::Horizon => return false,
        }
        true
    }

    /// Lets the observer look, unless nothing else can happen any more.
    fn tick(&mut self, time: f64, plan: &Plan) -> bool {
        if self.events.is_empty() {
            return false;
        }
        self.now = time;
        self.events.schedule(time + plan.tick, EventKind::Tick, 0);
        let go_on = self.probe.tick(time);
        self.done.broken_off |= !go_on;
        go_on
    }

    // ----- publishing -------------------------------------------------------------------

    fn start_source(&mut self, s: u32) {
        self.schedule_arrival(s);
        if let Some((population, _)) = self.network.sources[s as usize].closed {
            (0..population).for_each(|_| self.think(s));
        }
    }

    #[inline]
    fn schedule_arrival(&mut self, s: u32) {
        let source = &mut self.sources[s as usize];
        if let Some(time) = source.process.next(self.now, &mut source.arrivals) {
            self.events.schedule(time, EventKind::Arrival, s);
        }
    }

    /// A member of a closed population thinks before its next message.
    fn think(&mut self, s: u32) {
        let source = &mut self.sources[s as usize];
        if let Some((_, think)) = &self.network.sources[s as usize].closed {
            let time = self.now + think.sample(&mut source.arrivals);
            self.events.schedule(time, EventKind::MemberArrival, s);
        }
    }

    #[inline]
    fn arrive(&mut self, s: u32) {
        let source = &mut self.sources[s as usize];
        let batch = source.process.batch(&mut source.arrivals);
        (0..batch).for_each(|_| self.publish(s));
        self.schedule_arrival(s);
    }

    /// A source publishes one message: one copy per queue that its exchange matches.
    #[inline]
    fn publish(&mut self, s: u32) {
        let network = self.network;
        let spec = &network.sources[s as usize];
        let source = &mut self.sources[s as usize];
        let emission = choose(&spec.emissions, &mut source.choice);
        // A member's message remembers its source, so that the member can be told of its end.
        let mark = if spec.closed.is_some() { s } else { source.published };
        source.published += 1;
        self.done.publications += 1;
        self.probe.published(self.now, s);
        let flags = if spec.closed.is_some() { flag::MEMBER } else { 0 };
        let message = Message {
            born: self.now,
            entered: self.now,
            since: self.now,
            waited: 0.0,
            deadline: f64::INFINITY,
            next: NONE,
            queue: NONE,
            pool: NONE,
            mark,
            class: emission.class.unwrap_or(0),
            attempts: 0,
            priority: emission.priority.unwrap_or(0),
            state: State::Published,
            flags,
        };
        let first = self.create(message);
        self.distribute(first, &emission.targets);
    }

    fn create(&mut self, message: Message) -> u32 {
        self.done.created += 1;
        self.messages.insert(message)
    }

    /// Sends a published message to its queues; copies beyond the first are new messages.
    #[inline]
    fn distribute(&mut self, slot: u32, targets: &[u32]) {
        let Some((&first, others)) = targets.split_first() else {
            return self.end(slot, Cause::NoRoute);
        };
        for &queue in others {
            let mut copy = self.messages[slot];
            // A member of a closed population waits for the first copy only.
            copy.flags &= !flag::MEMBER;
            let copy = self.create(copy);
            self.offer(copy, queue);
        }
        self.offer(slot, first);
    }

    // ----- queueing ---------------------------------------------------------------------

    /// A message reaches a queue: straight to a free server, else into the buffer if it fits.
    #[inline]
    fn offer(&mut self, slot: u32, q: u32) {
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
    fn admit(&mut self, slot: u32, q: u32) -> Option<u32> {
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
    fn enqueue(&mut self, slot: u32, q: u32) {
        self.advance(slot, Cause::Enqueue);
        let queue = &mut self.queues[q as usize];
        queue.in_system += 1;
        self.probe.in_system(self.now, q, queue.in_system);
        queue.push_back(&mut self.messages, slot);
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    /// A message meets a full queue; returns the queue to which it is dead-lettered, if any.
    fn overflow(&mut self, slot: u32, q: u32) -> Option<u32> {
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
    fn discard_ready(&mut self, slot: u32, q: u32, cause: Cause) {
        self.leave(q, cause);
        match self.network.queues[q as usize].dead_letter {
            Some(next) => self.dead_letter(slot, next),
            None => self.end(slot, cause),
        }
    }

    fn dead_letter(&mut self, slot: u32, to: u32) {
        self.advance(slot, Cause::DeadLetter);
        self.messages[slot].flags |= flag::DEAD_LETTERED;
        self.offer(slot, to);
    }

    /// A message leaves the system of a queue.
    #[inline]
    fn leave(&mut self, q: u32, cause: Cause) {
        let queue = &mut self.queues[q as usize];
        queue.in_system -= 1;
        self.probe.in_system(self.now, q, queue.in_system);
        self.probe.left(self.now, q, cause);
    }

    // ----- expiry -----------------------------------------------------------------------

    /// Keeps one timer per queue that has a time to live and something to expire. It may fire
    /// early (its message was served); then it is set anew.
    #[inline]
    fn arm_expiry(&mut self, q: u32) {
        let queue = &mut self.queues[q as usize];
        if self.network.queues[q as usize].ttl == f64::INFINITY || queue.timer {
            return;
        }
        if let Some(deadline) = queue.next_deadline(&self.messages) {
            queue.timer = true;
            self.events.schedule(deadline.max(self.now), EventKind::Expiry, q);
        }
    }

    fn expire_due(&mut self, q: u32) {
        self.queues[q as usize].timer = false;
        while let Some(slot) = self.queues[q as usize].pop_expired(&self.messages, self.now) {
            self.probe.ready(self.now, q, self.queues[q as usize].ready);
            self.discard_ready(slot, q, Cause::Expire);
        }
        self.arm_expiry(q);
    }

    // ----- service ----------------------------------------------------------------------

    /// A server takes a message: it starts when the delivery latency has passed.
    #[inline]
    fn deliver(&mut self, slot: u32, p: u32) {
        let spec = &self.network.pools[p as usize];
        let pool = &mut self.pools[p as usize];
        pool.take(spec);
        self.probe.busy(self.now, p, pool.busy);
        let start = self.now.max(self.messages[slot].since + spec.latency);
        self.messages[slot].waited += start - self.messages[slot].since;
        self.advance(slot, Cause::Deliver);
        self.advance_at(slot, Cause::Start, start);
        let message = &mut self.messages[slot];
        message.pool = p;
        message.attempts = message.attempts.saturating_add(1);
        let repeat = spec.deduplicate && message.has(flag::PROCESSED);
        let pool = &mut self.pools[p as usize];
        let service = if repeat { 0.0 } else { pool.service(spec, message.class, message.mark) };
        self.events.schedule(start + service, EventKind::ServiceEnd, slot);
    }

    /// The service of a message ends: done, or failed. Then the server is free again.
    #[inline]
    fn complete(&mut self, slot: u32) {
        let network = self.network;
        let message = &self.messages[slot];
        let (p, repeat) = (message.pool, message.has(flag::PROCESSED));
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
    fn release(&mut self, p: u32) {
        let spec = &self.network.pools[p as usize];
        let pool = &mut self.pools[p as usize];
        pool.release(spec);
        self.probe.busy(self.now, p, pool.busy);
        let q = spec.queue;
        let queue = &mut self.queues[q as usize];
        if let Some(slot) = queue.pop(&self.messages) {
            self.probe.ready(self.now, q, queue.ready);
            self.deliver(slot, p);
        }
    }

    /// A message is done here: acknowledged, or its successor is published.
    #[inline]
    fn succeed(&mut self, slot: u32, p: u32) {
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
        self.distribute(slot, &emission.targets);
    }

    /// A served message leaves its queue.
    #[inline]
    fn depart(&mut self, slot: u32, cause: Cause) {
        let message = &self.messages[slot];
        let departure = Departure {
            queue: message.queue,
            pool: message.pool,
            class: message.class,
            attempts: message.attempts,
            wait: message.waited,
            sojourn: self.now - message.entered,
        };
        self.probe.departed(self.now, &departure);
        self.leave(departure.queue, cause);
    }

    /// A processing failed: lost, retried at once or later, or given up.
    fn fail(&mut self, slot: u32, p: u32) {
        let spec = &self.network.pools[p as usize];
        let message = &self.messages[slot];
        if spec.auto_ack {
            self.depart(slot, Cause::Lose);
            return self.end(slot, Cause::Lose);
        }
        if spec.max_attempts != u16::MAX && message.attempts >= spec.max_attempts {
            return self.give_up(slot);
        }
        match spec.backoff.delay(message.attempts) {
            None => self.requeue(slot, Cause::Requeue, spec.requeue_head),
            Some((delay, jitter)) => {
                let delay = jittered(delay, jitter, &mut self.pools[p as usize]);
                let q = message.queue;
                let queue = &mut self.queues[q as usize];
                queue.in_system -= 1;
                self.probe.in_system(self.now, q, queue.in_system);
                self.advance(slot, Cause::Delay);
                self.events.schedule(self.now + delay, EventKind::RetryDue, slot);
            }
        }
    }

    /// The last attempt failed.
    fn give_up(&mut self, slot: u32) {
        let q = self.messages[slot].queue;
        match self.network.queues[q as usize].dead_letter {
            Some(next) => {
                self.depart(slot, Cause::DeadLetter);
                self.dead_letter(slot, next);
            }
            None => {
                self.depart(slot, Cause::Drop);
                self.end(slot, Cause::Drop);
            }
        }
    }

    /// An unacknowledged message returns to its queue at once; its deadline stays.
    fn requeue(&mut self, slot: u32, cause: Cause, to_head: bool) {
        self.advance(slot, cause);
        let q = self.messages[slot].queue;
        let queue = &mut self.queues[q as usize];
        if let Some(pool) = queue.free_pool(&self.network.queues[q as usize], &self.pools) {
            return self.deliver(slot, pool);
        }
        if to_head {
            queue.push_front(&mut self.messages, slot);
        } else {
            queue.push_back(&mut self.messages, slot);
        }
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    /// A message returns from its back-off to the tail of its queue, with a new deadline.
    fn return_delayed(&mut self, slot: u32) {
        let q = self.messages[slot].queue;
        let spec = &self.network.queues[q as usize];
        self.advance(slot, Cause::RetryDue);
        self.messages[slot].deadline = self.now + spec.ttl;
        let queue = &mut self.queues[q as usize];
        queue.in_system += 1;
        self.probe.in_system(self.now, q, queue.in_system);
        if let Some(pool) = queue.free_pool(spec, &self.pools) {
            return self.deliver(slot, pool);
        }
        queue.push_back(&mut self.messages, slot);
        self.probe.ready(self.now, q, queue.ready);
        self.arm_expiry(q);
    }

    // ----- the lifecycle ----------------------------------------------------------------

    #[inline]
    fn advance(&mut self, slot: u32, cause: Cause) {
        self.advance_at(slot, cause, self.now);
    }

    /// Moves a message through the transition table at `time`.
    #[inline]
    fn advance_at(&mut self, slot: u32, cause: Cause, time: f64) {
        let message = &mut self.messages[slot];
        let from = message.state;
        let to = Lifecycle::next(from, cause).expect("the engine asks only for moves that the table has");
        self.probe.moved(from, to, time - message.since);
        message.state = to;
        message.since = time;
    }

    /// A message reaches a final state.
    #[inline]
    fn end(&mut self, slot: u32, cause: Cause) {
        self.advance(slot, cause);
        let message = self.messages[slot];
        self.done.ended[message.state as usize] += 1;
        self.probe.ended(self.now, message.state, message.class, self.now - message.born);
        self.messages.remove(slot);
        if message.has(flag::MEMBER) {
            self.think(message.mark);
        }
    }
}

/// Draws what is published.
#[inline]
fn choose<'n>(emissions: &'n Emissions, stream: &mut Stream) -> &'n Emission {
    if let [only] = &*emissions.kinds {
        return only;
    }
    let u: f64 = stream.random();
    let index = emissions.cumulative.iter().position(|&c| u < c).unwrap_or(emissions.kinds.len() - 1);
    &emissions.kinds[index]
}

fn jittered(delay: f64, jitter: Jitter, pool: &mut PoolState) -> f64 {
    match jitter {
        Jitter::None => delay,
        Jitter::Full => delay * pool.jitter(),
        Jitter::Equal => delay * (1.0 + pool.jitter()) / 2.0,
    }
}
