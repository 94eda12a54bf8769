//! The assumptions of a model as sentences with numbers and units.

use super::picture::{self, message, rule};
use super::times::{arrivals, law, number, percent, plural, rate, service, span, whole};
use crate::model::feature::{ConsumerFeature as C, DisruptionFeature as D, ProducerFeature as P, QueueFeature as Q};
use crate::model::{
    Ack, Arrivals, Backoff, BindingTarget, Client, Consumer, Destination, Disruption, Effect, Exchange, Jitter,
    MessageKind, Model, Onward, Overflow, Producer, QueueId, Requeue, Servers,
};

/// One sentence or two per part.
pub(super) fn assumptions(model: &Model) -> Vec<String> {
    let producers = model.producers.iter().map(|p| producer(model, p));
    let exchanges = model.exchanges.iter().map(|e| exchange(model, e));
    let queues = (0..model.queues.len() as u32).map(|q| queue(model, QueueId(q)));
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
    let mut shown: Vec<String> = kinds.iter().take(SHOWN).map(|k| message(k, &model.classes)).collect();
    if kinds.len() > SHOWN {
        shown.push(format!("and {} more kinds", kinds.len() - SHOWN));
    }
    format!(": {}", shown.join("; "))
}

fn producer(model: &Model, p: &Producer) -> String {
    let verb = if matches!(p.arrivals, Arrivals::Closed { .. }) { "stands for" } else { "publishes" };
    let to = destination(model, p.to);
    let more: String = p.features().iter().filter_map(|feature| of_producer(model, p, feature)).collect();
    format!("Producer `{}` {verb} {} to {to}{more}.", p.name, arrivals(&p.arrivals))
}

/// What a feature adds to the sentence on arrivals and destination.
fn of_producer(model: &Model, producer: &Producer, feature: &P<'_>) -> Option<String> {
    match feature {
        P::Kinds(kinds) => Some(messages(model, kinds)),
        P::Timeout(_) => producer.client.as_ref().map(client),
        // Said of the clients, and of each kind of messages.
        P::ClientAttempts(_) | P::ClientBackoff(_) | P::Priority(_) => None,
        // The arrivals themselves.
        P::Poisson(_) | P::Renewal(_) | P::Batch(_) | P::Schedule(_, _) | P::Sinusoid(_) | P::Markov(_) => None,
        P::Trace(_) | P::Closed(_, _) => None,
    }
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
    format!("Exchange `{}` ({}) routes {}, in no time.", e.name, picture::exchange(e), rules.join(", "))
}

fn queue(model: &Model, id: QueueId) -> String {
    let q = model.queue(id);
    let mut order = "first come, first served".to_string();
    let mut room = "no limit to its length".to_string();
    let mut more = String::new();
    for feature in q.features_with(model.consumers_of(id).count()) {
        match feature {
            Q::Priorities(n) => {
                order = format!("{n} priorities, strictly the highest first, {order} among equals");
            }
            Q::MaxLength(most, overflow) => room = limit(most, overflow),
            Q::MessageTtl(ttl) => more += &format!("; messages expire after {}", span(ttl)),
            Q::DeadLetter(to) => more += &format!("; dead letters go to queue `{}`", model.queue(to).name),
            // Every consumer says from which queue it takes.
            Q::Unserved | Q::Shared(_) => {}
        }
    }
    format!("Queue `{}`: {order}; {room}{more}.", q.name)
}

fn limit(most: u32, overflow: Overflow) -> String {
    let then = match overflow {
        Overflow::DropHead => "its oldest is dropped",
        Overflow::RejectPublish => "new ones are refused",
        Overflow::RejectPublishDlx => "new ones are refused and dead-lettered",
    };
    format!("at most {} waiting, then {then}", whole(most.into()))
}

fn consumer(model: &Model, c: &Consumer) -> String {
    let servers = match c.servers {
        Servers::Count(1) => "1 server takes".to_string(),
        Servers::Count(n) => format!("{} identical servers take", whole(n.into())),
        Servers::Unlimited => "as many servers as there are messages take".to_string(),
    };
    let service = format!("service {}", service(&c.service, &model.classes));
    let more = c.features().into_iter().filter_map(|feature| of_consumer(model, c, &feature));
    let said: Vec<String> = std::iter::once(service).chain(more).collect();
    format!("Consumer `{}`: {servers} from queue `{}`; {}.", c.name, model.queue(c.queue).name, said.join("; "))
}

/// What a feature adds to the sentence on servers and service.
fn of_consumer(model: &Model, c: &Consumer, feature: &C<'_>) -> Option<String> {
    match feature {
        C::Turnaround(time) => Some(format!("each server is away after a message ({})", law(time))),
        C::Latency(latency) => Some(format!("delivery takes at least {}", span(*latency))),
        C::AutoAck => Some("messages are acknowledged at delivery".to_string()),
        C::Failure(p) => {
            let lost = c.ack == Ack::Auto;
            let then = if lost { "and are lost (automatic acknowledgement)".to_string() } else { retries(c) };
            Some(format!("{} of deliveries fail {then}", percent(*p)))
        }
        C::AckLoss(p) => {
            let again = if c.deduplicate { ", recognised and discarded" } else { " and processed twice" };
            Some(format!("{} of acknowledgements are lost: delivered again{again}", percent(*p)))
        }
        C::Onward(onward) => Some(published_onward(model, onward)),
        // Said with servers and service, with failures, with lost acknowledgements, with what is published.
        C::Unlimited | C::DrawnService(_) | C::RecordedService(_) | C::ServiceByClass(_) => None,
        C::Attempts(_) | C::Backoff(_) | C::RequeueTail | C::Deduplicate => None,
        C::OnwardShare(_) | C::OnwardKinds(_) => None,
    }
}

fn published_onward(model: &Model, onward: &Onward) -> String {
    let share = if onward.probability < 1.0 { format!("{} of ", percent(onward.probability)) } else { String::new() };
    format!("{share}what is done is published to {}", destination(model, onward.to))
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
    format!(". Its clients wait {timeout} for an answer, {again}; what they abandon is processed all the same")
}

/// What goes wrong for a while.
pub(super) fn disruptions(model: &Model) -> Vec<String> {
    model.disruptions.iter().map(|d| disruption(model, d)).collect()
}

fn disruption(model: &Model, d: &Disruption) -> String {
    let what: Vec<String> = d.features().iter().map(|feature| of_disruption(model, d, feature)).collect();
    format!("`{}`: from {} on, for {}, {}.", d.name, span(d.at), span(d.lasts), what.join(" and "))
}

fn of_disruption(model: &Model, d: &Disruption, feature: &D) -> String {
    let whom = match d.effect {
        Effect::ServersDown { consumer, servers: _, requeue: _ } | Effect::Slowdown { consumer, factor: _ } => {
            format!("consumer `{}`", model.consumers.get(consumer).map_or("", |c| c.name.as_str()))
        }
        Effect::Burst { producer, rate: _ } => {
            format!("producer `{}`", model.producers.get(producer).map_or("", |p| p.name.as_str()))
        }
    };
    let many = |servers: &Option<u32>| servers.map_or("all servers".to_string(), |n| plural(n.into(), "server"));
    match feature {
        D::ServersDown(servers) => {
            format!("{} of {whom} take no new message (messages in service are finished)", many(servers))
        }
        D::Crash(servers) => {
            format!("{} of {whom} take no new message (messages in service go back to their queue)", many(servers))
        }
        D::Slowdown(factor) => {
            format!("services that begin at {whom} take {} times as long", number(*factor))
        }
        D::Burst(extra) => format!("{whom} publishes {} more, Poisson", rate(*extra)),
    }
}

/// What every model leaves out, and what this one does.
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
