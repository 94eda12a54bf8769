//! Priorities on several servers of one exponential rate: M/M/c with and without interruption.

use super::flow::Flow;
use super::{cobham::NonPreemptive, cobham::stable_classes, preemptive::PreemptiveResume};
use crate::analytic::station::erlang::erlang_c;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::Moments;

/// M/M/c with non-preemptive priorities and one service rate for all classes.
///
/// Formula (Cobham): with s_k = (lambda_1 + ... + lambda_k)/(c mu) and C = Erlang C of the whole load,
/// Wq_k = C / (c mu (1-s_(k-1)) (1-s_k)). While all servers are busy, the queue moves like that of one
/// server of rate c mu, so that second moments are C/rho times those of M/M/1 with priorities. Where
/// lower classes saturate the servers, C = 1 for the stable ones.
/// Units: rates per second, times in seconds; class 0 is the most urgent.
/// Valid when: Poisson arrivals, exponential service of the same rate for every class, first in
/// first out within a class.
/// Reference: Cobham (1954); Kella and Yechiali, Waiting times in the non-preemptive priority M/M/c
/// queue (1985).
///
/// ```
/// use lindley::analytic::discipline::many_servers::NonPreemptiveMmc;
/// // M/M/2 with a = 1.5: C = 9/14; s = 0.25 and 0.75.
/// let queue = NonPreemptiveMmc::new(&[0.5, 1.0], 1.0, 2);
/// assert!((queue.wait(0).unwrap().mean - 9.0 / 14.0 / (2.0 * 0.75)).abs() < 1e-15);
/// assert!((queue.wait(1).unwrap().mean - 9.0 / 14.0 / (2.0 * 0.75 * 0.25)).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct NonPreemptiveMmc {
    one: NonPreemptive,
    rho: f64,
    pub(super) prob_wait: f64,
}

impl NonPreemptiveMmc {
    /// Classes of these arrival rates, the most urgent first, on `c` servers of rate `mu`.
    pub fn new(lambda: &[f64], mu: f64, c: u32) -> NonPreemptiveMmc {
        let one = NonPreemptive::new(&fast_server(lambda, mu, c));
        let load = lambda.iter().sum::<f64>() / mu;
        let rho = (load / f64::from(c)).min(1.0);
        let prob_wait = erlang_c(c, load).unwrap_or(1.0).min(1.0);
        NonPreemptiveMmc { one, rho, prob_wait }
    }

    /// How many classes, from the most urgent, have a steady state.
    pub fn stable(&self) -> usize {
        self.one.stable
    }

    /// Mean and variance of the wait of class `k`; `None` where it has no steady state.
    pub fn wait(&self, k: usize) -> Option<Moments> {
        Some(self.one.wait(k)?.by_chance(self.prob_wait / self.rho))
    }
}

/// M/M/c with preemptive-resume priorities and one service rate for all classes.
///
/// Formula: the classes down to k are an M/M/c queue of their own, so L_k is the difference of two
/// of its L, and W_k = L_k/lambda_k. With C_k = Erlang C of the classes down to k and
/// s_k = (lambda_1 + ... + lambda_k)/(c mu), service first begins after
/// C_k / (c mu (1-s_(k-1)) (1-s_k)) on average: with probability C_k the wait of M/M/1 of rate c mu.
/// Units: rates per second, times in seconds; class 0 is the most urgent.
/// Valid when: Poisson arrivals, exponential service of the same rate for every class, an
/// interrupted message goes before later ones of its class.
/// Reference: Bondi and Buzen, The response times of priority classes under preemptive resume in M/G/m
/// queues (1984), sec. 2; Gross, Shortle, Thompson, Harris (4th ed.), sec. 3.4.
///
/// ```
/// use lindley::analytic::discipline::many_servers::PreemptiveMmc;
/// // c = 1: classes of 0.25 and 0.5 of one server; L is 1/3 for the first and 3 for both.
/// let queue = PreemptiveMmc::new(&[0.25, 0.5], 1.0, 1);
/// assert!((queue.sojourn(1).unwrap() - (3.0 - 1.0 / 3.0) / 0.5).abs() < 1e-13);
/// ```
#[derive(Debug, Clone)]
pub struct PreemptiveMmc {
    lambda: Vec<f64>,
    mu: f64,
    c: u32,
    pub(super) stable: usize,
}

impl PreemptiveMmc {
    /// Classes of these arrival rates, the most urgent first, on `c` servers of rate `mu`.
    pub fn new(lambda: &[f64], mu: f64, c: u32) -> PreemptiveMmc {
        let stable = stable_classes(&fast_server(lambda, mu, c));
        PreemptiveMmc { lambda: lambda.to_vec(), mu, c, stable }
    }

    /// The M/M/c queue of the first `n` classes.
    fn first(&self, n: usize) -> Option<Mmc> {
        Mmc::new(self.lambda[..n].iter().sum(), self.mu, self.c).ok()
    }

    /// Share of class `k` that cannot begin at once.
    pub fn prob_wait(&self, k: usize) -> Option<f64> {
        if k < self.stable { Some(self.first(k + 1)?.prob_wait()) } else { None }
    }

    /// Mean sojourn of class `k`, seconds; `None` where it has no steady state, as below.
    pub fn sojourn(&self, k: usize) -> Option<f64> {
        Some(1.0 / self.mu + self.not_in_service(k)?)
    }

    /// Mean total time that class `k` is in the system and not in service.
    pub fn not_in_service(&self, k: usize) -> Option<f64> {
        if k >= self.stable {
            return None;
        }
        let waiting = |n: usize| if n == 0 { Some(0.0) } else { Some(self.first(n)?.queue_length()) };
        Some((waiting(k + 1)? - waiting(k)?) / self.lambda[k])
    }

    /// Mean and variance of the time until service of class `k` first begins.
    pub fn first_wait(&self, k: usize) -> Option<Moments> {
        let one = PreemptiveResume::new(&fast_server(&self.lambda, self.mu, self.c));
        Some(one.first_wait(k)?.by_chance(self.prob_wait(k)? / one.prob_wait(k)?))
    }
}

/// One server as fast as all of them.
fn fast_server(lambda: &[f64], mu: f64, c: u32) -> Vec<Flow> {
    lambda.iter().map(|&rate| Flow::exponential(rate, mu * f64::from(c))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;

    #[test]
    fn one_class_is_mmc_and_the_urgent_survive_saturation() {
        let (lambda, mu, c) = (7.0, 1.0, 8);
        let plain = Mmc::new(lambda, mu, c).unwrap();
        let wait = NonPreemptiveMmc::new(&[lambda], mu, c).wait(0).unwrap();
        assert!((wait.mean / plain.wait() - 1.0).abs() < 1e-13);
        assert!((wait.variance.unwrap() / plain.wait_variance() - 1.0).abs() < 1e-12);
        let first = PreemptiveMmc::new(&[lambda], mu, c).first_wait(0).unwrap();
        assert!((first.mean / plain.wait() - 1.0).abs() < 1e-13);
        let queue = NonPreemptiveMmc::new(&[1.0, 9.0], 1.0, 4);
        assert_eq!((queue.stable(), queue.prob_wait), (1, 1.0));
        assert!((queue.wait(0).unwrap().mean - 1.0 / 3.0).abs() < 1e-14);
        assert!(queue.wait(1).is_none());
    }

    /// Two classes on two servers, numbers cut at `most` waiting each.
    fn by_chain(lambda: [f64; 2], interrupts: bool) -> [f64; 2] {
        let most = 16;
        // (class 0 in service, class 1 in service, class 0 waiting, class 1 waiting)
        let average = chain_averages([(0u32, 0u32, 0u32, 0u32)], 100_000, |&(a, b, x, y), to| {
            let settle = |a: u32, b: u32, x: u32, y: u32| {
                let from_x = x.min(2 - a - b);
                let from_y = y.min(2 - a - b - from_x);
                let swapped = if interrupts { (x - from_x).min(b + from_y) } else { 0 };
                (a + from_x + swapped, b + from_y - swapped, x - from_x - swapped, y - from_y + swapped)
            };
            to(settle(a, b, (x + 1).min(most), y), lambda[0]);
            to(settle(a, b, x, (y + 1).min(most)), lambda[1]);
            to(settle(a.saturating_sub(1), b, x, y), f64::from(a));
            to(settle(a, b.saturating_sub(1), x, y), f64::from(b));
        });
        [average(&|s| f64::from(s.2)), average(&|s| f64::from(s.3))]
    }

    #[test]
    fn both_agree_with_chains() {
        let lambda = [0.25, 0.35];
        let (stays, yields) = (by_chain(lambda, false), by_chain(lambda, true));
        let (cobham, preemptive) = (NonPreemptiveMmc::new(&lambda, 1.0, 2), PreemptiveMmc::new(&lambda, 1.0, 2));
        for k in [0, 1] {
            let waiting = [lambda[k] * cobham.wait(k).unwrap().mean, lambda[k] * preemptive.not_in_service(k).unwrap()];
            assert!((waiting[0] / stays[k] - 1.0).abs() < 1e-6, "{k}: {waiting:?} {stays:?}");
            assert!((waiting[1] / yields[k] - 1.0).abs() < 1e-6, "{k}: {waiting:?} {yields:?}");
            // Power twin: the two are far apart.
            assert!((waiting[0] / waiting[1] - 1.0).abs() > 0.02, "{waiting:?}");
        }
    }

    #[test]
    fn one_server_agrees_with_any_service_law() {
        let rates = [0.2, 0.3, 0.35];
        let flows = rates.map(|rate| Flow::exponential(rate, 1.0));
        let (one, many) = (PreemptiveResume::new(&flows), PreemptiveMmc::new(&rates, 1.0, 1));
        for k in 0..3 {
            assert!((one.sojourn(k).unwrap().mean / many.sojourn(k).unwrap() - 1.0).abs() < 1e-12);
            assert!((one.not_in_service(k).unwrap().mean / many.not_in_service(k).unwrap() - 1.0).abs() < 1e-12);
        }
    }
}
