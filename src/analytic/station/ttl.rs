//! M/M/c+D: a time to live that ends when service begins. Closed forms of exponentials.

use super::erlang::ln_erlang_b;
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::quadrature::panel;
use crate::analytic::numeric::stable::{exponential_integral, ln_add};
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;

/// M/M/c+D in steady state: a message that has waited for the time to live leaves unserved.
///
/// Formula: the offered wait V has density lambda p_{c-1} e^{(lambda - c mu) x} for x <= ttl, is
/// beyond with probability P(expire) = p_{c-1} (lambda/(c mu)) e^{(lambda - c mu) ttl}, and is 0 with
/// probability p_{c-1} / B(c - 1), B = Erlang B. Wait of all = E\[min(V, ttl)\], Lq = lambda times it.
/// Units: rates per second, times in seconds.
/// Valid when: lambda, mu, ttl > 0 and the queue is first in first out; always stable, lambda =
/// c mu and overload included. A message in service is finished. Lq counts a message until the very end
/// of its time to live; a broker that removes the expired only at the head, when a server asks for the
/// next message, has the same P(expire) and the same waits of served messages, but a longer queue.
/// Numerics: logarithms throughout; relative error about 1e-13 for c to 10^6 and any ttl.
/// Reference: Barrer, Queuing with impatient customers and ordered service, Oper. Res. 5 (1957);
/// Baccelli and Hebuterne, On queues with impatient customers (1981).
///
/// ```
/// use lindley::analytic::station::ttl::Ttl;
/// // lambda = mu = 1/s, one server, 3 s: 1 + 3 + 1 parts, one of them expires.
/// let queue = Ttl::new(1.0, 1.0, 1, 3.0);
/// assert!((queue.prob_expire() - 0.2).abs() < 1e-15);
/// assert!((queue.wait_served().mean - 1.125).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ttl {
    lambda: f64,
    mu: f64,
    c: u32,
    ttl: f64,
    /// lambda - c mu.
    drift: f64,
    /// Where the density of the offered wait is largest: 0, or the time to live under overload.
    peak: f64,
    /// Logarithm of the density there.
    ln_peak: f64,
    /// Share of messages that find a free server.
    at_once: f64,
}

impl Ttl {
    /// The queue with arrival rate `lambda`, `c` >= 1 servers of rate `mu` and time to live `ttl`.
    pub fn new(lambda: f64, mu: f64, c: u32, ttl: f64) -> Ttl {
        let capacity = f64::from(c) * mu;
        let drift = lambda - capacity;
        let peak = if drift > 0.0 { ttl } else { 0.0 };
        // Logarithms of the three parts, as if the density were lambda at its peak.
        let free = -ln_erlang_b(c - 1, lambda / mu) - drift * peak;
        let waits = lambda.ln() + exponential_integral(drift, 0.0, ttl).ln();
        let expires = (lambda / capacity).ln() + drift * (ttl - peak);
        let total = ln_add(free, ln_add(waits, expires));
        Ttl { lambda, mu, c, ttl, drift, peak, ln_peak: lambda.ln() - total, at_once: (free - total).exp() }
    }

    /// Logarithm of the density of the offered wait at x <= ttl.
    fn ln_density(&self, x: f64) -> f64 {
        self.ln_peak + self.drift * (x - self.peak)
    }

    /// integral of the density of the offered wait over low <= x <= high, both within 0..=ttl.
    fn between(&self, low: f64, high: f64) -> f64 {
        let top = if self.drift > 0.0 { high } else { low };
        self.ln_density(top).exp() * exponential_integral(self.drift, low, high)
    }

    /// Share of messages that expire.
    pub fn prob_expire(&self) -> f64 {
        self.ln_density(self.ttl).exp() / (f64::from(self.c) * self.mu)
    }

    /// Share of messages that are served.
    pub fn prob_served(&self) -> f64 {
        self.at_once + self.between(0.0, self.ttl)
    }

    /// Share of messages that find every server busy.
    pub fn prob_wait(&self) -> f64 {
        self.between(0.0, self.ttl) + self.prob_expire()
    }

    /// Messages served per second.
    pub fn throughput(&self) -> f64 {
        self.lambda * self.prob_served()
    }

    /// E\[f(wait); served after a wait\].
    fn waited(&self, f: impl Fn(f64) -> f64) -> f64 {
        let fall = self.drift.abs();
        // By distance from the peak, in pieces of at most two e-folds, to where nothing is left.
        let reach = if fall * self.ttl < 80.0 { self.ttl } else { 80.0 / fall };
        let pieces = (fall * reach / 2.0).ceil().max(1.0);
        let length = reach / pieces;
        let at = |distance: f64| if self.drift > 0.0 { self.ttl - distance } else { distance };
        let piece = |i: u32| {
            let (near, far) = (f64::from(i) * length, f64::from(i + 1) * length);
            panel(|distance| f(at(distance)) * (self.ln_peak - fall * distance).exp(), near, far)
        };
        (0..pieces as u32).map(piece).sum()
    }

    /// Mean and variance of the wait of the messages that are served.
    pub fn wait_served(&self) -> Moments {
        let served = self.prob_served();
        let mean = self.waited(|x| x) / served;
        let spread = self.waited(|x| (x - mean) * (x - mean)) + self.at_once * mean * mean;
        Moments::new(mean, spread / served)
    }

    /// Mean time in the queue of all messages, seconds; the expired count for the time to live.
    pub fn wait_all(&self) -> f64 {
        self.waited(|x| x) + self.prob_expire() * self.ttl
    }

    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.lambda * self.wait_all()
    }

    /// P(wait > t) of the messages that are served.
    pub fn wait_served_survival(&self, t: f64) -> f64 {
        if t >= self.ttl { 0.0 } else { self.between(t.max(0.0), self.ttl) / self.prob_served() }
    }

    /// P(wait + service > t) of the messages that are served.
    pub fn sojourn_served_survival(&self, t: f64) -> f64 {
        // e^{-mu (t - x)} over the density of the wait up to t.
        let (rise, last) = (self.drift + self.mu, t.min(self.ttl));
        let top = if rise > 0.0 { last } else { 0.0 };
        let area = exponential_integral(rise, 0.0, last);
        let waited = (self.ln_density(top) - self.mu * (t - top)).exp() * area;
        let in_service = (self.at_once * (-self.mu * t).exp() + waited) / self.prob_served();
        in_service + self.wait_served_survival(t)
    }

    /// Everything in one record: wait and sojourn are those of the messages that are served.
    pub fn steady(&self) -> Steady {
        let (queue, wait, mean, throughput) = (*self, self.wait_served(), 1.0 / self.mu, self.throughput());
        let law = "M/M/c+D, closed form (Baccelli, Hebuterne 1981)";
        let (service, rates) = (Moments::new(mean, mean * mean), (self.lambda, throughput));
        let method = "M/M/c+D (Barrer 1957; Baccelli, Hebuterne 1981); times of served messages";
        Steady {
            offered_load: self.lambda / self.mu,
            utilization: Some(throughput / (f64::from(self.c) * self.mu)),
            prob_wait: Some(self.prob_wait()),
            prob_abandon: Some(self.prob_expire()),
            queue_length: self.queue_length(),
            in_system: self.queue_length() + throughput / self.mu,
            wait_law: Some(TimeLaw::computed(wait.mean, law, move |t| queue.wait_served_survival(t))),
            sojourn_law: Some(TimeLaw::computed(wait.mean + mean, law, move |t| queue.sojourn_served_survival(t))),
            details: vec![
                Detail::mean("wait_all", self.wait_all(), Unit::Seconds),
                Detail::mean("expire_rate", self.lambda * self.prob_expire(), Unit::PerSecond),
            ],
            ..Steady::carried(format!("M/M/{}+D", self.c), rates, service, wait, method)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::has_moments;

    #[test]
    fn served_and_expired_are_all_and_the_rates_balance() {
        for (lambda, c, ttl) in [(1.0, 1, 3.0), (12.0, 10, 0.25), (8.0, 10, 5.0), (900.0, 800, 40.0), (0.01, 3, 1e-3)] {
            let queue = Ttl::new(lambda, 1.0, c, ttl);
            assert!((queue.prob_served() + queue.prob_expire() - 1.0).abs() < 1e-12, "{lambda} {c} {ttl}");
            // Busy servers by Little's law, and by the probabilities: c P(wait) + sum of n p_n, n < c.
            let b = (ln_erlang_b(c - 1, lambda)).exp();
            let below = queue.at_once * lambda * (1.0 - b);
            let busy = f64::from(c) * queue.prob_wait() + below;
            assert!((busy / queue.throughput() - 1.0).abs() < 1e-11, "{busy} {}", queue.throughput());
        }
    }

    #[test]
    fn long_and_short_lives_are_mmc_and_loss() {
        let mmc = super::super::mmc::Mmc::new(8.0, 1.0, 10).unwrap();
        let long = Ttl::new(8.0, 1.0, 10, 1e6);
        assert!((long.wait_served().mean / mmc.wait() - 1.0).abs() < 1e-12);
        assert!((long.sojourn_served_survival(3.0) / mmc.sojourn_law().survival(3.0) - 1.0).abs() < 1e-12);
        assert_eq!(long.prob_expire(), 0.0);
        let short = Ttl::new(8.0, 1.0, 10, 1e-12);
        assert!((short.prob_expire() / super::super::erlang::erlang_b(10, 8.0) - 1.0).abs() < 1e-9);
        let over = Ttl::new(2e6, 1.0, 1_000_000, 1e3);
        assert!((over.prob_expire() - 0.5).abs() < 1e-9 && (over.wait_all() / 1e3 - 1.0).abs() < 1e-8);
        // Under overload the wait falls short of the time to live by an exponential time of rate 10^6.
        let wait = over.wait_served();
        assert!((wait.variance.unwrap() * 1e12 - 1.0).abs() < 1e-3, "{wait:?}");
    }

    #[test]
    fn tails_integrate_to_means() {
        for (lambda, ttl) in [(1.2, 2.0), (2.0, 2.0), (4.0, 0.7)] {
            let steady = Ttl::new(lambda, 1.0, 2, ttl).steady();
            for (law, moments) in [(steady.wait_law, steady.wait), (steady.sojourn_law, steady.sojourn)] {
                has_moments(&law.unwrap(), Moments::of_mean(moments.unwrap().mean), (1e-3, 40_000), [1e-6, 1.0]);
            }
        }
    }
}
