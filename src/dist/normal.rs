//! The standard normal law with tails of full relative accuracy, for the lognormal and the truncated normal.

use std::f64::consts::{SQRT_2, TAU};

/// Density at z.
pub(super) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / TAU.sqrt()
}

/// P(Z <= z), of full relative accuracy in the lower tail.
pub(super) fn lower(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// P(Z > z), of full relative accuracy in the upper tail.
pub(super) fn upper(z: f64) -> f64 {
    lower(-z)
}

/// P(a < Z <= b), without cancellation when both ends lie in one tail.
pub(super) fn mass(a: f64, b: f64) -> f64 {
    if a > 0.0 {
        upper(a) - upper(b)
    } else if b < 0.0 {
        lower(b) - lower(a)
    } else {
        1.0 - lower(a) - upper(b)
    }
}

/// z with P(Z <= z) = p; infinite at 0 and 1.
///
/// Numerics: the rational start value is good to about 1e-10; one Halley step on `erfc`
/// brings it to rounding error.
pub(super) fn quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    let z = -SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p);
    let slope = density(z);
    if !z.is_finite() || slope == 0.0 {
        return z;
    }
    let step = (lower(z) - p) / slope;
    z - step / (1.0 + 0.5 * z * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabulated_quantiles() {
        // Abramowitz and Stegun (1964), table 26.5 and 26.6, extended digits from their
        // definition: P(Z <= 1.959963984540054) = 0.975.
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((quantile(0.001) + 3.090_232_306_167_813_5).abs() < 1e-14);
        assert_eq!(quantile(0.5), 0.0);
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn far_tail_round_trips() {
        for p in [1e-300, 1e-100, 1e-20, 1e-5, 0.2] {
            assert!((lower(quantile(p)) / p - 1.0).abs() < 1e-11, "{p}");
        }
    }

    #[test]
    fn mass_of_a_tail_slice_keeps_its_digits() {
        // Mills ratio: P(Z > 10) = 7.619853024160526e-24.
        assert!((mass(10.0, f64::INFINITY) / 7.619_853_024_160_526e-24 - 1.0).abs() < 1e-13);
        assert!((mass(-1.0, 1.0) - 0.682_689_492_137_085_9).abs() < 1e-15);
    }
}
