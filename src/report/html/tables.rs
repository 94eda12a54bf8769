//! The tables of a sizing, a recovery and a comparison: what was tried and how it stands. The cells are
//! those of the terminal.

use super::sheet::{Cell, Sheet};
use crate::experiment::comparison::{Comparison, Difference, GateCheck, GateVerdict, Rank, Ranked, Ranking};
use crate::experiment::drain::Recovery;
use crate::experiment::judgement::Standing;
use crate::experiment::result::ResultSet;
use crate::experiment::size::Sizing;
use crate::report::table::size::SizeColumn;
use crate::report::table::{comparison, drain, ranking, sensitivity, size};
use crate::row::Quantity;
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
    let line = |(i, row): (usize, Vec<String>)| {
        let verdict = sizing.candidates[i].verdict;
        let cell = |(place, text)| candidate_cell(SizeColumn::of(place, header.len()), verdict, text);
        row.into_iter().enumerate().map(cell).collect()
    };
    let lines = size::shown(sizing, all).into_iter().zip(rows).map(line).collect();
    sheet("Candidates", &header, lines)
}

fn candidate_cell(column: SizeColumn, verdict: Standing, text: String) -> Cell {
    match (column, verdict) {
        (SizeColumn::Mark, _) => Cell::head(text.replace("=>", "→")),
        (SizeColumn::Number, _) => Cell::number(text),
        (SizeColumn::Verdict, Standing::Met) => Cell::classed(format!("✓ {text}"), "good"),
        (SizeColumn::Verdict, Standing::Undecided) => Cell::text(format!("? {text}")),
        (SizeColumn::Verdict, Standing::Missed) => Cell::classed(format!("✗ {text}"), "bad"),
    }
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
    let header = drain::header(recovery);
    // The last column holds remarks.
    let cell = |(place, text)| if place + 1 == header.len() { Cell::text(text) } else { Cell::number(text) };
    let lines = rows.into_iter().map(|row| row.into_iter().enumerate().map(cell).collect()).collect();
    Some(sheet("Time until the backlog is gone", &header, lines).draw())
}

/// What a move of each parameter does, a table for each quantity.
pub(super) fn sensitivities(set: &ResultSet) -> Option<Markup> {
    let found = set.sensitivity.as_ref()?;
    let cell = |(place, text)| match place {
        0 => Cell::head(text),
        _ if sensitivity::is_number(place) => Cell::number(text),
        _ => Cell::text(text),
    };
    let table = |of: &Quantity| {
        let lines =
            sensitivity::rows(found, of, false).into_iter().map(|row| row.into_iter().enumerate().map(cell).collect());
        sheet(&of.to_string(), &sensitivity::HEADER.map(String::from), lines.collect()).draw()
    };
    let told = |of| found.simulated(of).filter(|effect| !effect.is_still());
    Some(html! {
        @for of in &found.quantities {
            (table(of))
            @if let Some(still) = sensitivity::still(found, of) { p { (still) } }
            ul.small { @for effect in told(of) { li dir="auto" { (effect.path) ": " (effect.text) } } }
        }
    })
}

/// The best of several models, the checks of a gate, the differences of two models.
pub(super) fn differences(set: &ResultSet) -> Option<Markup> {
    let found = set.comparison.as_ref()?;
    let key = |d: &Difference| !d.headline && comparison::is_key(d);
    let (headline, beside) =
        (differing(found, "Main quantities", |d| d.headline), differing(found, "Beside them", key));
    let sides = found.sides.iter().map(|side| (&side.label, comparison::described(side)));
    Some(html! {
        ul { @for (label, text) in sides { li dir="auto" { strong { (label) } ": " (text) } } }
        @if let Some(ranking) = &found.ranking { (ranked(ranking).draw()) }
        @if !found.checks.is_empty() { (checks(found).draw()) }
        @for sheet in [headline, beside].into_iter().flatten() { (sheet.draw()) }
        p.small {
            "Differences are taken pair by pair over " (found.pairs) " pairs of replications with the same random \
             numbers; pairing tells how much narrower that makes the intervals."
        }
    })
}

fn ranked(found: &Ranking) -> Sheet {
    let cell = |(place, text): (usize, String), standing: Rank| match (place, standing) {
        (0, _) => Cell::head(text),
        (3, Rank::Best) => Cell::classed(text, "good"),
        (3, Rank::Beaten) => Cell::classed(text, "bad"),
        (3, Rank::Open) => Cell::text(text),
        _ => Cell::number(text),
    };
    let line = |(ranked, row): (&Ranked, Vec<String>)| {
        row.into_iter().enumerate().map(|text| cell(text, ranked.rank)).collect()
    };
    let lines = found.ranked.iter().zip(ranking::rows(found)).map(line).collect();
    sheet("The best of several", &ranking::header(found), lines)
}

fn checks(found: &Comparison) -> Sheet {
    let header = comparison::CHECK_HEADER.map(|name| if name.is_empty() { "verdict" } else { name }.to_string());
    let line = |(check, row): (&GateCheck, Vec<String>)| {
        row.into_iter().enumerate().map(|(place, text)| check_cell(place, check.verdict, text)).collect()
    };
    sheet("Checks", &header, found.checks.iter().zip(comparison::check_rows(found, word)).map(line).collect())
}

/// The verdict, what is checked, and numbers.
fn check_cell(place: usize, verdict: GateVerdict, text: String) -> Cell {
    match (place, verdict) {
        (0, GateVerdict::Passed) => Cell::classed(text, "good"),
        (0, GateVerdict::Failed) => Cell::classed(text, "bad"),
        (0, GateVerdict::Undecided) => Cell::text(text),
        (1, _) => Cell::head(text),
        _ => Cell::number(text),
    }
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
    let header = comparison::difference_header(found);
    let cells = |d: &Difference| {
        let row = comparison::difference_row(d, comparison::named(d));
        row.into_iter().enumerate().map(|(place, text)| difference_cell(place, text)).collect()
    };
    let lines: Vec<Vec<Cell>> = wanted.map(cells).collect();
    (!lines.is_empty()).then(|| sheet(caption, &header, lines))
}

/// What differs, numbers, and before the last number which side is better.
fn difference_cell(place: usize, text: String) -> Cell {
    match place {
        0 => Cell::head(text),
        5 => Cell::text(text),
        _ => Cell::number(text),
    }
}

/// A table without the columns that are empty.
fn sheet(caption: &str, header: &[String], lines: Vec<Vec<Cell>>) -> Sheet {
    let filled: Vec<usize> = (0..header.len())
        .filter(|i| lines.iter().any(|line| line.get(*i).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let plain: Vec<String> = header.iter().map(|name| name.replace('`', "")).collect();
    let names: Vec<&str> = filled.iter().map(|i| plain[*i].as_str()).collect();
    let line = |line: Vec<Cell>| filled.iter().map(|i| line[*i].clone()).collect();
    Sheet::new(caption, &names, lines.into_iter().map(line).collect())
}
