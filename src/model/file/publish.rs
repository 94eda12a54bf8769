//! Lowers what is published: the kinds of messages of a producer, or of a consumer that
//! publishes onward.

use super::queues::headers;
use super::reader::{Node, all};
use super::section::Section;
use crate::diag::code;
use crate::model::{ClassId, MessageKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Keys of one entry of `messages`.
pub(super) const MESSAGE: &[&str] = &["class", "weight", "routing_key", "headers", "priority"];

/// Name of the class of messages whose class is not named.
const DEFAULT_CLASS: &str = "message";

/// Who publishes: a producer names the class of everything, a consumer may leave it as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Publisher {
    Producer,
    Consumer,
}

/// Where the parts of a message kind stand.
#[derive(Debug, Clone)]
pub(super) struct KindPlace {
    /// What decides the route.
    pub key: Range<usize>,
    /// The priority, if it is written.
    pub priority: Option<Range<usize>>,
}

/// A message kind with the places it came from; weights not yet normalized.
type PlacedKind = (MessageKind, KindPlace);

/// The message kinds of a section; weights sum to 1, kinds of weight 0 are left out.
pub(super) fn kinds(section: &Section<'_>, by: Publisher) -> Option<Vec<PlacedKind>> {
    let kinds = match (section.get("messages"), section.get("routing_key")) {
        (Some(messages), _) => {
            let others = ["routing_key", "class", "headers", "priority"];
            match others.into_iter().find(|key| section.has(key)) {
                Some(other) => section.conflict("messages", other),
                None => messages.each(|node| message(node, by)),
            }
        }
        (None, Some(key)) if key.value.is_table() => choice(section, &key, by),
        (None, _) => kind(section, by).map(|kind| vec![kind]),
    };
    let blamed = ["messages", "routing_key"].into_iter().find_map(|key| section.get(key));
    normalized(kinds?, &blamed.unwrap_or_else(|| section.node.clone()))
}

fn message(node: &Node<'_>, by: Publisher) -> Option<PlacedKind> {
    let section = node.section("an entry of `messages`", MESSAGE)?;
    let weight = section.or("weight", 1.0, weight);
    let (kind, place) = kind(&section, by)?;
    Some((MessageKind { weight: weight?, ..kind }, place))
}

/// One kind as the keys of a section describe it.
fn kind(section: &Section<'_>, by: Publisher) -> Option<PlacedKind> {
    let class = class(section, by);
    let key = section.or("routing_key", "", Node::text);
    let headers = section.or("headers", BTreeMap::new(), headers);
    let priority = section.maybe("priority", |n| n.whole(0, 254));
    let place = section.get("routing_key").map_or_else(|| section.node.place(), |node| node.place());
    let priority = default_priority(priority?, by);
    let kind = MessageKind { class: class?, headers: headers?, priority, ..MessageKind::with_key(key?) };
    Some((kind, KindPlace { key: place, priority: section.get("priority").map(|node| node.place()) }))
}

fn default_priority(written: Option<u64>, by: Publisher) -> Option<u8> {
    let written = written.and_then(|p| u8::try_from(p).ok());
    if by == Publisher::Producer { written.or(Some(0)) } else { written }
}

fn class(section: &Section<'_>, by: Publisher) -> Option<Option<ClassId>> {
    let cx = section.node.cx;
    match section.get("class") {
        Some(node) => {
            let name = node.text()?;
            let shown = !name.is_empty() && !name.contains(char::is_control);
            node.require(shown, "name a class, without control characters")?;
            cx.publish_class(name, node.place()).map(Some)
        }
        None if by == Publisher::Producer => cx.publish_class(DEFAULT_CLASS, section.node.place()).map(Some),
        None => Some(None),
    }
}

/// `routing_key = { choice = { key = weight, ... } }`: for producers each key is a class.
fn choice(section: &Section<'_>, key: &Node<'_>, by: Publisher) -> Option<Vec<PlacedKind>> {
    let choice = key.section("`routing_key`", &["choice"])?;
    let entries = choice.need("choice", Node::entries)?;
    let headers = section.or("headers", BTreeMap::new(), headers);
    let priority = section.maybe("priority", |n| n.whole(0, 254));
    let own_class = by == Publisher::Producer && !section.has("class");
    let shared = if own_class { Some(None) } else { class(section, by) };
    let one = |entry: &Node<'_>| {
        let weight = weight(entry);
        let class = if own_class { entry.cx.publish_class(entry.name, entry.key.clone()).map(Some) } else { shared };
        let priority = default_priority(priority?, by);
        let headers = headers.clone()?;
        let (class, weight) = (class?, weight?);
        let kind = MessageKind { class, weight, headers, priority, ..MessageKind::with_key(entry.name) };
        Some((kind, KindPlace { key: entry.key.clone(), priority: section.get("priority").map(|n| n.place()) }))
    };
    all(entries.iter().map(one))
}

fn weight(node: &Node<'_>) -> Option<f64> {
    let x = node.share()?;
    if x >= 0.0 {
        return Some(x);
    }
    node.refuse(code::NO_WEIGHT, format!("weight {x} is negative"), "")
}

/// Weights divided by their sum.
fn normalized(mut kinds: Vec<PlacedKind>, blamed: &Node<'_>) -> Option<Vec<PlacedKind>> {
    let total: f64 = kinds.iter().map(|(kind, _)| kind.weight).sum();
    if !(total > 0.0 && total.is_finite()) {
        let (message, label) = match kinds.len() {
            0 => ("there is nothing to publish".to_string(), "at least one entry is needed"),
            _ => (format!("the weights sum to {total}"), "at least one weight must be positive"),
        };
        blamed.error(code::NO_WEIGHT, message, label);
        return None;
    }
    kinds.retain(|(kind, _)| kind.weight > 0.0);
    kinds.iter_mut().for_each(|(kind, _)| kind.weight /= total);
    Some(kinds)
}
