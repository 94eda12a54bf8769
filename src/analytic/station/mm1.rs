//! M/M/1: one server, Poisson arrivals, exponential service, the textbook's first queue. Kept beside
//! `mmc` (which agrees at c = 1) because its formulas are the ones most often quoted wrongly:
//! lambda/(mu-lambda) is the mean *number* in the system, not a time, and mu/lambda is 1/rho, not the
//! throughput.

use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::steady::{Moments, Steady, Unstable};

/// M/M/1 in steady state.
///
/// Formula: with rho = lambda/mu, L = rho/(1-rho), W = 1/(mu-lambda), Wq = rho/(mu-lambda).
/// Units: lambda and mu per second, times in seconds, counts dimensionless.
/// Valid when: lambda < mu, first in first out (for the laws of the times).
/// Reference: Kleinrock, Queueing Systems I (1975), ch. 3 and sec. 5.7.
///
/// ```
/// use lindley::analytic::station::mm1::Mm1;
/// let queue = Mm1::new(800.0, 1000.0).unwrap();
/// assert!((queue.in_system() - 4.0).abs() < 1e-12); // messages, not seconds
/// assert!((queue.wait() - 0.004).abs() < 1e-15);
/// assert!((queue.sojourn() - 0.005).abs() < 1e-15);
/// assert!(Mm1::new(1000.0, 1000.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mm1 {
    lambda: f64,
    mu: f64,
}

impl Mm1 {
    /// The queue with arrival rate `lambda` and service rate `mu`, if it has a steady state.
    pub fn new(lambda: f64, mu: f64) -> Result<Mm1, Unstable> {
        Unstable::unless_kept_up(lambda / mu, 1).map(|()| Mm1 { lambda, mu })
    }

    /// Fraction of time the server is busy, and share of messages that wait: rho = lambda/mu.
    pub fn utilization(&self) -> f64 {
        self.lambda / self.mu
    }

    /// Spare service rate mu - lambda, per second: the decay rate of both times.
    fn slack(&self) -> f64 {
        self.mu - self.lambda
    }

    /// Mean number in the system: L = lambda/(mu-lambda).
    pub fn in_system(&self) -> f64 {
        self.lambda / self.slack()
    }

    /// Variance of the number in the system: rho/(1-rho)^2.
    pub fn in_system_variance(&self) -> f64 {
        self.lambda * self.mu / (self.slack() * self.slack())
    }

    /// Probability of `n` in the system: (1-rho) rho^n.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        self.slack() / self.mu * self.utilization().powf(n as f64)
    }

    /// Probability of more than `n` in the system: rho^(n+1).
    ///
    /// ```
    /// use lindley::analytic::station::mm1::Mm1;
    /// assert!((Mm1::new(4.0, 5.0).unwrap().prob_above(3) - 0.4096).abs() < 1e-15);
    /// ```
    pub fn prob_above(&self, n: u64) -> f64 {
        self.utilization().powf(n as f64 + 1.0)
    }

    /// Mean number waiting: Lq = rho^2/(1-rho).
    pub fn queue_length(&self) -> f64 {
        self.utilization() * self.in_system()
    }

    /// Mean wait: Wq = rho/(mu-lambda), seconds.
    pub fn wait(&self) -> f64 {
        self.utilization() / self.slack()
    }

    /// Variance of the wait: rho (2-rho)/(mu-lambda)^2, seconds squared.
    pub fn wait_variance(&self) -> f64 {
        self.utilization() * (2.0 - self.utilization()) / (self.slack() * self.slack())
    }

    /// Mean sojourn: W = 1/(mu-lambda), seconds. Also the mean wait of those that wait.
    pub fn sojourn(&self) -> f64 {
        1.0 / self.slack()
    }

    /// Variance of the sojourn: 1/(mu-lambda)^2, seconds squared.
    pub fn sojourn_variance(&self) -> f64 {
        1.0 / (self.slack() * self.slack())
    }

    /// Mean length of a busy period: 1/(mu-lambda), seconds.
    pub fn busy_period(&self) -> f64 {
        1.0 / self.slack()
    }

    /// Law of the wait: P(wait > t) = rho e^{-(mu-lambda) t}.
    pub fn wait_law(&self) -> TimeLaw {
        TimeLaw::exponentials(vec![(self.utilization(), self.slack())])
    }

    /// Law of the sojourn: P(sojourn > t) = e^{-(mu-lambda) t}.
    pub fn sojourn_law(&self) -> TimeLaw {
        TimeLaw::exponentials(vec![(1.0, self.slack())])
    }

    /// Law of the number in the system.
    pub fn number_law(&self) -> NumberLaw {
        let queue = *self;
        NumberLaw::new(move |n| queue.prob_in_system(n), move |n| queue.prob_above(n)).waiting_for(1)
    }

    /// Everything above in one record.
    pub fn steady(&self) -> Steady {
        let service = Moments::of_mean(1.0 / self.mu);
        let wait = Moments::new(self.wait(), self.wait_variance());
        Steady {
            prob_wait: Some(self.utilization()),
            offered_load: self.utilization(),
            utilization: Some(self.utilization()),
            queue_length: self.queue_length(),
            in_system: self.in_system(),
            sojourn: Some(Moments::new(self.sojourn(), self.sojourn_variance())),
            wait_law: Some(self.wait_law()),
            sojourn_law: Some(self.sojourn_law()),
            number_law: Some(self.number_law()),
            ..Steady::served("M/M/1", self.lambda, service, wait, Some(1), "M/M/1 (Kleinrock 1975, ch. 3)")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mmc::Mmc;
    use super::*;

    #[test]
    fn agrees_with_mmc_at_one_server_and_with_itself() {
        for (lambda, mu) in [(0.1, 1.0), (0.5, 3.0), (99.0, 100.0)] {
            let (one, many) = (Mm1::new(lambda, mu).unwrap(), Mmc::new(lambda, mu, 1).unwrap());
            assert!((one.wait() / many.wait() - 1.0).abs() < 1e-13);
            assert!((one.wait_variance() / many.wait_variance() - 1.0).abs() < 1e-12);
            for t in [0.01, 1.0, 7.0] {
                let (a, b) = (one.sojourn_law().survival(t), many.sojourn_law().survival(t));
                assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
            }
        }
        let queue = Mm1::new(0.7, 1.0).unwrap();
        assert!((queue.in_system() - 0.7 * queue.sojourn()).abs() < 1e-14);
        let total: f64 = (0..200).map(|n| queue.prob_in_system(n)).sum();
        assert!((total - 1.0).abs() < 1e-14);
    }
}
