//! Gamma and Erlang laws: sums of exponential stages, and their continuation to any shape.

use super::{DistError, Law, check};
use rand::Rng;
use rand_distr::Distribution;
use statrs::function::gamma::{gamma_lr, gamma_ur};

/// Gamma law by shape and scale (seconds).
///
/// Formula: density x^(shape-1) exp(-x/scale) / (Gamma(shape) scale^shape); mean
/// shape * scale, scv 1 / shape, E\[X^3\] = shape (shape+1) (shape+2) scale^3.
/// Reference: Law (2015), 6.2.2; sampled after Marsaglia and Tsang (2000).
#[derive(Debug, Clone)]
pub struct Gamma {
    shape: f64,
    scale: f64,
    sampler: rand_distr::Gamma<f64>,
}

impl Gamma {
    /// By `shape` and `scale`, both > 0.
    pub fn new(shape: f64, scale: f64) -> Result<Gamma, DistError> {
        check::positive("shape", shape)?;
        check::positive("scale", scale)?;
        let sampler = rand_distr::Gamma::new(shape, scale)
            .map_err(|e| DistError(format!("`shape` {shape} with `scale` {scale} cannot be sampled: {e}")))?;
        Ok(Gamma { shape, scale, sampler })
    }

    /// By `mean` and `scv`, both > 0: shape 1 / scv, scale mean * scv.
    pub fn from_mean_scv(mean: f64, scv: f64) -> Result<Gamma, DistError> {
        check::positive("mean", mean)?;
        check::positive("scv", scv)?;
        Gamma::new(1.0 / scv, mean * scv)
    }

    /// Shape parameter.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// Scale parameter, seconds.
    pub fn scale(&self) -> f64 {
        self.scale
    }
}

impl Law for Gamma {
    const NAME: &str = "gamma";

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn scv(&self) -> f64 {
        1.0 / self.shape
    }

    fn third_moment(&self) -> f64 {
        self.shape * (self.shape + 1.0) * (self.shape + 2.0) * self.scale.powi(3)
    }

    fn cdf(&self, x: f64) -> f64 {
        let y = x / self.scale;
        if y <= 0.0 {
            0.0
        } else if y == f64::INFINITY {
            1.0
        } else {
            gamma_lr(self.shape, y)
        }
    }

    fn survival(&self, x: f64) -> f64 {
        let y = x / self.scale;
        if y <= 0.0 {
            1.0
        } else if y == f64::INFINITY {
            0.0
        } else {
            gamma_ur(self.shape, y)
        }
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.sampler.sample(rng)
    }
}

/// Erlang law: the sum of k independent exponential stages; E_k in Kendall's notation.
///
/// Formula: gamma law of shape k and scale mean / k; scv 1 / k.
/// Reference: Tijms, A First Course in Stochastic Models (2003), appendix B.
#[derive(Debug, Clone)]
pub struct Erlang {
    stages: u32,
    /// The same law.
    pub(super) gamma: Gamma,
}

impl Erlang {
    /// `k` >= 1 stages that together last `mean` > 0 on average.
    pub fn new(k: u32, mean: f64) -> Result<Erlang, DistError> {
        check::within("k", f64::from(k), k >= 1, ">= 1")?;
        check::positive("mean", mean)?;
        Ok(Erlang { stages: k, gamma: Gamma::new(f64::from(k), mean / f64::from(k))? })
    }

    /// Number of stages.
    pub fn k(&self) -> u32 {
        self.stages
    }
}
