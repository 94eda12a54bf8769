//! The one-sample Kolmogorov-Smirnov test and the chi-square test, for tests only.

use statrs::function::gamma::gamma_ur;

/// P-value of the hypothesis that `draws` come from `cdf`.
///
/// Formula: D = sup |F_n - F|; asymptotic law of Kolmogorov with Stephens' (1970) correction.
/// Valid when: n >= 100; conservative where the law has atoms (Noether 1963).
pub(crate) fn ks_p_value(mut draws: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let mut distance = 0.0_f64;
    let mut before = 0;
    for run in draws.chunk_by(|a, b| a == b) {
        let (x, after) = (run[0], before + run.len());
        // The left limit, so that an atom of F is not taken for a discrepancy.
        distance = distance.max((cdf(x.next_down()) - before as f64 / n).abs());
        distance = distance.max((cdf(x) - after as f64 / n).abs());
        before = after;
    }
    let lambda = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance;
    if lambda < 0.2 {
        // The series alternates without converging; P(K > 0.2) = 1 - 5e-13.
        return 1.0;
    }
    let term = |k: i32| f64::from(1 - 2 * ((k + 1) % 2)) * (-2.0 * (f64::from(k) * lambda).powi(2)).exp();
    (2.0 * (1..=100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

/// P-value of Pearson's chi-square test of observed counts against expected ones (each >= 5).
pub(crate) fn chi_square_p_value(observed: &[f64], expected: &[f64]) -> f64 {
    assert!(expected.iter().all(|&e| e >= 5.0), "merge cells: {expected:?}");
    let sum: f64 = observed.iter().zip(expected).map(|(o, e)| (o - e).powi(2) / e).sum();
    let freedom = expected.len() as f64 - 1.0;
    if sum == 0.0 { 1.0 } else { gamma_ur(0.5 * freedom, 0.5 * sum) }
}

#[test]
fn p_values_match_tables() {
    // Kolmogorov's law: P(sqrt(n) D > 1.3581) = 0.05; all draws at one point x give D = max(F, 1-F).
    let n = 10_000_f64;
    let shift = 1.3581 / (n.sqrt() + 0.12 + 0.11 / n.sqrt());
    let grid = |i: u32| (f64::from(i) + 0.5) / n;
    let p = ks_p_value((0..10_000).map(grid).collect(), |x| (x + shift - 0.5 / n).clamp(0.0, 1.0));
    assert!((p - 0.05).abs() < 1e-4, "{p}");
    // Chi-square with 1 degree of freedom: 95 % point 3.841.
    let p = chi_square_p_value(&[100.0 + 13.859, 100.0 - 13.859], &[100.0, 100.0]);
    assert!((p - 0.05).abs() < 1e-4, "{p}");
}
