//! Holds a result against what a model demands (`[targets]`) and against what it is known to
//! yield (`[expect]`).

use super::result::ResultSet;
use crate::model::{Expectation, Tolerance};
use crate::row::{Demand, Quantity, Row, Source};
use crate::units::format_quantity;

/// Whether one demand holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether the number is on the right side.
    pub passed: bool,
    /// The finding in one line, with the numbers.
    pub text: String,
}

/// The simulated row that a quantity names; queues before consumers before producers.
fn find<'r>(result: &'r ResultSet, quantity: &Quantity) -> Option<&'r Row> {
    simulated(&result.rows, quantity)
}

/// The simulated row that a quantity names, among rows.
pub fn simulated<'r>(rows: &'r [Row], quantity: &Quantity) -> Option<&'r Row> {
    let named = |row: &&Row| row.source == Source::Simulation && quantity.is_of(row);
    rows.iter().filter(named).min_by_key(|row| row.scope)
}

/// A number with its interval.
fn shown(row: &Row, value: f64) -> String {
    let number = format_quantity(value, row.unit);
    match row.half_width() {
        Some(half) => format!("{number} +- {}", format_quantity(half, row.unit)),
        None => number,
    }
}

fn missing(quantity: &Quantity, row: Option<&Row>) -> Verdict {
    let why = row.map_or("the result has no such number".to_string(), Row::how);
    Verdict { passed: false, text: format!("{quantity}: no value ({why})") }
}

/// Whether each target is met. A target is met with confidence when the whole interval is on
/// its good side; the point estimate decides, and the text says when the interval does not.
pub fn targets(targets: &[Demand], result: &ResultSet) -> Vec<Verdict> {
    targets.iter().map(|target| judge_target(target, result)).collect()
}

/// The demand as rows can judge it: one on the probability of a level that they do not hold by the quantile that
/// says the same.
pub fn judgeable(demand: &Demand, rows: &[Row]) -> Demand {
    if simulated(rows, &demand.quantity).is_some() { demand.clone() } else { demand.without_level() }
}

fn judge_target(asked: &Demand, result: &ResultSet) -> Verdict {
    let target = &judgeable(asked, &result.rows);
    let row = find(result, &target.quantity);
    let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else {
        return missing(&target.quantity, row);
    };
    let sides = [row.low.unwrap_or(value), row.high.unwrap_or(value)].map(|end| target.holds(end));
    let (passed, word) = match (target.holds(value), sides[0] == sides[1]) {
        (true, true) => (true, "met"),
        (true, false) => (true, "met, but the interval reaches beyond it"),
        (false, true) => (false, "missed"),
        (false, false) => (false, "missed, but the interval reaches it"),
    };
    let (sign, limit) = (target.inequality, format_quantity(target.bound, row.unit));
    let asked = if target == asked { String::new() } else { format!(" (asked as {asked})") };
    let text = format!("target {}: {} {sign} {limit}: {word}{asked}", target.quantity, shown(row, value));
    Verdict { passed, text }
}

/// Whether each expectation is reproduced.
pub fn expectations(expectations: &[Expectation], result: &ResultSet) -> Vec<Verdict> {
    expectations.iter().map(|e| judge_expectation(e, find(result, &e.quantity))).collect()
}

fn judge_expectation(expected: &Expectation, row: Option<&Row>) -> Verdict {
    let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else {
        return missing(&expected.quantity, row);
    };
    let allowed = match expected.tolerance {
        Tolerance::Relative(share) => share * expected.value.abs(),
        Tolerance::Absolute(amount) => amount,
        Tolerance::HalfWidths(n) => n * row.half_width().unwrap_or(0.0),
    };
    let off = value - expected.value;
    let passed = off.abs() <= allowed;
    let text = format!(
        "expect {}: {} against {}, off by {} of {} allowed: {}",
        expected.quantity,
        shown(row, value),
        format_quantity(expected.value, row.unit),
        format_quantity(off.abs(), row.unit),
        format_quantity(allowed, row.unit),
        if passed { "holds" } else { "BROKEN" }
    );
    Verdict { passed, text }
}
