//! What the tests of many formulas share.

/// Mean and second moment of a time by the midpoint rule over its tail, until the tail is gone or is
/// no number.
pub(crate) fn moments_of_tail(tail: impl Fn(f64) -> f64, step: f64, points: u32) -> (f64, f64) {
    let (mut mean, mut second) = (0.0, 0.0);
    for t in (0..points).map(|i| (f64::from(i) + 0.5) * step) {
        let part = tail(t) * step;
        if part.is_nan() || part < 1e-18 {
            break;
        }
        (mean, second) = (mean + part, second + 2.0 * t * part);
    }
    (mean, second)
}
