//! Distributions of waits and sojourns as theory gives them: survival function, quantiles,
//! mean. Each formula file builds the variant it can.

pub mod number;
pub mod transformed;

use super::numeric::crossing::wait::LevelCrossing;
use super::numeric::exponentials::sojourn_survival;
use super::numeric::phases::Phases;
use super::numeric::root::{crossing, reached};
use crate::dist::Dist;
use std::fmt;
use std::sync::Arc;

/// The law of a time, seconds.
#[derive(Debug, Clone)]
pub enum TimeLaw {
    /// Always 0: nobody waits.
    Zero,
    /// P(X > t) = sum of weight x e^{-rate t}; weights >= 0 and summing to at most 1, the rest at 0.
    Exponentials {
        /// (weight, rate per second).
        terms: Vec<(f64, f64)>,
    },
    /// Exponential service after an M/M/c wait.
    ExponentialService {
        /// Probability of a wait.
        prob_wait: f64,
        /// Rate of the wait if any, per second.
        slack: f64,
        /// Service rate, per second.
        mu: f64,
    },
    /// A random number of exponential phases.
    Phases {
        /// Rate of each phase, per second.
        rate: f64,
        /// How many.
        count: Phases,
        /// Mean, seconds.
        mean: f64,
    },
    /// The service alone.
    Service(Dist),
    /// Wait or sojourn in M/G/1, with vacations or without.
    Crossing(LevelCrossing),
    /// Any other, by its survival function.
    Computed(Computed),
}

/// A law given by a function that computes P(X > t).
#[derive(Clone)]
pub struct Computed {
    survival: Arc<dyn Fn(f64) -> f64 + Send + Sync>,
    mean: f64,
    method: &'static str,
}

impl fmt::Debug for Computed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Computed").field("mean", &self.mean).field("method", &self.method).finish_non_exhaustive()
    }
}

impl TimeLaw {
    /// The law with that survival function for t >= 0, which must not increase, and that mean;
    /// quantiles are roots of it. `method` says how it is computed and where to read it.
    pub fn computed(mean: f64, method: &'static str, survival: impl Fn(f64) -> f64 + Send + Sync + 'static) -> TimeLaw {
        TimeLaw::Computed(Computed { survival: Arc::new(survival), mean, method })
    }

    /// A mixture of exponentials, terms of weight 0 left out.
    pub fn exponentials(mut terms: Vec<(f64, f64)>) -> TimeLaw {
        terms.retain(|(weight, _)| *weight > 0.0);
        TimeLaw::Exponentials { terms }
    }

    /// P(X > t); 1 for t < 0. Relative error below 1e-11 unless the variant says otherwise
    /// (`Crossing`: 1e-8, see `numeric::crossing::wait`).
    ///
    /// ```
    /// use lindley::analytic::law::TimeLaw;
    /// let wait = TimeLaw::exponentials(vec![(0.8, 0.2)]); // M/M/1, lambda = 0.8/s, mu = 1/s
    /// assert_eq!(wait.survival(0.0), 0.8);
    /// assert!((wait.survival(5.0) - 0.8 / std::f64::consts::E).abs() < 1e-15);
    /// ```
    pub fn survival(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        match self {
            TimeLaw::Zero => 0.0,
            TimeLaw::Exponentials { terms } => terms.iter().map(|(weight, rate)| weight * (-rate * t).exp()).sum(),
            TimeLaw::ExponentialService { prob_wait, slack, mu } => sojourn_survival(*prob_wait, *slack, *mu, t),
            TimeLaw::Phases { rate, count, .. } => count.survival(*rate, t),
            TimeLaw::Service(service) => service.survival(t),
            TimeLaw::Crossing(time) => time.survival(t),
            TimeLaw::Computed(law) => (law.survival)(t),
        }
    }

    /// How its quantiles are computed, and where to read it.
    pub fn method(&self) -> &'static str {
        match self {
            TimeLaw::Zero => "nobody waits",
            TimeLaw::Exponentials { .. } => "exponentials (Kleinrock, 5.7)",
            TimeLaw::ExponentialService { .. } => "M/M/c sojourn (Gross et al., sec. 2.3)",
            TimeLaw::Phases { .. } => "random number of exponential phases (Kleinrock 1975, sec. 4.3)",
            TimeLaw::Service(_) => "the service law",
            TimeLaw::Crossing(time) => time.method(),
            TimeLaw::Computed(law) => law.method,
        }
    }

    /// Mean, seconds; infinite where it does not exist.
    pub fn mean(&self) -> f64 {
        match self {
            TimeLaw::Zero => 0.0,
            TimeLaw::Exponentials { terms } => terms.iter().map(|(weight, rate)| weight / rate).sum(),
            TimeLaw::ExponentialService { prob_wait, slack, mu } => prob_wait / slack + 1.0 / mu,
            TimeLaw::Phases { mean, .. } => *mean,
            TimeLaw::Service(service) => service.mean(),
            TimeLaw::Crossing(time) => time.mean(),
            TimeLaw::Computed(law) => law.mean,
        }
    }

    /// inf{ t >= 0 : P(X <= t) >= p }: 0 where at least that share does not wait.
    ///
    /// `None` for p outside (0, 1) and where the numerics cannot reach the quantile.
    ///
    /// ```
    /// use lindley::analytic::law::TimeLaw;
    /// let wait = TimeLaw::exponentials(vec![(0.8, 0.2)]);
    /// assert_eq!(wait.quantile(0.2), Some(0.0));
    /// assert!((wait.quantile(0.9).unwrap() - 5.0 * 8.0_f64.ln()).abs() < 1e-13);
    /// ```
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if !(p > 0.0 && p < 1.0) {
            return None;
        }
        let level = 1.0 - p;
        match self {
            TimeLaw::Zero => Some(0.0),
            TimeLaw::Exponentials { terms } if terms.len() == 1 => {
                let (weight, rate) = terms[0];
                Some(if reached(weight, level) { 0.0 } else { (weight / level).ln() / rate })
            }
            TimeLaw::Service(service) => Some(service.quantile(p)),
            TimeLaw::Crossing(time) => time.quantile(level),
            _ => crossing(|t| self.survival(t), level, self.scale()),
        }
    }

    /// A positive time of the right order.
    fn scale(&self) -> f64 {
        let mean = self.mean();
        if mean.is_finite() && mean > 0.0 { mean } else { 1.0 }
    }
}
