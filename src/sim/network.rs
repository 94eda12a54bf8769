//! The compiled network: what the engine runs. Names are gone, routing is resolved to queue
//! indices for every kind of message that can be published, classes are dense.

use crate::dist::Dist;
use crate::dist::solve::cumulative;
use crate::model::feature::{ConsumerFeature as C, ProducerFeature as P, QueueFeature as Q};
use crate::model::queue::cycles;
use crate::model::{
    Arrivals, Backoff, ClassId, Client, Consumer, Destination, Disruption, MessageKind, Model, Overflow, Producer,
    QueueId, Servers, ServiceTime,
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
    let cumulative = cumulative(&kinds.iter().map(|kind| kind.weight).collect::<Vec<_>>());
    let emission = |kind: &MessageKind| Emission {
        class: kind.class.map(|c| c.0),
        priority: kind.priority,
        targets: model.route(to, kind).iter().map(|q| q.0).collect(),
    };
    Emissions { kinds: kinds.iter().map(emission).collect(), cumulative, probability }
}

fn source(model: &Model, producer: &Producer) -> SourceSpec {
    let plain = SourceSpec {
        name: producer.name.clone(),
        arrivals: producer.arrivals.clone(),
        emissions: emissions(model, producer.to, &producer.kinds, 1.0),
        closed: None,
        client: None,
    };
    producer.features().iter().fold(plain, |spec, feature| with_producer_feature(spec, producer, feature))
}

fn with_producer_feature(spec: SourceSpec, producer: &Producer, feature: &P<'_>) -> SourceSpec {
    match feature {
        P::Closed(population, think) => SourceSpec { closed: Some((*population, (*think).clone())), ..spec },
        P::Timeout(_) => SourceSpec { client: producer.client.clone(), ..spec },
        // Said by the client, by the process, and by what is emitted.
        P::ClientAttempts(_) | P::ClientBackoff(_) => spec,
        P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Schedule(_, _) | P::Sinusoid(_) | P::Markov(_) => spec,
        P::Trace(_) => spec,
        P::Kinds(_) | P::Priority(_) => spec,
    }
}

fn queues(model: &Model) -> Vec<QueueSpec> {
    let mut queues: Vec<QueueSpec> = (0..model.queues.len() as u32).map(|q| queue(model, QueueId(q))).collect();
    let next: Vec<Option<usize>> = model.queues.iter().map(|q| q.dead_letter.map(|to| to.0 as usize)).collect();
    cycles(&next).into_iter().flatten().for_each(|q| queues[q].cyclic = true);
    queues
}

fn queue(model: &Model, id: QueueId) -> QueueSpec {
    let plain = QueueSpec {
        levels: 1,
        max_length: u32::MAX,
        overflow: Overflow::DropHead,
        ttl: f64::INFINITY,
        dead_letter: None,
        pools: model.consumers_of(id).map(|pool| pool as u32).collect(),
        parking: false,
        cyclic: false,
    };
    let features = model.queue(id).features_with(plain.pools.len());
    let spec = features.iter().fold(plain, with_queue_feature);
    QueueSpec { parking: spec.pools.is_empty() && spec.ttl == f64::INFINITY, ..spec }
}

fn with_queue_feature(spec: QueueSpec, feature: &Q) -> QueueSpec {
    match *feature {
        Q::Priorities(levels) => QueueSpec { levels, ..spec },
        Q::MaxLength(max_length, overflow) => QueueSpec { max_length, overflow, ..spec },
        Q::MessageTtl(ttl) => QueueSpec { ttl, ..spec },
        Q::DeadLetter(to) => QueueSpec { dead_letter: Some(to.0), ..spec },
        // Said by the list of pools.
        Q::Unserved | Q::Shared(_) => spec,
    }
}

fn service(model: &Model, consumer: &Consumer) -> Service {
    let service = &consumer.service;
    if service.by_class.is_empty() {
        return Service::Common(service.default.clone());
    }
    let classes = 0..model.classes.len() as u16;
    Service::ByClass(classes.map(|class| service.of(ClassId(class)).clone()).collect())
}

fn pool(model: &Model, consumer: &Consumer) -> PoolSpec {
    let plain = PoolSpec {
        name: consumer.name.clone(),
        queue: consumer.queue.0,
        servers: if let Servers::Count(n) = consumer.servers { n } else { u32::MAX },
        auto_ack: false,
        service: service(model, consumer),
        failure: 0.0,
        ack_loss: 0.0,
        deduplicate: false,
        max_attempts: 1,
        backoff: Backoff::Immediate,
        requeue_head: true,
        onward: None,
        turnaround: None,
        latency: 0.0,
    };
    consumer.features().iter().fold(plain, |spec, feature| with_consumer_feature(model, spec, feature))
}

fn with_consumer_feature(model: &Model, spec: PoolSpec, feature: &C<'_>) -> PoolSpec {
    match *feature {
        C::Turnaround(law) => PoolSpec { turnaround: Some(law.clone()), ..spec },
        C::Latency(latency) => PoolSpec { latency, ..spec },
        C::AutoAck => PoolSpec { auto_ack: true, ..spec },
        C::Failure(failure) => PoolSpec { failure, ..spec },
        // The model file allows no number that does not fit.
        C::Attempts(most) => {
            PoolSpec { max_attempts: most.map_or(u16::MAX, |n| u16::try_from(n).unwrap_or(u16::MAX)), ..spec }
        }
        C::Backoff(backoff) => PoolSpec { backoff: backoff.clone(), ..spec },
        C::RequeueTail => PoolSpec { requeue_head: false, ..spec },
        C::AckLoss(ack_loss) => PoolSpec { ack_loss, ..spec },
        C::Deduplicate => PoolSpec { deduplicate: true, ..spec },
        C::Onward(on) => PoolSpec { onward: Some(emissions(model, on.to, &on.kinds, on.probability)), ..spec },
        // Said by the number of servers, by the service times, and by what is published onward.
        C::Unlimited | C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_) => spec,
        C::OnwardShare(_) | C::OnwardKinds(_) => spec,
    }
}
