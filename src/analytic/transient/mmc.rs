//! M/M/c and M/M/c/K on the way to (or away from) the steady state.

use super::snapshot::Snapshot;
use crate::analytic::chain::{ChainError, MOST_STATE_EVENTS, Walk};
use crate::dist::bisect::{bisect, half};
use crate::model::capacity::keeps_up;

/// M/M/c(/K) from any start.
///
/// Formula: the birth-death chain with births lambda and deaths min(n, c) mu, by uniformisation over
/// the states that matter, so that no truncation is needed, relative error about 1e-12; a long time by an integral
/// around the spectrum as soon as the number is where it will be in the long run, absolute error about 1e-12.
/// Probabilities below 1e-40 are left out, and may read 0.
/// Units: lambda and mu per second, times in seconds.
/// Valid when: lambda >= 0, mu > 0, c >= 1, stable or not; any time where a steady state exists or nearly does,
/// under overload as long as (lambda + c mu) t times the spread of the number is below 10^9.
/// Reference: Kleinrock I (1975), sec. 2.12; Abate, Whitt, Transient behavior of the M/M/1 queue:
/// starting at the origin, Queueing Systems 2 (1987); Gross et al. (4th ed.), sec. 2.11.
///
/// ```
/// use lindley::analytic::transient::{MmcTransient, Snapshot};
/// // From empty, at t = 0 nobody; by t = 20 s almost the steady state, which has mean 1.
/// let queue = MmcTransient { lambda: 0.5, mu: 1.0, c: 1, places: None };
/// let now = queue.after(&Snapshot::of(0, 1), 20.0).unwrap();
/// assert!((now.in_system() - 0.9748458247).abs() < 1e-10);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MmcTransient {
    /// Arrivals per second.
    pub lambda: f64,
    /// Services per second and server.
    pub mu: f64,
    /// Servers.
    pub c: usize,
    /// Places in all; `None`: no limit.
    pub places: Option<usize>,
}

impl MmcTransient {
    /// The law of the number a time `t` later.
    pub fn after(&self, start: &Snapshot, t: f64) -> Result<Snapshot, ChainError> {
        self.after_within(start, t, &mut MOST_STATE_EVENTS.clone())
    }

    /// The same with so many state-events left to spend, of which it takes what it needs.
    pub(super) fn after_within(&self, start: &Snapshot, t: f64, left: &mut f64) -> Result<Snapshot, ChainError> {
        let (places, servers) = (self.places.unwrap_or(usize::MAX), self.c.min(self.reach(start, t)));
        let walk = Walk {
            up: |n| if n < places { self.lambda } else { 0.0 },
            down: |n: usize| n.min(servers) as f64 * self.mu,
            fastest: self.lambda + servers as f64 * self.mu,
        };
        Ok(Snapshot { p: walk.after_within(&start.p, t, left)?, c: self.c })
    }

    /// A number that is not exceeded until t but with a probability far below any digit: what is
    /// there, and all that a Poisson process brings.
    fn reach(&self, start: &Snapshot, t: f64) -> usize {
        let arrivals = self.lambda * t;
        let most = start.p.len() as f64 + arrivals + 20.0 * arrivals.sqrt() + 100.0;
        self.places.unwrap_or(usize::MAX).min(most as usize)
    }
}

/// How slowly M/M/c forgets its start: the time in which deviations shrink by the factor e at last.
///
/// Formula: 1 over the smallest positive decay rate; for c = 1 that is (sqrt mu - sqrt lambda)^2, for
/// c > 1 the smaller of (sqrt(c mu) - sqrt lambda)^2 and the smallest eigenvalue of the dual chain
/// below it, found by bisection on the signs of its Sturm sequence.
/// Units: seconds.
/// Valid when: lambda < c mu; `None` otherwise.
/// Reference: Kleinrock I (1975), sec. 2.12; van Doorn, Stochastic Monotonicity and Queueing
/// Applications of Birth-Death Processes (1981), ch. 5.
///
/// ```
/// use lindley::analytic::transient::relaxation_time;
/// assert!((relaxation_time(0.25, 1.0, 1).unwrap() - 4.0).abs() < 1e-12);
/// // Many servers: each message is forgotten with its service.
/// assert!((relaxation_time(1.0, 1.0, 60).unwrap() - 1.0).abs() < 1e-6);
/// ```
pub fn relaxation_time(lambda: f64, mu: f64, c: u32) -> Option<f64> {
    let total = f64::from(c) * mu;
    if !(lambda >= 0.0 && mu > 0.0 && keeps_up(lambda, total)) {
        return None;
    }
    // sqrt a - sqrt b = (a - b)/(sqrt a + sqrt b) does not cancel twice.
    let edge = ((total - lambda) / (total.sqrt() + lambda.sqrt())).powi(2);
    if c == 1 || lambda == 0.0 {
        return Some(1.0 / if c == 1 { edge } else { mu });
    }
    let (_, rate) = bisect(0.0, edge, half, |x| !slower_than(x, lambda, mu, c));
    Some(1.0 / rate)
}

/// Whether the dual chain, of diagonal lambda + min(n + 1, c) mu and off-diagonal
/// sqrt(lambda min(n + 1, c) mu), has an eigenvalue below x <= (sqrt(c mu) - sqrt lambda)^2.
fn slower_than(x: f64, lambda: f64, mu: f64, c: u32) -> bool {
    let mut pivot = f64::INFINITY;
    let mut square = 0.0;
    for n in 1..=c {
        let down = f64::from(n) * mu;
        pivot = lambda + down - x - square / pivot;
        if pivot <= 0.0 {
            return true;
        }
        square = lambda * down;
    }
    // From here on pivots follow d -> a - square/d: they stay positive above the smaller fixed point.
    let a = lambda + f64::from(c) * mu - x;
    let root = (a * a - 4.0 * square).max(0.0).sqrt();
    pivot < 2.0 * square / (a + root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::numeric::poisson;

    #[test]
    fn it_ends_in_the_steady_state() {
        let queue = MmcTransient { lambda: 2.0, mu: 1.0, c: 3, places: None };
        let exact = crate::analytic::station::mmc::Mmc::new(2.0, 1.0, 3).unwrap();
        let now = queue.after(&Snapshot::of(40, 3), 5000.0).unwrap();
        assert!((now.in_system() / exact.in_system() - 1.0).abs() < 1e-11);
        assert!((now.all_busy() / exact.prob_wait() - 1.0).abs() < 1e-11);
    }

    #[test]
    fn with_servers_for_all_the_count_is_binomial_plus_poisson() {
        let queue = MmcTransient { lambda: 3.0, mu: 0.5, c: 100_000, places: None };
        let t: f64 = 1.3;
        let now = queue.after(&Snapshot::of(0, 100_000), t).unwrap();
        let mean = 6.0 * -(-0.5 * t).exp_m1();
        for n in [0_u64, 2, 11] {
            assert!((now.p[n as usize] / poisson::pmf(n, mean) - 1.0).abs() < 1e-11);
        }
        let now = queue.after(&Snapshot::of(30, 100_000), t).unwrap();
        assert!((now.in_system() - mean - 30.0 * (-0.5 * t).exp()).abs() < 1e-11);
    }

    #[test]
    fn the_relaxation_time_is_seen_in_the_decay() {
        for (lambda, c) in [(0.5, 1), (1.2, 2), (3.0, 8), (7.6, 8)] {
            let queue = MmcTransient { lambda, mu: 1.0, c: c as usize, places: Some(400) };
            let slow = relaxation_time(lambda, 1.0, c).unwrap();
            let at = |t: f64| queue.after(&Snapshot::of(3, c as usize), t).unwrap().in_system();
            let limit = at(1e5);
            let (a, b, step) = (8.0 * slow, 9.0 * slow, slow);
            let measured = step / ((at(a) - limit).abs() / (at(b) - limit).abs()).ln();
            // At the edge of a continuous spectrum the decay has a power of t besides.
            assert!(measured < 1.01 * slow && measured > 0.8 * slow, "{lambda} {c}: {measured} {slow}");
        }
    }
}
