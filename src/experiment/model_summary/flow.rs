//! The parts of a model and the ways of messages between them.

use super::times::{arrivals_in_short, percent, plural, service_in_short, span};
use super::{Link, LinkKind, Part, PartKind};
use crate::model::{
    Binding, BindingTarget, Consumer, Destination, Exchange, ExchangeKind, HeaderMatch, MessageKind, Model, Queue,
    QueueId, Servers,
};

/// Every part: producers, exchanges, queues, consumers.
pub(super) fn parts(model: &Model) -> Vec<Part> {
    let part = |kind, name: &str, detail| Part { kind, name: name.to_string(), detail };
    let producers = model.producers.iter().map(|p| part(PartKind::Producer, &p.name, arrivals_in_short(&p.arrivals)));
    let exchanges = model.exchanges.iter().map(|e| part(PartKind::Exchange, &e.name, kind(e).to_string()));
    let queues = model.queues.iter().map(|q| part(PartKind::Queue, &q.name, queue(q)));
    let consumers = model.consumers.iter().map(|c| part(PartKind::Consumer, &c.name, consumer(c)));
    producers.chain(exchanges).chain(queues).chain(consumers).collect()
}

/// The word for how an exchange matches.
pub(super) fn kind(exchange: &Exchange) -> &'static str {
    match exchange.kind {
        ExchangeKind::Direct => "direct",
        ExchangeKind::Topic => "topic",
        ExchangeKind::Fanout => "fanout",
        ExchangeKind::Headers => "headers",
    }
}

fn queue(queue: &Queue) -> String {
    let limit = queue.max_length.map(|n| format!("at most {}", super::times::whole(u64::from(n))));
    let ttl = queue.message_ttl.map(|t| format!("TTL {}", span(t)));
    let levels = (queue.levels > 1).then(|| format!("{} priorities", queue.levels));
    [limit, ttl, levels].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn consumer(consumer: &Consumer) -> String {
    let servers = match consumer.servers {
        Servers::Count(n) => plural(u64::from(n), "server"),
        Servers::Unlimited => "unlimited servers".to_string(),
    };
    format!("{servers}, {}", service_in_short(&consumer.service))
}

/// Where the indices of each kind of part begin.
struct Places {
    exchanges: usize,
    queues: usize,
    consumers: usize,
}

impl Places {
    fn of(model: &Model) -> Places {
        let exchanges = model.producers.len();
        let queues = exchanges + model.exchanges.len();
        Places { exchanges, queues, consumers: queues + model.queues.len() }
    }

    fn queue(&self, id: QueueId) -> usize {
        self.queues + id.0 as usize
    }

    fn destination(&self, to: Destination) -> usize {
        match to {
            Destination::Exchange(id) => self.exchanges + id.0 as usize,
            Destination::Queue(id) => self.queue(id),
        }
    }
}

/// Every way of messages; several bindings between the same two parts are one way.
pub(super) fn links(model: &Model) -> Vec<Link> {
    let places = Places::of(model);
    let link = |from, to, kind, label| Link { from, to, kind, label };
    let mut links: Vec<Link> = Vec::new();
    for (i, p) in model.producers.iter().enumerate() {
        links.push(link(i, places.destination(p.to), LinkKind::Publish, String::new()));
    }
    for (i, exchange) in model.exchanges.iter().enumerate() {
        links.extend(bindings(exchange, places.exchanges + i, &places));
    }
    for (i, q) in model.queues.iter().enumerate() {
        if let Some(to) = q.dead_letter {
            links.push(link(places.queues + i, places.queue(to), LinkKind::DeadLetter, "dead letters".into()));
        }
    }
    for (i, c) in model.consumers.iter().enumerate() {
        let at = places.consumers + i;
        links.push(link(places.queue(c.queue), at, LinkKind::Consume, String::new()));
        if let Some(onward) = &c.publish {
            let share = if onward.probability < 1.0 { percent(onward.probability) } else { String::new() };
            links.push(link(at, places.destination(onward.to), LinkKind::Onward, share));
        }
    }
    links
}

fn bindings(exchange: &Exchange, from: usize, places: &Places) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for binding in &exchange.bindings {
        let to = match binding.target {
            BindingTarget::Queue(id) => places.queue(id),
            BindingTarget::Exchange(id) => places.destination(Destination::Exchange(id)),
        };
        let label = rule(exchange, binding);
        match links.iter_mut().find(|l| l.to == to) {
            Some(known) => known.label = format!("{}, {label}", known.label),
            None => links.push(Link { from, to, kind: LinkKind::Bind, label }),
        }
    }
    links
}

/// What a binding lets through: its key, its headers, or all.
pub(super) fn rule(exchange: &Exchange, binding: &Binding) -> String {
    match exchange.kind {
        ExchangeKind::Direct | ExchangeKind::Topic => binding.key.clone(),
        ExchangeKind::Fanout => "all".to_string(),
        ExchangeKind::Headers => {
            let headers = binding.headers.iter().map(|(name, value)| format!("{name}={value}"));
            let joint = if binding.matching == HeaderMatch::All { " and " } else { " or " };
            headers.collect::<Vec<_>>().join(joint)
        }
    }
}

/// One kind of message: its class, its share and its key.
pub(super) fn message(kind: &MessageKind, classes: &[String]) -> String {
    let class = kind.class.and_then(|id| classes.get(usize::from(id.0)));
    let mut said: Vec<String> = Vec::new();
    said.extend(class.map(|name| format!("class `{name}`")));
    if !kind.routing_key.is_empty() {
        said.push(format!("key `{}`", kind.routing_key));
    }
    said.extend(kind.priority.map(|p| format!("priority {p}")));
    format!("{} {}", percent(kind.weight), said.join(", "))
}
