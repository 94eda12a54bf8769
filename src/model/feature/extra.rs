//! Which numbers a feature adds to those that every queue, consumer and producer has.

use super::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, Feature, ProducerFeature as P,
    QueueFeature as Q, WholeFeature as W,
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

/// Whether features add these numbers.
pub fn adds<'m>(mut features: impl Iterator<Item = Feature<'m>>, wanted: Extra) -> bool {
    features.any(|feature| extra(&feature) == Some(wanted))
}

/// The numbers that a feature adds; `None` where those that every entity has show what it does.
pub fn extra(feature: &Feature<'_>) -> Option<Extra> {
    match feature {
        Feature::Whole(W::Classes(_)) => Some(Extra::Classes),
        Feature::Whole(W::Drained | W::KeptStart) => None,
        Feature::Disruption(_, D::ServersDown(_) | D::Crash(_) | D::Slowdown(_) | D::Burst(_)) => Some(Extra::Recovery),
        Feature::Producer(_, P::Timeout(_)) => Some(Extra::Clients),
        Feature::Producer(_, P::ClientAttempts(_) | P::ClientBackoff(_) | P::Kinds(_) | P::Priority(_)) => None,
        Feature::Producer(_, P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Schedule(_, _)) => None,
        Feature::Producer(_, P::Sinusoid(_) | P::Markov(_) | P::Trace(_) | P::Closed(_, _)) => None,
        Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => None,
        Feature::Queue(_, Q::MaxLength(_, _)) => Some(Extra::Loss),
        Feature::Queue(_, Q::MessageTtl(_)) => Some(Extra::Expiry),
        Feature::Queue(_, Q::Priorities(_) | Q::DeadLetter(_) | Q::Unserved | Q::Shared(_)) => None,
        Feature::Consumer(_, C::AckLoss(_)) => Some(Extra::Duplicates),
        Feature::Consumer(_, C::Unlimited | C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_)) => None,
        Feature::Consumer(_, C::Turnaround(_) | C::Latency(_) | C::AutoAck | C::Deduplicate) => None,
        Feature::Consumer(_, C::Failure(_) | C::Attempts(_) | C::Backoff(_) | C::RequeueTail) => None,
        Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_)) => None,
    }
}
