//! A part of a model with the place it came from.

use super::publish::KindPlace;
use super::reader::Node;
use std::ops::Range;

/// A part with its place.
pub(super) struct Placed<'a, T> {
    pub value: T,
    /// The section it was read from.
    pub node: Node<'a>,
    /// The message kinds that it publishes.
    pub kinds: Vec<KindPlace>,
}

impl<'a, T> Placed<'a, T> {
    /// A part that publishes nothing.
    pub(super) fn new(value: T, node: &Node<'a>) -> Placed<'a, T> {
        Placed { value, node: node.clone(), kinds: Vec::new() }
    }

    /// Where a key of the section has its value, or the name of the section.
    pub(super) fn place(&self, key: &str) -> Range<usize> {
        let entries = self.node.value.as_table();
        let value = entries.and_then(|table| table.get(key)).filter(|value| !value.get_ref().is_table());
        let key = entries.and_then(|table| table.get_key_value(key)).map(|(key, _)| key.span());
        value.map(|value| value.span()).or(key).unwrap_or_else(|| self.node.key.clone())
    }

    /// The name of the section.
    pub(super) fn name_place(&self) -> Range<usize> {
        self.node.key.clone()
    }
}
