//! A consumer that crashes and loses its work: deliveries again from scratch. Knows no broker.

use super::breakdown::BreakdownQueue;
use crate::analytic::problem::{AfterRepair, Breakdowns};
use crate::analytic::steady::Unstable;
use crate::dist::Dist;

/// M/G/1 whose server crashes while it works, loses the work, is back after a repair and serves
/// the same message again from scratch.
///
/// Formula: with the completion time C of `Completion`: rho_e = lambda E\[C\],
/// Wq = lambda E\[C^2\]/(2(1 - rho_e)) until the first delivery, W = Wq + E\[C\]; deliveries a message
/// E\[e^{theta S}\] (the same time again) or 1/E\[e^{-theta S}\] (a new time).
/// For constant S = d and instant restart E\[C\] = (e^{theta d} - 1)/theta.
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, crashes at rate theta while busy, one server, first in first out with
/// the redelivered message at the head; rho_e < 1. With the same time again E\[C\] is infinite
/// unless the tail of S falls faster than e^{-theta t}.
/// Reference: Gaver (1962), sec. 4; Avi-Itzhak and Naor (1963).
///
/// ```
/// use lindley::analytic::interruption::crash::Crash;
/// use lindley::dist::Dist;
/// let restart = Dist::Deterministic(0.0);
/// let queue = Crash::new(0.4, &Dist::Deterministic(1.0), 0.3, &restart, true).unwrap();
/// assert!((queue.mean_deliveries() - 0.3_f64.exp()).abs() < 1e-15);
/// assert!((queue.mean_completion() - (0.3_f64.exp() - 1.0) / 0.3).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Crash {
    lambda: f64,
    queue: BreakdownQueue,
}

impl Crash {
    /// The queue with arrival rate `lambda`, crashes at rate `theta` while busy, `repair` before
    /// the server is back (constant 0: instant restart) and the `same` service time or a new one
    /// again, if it has a steady state.
    pub fn new(lambda: f64, service: &Dist, theta: f64, repair: &Dist, same: bool) -> Result<Crash, Unstable> {
        let after = if same { AfterRepair::RepeatIdentical } else { AfterRepair::RepeatDifferent };
        let crashes = Breakdowns { rate: theta, repair: repair.clone(), when_idle: false, after };
        Ok(Crash { lambda, queue: BreakdownQueue::new(lambda, service, &crashes)? })
    }

    /// E\[C\]: from the first delivery to the end, seconds.
    pub fn mean_completion(&self) -> f64 {
        self.queue.completion().mean
    }

    /// E\[C^2\], seconds squared; infinite where it does not exist.
    pub fn completion_second_moment(&self) -> f64 {
        self.queue.completion().second
    }

    /// rho_e = lambda E\[C\].
    pub fn effective_rho(&self) -> f64 {
        self.queue.effective_rho()
    }

    /// Wq: mean wait before the first delivery, seconds.
    pub fn wait(&self) -> f64 {
        self.queue.wait()
    }

    /// W = Wq + E\[C\], seconds.
    pub fn sojourn(&self) -> f64 {
        self.queue.sojourn()
    }

    /// Mean number of deliveries of a message, the successful one included.
    pub fn mean_deliveries(&self) -> f64 {
        1.0 + self.queue.completion().failures
    }

    /// Fraction of time the server is not under repair.
    pub fn availability(&self) -> f64 {
        self.queue.availability()
    }

    /// Crashes per second.
    pub fn crash_rate(&self) -> f64 {
        self.lambda * self.queue.completion().failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Chain;

    /// Two-stage service that starts again from its first stage, instant restart.
    #[test]
    fn lost_stages_by_a_chain() {
        let (lambda, stage, theta) = (0.3, 2.0, 0.4);
        let chain = Chain::explore([(0u32, 0u32)], 2000, |&(n, done), to| {
            if n < 300 {
                to((n + 1, done), lambda);
            }
            if n > 0 {
                if done == 1 {
                    to((n - 1, 0), stage);
                    to((n, 0), theta);
                } else {
                    to((n, 1), stage);
                }
            }
        })
        .unwrap();
        let mean = chain.expect(&chain.stationary().unwrap(), |s| f64::from(s.0));
        let service = Dist::erlang(2, 1.0).unwrap();
        let queue = Crash::new(lambda, &service, theta, &Dist::Deterministic(0.0), false).unwrap();
        assert!((lambda * queue.sojourn() / mean - 1.0).abs() < 1e-9, "{} {mean}", lambda * queue.sojourn());
        // Power twin: the same time again takes longer.
        let same = Crash::new(lambda, &service, theta, &Dist::Deterministic(0.0), true).unwrap();
        assert!(lambda * same.sojourn() > 1.05 * mean);
    }

    /// E[C^2] = 2/theta^2 e^x (e^x - 1 - x), x = theta d, from the transform by hand.
    #[test]
    fn constant_work_in_closed_form() {
        for (theta, d) in [(0.3, 1.0), (2.0, 1.5), (0.01, 1.0)] {
            let queue = Crash::new(1e-3, &Dist::Deterministic(d), theta, &Dist::Deterministic(0.0), true).unwrap();
            let x: f64 = theta * d;
            let beyond: f64 = (2..30).rev().map(|k| (1..=k).fold(1.0, |p, i| p * x / f64::from(i))).sum();
            let second = 2.0 / (theta * theta) * x.exp() * beyond;
            let error = queue.completion_second_moment() / second - 1.0;
            assert!(error.abs() < 1e-12, "{theta} {d}: {error:e}");
        }
    }

    #[test]
    fn repairs_count_as_completion_and_as_downtime() {
        let queue = Crash::new(0.2, &Dist::Deterministic(1.0), 0.5, &Dist::Exponential(3.0), true).unwrap();
        assert!((queue.mean_completion() - 0.5_f64.exp_m1() * 5.0).abs() < 1e-13);
        assert!((1.0 - queue.availability() - 3.0 * queue.crash_rate()).abs() < 1e-15);
        assert!(Crash::new(0.4, &Dist::Deterministic(1.0), 0.5, &Dist::Exponential(3.0), true).is_err());
    }
}
