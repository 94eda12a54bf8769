//! Distributions of times and of batch sizes. Each has its formula, moments, distribution function, quantile
//! and sampler.
//!
//! [`Dist`] is the closed enumeration the rest of the library uses, one variant per law;
//! each law is a struct in its own file with [`Law`] as its interface. Drawing a value
//! allocates nothing and looks up no name.

pub(crate) mod bisect;
mod bounded;
mod build;
mod check;
mod compound;
mod count;
mod coxian;
mod deterministic;
mod empirical;
mod exponential;
mod gamma;
mod hyperexponential;
#[cfg(test)]
pub(crate) mod ks;
mod lognormal;
mod normal;
mod pareto;
mod phase_type;
pub(crate) mod solve;
#[cfg(test)]
mod stability;
#[cfg(test)]
mod tests;
mod truncated_normal;
mod weibull;

pub use bounded::{Triangular, Uniform};
pub use compound::{Mixture, Shifted};
pub use count::{Choice, Count, Geometric, ShiftedPoisson};
pub use coxian::Coxian;
pub use deterministic::Deterministic;
pub use empirical::{Empirical, Histogram};
pub use exponential::Exponential;
pub use gamma::{Erlang, Gamma};
pub use hyperexponential::Hyperexponential;
pub use lognormal::Lognormal;
pub use pareto::{BoundedPareto, Pareto};
pub use phase_type::PhaseType;
pub use truncated_normal::TruncatedNormal;
pub use weibull::Weibull;

use rand::Rng;
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

/// What every law of non-negative times can tell. Times are in seconds.
pub trait Law {
    /// Lower-case name, as model files write it.
    fn name(&self) -> &'static str;

    /// Mean; may be infinite.
    fn mean(&self) -> f64;

    /// Squared coefficient of variation, variance / mean^2; may be infinite; 0 where the mean is 0.
    fn scv(&self) -> f64;

    /// E\[X^3\]; may be infinite.
    fn third_moment(&self) -> f64;

    /// P(X <= x).
    fn cdf(&self, x: f64) -> f64;

    /// P(X > x), where possible without cancellation in the tail.
    fn survival(&self, x: f64) -> f64 {
        1.0 - self.cdf(x)
    }

    /// Smallest x with P(X <= x) >= p; the ends of the support at 0 and 1.
    fn quantile(&self, p: f64) -> f64;

    /// Draws one value.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64;
}

/// A distribution of non-negative times, seconds.
///
/// ```
/// use lindley::dist::Dist;
/// let service = Dist::erlang(4, 0.2).unwrap();
/// assert_eq!(service.mean(), 0.2);
/// assert_eq!(service.scv(), 0.25);
/// assert!(Dist::erlang(0, 0.2).unwrap_err().to_string().contains("`k` is 0"));
/// ```
#[derive(Debug, Clone)]
pub enum Dist {
    /// Always the same value.
    Deterministic(f64),
    /// Exponential with that mean.
    Exponential(f64),
    /// Sum of equal exponential stages.
    Erlang(Box<Erlang>),
    /// Gamma.
    Gamma(Box<Gamma>),
    /// Probabilistic choice of exponentials.
    Hyperexponential(Box<Hyperexponential>),
    /// Exponential stages with a chance to leave after each.
    Coxian(Box<Coxian>),
    /// Time to absorption of a Markov chain.
    PhaseType(Box<PhaseType>),
    /// Lognormal.
    Lognormal(Lognormal),
    /// Weibull.
    Weibull(Weibull),
    /// Pareto of type I.
    Pareto(Pareto),
    /// Pareto cut at both ends.
    BoundedPareto(BoundedPareto),
    /// Uniform on an interval.
    Uniform(Uniform),
    /// Triangular on an interval.
    Triangular(Triangular),
    /// Normal cut to an interval.
    TruncatedNormal(Box<TruncatedNormal>),
    /// One of several laws, drawn by weight.
    Mixture(Box<Mixture>),
    /// A fixed part plus a random one.
    Shifted(Box<Shifted>),
    /// Resampled records.
    Empirical(Box<Empirical>),
    /// Piecewise uniform.
    Histogram(Box<Histogram>),
}

/// Evaluates an expression on whichever law a `Dist` holds.
macro_rules! each {
    ($dist:expr, $law:ident => $body:expr) => {
        match $dist {
            Dist::Deterministic(value) => {
                let $law = Deterministic(*value);
                $body
            }
            Dist::Exponential(mean) => {
                let $law = Exponential(*mean);
                $body
            }
            Dist::Erlang($law) => $body,
            Dist::Gamma($law) => $body,
            Dist::Hyperexponential($law) => $body,
            Dist::Coxian($law) => $body,
            Dist::PhaseType($law) => $body,
            Dist::Lognormal($law) => $body,
            Dist::Weibull($law) => $body,
            Dist::Pareto($law) => $body,
            Dist::BoundedPareto($law) => $body,
            Dist::Uniform($law) => $body,
            Dist::Triangular($law) => $body,
            Dist::TruncatedNormal($law) => $body,
            Dist::Mixture($law) => $body,
            Dist::Shifted($law) => $body,
            Dist::Empirical($law) => $body,
            Dist::Histogram($law) => $body,
        }
    };
}

impl Dist {
    /// Lower-case name of the family, as model files write it.
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::pareto(1.0, 2.5).unwrap().name(), "pareto");
    /// ```
    pub fn name(&self) -> &'static str {
        each!(self, law => law.name())
    }

    /// Mean, seconds; may be infinite (Pareto).
    pub fn mean(&self) -> f64 {
        each!(self, law => law.mean())
    }

    /// Squared coefficient of variation; may be infinite; 0 where the mean is 0.
    pub fn scv(&self) -> f64 {
        each!(self, law => law.scv())
    }

    /// Variance, seconds squared: scv * mean^2; may be infinite.
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::Exponential(3.0).variance(), 9.0);
    /// ```
    pub fn variance(&self) -> f64 {
        match (self.scv(), self.mean()) {
            // Not 0 * infinity, which is no number.
            (0.0, _) => 0.0,
            (scv, mean) => scv * mean * mean,
        }
    }

    /// E\[X^3\], seconds cubed; `Some(f64::INFINITY)` where it does not exist, `None` never
    /// for the laws of today. The variance of the M/G/1 wait needs it.
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::Exponential(2.0).third_moment(), Some(48.0));
    /// ```
    pub fn third_moment(&self) -> Option<f64> {
        Some(self.raw_third_moment())
    }

    fn raw_third_moment(&self) -> f64 {
        each!(self, law => law.third_moment())
    }

    /// P(X <= x).
    pub fn cdf(&self, x: f64) -> f64 {
        each!(self, law => law.cdf(x))
    }

    /// P(X > x), accurate in the tail where the law allows it.
    ///
    /// ```
    /// assert_eq!(lindley::dist::Dist::Exponential(1.0).survival(50.0), (-50.0_f64).exp());
    /// ```
    pub fn survival(&self, x: f64) -> f64 {
        each!(self, law => law.survival(x))
    }

    /// Smallest x with P(X <= x) >= p, for p in [0, 1]; the ends of the support (perhaps
    /// infinite) at 0 and 1. Not a number for any other p.
    ///
    /// ```
    /// let median = lindley::dist::Dist::Exponential(1.0).quantile(0.5);
    /// assert!((median - 2.0_f64.ln()).abs() < 1e-15);
    /// ```
    pub fn quantile(&self, p: f64) -> f64 {
        if (0.0..=1.0).contains(&p) { each!(self, law => law.quantile(p)) } else { f64::NAN }
    }

    /// Draws one value.
    ///
    /// ```
    /// use lindley::{dist::Dist, rng::{Purpose, Streams}};
    /// let mut stream = Streams::new(1, 0).open("workers", Purpose::Service);
    /// assert!(Dist::weibull(0.1, 2.0).unwrap().sample(&mut stream) > 0.0);
    /// ```
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        each!(self, law => law.sample(rng))
    }
}
