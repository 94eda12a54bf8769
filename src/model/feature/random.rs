//! Whether anything in a model is drawn at random, so that two replications differ.

use super::{ConsumerFeature, DisruptionFeature, ExchangeFeature, Feature, ProducerFeature};
use super::{ModelFeature, QueueFeature, RunFeature};
use crate::dist::Dist;
use crate::model::{Backoff, Consumer, Disruption, Jitter, Model, Producer};

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
    ///     lindley::model::parse("m.toml", &text(service), &|_| Err(String::new())).unwrap().0.is_random()
    /// };
    /// assert!(random("{ exponential = { mean = \"500ms\" } }"));
    /// assert!(!random("\"500ms\""));
    /// ```
    pub fn is_random(&self) -> bool {
        self.features().iter().any(Feature::is_random)
    }
}

impl Producer {
    /// Whether anything that it does is drawn at random.
    pub fn is_random(&self) -> bool {
        Feature::of_producer(self).iter().any(Feature::is_random)
    }
}

impl Consumer {
    /// Whether anything that it does is drawn at random.
    pub fn is_random(&self) -> bool {
        Feature::of_consumer(self).iter().any(Feature::is_random)
    }
}

impl Disruption {
    /// Whether anything that it does is drawn at random.
    pub fn is_random(&self) -> bool {
        Feature::of_disruption(self).iter().any(Feature::is_random)
    }
}

impl Feature<'_> {
    /// Whether something is drawn for it that varies.
    pub fn is_random(&self) -> bool {
        match self {
            Feature::Model(ModelFeature::Classes(_)) => false,
            Feature::Run(RunFeature::Drained | RunFeature::KeptStart) => false,
            Feature::Disruption(_, feature) => disruption(feature),
            Feature::Producer(_, feature) => producer(feature),
            Feature::Exchange(_, feature) => exchange(feature),
            Feature::Queue(_, feature) => queue(feature),
            Feature::Consumer(_, feature) => consumer(feature),
        }
    }
}

fn disruption(feature: &DisruptionFeature) -> bool {
    match feature {
        DisruptionFeature::Burst(_) => true,
        DisruptionFeature::ServersDown(_) | DisruptionFeature::Crash(_) | DisruptionFeature::Slowdown(_) => false,
    }
}

fn exchange(feature: &ExchangeFeature) -> bool {
    match feature {
        ExchangeFeature::Direct
        | ExchangeFeature::Topic
        | ExchangeFeature::Fanout
        | ExchangeFeature::Headers
        | ExchangeFeature::ToExchange => false,
    }
}

fn queue(feature: &QueueFeature) -> bool {
    match feature {
        QueueFeature::Priorities(_)
        | QueueFeature::MaxLength(_, _)
        | QueueFeature::MessageTtl(_)
        | QueueFeature::DeadLetter(_)
        | QueueFeature::Unserved
        | QueueFeature::Shared(_) => false,
    }
}

fn producer(feature: &ProducerFeature<'_>) -> bool {
    match feature {
        ProducerFeature::Poisson(_)
        | ProducerFeature::Schedule(_, _)
        | ProducerFeature::Sinusoid(_)
        | ProducerFeature::Markov(_)
        | ProducerFeature::Kinds(_) => true,
        ProducerFeature::Renewal(law) | ProducerFeature::Closed(_, law) => varies(law),
        ProducerFeature::Batch(size) => size.variance() != 0.0,
        ProducerFeature::ClientBackoff(backoff) => has_jitter(backoff),
        ProducerFeature::Trace(_)
        | ProducerFeature::Priority(_)
        | ProducerFeature::Timeout(_)
        | ProducerFeature::ClientAttempts(_) => false,
    }
}

fn consumer(feature: &ConsumerFeature<'_>) -> bool {
    match feature {
        ConsumerFeature::DrawnService(law) | ConsumerFeature::Turnaround(law) => varies(law),
        ConsumerFeature::Failure(p) | ConsumerFeature::AckLoss(p) | ConsumerFeature::OnwardShare(p) => *p < 1.0,
        ConsumerFeature::Backoff(backoff) => has_jitter(backoff),
        ConsumerFeature::OnwardKinds(_) => true,
        ConsumerFeature::Unlimited
        | ConsumerFeature::RecordedService(_)
        | ConsumerFeature::ServiceByClass(_)
        | ConsumerFeature::Latency(_)
        | ConsumerFeature::AutoAck
        | ConsumerFeature::Attempts(_)
        | ConsumerFeature::RequeueTail
        | ConsumerFeature::Deduplicate
        | ConsumerFeature::Onward(_) => false,
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

#[cfg(test)]
mod tests {
    use crate::dist::{Count, Dist};
    use crate::model::{
        Arrivals, Backoff, Client, Consumer, Destination, Jitter, MessageKind, Model, Producer, Queue, QueueId, Retry,
        ServiceTimes,
    };

    fn constant() -> Arrivals {
        Arrivals::Renewal { interval: Dist::Deterministic(1.0) }
    }

    fn model(arrivals: Arrivals, service: impl Into<ServiceTimes>) -> Model {
        let to = Destination::Queue(QueueId(0));
        Model {
            classes: vec!["message".to_string()],
            producers: vec![Producer::new("web", arrivals, to, vec![MessageKind::with_key("")])],
            queues: vec![Queue::new("orders")],
            consumers: vec![Consumer::new("w", QueueId(0), service)],
            ..Model::default()
        }
    }

    /// Laws that have one value only, whatever family they are written in.
    #[test]
    fn what_never_varies_is_not_random() {
        let laws = [
            Dist::Deterministic(0.5),
            Dist::empirical(&[0.5, 0.5, 0.5]).unwrap(),
            Dist::mixture(vec![(1.0, Dist::Deterministic(0.5))]).unwrap(),
            Dist::shifted(0.25, Dist::Deterministic(0.25)).unwrap(),
        ];
        for law in laws {
            assert!(!model(constant(), law.clone()).is_random(), "{law:?}");
            assert!(!model(Arrivals::Renewal { interval: law.clone() }, law.clone()).is_random(), "{law:?}");
            assert!(!model(Arrivals::Closed { population: 2, think: law.clone() }, law.clone()).is_random(), "{law:?}");
        }
        for size in [Count::Constant(3), Count::uniform(3, 3).unwrap()] {
            let batches = Arrivals::Batch { points: Box::new(constant()), size };
            assert!(!model(batches, Dist::Deterministic(0.1)).is_random());
        }
    }

    #[test]
    fn what_varies_is_random() {
        let fixed = || Dist::Deterministic(0.5);
        assert!(model(constant(), Dist::Exponential(0.5)).is_random());
        assert!(model(constant(), Dist::pareto(1.0, 1.0).unwrap()).is_random(), "no mean, hence no scv");
        assert!(model(Arrivals::Poisson { rate: 1.0 }, fixed()).is_random());
        let batches = |points: Arrivals, size| Arrivals::Batch { points: Box::new(points), size };
        assert!(model(batches(constant(), Count::uniform(1, 3).unwrap()), fixed()).is_random());
        assert!(model(batches(Arrivals::Poisson { rate: 1.0 }, Count::Constant(3)), fixed()).is_random());

        let jittered = Backoff::Fixed { delay: 1.0, jitter: Jitter::Full };
        let mut impatient = model(constant(), fixed());
        impatient.producers[0].client = Some(Client { backoff: jittered.clone(), ..Client::new(1.0) });
        assert!(impatient.is_random());
        let mut failing = model(constant(), fixed());
        failing.consumers[0].failure = 1.0;
        assert!(!failing.is_random(), "a failure that is certain");
        failing.consumers[0].retry = Retry { backoff: jittered, ..Retry::default() };
        assert!(failing.is_random());
        failing.consumers[0].retry = Retry::default();
        failing.consumers[0].failure = 0.5;
        assert!(failing.is_random());
    }
}
