//! The Weibull law: hazards that rise (shape > 1) or fall (shape < 1) as a power of age.

use super::solve::{falling_root, unit_exponential};
use super::{DistError, Law, check};
use libm::{lgamma, tgamma};
use rand::Rng;

/// Weibull law by shape and scale (seconds).
///
/// Formula: P(X > x) = exp(-(x/scale)^shape); E\[X^n\] = scale^n Gamma(1 + n/shape).
/// Reference: Law (2015), 6.2.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    shape: f64,
    scale: f64,
}

/// ln(1 + scv) as a function of the shape; falls from infinity to 0.
fn log_second_moment_ratio(shape: f64) -> f64 {
    lgamma(1.0 + 2.0 / shape) - 2.0 * lgamma(1.0 + 1.0 / shape)
}

const SHAPES: (f64, f64) = (0.02, 1e4);

impl Weibull {
    /// By `shape` and `scale` > 0.
    pub fn new(shape: f64, scale: f64) -> Result<Weibull, DistError> {
        check::within("shape", shape, (SHAPES.0..=SHAPES.1).contains(&shape), "in [0.02, 1e4]")?;
        check::positive("scale", scale)?;
        Ok(Weibull { shape, scale })
    }

    /// By `mean` > 0 and `scv` in [1e-6, 1e12]; the shape solves
    /// 1 + scv = Gamma(1 + 2/shape) / Gamma(1 + 1/shape)^2.
    pub fn from_mean_scv(mean: f64, scv: f64) -> Result<Weibull, DistError> {
        check::positive("mean", mean)?;
        check::within("scv", scv, (1e-6..=1e12).contains(&scv), "in [1e-6, 1e12]")?;
        let target = scv.ln_1p();
        let shape = falling_root(SHAPES.0, SHAPES.1, |k| log_second_moment_ratio(k) - target);
        Weibull::new(shape, mean / tgamma(1.0 + 1.0 / shape))
    }

    /// Shape parameter.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// Scale parameter, seconds.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    fn hazard(&self, x: f64) -> f64 {
        (x.max(0.0) / self.scale).powf(self.shape)
    }
}

impl Law for Weibull {
    const NAME: &str = "weibull";

    fn mean(&self) -> f64 {
        self.scale * tgamma(1.0 + 1.0 / self.shape)
    }

    fn scv(&self) -> f64 {
        log_second_moment_ratio(self.shape).exp_m1()
    }

    fn third_moment(&self) -> f64 {
        self.scale.powi(3) * tgamma(1.0 + 3.0 / self.shape)
    }

    fn cdf(&self, x: f64) -> f64 {
        -(-self.hazard(x)).exp_m1()
    }

    fn survival(&self, x: f64) -> f64 {
        (-self.hazard(x)).exp()
    }

    fn quantile(&self, p: f64) -> f64 {
        self.scale * (-(-p).ln_1p()).powf(1.0 / self.shape)
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.scale * unit_exponential(rng).powf(1.0 / self.shape)
    }
}
