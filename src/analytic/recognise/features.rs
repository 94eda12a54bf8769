//! What theory makes of each feature: something it has formulas for, something without effect there,
//! or a reason why it is silent.

use crate::model::feature::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, ProducerFeature as P, QueueFeature as Q,
    WholeFeature as W,
};
use crate::model::{Ack, Arrivals, Backoff, Consumer, Feature, Jitter, Model, Producer, Requeue, Servers};
use crate::row::backticked;
use crate::units::format_duration;

/// Why nothing in the model has a steady state that a run would show.
pub(super) fn against_steady_state(model: &Model) -> Vec<String> {
    let disruptions = model.disruptions.iter().flat_map(Feature::of_disruption);
    disruptions.chain(model.features_of_whole()).filter_map(|feature| against(model, &feature)).collect()
}

/// What no single station has, of a queue and its consumer, or of the model as a whole.
pub(super) fn against(model: &Model, feature: &Feature<'_>) -> Option<String> {
    match feature {
        Feature::Disruption(d, D::ServersDown(_) | D::Crash(_) | D::Slowdown(_) | D::Burst(_)) => {
            Some(format!("the model changes over time: disruption `{}`", d.name))
        }
        Feature::Whole(W::KeptStart) => model
            .disruptions
            .is_empty()
            .then(|| "the run keeps its start (warm-up `none`), and theory knows the steady state only".to_string()),
        Feature::Whole(W::Drained) => {
            Some("the run lasts until the system is empty, and theory knows the steady state only".to_string())
        }
        // Streams have a class each.
        Feature::Whole(W::Classes(_)) => None,
        // Routing is resolved; what it does to streams is seen there.
        Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => None,
        Feature::Producer(producer, feature) => impatience(producer, feature),
        Feature::Queue(queue, Q::Unserved) => Some(format!("no consumer takes from `{}`", queue.name)),
        Feature::Queue(queue, Q::Shared(_)) => {
            let takes = |consumer: &&Consumer| model.queue(consumer.queue).name == queue.name;
            let names = model.consumers.iter().filter(takes).map(|consumer| &consumer.name);
            Some(format!("queue `{}` is shared by consumers {}", queue.name, backticked(names)))
        }
        // Places, patience and discipline of the station.
        Feature::Queue(_, Q::Priorities(_) | Q::MaxLength(_, _) | Q::MessageTtl(_)) => None,
        // It disturbs the arrivals where it leads to.
        Feature::Queue(_, Q::DeadLetter(_)) => None,
        Feature::Consumer(consumer, feature) => against_consumer(consumer, feature),
    }
}

/// What clients that stop waiting do to the arrivals; `None` where they do nothing.
pub(super) fn against_producer(producer: &Producer) -> Option<String> {
    producer.features().iter().find_map(|feature| impatience(producer, feature))
}

fn impatience(producer: &Producer, feature: &P<'_>) -> Option<String> {
    let (name, client) = (&producer.name, producer.client.as_ref());
    let timeout = format_duration(client.map_or(0.0, |client| client.timeout));
    match feature {
        P::ClientAttempts(_) => {
            Some(format!("clients of `{name}` publish again what is not answered within {timeout}"))
        }
        P::Timeout(_) => {
            let closed = matches!(producer.arrivals, Arrivals::Closed { .. });
            let once = client.is_some_and(|client| client.max_attempts == Some(1));
            (closed && once).then(|| format!("members of `{name}` give up what is not answered within {timeout}"))
        }
        // Only after the first attempt.
        P::ClientBackoff(_) => None,
        // The process itself decides whether streams are Poisson.
        P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Schedule(_, _) | P::Sinusoid(_) | P::Markov(_) => None,
        P::Trace(_) | P::Closed(_, _) => None,
        // Streams have a class and a priority each.
        P::Kinds(_) | P::Priority(_) => None,
    }
}

fn against_consumer(consumer: &Consumer, feature: &C<'_>) -> Option<String> {
    let name = &consumer.name;
    match feature {
        C::AutoAck => Some(format!(
            "consumer `{name}` acknowledges at delivery: a broker pushes such messages without waiting for a free \
             server, and what fails is lost"
        )),
        C::AckLoss(p) => Some(format!("consumer `{name}` repeats messages (acknowledgement loss {p})")),
        C::Turnaround(law) => {
            let mean = law.mean();
            Some(format!("consumer `{name}` keeps its server for a turnaround of mean {mean} s after each message"))
        }
        C::Latency(latency) => Some(format!("consumer `{name}` has a delivery latency of {latency} s")),
        C::Backoff(backoff) if consumer.failure > 0.0 && mean_backoff(backoff).is_none() => {
            Some(format!("the back-off of consumer `{name}` grows with the attempts"))
        }
        C::Failure(_) if fails_to_another_server(consumer) => {
            Some(format!("consumer `{name}` returns failed messages to the head, where another server may take them"))
        }
        // Retries of the station.
        C::Failure(_) | C::Attempts(_) | C::Backoff(_) | C::RequeueTail => None,
        // Nothing is repeated unless acknowledgements are lost.
        C::Deduplicate => None,
        // Laws of the classes that arrive.
        C::Unlimited | C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_) => None,
        // Streams of the queues behind.
        C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_) => None,
    }
}

/// Whether failed messages go back to the tail of their queue.
fn to_tail(consumer: &Consumer) -> bool {
    consumer.retry.backoff != Backoff::Immediate || consumer.retry.requeue == Requeue::Tail
}

fn fails_to_another_server(consumer: &Consumer) -> bool {
    let retries = consumer.ack == Ack::Manual && consumer.retry.max_attempts != Some(1);
    retries && !to_tail(consumer) && consumer.servers != Servers::Count(1)
}

/// Whether a product-form network can have a feature, given the streams and laws that it is read from elsewhere.
pub(super) fn in_product_form(feature: &Feature<'_>) -> bool {
    match feature {
        Feature::Whole(W::Classes(_)) => true,
        Feature::Whole(W::Drained | W::KeptStart) => false,
        Feature::Disruption(_, D::ServersDown(_) | D::Crash(_) | D::Slowdown(_) | D::Burst(_)) => false,
        Feature::Producer(producer, feature) => impatience(producer, feature).is_none(),
        Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => true,
        Feature::Queue(_, Q::DeadLetter(_)) => true,
        Feature::Queue(_, Q::Priorities(_) | Q::MaxLength(_, _) | Q::MessageTtl(_)) => false,
        Feature::Queue(_, Q::Unserved | Q::Shared(_)) => false,
        Feature::Consumer(_, C::Unlimited | C::DrawnService(_) | C::Deduplicate | C::RequeueTail) => true,
        Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_) | C::Attempts(_)) => true,
        // Failed messages go to the tail without limit, as if routed there.
        Feature::Consumer(consumer, C::Failure(_)) => consumer.retry.max_attempts.is_none() && to_tail(consumer),
        Feature::Consumer(consumer, C::Backoff(backoff)) => consumer.failure == 0.0 || mean_backoff(backoff).is_some(),
        Feature::Consumer(_, C::RecordedService(_) | C::ServiceByClass(_) | C::Turnaround(_)) => false,
        Feature::Consumer(_, C::Latency(_) | C::AutoAck | C::AckLoss(_)) => false,
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
