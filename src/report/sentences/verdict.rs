//! What became of a demand or an expectation, with the numbers in one line.

use crate::experiment::verdict::{Finding, Verdict};
use crate::row::Row;
use crate::units::format_quantity;
use std::fmt::{Display, Formatter, Result};

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let passed = self.passed;
        match &self.finding {
            Finding::NoValue { quantity, why } => {
                write!(f, "{quantity}: no value ({})", why.as_deref().unwrap_or("the result has no such number"))
            }
            Finding::Target { written, judged, row, .. } => {
                let word = standing(self);
                let (quantity, sign, limit) =
                    (&judged.quantity, judged.inequality, format_quantity(judged.bound, row.unit));
                let written = if judged == written { String::new() } else { format!(" (asked as {written})") };
                write!(f, "target {quantity}: {} {sign} {limit}: {word}{written}", shown(row))
            }
            Finding::Expectation { expected, row, off, allowed } => write!(
                f,
                "expect {}: {} against {}, off by {} of {} allowed: {}",
                expected.quantity,
                shown(row),
                format_quantity(expected.value, row.unit),
                format_quantity(*off, row.unit),
                format_quantity(*allowed, row.unit),
                if passed { "holds" } else { "BROKEN" }
            ),
        }
    }
}

/// How the number of a target stands to its bound.
pub(crate) fn standing(verdict: &Verdict) -> &'static str {
    match (&verdict.finding, verdict.passed) {
        (Finding::NoValue { .. }, _) => "no value",
        (Finding::Target { certain: false, .. }, true) => "met, but the interval reaches beyond it",
        (Finding::Target { certain: false, .. }, false) => "missed, but the interval reaches it",
        (_, true) => "met",
        (_, false) => "missed",
    }
}

/// A number with its interval.
fn shown(row: &Row) -> String {
    let number = row.value.map_or(String::new(), |value| format_quantity(value, row.unit));
    match row.half_width() {
        Some(half) => format!("{number} +- {}", format_quantity(half, row.unit)),
        None => number,
    }
}
