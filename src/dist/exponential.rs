//! The memoryless law: M in Kendall's notation.

use super::Law;
use super::solve::unit_exponential;
use rand::Rng;

/// Exponential law by its mean, seconds.
///
/// Formula: P(X > x) = exp(-x / mean); scv 1; E\[X^3\] = 6 mean^3.
/// Reference: Law, Simulation Modeling and Analysis (2015), 6.2.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponential(pub(super) f64);

impl Law for Exponential {
    const NAME: &str = "exponential";

    fn mean(&self) -> f64 {
        self.0
    }

    fn scv(&self) -> f64 {
        1.0
    }

    fn third_moment(&self) -> f64 {
        6.0 * self.0.powi(3)
    }

    fn cdf(&self, x: f64) -> f64 {
        -(-x.max(0.0) / self.0).exp_m1()
    }

    fn survival(&self, x: f64) -> f64 {
        (-x.max(0.0) / self.0).exp()
    }

    fn quantile(&self, p: f64) -> f64 {
        -self.0 * (-p).ln_1p()
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.0 * unit_exponential(rng)
    }
}
