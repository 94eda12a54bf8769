//! Typed columns with gaps: what a table is made of, whatever form it is written in. Knows settings,
//! not rows.

use crate::experiment::point::{Point, Setting};
use crate::units::{parse_duration, parse_rate};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// A column with its name.
pub(super) struct TidyColumn<'a> {
    pub name: String,
    pub cells: Cells<'a>,
}

/// The cells of a column, top to bottom.
pub(super) enum Cells<'a> {
    Texts(Vec<Option<Cow<'a, str>>>),
    Numbers(Vec<Option<f64>>),
    Integers(Vec<Option<i64>>),
}

/// One cell.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum TidyCell<'c> {
    Text(Option<&'c str>),
    Number(Option<f64>),
    Integer(Option<i64>),
}

impl<'a> TidyColumn<'a> {
    pub(super) fn texts(name: &str, cells: impl Iterator<Item = Option<Cow<'a, str>>>) -> TidyColumn<'a> {
        TidyColumn { name: name.to_string(), cells: Cells::Texts(cells.collect()) }
    }

    pub(super) fn numbers(name: &str, cells: impl Iterator<Item = Option<f64>>) -> TidyColumn<'a> {
        TidyColumn { name: name.to_string(), cells: Cells::Numbers(cells.collect()) }
    }

    pub(super) fn integers(name: &str, cells: impl Iterator<Item = Option<i64>>) -> TidyColumn<'a> {
        TidyColumn { name: name.to_string(), cells: Cells::Integers(cells.collect()) }
    }

    pub(super) fn len(&self) -> usize {
        match &self.cells {
            Cells::Texts(cells) => cells.len(),
            Cells::Numbers(cells) => cells.len(),
            Cells::Integers(cells) => cells.len(),
        }
    }

    pub(super) fn cell(&self, line: usize) -> TidyCell<'_> {
        match &self.cells {
            Cells::Texts(cells) => TidyCell::Text(cells[line].as_deref()),
            Cells::Numbers(cells) => TidyCell::Number(cells[line]),
            Cells::Integers(cells) => TidyCell::Integer(cells[line]),
        }
    }
}

/// The columns that say which point a line speaks of; `lines` has a point per line.
pub(super) fn of_points<'a>(all: &'a [Point], lines: &[&'a Point]) -> Vec<TidyColumn<'a>> {
    let text = |of: fn(&Point) -> &str| lines.iter().map(move |p| Some(Cow::Borrowed(of(p)))).collect::<Vec<_>>();
    let mut columns = vec![
        TidyColumn::texts("point", text(|p| &p.id).into_iter()),
        TidyColumn::integers("index", lines.iter().map(|p| Some(i64::from(p.index)))),
        TidyColumn::texts("block", text(|p| &p.block).into_iter()),
    ];
    for path in paths(all) {
        columns.extend(of_path(path, all, lines));
    }
    columns.push(TidyColumn::texts("status", text(|p| status(p)).into_iter()));
    columns.push(TidyColumn::texts("message", lines.iter().map(|p| p.message.as_deref().map(Cow::Borrowed))));
    columns
}

/// The status in the words of the JSON.
pub(super) fn status(point: &Point) -> &'static str {
    use crate::experiment::Status;
    match point.status {
        Status::Ok => "ok",
        Status::Unstable => "unstable",
        Status::Failed => "failed",
    }
}

/// Every path that some point sets, in order of first mention.
pub(super) fn paths(points: &[Point]) -> Vec<&str> {
    let mut paths: Vec<&str> = Vec::new();
    for setting in points.iter().flat_map(|p| &p.settings) {
        if !paths.contains(&setting.path.as_str()) {
            paths.push(&setting.path);
        }
    }
    paths
}

fn value<'p>(point: &'p Point, path: &str) -> Option<&'p Value> {
    point.settings.iter().find(|s| s.path == path).map(|s| &s.value)
}

/// Reads a value as a number.
type TidyReader = fn(&Value) -> Option<f64>;

/// The column of a path, typed by all its values; quantities with units also as numbers.
fn of_path<'a>(path: &str, all: &'a [Point], lines: &[&'a Point]) -> Vec<TidyColumn<'a>> {
    let every = |is: fn(&Value) -> bool| all.iter().filter_map(|p| value(p, path)).all(is);
    if every(|v| v.is_i64()) {
        return vec![TidyColumn::integers(path, lines.iter().map(|p| value(p, path)?.as_i64()))];
    }
    if every(|v| v.is_number()) {
        return vec![TidyColumn::numbers(path, lines.iter().map(|p| value(p, path)?.as_f64()))];
    }
    let text = |p: &&'a Point| {
        let setting = p.settings.iter().find(|s| s.path == path)?;
        Some(setting.value.as_str().map_or_else(|| Cow::Owned(literal(setting)), Cow::Borrowed))
    };
    let mut columns = vec![TidyColumn::texts(path, lines.iter().map(text))];
    let kinds: [(&str, TidyReader); 2] = [
        ("s", |v| v.as_f64().or_else(|| parse_duration(v.as_str()?).ok())),
        ("1/s", |v| v.as_f64().or_else(|| parse_rate(v.as_str()?).ok())),
    ];
    for (unit, read) in kinds {
        if all.iter().filter_map(|p| value(p, path)).all(|v| read(v).is_some()) {
            let cells = lines.iter().map(|p| read(value(p, path)?));
            columns.push(TidyColumn::numbers(&format!("{path} [{unit}]"), cells));
            break;
        }
    }
    columns
}

/// A setting's value as a person writes it.
pub(crate) fn literal(setting: &Setting) -> String {
    setting.value.as_str().map_or_else(|| setting.value.to_string(), str::to_string)
}
