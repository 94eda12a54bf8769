//! The table of a sweep: the answer, then one line per point with its settings, how it went and the
//! main quantities, those of the targets first.

use super::grid::{Align, Grid, paragraph};
use crate::experiment::point::{Point, Status, paths};
use crate::experiment::result::ResultSet;
use crate::report::numbers::number;
use crate::report::sweep::Quantities;

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
    let other = set.sizing.is_some() || set.recovery.is_some() || set.comparison.is_some() || set.sensitivity.is_some();
    !set.points.is_empty() && !other
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
    let shown: Vec<usize> = if verbose { (0..quantities.all.len()).collect() } else { quantities.short(set, SHORT) };
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

fn cell(quantities: &Quantities<'_>, point: &Point, at: usize) -> String {
    match quantities.shown(&point.id, at) {
        Some(row) => number(row).unwrap_or("-".to_string()),
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
    let lines: Vec<String> =
        points.iter().filter_map(|p| Some(format!("point {}: {}", p.index, p.message.as_ref()?))).collect();
    let shown = if verbose { lines.len() } else { lines.len().min(REMARKS) };
    let mut text: String = lines[..shown].iter().map(|line| paragraph("", line, width)).collect();
    if shown < lines.len() {
        text += &format!("... and {} more such points (verbose output has them all)\n", lines.len() - shown);
    }
    text
}
