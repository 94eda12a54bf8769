//! Traffic equations: how much arrives at each queue, by class, with retries and onward publications, and
//! how long it holds the servers.

use super::{Deliveries, Sender, Sent, Traffic};
use crate::model::{ClassId, Consumer, QueueId, Servers};
use std::collections::BTreeMap;

/// Sweeps over the traffic equations: enough for chains of that many stages; each sweep is a
/// lower bound by itself.
const SWEEPS: usize = 200;

/// Queue and class, as indices.
type QueueClass = (usize, usize);

/// Share of the messages of one place that goes on to another.
type Transfers = BTreeMap<(QueueClass, QueueClass), f64>;

/// What a queue passes on where only a simulation can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// What is certain: nothing from a queue that can lose messages, the least of its pools, no more than
    /// they can do. Every rate is a lower bound, and an overload found with it is certain.
    Least,
    /// What is likely: as if queues lost nothing, and their pools took equal parts.
    Mean,
}

/// Messages per second at every queue, by class, redeliveries not counted.
#[derive(Debug, Clone, Default)]
pub struct ArrivalRates {
    by_class: BTreeMap<QueueClass, f64>,
    /// Of these, what consumers publish onward and queues dead-letter.
    forwarded: BTreeMap<usize, f64>,
}

impl ArrivalRates {
    /// Everything that arrives at a queue, per second.
    pub fn total(&self, queue: QueueId) -> f64 {
        self.of_classes(queue).map(|(_, rate)| rate).sum()
    }

    /// What other queues send to it, per second.
    pub fn forwarded(&self, queue: QueueId) -> f64 {
        self.forwarded.get(&index(queue)).copied().unwrap_or(0.0)
    }

    /// Of these, what comes of each class, per second.
    pub(super) fn of_classes(&self, queue: QueueId) -> impl Iterator<Item = (ClassId, f64)> {
        let q = index(queue);
        self.by_class.range((q, 0)..(q + 1, 0)).map(|(&(_, class), rate)| (ClassId(class as u16), *rate))
    }
}

fn index(queue: QueueId) -> usize {
    queue.0 as usize
}

fn class_of(sent: &Sent<'_>, incoming: usize) -> usize {
    sent.kind.class.map_or(incoming, |ClassId(id)| usize::from(id))
}

impl Traffic<'_> {
    /// The arrival rates that follow from those of the producers.
    pub fn rates(&self, passing: Passing) -> ArrivalRates {
        let external = self.external();
        let transfers = self.transfers(passing);
        let mut rates = ArrivalRates { by_class: external.clone(), forwarded: BTreeMap::new() };
        for _ in 0..SWEEPS {
            let passed: Vec<f64> =
                (0..self.parts.queues.len() as u32).map(|q| self.passed(passing, QueueId(q), &rates)).collect();
            let mut next = ArrivalRates { by_class: external.clone(), forwarded: BTreeMap::new() };
            for ((from, to), share) in &transfers {
                let flow = rates.by_class.get(from).copied().unwrap_or(0.0) * passed[from.0] * share;
                *next.by_class.entry(*to).or_default() += flow;
                *next.forwarded.entry(to.0).or_default() += flow;
            }
            if next.by_class == rates.by_class {
                return next;
            }
            rates = next;
        }
        rates
    }

    /// What producers publish, where they have a rate.
    fn external(&self) -> BTreeMap<QueueClass, f64> {
        let mut rates = BTreeMap::new();
        for (p, producer) in self.parts.producers.iter().enumerate() {
            let Some(rate) = producer.arrivals.rate().filter(|rate| rate.is_finite()) else { continue };
            for sent in self.sent_by(Sender::Producer(p)) {
                for queue in &sent.to {
                    *rates.entry((index(*queue), class_of(sent, 0))).or_default() += rate * sent.kind.weight;
                }
            }
        }
        rates
    }

    /// Share of its arrivals that a queue can process.
    fn passed(&self, passing: Passing, queue: QueueId, rates: &ArrivalRates) -> f64 {
        let arriving = rates.total(queue);
        let capacity: f64 = self.consumers_of(queue).map(|(_, consumer)| self.capacity(consumer, rates)).sum();
        if passing == Passing::Least && arriving > capacity { capacity / arriving } else { 1.0 }
    }

    fn consumers_of(&self, queue: QueueId) -> impl Iterator<Item = (usize, &Consumer)> {
        self.parts.consumers.iter().copied().enumerate().filter(move |(_, consumer)| consumer.queue == queue)
    }

    /// Where finished and failed messages go.
    fn transfers(&self, passing: Passing) -> Transfers {
        let mut all = Transfers::new();
        for (q, queue) in self.parts.queues.iter().enumerate() {
            let loses = queue.max_length.is_some() || queue.message_ttl.is_some();
            if loses && passing == Passing::Least {
                continue;
            }
            let pools: Vec<Transfers> =
                self.consumers_of(QueueId(q as u32)).map(|(c, consumer)| self.pool_transfers(c, consumer)).collect();
            all.extend(match passing {
                Passing::Least => pools.into_iter().reduce(least).unwrap_or_default(),
                Passing::Mean => mean(&pools),
            });
        }
        all
    }

    fn pool_transfers(&self, c: usize, consumer: &Consumer) -> Transfers {
        let mut shares = Transfers::new();
        let deliveries = Deliveries::of(consumer);
        let from = index(consumer.queue);
        let mut add =
            |class: usize, to: QueueClass, share: f64| *shares.entry(((from, class), to)).or_default() += share;
        if let Some(target) = self.dead_letter(consumer.queue) {
            (0..self.parts.classes).for_each(|class| add(class, (index(target), class), deliveries.dead));
        }
        for (sent, target) in
            self.sent_by(Sender::Consumer(c)).flat_map(|sent| sent.to.iter().map(move |to| (sent, to)))
        {
            let share = deliveries.done * sent.share();
            (0..self.parts.classes).for_each(|class| add(class, (index(*target), class_of(sent, class)), share));
        }
        shares
    }

    /// Messages per second that one pool can finish.
    pub fn capacity(&self, consumer: &Consumer, rates: &ArrivalRates) -> f64 {
        match consumer.servers {
            Servers::Unlimited => f64::INFINITY,
            Servers::Count(servers) => f64::from(servers) / self.holding(consumer, rates),
        }
    }

    /// Mean time that a message holds servers, all its deliveries together.
    pub fn holding(&self, consumer: &Consumer, rates: &ArrivalRates) -> f64 {
        Deliveries::of(consumer).mean * self.per_delivery(consumer, rates)
    }

    /// Mean time that one delivery holds a server, averaged over the classes that arrive.
    pub fn per_delivery(&self, consumer: &Consumer, rates: &ArrivalRates) -> f64 {
        if rates.total(consumer.queue) > 0.0 {
            return held(consumer, rates.of_classes(consumer.queue));
        }
        // Producers without a long-run rate: each kind of message by its share.
        let here = self.sent.iter().filter(|sent| sent.to.contains(&consumer.queue));
        held(consumer, here.map(|sent| (ClassId(class_of(sent, 0) as u16), sent.share())))
    }

    /// Servers that a pool keeps busy on average if it takes everything that arrives at its queue.
    pub fn offered(&self, consumer: &Consumer, rates: &ArrivalRates) -> f64 {
        let deliveries = Deliveries::of(consumer).mean;
        let work = |(class, rate): (ClassId, f64)| rate * (deliveries * held(consumer, [(class, 1.0)]));
        rates.of_classes(consumer.queue).filter(|(_, rate)| *rate > 0.0).map(work).sum()
    }
}

/// How long one delivery holds a server on average: the one place where that is added up. `shares` is how
/// often each class is delivered; without any the default service time counts.
fn held(consumer: &Consumer, shares: impl IntoIterator<Item = (ClassId, f64)>) -> f64 {
    // A new key of a consumer has to decide here whether it holds a server.
    let Consumer {
        service,
        turnaround,
        name: _,
        queue: _,
        servers: _,
        ack: _,
        failure: _,
        ack_loss: _,
        deduplicate: _,
        retry: _,
        publish: _,
        latency: _,
    } = consumer;
    let (mut all, mut work) = (0.0, 0.0);
    for (class, share) in shares {
        (all, work) = (all + share, work + share * service.of(class).mean());
    }
    let service = if all > 0.0 { work / all } else { service.default.mean() };
    service + turnaround.as_ref().map_or(0.0, |law| law.mean())
}

/// Of two pools whichever passes on less.
fn least(a: Transfers, b: Transfers) -> Transfers {
    a.into_iter().filter_map(|(path, share)| Some((path, share.min(*b.get(&path)?)))).collect()
}

/// Pools that take equal parts.
fn mean(pools: &[Transfers]) -> Transfers {
    let mut all = Transfers::new();
    for (path, share) in pools.iter().flatten() {
        *all.entry(*path).or_default() += share / pools.len() as f64;
    }
    all
}
