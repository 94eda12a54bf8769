//! Consumers: pools of servers, how long they take, what fails and what then happens.

use super::routing::{Destination, MessageKind};
use super::{ClassId, QueueId};
use crate::dist::Dist;
use std::sync::Arc;

/// A pool of identical servers that take messages from one queue. By default one server without service
/// time, to which nothing happens.
#[derive(Debug, Clone, Default)]
pub struct Consumer {
    /// Unique name.
    pub name: String,
    /// Queue it takes from.
    pub queue: QueueId,
    /// How many messages it processes in parallel.
    pub servers: Servers,
    /// When a message counts as done.
    pub ack: Ack,
    /// Time to process one message, by class.
    pub service: ServiceTimes,
    /// Probability that one processing fails.
    pub failure: f64,
    /// Probability that a successful processing is not acknowledged (connection lost in
    /// between), so that the message is delivered again and may be processed twice.
    pub ack_loss: f64,
    /// Whether a message already processed is recognised by its id and discarded.
    pub deduplicate: bool,
    /// What happens after a failure.
    pub retry: Retry,
    /// What is published when a message is done; its children carry its birth time.
    pub publish: Option<Onward>,
    /// Time a server stays taken after each service: acknowledgement, broker, next delivery.
    pub turnaround: Option<Dist>,
    /// A message cannot start sooner than this after it entered the queue (seconds):
    /// publishing and delivery on an idle system. Overlaps with waiting.
    pub latency: f64,
}

impl Consumer {
    /// One server to which nothing happens.
    ///
    /// ```
    /// use lindley::dist::Dist;
    /// use lindley::model::{Consumer, QueueId, Servers};
    /// let one = Consumer::new("workers", QueueId(0), Dist::Exponential(0.04));
    /// let many = Consumer { servers: Servers::Count(8), ..one };
    /// assert_eq!((many.failure, many.latency), (0.0, 0.0));
    /// ```
    pub fn new(name: &str, queue: QueueId, service: impl Into<ServiceTimes>) -> Consumer {
        Consumer { name: name.to_string(), queue, service: service.into(), ..Consumer::default() }
    }
}

/// Size of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers {
    /// That many (>= 1).
    Count(u32),
    /// As many as there are messages: a pure delay.
    Unlimited,
}

impl Default for Servers {
    fn default() -> Servers {
        Servers::Count(1)
    }
}

/// When the broker forgets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ack {
    /// When the consumer says so, after processing: failures can be retried.
    #[default]
    Manual,
    /// When it is delivered: a failure loses the message.
    Auto,
}

/// Service times by class.
#[derive(Debug, Clone, Default)]
pub struct ServiceTimes {
    /// For every class not listed.
    pub default: ServiceTime,
    /// Exceptions.
    pub by_class: Vec<(ClassId, ServiceTime)>,
}

impl ServiceTimes {
    /// The service time of a class.
    pub fn of(&self, class: ClassId) -> &ServiceTime {
        self.by_class.iter().find(|(listed, _)| *listed == class).map_or(&self.default, |(_, time)| time)
    }
}

/// Where a service time comes from.
#[derive(Debug, Clone)]
pub enum ServiceTime {
    /// Drawn independently.
    Drawn(Dist),
    /// Recorded: the n-th message of a trace producer takes the n-th value (seconds). Its attempts all take
    /// that same value. Validated: only messages of trace producers come here, and none lacks its value.
    Recorded(Arc<[f64]>),
}

/// One law for every class.
impl From<Dist> for ServiceTimes {
    fn from(law: Dist) -> ServiceTimes {
        ServiceTimes { default: ServiceTime::Drawn(law), ..ServiceTimes::default() }
    }
}

impl ServiceTime {
    /// Mean, seconds.
    pub fn mean(&self) -> f64 {
        match self {
            ServiceTime::Drawn(law) => law.mean(),
            ServiceTime::Recorded(times) => times.iter().sum::<f64>() / times.len().max(1) as f64,
        }
    }
}

impl Default for ServiceTime {
    fn default() -> ServiceTime {
        ServiceTime::Drawn(Dist::Deterministic(0.0))
    }
}

/// What happens after a failed processing.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Deliveries in all, the first included (>= 1); `None`: no limit. After the last
    /// failure the message is dead-lettered, or dropped where the queue has no dead-letter queue.
    pub max_attempts: Option<u32>,
    /// How long the message stays away from the queue.
    pub backoff: Backoff,
    /// Where it returns to without back-off (with back-off: always the tail).
    pub requeue: Requeue,
}

impl Default for Retry {
    /// One attempt: a failed message is dead-lettered or dropped at once.
    fn default() -> Retry {
        Retry { max_attempts: Some(1), backoff: Backoff::Immediate, requeue: Requeue::Head }
    }
}

/// Time between a failure and the return to the queue, seconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Backoff {
    /// None: back at once.
    #[default]
    Immediate,
    /// Always the same.
    Fixed {
        /// Delay, seconds.
        delay: f64,
        /// Randomisation.
        jitter: Jitter,
    },
    /// `min(cap, base * factor^(failures - 1))`.
    Exponential {
        /// First delay, seconds.
        base: f64,
        /// Growth per failure (>= 1).
        factor: f64,
        /// Largest delay, seconds.
        cap: f64,
        /// Randomisation.
        jitter: Jitter,
    },
}

impl Backoff {
    /// The delay after the `failures`-th failure before jitter, and its jitter; `None`: at once.
    pub fn delay(&self, failures: u16) -> Option<(f64, Jitter)> {
        match *self {
            Backoff::Immediate => None,
            Backoff::Fixed { delay, jitter } => Some((delay, jitter)),
            Backoff::Exponential { base, factor, cap, jitter } => {
                Some(((base * factor.powi(i32::from(failures) - 1)).min(cap), jitter))
            }
        }
    }
}

/// How a back-off delay d is randomised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// d.
    None,
    /// Uniform on [0, d].
    Full,
    /// Uniform on [d/2, d].
    Equal,
}

/// Where a message goes that is put back at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requeue {
    /// To the head of its level, its original place (RabbitMQ's `nack(requeue=true)`).
    Head,
    /// To the tail of its level.
    Tail,
}

/// What a consumer publishes when a message is done.
#[derive(Debug, Clone)]
pub struct Onward {
    /// Where to.
    pub to: Destination,
    /// One is drawn by weight.
    pub kinds: Vec<MessageKind>,
    /// Probability that anything is published at all, in (0, 1].
    pub probability: f64,
}
