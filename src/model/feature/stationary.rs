//! Whether a model runs the same way at any time, so that one long run says what many short ones say.

use super::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, Feature, ProducerFeature as P,
    QueueFeature as Q, WholeFeature as W,
};
use crate::model::Model;

impl Model {
    /// Whether nothing depends on the time of the clock and the start is cut off: a run is then of steady state, and its
    /// parts are as good as replications.
    pub fn is_stationary(&self) -> bool {
        self.features().all(|feature| feature.is_stationary())
    }
}

impl Feature<'_> {
    /// Whether it does the same at any time.
    pub fn is_stationary(&self) -> bool {
        match self {
            Feature::Whole(W::Classes(_)) => true,
            Feature::Whole(W::Drained | W::KeptStart) => false,
            Feature::Disruption(_, D::Burst(_) | D::ServersDown(_) | D::Crash(_) | D::Slowdown(_)) => false,
            Feature::Producer(_, P::Schedule(_, _) | P::Sinusoid(_) | P::Trace(_)) => false,
            Feature::Producer(_, P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Markov(_) | P::Closed(_, _)) => true,
            Feature::Producer(_, P::Kinds(_) | P::Priority(_)) => true,
            Feature::Producer(_, P::Timeout(_) | P::ClientAttempts(_) | P::ClientBackoff(_)) => true,
            Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => true,
            Feature::Queue(_, Q::MaxLength(_, _) | Q::MessageTtl(_) | Q::Priorities(_)) => true,
            Feature::Queue(_, Q::DeadLetter(_) | Q::Unserved | Q::Shared(_)) => true,
            Feature::Consumer(_, C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_)) => true,
            Feature::Consumer(_, C::Turnaround(_) | C::Latency(_) | C::Unlimited | C::AutoAck) => true,
            Feature::Consumer(_, C::Failure(_) | C::Attempts(_) | C::Backoff(_) | C::RequeueTail) => true,
            Feature::Consumer(_, C::AckLoss(_) | C::Deduplicate) => true,
            Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_)) => true,
        }
    }
}
