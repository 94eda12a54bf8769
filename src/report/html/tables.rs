//! The tables of a sizing, a recovery and a comparison: what was tried and how it stands. The cells are
//! those of the terminal.

use super::sheet::{Cell, Sheet};
use crate::experiment::comparison::{Comparison, Difference, GateVerdict};
use crate::experiment::drain::Recovery;
use crate::experiment::result::ResultSet;
use crate::experiment::size::Sizing;
use crate::report::table::{comparison, drain, size};
use maud::{Markup, html};

/// What was tried on the way to the smallest system.
pub(super) fn candidates(set: &ResultSet) -> Option<Markup> {
    let sizing = set.sizing.as_ref()?;
    let (short, all) = (tried(sizing, false), tried(sizing, true));
    Some(html! {
        (short.draw())
        p.small { (legend(sizing)) }
        @if all != short {
            details {
                summary { "Every candidate (" (sizing.candidates.len()) ")" }
                (all.draw())
            }
        }
    })
}

fn tried(sizing: &Sizing, all: bool) -> Sheet {
    let (header, rows) = size::table(sizing, all);
    sheet("Candidates", &header, rows, |column, text| match (column, text.as_str()) {
        ("verdict", "met") => Cell::classed("✓ met", "good"),
        ("verdict", "undecided") => Cell::text("? undecided"),
        ("verdict", _) => Cell::classed(format!("✗ {text}"), "bad"),
        ("", _) => Cell::head(text.replace("=>", "→")),
        _ => Cell::number(text),
    })
}

fn legend(sizing: &Sizing) -> String {
    let level = crate::units::four_digits(100.0 * sizing.level);
    let level = level.trim_end_matches('0').trim_end_matches('.');
    let front = if sizing.front.is_empty() { "" } else { " * on the front: nothing is both cheaper and better." };
    format!("→ the answer.{front} Each decision is taken at {level} % confidence; n counts replications.")
}

/// What other sizes would do to a recovery.
pub(super) fn remedies(set: &ResultSet) -> Option<Markup> {
    let recovery: &Recovery = set.recovery.as_ref().filter(|r| !r.remedies.is_empty())?;
    let rows = drain::remedy_rows(recovery);
    let table = sheet("Time until the backlog is gone", &drain::header(recovery), rows, |column, text| match column {
        "" => Cell::text(text),
        _ => Cell::number(text),
    });
    Some(table.draw())
}

/// The checks of a gate, and the differences of two models.
pub(super) fn differences(set: &ResultSet) -> Option<Markup> {
    let found = set.comparison.as_ref()?;
    let key = |d: &Difference| !d.headline && comparison::is_key(d);
    let (headline, beside) =
        (differing(found, "Main quantities", |d| d.headline), differing(found, "Beside them", key));
    let sides = found.sides.iter().map(|side| (&side.label, comparison::described(side)));
    Some(html! {
        ul { @for (label, text) in sides { li dir="auto" { strong { (label) } ": " (text) } } }
        @if !found.checks.is_empty() { (checks(found).draw()) }
        @for sheet in [headline, beside].into_iter().flatten() { (sheet.draw()) }
        p.small {
            "Differences are taken pair by pair over " (found.pairs) " pairs of replications with the same random \
             numbers; pairing tells how much narrower that makes the intervals."
        }
    })
}

fn checks(found: &Comparison) -> Sheet {
    let header = comparison::CHECK_HEADER.map(|name| if name.is_empty() { "verdict" } else { name }.to_string());
    let rows = comparison::check_rows(found, word);
    sheet("Checks", &header, rows, |column, text| match (column, text.chars().next()) {
        ("verdict", Some('✓')) => Cell::classed(text, "good"),
        ("verdict", Some('✗')) => Cell::classed(text, "bad"),
        ("verdict", _) => Cell::text(text),
        ("check", _) => Cell::head(text),
        _ => Cell::number(text),
    })
}

fn word(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Passed => "✓ passed",
        GateVerdict::Failed => "✗ failed",
        GateVerdict::Undecided => "? undecided",
    }
}

fn differing(found: &Comparison, caption: &str, wanted: impl Fn(&Difference) -> bool) -> Option<Sheet> {
    let wanted = found.differences.iter().filter(|d| wanted(d));
    let rows: Vec<Vec<String>> = wanted.map(|d| comparison::difference_row(d, comparison::named(d))).collect();
    let draw = |column: &str, text: String| match column {
        "quantity" => Cell::head(text),
        "better" => Cell::text(text),
        _ => Cell::number(text),
    };
    (!rows.is_empty()).then(|| sheet(caption, &comparison::difference_header(found), rows, draw))
}

/// A table without the columns that are empty; each cell is made from its heading and text.
fn sheet(caption: &str, header: &[String], rows: Vec<Vec<String>>, cell: impl Fn(&str, String) -> Cell) -> Sheet {
    let filled: Vec<usize> =
        (0..header.len()).filter(|i| rows.iter().any(|row| row.get(*i).is_some_and(|text| !text.is_empty()))).collect();
    let plain: Vec<String> = header.iter().map(|name| name.replace('`', "")).collect();
    let names: Vec<&str> = filled.iter().map(|i| plain[*i].as_str()).collect();
    let line = |row: Vec<String>| filled.iter().map(|i| cell(&header[*i], row[*i].clone())).collect();
    Sheet::new(caption, &names, rows.into_iter().map(line).collect())
}
