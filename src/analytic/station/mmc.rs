//! M/M/c: c servers on one queue, Poisson arrivals, exponential service.

use super::erlang::{erlang_c, ln_erlang_b};
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::poisson::ln_pmf;
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
        Unstable::unless_kept_up(offered_load, c)?;
        let prob_wait = erlang_c(c, offered_load).ok_or(Unstable { offered_load, servers: c })?;
        Ok(Mmc { lambda, mu, c, prob_wait })
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

    /// Probability of `n` in the system: C (1-rho) rho^(n-c) from c on; below, a Poisson law of mean a cut at c - 1
    /// that holds the rest, 1 - C.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        let (a, c) = (self.offered_load(), u64::from(self.c));
        match n.checked_sub(c) {
            Some(waiting) => self.prob_wait * (1.0 - self.utilization()) * self.utilization().powf(waiting as f64),
            None => {
                let last_free = ln_erlang_b(self.c - 1, a) - ln_pmf(c - 1, a);
                (1.0 - self.prob_wait) * (last_free + ln_pmf(n, a)).exp()
            }
        }
    }

    /// Probability of more than `n` in the system: C rho^(n+1-c) from c - 1 on. Positive terms only.
    ///
    /// ```
    /// use lindley::analytic::station::mmc::Mmc;
    /// // a = 1.5 on two servers: P(0) = 1/7, P(1) = 3/14, P(N > 1) = 9/14.
    /// let queue = Mmc::new(1.5, 1.0, 2).unwrap();
    /// assert!((queue.prob_above(0) - 6.0 / 7.0).abs() < 1e-15);
    /// assert!((queue.prob_above(2) - 9.0 / 14.0 * 0.75).abs() < 1e-15);
    /// ```
    pub fn prob_above(&self, n: u64) -> f64 {
        let c = u64::from(self.c);
        match (n + 1).checked_sub(c) {
            Some(beyond) => self.prob_wait * self.utilization().powf(beyond as f64),
            None => (n + 1..c).map(|k| self.prob_in_system(k)).sum::<f64>() + self.prob_wait,
        }
    }

    /// Law of the number in the system, whoever is served next.
    pub fn number_law(&self) -> NumberLaw {
        let queue = *self;
        NumberLaw::new(move |n| queue.prob_in_system(n), move |n| queue.prob_above(n)).waiting_for(self.c)
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
        let service = Moments::new(1.0 / self.mu, 1.0 / (self.mu * self.mu));
        let wait = Moments::new(self.wait(), self.wait_variance());
        let method = "M/M/c by Erlang C (Gross et al., sec. 2.3)";
        Steady {
            offered_load: self.offered_load(),
            utilization: Some(self.utilization()),
            prob_wait: Some(self.prob_wait),
            in_system: self.in_system(),
            wait_law: Some(self.wait_law()),
            sojourn_law: Some(self.sojourn_law()),
            number_law: Some(self.number_law()),
            ..Steady::served(format!("M/M/{}", self.c), self.lambda, service, wait, Some(self.c), method)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::has_moments;

    #[test]
    fn mean_sojourn_is_the_integral_of_its_tail_below_saturation() {
        for (lambda, c) in [(1.5, 2), (2.0, 3), (2.9, 3), (0.1, 8)] {
            let queue = Mmc::new(lambda, 1.0, c).unwrap();
            has_moments(&queue.sojourn_law(), Moments::of_mean(queue.sojourn()), (1e-3, 600_000), [1e-6, 1.0]);
        }
        let refusal = Mmc::new(36.0, 10.0, 3).unwrap_err().to_string();
        assert!(refusal.contains("3.600000 erlangs on 3 servers: utilization 1.200000"), "{refusal}");
    }
}
