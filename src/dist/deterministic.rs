//! A constant: D in Kendall's notation.

use super::Law;
use rand::Rng;

/// Always the same value, seconds.
///
/// Formula: P(X = value) = 1, scv 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deterministic(pub(super) f64);

impl Law for Deterministic {
    const NAME: &str = "deterministic";

    fn mean(&self) -> f64 {
        self.0
    }

    fn scv(&self) -> f64 {
        0.0
    }

    fn third_moment(&self) -> f64 {
        self.0.powi(3)
    }

    fn cdf(&self, x: f64) -> f64 {
        f64::from(u8::from(x >= self.0))
    }

    fn quantile(&self, _p: f64) -> f64 {
        self.0
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, _rng: &mut R) -> f64 {
        self.0
    }
}
