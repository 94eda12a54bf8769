//! The assumptions of a model as sentences with numbers and units.

use super::flow::{kind, message, rule};
use super::times::{arrivals, law, number, percent, plural, rate, service, span, whole};
use crate::model::{
    Ack, Arrivals, Backoff, BindingTarget, Client, Consumer, Destination, Disruption, Effect, Exchange, Jitter,
    MessageKind, Model, Overflow, Producer, Queue, Requeue, Servers,
};

/// One sentence or two per part.
pub(super) fn assumptions(model: &Model) -> Vec<String> {
    let producers = model.producers.iter().map(|p| producer(model, p));
    let exchanges = model.exchanges.iter().map(|e| exchange(model, e));
    let queues = model.queues.iter().map(|q| queue(model, q));
    let consumers = model.consumers.iter().map(|c| consumer(model, c));
    producers.chain(exchanges).chain(queues).chain(consumers).collect()
}

fn destination(model: &Model, to: Destination) -> String {
    match to {
        Destination::Exchange(id) => format!("exchange `{}`", model.exchanges[id.0 as usize].name),
        Destination::Queue(id) => format!("queue `{}`", model.queue(id).name),
    }
}

/// What is published, where it is not just one kind of message without a class.
fn messages(model: &Model, kinds: &[MessageKind]) -> String {
    const SHOWN: usize = 8;
    if kinds.len() < 2 {
        return String::new();
    }
    let mut shown: Vec<String> = kinds.iter().take(SHOWN).map(|k| message(k, &model.classes)).collect();
    if kinds.len() > SHOWN {
        shown.push(format!("and {} more kinds", kinds.len() - SHOWN));
    }
    format!(": {}", shown.join("; "))
}

fn producer(model: &Model, p: &Producer) -> String {
    let verb = if matches!(p.arrivals, Arrivals::Closed { .. }) { "stands for" } else { "publishes" };
    let to = destination(model, p.to);
    let clients = p.client.as_ref().map_or(String::new(), client);
    format!("Producer `{}` {verb} {} to {to}{}.{clients}", p.name, arrivals(&p.arrivals), messages(model, &p.kinds))
}

fn exchange(model: &Model, e: &Exchange) -> String {
    const SHOWN: usize = 8;
    let to = |target| match target {
        BindingTarget::Queue(id) => destination(model, Destination::Queue(id)),
        BindingTarget::Exchange(id) => destination(model, Destination::Exchange(id)),
    };
    let mut rules: Vec<String> =
        e.bindings.iter().take(SHOWN).map(|b| format!("`{}` to {}", rule(e, b), to(b.target))).collect();
    if e.bindings.len() > SHOWN {
        rules.push(format!("and {} more bindings", e.bindings.len() - SHOWN));
    }
    format!("Exchange `{}` ({}) routes {}, in no time.", e.name, kind(e), rules.join(", "))
}

fn queue(model: &Model, q: &Queue) -> String {
    let order = match q.levels {
        1 => "first come, first served".to_string(),
        n => format!("{n} priorities, strictly the highest first, first come, first served among equals"),
    };
    let room = match (q.max_length, q.overflow) {
        (None, _) => "no limit to its length".to_string(),
        (Some(n), Overflow::DropHead) => format!("at most {} waiting, then its oldest is dropped", whole(n.into())),
        (Some(n), Overflow::RejectPublish) => format!("at most {} waiting, then new ones are refused", whole(n.into())),
        (Some(n), Overflow::RejectPublishDlx) => {
            format!("at most {} waiting, then new ones are refused and dead-lettered", whole(n.into()))
        }
    };
    let ttl = q.message_ttl.map_or(String::new(), |t| format!("; messages expire after {}", span(t)));
    let dead =
        q.dead_letter.map_or(String::new(), |to| format!("; dead letters go to queue `{}`", model.queue(to).name));
    format!("Queue `{}`: {order}; {room}{ttl}{dead}.", q.name)
}

fn consumer(model: &Model, c: &Consumer) -> String {
    let servers = match c.servers {
        Servers::Count(1) => "1 server takes".to_string(),
        Servers::Count(n) => format!("{} identical servers take", whole(n.into())),
        Servers::Unlimited => "as many servers as there are messages take".to_string(),
    };
    let from = &model.queue(c.queue).name;
    let mut said = vec![format!("service {}", service(&c.service, &model.classes))];
    said.extend(c.turnaround.as_ref().map(|t| format!("each server is away after a message ({})", law(t))));
    if c.latency > 0.0 {
        said.push(format!("delivery takes at least {}", span(c.latency)));
    }
    said.extend(failures(c));
    if let Some(onward) = &c.publish {
        let share =
            if onward.probability < 1.0 { format!("{} of ", percent(onward.probability)) } else { String::new() };
        said.push(format!("{share}what is done is published to {}", destination(model, onward.to)));
    }
    format!("Consumer `{}`: {servers} from queue `{from}`; {}.", c.name, said.join("; "))
}

/// What can go wrong with one delivery, and what then happens.
fn failures(c: &Consumer) -> Vec<String> {
    let mut said = Vec::new();
    if c.failure > 0.0 {
        let then = if c.ack == Ack::Auto { "and are lost (automatic acknowledgement)".to_string() } else { retries(c) };
        said.push(format!("{} of deliveries fail {then}", percent(c.failure)));
    }
    if c.ack_loss > 0.0 {
        let again = if c.deduplicate { ", recognised and discarded" } else { " and processed twice" };
        said.push(format!("{} of acknowledgements are lost: delivered again{again}", percent(c.ack_loss)));
    }
    said
}

fn retries(c: &Consumer) -> String {
    let limit = match c.retry.max_attempts {
        Some(1) => return "and are not tried again".to_string(),
        Some(n) => format!("at most {}", plural(n.into(), "attempt")),
        None => "tried again without limit".to_string(),
    };
    let wait = match c.retry.requeue {
        Requeue::Head => "back to the head of the queue at once",
        Requeue::Tail => "back to the tail of the queue at once",
    };
    let wait = backoff(&c.retry.backoff).unwrap_or_else(|| wait.to_string());
    format!("({limit}, {wait})")
}

/// The time between two attempts; `None` where there is none.
fn backoff(backoff: &Backoff) -> Option<String> {
    let jitter = |j: &Jitter| match j {
        Jitter::None => "",
        Jitter::Full => ", full jitter",
        Jitter::Equal => ", equal jitter",
    };
    match backoff {
        Backoff::Immediate => None,
        Backoff::Fixed { delay, jitter: j } => Some(format!("back-off {}{}", span(*delay), jitter(j))),
        Backoff::Exponential { base, factor, cap, jitter: j } => {
            let (base, cap) = (span(*base), span(*cap));
            let growth = number(*factor);
            Some(format!("exponential back-off from {base} by a factor of {growth} up to {cap}{}", jitter(j)))
        }
    }
}

/// What clients do that stop waiting after a timeout.
fn client(client: &Client) -> String {
    let again = match client.max_attempts {
        Some(1) => "then give up".to_string(),
        limit => {
            let limit =
                limit.map_or("without limit".to_string(), |n| format!("at most {} times in all", whole(n.into())));
            let pause = backoff(&client.backoff).map_or(String::new(), |b| format!(" after a pause ({b})"));
            format!("then publish again{pause}, {limit}")
        }
    };
    let timeout = span(client.timeout);
    format!(" Its clients wait {timeout} for an answer, {again}; what they abandon is processed all the same.")
}

/// What goes wrong for a while.
pub(super) fn disruptions(model: &Model) -> Vec<String> {
    model.disruptions.iter().map(|d| disruption(model, d)).collect()
}

fn disruption(model: &Model, d: &Disruption) -> String {
    let consumer = |i: usize| model.consumers.get(i).map_or("", |c| c.name.as_str());
    let what = match &d.effect {
        Effect::ServersDown { consumer: c, servers, requeue } => {
            let many = servers.map_or("all servers".to_string(), |n| plural(n.into(), "server"));
            let running = if *requeue {
                "messages in service go back to their queue"
            } else {
                "messages in service are finished"
            };
            format!("{many} of consumer `{}` take no new message ({running})", consumer(*c))
        }
        Effect::Slowdown { consumer: c, factor } => {
            format!("services that begin at consumer `{}` take {} times as long", consumer(*c), number(*factor))
        }
        Effect::Burst { producer, rate: r } => {
            let name = model.producers.get(*producer).map_or("", |p| p.name.as_str());
            format!("producer `{name}` publishes {} more, Poisson", rate(*r))
        }
    };
    format!("`{}`: from {} on, for {}, {what}.", d.name, span(d.at), span(d.lasts))
}

/// What the model does not know: what every model leaves out, and what this one does.
pub(super) fn left_out(model: &Model) -> Vec<String> {
    let open = model.producers.iter().any(|p| !matches!(p.arrivals, Arrivals::Closed { .. }));
    let all = [
        (
            true,
            "The broker itself is never the bottleneck: its processor, memory, disk and network have no limits here.",
        ),
        (
            model.consumers.iter().all(|c| c.turnaround.is_none() && c.latency == 0.0),
            "Publishing, routing, delivery and acknowledgement take no time.",
        ),
        (open, "Producers do not slow down when the system is slow: their arrivals do not depend on queue lengths."),
        (true, "Service times do not depend on the load, and servers of a pool are equal and independent."),
        (model.disruptions.is_empty(), "Nothing breaks down: brokers and consumers stay up, at the configured number."),
        (true, "The number of servers does not follow the load: no autoscaling."),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text.to_string()).collect()
}
