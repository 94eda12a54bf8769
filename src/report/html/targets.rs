//! The targets of the model: which are met, and how surely.

use super::rows::shown;
use super::sheet::{Cell, Sheet};
use crate::experiment::Standing;
use crate::experiment::result::ResultSet;
use crate::experiment::verdict::{self, Finding, Verdict};
use crate::report::sentences::verdict::standing;
use crate::row::{Demand, Inequality, Row};
use crate::units::format_quantity;
use maud::{Markup, html};

/// A target and what became of it.
pub(super) struct Judged<'s> {
    /// As it was written.
    written: &'s Demand,
    verdict: Verdict,
}

/// Every target and what became of it; of a study those that speak of more than its points.
pub(super) fn judged(set: &ResultSet) -> Vec<Judged<'_>> {
    let verdicts = verdict::targets(&set.targets, set);
    let judged = set.targets.iter().zip(verdicts).map(|(written, verdict)| Judged { written, verdict });
    judged.filter(|judged| set.points.is_empty() || judged.found().is_some()).collect()
}

impl Judged<'_> {
    /// On which side of the limit the whole interval is.
    pub(super) fn standing(&self) -> Standing {
        self.verdict.standing
    }

    /// The target as the rows can judge it, and the row.
    fn found(&self) -> Option<(&Demand, &Row)> {
        match &self.verdict.finding {
            Finding::Target { judged, row, .. } => Some((judged, row)),
            Finding::NoValue { .. } | Finding::Expectation { .. } => None,
        }
    }

    /// `orders.wait.p95`, and the probability that was written, where one was.
    fn subject(&self) -> String {
        let written = self.written;
        match self.found() {
            Some((judged, _)) if judged != written => format!("{} (asked as {written})", judged.quantity),
            _ => written.quantity.to_string(),
        }
    }

    fn limit(&self) -> String {
        let target = self.found().map_or(self.written, |found| found.0);
        let sign = match target.inequality {
            Inequality::Below => "<",
            Inequality::AtMost => "≤",
            Inequality::Above => ">",
            Inequality::AtLeast => "≥",
        };
        format!("{sign} {}", format_quantity(target.bound, target.unit()))
    }
}

/// The table, if there are targets.
pub(super) fn targets(set: &ResultSet) -> Option<Markup> {
    let judged = judged(set);
    let lines = judged.iter().map(|judged| {
        let estimate = judged.found().map_or("-".to_string(), |found| shown(found.1));
        let said = |mark: &str| format!("{mark} {}", standing(&judged.verdict));
        let verdict = match judged.standing() {
            Standing::Met => Cell::classed(said("✓"), "good"),
            Standing::Undecided => Cell::text(said("?")),
            Standing::Missed => Cell::classed(said("✗"), "bad"),
        };
        vec![Cell::head(judged.subject()), Cell::number(judged.limit()), Cell::number(estimate), verdict]
    });
    let lines: Vec<Vec<Cell>> = lines.collect();
    (!lines.is_empty()).then(|| {
        let level = set.provenance.level;
        let estimate = format!("simulated ({} %)", (level * 1000.0).round() / 10.0);
        let table = Sheet::new("Targets of the model", &["target", "limit", &estimate, "verdict"], lines);
        html! { (table.draw()) }
    })
}
