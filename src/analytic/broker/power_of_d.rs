//! Joining the shortest of d queues picked at random, among very many.

/// The supermarket model: every message joins the shortest of d random queues, in the limit of many queues.
///
/// Formula: the share of queues with at least k messages is s_k = rho^((d^k - 1)/(d - 1)) (rho^k for d = 1);
/// W = sum over k >= 1 of s_k / (rho mu), P(wait) = rho^d.
/// Units: rates per second and queue, times in seconds.
/// Valid when: rho < 1, d >= 1; exact only as the number of queues grows without end.
/// Reference: Vvedenskaya, Dobrushin, Karpelevich, Problems of Information Transmission 32 (1996);
/// Mitzenmacher, IEEE Trans. Parallel and Distributed Systems 12 (2001).
///
/// ```
/// use lindley::analytic::broker::power_of_d::PowerOfD;
/// let one = PowerOfD { lambda: 0.5, mu: 1.0, choices: 1 };
/// assert!((one.sojourn() - 2.0).abs() < 1e-15); // M/M/1
/// let two = PowerOfD { lambda: 0.5, mu: 1.0, choices: 2 };
/// // 1 + 0.5^2 + 0.5^6 + 0.5^14 + ...
/// assert!((two.sojourn() - 1.265686).abs() < 1e-6);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerOfD {
    /// Arrivals per second and queue.
    pub lambda: f64,
    /// Service rate of each queue, per second.
    pub mu: f64,
    /// d: queues looked at.
    pub choices: u32,
}

impl PowerOfD {
    /// Share of queues with at least k messages.
    pub fn share_at_least(&self, k: u32) -> f64 {
        let d = f64::from(self.choices);
        let exponent = (0..k).fold(0.0_f64, |e, _| d * e + 1.0);
        (self.lambda / self.mu).powf(exponent)
    }

    /// Mean number of messages in a queue: sum of the shares.
    pub fn in_queue(&self) -> f64 {
        let rho = self.lambda / self.mu;
        if self.choices == 1 {
            return self.lambda / (self.mu - self.lambda);
        }
        let (d, mut exponent, mut sum) = (f64::from(self.choices), 1.0, 0.0);
        loop {
            let share: f64 = rho.powf(exponent);
            sum += share;
            if share <= 1e-17 * sum {
                return sum;
            }
            exponent = d * exponent + 1.0;
        }
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.in_queue() / self.lambda
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        (self.in_queue() - self.lambda / self.mu) / self.lambda
    }

    /// Share of messages that wait: all d queues are busy.
    pub fn prob_wait(&self) -> f64 {
        (self.lambda / self.mu).powf(f64::from(self.choices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_the_mean_and_balance_the_flow() {
        for (lambda, choices) in [(0.9, 2), (0.99, 3), (0.999, 10), (0.2, 1)] {
            let limit = PowerOfD { lambda, mu: 1.0, choices };
            let sum: f64 = (1..60).map(|k| limit.share_at_least(k)).sum();
            assert!((limit.in_queue() / sum - 1.0).abs() < 1e-12, "{lambda} {choices}");
            assert!((limit.wait() + 1.0 - limit.sojourn()).abs() < 1e-11);
        }
        // lambda (s_{k-1}^d - s_k^d) = mu (s_k - s_{k+1})
        let limit = PowerOfD { lambda: 0.9, mu: 1.0, choices: 2 };
        for k in 1..6 {
            let s = |k| limit.share_at_least(k);
            let (inflow, outflow) = (0.9 * (s(k - 1).powi(2) - s(k).powi(2)), s(k) - s(k + 1));
            assert!((inflow - outflow).abs() < 1e-14, "{k}: {inflow} {outflow}");
        }
    }
}
