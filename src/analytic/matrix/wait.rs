//! Times that end at a rate which depends on a phase: their laws by uniformisation, every term
//! positive. Knows no queue.

use super::phase::PhaseLaw;
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::phases::{Phases, TailTable};
use nalgebra::{DMatrix, DVector};

/// Steps computed at most, and multiplications.
const MOST_STEPS: usize = 1 << 18;
const MOST_WORK: usize = 4_000_000_000;
/// Ratios of consecutive probabilities that must agree before the tail is taken as geometric.
const SETTLED: usize = 30;

/// A time with density start e^{Kx} ends, K having `rates` off the diagonal (and perhaps on it) and
/// less `out` on it.
///
/// Formula: with theta the largest of `out`, e^{Kx} is a Poisson mixture of powers of I + K/theta: the
/// time is a random number M of exponential steps of rate theta,
/// P(M = j + 1) = start (I + K/theta)^j ends/theta.
/// Units: rates per second. Valid when: all rates are >= 0.
/// Reference: Jensen (1953); Latouche and Ramaswami (1999), sec. 2.8.
#[derive(Debug, Clone)]
pub struct StepLaw {
    /// Mass that starts in each phase, or density at 0.
    pub start: DVector<f64>,
    /// Rates between phases.
    pub rates: DMatrix<f64>,
    /// Rate at which each phase is left.
    pub out: DVector<f64>,
    /// Rate at which the time ends, by phase.
    pub ends: DVector<f64>,
}

impl StepLaw {
    /// The law, given the probability that the time is not 0, and its mean.
    pub fn time_law(self, prob: f64, mean: f64) -> Option<TimeLaw> {
        if prob <= 0.0 || self.start.amax() == 0.0 {
            return Some(TimeLaw::Zero);
        }
        let rate = self.out.amax();
        let n = self.start.len();
        let mut step = self.rates.transpose() / rate;
        (0..n).for_each(|i| step[(i, i)] += (rate - self.out[i]) / rate);
        let (mut state, ends) = (self.start.clone() / rate, self.ends.clone());
        let advance = || {
            let p = state.dot(&ends);
            state = &step * &state;
            p
        };
        match table(prob, (MOST_WORK / (n * n)).min(MOST_STEPS), advance) {
            Some(count) => Some(TimeLaw::Phases { rate, count, mean }),
            None => self.by_exponential(mean),
        }
    }

    /// For rates so far apart that the steps are too many: e^{Kt} by scaling and squaring.
    fn by_exponential(self, mean: f64) -> Option<TimeLaw> {
        let StepLaw { start, rates, out, ends } = self;
        let k = rates - DMatrix::from_diagonal(&out);
        let beyond = (-&k).lu().solve(&ends)?;
        let survival = move |t: f64| start.dot(&((&k * t).exp() * &beyond)).clamp(0.0, 1.0);
        Some(TimeLaw::computed(mean, "matrix exponential (Latouche and Ramaswami 1999, sec. 2.3)", survival))
    }
}

/// The number of steps whose probabilities from 1 on `next` gives one by one, `prob` in all; `None`
/// if they do not become geometric within `most` steps.
pub fn table(prob: f64, most: usize, mut next: impl FnMut() -> f64) -> Option<Phases> {
    let mut p: Vec<f64> = Vec::new();
    let (mut none, mut last, mut agree, mut seen) = (0, 0.0, 0, 0.0);
    while agree < SETTLED {
        if p.len() + none >= most {
            return None;
        }
        let value = next();
        if value == 0.0 && p.is_empty() {
            none += 1;
            continue;
        }
        let ratio = value / p.last().copied().unwrap_or(1.0);
        agree = if f64::abs(ratio - last) <= 4e-15 { agree + 1 } else { 0 };
        last = ratio;
        seen += value;
        p.push(value);
        if value < 1e-280 {
            break;
        }
    }
    // A slow decay that is still hidden under a fast one shows as missing mass.
    let beyond = if last < 1.0 { p.last()? * last / (1.0 - last) } else { f64::INFINITY };
    if (none > 0 && prob < 1.0) || f64::abs(seen + beyond - prob) > 1e-9 * prob {
        return None;
    }
    let mut given = p.into_iter();
    let geometric = |so_far: &[f64]| given.next().unwrap_or_else(|| so_far[so_far.len() - 1] * last);
    Some(Phases::Table(TailTable::new(prob, SETTLED, geometric), none as u64))
}

/// A wait followed by a service that does not depend on it.
#[derive(Debug)]
pub struct ServedAfter<'s> {
    /// The wait.
    pub wait: StepLaw,
    /// Probability of a wait.
    pub prob_wait: f64,
    /// The service.
    pub service: &'s PhaseLaw,
}

impl ServedAfter<'_> {
    /// The law of their sum.
    pub fn law(self) -> StepLaw {
        let (wait, service) = (self.wait, self.service);
        let (n, m) = (wait.start.len(), service.phases());
        let mut start = DVector::zeros(n + m);
        start.rows_mut(0, n).copy_from(&wait.start);
        start.rows_mut(n, m).copy_from(&(&service.start * (1.0 - self.prob_wait).max(0.0)));
        let mut rates = DMatrix::zeros(n + m, n + m);
        rates.view_mut((0, 0), (n, n)).copy_from(&wait.rates);
        rates.view_mut((0, n), (n, m)).copy_from(&(&wait.ends * service.start.transpose()));
        rates.view_mut((n, n), (m, m)).copy_from(&service.rates);
        let out = |i: usize| if i < n { wait.out[i] } else { service.leaving(i - n) };
        let ends = DVector::from_fn(n + m, |i, _| if i < n { 0.0 } else { service.exits[i - n] });
        StepLaw { start, rates, out: DVector::from_fn(n + m, |i, _| out(i)), ends }
    }
}
