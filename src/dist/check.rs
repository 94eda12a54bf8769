//! Checks of parameters. Every refusal names the parameter, its value and the valid range.

use super::DistError;

/// The value itself where `valid`, else an error that states the `range`.
pub(super) fn within(name: &str, value: f64, valid: bool, range: &str) -> Result<f64, DistError> {
    if valid { Ok(value) } else { Err(DistError(format!("`{name}` is {value}; it must be {range}"))) }
}

/// Finite and above zero.
pub(super) fn positive(name: &str, value: f64) -> Result<f64, DistError> {
    within(name, value, value.is_finite() && value > 0.0, "finite and > 0")
}

/// Finite and not below zero.
pub(super) fn nonnegative(name: &str, value: f64) -> Result<f64, DistError> {
    within(name, value, value.is_finite() && value >= 0.0, "finite and >= 0")
}

/// Finite and above another parameter.
pub(super) fn above(name: &str, value: f64, floor_name: &str, floor: f64) -> Result<f64, DistError> {
    within(name, value, value.is_finite() && value > floor, &format!("finite and > `{floor_name}`, which is {floor}"))
}

/// Equally many of both, at least one.
pub(super) fn same_length(left: &str, lefts: usize, right: &str, rights: usize) -> Result<(), DistError> {
    if lefts == rights && lefts > 0 {
        return Ok(());
    }
    Err(DistError(format!(
        "`{left}` has {lefts} entries and `{right}` has {rights}; they must be equally many, at least 1"
    )))
}

/// Weights scaled to sum to 1: each finite and >= 0, some > 0.
pub(super) fn weights(name: &str, weights: &[f64]) -> Result<Vec<f64>, DistError> {
    for &w in weights {
        nonnegative(name, w)?;
    }
    // An empty f64 sum is -0, which would read oddly in the message.
    let total = weights.iter().fold(0.0, |sum, w| sum + w);
    within(&format!("sum of {name}"), total, total.is_finite() && total > 0.0, "finite and > 0")?;
    Ok(weights.iter().map(|w| w / total).collect())
}

/// Probabilities: each in [0, 1], their sum within 1e-9 of 1; scaled so that rounding in
/// a model file (0.333, 0.667) does no harm.
pub(super) fn probabilities(name: &str, values: &[f64]) -> Result<Vec<f64>, DistError> {
    for &p in values {
        within(name, p, (0.0..=1.0).contains(&p), "in [0, 1]")?;
    }
    let total = values.iter().fold(0.0, |sum, p| sum + p);
    within(&format!("sum of {name}"), total, (total - 1.0).abs() <= 1e-9, "1")?;
    weights(name, values)
}
