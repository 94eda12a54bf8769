//! The table of a sweep: the answer, then one line per point with its settings, how it went and the
//! main quantities, those of the targets first.

use super::grid::{Align, Grid, paragraph};
use crate::experiment::point::{Point, Status, paths};
use crate::experiment::result::ResultSet;
use crate::report::numbers::plus_minus;
use crate::report::sweep::Quantities;
use crate::row::{Metric, Row, Scope, Statistic};

/// Quantities in the short table.
const SHORT: usize = 4;

/// Headings and lines of the table.
pub(crate) struct Lines {
    /// Headings.
    pub header: Vec<String>,
    /// One per point.
    pub rows: Vec<Vec<String>>,
}

/// Whether a result is that of a sweep, which has a table of its own.
pub(crate) fn is_sweep(set: &ResultSet) -> bool {
    !set.points.is_empty() && set.sizing.is_none() && set.recovery.is_none() && set.comparison.is_none()
}

/// The blocks between the heading and the notes.
pub(super) fn blocks(set: &ResultSet, width: u16, verbose: bool) -> Vec<String> {
    let mut answer = String::new();
    if let Some(given) = &set.answer {
        answer += &paragraph("", &given.headline, width);
        given.details.iter().for_each(|detail| answer += &paragraph("", detail, width));
    }
    let Lines { header, rows } = lines(set, verbose);
    let align =
        header.iter().enumerate().map(|(i, _)| if i == 0 || !is_text(&rows, i) { Align::Right } else { Align::Left });
    let align = align.collect();
    let table = Grid::new(header, align).rows(rows).without_empty_columns().print();
    vec![answer, table, remarks(&set.points, width, verbose)]
}

/// Whether a column holds words.
fn is_text(rows: &[Vec<String>], column: usize) -> bool {
    rows.iter().any(|row| row[column].starts_with(|c: char| c.is_alphabetic() || c == '{'))
}

/// The table as texts; all main quantities if `verbose`.
pub(crate) fn lines(set: &ResultSet, verbose: bool) -> Lines {
    let quantities = Quantities::of(set);
    let shown: Vec<usize> = if verbose { (0..quantities.all.len()).collect() } else { short(set, &quantities) };
    let paths = paths(&set.points);
    let mut header = vec!["#".to_string(), "point".to_string()];
    header.extend(titles(&paths));
    header.push("status".to_string());
    header.extend(shown.iter().map(|&q| quantities.title(q)));
    let line = |point: &Point| {
        let mut cells = vec![point.index.to_string(), point.id.clone()];
        let setting = |path: &&str| point.setting(path).map_or(String::new(), |s| s.text().into_owned());
        cells.extend(paths.iter().map(setting));
        cells.push(status(point.status).to_string());
        cells.extend(shown.iter().map(|&q| cell(&quantities, point, q)));
        cells
    };
    Lines { header, rows: set.points.iter().map(line).collect() }
}

/// In the short table: what the targets speak of, the sojourn, load and wait of the busiest queue.
fn short(set: &ResultSet, quantities: &Quantities<'_>) -> Vec<usize> {
    let busiest = busiest(set);
    let telling = |&at: &usize| {
        let q = quantities.all[at];
        let tail = q.statistic == Statistic::Mean || q.statistic == Statistic::Quantile(0.99);
        let own = q.scope == Scope::Queue && Some(q.name.as_str()) == busiest;
        let sojourn = q.scope == Scope::System && q.metric == Metric::Sojourn && q.statistic == Statistic::Mean;
        at < quantities.wanted
            || sojourn
            || q.metric == Metric::Recovered
            || (own && tail && matches!(q.metric, Metric::Wait | Metric::Utilization))
    };
    (0..quantities.all.len()).filter(telling).take(quantities.wanted.max(SHORT)).collect()
}

/// The queue whose consumers are the busiest at some point.
fn busiest(set: &ResultSet) -> Option<&str> {
    let load = |row: &&Row| row.scope == Scope::Queue && row.metric == Metric::Utilization && row.value.is_some();
    let loads = set.rows.iter().filter(load);
    loads.max_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0))).map(|row| row.name.as_str())
}

fn cell(quantities: &Quantities<'_>, point: &Point, at: usize) -> String {
    match quantities.simulated(&point.id, at) {
        Some(row) => row.value.map_or("-".to_string(), |v| plus_minus(v, row.half_width(), row.unit)),
        None => String::new(),
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Unstable => "unstable",
        Status::Failed => "failed",
    }
}

/// The last two words of each path, or the whole where these are not unique.
fn titles(paths: &[&str]) -> Vec<String> {
    let short =
        |path: &str| path.rmatch_indices('.').nth(1).map_or(path.to_string(), |(at, _)| path[at + 1..].to_string());
    let shorts: Vec<String> = paths.iter().map(|path| short(path)).collect();
    let unique = |i: usize| shorts.iter().filter(|other| **other == shorts[i]).count() == 1;
    (0..paths.len()).map(|i| if unique(i) { shorts[i].clone() } else { paths[i].to_string() }).collect()
}

/// Remarks printed in the short form.
const REMARKS: usize = 8;

/// What to know about single points.
fn remarks(points: &[Point], width: u16, verbose: bool) -> String {
    let told: Vec<String> =
        points.iter().filter_map(|p| Some(format!("point {}: {}", p.index, p.message.as_ref()?))).collect();
    let shown = if verbose { told.len() } else { told.len().min(REMARKS) };
    let mut text: String = told[..shown].iter().map(|line| paragraph("", line, width)).collect();
    if shown < told.len() {
        text += &format!("... and {} more such points (verbose output has them all)\n", told.len() - shown);
    }
    text
}
