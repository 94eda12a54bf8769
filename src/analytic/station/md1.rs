//! M/D/1: constant service. The wait by Franx's sum, whose terms are all positive, where the classical
//! alternating series loses every digit.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::phases::TailTable;
use crate::analytic::numeric::poisson;

/// Wait in M/D/1.
///
/// Formula: for (k-1) D <= t < k D and y = lambda (k D - t),
/// P(wait > t) = sum_{j < k} e^{-y} y^j / j! P(Nq > k-1-j) + P(Poisson(y) >= k),
/// Nq the number waiting in steady state.
/// Units: lambda per second, D and t in seconds.
/// Valid when: rho = lambda D < 1, first in first out. Relative error about 1e-13.
/// Reference: G. J. Franx, A simple solution for the M/D/c waiting time distribution,
/// Operations Research Letters 29 (2001), 221-229.
///
/// ```
/// use lindley::analytic::station::md1::Md1Wait;
/// let wait = Md1Wait::new(0.5, 1.0);
/// assert!((wait.survival(0.0) - 0.5).abs() < 1e-15);
/// // Within one service time: P(wait <= t) = (1 - rho) e^{lambda t}.
/// assert!((wait.survival(0.5) - (1.0 - 0.5 * 0.25_f64.exp())).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Md1Wait {
    lambda: f64,
    service: f64,
    in_system: TailTable,
}

impl Md1Wait {
    /// The wait at arrival rate `lambda` and constant service time `service`, of product below 1.
    pub fn new(lambda: f64, service: f64) -> Md1Wait {
        let rho = lambda * service;
        let above = arrivals_above(rho);
        let none = (-rho).exp();
        // Crossings of level n by the chain seen at departures: up from i <= n (0 counts as 1
        // message served alone), down from n + 1 without an arrival. All terms positive.
        let next = |p: &[f64]| {
            let n = p.len() - 1;
            let far = n.saturating_sub(above.len());
            let up: f64 = (far.max(1)..=n).map(|i| p[i] * above.get(n + 1 - i).unwrap_or(&0.0)).sum();
            (p[0] * above.get(n).unwrap_or(&0.0) + up) / none
        };
        Md1Wait { lambda, service, in_system: TailTable::new(rho, 20, next) }
    }

    /// P(wait > t).
    pub fn survival(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        let k = (t / self.service).floor() as u64 + 1;
        // Non-negative but for rounding; at most rho.
        let y = (self.lambda * (k as f64 * self.service - t)).max(0.0);
        let waiting = |m: u64| self.in_system.tail(m + 1);
        let (mut sum, mut probability) = (0.0, (-y).exp());
        // y < 1: 40 terms leave less than 1e-48.
        for j in 0..40 {
            sum += probability * if j < k { waiting(k - 1 - j) } else { 1.0 };
            probability *= y / (j + 1) as f64;
        }
        sum
    }

    /// Mean wait, seconds: lambda D^2 / (2 (1 - rho)).
    pub fn mean(&self) -> f64 {
        let rho = self.lambda * self.service;
        rho * self.service / (2.0 * (1.0 - rho))
    }

    /// Law of the wait and a constant besides (the service, for the sojourn).
    pub fn law(&self, plus: f64) -> TimeLaw {
        let wait = self.clone();
        TimeLaw::computed(self.mean() + plus, "M/D/1 (Franx 2001)", move |t| wait.survival(t - plus))
    }
}

/// P(more than j arrivals in one service time), j = 0, 1, ... until negligible.
fn arrivals_above(rho: f64) -> Vec<f64> {
    let above = |j: u64| (j + 1..j + 60).map(|i| poisson::pmf(i, rho)).sum::<f64>();
    (0..).map(above).take_while(|tail| *tail > 1e-40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::has_moments;

    /// The classical series (Erlang 1909), good for a few service times only:
    /// P(W <= t) = (1-rho) sum_j (lambda (j D - t))^j / j! e^{-lambda (j D - t)}.
    fn by_alternating_series(rho: f64, t: f64) -> f64 {
        let term = |j: u64| {
            let x = rho * (j as f64 - t);
            x.powi(j as i32) / libm::tgamma(j as f64 + 1.0) * (-x).exp()
        };
        1.0 - (1.0 - rho) * (0..=t.floor() as u64).map(term).sum::<f64>()
    }

    #[test]
    fn agrees_with_the_classical_series_near_zero() {
        for rho in [0.2, 0.5, 0.9] {
            let wait = Md1Wait::new(rho, 1.0);
            for t in [0.0, 0.3, 1.0, 2.5, 4.999, 7.2] {
                let (a, b) = (wait.survival(t), by_alternating_series(rho, t));
                assert!((a - b).abs() < 1e-11, "rho {rho} t {t}: {a} {b}");
            }
        }
    }

    #[test]
    fn mean_is_the_area_under_the_tail_and_sets_the_median() {
        for rho in [0.3, 0.8, 0.99] {
            let wait = Md1Wait::new(rho, 1.0);
            has_moments(&wait.law(0.0), Moments::of_mean(wait.mean()), (1e-3 / (1.0 - rho), 40_000), [1e-4, 1.0]);
        }
        // Near saturation the wait is nearly exponential: p50 near mean x ln 2.
        let wait = Md1Wait::new(999.9, 1e-3);
        let median = wait.law(0.0).quantile(0.5).unwrap();
        assert!((median / (wait.mean() * 2.0_f64.ln()) - 1.0).abs() < 1e-3, "{median}");
    }
}
