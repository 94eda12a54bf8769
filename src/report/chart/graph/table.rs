//! The numbers behind a graph: every point, drawn or not.

use crate::report::chart::Table;
use crate::report::chart::forms::{Graph, Scale};
use crate::report::chart::say::{cell, column};

/// One line per point; a second axis has columns of its own.
pub(super) fn table(graph: &Graph) -> Table {
    let mut columns = vec!["series".to_string(), column(&graph.x.title, graph.x.unit)];
    columns.extend(names(&graph.y));
    columns.extend(graph.right.iter().flat_map(names));
    columns.push("note".to_string());
    let lines = graph.series.iter().flat_map(|series| {
        series.dots.iter().map(move |dot| {
            let numbers = [Some(dot.y), dot.interval.map(|i| i.0), dot.interval.map(|i| i.1)].map(cell);
            let empty = [const { String::new() }; 3];
            let mut line = vec![series.label.clone(), cell(Some(dot.x))];
            match (&graph.right, series.right) {
                (None, _) => line.extend(numbers),
                (Some(_), false) => line.extend(numbers.into_iter().chain(empty)),
                (Some(_), true) => line.extend(empty.into_iter().chain(numbers)),
            }
            line.push(dot.note.clone());
            line
        })
    });
    let lines = lines.collect();
    Table { columns, lines }
}

fn names(scale: &Scale) -> [String; 3] {
    let part = |what: &str| column(&format!("{}{what}", scale.title), scale.unit);
    [part(""), part(" low"), part(" high")]
}
