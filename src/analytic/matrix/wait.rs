//! Times that end at a rate which depends on a phase: their laws by uniformisation, every term positive.

use super::phase::PhaseLaw;
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::phases::{Phases, TailTable};
use nalgebra::{DMatrix, DVector};

/// Steps computed at most, and multiplications.
const MOST_STEPS: usize = 1 << 18;
const MOST_WORK: usize = 4_000_000_000;
/// Ratios of consecutive probabilities that must agree before the tail is taken as geometric.
const SETTLED: usize = 30;
/// Share of the largest probability below which the rest no longer matters.
const GONE: f64 = 1e-30;

/// A time with density start e^{Kx} ends, K having `rates` off the diagonal (and perhaps on it) and
/// less `out` on it.
///
/// Formula: with theta the largest of `out`, e^{Kx} is a Poisson mixture of powers of I + K/theta: the
/// time is a random number M of exponential steps of rate theta,
/// P(M = j + 1) = start (I + K/theta)^j ends/theta.
/// Units: rates per second. Valid when: all rates are >= 0.
/// Reference: Jensen (1953); Latouche and Ramaswami (1999), sec. 2.8.
#[derive(Debug, Clone)]
pub(crate) struct StepLaw {
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
    pub(crate) fn time_law(self, prob: f64, mean: f64) -> Option<TimeLaw> {
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
        match Steps::new(prob, (MOST_WORK / (n * n)).min(MOST_STEPS), advance) {
            Some(steps) => Some(steps.law(rate, mean)),
            None => self.by_exponential(mean),
        }
    }

    /// The law of the sum of a wait, of that probability, and a service that does not depend on it.
    pub(crate) fn and_service(self, prob_wait: f64, service: &PhaseLaw) -> StepLaw {
        let (n, m) = (self.start.len(), service.phases());
        let mut start = DVector::zeros(n + m);
        start.rows_mut(0, n).copy_from(&self.start);
        start.rows_mut(n, m).copy_from(&(&service.start * (1.0 - prob_wait).max(0.0)));
        let mut rates = DMatrix::zeros(n + m, n + m);
        rates.view_mut((0, 0), (n, n)).copy_from(&self.rates);
        rates.view_mut((0, n), (n, m)).copy_from(&(&self.ends * service.start.transpose()));
        rates.view_mut((n, n), (m, m)).copy_from(&service.rates);
        let out = |i: usize| if i < n { self.out[i] } else { service.leaving(i - n) };
        let ends = DVector::from_fn(n + m, |i, _| if i < n { 0.0 } else { service.exits[i - n] });
        StepLaw { start, rates, out: DVector::from_fn(n + m, |i, _| out(i)), ends }
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

/// A number of uniformised steps M: P(M > j) for each j, geometric beyond the table.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    /// P(M = j + 1).
    probabilities: Vec<f64>,
    tails: TailTable,
}

impl Steps {
    /// The number whose probabilities from 1 on `next` gives one by one, `prob` in all; `None` if they
    /// neither become geometric nor end within `most` steps.
    pub(crate) fn new(prob: f64, most: usize, mut next: impl FnMut() -> f64) -> Option<Steps> {
        let mut p: Vec<f64> = Vec::new();
        let (mut last, mut agree, mut seen, mut largest) = (0.0, 0, 0.0, 0.0);
        while p.len() < most {
            let value = next();
            let ratio = value / p.last().copied().unwrap_or(1.0);
            agree = if f64::abs(ratio - last) <= 4e-15 { agree + 1 } else { 0 };
            (last, seen, largest) = (ratio, seen + value, f64::max(largest, value));
            p.push(value);
            let (settled, gone) = (agree >= SETTLED, value < GONE * largest);
            if (settled || gone)
                && let Some((beyond, ratio)) = left(prob, seen, value, ratio, if gone { 1e-9 } else { 1e-12 })
            {
                return Some(Steps { tails: TailTable::ending(&p, beyond, ratio), probabilities: p });
            }
        }
        None
    }

    /// No step at all.
    pub(crate) fn none() -> Steps {
        Steps { probabilities: vec![0.0], tails: TailTable::finite(&[]) }
    }

    /// P(M = j + 1).
    fn probability(&self, j: usize) -> f64 {
        let last = self.probabilities.len() - 1;
        match self.probabilities.get(j) {
            Some(p) => *p,
            None => self.probabilities[last] * self.tails.ratio.powf((j - last) as f64),
        }
    }

    /// The number of steps of the same rate until a service that follows has ended too; `at_once` is the
    /// probability of M = 0.
    pub(crate) fn and_service(&self, at_once: f64, service: &PhaseLaw, rate: f64) -> Option<Steps> {
        let mut step = service.rates.transpose() / rate;
        (0..service.phases()).for_each(|i| step[(i, i)] += (rate - service.leaving(i)) / rate);
        let mut serving = &service.start * at_once;
        let mut j = 0;
        Steps::new(1.0, MOST_STEPS, || {
            let done = serving.dot(&service.exits) / rate;
            serving = &step * &serving + &service.start * self.probability(j);
            j += 1;
            done
        })
    }

    /// The law of M exponential steps of that rate.
    pub(crate) fn law(self, rate: f64, mean: f64) -> TimeLaw {
        let method = "uniformised steps (Latouche and Ramaswami 1999, sec. 2.8)";
        let count = Phases::Table(self.tails, 0);
        TimeLaw::computed(mean, method, move |t| count.survival(rate, t))
    }
}

/// What is left after `seen`, and by which ratio it falls; `None` if a slow decay is still hidden
/// under a fast one, which shows as missing mass.
fn left(prob: f64, seen: f64, value: f64, ratio: f64, tolerance: f64) -> Option<(f64, f64)> {
    if ratio.is_nan() || ratio >= 1.0 {
        return None;
    }
    let geometric = value * ratio / (1.0 - ratio);
    let missing = prob - seen;
    if seen > 0.5 * prob {
        return (f64::abs(missing - geometric) <= tolerance * prob).then_some((geometric, ratio));
    }
    let rounding = 1e-11 + 1e-14 / (1.0 - ratio);
    (f64::abs(missing - geometric) <= rounding * missing).then(|| (missing, missing / (missing + value)))
}
