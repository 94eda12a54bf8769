//! A Poisson stream split over m dedicated queues in turn.

use crate::dist::bisect::{bisect, half};

/// Round-robin split of a Poisson stream over m queues with one server each: E_m/M/1.
///
/// Formula: sigma in (0, 1) solves sigma = (lambda / (lambda + mu (1-sigma)))^m; W = 1/(mu (1-sigma)),
/// P(wait > t) = sigma e^{-mu (1-sigma) t}.
/// Units: lambda (of the whole stream) and mu (of one server) per second, times in seconds.
/// Valid when: 0 < lambda < m mu, exponential service, m >= 1.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 6.4 (G/M/1).
///
/// ```
/// use lindley::analytic::broker::round_robin::RoundRobin;
/// let split = RoundRobin { lambda: 0.8, mu: 1.0, queues: 1 };
/// assert!((split.sigma() - 0.8).abs() < 1e-15); // M/M/1
/// assert!((split.sojourn() - 5.0).abs() < 1e-13);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundRobin {
    /// Arrivals per second, all queues together.
    pub lambda: f64,
    /// Service rate of each queue's server, per second.
    pub mu: f64,
    /// Number of queues.
    pub queues: u32,
}

impl RoundRobin {
    /// 1 - sigma, the root in (0, 1) of -ln(1-x) = m ln(1 + x mu/lambda), of full relative accuracy.
    fn spare(&self) -> f64 {
        let ratio = self.mu / self.lambda;
        let excess = |x: f64| -(-x).ln_1p() - f64::from(self.queues) * (x * ratio).ln_1p();
        // The function is convex and 0 at 0, so it is negative before the root and positive after it.
        let (low, high) = bisect(0.0, 1.0, half, |x| excess(x) < 0.0);
        0.5 * (low + high)
    }

    /// Share of messages that wait.
    pub fn sigma(&self) -> f64 {
        1.0 - self.spare()
    }

    /// Mean sojourn, seconds; the sojourn is exponential.
    pub fn sojourn(&self) -> f64 {
        1.0 / (self.mu * self.spare())
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.sigma() * self.sojourn()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;

    #[test]
    fn agrees_with_the_chain_of_phases() {
        // One queue sees a message each m arrivals: state (phase, messages).
        let (lambda, mu, m) = (2.1, 1.0, 3);
        let average = chain_averages([(0u32, 0u32)], 1000, |&(phase, n), to| {
            if phase + 1 < m {
                to((phase + 1, n), lambda);
            } else if n < 200 {
                to((0, n + 1), lambda);
            }
            to((phase, n.saturating_sub(1)), mu);
        });
        let sojourn = average(&|&(_, n)| f64::from(n)) * f64::from(m) / lambda;
        let split = RoundRobin { lambda, mu, queues: m };
        assert!((split.sojourn() / sojourn - 1.0).abs() < 1e-11, "{} {sojourn}", split.sojourn());
    }

    #[test]
    fn many_queues_see_a_clock_and_saturation_keeps_its_digits() {
        // m -> infinity is D/M/1: sigma = exp(-(1-sigma)/rho).
        let sigma = (0..2000).fold(0.5_f64, |s, _| (-(1.0 - s) / 0.8).exp());
        let split = RoundRobin { lambda: 0.8e6, mu: 1.0, queues: 1_000_000 };
        assert!((split.sigma() - sigma).abs() < 1e-5);
        // Heavy traffic: Wq = (1/m + 1)/2 * rho/(1-rho).
        let near = RoundRobin { lambda: 2.0 - 2e-7, mu: 1.0, queues: 2 };
        assert!((near.wait() / (0.75 / 1e-7) - 1.0).abs() < 1e-6, "{}", near.wait());
    }
}
