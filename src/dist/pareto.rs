//! Power laws: the Pareto law of type I, whose moments may be infinite, and its bounded cousin, whose moments
//! are not.

use super::solve::unit_exponential;
use super::{DistError, Law, check};
use rand::Rng;

/// Pareto law of type I.
///
/// Formula: P(X > x) = (minimum/x)^alpha for x >= minimum; E\[X^n\] = alpha minimum^n / (alpha - n)
/// for n < alpha, else infinite; scv 1 / (alpha (alpha - 2)) for alpha > 2.
/// Reference: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), ch. 20.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    minimum: f64,
    alpha: f64,
}

impl Pareto {
    /// By `minimum` > 0 (seconds) and tail index `alpha` > 0.
    pub fn new(minimum: f64, alpha: f64) -> Result<Pareto, DistError> {
        check::positive("minimum", minimum)?;
        check::positive("alpha", alpha)?;
        Ok(Pareto { minimum, alpha })
    }

    /// By `mean` and `scv`, both > 0: alpha = 1 + sqrt(1 + 1/scv), always above 2.
    pub fn from_mean_scv(mean: f64, scv: f64) -> Result<Pareto, DistError> {
        check::positive("mean", mean)?;
        check::positive("scv", scv)?;
        let alpha = 1.0 + (1.0 + 1.0 / scv).sqrt();
        Pareto::new(mean * (alpha - 1.0) / alpha, alpha)
    }

    fn moment(&self, n: i32) -> f64 {
        let gap = self.alpha - f64::from(n);
        if gap > 0.0 { self.alpha * self.minimum.powi(n) / gap } else { f64::INFINITY }
    }
}

impl Law for Pareto {
    const NAME: &str = "pareto";

    fn mean(&self) -> f64 {
        self.moment(1)
    }

    fn scv(&self) -> f64 {
        if self.alpha > 2.0 { 1.0 / (self.alpha * (self.alpha - 2.0)) } else { f64::INFINITY }
    }

    fn tail_index(&self) -> f64 {
        self.alpha
    }

    fn third_moment(&self) -> f64 {
        self.moment(3)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.minimum { 0.0 } else { -(self.alpha * (self.minimum / x).ln()).exp_m1() }
    }

    fn survival(&self, x: f64) -> f64 {
        if x <= self.minimum { 1.0 } else { (self.minimum / x).powf(self.alpha) }
    }

    fn quantile(&self, p: f64) -> f64 {
        self.minimum * (-(-p).ln_1p() / self.alpha).exp()
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.minimum * (unit_exponential(rng) / self.alpha).exp()
    }
}

/// Pareto law cut off at both ends.
///
/// Formula: P(X <= x) = (1 - (low/x)^alpha) / (1 - (low/high)^alpha) on [low, high]; with
/// r = ln(high/low), E\[X^n\] = alpha low^n / (1 - exp(-alpha r)) * (exp((n-alpha) r) - 1)/(n-alpha),
/// the last factor being r at n = alpha.
/// Reference: Harchol-Balter, Performance Modeling and Design of Computer Systems (2013), 20.4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundedPareto {
    low: f64,
    log_range: f64,
    alpha: f64,
}

impl BoundedPareto {
    /// On [`low`, `high`], 0 < low < high, with index `alpha` > 0.
    pub fn new(low: f64, high: f64, alpha: f64) -> Result<BoundedPareto, DistError> {
        check::positive("low", low)?;
        check::above("high", high, "low", low)?;
        check::positive("alpha", alpha)?;
        Ok(BoundedPareto { low, log_range: (high / low).ln(), alpha })
    }

    /// P(unbounded law <= high).
    fn kept(&self) -> f64 {
        -(-self.alpha * self.log_range).exp_m1()
    }

    fn moment(&self, n: i32) -> f64 {
        let d = f64::from(n) - self.alpha;
        let span = if d == 0.0 { self.log_range } else { (d * self.log_range).exp_m1() / d };
        self.alpha * self.low.powi(n) * span / self.kept()
    }
}

impl Law for BoundedPareto {
    const NAME: &str = "bounded_pareto";

    fn mean(&self) -> f64 {
        self.moment(1)
    }

    fn scv(&self) -> f64 {
        (self.moment(2) / self.mean().powi(2) - 1.0).max(0.0)
    }

    fn third_moment(&self) -> f64 {
        self.moment(3)
    }

    fn cdf(&self, x: f64) -> f64 {
        let y = (x.max(0.0) / self.low).ln().clamp(0.0, self.log_range);
        (-self.alpha * y).exp_m1() / (-self.alpha * self.log_range).exp_m1()
    }

    fn survival(&self, x: f64) -> f64 {
        let y = (x.max(0.0) / self.low).ln().clamp(0.0, self.log_range);
        (-self.alpha * y).exp() * -(-self.alpha * (self.log_range - y)).exp_m1() / self.kept()
    }

    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        self.low * (-(-p * self.kept()).ln_1p() / self.alpha).min(self.log_range).exp()
    }
}
