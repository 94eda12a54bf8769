//! Sizing a station in Kendall's notation: theory alone, at every candidate that the search looks at.

mod question;
mod report;

pub(crate) use question::{Free, StationQuestion};

use crate::analytic::plan::{NoPlan, RefusedMethod};
use crate::analytic::staffing::{largest, smallest};
use crate::experiment::result::ResultSet;
use crate::row::Demand;
use question::TheoryValue;
use report::report;

/// Why a station could not be sized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// The question makes no sense: why.
    Wrong(String),
    /// No value meets the targets: why.
    No(String),
}

/// Finds the smallest number (or the largest rate) that meets the targets.
///
/// # Errors
///
/// Where the question makes no sense, or nothing meets the targets.
pub(crate) fn size(question: &StationQuestion) -> Result<ResultSet, Unanswered> {
    if let Some(why) = question.mistake() {
        return Err(Unanswered::Wrong(why));
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
    let tried = question.at(x);
    let texts: Vec<String> = question.targets.iter().map(Demand::to_string).collect();
    let unknown = question.targets.iter().zip(&tried.values).find(|(_, value)| value.is_none());
    match (&tried.plan, unknown) {
        (Err(NoPlan::Unstable(_, why)), _) => Unanswered::No(format!("nothing meets {}: {why}", texts.join(" and "))),
        (Err(other), _) => Unanswered::Wrong(format!(
            "no method here solves {}:\n  {}",
            question.name,
            first_reasons(other).join("\n  ")
        )),
        (Ok(plan), Some((target, _))) => Unanswered::Wrong(format!(
            "no method here gives {} of {} ({}); write it as a model file, and simulation decides",
            target.quantity, question.name, plan
        )),
        (Ok(_), None) => {
            let said = |(target, value): (&Demand, &TheoryValue)| {
                let value = value.map(|v| crate::units::format_quantity(v.0, target.quantity.unit()));
                format!("{} is {}", target.quantity, value.unwrap_or_default())
            };
            let at: Vec<String> = question.targets.iter().zip(&tried.values).map(said).collect();
            let (noun, texts) = (question.noun(), texts.join(" and "));
            let reached = format!("with {} {noun} {}", x, at.join(", "));
            Unanswered::No(
                format!("no number of {noun} meets {texts}: {reached}").replace("number of arrival", "arrival"),
            )
        }
    }
}

/// The reasons that say most.
fn first_reasons(none: &NoPlan) -> Vec<String> {
    match none {
        NoPlan::Invalid(reasons) => reasons.clone(),
        NoPlan::Unstable(_, why) => vec![why.to_string()],
        NoPlan::Unknown(refused) => refused.iter().take(6).map(RefusedMethod::to_string).collect(),
    }
}
