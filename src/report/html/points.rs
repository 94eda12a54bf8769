//! The settings of a study, one line each, with their most telling numbers.

use super::rows::shown;
use super::sheet::{Cell, Sheet};
use crate::experiment::point::{Status, paths};
use crate::experiment::result::ResultSet;
use crate::report::sweep::Quantities;
use maud::{Markup, html};

/// Most columns of numbers.
const COLUMNS: usize = 6;

/// The table, if the result has points.
pub(super) fn points(set: &ResultSet) -> Option<Markup> {
    if set.points.is_empty() {
        return None;
    }
    let quantities = Quantities::of(set);
    let columns = quantities.short(set, COLUMNS);
    let paths = paths(&set.points);
    let blocks = set.points.iter().any(|p| p.block != set.points[0].block);
    let messages = set.points.iter().any(|p| p.message.is_some());
    let heads: Vec<String> = columns.iter().map(|&at| quantities.title(at)).collect();
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
        let row = |&at: &usize| quantities.simulated(&point.id, at).or(quantities.theory(&point.id, at));
        line.extend(columns.iter().map(|at| Cell::number(row(at).map_or(String::new(), shown))));
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
