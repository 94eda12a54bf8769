//! Which laws of queueing hold along every path of a run, message by message, and which features break them.

use super::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, Feature, ProducerFeature as P,
    QueueFeature as Q, WholeFeature as W,
};
use crate::model::{Effect, Model, QueueId};

/// A law that holds on every path, not only in the mean: both sides count the same seconds or the same messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathLaw {
    /// Little's law of those that wait: the integral of the queue length is the sum of the waits.
    Waiting,
    /// Little's law of all that are there: the integral of the number in the system is the sum of the sojourns.
    Presence,
    /// The utilization law: the integral of the busy servers is the sum of the services.
    Utilization,
    /// Flow balance: what reached a queue has left it or is still there.
    Flow,
}

impl Model {
    /// Whether a law of [`PathLaw::Waiting`], [`PathLaw::Presence`] or [`PathLaw::Flow`] holds at a queue with its consumers.
    ///
    /// ```
    /// use lindley::model::{PathLaw, QueueId};
    /// use lindley::prelude::*;
    /// let model = Model::builder("shop").poisson("web", "20/s", "orders").queue("orders");
    /// let model = model.consumer("workers", "orders", 1, LawText::exponential("40ms")).build().unwrap();
    /// assert!(model.holds_at_queue(QueueId(0), PathLaw::Waiting));
    /// ```
    pub fn holds_at_queue(&self, id: QueueId, law: PathLaw) -> bool {
        let of_consumers = self.consumers_of(id).flat_map(|c| Feature::of_consumer(&self.consumers[c]));
        self.features_of_queue(id).chain(of_consumers).all(|feature| !feature.breaks().contains(&law))
    }

    /// Whether the utilization law holds of a consumer.
    pub fn holds_at_consumer(&self, consumer: usize) -> bool {
        let is_of = |effect: &Effect| match effect {
            Effect::ServersDown { consumer: c, .. } | Effect::Slowdown { consumer: c, .. } => *c == consumer,
            Effect::Burst { .. } => false,
        };
        let disruptions = self.disruptions.iter().filter(|d| is_of(&d.effect)).flat_map(Feature::of_disruption);
        let mut features = Feature::of_consumer(&self.consumers[consumer]).chain(disruptions);
        features.all(|feature| !feature.breaks().contains(&PathLaw::Utilization))
    }
}

impl Feature<'_> {
    /// The laws that do not hold where it is used: a message that is dropped or expires waited, but has no wait; one that
    /// backs off is at no queue while its sojourn goes on; a server is taken during a latency and a turnaround, which are
    /// no service, and for a service that a crash cuts off.
    fn breaks(&self) -> &'static [PathLaw] {
        use crate::model::Overflow;
        use PathLaw::{Presence, Utilization, Waiting};
        match self {
            Feature::Whole(W::Classes(_) | W::Drained | W::KeptStart) => &[],
            Feature::Disruption(_, D::Crash(_)) => &[Utilization],
            Feature::Disruption(_, D::Burst(_) | D::ServersDown(_) | D::Slowdown(_)) => &[],
            Feature::Producer(_, P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Markov(_) | P::Closed(_, _)) => &[],
            Feature::Producer(_, P::Schedule(_, _) | P::Sinusoid(_) | P::Trace(_) | P::Kinds(_)) => &[],
            Feature::Producer(_, P::Priority(_) | P::Timeout(_) | P::ClientAttempts(_) | P::ClientBackoff(_)) => &[],
            Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => &[],
            Feature::Queue(_, Q::MaxLength(_, Overflow::DropHead) | Q::MessageTtl(_)) => &[Waiting, Presence],
            Feature::Queue(_, Q::MaxLength(_, Overflow::RejectPublish | Overflow::RejectPublishDlx)) => &[],
            Feature::Queue(_, Q::Unserved) => &[Waiting, Presence],
            Feature::Queue(_, Q::Priorities(_) | Q::DeadLetter(_) | Q::Shared(_)) => &[],
            Feature::Consumer(_, C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_)) => &[],
            Feature::Consumer(_, C::Latency(_)) => &[Waiting, Utilization],
            Feature::Consumer(_, C::Turnaround(_)) => &[Utilization],
            Feature::Consumer(_, C::Backoff(_)) => &[Presence],
            Feature::Consumer(_, C::Unlimited | C::AutoAck | C::Failure(_) | C::Attempts(_) | C::RequeueTail) => &[],
            Feature::Consumer(_, C::AckLoss(_) | C::Deduplicate) => &[],
            Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_)) => &[],
        }
    }
}
