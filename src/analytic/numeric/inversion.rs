//! Laws of times from their complex transforms: Euler summation of the Bromwich integral. Knows no
//! queue but the M/G/1 wait that every decomposition starts from.

use super::transform::ln_laplace;
use crate::analytic::law::TimeLaw;
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
/// Tails below this are rounding.
const LEAST: f64 = 1e-11;

/// A time known by its transform, `atom` being P(time = 0) and `mean` its mean.
///
/// Formula: P(T > t) is the inverse of (1 - E\[e^{-sT}\])/s, summed by Euler's method.
/// Units: seconds. Valid when: t is no jump of the law; error about 1e-12/(1 - rho), absolute. Where
/// the two summations that are compared differ by more than a millionth, or below 1e-11, the tail is not a
/// number and no quantile is given.
/// Reference: Abate, Choudhury, Whitt, An introduction to numerical transform inversion (1999), sec. 4.
///
/// ```
/// use lindley::analytic::numeric::inversion::law_of_transform;
/// use nalgebra::Complex;
/// let law = law_of_transform(1.0, 0.0, "exponential", |s| Some(Complex::new(1.0, 0.0) / (s + 1.0)));
/// assert!((law.quantile(0.99).unwrap() - 100.0_f64.ln()).abs() < 1e-9);
/// ```
pub fn law_of_transform(
    mean: f64,
    atom: f64,
    method: &'static str,
    transform: impl Fn(Complex<f64>) -> Option<Complex<f64>> + Send + Sync + 'static,
) -> TimeLaw {
    let tail = move |s: Complex<f64>| transform(s).map(|value| (Complex::new(1.0, 0.0) - value) / s);
    TimeLaw::computed(mean, method, move |t| if t <= 0.0 { 1.0 - atom } else { invert(t, &tail).unwrap_or(f64::NAN) })
}

/// Laws of a wait of that mean, 0 but for a share `prob_wait`, and of the sojourn of that mean, from the
/// transforms of the wait and of the independent time that follows it.
pub(crate) fn wait_and_sojourn(
    (wait, prob_wait, sojourn): (f64, f64, f64),
    method: &'static str,
    transforms: impl Fn(Complex<f64>) -> Option<(Complex<f64>, Complex<f64>)> + Clone + Send + Sync + 'static,
) -> (TimeLaw, TimeLaw) {
    let own = transforms.clone();
    let both = move |s: Complex<f64>| own(s).map(|(wait, service)| wait * service);
    let wait = law_of_transform(wait, 1.0 - prob_wait, method, move |s| Some(transforms(s)?.0));
    (wait, law_of_transform(sojourn, 0.0, method, both))
}

fn invert(t: f64, tail: &impl Fn(Complex<f64>) -> Option<Complex<f64>>) -> Option<f64> {
    let values: Option<Vec<Complex<f64>>> = (0..ABSCISSAS).map(|q| tail(abscissa(q, t))).collect();
    let (whole, error) = euler(t, &values?);
    (whole > LEAST && whole < 1.0 + 1e-9 && error <= 1e-6 * whole.max(1e-4)).then_some(whole.min(1.0))
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mg1::Mg1;

    #[test]
    fn the_wait_of_mg1_by_another_way() {
        let service = Dist::erlang(3, 1.0).unwrap();
        let exact = Mg1::new(0.8, &service).unwrap().laws().unwrap().0;
        let own = service.clone();
        let law = law_of_transform(1.0, 0.2, "test", move |s| Some(mg1_wait(0.8, 0.8, s, laplace(&own, s)?)));
        for t in [0.0, 0.1, 1.0, 5.0, 20.0] {
            assert!((law.survival(t) - exact.survival(t)).abs() < 1e-11, "{t}");
        }
        for p in [0.1, 0.5, 0.99, 0.9999] {
            let (a, b) = (law.quantile(p).unwrap(), exact.quantile(p).unwrap());
            assert!((a - b).abs() < 1e-6 * b.max(1e-9), "{p}: {a} {b}");
        }
    }

    #[test]
    fn jumps_are_not_pretended_to_be_smooth() {
        let law = law_of_transform(1.0, 0.0, "constant", |s| Some((-s).exp()));
        assert_eq!(law.quantile(0.5), None);
    }
}
