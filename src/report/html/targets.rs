//! The targets of the model: which are met, and how surely.

use super::rows::shown;
use super::sheet::{Cell, Sheet};
use crate::experiment::result::ResultSet;
use crate::experiment::verdict::judgeable;
use crate::row::{Demand, Inequality, Row, Source};
use crate::units::format_quantity;
use maud::{Markup, html};

/// How a number stands to its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The whole interval is on the good side.
    Met,
    /// The estimate is on the good side, its interval reaches beyond the limit.
    Nearly,
    /// The estimate is on the bad side, its interval reaches the limit.
    NearlyMissed,
    /// The whole interval is on the bad side.
    Missed,
    /// There is no such number.
    Unknown,
}

impl Standing {
    /// Whether the estimate is on the good side.
    pub(super) fn good(self) -> bool {
        matches!(self, Standing::Met | Standing::Nearly)
    }

    fn words(self) -> &'static str {
        match self {
            Standing::Met => "met",
            Standing::Nearly => "met, but the interval reaches beyond",
            Standing::NearlyMissed => "missed, but the interval reaches it",
            Standing::Missed => "missed",
            Standing::Unknown => "no value",
        }
    }
}

/// A target with its row and how it stands.
pub(super) struct Judged<'s> {
    /// As it was asked.
    demand: &'s Demand,
    /// As the rows can judge it.
    target: Demand,
    row: Option<&'s Row>,
    pub(super) standing: Standing,
}

/// Every target with its row and how it stands.
pub(super) fn judged(set: &ResultSet) -> Vec<Judged<'_>> {
    let judge = |demand| {
        let target = judgeable(demand, &set.rows);
        let rows = set.rows.iter().filter(|r| r.point.is_none() && r.source == Source::Simulation);
        let row = rows.filter(|r| target.quantity.is_of(r)).min_by_key(|r| r.scope);
        let standing = row.map_or(Standing::Unknown, |row| standing(&target, row));
        Judged { demand, target, row, standing }
    };
    set.targets.iter().map(judge).filter(|judged| set.points.is_empty() || judged.row.is_some()).collect()
}

fn standing(target: &Demand, row: &Row) -> Standing {
    let Some(value) = row.value else { return Standing::Unknown };
    let sure = target.holds(row.low.unwrap_or(value)) == target.holds(row.high.unwrap_or(value));
    match (target.holds(value), sure) {
        (true, true) => Standing::Met,
        (true, false) => Standing::Nearly,
        (false, false) => Standing::NearlyMissed,
        (false, true) => Standing::Missed,
    }
}

impl Judged<'_> {
    /// `orders.wait.p95`, and the probability that was asked for, where one was.
    fn subject(&self) -> String {
        let Judged { demand, target, .. } = self;
        let said = if *demand == target { String::new() } else { format!(" (asked as {demand})") };
        format!("{}{said}", target.quantity)
    }

    fn limit(&self) -> String {
        let sign = match self.target.inequality {
            Inequality::Below => "<",
            Inequality::AtMost => "≤",
            Inequality::Above => ">",
            Inequality::AtLeast => "≥",
        };
        format!("{sign} {}", format_quantity(self.target.bound, self.target.unit()))
    }
}

/// The table, if there are targets.
pub(super) fn targets(set: &ResultSet) -> Option<Markup> {
    let judged = judged(set);
    let lines = judged.iter().map(|judged| {
        let standing = judged.standing;
        let estimate = judged.row.map_or("-".to_string(), shown);
        let mark = if standing.good() { "✓" } else { "✗" };
        vec![
            Cell::head(judged.subject()),
            Cell::number(judged.limit()),
            Cell::number(estimate),
            Cell::classed(format!("{mark} {}", standing.words()), if standing.good() { "good" } else { "bad" }),
        ]
    });
    let lines: Vec<Vec<Cell>> = lines.collect();
    (!lines.is_empty()).then(|| {
        let level = set.provenance.level;
        let estimate = format!("simulated ({} %)", (level * 1000.0).round() / 10.0);
        let table = Sheet::new("Targets of the model", &["target", "limit", &estimate, "verdict"], lines);
        html! { (table.draw()) }
    })
}
