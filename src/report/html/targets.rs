//! The targets of the model: which are met, and how surely.

use super::rows::{shown, whole};
use super::sheet::{Cell, Sheet};
use crate::experiment::point::Goal;
use crate::experiment::result::ResultSet;
use crate::row::Row;
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

/// Every goal with its row and how it stands.
pub(super) fn judged(set: &ResultSet) -> Vec<(&Goal, Option<&Row>, Standing)> {
    set.goals
        .iter()
        .filter(|goal| set.points.is_empty() || row_of(set, goal).is_some())
        .map(|goal| {
            let row = row_of(set, goal);
            (goal, row, row.map_or(Standing::Unknown, |row| standing(goal, row)))
        })
        .collect()
}

fn row_of<'s>(set: &'s ResultSet, goal: &Goal) -> Option<&'s Row> {
    whole(set).filter(|r| goal.speaks_of(r)).min_by_key(|r| r.scope)
}

fn standing(goal: &Goal, row: &Row) -> Standing {
    let Some(value) = row.value else { return Standing::Unknown };
    let good = |x: f64| goal.is_met_by(x);
    let sure = good(row.low.unwrap_or(value)) == good(row.high.unwrap_or(value));
    match (good(value), sure) {
        (true, true) => Standing::Met,
        (true, false) => Standing::Nearly,
        (false, false) => Standing::NearlyMissed,
        (false, true) => Standing::Missed,
    }
}

/// `orders.wait.p95`, and the probability that was asked for, where one was.
fn subject(goal: &Goal) -> String {
    let asked = goal.asked.as_ref().map_or(String::new(), |asked| format!(" (asked as {asked})"));
    format!("{}.{}.{}{asked}", goal.name, goal.metric, goal.statistic)
}

/// The table, if there are targets.
pub(super) fn targets(set: &ResultSet) -> Option<Markup> {
    let judged = judged(set);
    let lines = judged.iter().map(|(goal, row, standing)| {
        let estimate = row.map_or("-".to_string(), shown);
        let mark = if standing.good() { "✓" } else { "✗" };
        vec![
            Cell::head(subject(goal)),
            Cell::number(format!("{} {}", goal.sign(), format_quantity(goal.value, goal.unit))),
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
