//! Small numeric tools the distributions share: inversion of a distribution function, a
//! bracketed root, picking by cumulative probability, the unit exponential. Knows no
//! particular distribution.

use rand::{Rng, RngExt};

/// Draws from the exponential law of mean 1 by inversion: one uniform, one logarithm.
#[inline]
pub(crate) fn unit_exponential<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    -(1.0 - rng.random::<f64>()).ln()
}

/// Smallest non-negative float x with `cdf(x) >= p`.
///
/// Bisects on the bit pattern, which orders non-negative floats as their values do: 63
/// evaluations whatever the scale, no bracket to guess, and an exact answer at atoms.
pub(super) fn invert(p: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    if p.is_nan() {
        return f64::NAN;
    }
    if cdf(0.0) >= p {
        return 0.0;
    }
    let (mut below, mut reached) = (0_u64, f64::MAX.to_bits());
    while reached - below > 1 {
        let middle = below + (reached - below) / 2;
        if cdf(f64::from_bits(middle)) >= p {
            reached = middle;
        } else {
            below = middle;
        }
    }
    f64::from_bits(reached)
}

/// Root of a function that falls from positive at `low` to negative at `high` (both > 0),
/// by bisection on the logarithm to the last bit.
pub(super) fn falling_root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = (low * high).sqrt();
        if middle <= low || middle >= high {
            return low;
        }
        if f(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Running sums of weights, scaled to end at exactly 1 from the last positive weight on, so
/// that [`pick`] with a uniform number in [0, 1) always finds an entry of positive weight.
pub(crate) fn cumulative(weights: &[f64]) -> Box<[f64]> {
    let total: f64 = weights.iter().sum();
    let last = weights.iter().rposition(|&w| w > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    let step = |(i, w): (usize, &f64)| {
        sum += w / total;
        if i >= last { 1.0 } else { sum.min(1.0) }
    };
    weights.iter().enumerate().map(step).collect()
}

/// First index whose running sum exceeds `u`. Linear: the tables are a few entries long.
#[inline]
pub(crate) fn pick(cumulative: &[f64], u: f64) -> usize {
    cumulative.iter().position(|&c| u < c).unwrap_or(cumulative.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invert_finds_the_exact_atom() {
        assert_eq!(invert(0.3, |x| f64::from(u8::from(x >= 0.1))), 0.1);
        assert_eq!(invert(0.0, |x| x), 0.0);
        assert!((invert(0.25, |x| x.min(1.0)) - 0.25).abs() <= f64::EPSILON);
    }

    #[test]
    fn falling_root_is_the_square_root_of_two() {
        assert!((falling_root(1e-3, 1e3, |x| 2.0 - x * x) - 2.0_f64.sqrt()).abs() <= 4.0 * f64::EPSILON);
    }

    #[test]
    fn pick_never_lands_on_a_weight_of_zero() {
        let table = cumulative(&[0.0, 0.1, 0.2, 0.0]);
        assert_eq!(pick(&table, 0.0), 1);
        assert_eq!(pick(&table, 1.0 - f64::EPSILON / 2.0), 2);
    }
}
