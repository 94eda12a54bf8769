//! Names and titles of the charts of a sweep, and which axes want a log scale.

use super::design::SweepDesign;
use crate::experiment::result::ResultSet;
use crate::report::distinct::distinct;

/// Values that differ more than this want a log axis.
const SPREAD: f64 = 50.0;

pub(super) fn blocks(set: &ResultSet) -> Vec<&str> {
    distinct(set.points.iter().map(|point| point.block.as_str()))
}

/// The file name of a chart: kind, number where there are several, block where there are several.
pub(super) fn named(design: &SweepDesign, kind: &str, nth: usize) -> String {
    let mut name = kind.to_string();
    if nth > 0 {
        name += &format!("_{}", nth + 1);
    }
    let all = blocks(design.set);
    let Some(place) = all.iter().position(|b| *b == design.block).filter(|_| all.len() > 1) else { return name };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let slug: String = design.block.chars().take(40).map(plain).collect();
    let same = all.iter().take(place).filter(|b| b.chars().take(40).map(plain).collect::<String>() == slug).count();
    let number = if same > 0 { format!("_{}", place + 1) } else { String::new() };
    format!("{name}_{slug}{number}")
}

/// The title of a chart, with the block where there are several.
pub(super) fn titled(design: &SweepDesign, what: &str) -> String {
    if blocks(design.set).len() > 1 { format!("{what}, {}", design.block) } else { what.to_string() }
}

/// Whether values spread over so many magnitudes that a log axis is needed.
pub(super) fn wide(values: impl Iterator<Item = f64>) -> bool {
    let (low, high) = values.fold((f64::INFINITY, 0.0_f64), |r, v| (r.0.min(v), r.1.max(v)));
    low > 0.0 && high.is_finite() && high > SPREAD * low
}
