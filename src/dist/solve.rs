//! Small numeric tools the distributions share: inversion of a distribution function, a bracketed root,
//! picking by cumulative probability, the unit exponential.

use super::bisect::{bisect, geometric, whole};
use rand::Rng;

/// Draws from the exponential law of mean 1 by inversion: one uniform, one logarithm.
#[inline]
pub(crate) fn unit_exponential<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    minus_ln(to_unit(rng.next_u64()))
}

/// Fills an array with what as many calls of [`unit_exponential`] would draw: the numbers first, so that the
/// logarithms are taken several at a time.
pub(crate) fn unit_exponentials<R: Rng + Clone>(rng: &mut R, values: &mut [f64]) {
    // A copy may stay in registers.
    let mut local = rng.clone();
    values.iter_mut().for_each(|value| *value = f64::from_bits(local.next_u64()));
    *rng = local;
    values.iter_mut().for_each(|value| *value = minus_ln(to_unit(value.to_bits())));
}

/// A uniform number in (0, 1] from 64 random bits: 1 minus what `random::<f64>` makes of them.
#[inline]
fn to_unit(bits: u64) -> f64 {
    const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
    1.0 - (bits >> 11) as f64 * SCALE
}

/// -ln(x) for x in [2^-53, 1], to less than one unit in the last place, the same on every platform.
///
/// Formula: x = 2^k (1 + f), sqrt(1/2) < 1 + f < sqrt(2), s = f / (2 + f);
/// ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), R the minimax polynomial of FreeBSD's `e_log.c`.
/// No branch, no table: a compiler can take several arguments at a time.
#[inline]
fn minus_ln(x: f64) -> f64 {
    const R: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 1.0_f64.to_bits();
    // 2^52 + 1023 as the bits of an integer-valued double: exponents become doubles without a conversion.
    const OFFSET: f64 = 4_503_599_627_370_496.0;
    let shifted = x.to_bits() + (ONE - SQRT_HALF);
    let k = f64::from_bits((shifted >> 52) | OFFSET.to_bits()) - (OFFSET + 1023.0);
    let f = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff) + SQRT_HALF) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (R[1] + w * (R[3] + w * R[5]));
    let odd = z * (R[0] + w * (R[2] + w * (R[4] + w * R[6])));
    let half_square = 0.5 * f * f;
    half_square - (s * (half_square + (even + odd)) + k * LN2_LOW) - f - k * LN2_HIGH
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
    // A value that is not a number counts as not reached.
    let reached = |bits: u64| cdf(f64::from_bits(bits)) >= p;
    f64::from_bits(bisect(0, f64::MAX.to_bits(), whole, |bits| !reached(bits)).1)
}

/// Root of a function that falls from positive at `low` to negative at `high` (both > 0),
/// by bisection on the logarithm to the last bit.
pub(super) fn falling_root(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    bisect(low, high, geometric, |x| f(x) > 0.0).0
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
    fn logarithms_are_right_to_a_unit_in_the_last_place() {
        let mut x = 1.0;
        while x >= 2.0_f64.powi(-53) {
            let (exact, found) = (-libm::log(x), minus_ln(x));
            assert!((found - exact).abs() <= exact.abs() * f64::EPSILON, "{x} {found} {exact}");
            x *= 0.999_37;
        }
        assert_eq!(minus_ln(1.0), 0.0);
        assert!((minus_ln(2.0_f64.powi(-53)) / (53.0 * std::f64::consts::LN_2) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn many_exponentials_are_those_drawn_one_by_one() {
        let stream = || crate::rng::Streams::new(1, 0).open("workers", crate::rng::Purpose::Service);
        let (mut one_by_one, mut together) = (stream(), stream());
        let mut values = [0.0; 777];
        unit_exponentials(&mut together, &mut values);
        assert!(values.iter().all(|&value| value == unit_exponential(&mut one_by_one)));
        assert_eq!(one_by_one, together);
    }

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
