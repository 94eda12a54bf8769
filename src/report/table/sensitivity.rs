//! What a move of each parameter does to a quantity as text. The cells are shared with Markdown and the page.

use super::comparison::{rounded, signed_percent};
use super::grid::{Align, Grid, paragraph};
use crate::experiment::result::ResultSet;
use crate::experiment::sensitivity::{MoveKind, ParameterEffect, Sensitivity};
use crate::report::numbers::{plus_minus, within};
use crate::row::Quantity;
use crate::units::{Unit, four_digits};

/// Headings of [`rows`].
pub(crate) const HEADER: [&str; 9] =
    ["parameter", "is", "moved", "change", "derivative", "elasticity", "theory", "step adds", "pairing"];

/// The columns that are numbers.
pub(crate) fn is_number(column: usize) -> bool {
    column > 0
}

/// A row for each move that changes the quantity, the largest elasticity first; `verbose` also for those that do not.
pub(crate) fn rows(found: &Sensitivity, of: &Quantity, verbose: bool) -> Vec<Vec<String>> {
    found.simulated(of).filter(|effect| verbose || !effect.is_still()).map(|effect| row(found, effect)).collect()
}

/// The moves that change nothing, in one sentence.
pub(crate) fn still(found: &Sensitivity, of: &Quantity) -> Option<String> {
    let still = found.simulated(of).filter(|effect| effect.is_still());
    let still: Vec<String> = still.map(|effect| format!("{} ({})", effect.path, moved(found, effect))).collect();
    (!still.is_empty()).then(|| format!("no change at all by {}", still.join(", ")))
}

fn row(found: &Sensitivity, effect: &ParameterEffect) -> Vec<String> {
    let text = |value: Option<String>| value.unwrap_or_default();
    let theory = found.theory_of(effect).and_then(|theory| theory.elasticity);
    vec![
        effect.path.clone(),
        text(effect.moved.base.clone()),
        moved(found, effect),
        match effect.refusal {
            Some(_) => "-".to_string(),
            None => text(effect.change.as_ref().map(signed_percent)),
        },
        text(derivative(effect)),
        text(elasticity(effect)),
        text(theory.map(|found| signed(found.value, four_digits(found.value)))),
        text(effect.step_share().map(|share| format!("{} %", four_digits_at_most(100.0 * share)))),
        text(effect.pairing.map(|ratio| format!("{} x", rounded(ratio)))),
    ]
}

/// From where to where, in a few words.
fn moved(found: &Sensitivity, effect: &ParameterEffect) -> String {
    let step = four_digits_at_most(100.0 * found.step);
    match effect.moved.kind {
        MoveKind::Central => format!("± {step} %"),
        MoveKind::Below(_) => format!("- {step} %"),
        MoveKind::Above(_) => format!("+ {step} %"),
        MoveKind::Whole | MoveKind::Between => format!("{} to {}", effect.moved.low, effect.moved.high),
    }
}

/// `0.412 ± 0.021 ms per 1/s`.
fn derivative(effect: &ParameterEffect) -> Option<String> {
    let found = effect.derivative?;
    let half = found.low.zip(found.high).map(|(low, high)| (high - low) / 2.0);
    let per = match effect.per {
        Unit::PerSecond => "1/s",
        Unit::Seconds => "s",
        Unit::SecondsSquared => "s^2",
        Unit::One => "1",
    };
    Some(format!("{} per {per}", plus_minus(found.value, half, effect.unit)))
}

/// `+3.98 ± 0.12`.
pub(crate) fn elasticity(effect: &ParameterEffect) -> Option<String> {
    let found = effect.elasticity?;
    Some(signed(found.value, within(&found, Unit::One)))
}

fn signed(value: f64, text: String) -> String {
    if value > 0.0 { format!("+{text}") } else { text }
}

fn four_digits_at_most(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 && value > 0.0 { "< 0.01".to_string() } else { rounded.to_string() }
}

/// The answer, and a table for each quantity.
pub(super) fn blocks(set: &ResultSet, found: &Sensitivity, width: u16, verbose: bool) -> Vec<String> {
    let mut blocks = Vec::new();
    if let Some(answer) = &set.answer {
        let details = answer.details.iter().map(|detail| paragraph("-", detail, width));
        blocks.push(std::iter::once(paragraph("", &answer.headline, width)).chain(details).collect());
    }
    let align = (0..HEADER.len()).map(|column| if is_number(column) { Align::Right } else { Align::Left });
    let align: Vec<Align> = align.collect();
    for of in &found.quantities {
        let grid = Grid::new(HEADER.map(String::from).to_vec(), align.clone()).rows(rows(found, of, verbose));
        let still = still(found, of).filter(|_| !verbose);
        let still = still.map_or(String::new(), |still| paragraph("", &still, width));
        blocks.push(format!("{of}\n{}{still}", grid.without_empty_columns().print()));
    }
    blocks
}
