//! Which models a recursion can run, and why not the others. Every feature of the entities on the
//! way of a message is either understood here or refused.

use super::Line;
use crate::dist::Dist;
use crate::model::feature::{
    ConsumerFeature, DisruptionFeature, ExchangeFeature, ModelFeature, ProducerFeature, QueueFeature, RunFeature,
};
use crate::model::{Feature, FeatureKind, Model, QueueId};
use crate::sim::network::{Network, SourceSpec};
use std::fmt;

/// Queues up to which each queue's own waits say where the start of a run ends.
const QUEUES: usize = 64;

/// Why a recursion cannot run a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecursionRefusal {
    /// It uses something that recursions do not have.
    Feature {
        /// The entity that uses it.
        owner: String,
        /// What it is.
        kind: FeatureKind,
    },
    /// A service of this consumer may take no time: then a message may depart at the instant of its own
    /// arrival, and what counts as present at that instant is a matter of events.
    Instantaneous(String),
    /// This producer reaches so many queues, not one.
    Reaches(String, usize),
    /// Several producers feed this queue.
    FedBySeveral(String),
    /// There are more queues than are watched one by one.
    ManyQueues,
    /// The recovery of a queue is watched, which takes events.
    Watched,
}

impl fmt::Display for RecursionRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecursionRefusal::Feature { owner, kind } => write!(f, "{owner} {kind}"),
            RecursionRefusal::Instantaneous(consumer) => {
                write!(f, "consumer `{consumer}` may take no time at all, so that events coincide")
            }
            RecursionRefusal::Reaches(producer, 0) => write!(f, "producer `{producer}` publishes to no queue"),
            RecursionRefusal::Reaches(producer, _) => {
                write!(f, "producer `{producer}` publishes copies to several queues")
            }
            RecursionRefusal::FedBySeveral(queue) => write!(f, "queue `{queue}` is fed by several producers"),
            RecursionRefusal::ManyQueues => write!(f, "the model has more than {QUEUES} queues"),
            RecursionRefusal::Watched => f.write_str("the recovery of a queue is watched"),
        }
    }
}

impl std::error::Error for RecursionRefusal {}

/// The lines of a model, one per producer; or what stands against it.
pub fn lines(model: &Model, network: &Network) -> Result<Vec<Line>, RecursionRefusal> {
    let of_whole = model.features();
    understood(of_whole.iter().filter(|f| matches!(f, Feature::Model(_) | Feature::Run(_) | Feature::Disruption(..))))?;
    if network.queues.len() > QUEUES {
        return Err(RecursionRefusal::ManyQueues);
    }
    let lines = (0..network.sources.len()).map(|s| line(model, network, s));
    let lines: Vec<Line> = lines.collect::<Result<_, _>>()?;
    for (i, line) in lines.iter().enumerate() {
        if lines[..i].iter().any(|other| other.queue == line.queue) {
            return Err(RecursionRefusal::FedBySeveral(model.queues[line.queue as usize].name.clone()));
        }
    }
    Ok(lines)
}

fn line(model: &Model, network: &Network, s: usize) -> Result<Line, RecursionRefusal> {
    understood(&Feature::of_producer(&model.producers[s]))?;
    let queue = target(&network.sources[s])?;
    understood(&model.features_of_queue(QueueId(queue)))?;
    let pool = network.queues[queue as usize].pools[0];
    understood(&Feature::of_consumer(&model.consumers[pool as usize]))?;
    Ok(Line { source: s as u32, queue, pool })
}

/// The one queue to which a producer publishes its one kind of messages.
fn target(spec: &SourceSpec) -> Result<u32, RecursionRefusal> {
    let targets = spec.emissions.kinds.first().map_or(&[][..], |kind| &kind.targets);
    let [queue] = *targets else { return Err(RecursionRefusal::Reaches(spec.name.clone(), targets.len())) };
    Ok(queue)
}

fn understood<'f, 'm: 'f>(features: impl IntoIterator<Item = &'f Feature<'m>>) -> Result<(), RecursionRefusal> {
    features.into_iter().find_map(refusal).map_or(Ok(()), Err)
}

/// What stands against a feature; `None` where the recursion has it.
fn refusal(feature: &Feature<'_>) -> Option<RecursionRefusal> {
    let known = match feature {
        Feature::Model(ModelFeature::Classes(_)) => false,
        Feature::Run(RunFeature::Drained | RunFeature::KeptStart) => true,
        Feature::Disruption(_, disruption) => knows_disruption(disruption),
        Feature::Producer(_, producer) => knows_producer(producer),
        // Routing is resolved before a run.
        Feature::Exchange(_, exchange) => knows_exchange(exchange),
        Feature::Queue(_, queue) => knows_queue(queue),
        Feature::Consumer(consumer, ConsumerFeature::DrawnService(law)) if may_take_no_time(law) => {
            return Some(RecursionRefusal::Instantaneous(consumer.name.clone()));
        }
        Feature::Consumer(consumer, ConsumerFeature::RecordedService(times)) if times.iter().any(|t| *t <= 0.0) => {
            return Some(RecursionRefusal::Instantaneous(consumer.name.clone()));
        }
        Feature::Consumer(_, consumer) => knows_consumer(consumer),
    };
    (!known).then(|| RecursionRefusal::Feature { owner: feature.owner(), kind: feature.kind() })
}

fn may_take_no_time(law: &Dist) -> bool {
    law.cdf(0.0) > 0.0
}

fn knows_disruption(feature: &DisruptionFeature) -> bool {
    match feature {
        DisruptionFeature::ServersDown(_)
        | DisruptionFeature::Crash(_)
        | DisruptionFeature::Slowdown(_)
        | DisruptionFeature::Burst(_) => false,
    }
}

fn knows_exchange(feature: &ExchangeFeature) -> bool {
    match feature {
        ExchangeFeature::Direct
        | ExchangeFeature::Topic
        | ExchangeFeature::Fanout
        | ExchangeFeature::Headers
        | ExchangeFeature::ToExchange => true,
    }
}

fn knows_producer(feature: &ProducerFeature<'_>) -> bool {
    match feature {
        ProducerFeature::Poisson(_)
        | ProducerFeature::Renewal(_)
        | ProducerFeature::Batch(_)
        | ProducerFeature::Schedule(_, _)
        | ProducerFeature::Sinusoid(_)
        | ProducerFeature::Markov(_)
        | ProducerFeature::Trace(_) => true,
        // A queue without priorities takes no notice, and one with them is refused.
        ProducerFeature::Priority(_) => true,
        ProducerFeature::Closed(_, _)
        | ProducerFeature::Kinds(_)
        | ProducerFeature::Timeout(_)
        | ProducerFeature::ClientAttempts(_)
        | ProducerFeature::ClientBackoff(_) => false,
    }
}

fn knows_queue(feature: &QueueFeature) -> bool {
    match feature {
        // Nothing dies where nothing fails, expires or is too much.
        QueueFeature::DeadLetter(_) => true,
        QueueFeature::Priorities(_)
        | QueueFeature::MaxLength(_, _)
        | QueueFeature::MessageTtl(_)
        | QueueFeature::Unserved
        | QueueFeature::Shared(_) => false,
    }
}

fn knows_consumer(feature: &ConsumerFeature<'_>) -> bool {
    match feature {
        ConsumerFeature::Unlimited
        | ConsumerFeature::DrawnService(_)
        | ConsumerFeature::RecordedService(_)
        | ConsumerFeature::ServiceByClass(_) => true,
        // Inert: failures and lost acknowledgements are refused.
        ConsumerFeature::Attempts(_)
        | ConsumerFeature::Backoff(_)
        | ConsumerFeature::RequeueTail
        | ConsumerFeature::Deduplicate => true,
        // A broker pushes what is settled at delivery without waiting for a free server.
        ConsumerFeature::AutoAck => false,
        ConsumerFeature::Turnaround(_)
        | ConsumerFeature::Latency(_)
        | ConsumerFeature::Failure(_)
        | ConsumerFeature::AckLoss(_)
        | ConsumerFeature::Onward(_)
        | ConsumerFeature::OnwardShare(_)
        | ConsumerFeature::OnwardKinds(_) => false,
    }
}
