//! Distributions of whole numbers >= 1: batch sizes.

use super::solve::{cumulative, pick};
use super::{DistError, check};
use rand::{Rng, RngExt};
use rand_distr::Distribution;

/// A distribution of whole numbers >= 1: batch sizes.
#[derive(Debug, Clone)]
pub enum Count {
    /// Always the same.
    Constant(u32),
    /// Trials up to the first success, by their mean: P(N = n) = p (1-p)^(n-1) with p = 1/mean.
    Geometric(f64),
    /// One more than a Poisson number.
    Poisson(Box<ShiftedPoisson>),
    /// Each whole number from the first to the second, equally likely.
    Uniform(u32, u32),
    /// Given values with given probabilities.
    Choice(Box<Choice>),
}

/// The law of 1 + Poisson(mean - 1).
#[derive(Debug, Clone)]
pub struct ShiftedPoisson {
    mean: f64,
    excess: rand_distr::Poisson<f64>,
}

/// Values with probabilities that sum to 1.
#[derive(Debug, Clone)]
pub struct Choice {
    values: Box<[u32]>,
    probabilities: Box<[f64]>,
    choice: Box<[f64]>,
}

impl Count {
    /// Always `n` >= 1.
    ///
    /// ```
    /// assert_eq!(lindley::dist::Count::constant(3).unwrap().mean(), 3.0);
    /// ```
    pub fn constant(n: u32) -> Result<Count, DistError> {
        check::within("n", f64::from(n), n >= 1, ">= 1")?;
        Ok(Count::Constant(n))
    }

    /// Geometric on 1, 2, ... with that `mean` >= 1.
    ///
    /// Formula: P(N = n) = (1/mean) (1 - 1/mean)^(n-1); variance mean (mean - 1).
    ///
    /// ```
    /// let size = lindley::dist::Count::geometric(2.0).unwrap();
    /// assert_eq!(size.variance(), 2.0);
    /// assert_eq!(size.pmf(3), 0.125);
    /// ```
    pub fn geometric(mean: f64) -> Result<Count, DistError> {
        check::within("mean", mean, (1.0..=1e9).contains(&mean), "in [1, 1e9]")?;
        Ok(Count::Geometric(mean))
    }

    /// 1 + Poisson(mean - 1), by its `mean` >= 1.
    ///
    /// Formula: P(N = n) = exp(-m) m^(n-1) / (n-1)! with m = mean - 1; variance m.
    ///
    /// ```
    /// let size = lindley::dist::Count::poisson(3.0).unwrap();
    /// assert_eq!((size.mean(), size.variance()), (3.0, 2.0));
    /// ```
    pub fn poisson(mean: f64) -> Result<Count, DistError> {
        check::within("mean", mean, (1.0..=1e9).contains(&mean), "in [1, 1e9]")?;
        if mean == 1.0 {
            return Ok(Count::Constant(1));
        }
        let excess = rand_distr::Poisson::new(mean - 1.0)
            .map_err(|e| DistError(format!("`mean` is {mean}; it cannot be sampled: {e}")))?;
        Ok(Count::Poisson(Box::new(ShiftedPoisson { mean, excess })))
    }

    /// Each whole number from `low` to `high`, 1 <= low <= high.
    ///
    /// Formula: mean (low+high)/2, variance ((high-low+1)^2 - 1)/12.
    ///
    /// ```
    /// let die = lindley::dist::Count::uniform(1, 6).unwrap();
    /// assert_eq!(die.mean(), 3.5);
    /// ```
    pub fn uniform(low: u32, high: u32) -> Result<Count, DistError> {
        check::within("low", f64::from(low), low >= 1, ">= 1")?;
        check::within("high", f64::from(high), high >= low, &format!(">= `low`, which is {low}"))?;
        Ok(Count::Uniform(low, high))
    }

    /// The given `values` (>= 1) by `weights` (>= 0, some > 0, scaled to sum to 1).
    ///
    /// ```
    /// let size = lindley::dist::Count::choice(&[1, 10], &[9.0, 1.0]).unwrap();
    /// assert!((size.mean() - 1.9).abs() < 1e-15);
    /// ```
    pub fn choice(values: &[u32], weights: &[f64]) -> Result<Count, DistError> {
        check::same_length("values", values.len(), "weights", weights.len())?;
        for &value in values {
            check::within("values", f64::from(value), value >= 1, ">= 1")?;
        }
        let probabilities = check::weights("weights", weights)?;
        let choice = cumulative(&probabilities);
        Ok(Count::Choice(Box::new(Choice { values: values.into(), probabilities: probabilities.into(), choice })))
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        match self {
            Count::Constant(n) => f64::from(*n),
            Count::Geometric(mean) => *mean,
            Count::Poisson(law) => law.mean,
            Count::Uniform(low, high) => 0.5 * (f64::from(*low) + f64::from(*high)),
            Count::Choice(law) => law.expect(|n| n),
        }
    }

    /// Variance.
    pub fn variance(&self) -> f64 {
        match self {
            Count::Constant(_) => 0.0,
            Count::Geometric(mean) => mean * (mean - 1.0),
            Count::Poisson(law) => law.mean - 1.0,
            Count::Uniform(low, high) => ((f64::from(*high) - f64::from(*low) + 1.0).powi(2) - 1.0) / 12.0,
            Count::Choice(law) => {
                let mean = law.expect(|n| n);
                law.expect(|n| (n - mean).powi(2))
            }
        }
    }

    /// P(N = n).
    pub fn pmf(&self, n: u32) -> f64 {
        if n == 0 {
            return 0.0;
        }
        let before = f64::from(n - 1);
        match self {
            Count::Constant(only) => f64::from(u8::from(n == *only)),
            Count::Geometric(mean) => (1.0 - 1.0 / mean).powf(before) / mean,
            Count::Poisson(law) => {
                let m = law.mean - 1.0;
                (before * m.ln() - m - libm::lgamma(before + 1.0)).exp()
            }
            Count::Uniform(low, high) if (*low..=*high).contains(&n) => 1.0 / (f64::from(high - low) + 1.0),
            Count::Uniform(..) => 0.0,
            Count::Choice(law) => law.expect(|value| f64::from(u8::from(value == f64::from(n)))),
        }
    }

    /// Draws one value (>= 1).
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> u32 {
        match self {
            Count::Constant(n) => *n,
            Count::Geometric(mean) => {
                // Inversion: P(N > n) = (1-p)^n.
                let failures = (1.0 - rng.random::<f64>()).ln() / (-1.0 / mean).ln_1p();
                (failures as u32).saturating_add(1)
            }
            // A float beyond u32 becomes u32::MAX; means are capped far below.
            Count::Poisson(law) => (law.excess.sample(rng) as u32).saturating_add(1),
            Count::Uniform(low, high) => rng.random_range(*low..=*high),
            Count::Choice(law) => law.values[pick(&law.choice, rng.random())],
        }
    }
}

impl Choice {
    fn expect(&self, term: impl Fn(f64) -> f64) -> f64 {
        self.values.iter().zip(&self.probabilities).map(|(&n, p)| p * term(f64::from(n))).sum()
    }
}
