//! Whether a model runs the same way at any time, or again and again, so that one long run says what many short ones say.

use super::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, Feature, ProducerFeature as P,
    QueueFeature as Q, WholeFeature as W,
};
use crate::model::Model;

/// The period of what does the same at any time.
const ALWAYS: Option<f64> = Some(0.0);

impl Model {
    /// Whether nothing depends on the time of the clock and the start is cut off: a run is then of steady state, and its
    /// parts are as good as replications.
    pub fn is_stationary(&self) -> bool {
        self.period() == ALWAYS
    }

    /// The longest time after which the model does the same again, seconds: 0 where it always does, `None` where it never
    /// does. Parts of a run that have many periods are as good as replications, too.
    pub fn period(&self) -> Option<f64> {
        self.features().try_fold(0.0, |longest: f64, feature| feature.period().map(|period| longest.max(period)))
    }
}

impl Feature<'_> {
    /// The time after which it does the same again.
    fn period(&self) -> Option<f64> {
        match self {
            Feature::Whole(W::Classes(_)) => ALWAYS,
            Feature::Whole(W::Drained | W::KeptStart) => None,
            Feature::Disruption(_, D::Burst(_) | D::ServersDown(_) | D::Crash(_) | D::Slowdown(_)) => None,
            Feature::Producer(_, P::Schedule(pieces, true)) => Some(pieces.iter().map(|piece| piece.0).sum()),
            Feature::Producer(_, P::Schedule(_, false) | P::Sinusoid(_) | P::Trace(_)) => None,
            Feature::Producer(_, P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Markov(_) | P::Closed(_, _)) => {
                ALWAYS
            }
            Feature::Producer(_, P::Kinds(_) | P::Priority(_)) => ALWAYS,
            Feature::Producer(_, P::Timeout(_) | P::ClientAttempts(_) | P::ClientBackoff(_)) => ALWAYS,
            Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => ALWAYS,
            Feature::Queue(_, Q::MaxLength(_, _) | Q::MessageTtl(_) | Q::Priorities(_)) => ALWAYS,
            Feature::Queue(_, Q::DeadLetter(_) | Q::Unserved | Q::Shared(_)) => ALWAYS,
            Feature::Consumer(_, C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_)) => ALWAYS,
            Feature::Consumer(_, C::Turnaround(_) | C::Latency(_) | C::Unlimited | C::AutoAck) => ALWAYS,
            Feature::Consumer(_, C::Failure(_) | C::Attempts(_) | C::Backoff(_) | C::RequeueTail) => ALWAYS,
            Feature::Consumer(_, C::AckLoss(_) | C::Deduplicate) => ALWAYS,
            Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_)) => ALWAYS,
        }
    }
}
