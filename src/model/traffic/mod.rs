//! Who feeds whom: what every producer and consumer sends to which queues, and what follows from it: the
//! graph of queues, where dead letters go, arrival rates and loads. Computed once, for the checks of a
//! model file, theory and drains.

mod deliveries;
mod graph;
mod rates;
mod tails;

pub use deliveries::Deliveries;
pub use graph::QueueGraph;
pub use rates::{ArrivalRates, Passing};
pub use tails::TailIndices;

use super::{Ack, Consumer, Exchange, MessageKind, Model, Overflow, Producer, Queue, QueueId, routing};
use std::collections::BTreeSet;

/// What traffic depends on: a model, or what could be read of one.
#[derive(Debug, Clone)]
pub struct TrafficParts<'m> {
    /// Sources of messages.
    pub producers: Vec<&'m Producer>,
    /// Routers.
    pub exchanges: &'m [Exchange],
    /// Buffers.
    pub queues: Vec<&'m Queue>,
    /// Pools of servers.
    pub consumers: Vec<&'m Consumer>,
    /// Number of message classes.
    pub classes: usize,
}

/// Who sends messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The producer of that index.
    Producer(usize),
    /// The consumer of that index, when a message is done.
    Consumer(usize),
}

/// One kind of message that somebody sends, and where it goes.
#[derive(Debug, Clone)]
pub struct Sent<'m> {
    /// Who sends it.
    pub by: Sender,
    /// What.
    pub kind: &'m MessageKind,
    /// Probability that anything is sent.
    pub probability: f64,
    /// The queues that get a copy, each once, in queue order.
    pub to: Vec<QueueId>,
}

impl Sent<'_> {
    /// Messages of this kind for each one published or done.
    pub fn share(&self) -> f64 {
        self.probability * self.kind.weight
    }
}

/// Who feeds whom.
#[derive(Debug, Clone)]
pub struct Traffic<'m> {
    parts: TrafficParts<'m>,
    sent: Vec<Sent<'m>>,
    graph: QueueGraph,
}

impl Model {
    /// Who feeds whom in this model.
    pub fn traffic(&self) -> Traffic<'_> {
        Traffic::of(TrafficParts {
            producers: self.producers.iter().collect(),
            exchanges: &self.exchanges,
            queues: self.queues.iter().collect(),
            consumers: self.consumers.iter().collect(),
            classes: self.classes.len(),
        })
    }
}

impl<'m> Traffic<'m> {
    /// Resolves every route.
    pub fn of(parts: TrafficParts<'m>) -> Traffic<'m> {
        let sent = sent(&parts);
        let graph = QueueGraph::new((0..parts.queues.len()).map(|q| successors(&parts, &sent, q)).collect());
        Traffic { parts, sent, graph }
    }

    /// Everything that is sent: by producers, then by consumers, in file order.
    pub fn sent(&self) -> &[Sent<'m>] {
        &self.sent
    }

    /// What one producer or consumer sends, kind by kind.
    pub fn sent_by(&self, sender: Sender) -> impl Iterator<Item = &Sent<'m>> {
        self.sent.iter().filter(move |sent| sent.by == sender)
    }

    /// What is published onward from a queue, with its consumers in file order.
    pub fn sent_from(&self, queue: QueueId) -> impl Iterator<Item = &Sent<'m>> {
        let from = move |sent: &&Sent<'m>| match sent.by {
            Sender::Producer(_) => false,
            Sender::Consumer(c) => self.parts.consumers[c].queue == queue,
        };
        self.sent.iter().filter(from)
    }

    /// The one queue to which somebody sends all there is, one copy a message.
    pub fn only_queue(&self, sender: Sender) -> Option<QueueId> {
        let mut routes = self.sent_by(sender).map(|sent| &sent.to[..]);
        let [queue] = *routes.next()? else { return None };
        routes.all(|route| route == [queue]).then_some(queue)
    }

    /// The share of a producer's publications that reach a queue.
    pub fn share_to(&self, producer: usize, queue: QueueId) -> f64 {
        let sent = self.sent_by(Sender::Producer(producer)).filter(|sent| sent.to.contains(&queue));
        sent.map(|sent| sent.kind.weight).sum()
    }

    /// Name of who sends.
    pub fn name(&self, sender: Sender) -> &'m str {
        match sender {
            Sender::Producer(p) => &self.parts.producers[p].name,
            Sender::Consumer(c) => &self.parts.consumers[c].name,
        }
    }

    /// Queues that something is sent to, in order.
    pub fn reached(&self) -> Vec<QueueId> {
        let reached: BTreeSet<QueueId> = self.sent.iter().flat_map(|sent| sent.to.iter().copied()).collect();
        reached.into_iter().collect()
    }

    /// Where messages can go next.
    pub fn graph(&self) -> &QueueGraph {
        &self.graph
    }

    /// Where a queue sends dead letters, if anything can ever die in it.
    pub fn dead_letter(&self, queue: QueueId) -> Option<QueueId> {
        dead_letter(&self.parts, queue)
    }

    /// The producers whose messages can reach a queue.
    pub fn producers_reaching(&self, queue: QueueId) -> Vec<usize> {
        let covers = |to: &QueueId| self.graph.covers(to.0 as usize, queue.0 as usize);
        let reaches = |p: &usize| self.sent_by(Sender::Producer(*p)).any(|sent| sent.to.iter().any(covers));
        (0..self.parts.producers.len()).filter(reaches).collect()
    }
}

fn sent<'m>(parts: &TrafficParts<'m>) -> Vec<Sent<'m>> {
    let produced = parts.producers.iter().enumerate().flat_map(|(p, producer)| {
        let all = move |kind: &'m MessageKind| (Sender::Producer(p), producer.to, kind, 1.0);
        producer.kinds.iter().map(all)
    });
    let forwarded = parts.consumers.iter().enumerate().flat_map(|(c, consumer)| {
        let each = move |onward: &'m super::Onward| {
            onward.kinds.iter().map(move |kind| (Sender::Consumer(c), onward.to, kind, onward.probability))
        };
        consumer.publish.iter().flat_map(each)
    });
    let resolved = produced.chain(forwarded).map(|(by, to, kind, probability)| Sent {
        by,
        kind,
        probability,
        to: routing::route(parts.exchanges, to, kind),
    });
    resolved.collect()
}

fn successors(parts: &TrafficParts<'_>, sent: &[Sent<'_>], queue: usize) -> BTreeSet<usize> {
    let id = QueueId(queue as u32);
    let from_here = |sent: &&Sent<'_>| match sent.by {
        Sender::Producer(_) => false,
        Sender::Consumer(c) => parts.consumers[c].queue == id,
    };
    let onward = sent.iter().filter(from_here).flat_map(|sent| sent.to.iter().copied());
    onward.chain(dead_letter(parts, id)).map(|queue| queue.0 as usize).collect()
}

fn dead_letter(parts: &TrafficParts<'_>, id: QueueId) -> Option<QueueId> {
    let queue = parts.queues[id.0 as usize];
    let overflows = queue.max_length.is_some() && queue.overflow != Overflow::RejectPublish;
    let mut pools = parts.consumers.iter().filter(|consumer| consumer.queue == id);
    let rejects = pools.any(|consumer| consumer.failure > 0.0 && consumer.ack == Ack::Manual);
    queue.dead_letter.filter(|_| overflows || rejects || queue.message_ttl.is_some())
}
