//! Lowers `[size]`.

use crate::diag::code;
use crate::model::file::reader::Node;
use crate::model::study::SizeQuestion;
use crate::model::study::size::{BurstText, CostTerm, SizeAxis};
use crate::units::TextError;

/// Keys of `[size]`.
pub(in crate::model::file) const SIZE: &[&str] =
    &["targets", "vary", "largest", "cost", "n_minus_1", "burst", "confidence", "max_replications", "front"];

/// The `[size]` section.
pub(super) fn size(node: &Node<'_>) -> Option<SizeQuestion> {
    let section = node.section("`[size]`", SIZE)?;
    let targets = section.or("targets", Vec::new(), |n| texts(n, |text| Ok(text.to_string())));
    let vary = section.or("vary", Vec::new(), |n| texts(n, SizeAxis::parse));
    let cost =
        section.or("cost", Vec::new(), |n| texts(n, |text| CostTerm::parse(text).map_err(|why| why.about("cost"))));
    let bursts =
        section.or("burst", Vec::new(), |n| texts(n, |text| BurstText::parse(text).map_err(|why| why.about("burst"))));
    let largest = section.or("largest", false, Node::flag);
    let n_minus_1 = section.or("n_minus_1", None, n_minus_1);
    let confidence = section.maybe("confidence", Node::open_probability);
    let max_replications = section.maybe("max_replications", |n| n.count(2));
    let front = section.or("front", false, Node::flag);
    Some(SizeQuestion {
        targets: targets?,
        vary: vary?,
        largest: largest?,
        cost: cost?.into_iter().flatten().collect(),
        n_minus_1: n_minus_1?,
        bursts: bursts?,
        confidence: confidence?,
        max_replications: max_replications?,
        front: front?,
    })
}

/// `true`: any pool; a name: that consumer.
fn n_minus_1(node: &Node<'_>) -> Option<Option<Option<String>>> {
    match node.value.as_str() {
        Some(name) => Some(Some(Some(name.to_string()))),
        None => node.flag().map(|flag| flag.then_some(None)),
    }
}

/// A text or a list of texts, each understood by `read`.
fn texts<T>(node: &Node<'_>, read: impl Fn(&str) -> Result<T, TextError>) -> Option<Vec<T>> {
    let one = |node: &Node<'_>| {
        let text = node.text()?;
        read(text).map_err(|why| node.error(code::UNKNOWN_VALUE, why, "")).ok()
    };
    if node.value.is_str() { one(node).map(|value| vec![value]) } else { node.each(one) }
}
