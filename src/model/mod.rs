//! What a system is: the validated nouns of a model, pure data. A [`Model`] comes only out of [`parse`],
//! so it cannot be inconsistent: every index is in range, every probability in [0, 1], every name known.

pub(crate) mod arrivals;
mod bare;
pub(crate) mod builder;
pub mod capacity;
pub(crate) mod consumer;
pub(crate) mod disruption;
pub(crate) mod entities;
pub mod feature;
pub mod file;
mod id;
pub(crate) mod lifecycle;
pub(crate) mod queue;
pub mod routing;
pub(crate) mod run;
pub mod study;
pub(crate) mod text;
pub mod traffic;

pub use arrivals::{Arrivals, Client, MarkovArrivals, Producer};
pub use bare::as_toml;
pub use builder::{LawText, ModelBuilder};
pub use consumer::{Ack, Backoff, Consumer, Jitter, Onward, Requeue, Retry, Servers, ServiceTime, ServiceTimes};
pub use disruption::{Disruption, Effect};
pub use entities::{Entities, Misnamed};
pub use feature::{Feature, FeatureKind, PathLaw};
pub use file::overlay::{Change, base_model, changes_of, overlay, says, value_of};
pub use file::study::parse_study;
pub use file::{parse, place, places};
pub use id::{ClassId, ExchangeId, QueueId};
pub use lifecycle::{Cause, Lifecycle, State};
pub use queue::{Overflow, Queue};
pub use routing::{Binding, BindingTarget, Destination, Exchange, ExchangeKind, HeaderMatch, MessageKind};
pub use run::{Expectation, Precision, RunLength, RunSettings, Tolerance, Warmup};
pub use study::StudyFile;
pub use text::{ModelError, ModelText};
pub use traffic::Traffic;

use crate::row::Demand;

/// A message system: who publishes, how messages are routed and queued, who consumes.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Name for titles.
    pub name: String,
    /// SHA-256 of the text the model was read from, in hexadecimal.
    pub hash: String,
    /// Message classes in order of first mention; `[ "message" ]` when none is named.
    pub classes: Vec<String>,
    /// Sources of messages.
    pub producers: Vec<Producer>,
    /// Routers.
    pub exchanges: Vec<Exchange>,
    /// Buffers.
    pub queues: Vec<Queue>,
    /// Pools of servers.
    pub consumers: Vec<Consumer>,
    /// What goes wrong for a while.
    pub disruptions: Vec<Disruption>,
    /// How to run it.
    pub run: RunSettings,
    /// What the system should achieve.
    pub targets: Vec<Demand>,
    /// What `check --expect` verifies.
    pub expectations: Vec<Expectation>,
}

impl Model {
    /// The queue of that index.
    pub fn queue(&self, id: QueueId) -> &Queue {
        &self.queues[id.0 as usize]
    }

    /// Indices of the consumers that serve a queue, in file order.
    pub fn consumers_of(&self, queue: QueueId) -> impl Iterator<Item = usize> + '_ {
        (0..self.consumers.len()).filter(move |&c| self.consumers[c].queue == queue)
    }

    /// The consumer of a queue, where it has exactly one.
    pub fn only_consumer(&self, queue: QueueId) -> Option<&Consumer> {
        let mut pools = self.consumers_of(queue);
        let only = pools.next().filter(|_| pools.next().is_none());
        only.map(|pool| &self.consumers[pool])
    }

    /// The queues that a disruption concerns first.
    pub fn concerned(&self, effect: &Effect) -> Vec<u32> {
        match *effect {
            Effect::ServersDown { consumer, .. } | Effect::Slowdown { consumer, .. } => {
                vec![self.consumers[consumer].queue.0]
            }
            Effect::Burst { producer, .. } => {
                let producer = &self.producers[producer];
                producer.kinds.iter().flat_map(|kind| self.route(producer.to, kind)).map(|q| q.0).collect()
            }
        }
    }

    /// Every queue a message kind reaches from a destination, each once, in queue order.
    ///
    /// One copy per matched queue, however many bindings match, as AMQP has it. Empty:
    /// the message is unroutable.
    pub fn route(&self, to: Destination, kind: &MessageKind) -> Vec<QueueId> {
        routing::route(&self.exchanges, to, kind)
    }
}
