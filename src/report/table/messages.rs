//! The two blocks about messages: where each one ended, and how they moved between states.

use super::grid::{Align, Grid, paragraph};
use crate::experiment::result::{Ledger, LifecycleReport, ResultSet, Transition};
use crate::report::distinct::distinct;
use crate::report::numbers::{count, percent, time};
use crate::row::{Metric, Scope};

/// The outcomes of a ledger, in the order of its equation.
pub(crate) fn outcomes(ledger: &Ledger) -> [(&'static str, u64); 8] {
    [
        ("acked", ledger.acked),
        ("dead_lettered", ledger.dead_lettered),
        ("expired", ledger.expired),
        ("dropped", ledger.dropped),
        ("refused", ledger.refused),
        ("unroutable", ledger.unroutable),
        ("lost", ledger.lost),
        ("in_flight", ledger.in_flight),
    ]
}

/// Whether every message is accounted for.
pub(crate) fn balance(ledger: &Ledger) -> String {
    let ended: u64 = outcomes(ledger).iter().map(|o| o.1).sum();
    if ledger.balances() {
        return format!("{} published, every one accounted for", count(ledger.published));
    }
    let off = ended.abs_diff(ledger.published);
    format!("{} published, {} ended: off by {}", count(ledger.published), count(ended), count(off))
}

/// Rows of the outcome table: outcome, messages, share of the published, share after warm-up.
pub(crate) fn outcome_rows(set: &ResultSet) -> Vec<Vec<String>> {
    let ledger = &set.ledger;
    let total = ledger.published.max(1) as f64;
    let rows = outcomes(ledger).into_iter().filter(|o| o.1 > 0 || set.lifecycle.outcomes.contains_key(o.0));
    rows.map(|(name, n)| {
        let share = format!("{:.3} %", 100.0 * n as f64 / total);
        let settled = set.lifecycle.outcomes.get(name).map_or(String::new(), percent);
        vec![name.to_string(), count(n), share, settled]
    })
    .collect()
}

/// Headings of [`outcome_rows`].
pub(crate) const OUTCOME_HEADER: [&str; 4] = ["outcome", "messages", "of all", "after warm-up"];

/// Rows of the state table: state, mean time per visit, next state, probability, count.
pub(crate) fn state_rows(report: &LifecycleReport) -> Vec<Vec<String>> {
    let states = distinct(report.transitions.iter().map(|t| t.from.as_str()));
    states.into_iter().flat_map(|state| exits(report, state)).collect()
}

/// Headings of [`state_rows`].
pub(crate) const STATE_HEADER: [&str; 5] = ["state", "time per visit", "next", "probability", "count"];

fn exits(report: &LifecycleReport, state: &str) -> Vec<Vec<String>> {
    let mean = report.times.iter().find(|t| t.state == state).and_then(|t| t.mean_s);
    let mean = mean.map_or(String::new(), |m| time(&m));
    let transitions: Vec<&Transition> = report.transitions.iter().filter(|t| t.from == state).collect();
    let row = |(i, t): (usize, &&Transition)| {
        let first = |text: &str| if i == 0 { text.to_string() } else { String::new() };
        vec![first(state), first(&mean), t.to.clone(), percent(&t.probability), count(t.count)]
    };
    transitions.iter().enumerate().map(row).collect()
}

/// The reliability, and beside it what is in flight, which it does not count.
pub(crate) fn reliability(set: &ResultSet) -> Option<String> {
    let share = percent(set.lifecycle.reliability.as_ref()?);
    let clients = set.rows.iter().any(|row| row.scope == Scope::Producer && row.metric == Metric::Reliability);
    let of = if clients { " of the requests that are over, abandoned ones included" } else { "" };
    let flying = match set.ledger.in_flight {
        0 => String::new(),
        n => format!(", {} in flight", count(n)),
    };
    Some(format!("{share}{of}{flying}"))
}

/// Where each message ended.
pub(super) fn ledger(set: &ResultSet, width: u16) -> String {
    let rows = outcome_rows(set);
    if rows.is_empty() {
        return String::new();
    }
    let header = OUTCOME_HEADER.map(String::from).to_vec();
    let align = vec![Align::Left, Align::Right, Align::Right, Align::Right];
    let table = Grid::new(header, align).within(width).rows(rows).without_empty_columns().print();
    let reliability = reliability(set).map_or(String::new(), |said| format!("; reliability {said}"));
    let said = format!("messages: {}{reliability}", balance(&set.ledger));
    format!("{}{table}", paragraph("", &said, width))
}

/// How messages moved between states, and how long they stayed.
pub(super) fn lifecycle(report: &LifecycleReport, width: u16) -> String {
    let rows = state_rows(report);
    if rows.is_empty() {
        return String::new();
    }
    let header = STATE_HEADER.map(String::from).to_vec();
    let align = vec![Align::Left, Align::Right, Align::Left, Align::Right, Align::Right];
    format!("message states\n{}", Grid::new(header, align).within(width).rows(rows).print())
}
