//! Holds a result against what a model demands (`[targets]`) and against what it is known to
//! yield (`[expect]`).

use super::result::ResultSet;
use crate::model::{Expectation, Tolerance};
use crate::row::{Demand, Quantity, Row, Source, Statistic};

/// Whether one demand holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether the number is on the right side.
    pub passed: bool,
    /// What was found.
    pub finding: Finding,
}

/// What was found of a demand or an expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// There is no value: why, if the result knows the quantity.
    NoValue {
        /// The quantity.
        quantity: Quantity,
        /// How its row says it.
        why: Option<String>,
    },
    /// The number that a target speaks of.
    Target {
        /// The target as it is written.
        written: Demand,
        /// The target as the row can judge it.
        judged: Demand,
        /// The number.
        row: Row,
        /// Whether the whole interval is on its side of the bound.
        certain: bool,
    },
    /// The number that is expected.
    Expectation {
        /// What is expected.
        expected: Expectation,
        /// The number.
        row: Row,
        /// How far it is off.
        off: f64,
        /// How far it may be off.
        allowed: f64,
    },
}

/// The simulated row of no point that a quantity names; queues before consumers before producers.
fn find<'r>(result: &'r ResultSet, quantity: &Quantity) -> Option<&'r Row> {
    let named = |row: &&Row| row.point.is_none() && row.source == Source::Simulation && quantity.is_of(row);
    result.rows.iter().filter(named).min_by_key(|row| row.scope)
}

/// The simulated row that a quantity names, among rows.
pub fn simulated<'r>(rows: &'r [Row], quantity: &Quantity) -> Option<&'r Row> {
    let named = |row: &&Row| row.source == Source::Simulation && quantity.is_of(row);
    rows.iter().filter(named).min_by_key(|row| row.scope)
}

fn missing(quantity: &Quantity, row: Option<&Row>) -> Verdict {
    let finding = Finding::NoValue { quantity: quantity.clone(), why: row.map(|row| row.how().to_string()) };
    Verdict { passed: false, finding }
}

/// Whether each target is met. A target is met with confidence when the whole interval is on
/// its good side; the point estimate decides, and the finding says when the interval does not.
pub fn targets(targets: &[Demand], result: &ResultSet) -> Vec<Verdict> {
    targets.iter().map(|target| judge_target(target, result)).collect()
}

/// The demand as rows can judge it: one on the probability of a level that they do not hold by the quantile that
/// says the same.
pub fn judgeable(demand: &Demand, rows: &[Row]) -> Demand {
    if simulated(rows, &demand.quantity).is_some() { demand.clone() } else { demand.without_level() }
}

fn judge_target(written: &Demand, result: &ResultSet) -> Verdict {
    let target = &judgeable(written, &result.rows);
    let row = find(result, &target.quantity);
    let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else {
        return missing(&target.quantity, row);
    };
    let sides = [row.low.unwrap_or(value), row.high.unwrap_or(value)].map(|end| target.holds(end));
    let finding = Finding::Target {
        written: written.clone(),
        judged: target.clone(),
        row: row.clone(),
        certain: sides[0] == sides[1],
    };
    Verdict { passed: target.holds(value), finding }
}

/// Whether each expectation is reproduced.
pub fn expectations(expectations: &[Expectation], result: &ResultSet) -> Vec<Verdict> {
    expectations.iter().map(|e| judge_expectation(e, find(result, &e.quantity))).collect()
}

/// What a relative tolerance is a share of. Of a fraction it is the smaller part, since a reliability of 99.99 %
/// speaks of what is lost: the value, or what it lacks of 1.
fn yardstick(expected: &Expectation) -> f64 {
    match expected.quantity.statistic {
        Statistic::Fraction => expected.value.min(1.0 - expected.value).abs(),
        _ => expected.value.abs(),
    }
}

fn judge_expectation(expected: &Expectation, row: Option<&Row>) -> Verdict {
    let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else {
        return missing(&expected.quantity, row);
    };
    let allowed = match expected.tolerance {
        Tolerance::Relative(share) => share * yardstick(expected),
        Tolerance::Absolute(amount) => amount,
        Tolerance::HalfWidths(n) => n * row.half_width().unwrap_or(0.0),
    };
    let off = (value - expected.value).abs();
    let finding = Finding::Expectation { expected: expected.clone(), row: row.clone(), off, allowed };
    Verdict { passed: off <= allowed, finding }
}
