//! Laws made of other laws: mixtures and shifts. Know only the [`Dist`] interface.

use super::solve::{cumulative, invert, pick};
use super::{Dist, DistError, Law, check};
use rand::{Rng, RngExt};

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
    fn name(&self) -> &'static str {
        "mixture"
    }

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
    fn name(&self) -> &'static str {
        "shifted"
    }

    fn mean(&self) -> f64 {
        self.offset + self.law.mean()
    }

    fn scv(&self) -> f64 {
        let (variance, mean) = (self.law.variance(), self.mean());
        if variance == 0.0 || variance.is_infinite() { variance } else { variance / (mean * mean) }
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
