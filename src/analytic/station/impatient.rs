//! M/M/c/K+M: Erlang A with K places. Sums over the states that a message may find; their times are
//! sums of unequal exponential phases.

use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::birth_death::BirthDeath;
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;
use std::sync::Arc;

/// Most waiting places for which the law of the wait is given, beyond its moments.
const MOST_FOR_LAW: u64 = 20_000;

/// M/M/c/K+M in steady state: a message that finds K is lost, one that waits abandons at rate `theta`.
///
/// Formula: p_{n+1} / p_n = lambda / (min(n + 1, c) mu + (n + 1 - c)^+ theta). A message that finds
/// n = c + j - 1 is served with probability c mu / (c mu + j theta), and has then waited for phases of
/// rates c mu + i theta, i = 1..j: P(wait > t) = I_x(c mu/theta + 1, j), x = e^{-theta t}, the incomplete
/// beta function, summed in j by I_x(a, j + 1) = I_x(a, j) + x^a (1-x)^j (a)_j / j!.
/// P(abandon) = theta Lq / lambda.
/// Units: rates per second, times in seconds; the shares lost, abandoning and served are of all
/// messages offered, those that wait of the accepted.
/// Valid when: lambda, mu, theta > 0, K >= c; always stable. First in first out for the times.
/// Numerics: positive terms only; K to 10^6.
/// Reference: Garnett, Mandelbaum, Reiman (2002), with a limit; Riordan, Stochastic Service
/// Systems (1962), sec. 4.10; Abramowitz and Stegun, 26.5.16.
///
/// ```
/// use lindley::analytic::station::impatient::Impatient;
/// // One server, two places, all rates 1/s: p = (1, 1, 1/2)/2.5.
/// let queue = Impatient::new(1.0, 1.0, 1.0, 1, 2);
/// assert!((queue.prob_loss() - 0.2).abs() < 1e-15);
/// assert!((queue.prob_abandon() - 0.2).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Impatient {
    lambda: f64,
    mu: f64,
    theta: f64,
    c: u32,
    places: u64,
    law: BirthDeath,
}

impl Impatient {
    /// The queue with arrival rate `lambda`, `c` >= 1 servers of rate `mu`, abandonment rate `theta` and
    /// `places` >= c in the whole system.
    pub fn new(lambda: f64, mu: f64, theta: f64, c: u32, places: u64) -> Impatient {
        let servers = u64::from(c);
        let leave = |n: u64| n.min(servers) as f64 * mu + n.saturating_sub(servers) as f64 * theta;
        let law = BirthDeath::new(Some(places), |n| lambda / leave(n + 1));
        Impatient { lambda, mu, theta, c, places, law }
    }

    /// Share of messages that find K.
    pub fn prob_loss(&self) -> f64 {
        self.law.at(self.places)
    }

    /// Share of messages that are accepted and abandon.
    pub fn prob_abandon(&self) -> f64 {
        self.theta * self.queue_length() / self.lambda
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.law.mean(|n| n.saturating_sub(u64::from(self.c)) as f64)
    }

    /// Messages served per second.
    pub fn throughput(&self) -> f64 {
        self.mu * self.law.mean(|n| n.min(u64::from(self.c)) as f64)
    }

    /// Share of messages accepted.
    fn accepted(&self) -> f64 {
        if self.places == 0 { 0.0 } else { self.law.between(0, self.places - 1, |_| 1.0) }
    }

    /// (j, probability of finding c + j - 1 and of being served from there), j = 1, 2, ..
    fn served_from(&self) -> Vec<(u64, f64)> {
        let (servers, rate) = (u64::from(self.c), f64::from(self.c) * self.mu);
        let waits = self.law.entries().filter(|(n, _)| (servers..self.places).contains(n));
        waits.map(|(n, p)| (n - servers + 1, p * rate / (rate + (n - servers + 1) as f64 * self.theta))).collect()
    }

    /// Mean and variance of the wait of the messages that are served.
    pub fn wait_served(&self) -> Moments {
        let (rate, share) = (f64::from(self.c) * self.mu, self.throughput() / self.lambda);
        let (mut phases, mut mean, mut variance) = (0, 0.0, 0.0);
        let (mut first, mut second) = (0.0, 0.0);
        for (j, p) in self.served_from() {
            while phases < j {
                phases += 1;
                let phase = 1.0 / (rate + phases as f64 * self.theta);
                mean += phase;
                variance += phase * phase;
            }
            first += p * mean;
            second += p * (variance + mean * mean);
        }
        let wait = first / share;
        Moments::new(wait, second / share - wait * wait)
    }

    /// P(wait > t) of the messages that are served.
    pub fn wait_served_survival(&self, t: f64) -> f64 {
        tail(&self.served_from(), f64::from(self.c) * self.mu, self.theta, t) * self.lambda / self.throughput()
    }

    /// Everything in one record: wait and sojourn are those of the messages that are served.
    pub fn steady(&self) -> Steady {
        let (wait, mean, throughput) = (self.wait_served(), 1.0 / self.mu, self.throughput());
        let (from, rate, theta): (Arc<[_]>, _, _) =
            (self.served_from().into(), f64::from(self.c) * self.mu, self.theta);
        let share = throughput / self.lambda;
        let law = "unequal exponential phases (Abramowitz, Stegun 26.5.16)";
        let numbers = self.law.clone();
        let waiting = self.law.between(u64::from(self.c), self.places.saturating_sub(1), |_| 1.0);
        let waiting = if self.places > u64::from(self.c) { waiting } else { 0.0 };
        let (service, rates) = (Moments::new(mean, mean * mean), (self.lambda, throughput));
        let method = "M/M/c/K+M by birth and death; times of served messages";
        Steady {
            offered_load: self.lambda / self.mu,
            utilization: Some(throughput / rate),
            prob_wait: Some(waiting / self.accepted()),
            prob_loss: Some(self.prob_loss()),
            prob_abandon: Some(self.prob_abandon()),
            queue_length: self.queue_length(),
            in_system: self.law.mean(|n| n as f64),
            wait_law: (from.last().map_or(0, |last| last.0) <= MOST_FOR_LAW)
                .then(|| TimeLaw::computed(wait.mean, law, move |t| tail(&from, rate, theta, t) / share)),
            number_law: Some(NumberLaw::of_chain(move || numbers).waiting_for(self.c)),
            details: vec![
                Detail::mean("wait_all", self.queue_length() / (self.lambda * self.accepted()), Unit::Seconds),
                Detail::fraction("prob_empty", self.law.at(0)),
            ],
            ..Steady::carried(format!("M/M/{}/{}+M", self.c, self.places), rates, service, wait, method)
        }
    }
}

/// sum of p I_x(rate/theta + 1, j) over (j, p), j ascending.
fn tail(from: &[(u64, f64)], rate: f64, theta: f64, t: f64) -> f64 {
    let a = rate / theta + 1.0;
    let ln_rest = (-(-theta * t).exp_m1()).ln();
    // ln of x^a (1-x)^i (a)_i / i!, whose sum over i < j is I_x(a, j).
    let (mut ln_term, mut beta, mut next, mut sum) = (-theta * t * a, 0.0, 0_u64, 0.0);
    for &(j, p) in from {
        while next < j {
            beta += ln_term.exp();
            next += 1;
            ln_term += ln_rest + ((a + next as f64 - 1.0) / next as f64).ln();
        }
        sum += p * f64::min(beta, 1.0);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::erlang_a::ErlangA;
    use super::super::mmck::Mmck;
    use super::*;

    #[test]
    fn many_places_are_erlang_a() {
        for (lambda, theta, c) in [(1.2, 0.5, 1), (95.0, 2.0, 100), (30.0, 0.2, 10)] {
            let (limited, free) = (Impatient::new(lambda, 1.0, theta, c, 1000), ErlangA::new(lambda, 1.0, theta, c));
            let near = |a: f64, b: f64, what: &str| assert!((a / b - 1.0).abs() < 1e-10, "{c} {what}: {a} {b}");
            near(limited.prob_abandon(), free.prob_abandon(), "abandon");
            near(limited.wait_served().mean, free.wait_served().mean, "wait");
            let variances = [limited.wait_served(), free.wait_served()].map(|wait| wait.variance.unwrap());
            near(variances[0], variances[1], "variance");
            for t in [0.0, 0.01, 0.3, 2.0] {
                near(limited.wait_served_survival(t), free.wait_served_survival(t), "tail");
            }
        }
    }

    #[test]
    fn endless_patience_is_mmck_and_all_messages_are_accounted_for() {
        let (patient, plain) = (Impatient::new(1.5, 1.0, 1e-11, 2, 9), Mmck::new(1.5, 1.0, 2, 9));
        assert!((patient.prob_loss() / plain.prob_loss() - 1.0).abs() < 1e-9);
        assert!((patient.wait_served().mean / plain.wait() - 1.0).abs() < 1e-9);
        let (a, b) = (patient.wait_served_survival(2.0), plain.wait_law().survival(2.0));
        assert!((a / b - 1.0).abs() < 1e-8, "{a} {b}");
        for (lambda, places) in [(0.4, 3), (2.0, 3), (9.0, 12)] {
            let queue = Impatient::new(lambda, 1.0, 0.7, 3, places);
            let all = queue.prob_loss() + queue.prob_abandon() + queue.throughput() / lambda;
            assert!((all - 1.0).abs() < 1e-13, "{all}");
            let served: f64 =
                queue.served_from().iter().map(|(_, p)| p).sum::<f64>() + queue.law.between(0, 2, |_| 1.0);
            assert!((served * lambda / queue.throughput() - 1.0).abs() < 1e-12, "{served}");
        }
    }
}
