//! Lowers `[targets]` and `[expect]`: numbers of the result by name, and what they should be.

use super::reader::Node;
use crate::diag::Diagnostic;
use crate::model::{Entities, Expectation, Misnamed, Tolerance};
use crate::row::{Demand, Inequality, Quantity, Statistic, amount};
use crate::units::Unit;

/// Keys of one expectation.
pub(super) const EXPECTATION: &[&str] = &["value", "within", "half_widths"];

/// The targets of a `[targets]` section.
pub(super) fn targets(node: &Node<'_>, entities: &Entities) -> Option<Vec<Demand>> {
    let one = |entry: &Node<'_>| {
        let quantity = quantity(entry, entities)?;
        // The sign that a text begins with, and the limit behind it: `"> 100/s"`.
        let (inequality, bound) = match entry.value.as_str().and_then(Inequality::split) {
            Some((inequality, limit)) => (inequality, written(entry, limit, &quantity)?),
            None => (quantity.metric.usual_inequality(), value(entry, &quantity)?),
        };
        Some(Demand { quantity, inequality, bound })
    };
    node.each_entry(one)
}

/// A limit behind a sign.
fn written(node: &Node<'_>, limit: &str, quantity: &Quantity) -> Option<f64> {
    let read = amount(limit, quantity.unit());
    let found = read.map_err(|why| node.error("wrong-unit", format!("`{}`: {why}", node.name), "")).ok()?;
    let share = matches!(quantity.statistic, Statistic::Above(_)) || quantity.metric.is_share();
    node.require(!share || found <= 1.0, "be between 0 and 1")?;
    Some(found)
}

/// The expectations of an `[expect]` section.
pub(super) fn expectations(node: &Node<'_>, entities: &Entities) -> Option<Vec<Expectation>> {
    let one = |entry: &Node<'_>| {
        let quantity = quantity(entry, entities)?;
        let section = entry.section("an expectation", EXPECTATION)?;
        let value = section.need("value", |n| value(n, &quantity));
        let tolerance = match (section.get("within"), section.get("half_widths")) {
            (Some(_), Some(_)) => section.conflict("within", "half_widths"),
            (Some(within), None) => tolerance(&within, &quantity),
            (None, Some(widths)) => widths.positive_number().map(Tolerance::HalfWidths),
            (None, None) => Some(Tolerance::HalfWidths(3.0)),
        };
        Some(Expectation { quantity, value: value?, tolerance: tolerance? })
    };
    node.each_entry(one)
}

fn tolerance(node: &Node<'_>, quantity: &Quantity) -> Option<Tolerance> {
    if !node.value.is_table() {
        return node.positive_share().map(Tolerance::Relative);
    }
    let section = node.section("`within`", &["absolute"])?;
    section.need("absolute", |n| value(n, quantity)).map(Tolerance::Absolute)
}

/// A value in the unit of the quantity.
fn value(node: &Node<'_>, quantity: &Quantity) -> Option<f64> {
    match (quantity.statistic, quantity.metric.unit()) {
        (Statistic::Above(_), _) => node.open_probability(),
        (Statistic::Variance | Statistic::Count, _) => node.non_negative_number(),
        (Statistic::Fraction, _) | (_, Unit::One) if node.value.is_str() => node.probability(),
        (Statistic::Fraction, _) | (_, Unit::One | Unit::SecondsSquared) => node.non_negative_number(),
        (_, Unit::Seconds) => node.duration(),
        (_, Unit::PerSecond) => node.rate(),
    }
}

/// The quantity that a key names.
fn quantity(node: &Node<'_>, entities: &Entities) -> Option<Quantity> {
    if unquoted(node) {
        return None;
    }
    let read = entities.quantity(node.name);
    let found = |why: Misnamed| {
        let found = Diagnostic::error("unknown-quantity", why.message, node.key.clone(), "");
        if why.help.is_empty() { found } else { found.help(why.help) }
    };
    read.map_err(|why| node.cx.report(found(why))).ok()
}

/// `orders.sojourn.p99 = ...` without quotes is a table in a table: says so.
fn unquoted(node: &Node<'_>) -> bool {
    let Some((key, inner)) = node.value.as_table().and_then(|table| table.iter().next()) else { return false };
    if node.name.contains('.') || EXPECTATION.contains(&key.get_ref().as_ref()) {
        return false;
    }
    let mut path = format!("{}.{}", node.name, key.get_ref());
    let mut value = inner.get_ref();
    while let Some((key, inner)) = value.as_table().and_then(|table| table.iter().next()) {
        if EXPECTATION.contains(&key.get_ref().as_ref()) {
            break;
        }
        path = format!("{path}.{}", key.get_ref());
        value = inner.get_ref();
    }
    let message = "the name of a quantity is one key, so its dots need quotes";
    let found = Diagnostic::error("unknown-quantity", message, node.key.clone(), "");
    node.cx.report(found.help(format!("write `\"{path}\" = ...`")));
    true
}
