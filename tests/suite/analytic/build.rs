//! Models built in Rust, without a file: the smallest of each noun.

use lindley::dist::Dist;
use lindley::model::*;

pub fn kind(key: &str, weight: f64) -> MessageKind {
    MessageKind { weight, ..MessageKind::with_key(key) }
}

pub fn onward_kind(key: &str, weight: f64) -> MessageKind {
    MessageKind { class: None, ..kind(key, weight) }
}

pub fn queue(name: &str) -> Queue {
    Queue::new(name)
}

pub fn producer(name: &str, rate: f64, to: Destination, kinds: Vec<MessageKind>) -> Producer {
    Producer::new(name, Arrivals::Poisson { rate }, to, kinds)
}

/// Failed messages, if any, return without limit to the head.
pub fn consumer(name: &str, queue: u32, servers: u32, mean: f64) -> Consumer {
    Consumer {
        servers: Servers::Count(servers),
        retry: Retry { max_attempts: None, ..Retry::default() },
        ..Consumer::new(name, QueueId(queue), Dist::Exponential(mean))
    }
}

pub fn onward(to: u32, probability: f64) -> Option<Onward> {
    Some(Onward { to: Destination::Queue(QueueId(to)), kinds: vec![onward_kind("", 1.0)], probability })
}

pub fn model(queues: &[&str], producers: Vec<Producer>, consumers: Vec<Consumer>) -> Model {
    Model {
        name: "test".to_string(),
        classes: vec!["message".to_string(), "urgent".to_string()],
        producers,
        queues: queues.iter().map(|name| queue(name)).collect(),
        consumers,
        ..Model::default()
    }
}

/// 1.5/s into `orders`, two servers of 1/s: M/M/2 with P(wait) = 9/14.
pub fn two_servers() -> Model {
    let web = producer("web", 1.5, Destination::Queue(QueueId(0)), vec![kind("", 1.0)]);
    model(&["orders"], vec![web], vec![consumer("w", 0, 2, 1.0)])
}
