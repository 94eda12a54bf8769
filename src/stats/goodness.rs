//! Tests of fit: is a sample from this law? Used to hold samplers and simulators against theory.

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

/// Kolmogorov-Smirnov distance of a sample from a continuous distribution function.
///
/// Formula: D = max_i max(i/n - F(x_(i)), F(x_(i)) - (i-1)/n), x_(i) the sorted sample.
pub fn kolmogorov_distance(sample: &mut [f64], cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    sample.iter().enumerate().fold(0.0, |d: f64, (i, &x)| {
        let f = cdf(x);
        d.max((i as f64 + 1.0) / n - f).max(f - i as f64 / n)
    })
}

/// P-value of a Kolmogorov-Smirnov distance `d` for a sample of `n`.
///
/// Formula: 2 sum_k (-1)^(k-1) exp(-2 k^2 x^2) at x = d (sqrt n + 0.12 + 0.11/sqrt n), for
/// n >= 5 (Stephens 1970).
pub fn kolmogorov_p_value(d: f64, n: usize) -> f64 {
    let root = (n as f64).sqrt();
    let x = d * (root + 0.12 + 0.11 / root);
    if x < 0.2 {
        return 1.0;
    }
    let term = |k: i32| (-2.0 * f64::from(k * k) * x * x).exp() * if k % 2 == 1 { 2.0 } else { -2.0 };
    (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0)
}

/// Whether z-scores look standard normal: the smaller p-value of a Kolmogorov-Smirnov test
/// (shape and location) and a two-sided chi-square test of their sum of squares (scale),
/// doubled (Bonferroni), so that rejecting below alpha errs with probability at most alpha.
pub fn standard_normal_p_value(z: &mut [f64]) -> f64 {
    let n = z.len();
    let normal = Normal::standard();
    let ks = kolmogorov_p_value(kolmogorov_distance(z, |x| normal.cdf(x)), n);
    let sum: f64 = z.iter().map(|x| x * x).sum();
    let upper = ChiSquared::new(n as f64).map_or(f64::NAN, |law| law.sf(sum));
    let scale = 2.0 * upper.min(1.0 - upper);
    (2.0 * ks.min(scale)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_values_of_the_kolmogorov_law() {
        // Asymptotic critical values 1.358 (5 %) and 1.628 (1 %), large n.
        let n = 1_000_000;
        for (x, p) in [(1.3581, 0.05), (1.6276, 0.01), (1.9495, 0.001)] {
            assert!((kolmogorov_p_value(x / 1000.0, n) - p).abs() < 0.002 * p.max(0.02) + 2e-5);
        }
    }

    #[test]
    fn normal_quantiles_pass_and_shifted_or_scaled_ones_fail() {
        let normal = Normal::standard();
        let grid = |f: &dyn Fn(f64) -> f64| -> Vec<f64> {
            (0..200).map(|i| f(normal.inverse_cdf((f64::from(i) + 0.5) / 200.0))).collect()
        };
        assert!(standard_normal_p_value(&mut grid(&|z| z)) > 0.5);
        assert!(standard_normal_p_value(&mut grid(&|z| z + 0.4)) < 0.001);
        assert!(standard_normal_p_value(&mut grid(&|z| z * 1.3)) < 0.001);
        assert!(standard_normal_p_value(&mut grid(&|z| z * 0.7)) < 0.001);
    }
}
