//! Bulk service: a server that takes several messages at once.

use crate::analytic::law::TimeLaw;
use crate::analytic::steady::Unstable;
use crate::dist::bisect::{bisect, half};

/// One server that takes at least a and at most b messages at once, for an exponential time of
/// rate mu whatever their number.
///
/// Formula: with r in (0,1) the root of r + r^2 + ... + r^b = lambda/mu, the number waiting while the
/// server works (Bailey: arrivals wait for the next service) or the number there (Gross and Harris:
/// they join while there is room) is geometric of ratio r; the a probabilities of the idle server
/// follow from the balance. With a = 1 the wait is 0 or exponential of rate mu (1 - r^b).
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, lambda < b mu, first in first out.
/// Reference: Bailey (1954); Neuts, A general class of bulk queues with Poisson input (1967); Gross,
/// Shortle, Thompson, Harris (4th ed.), sec. 3.2.
///
/// ```
/// use lindley::analytic::batch::bulk::BulkService;
/// let waiting = BulkService::new(3.0, 1.0, 1, 4, false).unwrap();
/// let joining = BulkService::new(3.0, 1.0, 1, 4, true).unwrap();
/// assert!((waiting.sojourn() - 3.5525).abs() < 5e-5 && (joining.sojourn() - 2.648).abs() < 5e-4);
/// ```
#[derive(Debug, Clone)]
pub struct BulkService {
    lambda: f64,
    mu: f64,
    most: u32,
    joins: bool,
    /// r, and 1 - r.
    pub(super) r: f64,
    gap: f64,
    /// P(server idle, j waiting), j < a.
    idle: Vec<f64>,
    /// Probability of the first working state: 0 waiting (Bailey), a there (joining).
    first: f64,
}

/// Largest batch.
pub const MOST_TOGETHER: u32 = 1_000_000;

impl BulkService {
    /// With arrival rate `lambda`, services at rate `mu` of `least` to `most` messages, which later
    /// ones may join (`joins`), if 1 <= least <= most <= [`MOST_TOGETHER`] and it has a steady state.
    pub fn new(lambda: f64, mu: f64, least: u32, most: u32, joins: bool) -> Result<BulkService, Unstable> {
        let load = lambda / mu;
        let solvable = load > 0.0 && least >= 1 && least <= most && most <= MOST_TOGETHER;
        Unstable::unless_kept_up(load, most)?;
        if !solvable {
            return Err(Unstable { offered_load: load, servers: most });
        }
        let (r, gap) = root(load, most);
        let mut queue =
            BulkService { lambda, mu, most, joins, r, gap, idle: Vec::with_capacity(least as usize), first: 1.0 };
        queue.fill_idle(least);
        let total = queue.idle.iter().sum::<f64>() + queue.first / gap;
        queue.idle.iter_mut().for_each(|p| *p /= total);
        queue.first /= total;
        Ok(queue)
    }

    /// Balance of the idle states, for `first` = 1.
    fn fill_idle(&mut self, least: u32) {
        let ratio = self.mu / self.lambda;
        let (mut sum, mut power) = (0.0, 1.0);
        if self.joins {
            // Emptied by any service of a to b; left with j by one of b + j.
            let room = self.most - least + 1;
            sum = -(f64::from(room) * (-self.gap).ln_1p()).exp_m1() / self.gap;
            power = self.r.powi(room as i32);
            self.idle.push(ratio * sum);
        }
        for _ in self.idle.len()..least as usize {
            sum += power;
            power *= self.r;
            self.idle.push(ratio * sum);
        }
    }

    fn least(&self) -> f64 {
        self.idle.len() as f64
    }

    /// Fraction of time the server works.
    pub fn prob_busy(&self) -> f64 {
        self.first / self.gap
    }

    /// r^k.
    fn power(&self, k: f64) -> f64 {
        (k * (-self.gap).ln_1p()).exp()
    }

    /// Lq: messages whose service has not begun.
    pub fn queue_length(&self) -> f64 {
        let idle: f64 = self.idle.iter().enumerate().map(|(j, p)| j as f64 * p).sum();
        // While working: n waiting with probability first r^n, or first r^{b-a+n} when they join.
        let reached = if self.joins { self.power(f64::from(self.most) - self.least()) } else { 1.0 };
        idle + self.first * reached * self.r / (self.gap * self.gap)
    }

    /// L = Lq + lambda/mu.
    pub fn in_system(&self) -> f64 {
        self.queue_length() + self.lambda / self.mu
    }

    /// Wq.
    pub fn wait(&self) -> f64 {
        self.queue_length() / self.lambda
    }

    /// W.
    pub fn sojourn(&self) -> f64 {
        self.wait() + 1.0 / self.mu
    }

    /// Services per second.
    pub fn batch_rate(&self) -> f64 {
        self.mu * self.prob_busy()
    }

    /// Mean number of messages served together.
    pub fn mean_batch(&self) -> f64 {
        self.lambda / self.batch_rate()
    }

    /// P(N = 0).
    pub fn prob_empty(&self) -> f64 {
        self.idle[0]
    }

    /// Share of messages whose service does not begin at once.
    pub fn prob_wait(&self) -> f64 {
        // Whoever completes the least number starts a service.
        let others: f64 = self.idle[..self.idle.len() - 1].iter().sum();
        // Those who find room in a service join it.
        let full = if self.joins { self.power(f64::from(self.most) - self.least()) } else { 1.0 };
        others + self.prob_busy() * full
    }

    /// Laws of wait and sojourn, with a = 1: b at a time leave at every service.
    pub fn laws(&self) -> Option<(TimeLaw, TimeLaw)> {
        if self.idle.len() > 1 {
            return None;
        }
        let slack = -self.mu * (f64::from(self.most) * (-self.gap).ln_1p()).exp_m1();
        let prob_wait = self.prob_wait();
        let wait = TimeLaw::exponentials(vec![(prob_wait, slack)]);
        Some((wait, TimeLaw::ExponentialService { prob_wait, slack, mu: self.mu }))
    }

    /// Variance of the wait, with a = 1.
    pub fn wait_variance(&self) -> Option<f64> {
        match self.laws()?.0 {
            TimeLaw::Exponentials { terms } => {
                let (p, rate) = *terms.first()?;
                Some(p * (2.0 - p) / (rate * rate))
            }
            _ => None,
        }
    }
}

/// The root r of r + ... + r^b = load in (0, 1), and 1 - r, each to full relative accuracy.
fn root(load: f64, b: u32) -> (f64, f64) {
    let terms = f64::from(b);
    if load <= 1.0 {
        // r is not near 1 unless b is 1.
        let r = if b == 1 { load } else { last_below(1.0, |r| r * (1.0 - r.powf(terms)) / (1.0 - r) < load) };
        return (r, 1.0 - r);
    }
    let gap = if load < 0.5 * terms {
        last_below(1.0, |d| -(1.0 - d) * (terms * (-d).ln_1p()).exp_m1() / d > load)
    } else {
        last_below(1.0, |d| missing(d, terms) < terms - load)
    };
    (1.0 - gap, gap)
}

/// Sum of 1 - (1-d)^i over i = 1..=b.
fn missing(d: f64, b: f64) -> f64 {
    if b * d >= 1e-2 {
        return b + (1.0 - d) * (b * (-d).ln_1p()).exp_m1() / d;
    }
    // Sum over k >= 1 of (-1)^{k+1} C(b+1, k+1) d^k.
    let (mut term, mut sum) = (0.5 * (b + 1.0) * b * d, 0.0);
    for k in 1..12 {
        sum += term;
        let k = f64::from(k);
        term *= -d * (b - k) / (k + 2.0);
    }
    sum
}

/// The largest x in (0, high) for which `low` holds, by bisection on the logarithm, then of the value.
fn last_below(high: f64, low: impl Fn(f64) -> bool) -> f64 {
    let mut bottom = high;
    while bottom > 1e-300 {
        bottom *= 0.5;
        if low(bottom) {
            break;
        }
    }
    let (a, b) = bisect(bottom, 2.0 * bottom, half, low);
    0.5 * (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::{chain_averages, share};

    /// States (waiting, being served): mean number waiting, mean there, shares of time working and of
    /// arrivals that are not served at once.
    fn chain(lambda: f64, a: u32, b: u32, joins: bool) -> (f64, f64, f64, f64) {
        let average = chain_averages([(0u32, 0u32)], 3000, |&(n, served), to| {
            let next =
                |waiting: u32| if waiting >= a { (waiting - waiting.min(b), waiting.min(b)) } else { (waiting, 0) };
            if n < 350 {
                if served == 0 {
                    to(next(n + 1), lambda);
                } else if joins && served < b {
                    to((n, served + 1), lambda);
                } else {
                    to((n + 1, served), lambda);
                }
            }
            if served > 0 {
                to(next(n), 1.0);
            }
        });
        (
            average(&|s| f64::from(s.0)),
            average(&|s| f64::from(s.0 + s.1)),
            average(&|s| share(s.1 > 0)),
            average(&|&(n, served)| {
                let at_once = if served == 0 { n + 1 == a } else { joins && served < b };
                share(!at_once)
            }),
        )
    }

    #[test]
    fn agrees_with_the_chain() {
        for (lambda, a, b) in [(3.0, 1, 4), (1.2, 1, 4), (3.0, 3, 4), (4.0, 5, 5), (0.3, 2, 3), (0.4, 1, 1)] {
            for joins in [true, false] {
                let (waiting, there, busy, waits) = chain(lambda, a, b, joins);
                let queue = BulkService::new(lambda, 1.0, a, b, joins).unwrap();
                let case = format!("{lambda} {a} {b} {joins}");
                assert!(
                    (queue.queue_length() / waiting - 1.0).abs() < 1e-9,
                    "{case}: {} {waiting}",
                    queue.queue_length()
                );
                assert!((queue.in_system() / there - 1.0).abs() < 1e-9, "{case}");
                assert!((queue.prob_busy() / busy - 1.0).abs() < 1e-10, "{case}");
                assert!((queue.prob_wait() / waits - 1.0).abs() < 1e-9, "{case}: {} {waits}", queue.prob_wait());
                // Power twin: the other rule is seen, unless they are the same.
                if a < b {
                    assert!((chain(lambda, a, b, !joins).0 / waiting - 1.0).abs() > 1e-2, "{case}");
                }
            }
        }
    }

    #[test]
    fn the_laws_have_the_means_at_any_load() {
        for joins in [true, false] {
            let queue = BulkService::new(3.2, 1.0, 1, 4, joins).unwrap();
            let (wait, sojourn) = queue.laws().unwrap();
            assert!((wait.mean() / queue.wait() - 1.0).abs() < 1e-12, "{joins}");
            assert!((sojourn.mean() / queue.sojourn() - 1.0).abs() < 1e-12);
            assert!((wait.survival(0.0) - queue.prob_wait()).abs() < 1e-12);
        }
        let light = BulkService::new(1e-12, 1.0, 1, 10, false).unwrap();
        assert!((light.r / 1e-12 - 1.0).abs() < 1e-11);
        let heavy = BulkService::new(10.0 - 1e-9, 1.0, 1, 10, true).unwrap();
        // sum of i = 55: 1 - r = 1e-9/55.
        assert!((heavy.in_system() / (55.0 / 1e-9) - 1.0).abs() < 1e-6);
        assert!(BulkService::new(10.0, 1.0, 1, 10, true).is_err());
        assert!(BulkService::new(1.0, 1.0, 3, 2, true).is_err());
        let queue = BulkService::new(0.999_999, 1.0, 1, 1, false).unwrap();
        assert!((queue.r - 0.999_999).abs() < 1e-15);
        assert!((queue.sojourn() * 1e-6 - 1.0).abs() < 1e-9);
    }
}
