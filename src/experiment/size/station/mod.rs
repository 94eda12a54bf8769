//! Sizing a station in Kendall's notation: theory alone, at every candidate that the search looks at.

mod error;
mod free;
mod question;
mod report;

pub(crate) use error::Unanswered;
pub(crate) use free::Free;
pub(crate) use question::StationQuestion;

use crate::analytic::staffing::{largest, smallest};
use crate::experiment::result::ResultSet;
use report::report;

/// Finds the smallest number (or the largest rate) that meets the targets.
///
/// # Errors
///
/// Where the question makes no sense, or nothing meets the targets.
pub(crate) fn size(question: &StationQuestion) -> Result<ResultSet, Unanswered> {
    if let Some(why) = question.mistake() {
        return Err(why);
    }
    let meets = |x: f64| question.at(x).meets.then_some(0.0);
    let found = match question.free {
        Free::Rate => largest(start_rate(question), 0.0, meets),
        _ => smallest(question.first(), question.last(), 0.0, |n| meets(n as f64)).map(|n| n as f64),
    };
    match found {
        Some(x) => Ok(report(question, x)),
        None => Err(nothing(question)),
    }
}

/// Half of what the servers can do.
fn start_rate(question: &StationQuestion) -> f64 {
    0.5 * f64::from(question.station.c().unwrap_or(1)) / question.station.service.mean()
}

/// Why nothing was found.
fn nothing(question: &StationQuestion) -> Unanswered {
    let x = match question.free {
        Free::Rate => start_rate(question) * 1e-6,
        _ => question.last().min(question.first().saturating_mul(1 << 20)) as f64,
    };
    question.unanswered(x)
}
