//! Which numbers a feature adds to those that every queue, consumer and producer has.

use crate::model::Feature;
use crate::model::feature::{
    ConsumerFeature, DisruptionFeature, ExchangeFeature, ModelFeature, ProducerFeature, QueueFeature, RunFeature,
};

/// Numbers that only some features have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// Times of each class.
    Classes,
    /// Share of messages that a full queue loses.
    Loss,
    /// Share of messages that expire.
    Expiry,
    /// Messages processed again or recognised.
    Duplicates,
    /// What clients see that stop waiting.
    Clients,
    /// How queues recover.
    Recovery,
}

/// The numbers that features add, each once.
pub fn extras(features: &[Feature<'_>]) -> Vec<Extra> {
    let mut found = Vec::new();
    for extra in features.iter().filter_map(extra) {
        if !found.contains(&extra) {
            found.push(extra);
        }
    }
    found
}

/// The numbers that a feature adds; `None` where those that every entity has show what it does.
pub fn extra(feature: &Feature<'_>) -> Option<Extra> {
    match feature {
        Feature::Model(ModelFeature::Classes(_)) => Some(Extra::Classes),
        Feature::Run(RunFeature::Drained | RunFeature::KeptStart) => None,
        Feature::Disruption(
            _,
            DisruptionFeature::ServersDown(_)
            | DisruptionFeature::Crash(_)
            | DisruptionFeature::Slowdown(_)
            | DisruptionFeature::Burst(_),
        ) => Some(Extra::Recovery),
        Feature::Producer(_, producer) => of_producer(producer),
        Feature::Exchange(
            _,
            ExchangeFeature::Direct
            | ExchangeFeature::Topic
            | ExchangeFeature::Fanout
            | ExchangeFeature::Headers
            | ExchangeFeature::ToExchange,
        ) => None,
        Feature::Queue(_, queue) => of_queue(queue),
        Feature::Consumer(_, consumer) => of_consumer(consumer),
    }
}

fn of_producer(feature: &ProducerFeature<'_>) -> Option<Extra> {
    match feature {
        ProducerFeature::Timeout(_) => Some(Extra::Clients),
        ProducerFeature::Poisson(_)
        | ProducerFeature::Renewal(_)
        | ProducerFeature::Batch(_)
        | ProducerFeature::Schedule(_, _)
        | ProducerFeature::Sinusoid(_)
        | ProducerFeature::Markov(_)
        | ProducerFeature::Trace(_)
        | ProducerFeature::Closed(_, _)
        | ProducerFeature::Kinds(_)
        | ProducerFeature::Priority(_)
        | ProducerFeature::ClientAttempts(_)
        | ProducerFeature::ClientBackoff(_) => None,
    }
}

fn of_queue(feature: &QueueFeature) -> Option<Extra> {
    match feature {
        QueueFeature::MaxLength(_, _) => Some(Extra::Loss),
        QueueFeature::MessageTtl(_) => Some(Extra::Expiry),
        QueueFeature::Priorities(_)
        | QueueFeature::DeadLetter(_)
        | QueueFeature::Unserved
        | QueueFeature::Shared(_) => None,
    }
}

fn of_consumer(feature: &ConsumerFeature<'_>) -> Option<Extra> {
    match feature {
        ConsumerFeature::AckLoss(_) => Some(Extra::Duplicates),
        ConsumerFeature::Unlimited
        | ConsumerFeature::DrawnService(_)
        | ConsumerFeature::RecordedService(_)
        | ConsumerFeature::ServiceByClass(_)
        | ConsumerFeature::Turnaround(_)
        | ConsumerFeature::Latency(_)
        | ConsumerFeature::AutoAck
        | ConsumerFeature::Failure(_)
        | ConsumerFeature::Attempts(_)
        | ConsumerFeature::Backoff(_)
        | ConsumerFeature::RequeueTail
        | ConsumerFeature::Deduplicate
        | ConsumerFeature::Onward(_)
        | ConsumerFeature::OnwardShare(_)
        | ConsumerFeature::OnwardKinds(_) => None,
    }
}
