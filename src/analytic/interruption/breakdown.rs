//! M/G/1 with a server that fails: only when it works, or at any time.

use super::completion::Completion;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::transformed::wait_and_sojourn;
use crate::analytic::numeric::inversion::{self, is_closed, mg1_wait, residual};
use crate::analytic::numeric::moments::RawMoments;
use crate::analytic::numeric::transform::laplace;
use crate::analytic::problem::{AfterRepair, Breakdowns};
use crate::analytic::steady::Unstable;
use crate::dist::Dist;
use nalgebra::Complex;

/// M/G/1 whose server fails at rate xi and is repaired.
///
/// Formula: with C the completion time and rho_e = lambda E\[C\], the wait until service first begins is
/// Wq = lambda E\[C^2\]/(2(1 - rho_e)), plus, if an idle server fails too,
/// xi E\[R^2\]/(2(1 + xi E\[R\])); W = Wq + E\[C\].
/// Failures at any time have availability 1/(1 + xi E\[R\]); failures of a working server
/// 1 - lambda E\[failures\] E\[R\]. A consumer that crashes at rate xi while it works, loses the work and is
/// given the message again is delivered it 1 + E\[failures\] times: E\[e^{xi S}\] (the same time again) or
/// 1/E\[e^{-xi S}\] (a new one); for constant S = d and instant restart E\[C\] = (e^{xi d} - 1)/xi.
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, failures after exponential times, one server, first in first
/// out with the interrupted message at the head, rho_e < 1; exact for any laws of service and repair.
/// Reference: Gaver (1962); Avi-Itzhak and Naor, Some queuing problems with the service station
/// subject to breakdown (1963), models A and B; White and Christie (1958) for M/M/1.
///
/// ```
/// use lindley::analytic::interruption::breakdown::BreakdownQueue;
/// use lindley::analytic::problem::{AfterRepair, Breakdowns};
/// use lindley::dist::Dist;
/// let failing =
///     Breakdowns { rate: 0.1, repair: Dist::Exponential(2.0), when_idle: true, after: AfterRepair::Resume };
/// let queue = BreakdownQueue::new(0.5, &Dist::Exponential(1.0), &failing).unwrap();
/// assert!((queue.sojourn() - 23.0 / 6.0).abs() < 1e-14);
/// assert!((queue.availability() - 5.0 / 6.0).abs() < 1e-15);
/// let crash =
///     Breakdowns { rate: 0.3, repair: Dist::Deterministic(0.0), when_idle: false, after: AfterRepair::RepeatIdentical };
/// let queue = BreakdownQueue::new(0.4, &Dist::Deterministic(1.0), &crash).unwrap();
/// assert!((1.0 + queue.completion().failures - 0.3_f64.exp()).abs() < 1e-15);
/// assert!((queue.completion().mean - (0.3_f64.exp() - 1.0) / 0.3).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct BreakdownQueue {
    lambda: f64,
    service: Dist,
    completion: Completion,
    failing: Breakdowns,
    repair: RawMoments,
}

impl BreakdownQueue {
    /// The queue with arrival rate `lambda`, if it has a steady state.
    pub fn new(lambda: f64, service: &Dist, failing: &Breakdowns) -> Result<BreakdownQueue, Unstable> {
        let completion = Completion::new(service, failing.rate, &failing.repair, failing.after);
        let offered_load = lambda * completion.mean;
        Unstable::unless_kept_up(offered_load, 1)?;
        let repair = RawMoments::of(&failing.repair);
        Ok(BreakdownQueue { lambda, service: service.clone(), completion, failing: failing.clone(), repair })
    }

    /// The completion time of one message.
    pub fn completion(&self) -> &Completion {
        &self.completion
    }

    /// rho_e = lambda E\[C\]: fraction of time with a message in service or stopped in it.
    pub fn effective_rho(&self) -> f64 {
        self.lambda * self.completion.mean
    }

    /// Of the time without a message in service, the part with the server down.
    fn down_while_empty(&self) -> f64 {
        let load = self.failing.rate * self.repair.first;
        if self.failing.when_idle { load / (1.0 + load) } else { 0.0 }
    }

    /// Mean wait until service first begins, seconds.
    pub fn wait(&self) -> f64 {
        let queueing = self.lambda * self.completion.second / (2.0 * (1.0 - self.effective_rho()));
        queueing + self.residual(1)
    }

    /// E\[Y^k\] of the wait Y for a server that fails while nothing is in service.
    fn residual(&self, k: u32) -> f64 {
        let q = self.down_while_empty();
        match (q == 0.0, k) {
            (true, _) => 0.0,
            (_, 1) => q * self.repair.second / (2.0 * self.repair.first),
            _ => q * self.repair.third / (3.0 * self.repair.first),
        }
    }

    /// Variance of that wait, where the third moment of the completion time is known.
    pub fn wait_variance(&self) -> Option<f64> {
        let slack = 1.0 - self.effective_rho();
        let queueing = self.lambda * self.completion.second / (2.0 * slack);
        let residual = self.residual(2) - self.residual(1) * self.residual(1);
        Some(self.lambda * self.completion.third? / (3.0 * slack) + queueing * queueing + residual)
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + self.completion.mean
    }

    /// Laws of wait and sojourn, by inversion; `None` where the same time is repeated or a law has no
    /// closed transform.
    pub fn laws(&self) -> Option<(TimeLaw, TimeLaw)> {
        let same = self.failing.after == AfterRepair::RepeatIdentical;
        if same || !is_closed(&self.service) || !is_closed(&self.failing.repair) {
            return None;
        }
        let method = "completion times (Gaver 1962), transform inverted (Abate, Choudhury, Whitt 1999)";
        let (own, means) = (self.clone(), (self.wait(), self.prob_wait(), self.sojourn()));
        Some(wait_and_sojourn(means, method, move |s| own.transforms(s)))
    }

    /// Transforms of wait and completion time.
    fn transforms(&self, s: Complex<f64>) -> Option<(Complex<f64>, Complex<f64>)> {
        let one = Complex::new(1.0, 0.0);
        let (rate, q) = (self.failing.rate, self.down_while_empty());
        let repair = inversion::laplace(&self.failing.repair, s)?;
        let completion = match self.failing.after {
            AfterRepair::Resume => inversion::laplace(&self.service, s + (one - repair) * rate)?,
            _ => {
                let done = inversion::laplace(&self.service, s + rate)?;
                done / (one - (one - done) * repair * rate / (s + rate))
            }
        };
        let wait = mg1_wait(self.lambda, self.effective_rho(), s, completion);
        let found_down = if q > 0.0 { residual(self.repair.first, s, repair) * q + (1.0 - q) } else { one };
        Some((wait * found_down, completion))
    }

    /// Fraction of time the server is down.
    pub fn prob_down(&self) -> f64 {
        let load = self.failing.rate * self.repair.first;
        if self.failing.when_idle {
            load / (1.0 + load)
        } else {
            self.lambda * self.completion.failures * self.repair.first
        }
    }

    /// Fraction of time the server is not down.
    pub fn availability(&self) -> f64 {
        let load = self.failing.rate * self.repair.first;
        if self.failing.when_idle { 1.0 / (1.0 + load) } else { 1.0 - self.prob_down() }
    }

    /// P(N = 0): nobody is there, whether the server is up or down.
    pub fn prob_empty(&self) -> f64 {
        let (q, mean) = (self.down_while_empty(), self.repair.first);
        let nobody_came =
            if q > 0.0 { (1.0 - laplace(&self.failing.repair, self.lambda)) / (self.lambda * mean) } else { 0.0 };
        (1.0 - self.effective_rho()) * ((1.0 - q) + q * nobody_came)
    }

    /// Share of messages whose service does not begin at once.
    pub fn prob_wait(&self) -> f64 {
        1.0 - (1.0 - self.effective_rho()) * (1.0 - self.down_while_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::{chain_averages, has_moments, share};

    fn failing(rate: f64, repair: Dist, when_idle: bool) -> Breakdowns {
        Breakdowns { rate, repair, when_idle, after: AfterRepair::Resume }
    }

    /// States (messages, stages of repair left), two-stage repair, exponential service, at most 250 messages.
    fn chain(lambda: f64, mu: f64, xi: f64, stage: f64, when_idle: bool) -> (f64, f64, f64) {
        let average = chain_averages([(0u32, 0u32)], 2000, |&(n, left), to| {
            to(((n + 1).min(250), left), lambda);
            if left > 0 {
                to((n, left - 1), stage);
            } else {
                to((n.saturating_sub(1), 0), mu);
                if n > 0 || when_idle {
                    to((n, 2), xi);
                }
            }
        });
        let mean = average(&|s| f64::from(s.0));
        let empty = average(&|s| share(s.0 == 0));
        (mean, empty, average(&|s| share(s.1 > 0)))
    }

    #[test]
    fn agrees_with_the_chain_of_a_two_stage_repair() {
        for when_idle in [true, false] {
            let (mean, empty, down) = chain(0.4, 1.0, 0.15, 1.25, when_idle);
            let failing = failing(0.15, Dist::erlang(2, 1.6).unwrap(), when_idle);
            let queue = BreakdownQueue::new(0.4, &Dist::Exponential(1.0), &failing).unwrap();
            assert!((0.4 * queue.sojourn() / mean - 1.0).abs() < 1e-9, "{when_idle}: {} {mean}", 0.4 * queue.sojourn());
            assert!((queue.prob_empty() / empty - 1.0).abs() < 1e-9, "{when_idle}");
            assert!((queue.prob_down() / down - 1.0).abs() < 1e-9, "{when_idle}");
            // Power twin: the other kind of failures is seen.
            assert!((chain(0.4, 1.0, 0.15, 1.25, !when_idle).0 / mean - 1.0).abs() > 1e-2);
        }
    }

    #[test]
    fn no_failures_are_mg1_and_too_many_are_refused() {
        let service = Dist::erlang(3, 1.0).unwrap();
        let queue = BreakdownQueue::new(0.7, &service, &failing(0.0, Dist::Exponential(1.0), true)).unwrap();
        let plain = crate::analytic::station::mg1::Mg1::new(0.7, &service).unwrap();
        assert!((queue.wait() / plain.wait() - 1.0).abs() < 1e-14);
        assert!((queue.wait_variance().unwrap() / plain.wait_variance() - 1.0).abs() < 1e-14);
        assert!((queue.prob_wait() - 0.7).abs() < 1e-15);
        let down = failing(1.0, Dist::Exponential(1.0), true);
        assert!(
            (BreakdownQueue::new(0.6, &Dist::Exponential(1.0), &down).unwrap_err().offered_load - 1.2).abs() < 1e-15
        );
        let heavy = Breakdowns { after: AfterRepair::RepeatIdentical, ..down };
        let endless = BreakdownQueue::new(1e-3, &Dist::Exponential(1.0), &heavy).unwrap_err();
        assert_eq!(endless.offered_load, f64::INFINITY);
    }

    #[test]
    fn the_laws_have_the_moments() {
        for after in [AfterRepair::Resume, AfterRepair::RepeatDifferent] {
            let down = Breakdowns { after, ..failing(0.2, Dist::erlang(2, 1.0).unwrap(), true) };
            let queue = BreakdownQueue::new(0.4, &Dist::erlang(2, 1.0).unwrap(), &down).unwrap();
            let (wait, sojourn) = queue.laws().unwrap();
            let own = Moments { mean: queue.wait(), variance: queue.wait_variance() };
            has_moments(&wait, own, (0.05, 1600), [1e-4, 1e-3]);
            let completion = Moments::new(queue.completion.mean, queue.completion.variance());
            has_moments(&sojourn, own.plus(completion), (0.05, 1600), [1e-4, 1e-3]);
        }
    }

    fn crashing(rate: f64, repair: Dist, after: AfterRepair) -> Breakdowns {
        Breakdowns { rate, repair, when_idle: false, after }
    }

    /// Two-stage service that starts again from its first stage, instant restart.
    #[test]
    fn lost_stages_by_a_chain() {
        let (lambda, stage, theta) = (0.3, 2.0, 0.4);
        let average = chain_averages([(0u32, 0u32)], 2000, |&(n, done), to| {
            to(((n + 1).min(300), done), lambda);
            match (n, done) {
                (0, _) => {}
                (_, 0) => to((n, 1), stage),
                _ => {
                    to((n - 1, 0), stage);
                    to((n, 0), theta);
                }
            }
        });
        let mean = average(&|s| f64::from(s.0));
        let number = |after| {
            let crash = crashing(theta, Dist::Deterministic(0.0), after);
            lambda * BreakdownQueue::new(lambda, &Dist::erlang(2, 1.0).unwrap(), &crash).unwrap().sojourn()
        };
        assert!((number(AfterRepair::RepeatDifferent) / mean - 1.0).abs() < 1e-9);
        // Power twin: the same time again takes longer.
        assert!(number(AfterRepair::RepeatIdentical) > 1.05 * mean);
    }

    /// E[C^2] = 2/theta^2 e^x (e^x - 1 - x), x = theta d, from the transform by hand.
    #[test]
    fn constant_work_and_repairs_in_closed_form() {
        for (theta, d) in [(0.3, 1.0), (2.0, 1.5), (0.01, 1.0)] {
            let crash = crashing(theta, Dist::Deterministic(0.0), AfterRepair::RepeatIdentical);
            let queue = BreakdownQueue::new(1e-3, &Dist::Deterministic(d), &crash).unwrap();
            let x: f64 = theta * d;
            let beyond: f64 = (2..30).rev().map(|k| (1..=k).fold(1.0, |p, i| p * x / f64::from(i))).sum();
            let second = 2.0 / (theta * theta) * x.exp() * beyond;
            let error = queue.completion().second / second - 1.0;
            assert!(error.abs() < 1e-12, "{theta} {d}: {error:e}");
        }
        let crash = crashing(0.5, Dist::Exponential(3.0), AfterRepair::RepeatIdentical);
        let queue = BreakdownQueue::new(0.2, &Dist::Deterministic(1.0), &crash).unwrap();
        assert!((queue.completion().mean - 0.5_f64.exp_m1() * 5.0).abs() < 1e-13);
        assert!((queue.prob_down() - 3.0 * 0.2 * queue.completion().failures).abs() < 1e-15);
        assert!(BreakdownQueue::new(0.4, &Dist::Deterministic(1.0), &crash).is_err());
    }
}
