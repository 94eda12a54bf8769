//! Which models a recursion can run, and why not the others. Every feature of the entities on the
//! way of a message is either understood here or refused.

use super::visit::ServiceLine;
use crate::model::feature::{
    ConsumerFeature as C, DisruptionFeature as D, ExchangeFeature as E, ProducerFeature as P, QueueFeature as Q,
    WholeFeature as W,
};
use crate::model::{Feature, FeatureKind, Model, QueueId};
use crate::sim::network::{Network, SourceSpec};

/// Queues up to which each queue's own waits say where the start of a run ends.
const QUEUES: usize = 64;

/// Why a recursion cannot run a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecursionRefusal {
    /// It uses something that recursions do not have.
    #[error("{owner} {kind}")]
    Feature {
        /// The entity that uses it.
        owner: String,
        /// What it is.
        kind: FeatureKind,
    },
    /// A service of this consumer may take no time.
    #[error("consumer `{0}` may take no time at all, so that events coincide")]
    Instantaneous(String),
    /// This producer reaches so many queues, not one.
    #[error("producer `{0}` publishes {what}", what = if *.1 == 0 { "to no queue" } else { "copies to several queues" })]
    Reaches(String, usize),
    /// Several producers feed this queue.
    #[error("queue `{0}` is fed by several producers")]
    FedBySeveral(String),
    /// There are more queues than are watched one by one.
    #[error("the model has more than {QUEUES} queues")]
    ManyQueues,
    /// The recovery of a queue is watched, which takes events.
    #[error("the recovery of a queue is watched")]
    Watched,
}

/// The lines of a model, one per producer; or what stands against it.
pub(super) fn lines(model: &Model, network: &Network) -> Result<Vec<ServiceLine>, RecursionRefusal> {
    understood(model.features_of_whole().chain(model.disruptions.iter().flat_map(Feature::of_disruption)))?;
    if network.queues.len() > QUEUES {
        return Err(RecursionRefusal::ManyQueues);
    }
    let lines = (0..network.sources.len()).map(|s| line(model, network, s));
    let lines: Vec<ServiceLine> = lines.collect::<Result<_, _>>()?;
    for (i, line) in lines.iter().enumerate() {
        if lines[..i].iter().any(|other| other.queue == line.queue) {
            return Err(RecursionRefusal::FedBySeveral(model.queues[line.queue as usize].name.clone()));
        }
    }
    Ok(lines)
}

fn line(model: &Model, network: &Network, s: usize) -> Result<ServiceLine, RecursionRefusal> {
    understood(Feature::of_producer(&model.producers[s]))?;
    let queue = target(&network.sources[s])?;
    understood(model.features_of_queue(QueueId(queue)))?;
    let pool = network.queues[queue as usize].pools[0];
    understood(Feature::of_consumer(&model.consumers[pool as usize]))?;
    Ok(ServiceLine { source: s as u32, queue, pool })
}

/// The one queue to which a producer publishes its one kind of messages.
fn target(spec: &SourceSpec) -> Result<u32, RecursionRefusal> {
    let targets = spec.emissions.kinds.first().map_or(&[][..], |kind| &kind.targets);
    let [queue] = *targets else { return Err(RecursionRefusal::Reaches(spec.name.clone(), targets.len())) };
    Ok(queue)
}

fn understood<'m>(mut features: impl Iterator<Item = Feature<'m>>) -> Result<(), RecursionRefusal> {
    features.find_map(|feature| refusal(&feature)).map_or(Ok(()), Err)
}

/// What stands against a feature; `None` where the recursion has it.
fn refusal(feature: &Feature<'_>) -> Option<RecursionRefusal> {
    if has(feature) {
        return None;
    }
    if let Feature::Consumer(consumer, C::DrawnService(_) | C::RecordedService(_)) = feature {
        return Some(RecursionRefusal::Instantaneous(consumer.name.clone()));
    }
    let (kind, owner) = feature.kind_and_owner();
    Some(RecursionRefusal::Feature { owner, kind })
}

fn has(feature: &Feature<'_>) -> bool {
    match feature {
        Feature::Whole(W::Classes(_)) => false,
        Feature::Whole(W::Drained | W::KeptStart) => true,
        Feature::Disruption(_, D::ServersDown(_) | D::Crash(_) | D::Slowdown(_) | D::Burst(_)) => false,
        Feature::Producer(_, P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Schedule(_, _)) => true,
        Feature::Producer(_, P::Sinusoid(_) | P::Markov(_) | P::Trace(_)) => true,
        // A queue without priorities takes no notice, and one with them is refused.
        Feature::Producer(_, P::Priority(_)) => true,
        Feature::Producer(_, P::Closed(_, _) | P::Kinds(_)) => false,
        Feature::Producer(_, P::Timeout(_) | P::ClientAttempts(_) | P::ClientBackoff(_)) => false,
        // Routing is resolved before a run.
        Feature::Exchange(_, E::Direct | E::Topic | E::Fanout | E::Headers | E::ToExchange) => true,
        // Nothing dies where nothing fails, expires or is too much.
        Feature::Queue(_, Q::DeadLetter(_)) => true,
        Feature::Queue(_, Q::MaxLength(_, _) | Q::MessageTtl(_) | Q::Priorities(_)) => false,
        Feature::Queue(_, Q::Unserved | Q::Shared(_)) => false,
        Feature::Consumer(_, C::Unlimited | C::ServiceByClass(_)) => true,
        // Where a service may take no time, a message may depart at the instant of its own arrival, and what
        // counts as present at that instant is a matter of events.
        Feature::Consumer(_, C::DrawnService(law)) => law.cdf(0.0) == 0.0,
        Feature::Consumer(_, C::RecordedService(times)) => times.iter().all(|t| *t > 0.0),
        // Inert: failures and lost acknowledgements are refused.
        Feature::Consumer(_, C::Attempts(_) | C::Backoff(_) | C::RequeueTail | C::Deduplicate) => true,
        // A broker pushes what is settled at delivery without waiting for a free server.
        Feature::Consumer(_, C::AutoAck) => false,
        Feature::Consumer(_, C::Failure(_) | C::AckLoss(_) | C::Turnaround(_) | C::Latency(_)) => false,
        Feature::Consumer(_, C::Onward(_) | C::OnwardShare(_) | C::OnwardKinds(_)) => false,
    }
}
