//! M/G/1/K: one server, any service law, K places. The chain seen at departures.

use super::service_arrivals::ServiceArrivals;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::phases::TailTable;
use crate::analytic::steady::{Moments, Steady};
use crate::dist::Dist;

/// M/G/1/K in steady state; the wait is that of accepted messages.
///
/// Formula: with alpha_k = lambda integral of P(Poisson(lambda t) = k) P(S > t) dt, the probability of
/// more than k arrivals in a service, the number seen at departures satisfies
/// pi_{n+1} (1 - alpha_0) = pi_0 alpha_n + sum_{i=1}^{n} pi_i alpha_{n+1-i}, n < K - 1; then
/// p_n = pi_n / (pi_0 + rho) for n < K, and p_K lambda = X (pi_0 b_{K-1} + sum_i pi_i b_{K-i}), X the
/// throughput and b_m = sum_{k >= m} alpha_k.
/// Units: lambda per second, times in seconds.
/// Valid when: K >= 1, the mean service time is finite; any load (P(no arrival in a service) must be
/// above 1e-100). First in first out or any order
/// that does not look at service times, for the means.
/// Numerics: positive terms only; relative error about 1e-12, work K^2.
/// Reference: Takagi, Queueing Analysis 2 (1993), sec. 5.1; Gross et al. (4th ed.), sec. 5.1.8.
///
/// ```
/// use lindley::{analytic::station::mg1k::Mg1k, dist::Dist};
/// // One place: M/G/1/1 loses rho / (1 + rho), whatever the law.
/// let queue = Mg1k::new(2.0, &Dist::Deterministic(1.0), 1);
/// assert!((queue.prob_loss() - 2.0 / 3.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Mg1k {
    lambda: f64,
    service: Moments,
    /// Probabilities of 0..=K messages at any time.
    states: Vec<f64>,
}

impl Mg1k {
    /// The queue with arrival rate `lambda`, that service law and `places` >= 1 in the whole system.
    pub fn new(lambda: f64, service: &Dist, places: u32) -> Mg1k {
        let places = places.max(1) as usize;
        let rho = lambda * service.mean();
        let arrivals = ServiceArrivals::new(lambda, service, places);
        let seen = arrivals.left_behind(places);
        let total: f64 = seen.iter().sum();
        let full: f64 = (0..places).map(|i| seen[i] / total * arrivals.beyond(places - i.max(1))).sum();
        let empty = seen[0] / total;
        let mut states: Vec<f64> = seen.iter().map(|p| p / total / (empty + rho)).collect();
        states.push(full / (empty + rho));
        Mg1k { lambda, service: Moments::new(service.mean(), service.variance()), states }
    }

    /// Probability that nothing arrives during a service: where it is below 1e-100, the recursion
    /// of this formula has no doubles left.
    pub fn prob_quiet(lambda: f64, service: &Dist) -> f64 {
        super::service_arrivals::none(lambda, service)
    }

    /// Probability of `n` messages at any time, which is what arrivals see.
    pub fn prob_in_system(&self, n: u32) -> f64 {
        self.states.get(n as usize).copied().unwrap_or(0.0)
    }

    /// Share of messages lost.
    pub fn prob_loss(&self) -> f64 {
        self.states[self.states.len() - 1]
    }

    /// Messages served per second.
    pub fn throughput(&self) -> f64 {
        self.lambda * self.states[..self.states.len() - 1].iter().sum::<f64>()
    }

    /// Mean number in the system.
    pub fn in_system(&self) -> f64 {
        self.states.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum()
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.states.iter().skip(2).zip(1..).map(|(p, n)| p * f64::from(n)).sum()
    }

    /// Law of the number in the system.
    pub fn number_law(&self) -> NumberLaw {
        let (states, tails) = (self.states.clone(), TailTable::finite(&self.states));
        let at = move |n: u64| states.get(n as usize).copied().unwrap_or(0.0);
        NumberLaw::new(at, move |n| tails.tail(n)).waiting_for(1)
    }

    /// Everything in one record, but the Kendall name, which the caller knows.
    pub fn steady(&self) -> Steady {
        let throughput = self.throughput();
        let wait = self.queue_length() / throughput;
        let waits: f64 = self.states[1..self.states.len() - 1].iter().sum();
        let (service, wait) = (Moments::of_mean(self.service.mean), Moments::of_mean(wait));
        let method = "M/G/1/K by the chain at departures (Takagi 1993, sec. 5.1); times of accepted messages";
        Steady {
            utilization: Some(throughput * self.service.mean),
            prob_wait: Some(waits * self.lambda / throughput),
            prob_loss: Some(self.prob_loss()),
            queue_length: self.queue_length(),
            in_system: self.in_system(),
            number_law: Some(self.number_law()),
            ..Steady::carried(
                format!("M/G/1/{}", self.states.len() - 1),
                (self.lambda, throughput),
                service,
                wait,
                method,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mg1::Mg1;
    use super::super::mmck::Mmck;
    use super::*;
    use crate::analytic::testing::{chain_averages, share};

    #[test]
    fn exponential_service_is_mm1k() {
        for (lambda, places) in [(0.5, 1), (0.5, 10), (1.0, 7), (3.0, 30), (0.2, 40)] {
            let general = Mg1k::new(lambda, &Dist::Exponential(1.0), places);
            let plain = Mmck::new(lambda, 1.0, 1, u64::from(places));
            for n in 0..=places {
                let (a, b) = (general.prob_in_system(n), plain.prob_in_system(u64::from(n)));
                assert!((a / b - 1.0).abs() < 1e-10, "{lambda} {places} {n}: {a} {b}");
            }
            let steady = general.steady();
            assert!((steady.prob_wait.unwrap() - plain.prob_wait()).abs() < 1e-11);
            assert!((steady.queue_length - plain.queue_length()).abs() < 1e-10 * (1.0 + plain.queue_length()));
        }
    }

    /// M/E3/1/K as a chain of (number, stages left).
    #[test]
    fn erlang_service_by_the_chain() {
        let (lambda, places) = (0.9, 6_u32);
        let average = chain_averages([(0, 0)], 100, |&(n, left): &(u32, u32), to| {
            to(((n + 1).min(places), left.max(if n == 0 { 3 } else { 1 })), lambda);
            match (n, left) {
                (0, _) => {}
                (1, 1) => to((0, 0), 3.0),
                (_, 1) => to((n - 1, 3), 3.0),
                _ => to((n, left - 1), 3.0),
            }
        });
        let queue = Mg1k::new(lambda, &Dist::erlang(3, 1.0).unwrap(), places);
        for n in 0..=places {
            let exact = average(&|s| share(s.0 == n));
            assert!((queue.prob_in_system(n) / exact - 1.0).abs() < 1e-11, "{n}");
        }
        let total: f64 = queue.states.iter().sum();
        assert!((total - 1.0).abs() < 1e-12);
    }

    #[test]
    fn many_places_are_mg1_for_any_law() {
        for service in [Dist::Deterministic(1.0), Dist::lognormal(1.0, 1.5).unwrap(), Dist::uniform(0.0, 2.0).unwrap()]
        {
            let (finite, free) = (Mg1k::new(0.5, &service, 400), Mg1::new(0.5, &service).unwrap());
            let wait = finite.steady().wait.unwrap().mean;
            // 400 places cut the tail of the lognormal at 3e-9.
            assert!((wait / free.wait() - 1.0).abs() < 1e-8, "{} {wait} {}", service.name(), free.wait());
        }
        // Heavy tails: all is still a probability, also under overload.
        let heavy = Mg1k::new(3.0, &Dist::pareto(0.4, 1.6).unwrap(), 50);
        assert!((heavy.states.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
