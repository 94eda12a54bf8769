//! Whether anything in a model is drawn at random, so that two replications differ.

use super::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, Feature, ProducerFeature as P,
    QueueFeature as Q, WholeFeature as W,
};
use crate::dist::Dist;
use crate::model::{Backoff, Jitter, Model};

impl Model {
    /// Whether two replications can differ: something is drawn, and what is drawn varies.
    ///
    /// ```
    /// let text = |service: &str| {
    ///     format!(
    ///         "[producers.web]\narrivals = {{ renewal = \"1s\" }}\nqueue = \"orders\"\n[queues.orders]\n\
    ///          [consumers.w]\nqueue = \"orders\"\nservice = {service}"
    ///     )
    /// };
    /// let random = |service: &str| {
    ///     lindley::model::parse("m.toml", &text(service), &|_| Err(String::new().into())).unwrap().0.is_random()
    /// };
    /// assert!(random("{ exponential = { mean = \"500ms\" } }"));
    /// assert!(!random("\"500ms\""));
    /// ```
    pub fn is_random(&self) -> bool {
        self.features().any(|feature| feature.is_random())
    }
}

impl Feature<'_> {
    /// Whether something is drawn for it that varies.
    pub fn is_random(&self) -> bool {
        match self {
            Feature::Whole(W::Classes(_) | W::Drained | W::KeptStart) => false,
            Feature::Disruption(_, D::Burst(_)) => true,
            Feature::Disruption(_, D::ServersDown(_) | D::Crash(_) | D::Slowdown(_)) => false,
            Feature::Producer(_, P::Poisson(_) | P::Schedule(_, _) | P::Sinusoid(_) | P::Markov(_)) => true,
            Feature::Producer(_, P::Renewal(law) | P::Closed(_, law)) => varies(law),
            Feature::Producer(_, P::Batch(size)) => size.variance() != 0.0,
            Feature::Producer(_, P::Kinds(_)) => true,
            Feature::Producer(_, P::ClientBackoff(backoff)) => has_jitter(backoff),
            Feature::Producer(_, P::Trace(_) | P::Priority(_) | P::Timeout(_) | P::ClientAttempts(_)) => false,
            Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => false,
            Feature::Queue(_, Q::MaxLength(_, _) | Q::MessageTtl(_) | Q::Priorities(_)) => false,
            Feature::Queue(_, Q::DeadLetter(_) | Q::Unserved | Q::Shared(_)) => false,
            Feature::Consumer(_, C::DrawnService(law) | C::Turnaround(law)) => varies(law),
            Feature::Consumer(_, C::Failure(p) | C::AckLoss(p) | C::OnwardShare(p)) => *p < 1.0,
            Feature::Consumer(_, C::Backoff(backoff)) => has_jitter(backoff),
            Feature::Consumer(_, C::OnwardKinds(_)) => true,
            Feature::Consumer(_, C::Unlimited | C::RecordedService(_) | C::ServiceByClass(_)) => false,
            Feature::Consumer(_, C::Latency(_) | C::AutoAck | C::Attempts(_) | C::RequeueTail) => false,
            Feature::Consumer(_, C::Deduplicate | C::Onward(_)) => false,
        }
    }
}

/// Whether a law has more than one value. Where the mean is infinite the scv may be no number.
fn varies(law: &Dist) -> bool {
    law.scv() != 0.0
}

fn has_jitter(backoff: &Backoff) -> bool {
    match backoff {
        Backoff::Immediate => false,
        Backoff::Fixed { delay: _, jitter } | Backoff::Exponential { base: _, factor: _, cap: _, jitter } => {
            *jitter != Jitter::None
        }
    }
}
