//! What a model uses, said once: every specification is taken apart here, field by field, into a
//! list of features. Whoever must decide about a feature (recursions, theory, the compiler of
//! networks, measurement, the schema, the picture, the sentences) matches on these enums without a
//! wildcard, so that a new key of a specification does not compile until each has decided.

#[macro_use]
mod declare;
mod consumer;
mod endings;
mod extra;
mod laws;
mod producer;
mod random;
mod rest;
mod stationary;

pub use consumer::{ConsumerFeature, ConsumerKind};
pub use extra::{Extra, adds, extra};
pub use laws::PathLaw;
pub use producer::{ProducerFeature, ProducerKind};
pub use rest::{
    DisruptionFeature, DisruptionKind, ExchangeFeature, ExchangeFeatureKind, QueueFeature, QueueKind, WholeFeature,
    WholeKind,
};

use super::{Consumer, Disruption, Exchange, Model, Producer, Queue, QueueId};
use std::fmt;

/// Something that a model uses, with the entity that uses it.
#[derive(Debug, Clone, Copy)]
pub enum Feature<'m> {
    /// The model as a whole, or its run settings.
    Whole(WholeFeature),
    /// A disruption.
    Disruption(&'m Disruption, DisruptionFeature),
    /// A producer.
    Producer(&'m Producer, ProducerFeature<'m>),
    /// An exchange.
    Exchange(&'m Exchange, ExchangeFeature),
    /// A queue.
    Queue(&'m Queue, QueueFeature),
    /// A consumer.
    Consumer(&'m Consumer, ConsumerFeature<'m>),
}

/// A feature without its data and its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // as in `Feature`
pub enum FeatureKind {
    Whole(WholeKind),
    Disruption(DisruptionKind),
    Producer(ProducerKind),
    Exchange(ExchangeFeatureKind),
    Queue(QueueKind),
    Consumer(ConsumerKind),
}

impl FeatureKind {
    /// Every kind of feature that there is.
    pub fn all() -> Vec<FeatureKind> {
        let whole = WholeKind::ALL.iter().copied().map(FeatureKind::Whole);
        let disruptions = DisruptionKind::ALL.iter().copied().map(FeatureKind::Disruption);
        let producers = ProducerKind::ALL.iter().copied().map(FeatureKind::Producer);
        let exchanges = ExchangeFeatureKind::ALL.iter().copied().map(FeatureKind::Exchange);
        let queues = QueueKind::ALL.iter().copied().map(FeatureKind::Queue);
        let consumers = ConsumerKind::ALL.iter().copied().map(FeatureKind::Consumer);
        whole.chain(disruptions).chain(producers).chain(exchanges).chain(queues).chain(consumers).collect()
    }
}

/// What it does or has, as a phrase whose subject is the entity: `has a limit`.
impl fmt::Display for FeatureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeatureKind::Whole(kind) => kind.fmt(f),
            FeatureKind::Disruption(kind) => kind.fmt(f),
            FeatureKind::Producer(kind) => kind.fmt(f),
            FeatureKind::Exchange(kind) => kind.fmt(f),
            FeatureKind::Queue(kind) => kind.fmt(f),
            FeatureKind::Consumer(kind) => kind.fmt(f),
        }
    }
}

impl<'m> Feature<'m> {
    /// The feature without its data, and who uses it: ``queue `orders` ``.
    pub fn kind_and_owner(&self) -> (FeatureKind, String) {
        match self {
            Feature::Whole(feature) => (FeatureKind::Whole(feature.kind()), "the model".to_string()),
            Feature::Disruption(d, feature) => {
                (FeatureKind::Disruption(feature.kind()), format!("disruption `{}`", d.name))
            }
            Feature::Producer(p, feature) => (FeatureKind::Producer(feature.kind()), format!("producer `{}`", p.name)),
            Feature::Exchange(e, feature) => (FeatureKind::Exchange(feature.kind()), format!("exchange `{}`", e.name)),
            Feature::Queue(q, feature) => (FeatureKind::Queue(feature.kind()), format!("queue `{}`", q.name)),
            Feature::Consumer(c, feature) => (FeatureKind::Consumer(feature.kind()), format!("consumer `{}`", c.name)),
        }
    }

    /// Everything that a producer uses.
    pub fn of_producer(producer: &'m Producer) -> impl Iterator<Item = Feature<'m>> {
        producer.features().into_iter().map(move |feature| Feature::Producer(producer, feature))
    }

    /// Everything that a consumer uses.
    pub fn of_consumer(consumer: &'m Consumer) -> impl Iterator<Item = Feature<'m>> {
        consumer.features().into_iter().map(move |feature| Feature::Consumer(consumer, feature))
    }

    /// Everything that a disruption uses.
    pub fn of_disruption(disruption: &'m Disruption) -> impl Iterator<Item = Feature<'m>> {
        disruption.features().into_iter().map(move |feature| Feature::Disruption(disruption, feature))
    }
}

impl Model {
    /// Everything that the model uses, the whole first, then entity by entity in file order.
    pub fn features(&self) -> impl Iterator<Item = Feature<'_>> {
        let exchange = |e| Exchange::features(e).into_iter().map(move |feature| Feature::Exchange(e, feature));
        let whole = self.features_of_whole().chain(self.disruptions.iter().flat_map(Feature::of_disruption));
        let senders = self.producers.iter().flat_map(Feature::of_producer);
        let routes = self.exchanges.iter().flat_map(exchange);
        let queues = (0..self.queues.len() as u32).flat_map(|q| self.features_of_queue(QueueId(q)));
        let consumers = self.consumers.iter().flat_map(Feature::of_consumer);
        whole.chain(senders).chain(routes).chain(queues).chain(consumers)
    }

    /// Everything that a queue uses, the number of its consumers included.
    pub fn features_of_queue(&self, id: QueueId) -> impl Iterator<Item = Feature<'_>> {
        let queue = self.queue(id);
        let features = queue.features_with(self.consumers_of(id).count());
        features.into_iter().map(move |feature| Feature::Queue(queue, feature))
    }

    /// Everything that the model as a whole and its run settings use.
    pub fn features_of_whole(&self) -> impl Iterator<Item = Feature<'_>> {
        let Model {
            name: _,
            hash: _,
            classes,
            producers: _,
            exchanges: _,
            queues: _,
            consumers: _,
            disruptions: _,
            run,
            targets: _,
            expectations: _,
        } = self;
        let several = (classes.len() > 1).then_some(WholeFeature::Classes(classes.len()));
        several.into_iter().chain(run.features()).map(Feature::Whole)
    }
}
