//! The charts of a study of sensitivities: a tornado of elasticities for each quantity.

use crate::experiment::result::ResultSet;
use crate::experiment::sensitivity::{MoveKind, ParameterEffect, Sensitivity};
use crate::report::chart::Chart;
use crate::report::chart::forms::{Bar, Bars, Scale};
use crate::report::table::sensitivity::elasticity;
use crate::row::Quantity;
use crate::units::Unit;

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet) -> Vec<Chart> {
    let Some(found) = &set.sensitivity else { return Vec::new() };
    let tornados = found.quantities.iter().enumerate().filter_map(|(i, of)| tornado(found, of, i));
    tornados.map(|bars| bars.chart(&set.provenance)).collect()
}

/// Bars of elasticities, the largest first.
fn tornado(found: &Sensitivity, of: &Quantity, i: usize) -> Option<Bars> {
    let bars: Vec<Bar> = found.simulated(of).filter(|effect| !effect.is_still()).filter_map(bar).collect();
    (!bars.is_empty()).then(|| Bars {
        name: if i == 0 { "tornado".to_string() } else { format!("tornado_{}", i + 1) },
        title: format!("What moves {of}"),
        value: Scale::linear(format!("percent of {of} for 1 % more of the parameter"), Unit::One),
        base: None,
        bars,
    })
}

fn bar(effect: &ParameterEffect) -> Option<Bar> {
    let found = effect.elasticity.as_ref()?;
    let moved = &effect.moved;
    let label = match moved.kind {
        MoveKind::Whole => format!("{} ({} to {})", effect.path, moved.low, moved.high),
        MoveKind::Central | MoveKind::Below(_) | MoveKind::Above(_) | MoveKind::Between => effect.path.clone(),
    };
    Some(Bar {
        label,
        span: (0.0, found.value),
        ends: (String::new(), elasticity(effect)?),
        interval: found.low.zip(found.high),
        note: effect.text.clone(),
        highlight: false,
    })
}
