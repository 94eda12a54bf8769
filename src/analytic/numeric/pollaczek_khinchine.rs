//! The wait and sojourn of M/G/1 for any service law, by numerical inversion of the Pollaczek-Khinchine
//! transform. The transform of the service law is computed by quadrature of its survival function, so no law
//! needs to know its own.

use super::inversion::{ABSCISSAS, abscissa, euler};
use super::kinks::breakpoints;
use super::quadrature::{for_each_panel, points};
use super::root::crossing;
use crate::dist::Dist;
use nalgebra::Complex;
use std::f64::consts::PI;
use std::sync::Arc;

/// Error of a survival probability from discretisation, when the sums converge.
const FLOOR: f64 = 1e-12;
/// Rounding error of the same, amplified by 1/(1-rho).
const ROUNDING: f64 = 1e-13;
/// Largest estimated relative error of a survival probability from which a quantile is taken.
const ACCEPTED: f64 = 1e-6;

/// M/G/1 with its service law, ready for inversion.
///
/// Formula: with g(s) = integral of e^{-su} P(S > u) du, the transform of P(wait > t) is
/// (rho - lambda g) / (s (1 - lambda g)), and that of rho + (1-rho) P(S > t) - P(sojourn > t) is
/// (1 - s g) lambda g (1-rho) / (s (1 - lambda g)), which is smoother than the sojourn itself.
/// Inverted by the Euler method on the Bromwich integral.
/// Units: lambda per second, times in seconds.
/// Valid when: rho = lambda E\[S\] < 1, first in first out; moments may be infinite.
/// Error: for service laws with a smooth density below 1e-12 + 1e-13/(1-rho), absolute, in the
/// survival probability; where the law has jumps or kinks convergence is slower, the error is estimated
/// from two summations, and a quantile is refused if that exceeds 1e-6 of the probability.
/// Reference: Abate, Choudhury, Whitt, An introduction to numerical transform inversion (1999),
/// sec. 4; Takagi, Queueing Analysis 1 (1991), sec. 1.2 for the transforms.
#[derive(Debug, Clone)]
pub struct PollaczekKhinchine {
    lambda: f64,
    service: Dist,
    mean: f64,
    wait: f64,
    breaks: Arc<[f64]>,
}

impl PollaczekKhinchine {
    /// The queue with arrival rate `lambda`, mean wait `wait` (for a first guess), and a service
    /// law whose survival function is smooth between the `kinks`.
    pub fn new(lambda: f64, service: &Dist, wait: f64, kinks: &[f64]) -> PollaczekKhinchine {
        let breaks = breakpoints(service, kinks).into();
        PollaczekKhinchine { lambda, service: service.clone(), mean: service.mean(), wait, breaks }
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.wait
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait + self.mean
    }

    /// P(wait > t).
    pub fn wait_survival(&self, t: f64) -> f64 {
        self.wait_tail(t).0
    }

    /// P(sojourn > t).
    pub fn sojourn_survival(&self, t: f64) -> f64 {
        self.sojourn_tail(t).0
    }

    /// Smallest t with P(wait > t) <= `level`; `None` where the numerics do not reach it.
    pub(crate) fn wait_quantile(&self, level: f64) -> Option<f64> {
        self.quantile(level, |t| self.wait_tail(t))
    }

    /// Smallest t with P(sojourn > t) <= `level`; `None` where the numerics do not reach it.
    pub(crate) fn sojourn_quantile(&self, level: f64) -> Option<f64> {
        self.quantile(level, |t| self.sojourn_tail(t))
    }

    fn quantile(&self, level: f64, tail: impl Fn(f64) -> (f64, f64)) -> Option<f64> {
        let t = crossing(|t| tail(t).0, level, self.mean)?;
        let error = if t > 0.0 { tail(t).1 } else { 0.0 };
        (error <= ACCEPTED * level).then_some(t)
    }

    /// P(wait > t) and its estimated error.
    fn wait_tail(&self, t: f64) -> (f64, f64) {
        let rho = self.lambda * self.mean;
        if t <= 0.0 {
            return (rho, 0.0);
        }
        self.invert(t, |s, g| (rho - self.lambda * g) / (s * (1.0 - self.lambda * g)))
    }

    /// P(sojourn > t) and its estimated error.
    fn sojourn_tail(&self, t: f64) -> (f64, f64) {
        if t <= 0.0 {
            return (1.0, 0.0);
        }
        let rho = self.lambda * self.mean;
        let caught_up =
            |s, g: Complex<f64>| (1.0 - s * g) * g * self.lambda * (1.0 - rho) / (s * (1.0 - self.lambda * g));
        let (value, error) = self.invert(t, caught_up);
        let tail = rho - value + (1.0 - rho) * self.service.survival(t);
        (tail.clamp(0.0, 1.0), error)
    }

    /// Euler inversion at t > 0 of a transform given through s and g(s).
    fn invert(&self, t: f64, transform: impl Fn(Complex<f64>, Complex<f64>) -> Complex<f64>) -> (f64, f64) {
        let values: Vec<Complex<f64>> =
            self.service_transforms(t).into_iter().enumerate().map(|(q, g)| transform(abscissa(q, t), g)).collect();
        let (whole, error) = euler(t, &values);
        (whole.clamp(0.0, 1.0), self.floor() + error)
    }

    /// Error that remains where the sums converge.
    fn floor(&self) -> f64 {
        FLOOR + ROUNDING / (1.0 - self.lambda * self.mean)
    }

    /// g(s) at every abscissa of the inversion at t: Gauss-Legendre panels, the phase turned
    /// from one abscissa to the next by one complex product.
    fn service_transforms(&self, t: f64) -> Vec<Complex<f64>> {
        let (decay, step) = (abscissa(0, t).re, abscissa(1, t).im);
        let mut sums = vec![Complex::new(0.0, 0.0); ABSCISSAS];
        // At most two turns of the fastest phase in a panel: 16 points then reach 1e-16.
        let widest = 4.0 * PI / (step * ABSCISSAS as f64);
        // e^{-37}: what lies beyond has no digit in common with the sum.
        let end = 37.0 / decay;
        for_each_panel(&self.breaks, widest, end, |low, high| {
            for (u, w) in points(low, high) {
                let weight = w * self.service.survival(u) * (-decay * u).exp();
                let turn = Complex::from_polar(1.0, -step * u);
                let mut term = Complex::new(weight, 0.0);
                for sum in &mut sums {
                    *sum += term;
                    term *= turn;
                }
            }
        });
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mg1::Mg1;

    fn inverse(lambda: f64, service: &Dist) -> PollaczekKhinchine {
        let wait = Mg1::new(lambda, service).unwrap().wait();
        PollaczekKhinchine::new(lambda, service, wait, &[service.quantile(0.0), service.quantile(1.0)])
    }

    /// Oracle: the exact laws of `mek1` and `mh1`, obtained without any transform.
    #[test]
    fn agrees_with_exact_laws() {
        let branches = Dist::hyperexponential(&[0.9, 0.1], &[0.5, 5.5]).unwrap();
        for service in [Dist::Exponential(1.0), Dist::erlang(4, 1.0).unwrap(), branches] {
            let (wait, sojourn) = Mg1::new(0.8, &service).unwrap().laws().unwrap();
            let inverse = inverse(0.8, &service);
            for t in [0.01, 0.7, 1.3, 5.0, 20.0, 100.0] {
                let wrong = inverse.wait_survival(t) - wait.survival(t);
                assert!(wrong.abs() < FLOOR, "{} wait at {t}: {wrong:e}", service.name());
                let wrong = inverse.sojourn_survival(t) - sojourn.survival(t);
                assert!(wrong.abs() < FLOOR, "{} sojourn at {t}: {wrong:e}", service.name());
            }
        }
    }

    /// Renewal equation of the wait, Z(t) = rho (1 - B_e(t)) + lambda int_0^t P(S > u) Z(t - u) du,
    /// by the trapezoidal rule in n steps (error O(n^-2)).
    fn by_renewal_equation(lambda: f64, service: &Dist, t: f64, n: usize) -> f64 {
        let h = t / n as f64;
        let kernel: Vec<f64> = (0..=n).map(|i| lambda * h * service.survival(h * i as f64)).collect();
        let mut tail = vec![lambda * service.mean()];
        let mut residual = tail[0];
        for i in 1..=n {
            residual -= 0.5 * (kernel[i - 1] + kernel[i]);
            let past: f64 = (1..i).map(|j| kernel[j] * tail[i - j]).sum();
            tail.push((residual + past + 0.5 * kernel[i] * tail[0]) / (1.0 - 0.5 * kernel[0]));
        }
        tail[n]
    }

    #[test]
    fn agrees_with_the_renewal_equation() {
        for (lambda, service) in [
            (0.5, Dist::lognormal(1.0, 4.0).unwrap()),
            (0.7, Dist::uniform(0.0, 2.0).unwrap()),
            (0.6, Dist::weibull(1.0, 0.5).unwrap()),
            (0.4, Dist::pareto(1.0, 2.2).unwrap()),
        ] {
            for t in [2.5, 9.0] {
                let (coarse, fine) =
                    (by_renewal_equation(lambda, &service, t, 1500), by_renewal_equation(lambda, &service, t, 3000));
                let limit = fine + (fine - coarse) / 3.0;
                let (value, _) = inverse(lambda, &service).wait_tail(t);
                assert!((value / limit - 1.0).abs() < 2e-5, "{} at {t}: {value} {limit}", service.name());
                // Power twin: one per cent more arrivals are seen.
                let (other, _) = inverse(1.01 * lambda, &service).wait_tail(t);
                assert!((other / limit - 1.0).abs() > 1e-3, "{} at {t}: {other} {limit}", service.name());
            }
        }
    }

    #[test]
    fn what_does_not_converge_is_refused() {
        // Constant service has jumps; `md1` is the right way there.
        let inverse = inverse(0.8, &Dist::Deterministic(1.0));
        assert_eq!(inverse.sojourn_quantile(0.5), None);
        let (value, error) = inverse.wait_tail(20.0);
        assert!((value - 1.568_436_306_98e-4).abs() < 10.0 * error.max(1e-11), "{value} {error}");
    }

    #[test]
    fn heavy_tails_end() {
        let service = Dist::pareto(6.0 / 11.0, 2.2).unwrap();
        let queue = inverse(0.8, &service);
        let quantile = queue.wait_quantile(1e-3).unwrap();
        // Tail equivalence (Pakes 1975): P(W > t) ~ rho/(1-rho) P(S_e > t), from above at this t.
        let residual = (6.0_f64 / 11.0).powf(2.2) / 1.2 * quantile.powf(-1.2);
        assert!((0.8..1.0).contains(&(4.0 * residual / 1e-3)), "{quantile}");
    }
}
