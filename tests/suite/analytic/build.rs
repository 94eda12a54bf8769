//! Models built in Rust, without a file: the smallest of each noun.

use lindley::dist::Dist;
use lindley::model::*;
use std::collections::BTreeMap;

pub fn kind(key: &str, weight: f64) -> MessageKind {
    MessageKind {
        class: Some(ClassId(0)),
        weight,
        routing_key: key.to_string(),
        headers: BTreeMap::new(),
        priority: None,
    }
}

pub fn onward_kind(key: &str, weight: f64) -> MessageKind {
    MessageKind { class: None, ..kind(key, weight) }
}

pub fn queue(name: &str) -> Queue {
    Queue {
        name: name.to_string(),
        levels: 1,
        max_length: None,
        overflow: Overflow::DropHead,
        message_ttl: None,
        dead_letter: None,
    }
}

pub fn producer(name: &str, rate: f64, to: Destination, kinds: Vec<MessageKind>) -> Producer {
    Producer { name: name.to_string(), arrivals: Arrivals::Poisson { rate }, to, kinds, client: None }
}

pub fn consumer(name: &str, queue: u32, servers: u32, mean: f64) -> Consumer {
    Consumer {
        name: name.to_string(),
        queue: QueueId(queue),
        servers: Servers::Count(servers),
        ack: Ack::Manual,
        service: ServiceTimes { default: ServiceTime::Drawn(Dist::Exponential(mean)), by_class: Vec::new() },
        failure: 0.0,
        ack_loss: 0.0,
        deduplicate: false,
        retry: Retry { max_attempts: None, backoff: Backoff::Immediate, requeue: Requeue::Head },
        publish: None,
        turnaround: None,
        latency: 0.0,
    }
}

pub fn onward(to: u32, probability: f64) -> Option<Onward> {
    Some(Onward { to: Destination::Queue(QueueId(to)), kinds: vec![onward_kind("", 1.0)], probability })
}

pub fn model(queues: &[&str], producers: Vec<Producer>, consumers: Vec<Consumer>) -> Model {
    Model {
        name: "test".to_string(),
        hash: String::new(),
        classes: vec!["message".to_string(), "urgent".to_string()],
        producers,
        exchanges: Vec::new(),
        queues: queues.iter().map(|name| queue(name)).collect(),
        consumers,
        run: RunSettings::default(),
        targets: Vec::new(),
        expectations: Vec::new(),
        disruptions: Vec::new(),
    }
}

/// 1.5/s into `orders`, two servers of 1/s: M/M/2 with P(wait) = 9/14.
pub fn two_servers() -> Model {
    let web = producer("web", 1.5, Destination::Queue(QueueId(0)), vec![kind("", 1.0)]);
    model(&["orders"], vec![web], vec![consumer("w", 0, 2, 1.0)])
}
