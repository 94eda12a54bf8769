//! What a model uses, said once: every specification is taken apart here, field by field, into a
//! list of features. Whoever must decide about a feature (recursions, theory, the compiler of
//! networks, measurement, the schema, the picture, the sentences) matches on these enums without a
//! wildcard, so that a new key of a specification does not compile until each has decided.

mod consumer;
mod producer;
mod random;
mod rest;

pub use consumer::{ConsumerFeature, ConsumerKind};
pub use producer::{ProducerFeature, ProducerKind};
pub use rest::{
    DisruptionFeature, DisruptionKind, ExchangeFeature, ExchangeFeatureKind, ModelFeature, ModelKind, QueueFeature,
    QueueKind, RunFeature, RunKind,
};

use super::{Consumer, Disruption, Exchange, Model, Producer, Queue, QueueId};
use std::fmt;

/// Declares the features of one specification with their data, the same without data (the kinds),
/// and a phrase for each: what an entity that uses it does or has.
macro_rules! features {
    (
        $(#[$about:meta])*
        $name:ident $(<$m:lifetime>)? as $kind:ident {
            $($(#[$doc:meta])* $variant:ident $(($($data:ty),+))? = $phrase:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy)]
        pub enum $name $(<$m>)? { $($(#[$doc])* $variant $(($($data),+))?,)+ }

        #[doc = concat!("[`", stringify!($name), "`] without its data.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $kind { $($(#[$doc])* $variant,)+ }

        impl $kind {
            /// Every kind.
            pub const ALL: &'static [$kind] = &[$($kind::$variant,)+];
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $($kind::$variant => $phrase,)+ })
            }
        }

        impl $(<$m>)? $name $(<$m>)? {
            /// The feature without its data.
            pub fn kind(&self) -> $kind {
                match self { $($name::$variant { .. } => $kind::$variant,)+ }
            }
        }
    };
}
use features;

/// Something that a model uses, with the entity that uses it.
#[derive(Debug, Clone, Copy)]
pub enum Feature<'m> {
    /// The model as a whole.
    Model(ModelFeature),
    /// The run settings.
    Run(RunFeature),
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
    Model(ModelKind),
    Run(RunKind),
    Disruption(DisruptionKind),
    Producer(ProducerKind),
    Exchange(ExchangeFeatureKind),
    Queue(QueueKind),
    Consumer(ConsumerKind),
}

impl FeatureKind {
    /// Every kind of feature that there is.
    pub fn all() -> Vec<FeatureKind> {
        fn of<K: Copy>(all: &[K], kind: fn(K) -> FeatureKind) -> Vec<FeatureKind> {
            all.iter().map(|one| kind(*one)).collect()
        }
        [
            of(ModelKind::ALL, FeatureKind::Model),
            of(RunKind::ALL, FeatureKind::Run),
            of(DisruptionKind::ALL, FeatureKind::Disruption),
            of(ProducerKind::ALL, FeatureKind::Producer),
            of(ExchangeFeatureKind::ALL, FeatureKind::Exchange),
            of(QueueKind::ALL, FeatureKind::Queue),
            of(ConsumerKind::ALL, FeatureKind::Consumer),
        ]
        .concat()
    }
}

/// What it does or has, as a phrase whose subject is the entity: `has a limit`.
impl fmt::Display for FeatureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeatureKind::Model(kind) => kind.fmt(f),
            FeatureKind::Run(kind) => kind.fmt(f),
            FeatureKind::Disruption(kind) => kind.fmt(f),
            FeatureKind::Producer(kind) => kind.fmt(f),
            FeatureKind::Exchange(kind) => kind.fmt(f),
            FeatureKind::Queue(kind) => kind.fmt(f),
            FeatureKind::Consumer(kind) => kind.fmt(f),
        }
    }
}

impl Feature<'_> {
    /// The feature without its data.
    pub fn kind(&self) -> FeatureKind {
        match self {
            Feature::Model(feature) => FeatureKind::Model(feature.kind()),
            Feature::Run(feature) => FeatureKind::Run(feature.kind()),
            Feature::Disruption(_, feature) => FeatureKind::Disruption(feature.kind()),
            Feature::Producer(_, feature) => FeatureKind::Producer(feature.kind()),
            Feature::Exchange(_, feature) => FeatureKind::Exchange(feature.kind()),
            Feature::Queue(_, feature) => FeatureKind::Queue(feature.kind()),
            Feature::Consumer(_, feature) => FeatureKind::Consumer(feature.kind()),
        }
    }

    /// Who uses it: ``queue `orders` ``.
    pub fn owner(&self) -> String {
        match self {
            Feature::Model(_) => "the model".to_string(),
            Feature::Run(_) => "the run".to_string(),
            Feature::Disruption(Disruption { name, .. }, _) => format!("disruption `{name}`"),
            Feature::Producer(Producer { name, .. }, _) => format!("producer `{name}`"),
            Feature::Exchange(Exchange { name, .. }, _) => format!("exchange `{name}`"),
            Feature::Queue(Queue { name, .. }, _) => format!("queue `{name}`"),
            Feature::Consumer(Consumer { name, .. }, _) => format!("consumer `{name}`"),
        }
    }
}

impl Model {
    /// Everything that the model uses, the whole first, then entity by entity in file order.
    pub fn features(&self) -> Vec<Feature<'_>> {
        let queues = (0..self.queues.len() as u32).flat_map(|q| self.features_of_queue(QueueId(q)));
        let disruptions = self.disruptions.iter().flat_map(Feature::of_disruption);
        let producers = self.producers.iter().flat_map(Feature::of_producer);
        let exchanges = self.exchanges.iter().flat_map(Feature::of_exchange);
        let consumers = self.consumers.iter().flat_map(Feature::of_consumer);
        let whole = self.features_of_whole();
        whole.into_iter().chain(disruptions).chain(producers).chain(exchanges).chain(queues).chain(consumers).collect()
    }
}

impl<'m> Feature<'m> {
    /// Everything that a producer uses.
    pub fn of_producer(producer: &'m Producer) -> Vec<Feature<'m>> {
        producer.features().into_iter().map(|feature| Feature::Producer(producer, feature)).collect()
    }

    /// Everything that a consumer uses.
    pub fn of_consumer(consumer: &'m Consumer) -> Vec<Feature<'m>> {
        consumer.features().into_iter().map(|feature| Feature::Consumer(consumer, feature)).collect()
    }

    /// Everything that an exchange uses.
    pub fn of_exchange(exchange: &'m Exchange) -> Vec<Feature<'m>> {
        exchange.features().into_iter().map(|feature| Feature::Exchange(exchange, feature)).collect()
    }

    /// Everything that a disruption uses.
    pub fn of_disruption(disruption: &'m Disruption) -> Vec<Feature<'m>> {
        disruption.features().into_iter().map(|feature| Feature::Disruption(disruption, feature)).collect()
    }
}

impl Model {
    /// Everything that a queue uses, the number of its consumers included.
    pub fn features_of_queue(&self, id: QueueId) -> Vec<Feature<'_>> {
        let queue = self.queue(id);
        let features = queue.features_with(self.consumers_of(id).count());
        features.into_iter().map(|feature| Feature::Queue(queue, feature)).collect()
    }

    fn features_of_whole(&self) -> Vec<Feature<'_>> {
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
        let several = (classes.len() > 1).then(|| Feature::Model(ModelFeature::Classes(classes.len())));
        several.into_iter().chain(run.features().into_iter().map(Feature::Run)).collect()
    }
}
