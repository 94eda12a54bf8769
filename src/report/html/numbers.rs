//! The rows of a result as tables, theory beside simulation; what became of the messages; notes.

use super::sentence::sentence;
use super::sheet::{Cell, Sheet};
use crate::experiment::result::{ResultSet, TheoryCheck};
use crate::report::table::messages;
use crate::report::view::View;
use maud::{Markup, html};
use std::collections::HashMap;

/// More lines than this are a second table that opens on demand.
const SHOWN: usize = 60;
/// More lines than this of single points are left to the table of settings and to the files.
const MANY: usize = 600;

/// The result as tables shall show it: with all its rows, or, where the points of a study have too
/// many, with those that belong to no point.
fn readable(set: &ResultSet) -> ResultSet {
    if set.rows.len() <= MANY {
        return set.clone();
    }
    let mut place = HashMap::new();
    let mut rows = Vec::new();
    for (i, row) in set.rows.iter().enumerate().filter(|(_, r)| r.point.is_none()) {
        place.insert(i, rows.len());
        rows.push(row.clone());
    }
    let moved = |c: &TheoryCheck| {
        Some(TheoryCheck { simulated: *place.get(&c.simulated)?, theory: *place.get(&c.theory)?, ..c.clone() })
    };
    let validation = set.validation.iter().filter_map(moved).collect();
    ResultSet { provenance: set.provenance.clone(), rows, validation, ..ResultSet::default() }
}

/// The key rows, and every row behind a fold.
pub(super) fn numbers(set: &ResultSet) -> Option<Markup> {
    let set = readable(set);
    let (key, all) = (View::new(&set, false), View::new(&set, true));
    let count = all.lines().count();
    if count == 0 {
        return None;
    }
    let (first, rest) = if count <= SHOWN { (&all, None) } else { (&key, Some(&all)) };
    let level = set.provenance.level;
    Some(html! {
        (table(if rest.is_some() { "Main numbers" } else { "All numbers" }, first, level))
        @if let Some(rest) = rest {
            details {
                summary { "Every number (" (count) " lines)" }
                (table("Every number", rest, level))
            }
        }
    })
}

fn table(caption: &str, view: &View, level: f64) -> Markup {
    let columns = view.columns(level);
    let mut names = vec!["entity"];
    names.extend(columns.iter().map(|column| column.heading.as_str()));
    let lines = view.sections.iter().flat_map(|section| section.lines.iter().map(move |line| (section, line)));
    let lines = lines.map(|(section, line)| {
        let cells = columns.iter().map(|column| {
            let text = (column.cell)(line).clone();
            if column.is_number { Cell::number(text) } else { Cell::text(text) }
        });
        std::iter::once(Cell::head(&section.title)).chain(cells).collect()
    });
    let sheet = Sheet::new(caption, &names, lines.collect());
    let differs = view.lines().any(|line| !line.difference.is_empty());
    html! {
        (sheet.draw())
        @if differs {
            p.small {
                "Difference: simulation minus theory, in half-widths of the interval; within ±1 the theory lies in it."
            }
        }
        @if !view.footnotes.is_empty() {
            ol.footnotes { @for reason in &view.footnotes { li { (reason) } } }
        }
    }
}

/// Where messages ended, and how they moved between states.
pub(super) fn messages(set: &ResultSet) -> Option<Markup> {
    let outcomes = messages::outcome_rows(set);
    let states = messages::state_rows(&set.lifecycle);
    if outcomes.is_empty() || set.ledger.published == 0 {
        return None;
    }
    let reliability = messages::reliability(set);
    Some(html! {
        p {
            (messages::balance(&set.ledger)) "."
            @if let Some(share) = reliability { " Reliability: " (share) "." }
        }
        (plain("Outcomes", &messages::OUTCOME_HEADER, outcomes))
        @if !states.is_empty() {
            details {
                summary { "States of a message (" (states.len()) " transitions)" }
                (plain("States of a message", &messages::STATE_HEADER, states))
            }
        }
    })
}

fn plain(caption: &str, columns: &[&str], lines: Vec<Vec<String>>) -> Markup {
    let cell = |(i, text): (usize, String)| match i {
        0 => Cell::head(text),
        _ => Cell::number(text),
    };
    let lines = lines.into_iter().map(|line| line.into_iter().enumerate().map(cell).collect()).collect();
    Sheet::new(caption, columns, lines).draw()
}

/// What to know.
pub(super) fn notes(set: &ResultSet) -> Option<Markup> {
    let notes = &set.notes;
    (!notes.is_empty()).then(|| html! { ul { @for note in notes { li dir="auto" { (sentence(note)) } } } })
}
