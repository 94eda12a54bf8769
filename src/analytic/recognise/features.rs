//! What theory makes of each feature: something it has formulas for, something without effect there,
//! or a reason why it is silent.

use crate::model::feature::{
    ConsumerFeature, DisruptionFeature, ExchangeFeature, ModelFeature, ProducerFeature, QueueFeature, RunFeature,
};
use crate::model::{Arrivals, Backoff, Consumer, Feature, Jitter, Model, Producer, Queue, Requeue};
use crate::units::format_duration;

/// Why nothing in the model has a steady state that a run would show.
pub(super) fn against_steady_state(model: &Model) -> Vec<String> {
    model.features().iter().filter_map(|feature| transient(model, feature)).collect()
}

fn transient(model: &Model, feature: &Feature<'_>) -> Option<String> {
    match feature {
        Feature::Run(RunFeature::KeptStart) => model
            .disruptions
            .is_empty()
            .then(|| "the run keeps its start (warm-up `none`), and theory knows the steady state only".to_string()),
        Feature::Run(RunFeature::Drained) => {
            Some("the run lasts until the system is empty, and theory knows the steady state only".to_string())
        }
        Feature::Disruption(
            disruption,
            DisruptionFeature::ServersDown(_)
            | DisruptionFeature::Crash(_)
            | DisruptionFeature::Slowdown(_)
            | DisruptionFeature::Burst(_),
        ) => Some(format!("the model changes over time: disruption `{}`", disruption.name)),
        Feature::Model(ModelFeature::Classes(_)) => None,
        // Routing is resolved; what it does to streams is seen there.
        Feature::Exchange(
            _,
            ExchangeFeature::Direct
            | ExchangeFeature::Topic
            | ExchangeFeature::Fanout
            | ExchangeFeature::Headers
            | ExchangeFeature::ToExchange,
        ) => None,
        Feature::Producer(_, _) | Feature::Queue(_, _) | Feature::Consumer(_, _) => None,
    }
}

/// What clients that stop waiting do to the arrivals; `None` where they do nothing.
pub(super) fn against_producer(producer: &Producer) -> Option<String> {
    producer.features().iter().find_map(|feature| impatience(producer, feature))
}

fn impatience(producer: &Producer, feature: &ProducerFeature<'_>) -> Option<String> {
    let name = &producer.name;
    match feature {
        ProducerFeature::ClientAttempts(_) => {
            let timeout = producer.client.as_ref().map_or(0.0, |client| client.timeout);
            let timeout = format_duration(timeout);
            Some(format!("clients of `{name}` publish again what is not answered within {timeout}"))
        }
        ProducerFeature::Timeout(timeout) => {
            let closed = matches!(producer.arrivals, Arrivals::Closed { .. });
            let once = producer.client.as_ref().is_some_and(|client| client.max_attempts == Some(1));
            let timeout = format_duration(*timeout);
            (closed && once).then(|| format!("members of `{name}` give up what is not answered within {timeout}"))
        }
        // Only after the first attempt.
        ProducerFeature::ClientBackoff(_) => None,
        // The process itself decides whether streams are Poisson.
        ProducerFeature::Poisson(_)
        | ProducerFeature::Renewal(_)
        | ProducerFeature::Batch(_)
        | ProducerFeature::Schedule(_, _)
        | ProducerFeature::Sinusoid(_)
        | ProducerFeature::Markov(_)
        | ProducerFeature::Trace(_)
        | ProducerFeature::Closed(_, _) => None,
        // Streams have a class and a priority each.
        ProducerFeature::Kinds(_) | ProducerFeature::Priority(_) => None,
    }
}

/// What of a queue no single station has.
pub(super) fn against_queue(model: &Model, queue: &Queue, feature: &QueueFeature) -> Option<String> {
    let name = &queue.name;
    match feature {
        QueueFeature::Unserved => Some(format!("no consumer takes from `{name}`")),
        QueueFeature::Shared(_) => {
            let takes = |consumer: &&Consumer| model.queue(consumer.queue).name == *name;
            let names = model.consumers.iter().filter(takes).map(|consumer| format!("`{}`", consumer.name));
            let names: Vec<String> = names.collect();
            Some(format!("queue `{name}` is shared by consumers {}", names.join(", ")))
        }
        // Places, patience and discipline of the station.
        QueueFeature::Priorities(_) | QueueFeature::MaxLength(_, _) | QueueFeature::MessageTtl(_) => None,
        // It disturbs the arrivals where it leads to.
        QueueFeature::DeadLetter(_) => None,
    }
}

/// What of a consumer no single station has.
pub(super) fn against_consumer(consumer: &Consumer, feature: &ConsumerFeature<'_>) -> Option<String> {
    let name = &consumer.name;
    match feature {
        ConsumerFeature::AutoAck => Some(format!(
            "consumer `{name}` acknowledges at delivery: a broker pushes such messages without waiting for a free \
             server, and what fails is lost"
        )),
        ConsumerFeature::AckLoss(p) => Some(format!("consumer `{name}` repeats messages (acknowledgement loss {p})")),
        ConsumerFeature::Turnaround(law) => {
            let mean = law.mean();
            Some(format!("consumer `{name}` keeps its server for a turnaround of mean {mean} s after each message"))
        }
        ConsumerFeature::Latency(latency) => Some(format!("consumer `{name}` has a delivery latency of {latency} s")),
        ConsumerFeature::Backoff(backoff) if consumer.failure > 0.0 && mean_backoff(backoff).is_none() => {
            Some(format!("the back-off of consumer `{name}` grows with the attempts"))
        }
        ConsumerFeature::Failure(_) if fails_to_another_server(consumer) => {
            Some(format!("consumer `{name}` returns failed messages to the head, where another server may take them"))
        }
        // Retries of the station.
        ConsumerFeature::Failure(_)
        | ConsumerFeature::Attempts(_)
        | ConsumerFeature::Backoff(_)
        | ConsumerFeature::RequeueTail => None,
        // Nothing is repeated unless acknowledgements are lost.
        ConsumerFeature::Deduplicate => None,
        // Laws of the classes that arrive.
        ConsumerFeature::Unlimited
        | ConsumerFeature::DrawnService(_)
        | ConsumerFeature::RecordedService(_)
        | ConsumerFeature::ServiceByClass(_) => None,
        // Streams of the queues behind.
        ConsumerFeature::Onward(_) | ConsumerFeature::OnwardShare(_) | ConsumerFeature::OnwardKinds(_) => None,
    }
}

fn fails_to_another_server(consumer: &Consumer) -> bool {
    let retry = &consumer.retry;
    let to_tail = retry.backoff != Backoff::Immediate || retry.requeue == Requeue::Tail;
    let single = consumer.servers == crate::model::Servers::Count(1);
    !to_tail && retry.max_attempts != Some(1) && !single
}

/// Whether a product-form network can have a feature, given the streams, laws and retries that it is read
/// from elsewhere.
pub(super) fn in_product_form(feature: &Feature<'_>) -> bool {
    match feature {
        Feature::Model(ModelFeature::Classes(_)) => true,
        Feature::Run(RunFeature::Drained | RunFeature::KeptStart) => false,
        Feature::Disruption(
            _,
            DisruptionFeature::ServersDown(_)
            | DisruptionFeature::Crash(_)
            | DisruptionFeature::Slowdown(_)
            | DisruptionFeature::Burst(_),
        ) => false,
        Feature::Producer(producer, feature) => impatience(producer, feature).is_none(),
        Feature::Exchange(
            _,
            ExchangeFeature::Direct
            | ExchangeFeature::Topic
            | ExchangeFeature::Fanout
            | ExchangeFeature::Headers
            | ExchangeFeature::ToExchange,
        ) => true,
        Feature::Queue(_, QueueFeature::DeadLetter(_)) => true,
        Feature::Queue(
            _,
            QueueFeature::Priorities(_)
            | QueueFeature::MaxLength(_, _)
            | QueueFeature::MessageTtl(_)
            | QueueFeature::Unserved
            | QueueFeature::Shared(_),
        ) => false,
        Feature::Consumer(consumer, feature) => served_in_product_form(consumer, feature),
    }
}

fn served_in_product_form(consumer: &Consumer, feature: &ConsumerFeature<'_>) -> bool {
    match feature {
        ConsumerFeature::Unlimited
        | ConsumerFeature::DrawnService(_)
        | ConsumerFeature::Deduplicate
        | ConsumerFeature::RequeueTail
        | ConsumerFeature::Onward(_)
        | ConsumerFeature::OnwardShare(_)
        | ConsumerFeature::OnwardKinds(_) => true,
        // Failed messages go to the tail without limit, as if routed there.
        ConsumerFeature::Failure(_) => {
            let retry = &consumer.retry;
            retry.max_attempts.is_none() && (retry.backoff != Backoff::Immediate || retry.requeue == Requeue::Tail)
        }
        ConsumerFeature::Backoff(backoff) => consumer.failure == 0.0 || mean_backoff(backoff).is_some(),
        ConsumerFeature::Attempts(_) => true,
        ConsumerFeature::RecordedService(_)
        | ConsumerFeature::ServiceByClass(_)
        | ConsumerFeature::Turnaround(_)
        | ConsumerFeature::Latency(_)
        | ConsumerFeature::AutoAck
        | ConsumerFeature::AckLoss(_) => false,
    }
}

/// Mean time between two attempts, where it does not depend on their number.
pub(super) fn mean_backoff(backoff: &Backoff) -> Option<f64> {
    match backoff {
        Backoff::Immediate => Some(0.0),
        Backoff::Fixed { delay, jitter: Jitter::None } => Some(*delay),
        Backoff::Fixed { delay, jitter: Jitter::Full } => Some(delay * 0.5),
        Backoff::Fixed { delay, jitter: Jitter::Equal } => Some(delay * 0.75),
        Backoff::Exponential { .. } => None,
    }
}
