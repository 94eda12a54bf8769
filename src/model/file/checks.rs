//! Checks that look at several sections: what is reached, what is consumed, what has no end.

use super::context::Context;
use super::draft::Draft;
use super::placed::Placed;
use super::publish::KindPlace;
use super::recorded;
use crate::diag::{Diagnostic, code};
use crate::model::queue::cycles;
use crate::model::routing;
use crate::model::traffic::Deliveries;
use crate::model::{BindingTarget, Consumer, Destination, MessageKind, Queue, QueueId};

/// Every check but stability.
pub(super) fn structure(cx: &Context<'_>, draft: &Draft<'_>) {
    priorities(cx, draft);
    dead_letter_cycles(cx, draft);
    draft.consumers.iter().for_each(|consumer| endless_retry(cx, consumer));
    if draft.whole {
        exchanges(cx, draft);
        queues(cx, draft);
        classes(cx, draft);
        recorded::check(cx, draft);
    }
}

/// One published message kind: by whom, where to, and where it stands in the file.
pub(super) struct Publication<'d> {
    pub to: Destination,
    pub kind: &'d MessageKind,
    pub place: &'d KindPlace,
}

impl<'a> Draft<'a> {
    /// Everything that producers and consumers publish.
    pub(super) fn publications(&self) -> Vec<Publication<'_>> {
        fn all<'d>(to: Destination, kinds: &'d [MessageKind], places: &'d [KindPlace]) -> Vec<Publication<'d>> {
            kinds.iter().zip(places).map(|(kind, place)| Publication { to, kind, place }).collect()
        }
        let produced = self.producers.iter().flat_map(|p| all(p.value.to, &p.value.kinds, &p.kinds));
        let onward = |c: &'_ Placed<'a, Consumer>| c.value.publish.as_ref().map(|p| p.to);
        let forwarded = self.consumers.iter().filter_map(|c| Some((onward(c)?, c)));
        let forwarded = forwarded.flat_map(|(to, c)| {
            let kinds = c.value.publish.as_ref().map_or(&[][..], |publish| &publish.kinds);
            all(to, kinds, &c.kinds)
        });
        produced.chain(forwarded).collect()
    }

    /// Indices of the queues that a message kind reaches.
    pub(super) fn route(&self, to: Destination, kind: &MessageKind) -> Vec<usize> {
        routing::route(&self.routers, to, kind).into_iter().map(QueueId::index).collect()
    }

    /// The consumers of a queue.
    pub(super) fn consumers_of(&self, queue: usize) -> impl Iterator<Item = &Placed<'a, Consumer>> {
        self.consumers.iter().filter(move |c| c.value.queue.index() == queue)
    }

    /// Whether a queue is the dead-letter queue of another one.
    fn is_dead_letter_queue(&self, queue: usize) -> bool {
        self.queues.iter().any(|q| q.value.dead_letter.map(QueueId::index) == Some(queue))
    }
}

fn priorities(cx: &Context<'_>, draft: &Draft<'_>) {
    for publication in draft.publications() {
        let (Some(priority), Some(place)) = (publication.kind.priority, &publication.place.priority) else { continue };
        let reached = draft.route(publication.to, publication.kind).into_iter().map(|q| &draft.queues[q]);
        if let Some(queue) = reached.into_iter().find(|queue| priority >= queue.value.levels) {
            report_priority(cx, priority, place.clone(), queue);
        }
    }
}

fn report_priority(cx: &Context<'_>, priority: u8, place: std::ops::Range<usize>, queue: &Placed<'_, Queue>) {
    let (name, levels) = (&queue.value.name, queue.value.levels);
    let message = format!("priority {priority} does not exist in queue `{name}`");
    let known = if levels == 1 { "only priority 0".to_string() } else { format!("priorities 0 to {}", levels - 1) };
    let found = Diagnostic::error(code::PRIORITY_TOO_HIGH, message, place, "");
    let found = found.also(queue.place("priority_levels"), format!("this queue has {known}"));
    cx.report(found.help(format!("set `priority_levels = {}` in `[queues.{name}]`", u32::from(priority) + 1)));
}

/// Cycles of queues that all hand messages on by expiry or overflow.
fn dead_letter_cycles(cx: &Context<'_>, draft: &Draft<'_>) {
    let next = |queue: &Placed<'_, Queue>| queue.value.dead_letter.filter(|_| queue.value.expels()).map(QueueId::index);
    let next: Vec<Option<usize>> = draft.queues.iter().map(next).collect();
    cycles(&next).iter().for_each(|cycle| report_cycle(cx, draft, cycle));
}

fn report_cycle(cx: &Context<'_>, draft: &Draft<'_>, cycle: &[usize]) {
    let names: Vec<String> = cycle.iter().map(|&q| format!("`{}`", draft.queues[q].value.name)).collect();
    let path = [&names[..], &names[..1]].concat().join(" -> ");
    let message = format!("a message that goes round without a rejection is dropped: {path}");
    let found = Diagnostic::warning(code::DEAD_LETTER_CYCLE, message, draft.queues[cycle[0]].place("dead_letter"), "");
    let found = cycle[1..].iter().fold(found, |found, &q| found.also(draft.queues[q].place("dead_letter"), ""));
    let found = found.note("each of these queues can hand a message on by expiry or overflow; RabbitMQ drops it too");
    cx.report(found.help("for retries let only a consumer's rejection lead out of the queue it takes from"));
}

fn endless_retry(cx: &Context<'_>, consumer: &Placed<'_, Consumer>) {
    if Deliveries::of(&consumer.value).mean.is_finite() {
        return;
    }
    let name = &consumer.value.name;
    let message = format!("consumer `{name}` never finishes a message: every delivery comes back, without limit");
    let place = consumer.place(if consumer.value.failure == 1.0 { "failure" } else { "ack_loss" });
    let found = Diagnostic::error(code::ENDLESS_RETRY, message, place, "this is certain");
    let found = found.also(consumer.place("retry"), "and this has no limit");
    cx.report(found.help("give `retry.max_attempts` a number, or a probability below 1"));
}

fn exchanges(cx: &Context<'_>, draft: &Draft<'_>) {
    let publications = draft.publications();
    let bound = |target: usize| {
        let mut bindings = draft.exchanges.iter().flat_map(|e| &e.value.bindings);
        bindings.any(|b| matches!(b.target, BindingTarget::Exchange(id) if id.0 as usize == target))
    };
    let published = |target: usize| publications.iter().any(|p| is_exchange(p.to, target));
    for (i, exchange) in draft.exchanges.iter().enumerate() {
        let name = &exchange.value.name;
        if exchange.value.bindings.is_empty() {
            let message = format!("exchange `{name}` has no bindings: every message published to it is unroutable");
            cx.report(Diagnostic::warning(code::UNBOUND_EXCHANGE, message, exchange.name_place(), ""));
        }
        if !published(i) && !bound(i) {
            let message = format!("nobody publishes to exchange `{name}`");
            cx.report(Diagnostic::warning(code::UNUSED_EXCHANGE, message, exchange.name_place(), ""));
        }
    }
    publications.iter().for_each(|publication| unroutable(cx, draft, publication));
}

fn is_exchange(to: Destination, target: usize) -> bool {
    matches!(to, Destination::Exchange(id) if id.0 as usize == target)
}

fn unroutable(cx: &Context<'_>, draft: &Draft<'_>, publication: &Publication<'_>) {
    let Destination::Exchange(id) = publication.to else { return };
    let exchange = &draft.exchanges[id.0 as usize];
    let unbound = exchange.value.bindings.is_empty();
    if unbound || !draft.route(publication.to, publication.kind).is_empty() {
        return;
    }
    let (key, name) = (&publication.kind.routing_key, &exchange.value.name);
    let message = format!("messages with routing key `{key}` reach no queue from exchange `{name}`");
    let found = Diagnostic::warning(code::UNROUTABLE, message, publication.place.key.clone(), "no binding matches");
    cx.report(found.also(exchange.place("bindings"), ""));
}

fn queues(cx: &Context<'_>, draft: &Draft<'_>) {
    let reached: Vec<usize> = draft.publications().iter().flat_map(|p| draft.route(p.to, p.kind)).collect();
    for (i, queue) in draft.queues.iter().enumerate() {
        let parked = draft.is_dead_letter_queue(i);
        if !reached.contains(&i) && !parked {
            report_unreached(cx, draft, i);
        }
        let limited = queue.value.max_length.is_some() || queue.value.message_ttl.is_some();
        if reached.contains(&i) && !parked && !limited && draft.consumers_of(i).next().is_none() {
            let message = format!("queue `{}` grows without end: it has no consumer", queue.value.name);
            let found =
                Diagnostic::error(code::NO_CONSUMER, message, queue.name_place(), "messages arrive, none leaves");
            cx.report(found.help("add a consumer, or give the queue `max_length` or `message_ttl`"));
        }
    }
}

fn report_unreached(cx: &Context<'_>, draft: &Draft<'_>, queue: usize) {
    let message = format!("nothing reaches queue `{}`", draft.queues[queue].value.name);
    let place = draft.queues[queue].name_place();
    let found = Diagnostic::warning(code::UNREACHED_QUEUE, message, place, "always empty");
    let idle = |found: Diagnostic, c: &Placed<'_, Consumer>| found.also(c.place("queue"), "so this consumer is idle");
    cx.report(draft.consumers_of(queue).fold(found, idle));
}

fn classes(cx: &Context<'_>, draft: &Draft<'_>) {
    let names = cx.class_names();
    let published = cx.published_classes();
    let known: Vec<&str> = published.iter().map(|id| names[usize::from(id.0)].as_str()).collect();
    for (name, place) in cx.unpublished_mentions() {
        let message = format!("nobody publishes messages of class `{name}`");
        cx.report(super::reader::unknown(code::UNKNOWN_CLASS, message, place, &name, &known));
    }
    for consumer in &draft.consumers {
        let by_class = &consumer.value.service.by_class;
        let service = consumer.node.value.get("service");
        let has_default = by_class.is_empty() || service.is_some_and(|node| node.get_ref().get("default").is_some());
        let gap = published.iter().find(|id| !by_class.iter().any(|(class, _)| class == *id));
        if let (false, Some(class)) = (has_default, gap) {
            let class = &names[usize::from(class.0)];
            let message = format!("`service` of consumer `{}` says nothing about class `{class}`", consumer.value.name);
            let found = Diagnostic::error(code::MISSING_KEY, message, consumer.place("service"), "");
            cx.report(found.help(format!("add `{class}` to `by_class`, or a `default`")));
        }
    }
}
