//! A choice between exponential laws: H in Kendall's notation, scv >= 1.

use super::solve::{cumulative, pick, unit_exponential};
use super::{DistError, Law, check};
use rand::{Rng, RngExt};

/// Hyperexponential law: with probability p_i exponential of mean m_i.
///
/// Formula: P(X > x) = sum p_i exp(-x / m_i); E\[X^n\] = n! sum p_i m_i^n.
/// Reference: Tijms (2003), appendix B.
#[derive(Debug, Clone)]
pub struct Hyperexponential {
    probabilities: Box<[f64]>,
    means: Box<[f64]>,
    choice: Box<[f64]>,
}

impl Hyperexponential {
    /// By the probabilities (sum 1) and means (> 0) of the branches.
    pub fn new(probabilities: &[f64], means: &[f64]) -> Result<Hyperexponential, DistError> {
        check::same_length("probabilities", probabilities.len(), "means", means.len())?;
        for &mean in means {
            check::positive("means", mean)?;
        }
        let probabilities = check::probabilities("probabilities", probabilities)?;
        let choice = cumulative(&probabilities);
        Ok(Hyperexponential { probabilities: probabilities.into(), means: means.into(), choice })
    }

    /// Two branches of that `mean` > 0 and `scv` >= 1 that contribute equally to the mean.
    ///
    /// Formula: p = (1 + sqrt((scv-1)/(scv+1))) / 2, m_1 = mean / (2p), m_2 = mean / (2(1-p)).
    pub fn balanced(mean: f64, scv: f64) -> Result<Hyperexponential, DistError> {
        check::positive("mean", mean)?;
        check::within("scv", scv, scv.is_finite() && scv >= 1.0, "finite and >= 1")?;
        let s = ((scv - 1.0) / (scv + 1.0)).sqrt();
        // 1 - s cancels at large scv; (1 - s^2) / (1 + s) does not.
        let rare = 1.0 / ((scv + 1.0) * (1.0 + s));
        let common = 0.5 * (1.0 + s);
        Hyperexponential::new(&[common, rare], &[0.5 * mean / common, 0.5 * mean / rare])
    }

    /// Probability of each branch.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// Mean of each branch, seconds.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// (probability, mean) of each branch.
    pub fn branches(&self) -> impl Iterator<Item = (f64, f64)> {
        self.probabilities.iter().copied().zip(self.means.iter().copied())
    }

    fn sum(&self, term: impl Fn(f64) -> f64) -> f64 {
        self.branches().map(|(p, m)| p * term(m)).sum()
    }
}

impl Law for Hyperexponential {
    const NAME: &str = "hyperexponential";

    fn mean(&self) -> f64 {
        self.sum(|m| m)
    }

    fn scv(&self) -> f64 {
        let mean = self.mean();
        2.0 * self.sum(|m| (m / mean).powi(2)) - 1.0
    }

    fn third_moment(&self) -> f64 {
        6.0 * self.sum(|m| m.powi(3))
    }

    fn cdf(&self, x: f64) -> f64 {
        self.sum(|m| -(-x.max(0.0) / m).exp_m1())
    }

    fn survival(&self, x: f64) -> f64 {
        self.sum(|m| (-x.max(0.0) / m).exp())
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.means[pick(&self.choice, rng.random())] * unit_exponential(rng)
    }
}
