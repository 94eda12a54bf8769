//! Traffic equations: how much arrives at each queue, by class, with retries and onward
//! publications. Where the outcome depends on what only a simulation can tell (how much a
//! full queue loses, which pool takes a message) the smallest possible flow is taken, so
//! every rate is a lower bound and an overload found here is certain.

use super::checks::{index, redelivers};
use super::draft::Draft;
use crate::model::{ClassId, Consumer, MessageKind, Servers, ServiceTime, ServiceTimes};
use std::collections::BTreeMap;

/// Sweeps over the traffic equations: enough for chains of that many stages; each sweep is a
/// lower bound by itself.
const SWEEPS: usize = 200;

/// (queue, class): messages per second.
pub(super) type Rates = BTreeMap<(usize, usize), f64>;

/// What becomes of a message at a consumer.
pub(super) struct Deliveries {
    /// Mean number of deliveries; infinite if none succeeds and there is no limit.
    pub mean: f64,
    /// Probability that it is done in the end.
    done: f64,
    /// Probability that its attempts are used up.
    dead: f64,
}

/// How often a message is delivered: geometric, cut off at the attempts allowed.
pub(super) fn deliveries(consumer: &Consumer) -> Deliveries {
    let fails = consumer.failure;
    if !redelivers(consumer) {
        return Deliveries { mean: 1.0, done: 1.0 - fails, dead: 0.0 };
    }
    // A duplicate that is recognised takes no further service.
    let unheard = if consumer.deduplicate { 0.0 } else { (1.0 - fails) * consumer.ack_loss };
    let back = fails + unheard;
    let Some(most) = consumer.retry.max_attempts else {
        let ends = back < 1.0;
        return Deliveries { mean: 1.0 / (1.0 - back), done: f64::from(u8::from(ends)), dead: 0.0 };
    };
    let most = f64::from(most);
    let mean = if back < 1.0 { (1.0 - back.powf(most)) / (1.0 - back) } else { most };
    Deliveries { mean, done: (1.0 - back) * mean, dead: fails.powf(most) }
}

/// Share of the messages of (queue, class) that goes on to another (queue, class).
type Transfers = BTreeMap<((usize, usize), (usize, usize)), f64>;

/// Lower bounds of the arrival rates, redeliveries not counted.
pub(super) fn arrival_rates(draft: &Draft<'_>, classes: usize) -> Rates {
    let external = external(draft);
    let transfers = transfers(draft, classes);
    let mut rates = external.clone();
    for _ in 0..SWEEPS {
        let passed: BTreeMap<usize, f64> = (0..draft.queues.len()).map(|q| (q, passing(draft, q, &rates))).collect();
        let mut next = external.clone();
        for ((from, to), share) in &transfers {
            let flow = rates.get(from).copied().unwrap_or(0.0) * passed[&from.0] * share;
            *next.entry(*to).or_default() += flow;
        }
        if next == rates {
            break;
        }
        rates = next;
    }
    rates
}

/// Everything that arrives at a queue, per second.
pub(super) fn total(rates: &Rates, queue: usize) -> f64 {
    rates.range((queue, 0)..(queue + 1, 0)).map(|(_, rate)| rate).sum()
}

/// What producers publish, where they have a rate.
fn external(draft: &Draft<'_>) -> Rates {
    let mut rates = Rates::new();
    for producer in &draft.producers {
        let Some(rate) = producer.value.arrivals.rate().filter(|rate| rate.is_finite()) else { continue };
        for kind in &producer.value.kinds {
            for queue in draft.route(producer.value.to, kind) {
                *rates.entry((queue, class_of(kind, 0))).or_default() += rate * kind.weight;
            }
        }
    }
    rates
}

pub(super) fn class_of(kind: &MessageKind, incoming: usize) -> usize {
    kind.class.map_or(incoming, |ClassId(id)| usize::from(id))
}

/// Share of its arrivals that a queue can process.
fn passing(draft: &Draft<'_>, queue: usize, rates: &Rates) -> f64 {
    let arriving = total(rates, queue);
    let capacity = capacity(draft, queue, rates);
    if arriving > capacity { capacity / arriving } else { 1.0 }
}

/// Messages per second that the consumers of a queue can finish.
fn capacity(draft: &Draft<'_>, queue: usize, rates: &Rates) -> f64 {
    draft.consumers_of(queue).map(|c| pool_capacity(&c.value, queue, rates)).sum()
}

/// Messages per second that one pool can finish.
pub(super) fn pool_capacity(consumer: &Consumer, queue: usize, rates: &Rates) -> f64 {
    match consumer.servers {
        Servers::Unlimited => f64::INFINITY,
        Servers::Count(servers) => f64::from(servers) / holding(consumer, queue, rates),
    }
}

/// Mean time that a message holds servers, all its deliveries together.
pub(super) fn holding(consumer: &Consumer, queue: usize, rates: &Rates) -> f64 {
    deliveries(consumer).mean * per_delivery(consumer, queue, rates)
}

/// Mean time that one delivery holds a server, averaged over the classes that arrive.
pub(super) fn per_delivery(consumer: &Consumer, queue: usize, rates: &Rates) -> f64 {
    let arriving = total(rates, queue);
    let of_class = |(&(_, class), rate): (&(usize, usize), &f64)| rate * mean_service(&consumer.service, class);
    let service: f64 = rates.range((queue, 0)..(queue + 1, 0)).map(of_class).sum();
    let service = if arriving > 0.0 { service / arriving } else { 0.0 };
    service + consumer.turnaround.as_ref().map_or(0.0, |dist| dist.mean())
}

fn mean_service(service: &ServiceTimes, class: usize) -> f64 {
    match service.of(ClassId(class as u16)) {
        ServiceTime::Drawn(dist) => dist.mean(),
        ServiceTime::Recorded(times) => times.iter().sum::<f64>() / times.len().max(1) as f64,
    }
}

/// Where finished and failed messages go. A queue that can lose messages passes on an
/// unknown share, so nothing is counted; of several pools the least is.
fn transfers(draft: &Draft<'_>, classes: usize) -> Transfers {
    let mut all = Transfers::new();
    for (queue, placed) in draft.queues.iter().enumerate() {
        if placed.value.max_length.is_some() || placed.value.message_ttl.is_some() {
            continue;
        }
        let dead_letter = placed.value.dead_letter.map(index);
        let pools = draft.consumers_of(queue).map(|c| pool_transfers(draft, &c.value, dead_letter, classes));
        all.extend(pools.reduce(least).unwrap_or_default());
    }
    all
}

fn least(a: Transfers, b: Transfers) -> Transfers {
    a.into_iter().filter_map(|(path, share)| Some((path, share.min(*b.get(&path)?)))).collect()
}

fn pool_transfers(draft: &Draft<'_>, consumer: &Consumer, dead_letter: Option<usize>, classes: usize) -> Transfers {
    let mut shares = Transfers::new();
    let deliveries = deliveries(consumer);
    let queue = index(consumer.queue);
    for class in 0..classes {
        if let Some(target) = dead_letter {
            *shares.entry(((queue, class), (target, class))).or_default() += deliveries.dead;
        }
    }
    for (onward, kind) in consumer.publish.iter().flat_map(|p| p.kinds.iter().map(move |kind| (p, kind))) {
        let share = deliveries.done * onward.probability * kind.weight;
        for target in draft.route(onward.to, kind) {
            for class in 0..classes {
                *shares.entry(((queue, class), (target, class_of(kind, class)))).or_default() += share;
            }
        }
    }
    shares
}

/// The producers whose messages can reach a queue, through exchanges, consumers and
/// dead-letter rules.
pub(super) fn producers_reaching(draft: &Draft<'_>, queue: usize, classes: usize) -> Vec<usize> {
    let links: Vec<(usize, usize)> = transfers(draft, classes).keys().map(|(from, to)| (from.0, to.0)).collect();
    let mut upstream = vec![queue];
    let mut next = 0;
    while let Some(&at) = upstream.get(next) {
        let sources = links.iter().filter(|(_, to)| *to == at).map(|(from, _)| *from);
        let new: Vec<usize> = sources.filter(|from| !upstream.contains(from)).collect();
        upstream.extend(new);
        next += 1;
    }
    let publishes_there = |p: &usize| {
        let producer = &draft.producers[*p].value;
        producer.kinds.iter().any(|kind| draft.route(producer.to, kind).iter().any(|q| upstream.contains(q)))
    };
    (0..draft.producers.len()).filter(publishes_there).collect()
}
