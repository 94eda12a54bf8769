//! What the tests of many formulas share.

use super::chain::Chain;
use super::law::TimeLaw;
use super::steady::Moments;
use std::hash::Hash;

/// Means of functions of the state of a chain, as tests want them beside a formula.
pub(crate) fn chain_averages<S: Clone + Eq + Hash>(
    start: impl IntoIterator<Item = S>,
    limit: usize,
    moves: impl FnMut(&S, &mut dyn FnMut(S, f64)),
) -> impl Fn(&dyn Fn(&S) -> f64) -> f64 {
    let chain = Chain::explore(start, limit, moves).unwrap();
    let p = chain.stationary().unwrap();
    move |of| chain.expect(&p, of)
}

/// 1 where it holds: its mean is a probability.
pub(crate) fn share(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// Fails unless a law has that mean and, if it is known, that variance, up to these relative errors.
#[track_caller]
pub(crate) fn has_moments(law: &TimeLaw, wanted: Moments, (step, points): (f64, u32), errors: [f64; 2]) {
    let (mean, second) = moments_of_tail(|t| law.survival(t), step, points);
    assert!((mean / wanted.mean - 1.0).abs() < errors[0], "mean {mean} instead of {}", wanted.mean);
    let (found, variance) = (second - mean * mean, wanted.variance.unwrap_or(second - mean * mean));
    assert!((found / variance - 1.0).abs() < errors[1], "variance {found} instead of {variance}");
}

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
