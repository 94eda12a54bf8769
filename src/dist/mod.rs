//! Distributions of times and of batch sizes. Each has its formula, moments, distribution
//! function, quantile and sampler. Knows nothing of queues.

use rand::{Rng, RngExt};
use std::fmt;

/// Why parameters name no distribution: the parameter, its value and the valid range.
#[derive(Debug, Clone, PartialEq)]
pub struct DistError(pub String);

impl fmt::Display for DistError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DistError {}

/// A distribution of non-negative times, seconds.
#[derive(Debug, Clone)]
pub enum Dist {
    /// Always the same value.
    Deterministic(f64),
    /// Exponential with that mean.
    Exponential(f64),
}

impl Dist {
    /// Mean, seconds; may be infinite (Pareto).
    pub fn mean(&self) -> f64 {
        match self {
            Dist::Deterministic(x) | Dist::Exponential(x) => *x,
        }
    }

    /// Squared coefficient of variation; may be infinite; 0 where the mean is 0.
    pub fn scv(&self) -> f64 {
        match self {
            Dist::Deterministic(_) => 0.0,
            Dist::Exponential(_) => 1.0,
        }
    }

    /// P(X <= x).
    pub fn cdf(&self, x: f64) -> f64 {
        match self {
            Dist::Deterministic(d) => f64::from(u8::from(x >= *d)),
            Dist::Exponential(mean) => -(-x.max(0.0) / mean).exp_m1(),
        }
    }

    /// Draws one value.
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self {
            Dist::Deterministic(x) => *x,
            Dist::Exponential(mean) => -mean * (1.0 - rng.random::<f64>()).ln(),
        }
    }
}

/// A distribution of whole numbers >= 1: batch sizes.
#[derive(Debug, Clone)]
pub enum Count {
    /// Always the same.
    Constant(u32),
}

impl Count {
    /// Mean.
    pub fn mean(&self) -> f64 {
        match self {
            Count::Constant(n) => f64::from(*n),
        }
    }

    /// Draws one value (>= 1).
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, _rng: &mut R) -> u32 {
        match self {
            Count::Constant(n) => *n,
        }
    }
}
