//! What matters most, in plain sentences with numbers and units.

use crate::experiment::Answer;
use crate::experiment::result::Interval;
use crate::experiment::sensitivity::{MoveKind, ParameterEffect, Sensitivity};
use crate::row::{Quantity, Source};
use crate::units::four_digits;

/// Parameters that are told of each quantity.
const TOLD: usize = 3;

/// The question of a study of sensitivities and its answer.
pub(super) fn answer(found: &Sensitivity) -> Answer {
    let names: Vec<String> = found.quantities.iter().map(ToString::to_string).collect();
    let mut first: Vec<String> = found.quantities.iter().map(|of| most(found, of)).collect();
    let headline = if first.is_empty() { String::new() } else { first.remove(0) };
    let rest = found.quantities.iter().take(1).flat_map(|of| found.simulated(of).skip(1).take(TOLD - 1));
    Answer {
        question: format!("What matters most for {}?", names.join(", ")),
        headline,
        details: rest.filter_map(|found| Some(format!("{}: {}", found.path, effect(found)?))).chain(first).collect(),
    }
}

/// What matters most for a quantity, and what cannot be told from it.
fn most(found: &Sensitivity, of: &Quantity) -> String {
    let mut effects = found.simulated(of).filter(|effect| effect.elasticity.is_some());
    let Some(first) = effects.next() else {
        return format!("{of}: no percent of change can be told, see the table");
    };
    let least = first.elasticity.as_ref().map_or(0.0, |found| size(found).0);
    let near = |effect: &&ParameterEffect| effect.elasticity.as_ref().is_some_and(|found| size(found).1 >= least);
    let near: Vec<String> = effects.filter(near).map(name).collect();
    let near = match &near[..] {
        [] => String::new(),
        some => format!("; {} may matter as much, their intervals overlap", some.join(" and ")),
    };
    format!("{of} moves most with {}: {}{near}", name(first), effect(first).unwrap_or_default())
}

/// The parameter, and of a whole number which step.
fn name(effect: &ParameterEffect) -> String {
    match effect.moved.kind {
        MoveKind::Whole => format!("{} ({} to {})", effect.path, effect.moved.low, effect.moved.high),
        MoveKind::Central | MoveKind::Below(_) | MoveKind::Above(_) | MoveKind::Between => effect.path.clone(),
    }
}

/// What a move does: `3.98 % (3.86 % to 4.10 %) larger for 1 % more of it`.
fn effect(found: &ParameterEffect) -> Option<String> {
    let (change, by, moved) = match found.moved.kind {
        MoveKind::Whole => (found.change?, 100.0, format!("with {} in place of {}", found.moved.high, found.moved.low)),
        MoveKind::Central | MoveKind::Below(_) | MoveKind::Above(_) | MoveKind::Between => {
            (found.elasticity?, 1.0, "for 1 % more of it".to_string())
        }
    };
    let way = if change.value < 0.0 { "smaller" } else { "larger" };
    Some(format!("{} {way} {moved}", percent(&change, by)))
}

/// A size in percent with its ends; those beyond 0 keep their sign.
fn percent(found: &Interval, by: f64) -> String {
    let sign = if found.value < 0.0 { -by } else { by };
    let shown = |x: f64| format!("{} %", four_digits(sign * x));
    let mut ends = [found.low, found.high].map(|end| end.map(shown));
    if sign < 0.0 {
        ends.reverse();
    }
    match ends {
        [Some(low), Some(high)] => format!("{} ({low} to {high})", shown(found.value)),
        _ => shown(found.value),
    }
}

/// The smallest and the largest size that an interval holds.
fn size(found: &Interval) -> (f64, f64) {
    let (low, high) = (found.low.unwrap_or(found.value), found.high.unwrap_or(found.value));
    let least = if low <= 0.0 && high >= 0.0 { 0.0 } else { low.abs().min(high.abs()) };
    (least, low.abs().max(high.abs()))
}

/// The step and the method in one sentence.
pub(super) fn how(effect: &ParameterEffect, step: f64) -> String {
    let step = format!("{} %", (step * 1e6).round() / 1e4);
    let (low, high) = (&effect.moved.low, &effect.moved.high);
    let moved = match &effect.moved.kind {
        MoveKind::Central => format!("central difference from {low} to {high}, a step of {step} each way"),
        MoveKind::Below(why) => {
            format!("one-sided difference from {low} to {high}, a step of {step} down, as with one up {why}")
        }
        MoveKind::Above(why) => {
            format!("one-sided difference from {low} to {high}, a step of {step} up, as with one down {why}")
        }
        MoveKind::Whole => format!("a step from {low} to {high}"),
        MoveKind::Between => format!("difference from {low} to {high}"),
    };
    match effect.source {
        Source::Simulation => format!("{moved}, common random numbers, {}", effect.method),
        Source::Exact | Source::Approximation | Source::Bound | Source::Trace => format!("{moved}, {}", effect.method),
    }
}
