//! Recorded service times: every message that can come to them needs one of its own, that of its row. A message
//! keeps the row of its trace through exchanges, dead letters and onward publication.

use super::context::Context;
use super::draft::Draft;
use super::placed::Placed;
use crate::diag::{Diagnostic, code};
use crate::model::{Ack, Arrivals, ClassId, Consumer, Disruption, Effect, MessageKind, ServiceTime};
use std::collections::BTreeSet;

/// A queue, a class of messages in it, and a producer from which some of them stem.
type Origin = (usize, usize, usize);

pub(super) fn check(cx: &Context<'_>, draft: &Draft<'_>) {
    let recorded = |time: &ServiceTime| matches!(time, ServiceTime::Recorded(_));
    let concerned = |c: &&Placed<'_, Consumer>| {
        let service = &c.value.service;
        recorded(&service.default) || service.by_class.iter().any(|(_, time)| recorded(time))
    };
    let concerned: Vec<_> = draft.consumers.iter().filter(concerned).collect();
    if concerned.is_empty() {
        return;
    }
    let origins = origins(draft);
    for consumer in concerned {
        let queue = consumer.value.queue.index();
        let mut here = origins.range((queue, 0, 0)..(queue + 1, 0, 0));
        if let Some(found) = here.find_map(|origin| without_time(draft, consumer, origin)) {
            cx.report(found.help("for independent draws use `{ empirical = { file = \"...\" } }`"));
        }
    }
}

/// From whom the messages stem that can be in each queue.
fn origins(draft: &Draft<'_>) -> BTreeSet<Origin> {
    let mut pending: Vec<Origin> = (0..draft.producers.len()).flat_map(|p| published(draft, p)).collect();
    let mut origins = BTreeSet::new();
    while let Some(origin) = pending.pop() {
        if origins.insert(origin) {
            pending.extend(onward(draft, origin));
        }
    }
    origins
}

fn published(draft: &Draft<'_>, p: usize) -> Vec<Origin> {
    let producer = &draft.producers[p].value;
    let of = |kind| draft.route(producer.to, kind).into_iter().map(move |queue| (queue, class_of(kind, 0), p));
    producer.kinds.iter().flat_map(of).collect()
}

/// Where messages can go from a queue.
fn onward(draft: &Draft<'_>, (queue, class, producer): Origin) -> Vec<Origin> {
    let publish = draft.consumers_of(queue).filter_map(|c| c.value.publish.as_ref());
    let kinds = publish.flat_map(|onward| onward.kinds.iter().map(move |kind| (onward.to, kind)));
    let forwarded = kinds.flat_map(|(to, kind)| {
        draft.route(to, kind).into_iter().map(move |next| (next, class_of(kind, class), producer))
    });
    let from = &draft.queues[queue].value;
    let dies = from.expels() || draft.consumers_of(queue).any(|c| rejects(&c.value));
    let dead = from.dead_letter.filter(|_| dies).map(|next| (next.index(), class, producer));
    forwarded.chain(dead).collect()
}

/// The class of a message of a kind; one that names none keeps the incoming one.
fn class_of(kind: &MessageKind, incoming: usize) -> usize {
    kind.class.map_or(incoming, |ClassId(id)| usize::from(id))
}

fn rejects(consumer: &Consumer) -> bool {
    consumer.failure > 0.0 && consumer.ack == Ack::Manual && consumer.retry.max_attempts.is_some()
}

/// What is wrong where messages of an origin come to a consumer that has no recorded time for each of them.
fn without_time(draft: &Draft<'_>, consumer: &Placed<'_, Consumer>, origin: &Origin) -> Option<Diagnostic> {
    let &(_, class, p) = origin;
    let ServiceTime::Recorded(times) = consumer.value.service.of(ClassId(class as u16)) else { return None };
    let producer = &draft.producers[p];
    let place = consumer.place("service");
    let Arrivals::Trace { times: arrivals } = &producer.value.arrivals else {
        let message = no_row(&format!("producer `{}`", producer.value.name), consumer);
        let found = Diagnostic::error(code::RECORDED_SERVICE, message, place, "by rows of a trace");
        return Some(own_law(found.also(producer.place("arrivals"), "these arrivals have no rows")));
    };
    if let Some(burst) = draft.disruptions.iter().find(|d| is_burst_of(&d.value, p)) {
        let message = no_row(&format!("burst `{}`", burst.value.name), consumer);
        let found = Diagnostic::error(code::RECORDED_SERVICE, message, place, "by rows of a trace");
        return Some(found.also(burst.name_place(), "messages on top of those of the trace"));
    }
    let (times, messages) = (times.len(), arrivals.len());
    let short = || {
        let message = format!("{times} recorded service times for {messages} recorded messages");
        let found = Diagnostic::error(code::RECORDED_SERVICE, message, place, "too short");
        found.also(producer.place("arrivals"), "for these messages")
    };
    (times < messages).then(short)
}

fn no_row(whose: &str, consumer: &Placed<'_, Consumer>) -> String {
    format!("messages of {whose} have no recorded service time at consumer `{}`", consumer.value.name)
}

fn own_law(found: Diagnostic) -> Diagnostic {
    found.help("give these messages a class of their own, and that class a law of its own in `by_class`")
}

fn is_burst_of(disruption: &Disruption, p: usize) -> bool {
    matches!(disruption.effect, Effect::Burst { producer, .. } if producer == p)
}
