//! Lowers `[targets]` and `[expect]`: numbers of the result by name, and what they should be.

use super::reader::{Node, unknown};
use crate::diag::Diagnostic;
use crate::model::{Bound, Expectation, Quantity, State, Target, Tolerance};
use crate::row::{Metric, Statistic};
use crate::units::Unit;

/// Keys of one expectation.
pub(super) const EXPECTATION: &[&str] = &["value", "within", "half_widths"];

/// Every name that a quantity may begin with.
pub(super) type Entities<'n> = &'n [&'n str];

/// The targets of a `[targets]` section.
pub(super) fn targets(node: &Node<'_>, entities: Entities<'_>) -> Option<Vec<Target>> {
    let one = |entry: &Node<'_>| {
        let quantity = quantity(entry, entities)?;
        let value = value(entry, &quantity)?;
        let bound = good_side(&quantity.metric);
        Some(Target { quantity, bound, value, strict: false, tail: None })
    };
    let targets: Vec<Option<Target>> = node.entries()?.iter().map(one).collect();
    targets.into_iter().collect()
}

fn good_side(metric: &Metric) -> Bound {
    match metric {
        Metric::Throughput | Metric::Goodput | Metric::Reliability => Bound::AtLeast,
        Metric::Outcome(outcome) if outcome == State::Acked.name() => Bound::AtLeast,
        _ => Bound::AtMost,
    }
}

/// The expectations of an `[expect]` section.
pub(super) fn expectations(node: &Node<'_>, entities: Entities<'_>) -> Option<Vec<Expectation>> {
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
    let expectations: Vec<Option<Expectation>> = node.entries()?.iter().map(one).collect();
    expectations.into_iter().collect()
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
        (Statistic::Variance | Statistic::Count, _) => node.non_negative_number(),
        (Statistic::Fraction, _) | (_, Unit::One) if node.value.is_str() => node.probability(),
        (Statistic::Fraction, _) | (_, Unit::One | Unit::SecondsSquared) => node.non_negative_number(),
        (_, Unit::Seconds) => node.duration(),
        (_, Unit::PerSecond) => node.rate(),
    }
}

/// The quantity that a key names.
fn quantity(node: &Node<'_>, entities: Entities<'_>) -> Option<Quantity> {
    if unquoted(node) {
        return None;
    }
    let Some((entity, rest)) = node.name.split_once('.') else { return misnamed(node) };
    if !entities.contains(&entity) {
        let message = format!("`{entity}` is no queue, consumer or producer, and not `system`");
        node.cx.report(unknown("unknown-quantity", message, node.key.clone(), entity, entities));
        return None;
    }
    let split = rest.strip_prefix("outcome.").map_or(0, |_| "outcome.".len());
    let Some(dot) = rest[split..].find('.') else { return misnamed(node) };
    let (metric, statistic) = (&rest[..split + dot], &rest[split + dot + 1..]);
    let (metric, statistic) = (self::metric(node, metric), self::statistic(node, statistic));
    Some(Quantity { entity: entity.to_string(), metric: metric?, statistic: statistic? })
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

fn misnamed<T>(node: &Node<'_>) -> Option<T> {
    let message = format!("`{}` names no quantity", node.name);
    let found = Diagnostic::error("unknown-quantity", message, node.key.clone(), "");
    node.cx.report(found.help("write `entity.metric.statistic`, for example `\"orders.sojourn.p99\"`"));
    None
}

fn metric(node: &Node<'_>, name: &str) -> Option<Metric> {
    if let Some(outcome) = name.strip_prefix("outcome.") {
        let outcomes: Vec<&str> = State::ALL.iter().filter(|s| s.is_final()).map(|s| s.name()).collect();
        let outcomes = [outcomes, vec!["in_flight"]].concat();
        if !outcomes.contains(&outcome) {
            let message = format!("`{outcome}` is no outcome");
            node.cx.report(unknown("unknown-quantity", message, node.key.clone(), outcome, &outcomes));
            return None;
        }
    }
    let metric = Metric::parse(name);
    if metric.is_none() {
        let known: Vec<&str> = Metric::names().collect();
        let message = format!("`{name}` is no metric");
        node.cx.report(unknown("unknown-quantity", message, node.key.clone(), name, &known));
    }
    metric
}

fn statistic(node: &Node<'_>, name: &str) -> Option<Statistic> {
    let statistic = Statistic::parse(name);
    if statistic.is_none() {
        let message = format!("`{name}` is no statistic");
        let found = Diagnostic::error("unknown-quantity", message, node.key.clone(), "");
        let known = "known are `mean`, `variance`, `max`, `count`, `fraction` and quantiles such as `p99.9`";
        node.cx.report(found.help(known));
    }
    statistic
}
