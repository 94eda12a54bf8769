//! What every law can tell, and why parameters name none.

use super::solve::invert;
use rand::{Rng, RngExt};

/// Why parameters name no distribution: the parameter, its value and the valid range.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct DistError(pub String);

/// What every law of non-negative times can tell. Times are in seconds.
pub trait Law {
    /// Lower-case name, as model files write it.
    const NAME: &'static str;

    /// That name.
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// Mean; may be infinite.
    fn mean(&self) -> f64;

    /// Squared coefficient of variation, variance / mean^2; may be infinite; 0 where the mean is 0.
    fn scv(&self) -> f64;

    /// E\[X^3\]; may be infinite.
    fn third_moment(&self) -> f64;

    /// The order from which on there are no moments: E\[X^r\] is finite exactly for r below it.
    fn tail_index(&self) -> f64 {
        f64::INFINITY
    }

    /// P(X <= x).
    fn cdf(&self, x: f64) -> f64;

    /// P(X > x), where possible without cancellation in the tail.
    fn survival(&self, x: f64) -> f64 {
        1.0 - self.cdf(x)
    }

    /// Smallest x with P(X <= x) >= p; the ends of the support at 0 and 1. By bisection, unless there is
    /// a better way; for laws without a largest value.
    fn quantile(&self, p: f64) -> f64 {
        if p >= 1.0 { f64::INFINITY } else { invert(p, |x| self.cdf(x)) }
    }

    /// Draws one value; by inversion, unless there is a better way.
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(rng.random())
    }
}
