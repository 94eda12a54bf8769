//! Inversion of complex transforms by Euler summation of the Bromwich integral, and the transforms that every
//! decomposition of a wait starts from.

use super::closed_transform::ln_laplace;
use crate::dist::Dist;
use nalgebra::Complex;
use std::f64::consts::PI;

/// Discretisation error e^-29 = 3e-13, relative to the function at 5t.
const A: f64 = 29.0;
/// Round-off is amplified by e^{A / 2L} only.
const L: usize = 2;
/// Groups of terms summed plainly, and then averaged by Euler's binomial weights.
const PLAIN: usize = 40;
const AVERAGED: usize = 16;
/// Number of abscissas at which a transform is wanted.
pub(crate) const ABSCISSAS: usize = L * (PLAIN + AVERAGED) + 1;
/// s_q = (A + 2 pi i q) / (2 L t): where the inversion at t > 0 wants a transform.
pub(crate) fn abscissa(q: usize, t: f64) -> Complex<f64> {
    Complex::new(A, 2.0 * PI * q as f64) / (2.0 * L as f64 * t)
}

/// The function at t > 0 whose transform has these values at the abscissas, and the difference of two
/// summations, which estimates the error.
pub(crate) fn euler(t: f64, values: &[Complex<f64>]) -> (f64, f64) {
    // Sum over groups k of (-1)^k Re sum_{j=1}^{L} e^{i pi j / L} f(s_{j + kL}).
    let group = |k: usize| -> f64 {
        let turned = |j: usize| values[j + k * L] * Complex::from_polar(1.0, PI * j as f64 / L as f64);
        (1..=L).map(|j| turned(j).re).sum()
    };
    let add = |sum: &mut f64, k: usize| {
        *sum += if k.is_multiple_of(2) { group(k) } else { -group(k) };
        Some(*sum)
    };
    let partial: Vec<f64> = (0..PLAIN + AVERAGED).scan(0.0, add).collect();
    let front = (A / (2.0 * L as f64)).exp() / (2.0 * L as f64 * t);
    let (best, other) = (euler_average(&partial), euler_average(&partial[..partial.len() - 3]));
    (front * (values[0].re + 2.0 * best), 2.0 * front * (best - other).abs())
}

/// Binomial average of the last `AVERAGED` + 1 partial sums of an alternating series.
fn euler_average(partial: &[f64]) -> f64 {
    let mut weight = 0.5_f64.powi(AVERAGED as i32);
    let mut sum = 0.0;
    for (k, value) in partial[partial.len() - 1 - AVERAGED..].iter().enumerate() {
        sum += weight * value;
        weight *= (AVERAGED - k) as f64 / (k + 1) as f64;
    }
    sum
}

/// E\[e^{-sS}\]; `None` for laws without a closed transform.
pub(crate) fn laplace(law: &Dist, s: Complex<f64>) -> Option<Complex<f64>> {
    Some(ln_laplace(law, s)?.exp())
}

/// Whether a law has a closed transform.
pub(crate) fn is_closed(law: &Dist) -> bool {
    ln_laplace(law, Complex::new(1.0, 1.0)).is_some()
}

/// Transform of the M/G/1 wait, from that of the service at s.
///
/// Formula: (1 - rho) s / (s - lambda (1 - beta)).
pub(crate) fn mg1_wait(lambda: f64, rho: f64, s: Complex<f64>, service: Complex<f64>) -> Complex<f64> {
    s * (1.0 - rho) / (s - (Complex::new(1.0, 0.0) - service) * lambda)
}

/// Transform of what is left of a time at a random instant in it: (1 - E\[e^{-sV}\])/(s E\[V\]).
pub(crate) fn residual(mean: f64, s: Complex<f64>, transform: Complex<f64>) -> Complex<f64> {
    (Complex::new(1.0, 0.0) - transform) / (s * mean)
}
