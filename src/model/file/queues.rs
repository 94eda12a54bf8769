//! Lowers queues and exchanges.

use super::names::Names;
use super::reader::Node;
use super::section::Section;
use crate::diag::{Diagnostic, code};
use crate::model::{Binding, BindingTarget, Exchange, ExchangeKind, HeaderMatch, Overflow, Queue};
use std::collections::BTreeMap;

/// Keys of `[queues.NAME]`.
pub(super) const QUEUE: &[&str] = &["priority_levels", "max_length", "overflow", "message_ttl", "dead_letter"];

/// Keys of `[exchanges.NAME]`.
pub(super) const EXCHANGE: &[&str] = &["kind", "bindings"];

/// Keys of one binding.
pub(super) const BINDING: &[&str] = &["key", "queue", "exchange", "headers", "match"];

const OVERFLOWS: &[(&str, Overflow)] = &[
    ("drop-head", Overflow::DropHead),
    ("reject-publish", Overflow::RejectPublish),
    ("reject-publish-dlx", Overflow::RejectPublishDlx),
];

const KINDS: &[(&str, ExchangeKind)] = &[
    ("direct", ExchangeKind::Direct),
    ("topic", ExchangeKind::Topic),
    ("fanout", ExchangeKind::Fanout),
    ("headers", ExchangeKind::Headers),
];

/// A queue; `None` if something in it is wrong.
pub(super) fn queue(node: &Node<'_>, names: &Names<'_>) -> Option<Queue> {
    let section = node.section(format!("queue `{}`", node.name), QUEUE)?;
    let levels = section.or("priority_levels", 1, |n| n.whole(1, 255));
    let max_length = section.maybe("max_length", |n| n.count(0));
    let overflow = section.or("overflow", Overflow::DropHead, |n| n.one_of(OVERFLOWS));
    let message_ttl = section.maybe("message_ttl", Node::duration);
    let dead_letter = section.maybe("dead_letter", |n| names.queue(n));
    warn_of_overflow(&section, overflow?);
    Some(Queue {
        levels: u8::try_from(levels?).ok()?,
        max_length: max_length?,
        overflow: overflow?,
        message_ttl: message_ttl?,
        dead_letter: dead_letter?,
        ..Queue::new(node.name)
    })
}

fn warn_of_overflow(section: &Section<'_>, overflow: Overflow) {
    if !section.has("max_length") {
        section.unused("overflow", "without `max_length` the queue is never full");
    } else if overflow == Overflow::RejectPublishDlx && !section.has("dead_letter") {
        section.unused("overflow", "without `dead_letter` it is the same as `reject-publish`");
    }
}

/// A queue that stands in for a wrong one, so that indices stay right.
pub(super) fn placeholder(node: &Node<'_>) -> Queue {
    Queue { levels: u8::MAX, ..Queue::new(node.name) }
}

/// An exchange; `None` if something in it is wrong.
pub(super) fn exchange(node: &Node<'_>, names: &Names<'_>) -> Option<Exchange> {
    let section = node.section(format!("exchange `{}`", node.name), EXCHANGE)?;
    let kind = section.need("kind", |n| n.one_of(KINDS));
    let bindings = section.or("bindings", Vec::new(), |n| bindings(n, kind, names));
    Some(Exchange { name: node.name.to_string(), kind: kind?, bindings: bindings? })
}

fn bindings(node: &Node<'_>, kind: Option<ExchangeKind>, names: &Names<'_>) -> Option<Vec<Binding>> {
    let nodes = node.list()?;
    let lowered: Vec<Option<Binding>> = nodes.iter().map(|n| binding(n, kind, names)).collect();
    for (i, later) in lowered.iter().enumerate().filter(|(_, later)| later.is_some()) {
        let Some(first) = lowered[..i].iter().position(|earlier| earlier == later) else { continue };
        let place = nodes[i].span.clone();
        let found = Diagnostic::error(code::DUPLICATE_BINDING, "the same binding is there twice", place, "");
        node.cx.report(found.also(nodes[first].span.clone(), "first one here"));
    }
    lowered.into_iter().collect()
}

fn binding(node: &Node<'_>, kind: Option<ExchangeKind>, names: &Names<'_>) -> Option<Binding> {
    let section = node.section("a binding", BINDING)?;
    let target = target(&section, names);
    let key = section.or("key", "", Node::text);
    let headers = section.or("headers", BTreeMap::new(), headers);
    let matches = &[("all", HeaderMatch::All), ("any", HeaderMatch::Any)];
    let matching = section.or("match", HeaderMatch::All, |n| n.one_of(matches));
    kind.and_then(|kind| check_keys(&section, kind))?;
    Some(Binding { key: key?.to_string(), headers: headers?, matching: matching?, target: target? })
}

fn target(section: &Section<'_>, names: &Names<'_>) -> Option<BindingTarget> {
    match (section.get("queue"), section.get("exchange")) {
        (Some(queue), None) => names.queue(&queue).map(BindingTarget::Queue),
        (None, Some(exchange)) => names.exchange(&exchange).map(BindingTarget::Exchange),
        (Some(_), Some(_)) => section.conflict("queue", "exchange"),
        (None, None) => section.missing("a binding leads nowhere: it needs `queue` or `exchange`"),
    }
}

/// A table of header names and texts.
pub(super) fn headers(node: &Node<'_>) -> Option<BTreeMap<String, String>> {
    let headers = node.each_entry(|n| Some((n.name.to_string(), n.text()?.to_string())))?;
    Some(headers.into_iter().collect())
}

/// Which keys of a binding make sense for the kind of its exchange.
fn check_keys(section: &Section<'_>, kind: ExchangeKind) -> Option<()> {
    let (needed, unused): (Option<&'static str>, &[&'static str]) = match kind {
        ExchangeKind::Direct | ExchangeKind::Topic => (Some("key"), &["headers", "match"]),
        ExchangeKind::Headers => (Some("headers"), &["key"]),
        ExchangeKind::Fanout => (None, &["key", "headers", "match"]),
    };
    for key in unused {
        section.unused(key, &format!("a {} exchange does not look at it", kind_name(kind)));
    }
    match (kind, section.get("key")) {
        (ExchangeKind::Topic, Some(key)) => check_pattern(&key)?,
        (ExchangeKind::Direct, Some(key)) => warn_of_wildcard(&key),
        _ => {}
    }
    match needed.filter(|needed| !section.has(needed)) {
        Some(needed) => section.missing(&format!("a binding of a {} exchange needs `{needed}`", kind_name(kind))),
        None => Some(()),
    }
}

fn kind_name(kind: ExchangeKind) -> &'static str {
    KINDS.iter().find(|(_, k)| *k == kind).map_or("", |(name, _)| name)
}

fn check_pattern(node: &Node<'_>) -> Option<()> {
    let pattern = node.text()?;
    let words: Vec<&str> = pattern.split('.').collect();
    let mixed = |word: &&&str| word.len() > 1 && word.contains(['*', '#']);
    let fault = if let Some(word) = words.iter().find(mixed) {
        format!("`{word}` mixes a wildcard with text; a wildcard is a word of its own")
    } else if words.len() > 1 && words.contains(&"") {
        "there is an empty word".to_string()
    } else if words.windows(2).any(|pair| pair == ["#", "#"]) {
        "`#.#` is the same as `#`".to_string()
    } else {
        return Some(());
    };
    node.refuse(code::BAD_PATTERN, format!("`{pattern}` is no topic pattern"), fault)
}

fn warn_of_wildcard(node: &Node<'_>) {
    let Some(key) = node.value.as_str().filter(|key| key.split('.').any(|word| word == "*" || word == "#")) else {
        return;
    };
    let message = format!("a direct exchange takes `{key}` literally");
    let found = Diagnostic::warning(code::LITERAL_PATTERN, message, node.place(), "only this very key matches");
    node.cx.report(found.help("use `kind = \"topic\"` for patterns"));
}
