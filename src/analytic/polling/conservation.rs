//! What the waits of a polling system sum to, weighted by load, and equal queues of which one message is
//! served a visit.

use super::cyclic::{PolledQueue, PollingRule};
use crate::model::capacity::keeps_up;

/// The pseudo-conservation law: the sum over queues of rho_i Wq_i, of 1-limited queues
/// rho_i (1 - lambda_i r/(1 - rho)) Wq_i.
///
/// Formula: with R all switchovers of a cycle and r = E\[R\],
/// rho sum lambda_i E\[S_i^2\]/(2(1-rho)) + rho E\[R^2\]/(2r) +
/// r/(2(1-rho)) (rho^2 - sum over exhaustive rho_i^2 + sum over the others rho_i^2).
/// Units: lambda per second, times in seconds, result in seconds.
/// Valid when: Poisson arrivals, cyclic order, rho < 1; holds whatever the waits of single queues.
/// Reference: Boxma and Groenendijk, Pseudo-conservation laws in cyclic-service systems (1987),
/// eq. 3.10 ff.
///
/// ```
/// use lindley::analytic::polling::conservation::weighted_wait;
/// use lindley::analytic::polling::cyclic::{PolledQueue, PollingRule};
/// use lindley::dist::Dist;
/// let queue = PolledQueue::new(0.2, &Dist::Exponential(1.0), &Dist::Exponential(0.5), PollingRule::Exhaustive);
/// let sum = weighted_wait(&[queue; 2]);
/// assert!((sum - 0.4 * 19.0 / 12.0).abs() < 1e-15);
/// ```
pub fn weighted_wait(queues: &[PolledQueue]) -> f64 {
    let sum = |of: &dyn Fn(&PolledQueue) -> f64| queues.iter().map(of).sum::<f64>();
    let rho = sum(&|s| s.load());
    let (r, variance) = (sum(&|s| s.switchover), sum(&|s| s.switchover_variance));
    let square = |queue: &PolledQueue| {
        let square = queue.load() * queue.load();
        if queue.rule == PollingRule::Exhaustive { -square } else { square }
    };
    let spread = rho * rho + queues.iter().map(square).sum::<f64>();
    let residual = if r > 0.0 { (variance / r + r) / 2.0 } else { 0.0 };
    rho * sum(&|s| s.lambda * s.service_second) / (2.0 * (1.0 - rho))
        + rho * residual
        + r * spread / (2.0 * (1.0 - rho))
}

/// Mean wait in n equal queues of which at most one message is served a visit.
///
/// Formula: Wq = (delta^2/(2r)(1 - rho) + n lambda E\[S^2\]/2 + r (n + rho)/2) / (1 - rho - n lambda r),
/// r and delta^2 mean and variance of one switchover, rho = n lambda E\[S\].
/// Units: lambda per second, times in seconds.
/// Valid when: Poisson arrivals, all queues alike, rho + n lambda r < 1 (else `None`).
/// Reference: Fuhrmann (1985); Takagi, Analysis of Polling Systems (1986), eq. 6.60.
///
/// ```
/// use lindley::analytic::polling::conservation::one_limited;
/// use lindley::analytic::polling::cyclic::{PolledQueue, PollingRule};
/// use lindley::dist::Dist;
/// let queue = PolledQueue::new(0.1, &Dist::Deterministic(1.0), &Dist::Deterministic(1.0), PollingRule::Gated);
/// assert!((one_limited(&queue, 2).unwrap() - 1.2 / 0.6).abs() < 1e-15);
/// ```
pub fn one_limited(queue: &PolledQueue, n: usize) -> Option<f64> {
    let (n, r) = (n as f64, queue.switchover);
    let rho = n * queue.load();
    let slack = 1.0 - rho - n * queue.lambda * r;
    let spread = if r > 0.0 { queue.switchover_variance / (2.0 * r) } else { 0.0 };
    let work = 0.5 * n * queue.lambda * queue.service_second;
    keeps_up(1.0 - slack, 1.0).then(|| (spread * (1.0 - rho) + work + 0.5 * r * (n + rho)) / slack)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;
    use crate::dist::Dist;

    /// Two queues of at most 14, exponential all; server at a queue (serving) or on its way to it.
    fn limited_chain(lambda: f64, mu: f64, switch: f64, most: u8) -> f64 {
        let average = chain_averages([([0u8, 0u8], 0usize, false)], 2000, |&(n, at, serving), to| {
            for i in 0..2 {
                let mut m = n;
                m[i] += 1;
                to((m, at, serving), if n[i] < most { lambda } else { 0.0 });
            }
            let other = 1 - at;
            if serving {
                let mut m = n;
                m[at] -= 1;
                to((m, other, false), mu);
            } else if n[at] > 0 {
                to((n, at, true), switch);
            } else {
                to((n, other, false), switch);
            }
        });
        average(&|s| f64::from(s.0[0])) / lambda - 1.0 / mu
    }

    #[test]
    fn one_limited_by_a_chain() {
        let queue = PolledQueue::new(0.15, &Dist::Exponential(1.0), &Dist::Exponential(0.2), PollingRule::Gated);
        let (closed, chain) = (one_limited(&queue, 2).unwrap(), limited_chain(0.15, 1.0, 5.0, 20));
        assert!((closed / chain - 1.0).abs() < 1e-6, "{closed} {chain}");
        // Power twin: exhaustive service is something else.
        let exhaustive = PolledQueue { rule: PollingRule::Exhaustive, ..queue };
        assert!((weighted_wait(&[exhaustive; 2]) / 0.3 / chain - 1.0).abs() > 1e-2);
    }

    #[test]
    fn limits() {
        let queue = PolledQueue::new(0.1, &Dist::Exponential(1.0), &Dist::Exponential(2.5), PollingRule::Gated);
        assert_eq!(one_limited(&queue, 3), None);
        let none = PolledQueue { switchover: 0.0, switchover_variance: 0.0, ..queue };
        assert!((one_limited(&none, 5).unwrap() - 0.5 / 0.5).abs() < 1e-15);
    }
}
