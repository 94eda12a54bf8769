//! Holds a result against what a model demands (`[targets]`) and against what it is known to
//! yield (`[expect]`).

use super::judgement::{Judgement, KnownNumber, Standing, allowed};
use super::result::{ResultSet, StopReason};
use crate::model::Expectation;
use crate::row::{Demand, NoValue, Quantity, Row, Source};

/// Whether one demand holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether the number is on the right side, as far as its interval tells.
    pub standing: Standing,
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
        /// What its interval says.
        judgement: Judgement,
        /// Messages of the run.
        messages: u64,
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
        /// What its interval says.
        judgement: Judgement,
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

/// Whether each target is met, by the whole interval: as it was judged when the run ended, else by the interval of its row.
pub fn targets(targets: &[Demand], result: &ResultSet) -> Vec<Verdict> {
    let judged = |i: usize| result.judgements.get(i).copied();
    targets.iter().enumerate().map(|(i, target)| judge_target(target, judged(i), result)).collect()
}

/// The demand as rows can judge it: one on the probability of a level that they do not hold by the quantile that
/// says the same.
pub fn judgeable(demand: &Demand, rows: &[Row]) -> Demand {
    if simulated(rows, &demand.quantity).is_some() { demand.clone() } else { demand.without_level() }
}

/// Whether nothing is random in a result.
fn is_fixed(result: &ResultSet) -> bool {
    result.provenance.stop_reason == StopReason::Deterministic
}

fn missing(quantity: &Quantity, row: Option<&Row>, standing: Standing) -> Verdict {
    let finding = Finding::NoValue { quantity: quantity.clone(), why: row.map(|row| row.how().to_string()) };
    Verdict { standing, finding }
}

fn judge_target(written: &Demand, judged: Option<Judgement>, result: &ResultSet) -> Verdict {
    let target = &judgeable(written, &result.rows);
    let row = find(result, &target.quantity);
    let by_row = || {
        let level = row.and_then(|row| row.level).unwrap_or(result.provenance.level);
        Judgement::of_target(target, row.and_then(|row| KnownNumber::of(row, is_fixed(result))), level)
    };
    let judgement = judged.unwrap_or_else(by_row);
    let Some(row) = row.filter(|row| row.value.is_some()) else {
        return missing(&target.quantity, row, judgement.standing);
    };
    let messages = result.provenance.messages;
    let finding =
        Finding::Target { written: written.clone(), judged: target.clone(), row: row.clone(), judgement, messages };
    Verdict { standing: judgement.standing, finding }
}

/// Whether each expectation is reproduced.
pub fn expectations(expectations: &[Expectation], result: &ResultSet) -> Vec<Verdict> {
    let judged = |i: usize| result.expected.get(i).copied();
    expectations.iter().enumerate().map(|(i, e)| judge_expectation(e, judged(i), result)).collect()
}

fn judge_expectation(expected: &Expectation, judged: Option<Judgement>, result: &ResultSet) -> Verdict {
    let row = find(result, &expected.quantity);
    let by_row = || Judgement::of_expectation(expected, row, is_fixed(result), result.provenance.level);
    let judgement = judged.unwrap_or_else(by_row);
    let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else {
        let refused = row.is_some_and(|row| row.refusal != Some(NoValue::NoData));
        return missing(&expected.quantity, row, if refused { judgement.standing } else { Standing::Missed });
    };
    let (off, allowed) = ((value - expected.value).abs(), allowed(expected, row));
    let finding = Finding::Expectation { expected: expected.clone(), row: row.clone(), off, allowed, judgement };
    Verdict { standing: judgement.standing, finding }
}
