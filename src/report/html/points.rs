//! The settings of a study, one line each, with their most telling numbers.

use super::rows::shown;
use super::sheet::{Cell, Sheet};
use crate::experiment::point::{Status, paths};
use crate::experiment::result::ResultSet;
use crate::experiment::verdict::judgeable;
use crate::row::{Row, RowNames, Source, busiest, telling};
use maud::{Markup, html};
use std::collections::HashMap;

/// Most columns of numbers.
const COLUMNS: usize = 6;

/// The table, if the result has points.
pub(super) fn points(set: &ResultSet) -> Option<Markup> {
    if set.points.is_empty() {
        return None;
    }
    let columns = columns(set);
    let numbers = numbers(set, &columns);
    let paths = paths(&set.points);
    let blocks = set.points.iter().any(|p| p.block != set.points[0].block);
    let messages = set.points.iter().any(|p| p.message.is_some());
    let names_of = RowNames::of(&set.rows);
    let heads: Vec<String> = columns.iter().map(|row| names_of.quantity(row).to_string()).collect();
    let mut names = vec!["#"];
    names.extend(blocks.then_some("block"));
    names.extend(paths.iter().copied());
    names.push("status");
    names.extend(heads.iter().map(String::as_str));
    names.extend(messages.then_some("message"));
    let lines = set.points.iter().map(|point| {
        let mut line = vec![Cell::head((point.index + 1).to_string())];
        line.extend(blocks.then(|| Cell::text(&point.block)));
        line.extend(
            paths.iter().map(|path| Cell::number(point.setting(path).map_or(String::new(), |s| s.text().into_owned()))),
        );
        line.push(status(point.status));
        let found = numbers.get(point.id.as_str());
        line.extend((0..columns.len()).map(|i| Cell::number(found.and_then(|f| f[i]).map_or(String::new(), shown))));
        line.extend(messages.then(|| Cell::classed(point.message.clone().unwrap_or_default(), "long")));
        line
    });
    let caption = format!("{} settings and their main numbers", set.points.len());
    let sheet = Sheet::new(&caption, &names, lines.collect());
    Some(html! {
        div.points { (sheet.draw()) }
        p.small { "Every number of every setting is in the table of the results folder." }
    })
}

fn status(status: Status) -> Cell {
    match status {
        Status::Ok => Cell::text("ok"),
        Status::Unstable => Cell::classed("unstable", "bad"),
        Status::Failed => Cell::classed("failed", "bad"),
    }
}

/// What the points are judged by: the targets first, then what speaks for a whole result.
fn columns(set: &ResultSet) -> Vec<&Row> {
    let Some(first) = set.points.iter().find(|p| set.rows.iter().any(|r| r.point.as_ref() == Some(&p.id))) else {
        return Vec::new();
    };
    let rows: Vec<&Row> = set.rows.iter().filter(|r| r.point.as_ref() == Some(&first.id)).collect();
    let wanted = set.targets.iter().filter_map(|target| {
        let target = judgeable(target, &set.rows);
        let simulated = rows.iter().filter(|row| row.source == Source::Simulation);
        simulated.filter(|row| target.quantity.is_of(row)).min_by_key(|row| row.scope).copied()
    });
    let rest = telling(&rows, busiest(set.rows.iter()).unwrap_or_default());
    let mut columns: Vec<&Row> = Vec::new();
    for row in wanted.chain(rest) {
        if columns.len() < COLUMNS && !columns.iter().any(|known| known.same_quantity(row)) {
            columns.push(row);
        }
    }
    columns
}

/// The rows of every point, by column; simulation before theory.
fn numbers<'s>(set: &'s ResultSet, columns: &[&Row]) -> HashMap<&'s str, Vec<Option<&'s Row>>> {
    let mut found: HashMap<&str, Vec<Option<&Row>>> = HashMap::new();
    for row in &set.rows {
        let (Some(point), Some(i)) = (row.point.as_deref(), columns.iter().position(|c| c.same_quantity(row))) else {
            continue;
        };
        let place = &mut found.entry(point).or_insert_with(|| vec![None; columns.len()])[i];
        if place.is_none_or(|known| known.source != Source::Simulation && row.source == Source::Simulation) {
            *place = Some(row);
        }
    }
    found
}
