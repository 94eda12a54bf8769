//! The compiled network: what the engine runs. Names are gone, routing is resolved to queue
//! indices for every kind of message that can be published, classes are dense.

use crate::dist::Dist;
use crate::model::queue::cycles;
use crate::model::{
    Ack, Arrivals, Backoff, ClassId, Client, Destination, Disruption, MessageKind, Model, Onward, Overflow, Requeue,
    Retry, Servers, ServiceTime,
};

/// One thing that a source or consumer can publish.
#[derive(Debug, Clone)]
pub struct Emission {
    /// Class; `None` keeps the incoming one.
    pub class: Option<u16>,
    /// Priority; `None` keeps the incoming one.
    pub priority: Option<u8>,
    /// Queues that get a copy; none: unroutable.
    pub targets: Box<[u32]>,
}

/// What is published, drawn by weight.
#[derive(Debug, Clone)]
pub struct Emissions {
    /// The kinds.
    pub kinds: Box<[Emission]>,
    /// Running sums of the weights; the last is 1.
    pub cumulative: Box<[f64]>,
    /// Probability that anything is published.
    pub probability: f64,
}

/// A compiled producer.
#[derive(Debug, Clone)]
pub struct SourceSpec {
    /// Name, for its random streams.
    pub name: String,
    /// When.
    pub arrivals: Arrivals,
    /// What.
    pub emissions: Emissions,
    /// Population and think time of a closed source.
    pub closed: Option<(u32, Dist)>,
    /// Clients that stop waiting.
    pub client: Option<Client>,
}

/// A compiled queue.
#[derive(Debug, Clone)]
pub struct QueueSpec {
    /// Priority levels.
    pub levels: u8,
    /// Most ready messages; `u32::MAX` for no limit.
    pub max_length: u32,
    /// What a full queue does.
    pub overflow: Overflow,
    /// Time to live, seconds; infinite for none.
    pub ttl: f64,
    /// Where dead messages go.
    pub dead_letter: Option<u32>,
    /// Pools that take from it.
    pub pools: Box<[u32]>,
    /// Whether dead-lettered messages stay here for good: nobody takes them, nothing expires.
    pub parking: bool,
    /// Whether following dead letters from here leads back here.
    pub cyclic: bool,
}

/// Service times of a pool.
#[derive(Debug, Clone)]
pub enum Service {
    /// The same for every class.
    Common(ServiceTime),
    /// By class.
    ByClass(Box<[ServiceTime]>),
}

impl Service {
    /// The service time of a class.
    #[inline]
    pub fn of(&self, class: u16) -> &ServiceTime {
        match self {
            Service::Common(time) => time,
            Service::ByClass(times) => &times[usize::from(class)],
        }
    }
}

/// A compiled pool of servers.
#[derive(Debug, Clone)]
pub struct PoolSpec {
    /// Name, for its random streams.
    pub name: String,
    /// Queue it takes from.
    pub queue: u32,
    /// Servers; `u32::MAX` for unlimited.
    pub servers: u32,
    /// Whether delivery settles a message.
    pub auto_ack: bool,
    /// Service times.
    pub service: Service,
    /// Probability of failure.
    pub failure: f64,
    /// Probability that an acknowledgement is lost.
    pub ack_loss: f64,
    /// Whether repeats are discarded.
    pub deduplicate: bool,
    /// Largest number of deliveries; `u16::MAX` for no limit.
    pub max_attempts: u16,
    /// Delay before a retry.
    pub backoff: Backoff,
    /// Whether an immediate retry goes to the head.
    pub requeue_head: bool,
    /// What is published when a message is done.
    pub onward: Option<Emissions>,
    /// Extra time a server stays taken.
    pub turnaround: Option<Dist>,
    /// Least time between entering the queue and starting, seconds.
    pub latency: f64,
}

/// A model made dense for the engine.
#[derive(Debug, Clone)]
pub struct Network {
    /// Producers.
    pub sources: Vec<SourceSpec>,
    /// Queues.
    pub queues: Vec<QueueSpec>,
    /// Pools of servers.
    pub pools: Vec<PoolSpec>,
    /// What holds for a while only; its indices are those of `sources` and `pools`.
    pub disruptions: Vec<Disruption>,
    /// Number of message classes.
    pub classes: usize,
}

impl Network {
    /// Compiles a model.
    pub fn compile(model: &Model) -> Network {
        Network {
            sources: model.producers.iter().map(|p| source(model, p)).collect(),
            queues: queues(model),
            pools: model.consumers.iter().map(|c| pool(model, c)).collect(),
            disruptions: model.disruptions.clone(),
            classes: model.classes.len(),
        }
    }
}

fn emissions(model: &Model, to: Destination, kinds: &[MessageKind], probability: f64) -> Emissions {
    let total: f64 = kinds.iter().map(|k| k.weight).sum();
    let mut sum = 0.0;
    let mut cumulative: Box<[f64]> = kinds
        .iter()
        .map(|k| {
            sum += k.weight / total;
            sum
        })
        .collect();
    if let Some(last) = cumulative.last_mut() {
        *last = 1.0;
    }
    let emission = |kind: &MessageKind| Emission {
        class: kind.class.map(|c| c.0),
        priority: kind.priority,
        targets: model.route(to, kind).iter().map(|q| q.0).collect(),
    };
    Emissions { kinds: kinds.iter().map(emission).collect(), cumulative, probability }
}

fn source(model: &Model, producer: &crate::model::Producer) -> SourceSpec {
    let closed = match &producer.arrivals {
        Arrivals::Closed { population, think } => Some((*population, think.clone())),
        _ => None,
    };
    SourceSpec {
        name: producer.name.clone(),
        arrivals: producer.arrivals.clone(),
        emissions: emissions(model, producer.to, &producer.kinds, 1.0),
        closed,
        client: producer.client.clone(),
    }
}

fn queues(model: &Model) -> Vec<QueueSpec> {
    let mut queues: Vec<QueueSpec> = (0..model.queues.len()).map(|q| queue(model, q)).collect();
    let next: Vec<Option<usize>> = model.queues.iter().map(|q| q.dead_letter.map(|to| to.0 as usize)).collect();
    cycles(&next).into_iter().flatten().for_each(|q| queues[q].cyclic = true);
    queues
}

fn queue(model: &Model, index: usize) -> QueueSpec {
    let queue = &model.queues[index];
    let pools: Box<[u32]> = model.consumers_of(crate::model::QueueId(index as u32)).map(|pool| pool as u32).collect();
    QueueSpec {
        levels: queue.levels,
        max_length: queue.max_length.unwrap_or(u32::MAX),
        overflow: queue.overflow,
        ttl: queue.message_ttl.unwrap_or(f64::INFINITY),
        dead_letter: queue.dead_letter.map(|q| q.0),
        parking: pools.is_empty() && queue.message_ttl.is_none(),
        cyclic: false,
        pools,
    }
}

fn service(model: &Model, consumer: &crate::model::Consumer) -> Service {
    let service = &consumer.service;
    if service.by_class.is_empty() {
        return Service::Common(service.default.clone());
    }
    let classes = 0..model.classes.len() as u16;
    Service::ByClass(classes.map(|class| service.of(ClassId(class)).clone()).collect())
}

fn pool(model: &Model, consumer: &crate::model::Consumer) -> PoolSpec {
    let Retry { max_attempts, backoff, requeue } = &consumer.retry;
    let onward = |o: &Onward| emissions(model, o.to, &o.kinds, o.probability);
    PoolSpec {
        name: consumer.name.clone(),
        queue: consumer.queue.0,
        servers: match consumer.servers {
            Servers::Count(n) => n,
            Servers::Unlimited => u32::MAX,
        },
        auto_ack: consumer.ack == Ack::Auto,
        service: service(model, consumer),
        failure: consumer.failure,
        ack_loss: consumer.ack_loss,
        deduplicate: consumer.deduplicate,
        // The model file allows no number that does not fit.
        max_attempts: max_attempts.map_or(u16::MAX, |n| u16::try_from(n).unwrap_or(u16::MAX)),
        backoff: backoff.clone(),
        requeue_head: *requeue == Requeue::Head,
        onward: consumer.publish.as_ref().map(onward),
        turnaround: consumer.turnaround.clone(),
        latency: consumer.latency,
    }
}
