//! The lognormal law: products of many small factors; long but finite tails of service
//! times.

use super::{DistError, Law, check, normal};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// Lognormal law: ln X is normal of mean mu and standard deviation sigma.
///
/// Formula: mean exp(mu + sigma^2/2), scv exp(sigma^2) - 1, E\[X^n\] = exp(n mu + n^2 sigma^2/2).
/// Reference: Law (2015), 6.2.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lognormal {
    mu: f64,
    sigma: f64,
}

impl Lognormal {
    /// By `mu` (any) and `sigma` > 0 of the logarithm of the time in seconds.
    pub fn new(mu: f64, sigma: f64) -> Result<Lognormal, DistError> {
        check::within("mu", mu, mu.is_finite(), "finite")?;
        check::positive("sigma", sigma)?;
        let law = Lognormal { mu, sigma };
        check::within("mean exp(mu + sigma^2/2)", law.mean(), law.mean().is_normal(), "a positive finite number")?;
        Ok(law)
    }

    /// By `mean` and `scv`, both > 0: sigma^2 = ln(1 + scv), mu = ln mean - sigma^2/2.
    pub fn from_mean_scv(mean: f64, scv: f64) -> Result<Lognormal, DistError> {
        check::positive("mean", mean)?;
        let variance = check::positive("scv", scv)?.ln_1p();
        Lognormal::new(mean.ln() - 0.5 * variance, variance.sqrt())
    }
}

impl Law for Lognormal {
    const NAME: &str = "lognormal";

    fn mean(&self) -> f64 {
        (self.mu + 0.5 * self.sigma * self.sigma).exp()
    }

    fn scv(&self) -> f64 {
        (self.sigma * self.sigma).exp_m1()
    }

    fn third_moment(&self) -> f64 {
        (3.0 * self.mu + 4.5 * self.sigma * self.sigma).exp()
    }

    fn cdf(&self, x: f64) -> f64 {
        normal::lower((x.max(0.0).ln() - self.mu) / self.sigma)
    }

    fn survival(&self, x: f64) -> f64 {
        normal::upper((x.max(0.0).ln() - self.mu) / self.sigma)
    }

    fn quantile(&self, p: f64) -> f64 {
        (self.mu + self.sigma * normal::quantile(p)).exp()
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let z: f64 = rng.sample(StandardNormal);
        (self.mu + self.sigma * z).exp()
    }
}
