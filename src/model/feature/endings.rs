//! How messages of a model may end beside being acknowledged.

use super::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, Feature, ProducerFeature as P,
    QueueFeature as Q, WholeFeature as W,
};
use crate::model::{Model, State};

impl Model {
    /// Whether a message may end in a state: where it may not, its share is 0 without any doubt.
    ///
    /// ```
    /// use lindley::{model::State, prelude::*};
    /// let model = Model::builder("shop").poisson("web", "20/s", "orders").queue("orders");
    /// let model = model.consumer("workers", "orders", 1, LawText::exponential("40ms")).build().unwrap();
    /// assert!(model.may_end(State::Acked) && !model.may_end(State::Expired));
    /// ```
    pub fn may_end(&self, state: State) -> bool {
        state == State::Acked || self.features().any(|feature| feature.endings().contains(&state))
    }
}

impl Feature<'_> {
    /// The states beside that of acknowledged messages in which one may end because of it.
    fn endings(&self) -> &'static [State] {
        match self {
            Feature::Whole(W::Classes(_) | W::Drained | W::KeptStart) => &[],
            Feature::Disruption(_, D::Burst(_) | D::ServersDown(_) | D::Crash(_) | D::Slowdown(_)) => &[],
            Feature::Producer(_, P::Schedule(_, _) | P::Sinusoid(_) | P::Trace(_) | P::Poisson(_)) => &[],
            Feature::Producer(_, P::Renewal(_) | P::Batch(_) | P::Markov(_) | P::Closed(_, _)) => &[],
            Feature::Producer(_, P::Priority(_) | P::ClientAttempts(_) | P::ClientBackoff(_)) => &[],
            Feature::Producer(_, P::Timeout(_)) => &[State::Expired],
            Feature::Producer(_, P::Kinds(_)) => &[State::Unroutable],
            Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => &[State::Unroutable],
            Feature::Queue(_, Q::MaxLength(_, _)) => &[State::Refused, State::Dropped],
            Feature::Queue(_, Q::MessageTtl(_)) => &[State::Expired],
            Feature::Queue(_, Q::DeadLetter(_)) => &[State::Dropped, State::DeadLettered],
            Feature::Queue(_, Q::Unserved) => &[State::DeadLettered],
            Feature::Queue(_, Q::Priorities(_) | Q::Shared(_)) => &[],
            Feature::Consumer(_, C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_)) => &[],
            Feature::Consumer(_, C::Turnaround(_) | C::Latency(_) | C::Unlimited | C::Deduplicate) => &[],
            Feature::Consumer(_, C::AutoAck) => &[State::Lost],
            Feature::Consumer(_, C::Failure(_) | C::Attempts(_) | C::AckLoss(_)) => &[State::Dropped, State::Lost],
            Feature::Consumer(_, C::Backoff(_) | C::RequeueTail) => &[],
            Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_)) => &[State::Unroutable],
        }
    }
}
