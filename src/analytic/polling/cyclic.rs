//! Mean waits in cyclic polling with exhaustive and gated service, exact for any number of different queues.

use crate::dist::Dist;
use crate::model::capacity::keeps_up;
use nalgebra::{DMatrix, DVector};

/// How long the server stays at a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollingRule {
    /// Until it is empty.
    Exhaustive,
    /// Until those that were there at its arrival are served.
    Gated,
    /// Until one message is served, if there is one.
    OneLimited,
}

/// One queue of a cycle, by moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolledQueue {
    /// Poisson arrivals per second.
    pub lambda: f64,
    /// Mean service, seconds.
    pub service: f64,
    /// E\[S^2\], seconds squared.
    pub service_second: f64,
    /// Mean time to go on to the next queue, seconds.
    pub switchover: f64,
    /// Its variance, seconds squared.
    pub switchover_variance: f64,
    /// How long the server stays.
    pub rule: PollingRule,
}

impl PolledQueue {
    /// From its arrival rate and laws.
    pub fn new(lambda: f64, service: &Dist, switchover: &Dist, rule: PollingRule) -> PolledQueue {
        let mean = service.mean();
        PolledQueue {
            lambda,
            service: mean,
            service_second: service.variance() + mean * mean,
            switchover: switchover.mean(),
            switchover_variance: switchover.variance(),
            rule,
        }
    }

    /// rho_i = lambda_i E\[S_i\].
    pub fn load(&self) -> f64 {
        self.lambda * self.service
    }

    /// Messages found by the server, a second of the cycle.
    fn found(&self) -> f64 {
        if self.rule == PollingRule::Exhaustive { self.lambda * (1.0 - self.load()) } else { self.lambda }
    }

    /// The mean wait from the variance of X_i, divided by the cycle time `cycle` C: so there is a
    /// limit where C is 0.
    fn wait(&self, scaled_variance: f64, cycle: f64) -> f64 {
        let (rho, share) = (self.load(), self.found());
        if self.lambda == 0.0 {
            return f64::NAN;
        }
        // E[X(X-1)]/C with E[X] = share C.
        let pairs = scaled_variance + share * share * cycle - share;
        let rest = pairs / (2.0 * self.lambda * share);
        if self.rule == PollingRule::Exhaustive {
            return self.lambda * self.service_second / (2.0 * (1.0 - rho)) + rest;
        }
        (1.0 + rho) * rest
    }

    /// Mean and variance of the time that one message found keeps the server here.
    fn stay(&self) -> (f64, f64) {
        // Under exhaustive service with those that arrive meanwhile.
        let gap = if self.rule == PollingRule::Exhaustive { 1.0 - self.load() } else { 1.0 };
        let mean = self.service / gap;
        (mean, self.service_second / gap.powi(3) - mean * mean)
    }
}

/// Mean waits in cyclic polling.
///
/// Formula: the numbers at the instants when the server comes to a queue form a branching process with
/// immigration. Its covariances, F = M F M' + Q over one cycle, give
/// exhaustive: Wq_i = lambda_i E\[S_i^2\]/(2(1 - rho_i)) + E\[X_i(X_i - 1)\]/(2 lambda_i E\[X_i\]),
/// gated: Wq_i = (1 + rho_i) E\[X_i(X_i - 1)\]/(2 lambda_i E\[X_i\]).
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, total load rho < 1, no queue 1-limited (else `None`), first in first out at each queue, switchovers
/// also to and from empty queues. Without switchover times the limit of short ones.
/// Reference: Resing (1993) for the branching process; Konheim, Levy, Srinivasan (1994);
/// Takagi, Analysis of Polling Systems (1986), ch. 4 and 5.
///
/// ```
/// use lindley::analytic::polling::cyclic::{mean_waits, PolledQueue, PollingRule};
/// use lindley::dist::Dist;
/// let queue = PolledQueue::new(0.2, &Dist::Exponential(1.0), &Dist::Exponential(0.5), PollingRule::Exhaustive);
/// let waits = mean_waits(&[queue; 2]).unwrap();
/// assert!((waits[0] - 19.0 / 12.0).abs() < 1e-13 && (waits[1] - 19.0 / 12.0).abs() < 1e-13);
/// ```
pub fn mean_waits(queues: &[PolledQueue]) -> Option<Vec<f64>> {
    let rho: f64 = queues.iter().map(PolledQueue::load).sum();
    let limited = queues.iter().any(|queue| queue.rule == PollingRule::OneLimited);
    if queues.is_empty() || limited || !keeps_up(rho, 1.0) {
        return None;
    }
    let steps: Vec<CycleStep> = (0..queues.len()).map(|i| CycleStep::new(queues, i, rho)).collect();
    let mut at = stationary_at_first(&steps)?;
    let mut waits = Vec::with_capacity(queues.len());
    for (i, queue) in queues.iter().enumerate() {
        waits.push(queue.wait(at[(i, i)], total_switchover(queues) / (1.0 - rho)));
        at = steps[i].after(at);
    }
    Some(waits)
}

/// Sum of the mean switchover times.
fn total_switchover(queues: &[PolledQueue]) -> f64 {
    queues.iter().map(|queue| queue.switchover).sum()
}

/// From the arrival of the server at one queue to that at the next: X' = A X + what comes meanwhile.
struct CycleStep {
    queue: usize,
    /// Mean offspring of one message of this queue.
    offspring: DVector<f64>,
    /// Covariance that a step adds, divided by the mean cycle time.
    added: DMatrix<f64>,
}

impl CycleStep {
    fn new(queues: &[PolledQueue], i: usize, rho: f64) -> CycleStep {
        let own = &queues[i];
        let (mean, variance) = own.stay();
        let rates = DVector::from_fn(queues.len(), |j, _| queues[j].lambda);
        let mut touched = rates.clone();
        if own.rule == PollingRule::Exhaustive {
            touched[i] = 0.0;
        }
        let per_cycle = own.found();
        let total = total_switchover(queues);
        // Of a cycle, the part spent in this switchover, and its variance for each unit of cycle.
        let (share, spread) = if total > 0.0 {
            let per = (1.0 - rho) / total;
            (own.switchover * per, own.switchover_variance * per)
        } else {
            ((1.0 - rho) / queues.len() as f64, 0.0)
        };
        let counts = |rates: &DVector<f64>, variance: f64, mean: f64| {
            rates * rates.transpose() * variance + DMatrix::from_diagonal(rates) * mean
        };
        let added = counts(&touched, per_cycle * variance, per_cycle * mean) + counts(&rates, spread, share);
        CycleStep { queue: i, offspring: touched * mean, added }
    }

    /// A F A' + what is added.
    fn after(&self, covariance: DMatrix<f64>) -> DMatrix<f64> {
        let left = self.times(covariance);
        self.times(left.transpose()).transpose() + &self.added
    }

    /// A F: column `queue` of A is the offspring, the others are those of the unit matrix.
    fn times(&self, mut f: DMatrix<f64>) -> DMatrix<f64> {
        let row = f.row(self.queue).into_owned();
        f.row_mut(self.queue).fill(0.0);
        f + &self.offspring * row
    }
}

/// Covariance at the server's arrivals at the first queue: F = M F M' + Q by doubling.
fn stationary_at_first(steps: &[CycleStep]) -> Option<DMatrix<f64>> {
    let n = steps.len();
    let mut added = DMatrix::zeros(n, n);
    let mut cycle = DMatrix::identity(n, n);
    for step in steps {
        added = step.after(added);
        cycle = step.times(cycle);
    }
    for _ in 0..200 {
        let more = &cycle * &added * cycle.transpose();
        if !more.iter().all(|x| x.is_finite()) {
            return None;
        }
        let small = more.amax() <= 1e-18 * added.amax();
        added += more;
        if small {
            return Some(added);
        }
        cycle = &cycle * &cycle;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::polling::conservation::weighted_wait;

    fn close(a: f64, b: f64) -> bool {
        (a / b - 1.0).abs() < 1e-11
    }

    /// Sum of the waits, weighted by load.
    fn weighted(queues: &[PolledQueue], waits: &[f64]) -> f64 {
        queues.iter().zip(waits).map(|(s, w)| s.load() * w).sum()
    }

    /// Takagi (1986), eq. 4.33 and 5.23: equal queues.
    #[test]
    fn equal_queues_in_closed_form() {
        for n in [1, 2, 5, 20] {
            let lambda = 0.8 / f64::from(n);
            for rule in [PollingRule::Exhaustive, PollingRule::Gated] {
                let (service, away) = (Dist::erlang(2, 1.0).unwrap(), Dist::erlang(3, 0.4).unwrap());
                let queue = PolledQueue::new(lambda, &service, &away, rule);
                let waits = mean_waits(&vec![queue; n as usize]).unwrap();
                let sign = if rule == PollingRule::Gated { 1.0 } else { -1.0 };
                let (r, variance) = (0.4, away.variance());
                let closed = variance / (2.0 * r) + (0.8 * 1.5 + r * (f64::from(n) + sign * 0.8)) / (2.0 * (1.0 - 0.8));
                assert!(waits.iter().all(|w| close(*w, closed)), "{n} {rule:?}: {waits:?} {closed}");
            }
        }
    }

    #[test]
    fn unequal_queues_keep_the_pseudo_conservation_law() {
        let laws = [
            (0.3, Dist::Exponential(0.5), Dist::Deterministic(0.1), PollingRule::Exhaustive),
            (0.1, Dist::hyperexponential_balanced(2.0, 4.0).unwrap(), Dist::Exponential(0.7), PollingRule::Gated),
            (0.9, Dist::Deterministic(0.3), Dist::Deterministic(0.0), PollingRule::Exhaustive),
            (0.02, Dist::lognormal(4.0, 2.0).unwrap(), Dist::erlang(2, 1.0).unwrap(), PollingRule::Gated),
        ];
        let queues: Vec<PolledQueue> = laws.iter().map(|(l, s, r, v)| PolledQueue::new(*l, s, r, *v)).collect();
        let sum = weighted(&queues, &mean_waits(&queues).unwrap());
        assert!(close(sum, weighted_wait(&queues)), "{sum} {}", weighted_wait(&queues));
    }

    #[test]
    fn without_switchover_the_sum_is_that_of_mg1() {
        let none = Dist::Deterministic(0.0);
        let queues =
            [0.4, 0.1, 0.2].map(|l| PolledQueue::new(l, &Dist::Exponential(1.0), &none, PollingRule::Exhaustive));
        let waits = mean_waits(&queues).unwrap();
        assert!(close(weighted(&queues, &waits), 0.7 * 0.7 / 0.3), "{waits:?}");
        // The limit of short ones, whatever their shares.
        let short = queues.iter().zip([1e-7, 3e-7, 1e-8]);
        let near: Vec<_> = short.map(|(s, switchover)| PolledQueue { switchover, ..*s }).collect();
        for (a, b) in waits.iter().zip(mean_waits(&near).unwrap()) {
            assert!((a / b - 1.0).abs() < 1e-5, "{a} {b}");
        }
    }

    /// Published means of three queues: Erlang-2, Erlang-3 and hyperexponential service of mean 0.1,
    /// Erlang-2 switchovers of mean 0.2; scv 2 is the only one that the published sums allow.
    #[test]
    fn published_means_of_three_queues() {
        let laws = [Dist::erlang(2, 0.1), Dist::erlang(3, 0.1), Dist::hyperexponential_balanced(0.1, 2.0)];
        let laws = laws.map(Result::unwrap);
        let away = Dist::erlang(2, 0.2).unwrap();
        for (rule, published, sum) in [
            (PollingRule::Exhaustive, [0.476962, 0.479588, 0.475593], 0.1432143),
            (PollingRule::Gated, [0.561601, 0.562780, 0.564904], 0.1689286),
        ] {
            let queues = laws.each_ref().map(|law| PolledQueue::new(1.0, law, &away, rule));
            let waits = mean_waits(&queues).unwrap();
            let near = waits.iter().zip(published).all(|(a, b)| (a - b).abs() < 6e-7);
            assert!(near, "{rule:?}: {waits:?}");
            assert!((waits.iter().sum::<f64>() * 0.1 - sum).abs() < 6e-8);
        }
    }

    /// One queue under exhaustive service is M/G/1 with repeated vacations.
    #[test]
    fn one_queue_is_a_vacation_queue() {
        use crate::analytic::interruption::vacation::VacationQueue;
        let (service, away) = (Dist::erlang(3, 1.0).unwrap(), Dist::uniform(0.0, 3.0).unwrap());
        let queue = VacationQueue::new(0.6, &service, &away, true).unwrap();
        let waits = mean_waits(&[PolledQueue::new(0.6, &service, &away, PollingRule::Exhaustive)]).unwrap();
        assert!(close(waits[0], queue.wait()));
    }

    #[test]
    fn saturation_and_nothing_are_refused() {
        let queue = PolledQueue::new(0.5, &Dist::Exponential(1.0), &Dist::Exponential(1.0), PollingRule::Gated);
        assert_eq!(mean_waits(&[queue; 2]), None);
        assert_eq!(mean_waits(&[]), None);
        // And near it every digit is kept.
        let near = PolledQueue { lambda: 0.4999999, ..queue };
        let waits = mean_waits(&[near; 2]).unwrap();
        let closed = 0.5 + (2.0 * near.lambda * 2.0 + (2.0 + 2.0 * near.lambda)) / (2.0 * (1.0 - 2.0 * near.lambda));
        assert!((waits[1] / closed - 1.0).abs() < 1e-8, "{waits:?} {closed}");
    }
}
