//! The table a terminal shows: what was run, the numbers with theory beside them, what
//! became of the messages, what to know. Plain text without colour; the caller knows the
//! width of the terminal.

pub(super) mod comparison;
pub(super) mod drain;
mod grid;
pub(super) mod messages;
pub(super) mod ranking;
pub(super) mod sensitivity;
pub(super) mod size;
pub(super) mod sweep;

use self::grid::{Align, Grid, paragraph};
use super::distinct::distinct;
use super::facts::facts;
use super::numbers::number;
use super::view::{View, ViewColumn};
use crate::experiment::result::{Provenance, ResultSet};
use crate::row::{Metric, OF_A_QUEUE, Row, Scope, Statistic};

/// With more queues than this, the short table gives each queue one line.
const DETAILED_QUEUES: usize = 8;

/// The result as text, lines at most `width` characters where the numbers allow.
///
/// The short form shows for each queue the key rows only, and one line per queue when
/// there are more than eight; `verbose` shows every row. A value that was refused is `-`
/// with the reason in a footnote. `+0.4 hw` means: 0.4 half-widths above theory.
pub fn render(set: &ResultSet, width: u16, verbose: bool) -> String {
    let mut blocks = vec![heading(&set.provenance, width), drain::render(set, width)];
    if let Some(found) = &set.comparison {
        blocks.extend(comparison::blocks(set, found, width, verbose));
    } else if let Some(found) = &set.sensitivity {
        blocks.extend(sensitivity::blocks(set, found, width, verbose));
    } else if set.sizing.is_some() && !verbose {
        blocks.extend(size::blocks(set, width, verbose));
    } else if set.sizing.is_none() && sweep::is_sweep(set) {
        blocks.extend(sweep::blocks(set, width, verbose));
    } else {
        blocks.extend(size::blocks(set, width, verbose));
        let view = View::new(set, verbose);
        blocks.extend(sections(set, &view, width, verbose));
        blocks.push(footnotes(&view, width));
        blocks.push(messages::ledger(set, width));
        blocks.push(messages::lifecycle(&set.lifecycle, width));
    }
    let verdicts = set.verdicts.iter().map(|verdict| paragraph("", verdict, width));
    blocks.push(set.notes.iter().map(|n| paragraph("note:", n, width)).chain(verdicts).collect());
    blocks.retain(|b| !b.trim().is_empty());
    blocks.join("\n")
}

/// The model, and how the numbers came about.
fn heading(provenance: &Provenance, width: u16) -> String {
    let mut lines = vec![paragraph("", &provenance.model, width).trim_end().to_string(), String::new()];
    for fact in facts(provenance) {
        let line = lines.last_mut().expect("two lines are there from the start");
        let joined = if line.is_empty() { fact.clone() } else { format!("{line} · {fact}") };
        if joined.chars().count() > usize::from(width) && !line.is_empty() {
            lines.push(fact);
        } else {
            *line = joined;
        }
    }
    format!("{}\n", lines.join("\n"))
}

/// One text per entity, all with the same column widths.
fn sections(set: &ResultSet, view: &View, width: u16, verbose: bool) -> Vec<String> {
    let columns = view.columns(set.provenance.level);
    let widths = widths(view, &columns, width);
    let queues = view.sections.iter().filter(|s| s.scope == Scope::Queue).count();
    let short = !verbose && queues > DETAILED_QUEUES;
    let mut blocks = Vec::new();
    let mut digested = false;
    for section in &view.sections {
        if !(short && section.scope == Scope::Queue) {
            let rows = section.lines.iter().map(|l| columns.iter().map(|column| (column.cell)(l).clone()).collect());
            let mut rows = blank_repeats(rows.collect(), 0);
            if set.provenance.replications == 0 {
                let last = columns.len().saturating_sub(1);
                rows = blank_repeats(rows, last);
            }
            let table = grid(&columns, &widths).rows(rows);
            blocks.push(format!("{}\n{}", section.title, table.print()));
        } else if !digested {
            digested = true;
            blocks.push(digest(&set.rows, width));
        }
    }
    blocks
}

fn grid(columns: &[ViewColumn], widths: &[u16]) -> Grid {
    let align = columns.iter().map(|column| if column.is_number { Align::Right } else { Align::Left });
    Grid::new(columns.iter().map(|column| column.heading.clone()).collect(), align.collect()).fixed(widths)
}

/// Empties the cell of that column where it repeats the one above.
fn blank_repeats(mut rows: Vec<Vec<String>>, column: usize) -> Vec<Vec<String>> {
    for i in (1..rows.len()).rev() {
        if rows[i].get(column) == rows[i - 1].get(column) {
            rows[i].get_mut(column).into_iter().for_each(String::clear);
        }
    }
    rows
}

/// Widest cell per column; the last one gives way when the terminal is narrow.
fn widths(view: &View, columns: &[ViewColumn], width: u16) -> Vec<u16> {
    let widest = |column: &ViewColumn| {
        let cells = view.lines().map(|line| (column.cell)(line).chars().count());
        cells.chain([column.heading.chars().count()]).max().unwrap_or(0).min(60) as u16
    };
    let mut widths: Vec<u16> = columns.iter().map(widest).collect();
    if let Some((last, others)) = widths.split_last_mut() {
        let taken: u16 = others.iter().map(|w| w + grid::GAP).sum();
        *last = (*last).min(width.saturating_sub(taken).max(12));
    }
    widths
}

/// One line per queue.
fn digest(rows: &[Row], width: u16) -> String {
    let names = distinct(rows.iter().filter(|r| r.scope == Scope::Queue).map(|r| r.name.as_str()));
    let lines: Vec<Vec<String>> = names
        .iter()
        .map(|name| {
            let cells = OF_A_QUEUE.iter().map(|(metric, statistic)| digest_cell(rows, name, metric, *statistic));
            std::iter::once(name.to_string()).chain(cells).collect()
        })
        .collect();
    let heading = |(metric, statistic): &(Metric, Statistic)| match metric.usual() {
        Some(_) => metric.to_string(),
        None => format!("{metric} {statistic}"),
    };
    let header = std::iter::once("queue".to_string()).chain(OF_A_QUEUE.iter().map(heading)).collect();
    let align = std::iter::once(Align::Left).chain([Align::Right; OF_A_QUEUE.len()]).collect();
    format!("{} queues (verbose output has every row)\n{}", names.len(), {
        Grid::new(header, align).within(width).rows(lines).without_empty_columns().print()
    })
}

/// The first value of that quantity; simulated rows come before theory.
fn digest_cell(rows: &[Row], name: &str, metric: &Metric, statistic: Statistic) -> String {
    let same = |r: &&Row| {
        r.scope == Scope::Queue
            && r.name == name
            && r.class.is_none()
            && r.metric == *metric
            && r.statistic == statistic
    };
    match rows.iter().find(same) {
        Some(Row { value: None, .. }) => "-".into(),
        Some(row) => number(row).unwrap_or_default(),
        None => String::new(),
    }
}

fn footnotes(view: &View, width: u16) -> String {
    let numbered = view.footnotes.iter().enumerate();
    numbered.map(|(i, reason)| paragraph(&format!("[{}]", i + 1), reason, width)).collect()
}
