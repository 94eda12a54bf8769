//! Theory beside simulation: pairs rows that speak of the same quantity.

use super::note::Note;
use super::result::TheoryCheck;
use crate::analytic::Theory;
use crate::model::Model;
use crate::row::{Row, Source};
use std::collections::HashMap;

/// Pairs each theoretical row (from index `simulated` on) with its simulated one. How far they differ says something of
/// the simulation only where theory is exact.
pub(crate) fn checks(rows: &[Row], simulated: usize) -> Vec<TheoryCheck> {
    let (simulation, theory) = rows.split_at(simulated);
    let valued = simulation.iter().enumerate().filter(|(_, row)| row.value.is_some());
    let places: HashMap<_, usize> = valued.map(|(i, row)| (row.quantity(), i)).collect();
    let pair = |(t, exact): (usize, &Row)| {
        let s = *places.get(&exact.quantity())?;
        let half_widths = if exact.source == Source::Exact { half_widths(&simulation[s], exact) } else { None };
        Some(TheoryCheck { simulated: s, theory: simulated + t, half_widths })
    };
    theory.iter().enumerate().filter_map(pair).collect()
}

/// Differences of clock readings carry rounding errors of about this share of the value (a clock of
/// hours, times of milliseconds). An interval narrower than that says nothing about sampling.
const ROUNDING: f64 = 1e-9;

fn half_widths(simulated: &Row, exact: &Row) -> Option<f64> {
    let value = simulated.value?;
    let half = simulated.half_width().filter(|half| *half > ROUNDING * value.abs())?;
    Some((value - exact.value?) / half)
}

/// For each queue without exact theory, which assumption broke.
pub(crate) fn notes(model: &Model, theory: &Theory) -> Vec<Note> {
    let note = |queue, approximated, why| Note::NoTheory { queue: model.queue(queue).name.clone(), approximated, why };
    let without = theory.broken.iter().chain(&theory.unstable);
    let without = without.map(|b| note(b.queue, false, b.reasons.join("; ")));
    without.chain(theory.approximated.iter().map(|a| note(a.queue, true, a.choice.to_string()))).collect()
}
