//! M/D/c: constant service, any number of servers. The number waiting by ladder heights, the wait by
//! Franx's sum: positive terms only, but for one product over roots.

use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::phases::TailTable;
use crate::analytic::numeric::poisson;
use crate::analytic::steady::{Moments, Steady, Unstable};
use nalgebra::Complex;
use std::f64::consts::PI;
use std::sync::Arc;

/// M/D/c in steady state.
///
/// Formula: seen at times D apart, the number waiting is Q' = (Q + A - c)^+, A Poisson of mean
/// a = lambda D; so Q is a geometric sum of ladder heights of the walk with steps A - c, and for
/// (k-1) D <= t < k D and y = lambda (k D - t),
/// P(wait > t) = sum_{j < kc} e^{-y} y^j / j! P(Q > kc-1-j) + P(Poisson(y) >= kc).
/// The ladder heights follow from u_0 = 1, j u_j = sum_{m=1}^{j} s_m u_{j-m}, s_m the sum of the m-th
/// powers of the c roots of z^c = e^{-a (1-z)} in the unit disc.
/// Units: lambda per second, D and t in seconds.
/// Valid when: rho = lambda D / c < 1, first in first out.
/// Numerics: relative error about 1e-12 for c to a few hundred and rho to 0.9999.
/// Reference: Crommelin, Post Office El. Eng. J. 25 (1932); Franx, A simple solution for the M/D/c
/// waiting time distribution, Oper. Res. Letters 29 (2001); Tijms (2003), sec. 9.6.2.
///
/// ```
/// use lindley::analytic::station::mdc::Mdc;
/// let one = Mdc::new(0.5, 1.0, 1).unwrap(); // M/D/1: Wq = rho D / (2 (1 - rho))
/// assert!((one.wait() - 0.5).abs() < 1e-14);
/// assert!((one.prob_wait() - 0.5).abs() < 1e-14);
/// assert!(Mdc::new(2.0, 1.0, 2).is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Mdc {
    lambda: f64,
    service: f64,
    c: u32,
    /// Tails of the number waiting.
    waiting: Arc<TailTable>,
    mean_waiting: f64,
    /// E\[Q (Q - 1)\].
    pairs_waiting: f64,
}

impl Mdc {
    /// The queue with arrival rate `lambda`, constant service time `service` and `c` >= 1 servers, if it
    /// has a steady state.
    pub fn new(lambda: f64, service: f64, c: u32) -> Result<Mdc, Unstable> {
        let (a, servers) = (lambda * service, f64::from(c));
        Unstable::unless_kept_up(a, c)?;
        let roots = roots(a / servers, c);
        let ladder = ladder(a, c, &roots);
        // P(Q = 0) = (c - a) / (kappa product over the roots other than 1 of (1 - z)).
        let product: Complex<f64> = roots.iter().skip(1).map(|z| 1.0 - z).product();
        let none = (servers - a) / (ladder.none * product.re);
        let heights = &ladder.heights;
        let next = |q: &[f64]| (1..=heights.len().min(q.len())).map(|i| heights[i - 1] * q[q.len() - i]).sum();
        let waiting = TailTable::new(1.0 - none, heights.len().min(200) + 20, next);
        let moment = |f: fn(f64) -> f64| heights.iter().zip(1..).map(|(g, i)| g * f(f64::from(i))).sum::<f64>();
        // A geometric sum: E[Q] = m1/P(0), E[Q(Q-1)] = m2/P(0) + 2 E[Q]^2, m2 of i (i - 1).
        let mean_waiting = moment(|i| i) / none;
        let pairs_waiting = moment(|i| i * (i - 1.0)) / none + 2.0 * mean_waiting * mean_waiting;
        Ok(Mdc { lambda, service, c, waiting: waiting.into(), mean_waiting, pairs_waiting })
    }

    /// P(wait > t).
    pub fn wait_survival(&self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0;
        }
        let k = (t / self.service).floor() + 1.0;
        // Non-negative but for rounding.
        let y = (self.lambda * (k * self.service - t)).max(0.0);
        let room = (k * f64::from(self.c)) as u64;
        let weight = |j: u64| if j < room { self.waiting.tail(room - 1 - j) } else { 1.0 };
        rising_mean(y, weight)
    }

    /// Share of messages that wait.
    pub fn prob_wait(&self) -> f64 {
        self.wait_survival(0.0)
    }

    /// Mean wait, seconds.
    pub fn wait(&self) -> f64 {
        self.mean_waiting / self.lambda
    }

    /// Variance of the wait: the number waiting is what arrives during a wait, so that
    /// E\[Q (Q-1)\] = lambda^2 E\[wait^2\].
    pub fn wait_variance(&self) -> f64 {
        (self.pairs_waiting - self.mean_waiting * self.mean_waiting) / (self.lambda * self.lambda)
    }

    /// Law of the number in the system: those that wait now, and those that arrive within one service time, are there
    /// one service time later (Crommelin 1932).
    ///
    /// Formula: N = Q + A with A Poisson of mean lambda D, so P(N > n) = P(A > n) + sum_{k <= n} P(A = k) P(Q > n - k).
    pub fn number_law(&self) -> NumberLaw {
        let (a, waiting, same) = (self.lambda * self.service, self.waiting.clone(), self.waiting.clone());
        let at = move |n: u64| {
            let exactly = |j: u64| j.checked_sub(1).map_or(1.0, |less| waiting.tail(less)) - waiting.tail(j);
            (0..=n).map(|k| poisson::pmf(k, a) * exactly(n - k)).sum()
        };
        let above =
            move |n: u64| poisson::above(n, a) + (0..=n).map(|k| poisson::pmf(k, a) * same.tail(n - k)).sum::<f64>();
        NumberLaw::new(at, above).waiting_for(self.c)
    }

    /// Everything in one record.
    pub fn steady(&self) -> Steady {
        let service = Moments::new(self.service, 0.0);
        let moments = Moments::new(self.wait(), self.wait_variance());
        let law = |plus: f64| {
            let queue = self.clone();
            TimeLaw::computed(self.wait() + plus, "M/D/c (Franx 2001)", move |t| queue.wait_survival(t - plus))
        };
        let method = "M/D/c by ladder heights (Crommelin 1932, Franx 2001)";
        let name = format!("M/D/{}", self.c);
        Steady {
            prob_wait: Some(self.prob_wait()),
            wait_law: Some(law(0.0)),
            sojourn_law: Some(law(self.service)),
            number_law: Some(self.number_law()),
            ..Steady::served(name, self.lambda, service, moments, Some(self.c), method)
        }
    }
}

/// The c roots of z = w e^{-rho (1-z)}, w the c-th roots of 1, within the unit disc; the first is 1.
fn roots(rho: f64, c: u32) -> Vec<Complex<f64>> {
    let root = |k: u32| {
        let turn = Complex::from_polar((-rho).exp(), 2.0 * PI * f64::from(k) / f64::from(c));
        // Contracts by rho |z| < 1; then Newton, which the contraction has brought near enough.
        let mut z = Complex::new(0.0, 0.0);
        for _ in 0..200 {
            z = turn * (rho * z).exp();
        }
        for _ in 0..60 {
            let image = turn * (rho * z).exp();
            let step = (z - image) / (1.0 - rho * image);
            z -= step;
            if step.norm() < 1e-17 {
                break;
            }
        }
        z
    };
    std::iter::once(Complex::new(1.0, 0.0)).chain((1..c).map(root)).collect()
}

/// Strict ascending ladder heights of the walk with steps Poisson(a) - c.
struct Ladder {
    /// kappa: 1 less the probability that the first weak ladder height is 0.
    none: f64,
    /// P(height = i), i = 1, 2, ..; together the probability that there is one.
    heights: Vec<f64>,
}

fn ladder(a: f64, c: u32, roots: &[Complex<f64>]) -> Ladder {
    let servers = u64::from(c);
    // How far above c one Poisson number reaches.
    let reach = (1..).find(|&i| poisson::ln_pmf(servers + i, a) < -200.0).unwrap_or(1) as usize;
    let arrivals: Vec<f64> = (0..=2 * reach as u64).map(|i| poisson::pmf(servers + i, a)).collect();
    let visits = visits(roots, reach);
    let overshoot = |i: usize| visits.iter().enumerate().map(|(j, u)| u * arrivals[i + j]).sum::<f64>();
    let none = 1.0 - overshoot(0);
    Ladder { none, heights: (1..=reach).map(|i| overshoot(i) / none).collect() }
}

/// u_j, expected visits to -j before the walk rises above its start: the coefficients of the
/// product over the roots of 1/(1 - z w), by their power sums.
fn visits(roots: &[Complex<f64>], most: usize) -> Vec<f64> {
    let mut powers: Vec<Complex<f64>> = roots.to_vec();
    let mut sums = Vec::with_capacity(most);
    for _ in 0..most {
        sums.push(powers.iter().map(|z| z.re).sum::<f64>());
        powers.iter_mut().zip(roots).for_each(|(power, z)| *power *= z);
    }
    let mut visits = vec![1.0];
    for j in 1..=most {
        let sum: f64 = (1..=j).map(|m| sums[m - 1] * visits[j - m]).sum();
        visits.push(sum / j as f64);
    }
    visits
}

/// sum over j of P(Poisson(y) = j) weight(j), for weights in [0, 1] that do not decrease.
fn rising_mean(y: f64, weight: impl Fn(u64) -> f64) -> f64 {
    let mode = y.floor() as u64;
    let at_mode = poisson::pmf(mode, y);
    let (mut sum, mut p, mut j) = (0.0, at_mode, mode);
    loop {
        sum += p * weight(j);
        j += 1;
        p *= y / j as f64;
        // All that is left is at most p j/(j - y).
        if p * j as f64 <= 1e-17 * sum * (j as f64 - y) || p < 1e-300 {
            break;
        }
    }
    let (mut p, mut j) = (at_mode, mode);
    while j > 0 && p * j as f64 > 1e-17 * sum {
        p *= j as f64 / y;
        j -= 1;
        sum += p * weight(j);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::md1::Md1Wait;
    use super::*;
    use crate::analytic::numeric::quadrature::panel;

    #[test]
    fn one_server_is_md1() {
        for rho in [0.1, 0.5, 0.9, 0.999] {
            let (many, one) = (Mdc::new(rho, 1.0, 1).unwrap(), Md1Wait::new(rho, 1.0));
            assert!((many.wait() / one.mean() - 1.0).abs() < 1e-11, "{rho}");
            for t in [0.0, 0.4, 3.7, 25.0] {
                let (a, b) = (many.wait_survival(t), one.survival(t));
                assert!((a / b - 1.0).abs() < 1e-10 || b < 1e-30, "{rho} {t}: {a} {b}");
            }
        }
    }

    /// The mean by Spitzer's identity, E[Q] = sum of E[(A_l - l c)^+] / l: another route.
    fn by_spitzer(a: f64, c: u64) -> f64 {
        let excess = |l: u64| {
            let (mean, level) = (l as f64 * a, l * c);
            // E[(A - m)^+] = mean P(A >= m) - m P(A > m).
            let above: f64 = (1..4000).map(|i| i as f64 * poisson::pmf(level + i, mean)).sum();
            above / l as f64
        };
        (1..400).map(excess).sum()
    }

    #[test]
    fn mean_by_spitzers_identity() {
        for (rho, c) in [(0.7, 2), (0.8, 5), (0.9, 10), (0.9, 50), (0.95, 200)] {
            let a = rho * c as f64;
            let (mean, other) = (Mdc::new(a, 1.0, c as u32).unwrap().mean_waiting, by_spitzer(a, c));
            assert!((mean / other - 1.0).abs() < 1e-9, "{rho} {c}: {mean} {other}");
        }
    }

    #[test]
    fn tails_integrate_to_mean_and_second_moment() {
        for (rho, c) in [(0.5, 2), (0.9, 3), (0.8, 20)] {
            let queue = Mdc::new(rho * f64::from(c), 1.0, c).unwrap();
            // Smooth between multiples of the service time.
            let over = |f: &dyn Fn(f64) -> f64| (0..80).map(|k| panel(f, f64::from(k), f64::from(k + 1))).sum::<f64>();
            let mean = over(&|t| queue.wait_survival(t));
            let square = over(&|t| 2.0 * t * queue.wait_survival(t));
            assert!((mean / queue.wait() - 1.0).abs() < 1e-10, "{mean} {}", queue.wait());
            assert!((square / (queue.wait_variance() + mean * mean) - 1.0).abs() < 1e-9, "{square}");
        }
    }

    #[test]
    fn heavy_load_and_many_servers() {
        // Near saturation Wq tends to half of that of M/M/c.
        for (rho, c) in [(0.999, 1), (0.999, 50), (0.9999, 10)] {
            let queue = Mdc::new(rho * f64::from(c), 1.0, c).unwrap();
            let mmc = super::super::mmc::Mmc::new(rho * f64::from(c), 1.0, c).unwrap();
            assert!((queue.wait() / mmc.wait() - 0.5).abs() < 0.01, "{}", queue.wait() / mmc.wait());
        }
        let large = Mdc::new(270.0, 1.0, 300).unwrap();
        let total: f64 = large.prob_wait();
        assert!(total > 0.0 && total < 0.1);
    }
}
