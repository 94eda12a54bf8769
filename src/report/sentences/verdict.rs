//! What became of a demand or an expectation, with the numbers in one line.

use crate::experiment::verdict::{Finding, Verdict};
use crate::experiment::{Judgement, Standing};
use crate::report::numbers::count;
use crate::row::Row;
use crate::units::format_quantity;
use std::fmt::{Display, Formatter, Result};

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.finding {
            Finding::NoValue { quantity, why } => {
                let why = why.as_deref().unwrap_or("the result has no such number");
                write!(f, "{quantity}: {} ({why})", standing(self))
            }
            Finding::Target { written, judged, row, judgement, messages } => {
                let word = standing(self);
                let (quantity, sign, limit) =
                    (&judged.quantity, judged.inequality, format_quantity(judged.bound, row.unit));
                let written = if judged == written { String::new() } else { format!(" (asked as {written})") };
                let more = more(judgement, row, Some(*messages));
                write!(f, "target {quantity}: {} {sign} {limit}: {word}{more}{written}", shown(row))
            }
            Finding::Expectation { expected, row, off, allowed, judgement } => write!(
                f,
                "expect {}: {} against {}, off by {} of {} allowed: {}{}",
                expected.quantity,
                shown(row),
                format_quantity(expected.value, row.unit),
                format_quantity(*off, row.unit),
                format_quantity(*allowed, row.unit),
                match self.standing {
                    Standing::Met => "holds",
                    Standing::Undecided => "undecided",
                    Standing::Missed => "BROKEN",
                },
                more(judgement, row, None)
            ),
        }
    }
}

/// How the number of a target stands to its bound.
pub(crate) fn standing(verdict: &Verdict) -> &'static str {
    match (&verdict.finding, verdict.standing) {
        (Finding::NoValue { .. }, Standing::Undecided) => "no value",
        (_, Standing::Met) => "met",
        (_, Standing::Undecided) => "undecided",
        (_, Standing::Missed) => "missed",
    }
}

/// Of what is undecided the interval that was judged, and what would tell: so many messages in all, or so many times as
/// many.
fn more(judged: &Judgement, row: &Row, messages: Option<u64>) -> String {
    if judged.standing != Standing::Undecided {
        return String::new();
    }
    let end = |end: f64| format_quantity(end, row.unit);
    let level = (judged.level * 1e4).round() / 1e2;
    let ends = match (judged.low, judged.high) {
        (Some(low), Some(high)) => format!(", {} to {} at {level} %", end(low), end(high)),
        (Some(low), None) => format!(", at least {} at {level} %", end(low)),
        (None, Some(high)) => format!(", at most {} at {level} %", end(high)),
        (None, None) => ", nothing bounds it".to_string(),
    };
    let enough = match (judged.longer, messages) {
        (Some(times), Some(messages)) if times > 1.0 => {
            format!("; about {} messages in all would tell", count(rounded(times * messages as f64)))
        }
        (Some(times), None) if times > 1.0 => {
            format!("; about {} times as many messages would tell", count(rounded(times)))
        }
        _ => "; a longer run would tell".to_string(),
    };
    format!("{ends}{enough}")
}

/// A number up to its second digit.
fn rounded(x: f64) -> u64 {
    let digit = 10f64.powf((x.log10().floor() - 1.0).max(0.0));
    ((x / digit).ceil() * digit) as u64
}

/// A number with its interval.
fn shown(row: &Row) -> String {
    let Some(value) = row.value else { return String::new() };
    let shown = |x: f64| format_quantity(x, row.unit);
    let even = |low: f64, high: f64| (high - value - (value - low)).abs() <= 0.1 * (high - low);
    match (row.low, row.high) {
        (Some(low), Some(high)) if even(low, high) => format!("{} +- {}", shown(value), shown((high - low) / 2.0)),
        (Some(low), Some(high)) if low == value => format!("{} (at most {})", shown(value), shown(high)),
        (Some(low), Some(high)) => format!("{} ({} to {})", shown(value), shown(low), shown(high)),
        _ => shown(value),
    }
}
