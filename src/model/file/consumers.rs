//! Lowers producers and consumers.

use super::arrivals::arrivals;
use super::data_file::column;
use super::dist::{FAMILIES, dist};
use super::names::Names;
use super::publish::{KindPlace, Publisher, kinds};
use super::reader::Node;
use super::section::Section;
use crate::diag::{Diagnostic, code};
use crate::model::{
    Ack, Backoff, ClassId, Client, Consumer, Jitter, Onward, Producer, Requeue, Retry, Servers, ServiceTime,
    ServiceTimes,
};

/// Keys of `[producers.NAME]`.
pub(super) const PRODUCER: &[&str] =
    &["arrivals", "exchange", "queue", "routing_key", "class", "priority", "headers", "messages", "timeout", "retry"];

/// Keys of `retry` in a producer.
pub(super) const CLIENT_RETRY: &[&str] = &["max_attempts", "backoff"];

/// Keys of `[consumers.NAME]`.
pub(super) const CONSUMER: &[&str] = &[
    "queue",
    "servers",
    "prefetch",
    "ack",
    "service",
    "failure",
    "ack_loss",
    "deduplicate",
    "retry",
    "publish",
    "turnaround",
    "latency",
];

/// Keys of `publish` in a consumer.
pub(super) const PUBLISH: &[&str] =
    &["exchange", "queue", "routing_key", "class", "priority", "headers", "messages", "probability"];

const JITTERS: &[(&str, Jitter)] = &[("none", Jitter::None), ("full", Jitter::Full), ("equal", Jitter::Equal)];

/// A producer and the places of its message kinds.
pub(super) fn producer(node: &Node<'_>, names: &Names<'_>) -> Option<(Producer, Vec<KindPlace>)> {
    let what = format!("producer `{}`", node.name);
    let section = node.section(what.as_str(), PRODUCER)?;
    let arrivals = section.need("arrivals", arrivals);
    let to = names.destination(&section, &what);
    let client = client(&section);
    let (kinds, places) = kinds(&section, Publisher::Producer)?.into_iter().unzip();
    Some((Producer { name: node.name.to_string(), arrivals: arrivals?, to: to?, kinds, client: client? }, places))
}

/// Clients that stop waiting after a timeout, where there is a `timeout`.
fn client(section: &Section<'_>) -> Option<Option<Client>> {
    let timeout = section.maybe("timeout", Node::positive_duration);
    let retry = section.or("retry", (Some(1), Backoff::Immediate), client_retry);
    if !section.has("timeout") {
        section.unused("retry", "without `timeout` nobody stops waiting");
    }
    let (timeout, (max_attempts, backoff)) = (timeout?, retry?);
    Some(timeout.map(|timeout| Client { timeout, max_attempts, backoff }))
}

fn client_retry(node: &Node<'_>) -> Option<(Option<u32>, Backoff)> {
    let section = node.section("`retry` of a producer", CLIENT_RETRY)?;
    let max_attempts = section.need("max_attempts", max_attempts);
    let backoff = section.or("backoff", Backoff::Immediate, backoff);
    Some((max_attempts?, backoff?))
}

/// A consumer and the places of the message kinds that it publishes.
pub(super) fn consumer(node: &Node<'_>, names: &Names<'_>) -> Option<(Consumer, Vec<KindPlace>)> {
    let section = node.section(format!("consumer `{}`", node.name), CONSUMER)?;
    let queue = section.need("queue", |n| names.queue(n));
    let servers = section.or("servers", Servers::Count(1), servers);
    let prefetch = section.or("prefetch", (), prefetch);
    let ack = section.or("ack", Ack::Manual, |n| n.one_of(&[("manual", Ack::Manual), ("auto", Ack::Auto)]));
    let service = section.need("service", service);
    let failure = section.or("failure", 0.0, |n| probability(n, "`failure`"));
    let ack_loss = section.or("ack_loss", 0.0, |n| probability(n, "`ack_loss`"));
    let deduplicate = section.or("deduplicate", false, Node::flag);
    let retry = section.or("retry", Retry::default(), retry);
    let publish = section.maybe("publish", |n| publish(n, names));
    let turnaround = section.maybe("turnaround", dist);
    let latency = section.or("latency", 0.0, Node::duration);
    warn_of_automatic_ack(&section, ack?);
    prefetch?;
    let (publish, places) = publish?.unzip();
    let consumer = Consumer {
        servers: servers?,
        ack: ack?,
        failure: failure?,
        ack_loss: ack_loss?,
        deduplicate: deduplicate?,
        retry: retry?,
        publish,
        turnaround: turnaround?,
        latency: latency?,
        ..Consumer::new(node.name, queue?, service?)
    };
    Some((consumer, places.unwrap_or_default()))
}

fn warn_of_automatic_ack(section: &Section<'_>, ack: Ack) {
    if ack == Ack::Auto {
        for key in ["retry", "ack_loss", "deduplicate"] {
            section.unused(key, "with automatic acknowledgement no message is delivered twice");
        }
    }
}

fn servers(node: &Node<'_>) -> Option<Servers> {
    if node.value.is_str() {
        return node.only_word("unlimited", Servers::Unlimited, "a whole number");
    }
    node.count(1).map(Servers::Count)
}

fn prefetch(node: &Node<'_>) -> Option<()> {
    let prefetch = node.whole(0, u64::MAX)?;
    if prefetch == 1 {
        return Some(());
    }
    let message = format!("prefetch {prefetch} is not modelled: each server holds one message at a time");
    let remedy = "leave `prefetch` out or set it to 1; `servers` is how many messages are in work at once";
    node.cx.report(Diagnostic::error(code::UNSUPPORTED, message, node.place(), "").help(remedy));
    None
}

fn probability(node: &Node<'_>, what: &str) -> Option<f64> {
    node.section(what, &["probability"])?.need("probability", Node::probability)
}

fn service(node: &Node<'_>) -> Option<ServiceTimes> {
    if node.value.get("by_class").is_none() {
        return Some(ServiceTimes { default: service_time(node)?, ..ServiceTimes::default() });
    }
    let section = node.section("`service`", &["by_class", "default"])?;
    let by_class = section.need("by_class", by_class);
    let default = section.maybe("default", service_time);
    let (by_class, default) = (by_class?, default?);
    let Some(default) = default.or_else(|| by_class.first().map(|(_, time)| time.clone())) else {
        return section.missing("`service` needs `default` or a class in `by_class`");
    };
    Some(ServiceTimes { default, by_class })
}

fn by_class(node: &Node<'_>) -> Option<Vec<(ClassId, ServiceTime)>> {
    let one = |entry: &Node<'_>| {
        let class = entry.cx.mention_class(entry.name, entry.key.clone());
        let time = service_time(entry);
        Some((class?, time?))
    };
    node.each_entry(one)
}

fn service_time(node: &Node<'_>) -> Option<ServiceTime> {
    if node.value.get("trace").is_none() {
        debug_assert!(!FAMILIES.contains(&"trace"));
        return dist(node).map(ServiceTime::Drawn);
    }
    let trace = node.variant(&format!("`{}`", node.name), &["trace"])?;
    let section = trace.section("`trace`", &["file", "column", "unit"])?;
    let times = section.need("file", |_| column(&section, "column"))?;
    Some(ServiceTime::Recorded(times.into()))
}

fn retry(node: &Node<'_>) -> Option<Retry> {
    let section = node.section("`retry`", &["max_attempts", "backoff", "requeue"])?;
    let max_attempts = section.need("max_attempts", max_attempts);
    let backoff = section.or("backoff", Backoff::Immediate, backoff);
    let words = &[("head", Requeue::Head), ("tail", Requeue::Tail)];
    let requeue = section.or("requeue", Requeue::Head, |n| n.one_of(words));
    if backoff.as_ref().is_some_and(|backoff| *backoff != Backoff::Immediate) {
        section.unused("requeue", "after a back-off a message always returns to the tail");
    }
    Some(Retry { max_attempts: max_attempts?, backoff: backoff?, requeue: requeue? })
}

fn max_attempts(node: &Node<'_>) -> Option<Option<u32>> {
    if node.value.is_str() {
        return node.only_word("unlimited", None, "a whole number");
    }
    let rule = format!("be at most {MOST_ATTEMPTS}, or `\"unlimited\"`");
    node.keep(node.count(1), |attempts| attempts <= MOST_ATTEMPTS, &rule).map(Some)
}

/// Attempts are counted in 16 bits while a message is in flight.
const MOST_ATTEMPTS: u32 = 65_000;

fn backoff(node: &Node<'_>) -> Option<Backoff> {
    if node.value.is_str() {
        let usual = "`{ fixed = { delay = \"1s\" } }` or `{ exponential = { base = \"1s\", cap = \"1min\" } }`";
        return node.only_word("none", Backoff::Immediate, usual);
    }
    let kind = node.variant("`backoff`", &["fixed", "exponential"])?;
    if kind.name == "fixed" {
        let section = kind.section("`fixed`", &["delay", "jitter"])?;
        let delay = section.need("delay", Node::duration);
        let jitter = section.or("jitter", Jitter::None, |n| n.one_of(JITTERS));
        return Some(Backoff::Fixed { delay: delay?, jitter: jitter? });
    }
    let section = kind.section("`exponential`", &["base", "factor", "cap", "jitter"])?;
    let base = section.need("base", Node::duration);
    let factor = section.or("factor", 2.0, Node::at_least_one);
    let cap = section.need("cap", Node::duration);
    let jitter = section.or("jitter", Jitter::None, |n| n.one_of(JITTERS));
    Some(Backoff::Exponential { base: base?, factor: factor?, cap: cap?, jitter: jitter? })
}

fn publish(node: &Node<'_>, names: &Names<'_>) -> Option<(Onward, Vec<KindPlace>)> {
    let section = node.section("`publish`", PUBLISH)?;
    let to = names.destination(&section, "`publish`");
    let probability = section.or("probability", 1.0, Node::positive_probability);
    let (kinds, places) = kinds(&section, Publisher::Consumer)?.into_iter().unzip();
    Some((Onward { to: to?, kinds, probability: probability? }, places))
}
