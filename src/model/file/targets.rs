//! Lowers `[targets]` and `[expect]`: numbers of the result by name, and what they should be.

use super::reader::Node;
use crate::diag::{Diagnostic, code};
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
            None => (quantity.usual_inequality(), value(entry, &quantity)?),
        };
        Some(Demand { quantity, inequality, bound }.of_the_tail())
    };
    node.each_entry(one)
}

/// A limit behind a sign.
fn written(node: &Node<'_>, limit: &str, quantity: &Quantity) -> Option<f64> {
    let read = amount(limit, quantity.unit());
    let found = read.map_err(|why| node.error("wrong-unit", format!("`{}`: {why}", node.name), "")).ok()?;
    node.require(!quantity.is_share() || found <= 1.0, "be between 0 and 1")?;
    let certain = quantity.statistic.is_probability() && !(found > 0.0 && found < 1.0);
    node.require(!certain, "be between 0 and 1, both excluded")?;
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
            (Some(within), None) => tolerance(&within, &quantity, value),
            (None, Some(widths)) => half_widths(&widths),
            (None, None) => Some(Tolerance::HalfWidths(3.0)),
        };
        Some(Expectation { quantity, value: value?, tolerance: tolerance? })
    };
    node.each_entry(one)
}

/// Half-widths beyond which an interval says nothing any more.
const MOST_HALF_WIDTHS: f64 = 100.0;

fn half_widths(node: &Node<'_>) -> Option<Tolerance> {
    let widths = node.positive_number()?;
    let shown = node.cx.source(&node.span);
    let message = format!("{shown} half-widths hold whatever comes out");
    let help = format!("give at most {MOST_HALF_WIDTHS}, or a tolerance of its own: `within = \"5%\"`");
    can_fail(node, widths <= MOST_HALF_WIDTHS, &message, &help)?;
    Some(Tolerance::HalfWidths(widths))
}

/// How far the number may be off; `value` is what it should be, where that could be read.
fn tolerance(node: &Node<'_>, quantity: &Quantity, value: Option<f64>) -> Option<Tolerance> {
    if node.value.is_table() {
        return absolute(node, quantity, value).map(Tolerance::Absolute);
    }
    let share = node.positive_share()?;
    let message = format!("within {} of the value lie 0 and its double", node.cx.source(&node.span));
    let help = "give a share below 100%, or what it may be off in the unit of the value: \
                `within = { absolute = ... }`";
    can_fail(node, share < 1.0, &message, help)?;
    Some(Tolerance::Relative(share))
}

fn absolute(node: &Node<'_>, quantity: &Quantity, expected: Option<f64>) -> Option<f64> {
    let section = node.section("`within`", &["absolute"])?;
    let amount = section.need("absolute", |n| value(n, quantity))?;
    let spans = |expected: f64| expected - amount <= 0.0 && expected + amount >= 1.0;
    let all = quantity.is_share() && expected.is_some_and(spans);
    let message = format!("every share is within {amount} of the value");
    can_fail(node, !all, &message, "a share lies between 0 and 1: give a smaller amount")?;
    Some(amount)
}

/// Refuses an expectation that holds whatever comes out.
fn can_fail(node: &Node<'_>, can: bool, message: &str, help: &str) -> Option<()> {
    if !can {
        let message = format!("this expectation cannot fail: {message}");
        node.cx.report(Diagnostic::error(code::CANNOT_FAIL, message, node.place(), "").help(help));
    }
    can.then_some(())
}

/// A value in the unit of the quantity.
fn value(node: &Node<'_>, quantity: &Quantity) -> Option<f64> {
    match (quantity.statistic, quantity.metric.unit()) {
        (statistic, _) if statistic.is_probability() => node.open_probability(),
        _ if quantity.is_share() => node.probability(),
        (Statistic::Variance | Statistic::Count, _) => node.non_negative_number(),
        (Statistic::Fraction, _) | (_, Unit::One) if node.value.is_str() => node.probability(),
        (Statistic::Fraction, _) | (_, Unit::One | Unit::SecondsSquared) => node.non_negative_number(),
        (_, Unit::Seconds) => node.duration(),
        (_, Unit::PerSecond) => node.rate(),
    }
}

/// The quantity that a key names.
pub(super) fn quantity(node: &Node<'_>, entities: &Entities) -> Option<Quantity> {
    if unquoted(node) {
        return None;
    }
    let report = |why: Misnamed| node.cx.report(why.at("unknown-quantity", node.key.clone()));
    entities.quantity(node.name).map_err(report).ok()
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
