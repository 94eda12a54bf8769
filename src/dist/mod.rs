//! Distributions of times and of batch sizes. Each has its formula, moments, distribution function, quantile
//! and sampler.
//!
//! [`Dist`] is the closed enumeration the rest of the library uses, one variant per law;
//! each law is a struct in its own file with [`Law`] as its interface (Erlang and Coxian laws lend that of the
//! gamma and phase-type laws that they are); those made of other laws, [`Mixture`] and [`Shifted`], stand beside it. Drawing a value allocates nothing and
//! looks up no name.

pub(crate) mod bisect;
mod bounded;
mod build;
mod check;
mod count;
mod coxian;
mod deterministic;
mod empirical;
mod exponential;
mod gamma;
mod hyperexponential;
#[cfg(test)]
pub(crate) mod ks;
mod law;
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
pub use count::{Choice, Count, ShiftedPoisson};
pub use coxian::Coxian;
pub use deterministic::Deterministic;
pub use empirical::{Empirical, Histogram};
pub use exponential::Exponential;
pub use gamma::{Erlang, Gamma};
pub use hyperexponential::Hyperexponential;
pub use law::{DistError, Law};
pub use lognormal::Lognormal;
pub use pareto::{BoundedPareto, Pareto};
pub use phase_type::PhaseType;
pub use truncated_normal::TruncatedNormal;
pub use weibull::Weibull;

use rand::{Rng, RngExt};
use solve::{cumulative, invert, pick};

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
            Dist::Erlang(erlang) => {
                let $law = &erlang.gamma;
                $body
            }
            Dist::Gamma($law) => $body,
            Dist::Hyperexponential($law) => $body,
            Dist::Coxian(coxian) => {
                let $law = coxian.phase_type();
                $body
            }
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
        match self {
            Dist::Erlang(_) => "erlang",
            Dist::Coxian(_) => "coxian",
            _ => each!(self, law => law.name()),
        }
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

    /// The order from which on there are no moments: E\[X^r\] is finite exactly for r below it; infinite where all are.
    ///
    /// ```
    /// use lindley::dist::Dist;
    /// let law = Dist::pareto(1.0, 2.5).unwrap();
    /// assert_eq!((law.tail_index(), Dist::Exponential(1.0).tail_index()), (2.5, f64::INFINITY));
    /// ```
    pub fn tail_index(&self) -> f64 {
        each!(self, law => law.tail_index())
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
        match self {
            Dist::Coxian(law) => law.sample(rng),
            _ => each!(self, law => law.sample(rng)),
        }
    }
}

/// Mixture: each value comes from one of several laws, drawn by weight.
///
/// Formula: cdf and raw moments are the weighted means of the components'.
/// Reference: Law (2015), 8.2.2 (composition).
#[derive(Debug, Clone)]
pub struct Mixture {
    weights: Box<[f64]>,
    choice: Box<[f64]>,
    components: Box<[Dist]>,
}

impl Mixture {
    /// By (weight, law) pairs; weights are >= 0, some > 0, and scaled to sum to 1.
    pub fn new(components: Vec<(f64, Dist)>) -> Result<Mixture, DistError> {
        let (weights, components): (Vec<f64>, Vec<Dist>) = components.into_iter().unzip();
        let weights = check::weights("weights", &weights)?;
        let choice = cumulative(&weights);
        Ok(Mixture { weights: weights.into(), choice, components: components.into() })
    }

    /// (weight, law) pairs; the weights sum to 1.
    pub fn components(&self) -> impl Iterator<Item = (f64, &Dist)> {
        self.weights.iter().copied().zip(&self.components)
    }

    /// Components that can occur: a weight of 0 must not meet an infinite moment.
    fn sum(&self, term: impl Fn(&Dist) -> f64) -> f64 {
        self.components().filter(|(w, _)| *w > 0.0).map(|(w, law)| w * term(law)).sum()
    }
}

impl Law for Mixture {
    const NAME: &str = "mixture";

    fn mean(&self) -> f64 {
        self.sum(Dist::mean)
    }

    fn scv(&self) -> f64 {
        let mean = self.mean();
        if mean == 0.0 {
            return 0.0;
        } else if mean.is_infinite() {
            return f64::INFINITY;
        }
        // Variance within plus variance between: both >= 0.
        self.sum(|law| law.variance() + (law.mean() - mean).powi(2)) / (mean * mean)
    }

    fn third_moment(&self) -> f64 {
        self.sum(Dist::raw_third_moment)
    }

    fn tail_index(&self) -> f64 {
        self.components().filter(|(w, _)| *w > 0.0).map(|(_, law)| law.tail_index()).fold(f64::INFINITY, f64::min)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.sum(|law| law.cdf(x)).min(1.0)
    }

    fn survival(&self, x: f64) -> f64 {
        self.sum(|law| law.survival(x)).min(1.0)
    }

    fn quantile(&self, p: f64) -> f64 {
        let ends = |p| self.components().filter(|(w, _)| *w > 0.0).map(move |(_, law)| law.quantile(p));
        if p >= 1.0 {
            ends(1.0).fold(0.0, f64::max)
        } else if p <= 0.0 {
            ends(0.0).fold(f64::INFINITY, f64::min)
        } else {
            invert(p, |x| self.cdf(x))
        }
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.components[pick(&self.choice, rng.random())].sample(rng)
    }
}

/// A law moved to the right: a fixed part plus a random one.
///
/// Formula: X = offset + Y; E\[X^3\] = o^3 + 3 o^2 E\[Y\] + 3 o E\[Y^2\] + E\[Y^3\].
#[derive(Debug, Clone)]
pub struct Shifted {
    offset: f64,
    law: Dist,
}

impl Shifted {
    /// `law` moved by `offset` >= 0 seconds.
    pub fn new(offset: f64, law: Dist) -> Result<Shifted, DistError> {
        check::nonnegative("offset", offset)?;
        Ok(Shifted { offset, law })
    }

    /// The fixed part, seconds.
    pub fn offset(&self) -> f64 {
        self.offset
    }

    /// The random part.
    pub fn law(&self) -> &Dist {
        &self.law
    }
}

impl Law for Shifted {
    const NAME: &str = "shifted";

    fn mean(&self) -> f64 {
        self.offset + self.law.mean()
    }

    fn scv(&self) -> f64 {
        let (variance, mean) = (self.law.variance(), self.mean());
        if variance == 0.0 || variance.is_infinite() { variance } else { variance / (mean * mean) }
    }

    fn tail_index(&self) -> f64 {
        self.law.tail_index()
    }

    fn third_moment(&self) -> f64 {
        let (o, mean) = (self.offset, self.law.mean());
        if o == 0.0 || mean.is_infinite() {
            return self.law.raw_third_moment();
        }
        let second = self.law.variance() + mean * mean;
        o.powi(3) + 3.0 * o * o * mean + 3.0 * o * second + self.law.raw_third_moment()
    }

    fn cdf(&self, x: f64) -> f64 {
        self.law.cdf(x - self.offset)
    }

    fn survival(&self, x: f64) -> f64 {
        self.law.survival(x - self.offset)
    }

    fn quantile(&self, p: f64) -> f64 {
        self.offset + self.law.quantile(p)
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.offset + self.law.sample(rng)
    }
}
