//! Typed columns with gaps: what a table is made of, whatever form it is written in.

use crate::experiment::point::{Point, Setting, common_unit, paths};
use serde::Serialize;
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

/// The column of a path, typed by all its values; quantities with units also as numbers.
fn of_path<'a>(path: &str, all: &'a [Point], lines: &[&'a Point]) -> Vec<TidyColumn<'a>> {
    let every = |is: fn(&Setting) -> bool| all.iter().filter_map(|p| p.setting(path)).all(is);
    let number = |p: &&'a Point| Some(p.setting(path)?.number()?.0);
    if every(|setting| setting.value.is_i64()) {
        return vec![TidyColumn::integers(path, lines.iter().map(|p| p.setting(path)?.value.as_i64()))];
    }
    if every(|setting| setting.value.is_number()) {
        return vec![TidyColumn::numbers(path, lines.iter().map(number))];
    }
    let mut columns = vec![TidyColumn::texts(path, lines.iter().map(|p| Some(p.setting(path)?.text())))];
    if let Some(unit) = common_unit(all, path) {
        columns.push(TidyColumn::numbers(&format!("{path} [{unit}]"), lines.iter().map(number)));
    }
    columns
}
