//! M/M/c: c servers on one queue, Poisson arrivals, exponential service.

use super::erlang::erlang_c;
use crate::analytic::law::TimeLaw;
use crate::analytic::steady::{Moments, Steady, Unstable};

/// M/M/c in steady state.
///
/// Formula: with C = Erlang C, Wq = C/(c mu - lambda), P(wait > t) = C e^{-(c mu - lambda) t}.
/// Units: lambda and mu per second, times in seconds.
/// Valid when: lambda < c mu, first in first out (for the laws of the times).
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 2.3; Kleinrock I, sec. 3.5.
///
/// ```
/// use lindley::analytic::station::mmc::Mmc;
/// let queue = Mmc::new(1.5, 1.0, 2).unwrap();
/// assert!((queue.prob_wait() - 9.0 / 14.0).abs() < 1e-15);
/// assert!((queue.wait() - 9.0 / 7.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mmc {
    lambda: f64,
    mu: f64,
    c: u32,
    prob_wait: f64,
}

impl Mmc {
    /// The queue with arrival rate `lambda` and `c` servers of rate `mu`, if it has a steady state.
    pub fn new(lambda: f64, mu: f64, c: u32) -> Result<Mmc, Unstable> {
        let offered_load = lambda / mu;
        match erlang_c(c, offered_load) {
            Some(prob_wait) if lambda < f64::from(c) * mu => Ok(Mmc { lambda, mu, c, prob_wait }),
            _ => Err(Unstable { offered_load, servers: c }),
        }
    }

    /// Offered load a = lambda/mu, erlangs.
    pub fn offered_load(&self) -> f64 {
        self.lambda / self.mu
    }

    /// Fraction of servers busy: rho = lambda/(c mu).
    pub fn utilization(&self) -> f64 {
        self.offered_load() / f64::from(self.c)
    }

    /// Share of messages that wait: Erlang C.
    pub fn prob_wait(&self) -> f64 {
        self.prob_wait
    }

    /// Spare service rate c mu - lambda, per second.
    fn slack(&self) -> f64 {
        f64::from(self.c) * self.mu - self.lambda
    }

    /// Mean wait: Wq = C/(c mu - lambda), seconds.
    pub fn wait(&self) -> f64 {
        self.prob_wait / self.slack()
    }

    /// Mean wait of those that wait: 1/(c mu - lambda), seconds.
    pub fn wait_if_any(&self) -> f64 {
        1.0 / self.slack()
    }

    /// Variance of the wait: C (2 - C)/(c mu - lambda)^2, seconds squared.
    pub fn wait_variance(&self) -> f64 {
        self.prob_wait * (2.0 - self.prob_wait) / (self.slack() * self.slack())
    }

    /// Mean sojourn: W = Wq + 1/mu, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait() + 1.0 / self.mu
    }

    /// Mean number waiting: Lq = lambda Wq.
    pub fn queue_length(&self) -> f64 {
        self.lambda * self.wait()
    }

    /// Mean number in the system: L = lambda W.
    pub fn in_system(&self) -> f64 {
        self.queue_length() + self.offered_load()
    }

    /// Law of the wait.
    pub fn wait_law(&self) -> TimeLaw {
        TimeLaw::exponentials(vec![(self.prob_wait, self.slack())])
    }

    /// Law of the sojourn, also where c mu - lambda = mu and the usual formula is 0/0.
    pub fn sojourn_law(&self) -> TimeLaw {
        TimeLaw::ExponentialService { prob_wait: self.prob_wait, slack: self.slack(), mu: self.mu }
    }

    /// Everything above in one record.
    pub fn steady(&self) -> Steady {
        let service_variance = 1.0 / (self.mu * self.mu);
        let sojourn_variance = self.wait_variance() + service_variance;
        Steady {
            kendall: format!("M/M/{}", self.c),
            arrival_rate: self.lambda,
            throughput: self.lambda,
            offered_load: self.offered_load(),
            utilization: Some(self.utilization()),
            prob_wait: Some(self.prob_wait),
            prob_loss: None,
            queue_length: self.queue_length(),
            in_system: self.in_system(),
            service: 1.0 / self.mu,
            wait: Some(Moments { mean: self.wait(), variance: Some(self.wait_variance()) }),
            sojourn: Some(Moments { mean: self.sojourn(), variance: Some(sojourn_variance) }),
            wait_law: Some(self.wait_law()),
            sojourn_law: Some(self.sojourn_law()),
            method: "M/M/c by Erlang C (Gross et al., sec. 2.3)",
            ..Steady::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::moments_of_tail;

    #[test]
    fn mean_sojourn_is_the_integral_of_its_tail() {
        for (lambda, c) in [(1.5, 2), (2.0, 3), (2.9, 3), (0.1, 8)] {
            let queue = Mmc::new(lambda, 1.0, c).unwrap();
            let law = queue.sojourn_law();
            let (area, _) = moments_of_tail(|t| law.survival(t), 1e-3, 600_000);
            assert!((area / queue.sojourn() - 1.0).abs() < 1e-6, "{lambda} {c}: {area}");
        }
    }

    #[test]
    fn saturation_is_refused_with_numbers() {
        let refusal = Mmc::new(36.0, 10.0, 3).unwrap_err().to_string();
        assert!(refusal.contains("3.600000 erlangs on 3 servers: utilization 1.200000"), "{refusal}");
    }
}
