//! Sums over a Poisson number of large mean whose cost does not grow with it: the terms are smooth, so that they are
//! integrated where there are many, and added one by one only at a steep end.

use super::panels::Concave;
use super::poisson::{ln_density, ln_pmf};

/// From this mean on sums are integrals.
pub(crate) const LARGE: f64 = 250_000.0;
/// Relative change from term to term above which an end is added term by term.
const STEEP: f64 = 1e-3;
/// e^-50 has no digit in common with the sum.
const FALL: f64 = 50.0;

/// sum over `from` <= k <= `to` of P(N = k) v(k), N Poisson of mean `y` >= [`LARGE`]: natural logarithm of a scale
/// and the sum over that scale.
///
/// Formula: Euler and Maclaurin's from the middles, sum f(k) = integral of f - (f'(to + 1/2) - f'(from - 1/2))/24,
/// panels as wide as f allows; the fall towards an end where f is steep is added one by one, 50/steepness terms.
/// Valid when: v is positive and smooth with a relative slope of at most `slope` within 50/slope of `to` and next to
/// none elsewhere; relative error about 1e-12.
/// Reference: Abramowitz and Stegun, 23.1.30 (at the middles: 25.4.2).
pub(crate) fn ln_sum(y: f64, (from, to): (u64, u64), slope: f64, v: impl Fn(f64) -> f64) -> (f64, f64) {
    if from > to {
        return (f64::NEG_INFINITY, 0.0);
    }
    // 45 standard deviations beyond the largest term: all that a double can hold.
    let (from, top) = (from as f64, y.max(from as f64));
    let to = (to as f64).min((top + 45.0 * top.sqrt()).floor());
    let ln_p = |k: f64| if k > 15.0 { ln_density(k, y) } else { ln_pmf(k as u64, y) };
    let scale = ln_p(y.clamp(from, to));
    let f = |k: f64| (ln_p(k) - scale).exp() * v(k);
    (scale, summed(y, (from, to), slope, f, &v, scale))
}

fn summed(
    y: f64,
    (from, to): (f64, f64),
    slope: f64,
    f: impl Fn(f64) -> f64,
    v: &impl Fn(f64) -> f64,
    scale: f64,
) -> f64 {
    let one_by_one = |low: f64, high: f64| {
        let count = (high - low) as u64;
        (0..=count).map(|i| f(low + i as f64)).sum::<f64>()
    };
    // Towards the mean from an end on its far side.
    let (above, below) = ((y / to).ln(), (from / y).ln());
    if above > STEEP {
        return one_by_one((to - (FALL / above).ceil()).max(from), to);
    }
    if below > STEEP {
        return one_by_one(from, (from + (FALL / below).ceil()).min(to));
    }
    let near = if slope > 0.0 { (to - (FALL / slope).ceil()).max(from) } else { to };
    let smooth = |low: f64, high: f64, slope: f64| {
        if high < low { 0.0 } else { integral(y, (low - 0.5, high + 0.5), slope, v, scale) - ends(&f, low, high) }
    };
    match slope {
        0.0 => smooth(from, to, 0.0),
        slope if slope > STEEP => smooth(from, near - 1.0, 0.0) + one_by_one(near, to),
        slope => smooth(from, near - 1.0, 0.0) + smooth(near, to, slope),
    }
}

/// The correction of the integral at both ends.
fn ends(f: &impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let first = if low >= 1.0 { f(low) - f(low - 1.0) } else { 0.0 };
    (f(high + 1.0) - f(high) - first) / 24.0
}

fn integral(y: f64, (low, high): (f64, f64), slope: f64, v: &impl Fn(f64) -> f64, scale: f64) -> f64 {
    // The exponent is that of the probability, the slope of v only narrows the panels.
    let exponent = |k: f64| (ln_density(k, y), (y / k).ln().abs() + slope, -1.0 / k);
    let (top, [sum]) = Concave { exponent, peak: y }.integrate(low.max(15.5), high, |k| [v(k)]);
    sum * (top - scale).exp()
}

/// The same for any mean, as a plain number: term by term below [`LARGE`].
pub(crate) fn sum(y: f64, range: (u64, u64), slope: f64, v: impl Fn(f64) -> f64) -> f64 {
    scaled(y, range, slope, v, 0.0)
}

/// [`sum`] times e^`ln_factor`, which may lie beyond the range of doubles where the sum does, too.
pub(crate) fn scaled(y: f64, range: (u64, u64), slope: f64, v: impl Fn(f64) -> f64, ln_factor: f64) -> f64 {
    let (ln_scale, sum) = if y >= LARGE { ln_sum(y, range, slope, v) } else { term_by_term(y, range, v) };
    sum * (ln_scale + ln_factor).exp()
}

fn term_by_term(y: f64, (from, to): (u64, u64), v: impl Fn(f64) -> f64) -> (f64, f64) {
    let (mode, spread) = (y as u64, (45.0 * y.sqrt() + 400.0) as u64);
    if from > to {
        return (f64::NEG_INFINITY, 0.0);
    }
    let scale = ln_pmf(mode.clamp(from, to), y);
    let last = to.min(mode.max(from).saturating_add(spread));
    (scale, (from..=last).map(|k| (ln_pmf(k, y) - scale).exp() * v(k as f64)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sum_term_by_term() {
        let y = 400_000.0_f64;
        let decay = |scale: f64, end: f64| move |k: f64| -((k - end) / scale).exp_m1();
        for to in [395_000_u64, 399_000, 400_000, 401_000, 420_000] {
            for scale in [5.0, 300.0, 4000.0, 1e6] {
                let v = decay(scale, to as f64 + 1.0);
                let direct: f64 = (0..=to).map(|k| ln_pmf(k, y).exp() * v(k as f64)).sum();
                let found = sum(y, (0, to), 1.0 / scale, v);
                assert!((found / direct - 1.0).abs() < 1e-11, "{to} {scale}: {found} {direct}");
            }
            let direct: f64 = (to..to + 60_000).map(|k| ln_pmf(k, y).exp()).sum();
            let found = sum(y, (to, u64::MAX), 0.0, |_| 1.0);
            assert!((found / direct - 1.0).abs() < 1e-11, "{to}: {found} {direct}");
        }
    }

    #[test]
    fn the_work_does_not_grow_with_the_mean() {
        for y in [1e6, 1e9, 1e15] {
            for (to, slope) in [(y as u64, 1e-12), (y as u64, 0.7), (2 * y as u64, 1e-5), (y as u64 / 2, 0.1)] {
                let calls = std::cell::Cell::new(0_u32);
                let v = |_| {
                    calls.set(calls.get() + 1);
                    1.0
                };
                let (ln_scale, sum) = ln_sum(y, (0, to), slope, v);
                assert!(ln_scale <= 0.0 && sum > 0.0);
                assert!(calls.get() < 60_000, "{y} {to} {slope}: {}", calls.get());
            }
        }
    }
}
