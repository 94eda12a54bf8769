//! M^X/M/c: batches of messages arrive at exponential servers.

use super::levels::CutLevels;
use super::size::BatchSizes;
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::phases::{Phases, TailTable};
use crate::analytic::steady::Unstable;

/// Most servers or places.
pub const MOST_PLACES: u64 = 200_000;

/// Longest batch for which the laws of the times are tabulated.
const LONGEST_TABLE: usize = 1000;

/// M^X/M/c: batches of X messages arrive at rate Lambda, c servers of rate mu.
///
/// Formula: cut equations min(n,c) mu p_n = Lambda sum over i < n of p_i P(X > n-1-i) give every
/// p_n; with lambda = Lambda E\[X\],
/// L (c mu - lambda) = lambda (1 + E\[X(X-1)\]/(2 E\[X\])) + mu sum over n < c of n (c-n) p_n.
/// For c = 1: L = rho (1 + E\[X^2\]/E\[X\])/(2(1 - rho)). A message finds n ahead of it, its own batch
/// included, with probability min(n+1,c) mu p_{n+1}/lambda.
/// Units: rates per second, times in seconds; all per MESSAGE, which waits for its batch-mates too.
/// Valid when: batches at Poisson instants, lambda < c mu, first in first out.
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 3.1; Chaudhry and Templeton, A First
/// Course in Bulk Queues (1983), sec. 3.2.
///
/// ```
/// use lindley::analytic::batch::arrivals::BatchArrivals;
/// use lindley::analytic::batch::size::BatchSizes;
/// use lindley::dist::Count;
/// let fives = BatchSizes::new(&Count::constant(5).unwrap()).unwrap();
/// let queue = BatchArrivals::new(0.16, fives, 1.0, 1).unwrap();
/// assert!((queue.in_system() - 12.0).abs() < 1e-12);
/// assert!((queue.prob_wait() - 0.96).abs() < 1e-15);
/// assert!((queue.prob_in_system(1) - 0.032).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct BatchArrivals {
    sizes: BatchSizes,
    batches: f64,
    mu: f64,
    c: u64,
    /// p_0, ..., p_c.
    low: Vec<f64>,
    above: Above,
}

/// What lies above c: P(N > c), E\[(N-c)^+\] and E\[(N-c)^{+2}\], by summing the cut equations so
/// that every term is positive.
#[derive(Debug, Clone, Copy)]
struct Above {
    mass: f64,
    queue: f64,
    queue_second: f64,
}

impl Above {
    fn new(sizes: &BatchSizes, batches: f64, mu: f64, low: &[f64]) -> Above {
        let c = low.len() - 1;
        let (lambda, ahead) = (batches * sizes.mean, sizes.ahead());
        let slack = c as f64 * mu - lambda;
        let jumps = overshoots(sizes, c);
        let from_below = |k: usize| batches * (0..c).map(|i| low[i] * jumps[c - i][k]).sum::<f64>();
        let mass = (lambda * low[c] + from_below(0)) / slack;
        let full = mass + low[c];
        let queue = (lambda * full * (1.0 + ahead) + from_below(1)) / slack;
        let own = 2.0 * ahead * (queue + full) + sizes.ahead_second() * full;
        let queue_second = (lambda * (2.0 * queue + full + own) + from_below(2)) / slack;
        Above { mass, queue, queue_second }
    }
}

/// For d = 0..=c the sums over j >= 1 of T_{d-1+j}, j T_{d-1+j} and j^2 T_{d-1+j}, T_k = P(X > k).
fn overshoots(sizes: &BatchSizes, c: usize) -> Vec<[f64; 3]> {
    if let Some(ratio) = sizes.geometric {
        let mean = sizes.mean;
        let square = mean * mean * (2.0 * mean - 1.0);
        let at = |d: usize| ratio.powf(d as f64);
        return (0..=c).map(|d| [mean * at(d), mean * mean * at(d), square * at(d)]).collect();
    }
    let longest = c.max(sizes.longest());
    let mut sums = vec![[0.0; 3]; longest + 2];
    let (mut once, mut twice, mut thrice) = (0.0, 0.0, 0.0);
    for d in (0..=longest).rev() {
        once += sizes.tail(d);
        twice += once;
        thrice += twice;
        sums[d] = [once, twice, 2.0 * thrice - twice];
    }
    sums
}

impl BatchArrivals {
    /// With `batches` per second of those `sizes`, and `c` servers (at most [`MOST_PLACES`]) of rate
    /// `mu`, if it has a steady state.
    pub fn new(batches: f64, sizes: BatchSizes, mu: f64, c: u32) -> Result<BatchArrivals, Unstable> {
        let offered_load = batches * sizes.mean / mu;
        Unstable::unless_kept_up(offered_load, c)?;
        if u64::from(c) > MOST_PLACES {
            return Err(Unstable { offered_load, servers: c });
        }
        let mut low = CutLevels::new(&sizes, batches / mu, u64::from(c)).up_to(c as usize);
        // Mean number of idle servers: c - lambda/mu.
        let idle: f64 = low.iter().enumerate().map(|(n, p)| (f64::from(c) - n as f64) * p).sum();
        let scale = (f64::from(c) - offered_load) / idle;
        low.iter_mut().for_each(|p| *p *= scale);
        let above = Above::new(&sizes, batches, mu, &low);
        Ok(BatchArrivals { sizes, batches, mu, c: u64::from(c), low, above })
    }

    /// Messages per second.
    pub fn lambda(&self) -> f64 {
        self.batches * self.sizes.mean
    }

    /// rho = lambda/(c mu).
    pub fn utilization(&self) -> f64 {
        self.lambda() / self.capacity()
    }

    fn capacity(&self) -> f64 {
        self.c as f64 * self.mu
    }

    /// Sum over n < c of weight(n) p_n.
    fn below(&self, weight: impl Fn(f64) -> f64) -> f64 {
        self.low[..self.c as usize].iter().enumerate().map(|(n, p)| weight(n as f64) * p).sum()
    }

    /// L.
    pub fn in_system(&self) -> f64 {
        self.above.queue + self.lambda() / self.mu
    }

    /// E\[N^2\].
    fn in_system_second(&self) -> f64 {
        let (c, lambda, mean) = (self.c as f64, self.lambda(), self.in_system());
        let missing = self.mu * self.below(|n| n * n * (c - n));
        let own = 2.0 * (mean + 1.0) * self.sizes.ahead() + self.sizes.ahead_second();
        (lambda * (2.0 * mean + 1.0 + own) + missing) / (self.capacity() - lambda)
    }

    /// Variance of the number in the system.
    pub fn in_system_variance(&self) -> f64 {
        let mean = self.in_system();
        self.in_system_second() - mean * mean
    }

    /// W, per message.
    pub fn sojourn(&self) -> f64 {
        self.wait() + 1.0 / self.mu
    }

    /// Wq, per message.
    pub fn wait(&self) -> f64 {
        self.above.queue / self.lambda()
    }

    /// Variance of the wait of a message: a sum of M phases of rate c mu.
    pub fn wait_variance(&self) -> f64 {
        let mean = self.wait();
        (self.above.queue_second + self.above.queue) / (self.lambda() * self.capacity()) - mean * mean
    }

    /// Share of messages that wait.
    pub fn prob_wait(&self) -> f64 {
        self.capacity() / self.lambda() * self.above.mass
    }

    /// P(N = n).
    pub fn prob_in_system(&self, n: usize) -> f64 {
        match self.low.get(n) {
            Some(p) => *p,
            None => {
                let p = CutLevels::new(&self.sizes, self.batches / self.mu, self.c).up_to(n);
                p[n] / p[self.c as usize] * self.low[self.c as usize]
            }
        }
    }

    /// Wait of the first message of a batch: what the batch finds, mean and variance, for c = 1.
    pub fn first_wait(&self) -> Option<(f64, f64)> {
        if self.c != 1 {
            return None;
        }
        // N phases of rate mu, N as at any time.
        let number = self.in_system();
        Some((number / self.mu, (number + self.in_system_variance()) / (self.mu * self.mu)))
    }

    /// Laws of wait and sojourn of a message (the sojourn for c = 1); `None` for batches too long to tabulate.
    pub fn laws(&self) -> (Option<TimeLaw>, Option<TimeLaw>) {
        if let (Some(ratio), 1) = (self.sizes.geometric, self.c) {
            let decay = ratio + self.batches / self.mu;
            let rate = self.mu * (1.0 - self.utilization()) / self.sizes.mean;
            let law = |weight| TimeLaw::exponentials(vec![(weight, rate)]);
            return (Some(law(decay)), Some(law(1.0)));
        }
        if self.sizes.longest() > LONGEST_TABLE || self.sizes.geometric.is_some() || self.utilization() > 0.999 {
            return (None, None);
        }
        let count = self.ahead_table();
        let law = |count, mean| TimeLaw::Phases { rate: self.capacity(), count, mean };
        let sojourn = (self.c == 1).then(|| law(Phases::Table(count.clone(), 1), self.sojourn()));
        (Some(law(Phases::Table(count, 0), self.wait())), sojourn)
    }

    /// Services that must end before that of a message begins: n - c + 1 if n >= c are ahead of it.
    fn ahead_table(&self) -> TailTable {
        let c = self.c as usize;
        let factor = self.capacity() / self.lambda();
        let mut p = self.low.clone();
        TailTable::new(self.prob_wait(), self.sizes.longest() + 20, |_| {
            let n = p.len();
            let first = n.saturating_sub(self.sizes.longest());
            let sum: f64 = (first..n).map(|i| p[i] * self.sizes.tail(n - 1 - i)).sum();
            p.push(self.batches / self.mu * sum / n.min(c) as f64);
            factor * p[n]
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::analytic::chain::Chain;
    use crate::analytic::steady::Moments;
    use crate::analytic::testing::has_moments;
    use crate::dist::Count;

    pub(in crate::analytic::batch) fn laws() -> Vec<Count> {
        vec![
            Count::constant(4).unwrap(),
            Count::geometric(2.5).unwrap(),
            Count::uniform(1, 6).unwrap(),
            Count::choice(&[1, 12], &[4.0, 1.0]).unwrap(),
        ]
    }

    pub(in crate::analytic::batch) fn chain(batches: f64, law: &Count, mu: f64, c: u32, places: u32) -> Vec<f64> {
        let chain = Chain::explore(0..=places, 2000, |&n, to| {
            for x in 1..70 {
                to((n + x).min(places), batches * law.pmf(x));
            }
            to(n.saturating_sub(1), mu * f64::from(n.min(c)));
        })
        .unwrap();
        chain.stationary().unwrap()
    }

    #[test]
    fn agrees_with_the_chain_and_the_laws_have_the_moments() {
        for law in laws() {
            for c in [1, 3] {
                let batches = 0.7 * f64::from(c) / law.mean();
                let p = chain(batches, &law, 1.0, c, 400);
                let queue = BatchArrivals::new(batches, BatchSizes::new(&law).unwrap(), 1.0, c).unwrap();
                let mean: f64 = p.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
                let second: f64 = p.iter().enumerate().map(|(n, p)| (n * n) as f64 * p).sum();
                let queued: f64 = p.iter().enumerate().map(|(n, p)| (n as f64 - f64::from(c)).max(0.0) * p).sum();
                assert!((queue.in_system() / mean - 1.0).abs() < 1e-9, "{law:?} {c}");
                assert!((queue.above.queue / queued - 1.0).abs() < 1e-9, "{law:?} {c}");
                assert!((queue.in_system_variance() / (second - mean * mean) - 1.0).abs() < 1e-8, "{law:?} {c}");
                // Of a message: what its batch finds, and where in the batch it is.
                let ahead =
                    |i: usize, k: usize| if i + k >= c as usize { queue.sizes.tail(k) / law.mean() } else { 0.0 };
                let waits: f64 = p.iter().enumerate().map(|(i, p)| p * (0..90).map(|k| ahead(i, k)).sum::<f64>()).sum();
                assert!((queue.prob_wait() / waits - 1.0).abs() < 1e-8, "{law:?} {c}: {} {waits}", queue.prob_wait());
                for n in [0, 2, 7, 30] {
                    assert!((queue.prob_in_system(n) / p[n] - 1.0).abs() < 1e-8, "{law:?} {c} {n}");
                }
                // Power twin: one server more is seen.
                assert!((chain(batches, &law, 1.0, c + 1, 400)[0] / p[0] - 1.0).abs() > 1e-2);
                let (Some(wait), _) = queue.laws() else {
                    assert!(queue.sizes.geometric.is_some() && c > 1);
                    continue;
                };
                has_moments(&wait, Moments::new(queue.wait(), queue.wait_variance()), (0.01, 40_000), [1e-4, 1e-4]);
                assert!((wait.survival(0.0) - queue.prob_wait()).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn single_messages_are_mmc_and_overload_is_refused() {
        let one = BatchSizes::new(&Count::constant(1).unwrap()).unwrap();
        let plain = crate::analytic::station::mmc::Mmc::new(40.0, 1.0, 50).unwrap();
        let queue = BatchArrivals::new(40.0, one.clone(), 1.0, 50).unwrap();
        assert!((queue.prob_wait() / plain.prob_wait() - 1.0).abs() < 1e-10);
        assert!((queue.wait() / plain.wait() - 1.0).abs() < 1e-9, "{} {}", queue.wait(), plain.wait());
        let rare = BatchArrivals::new(3.0, one, 1.0, 30).unwrap();
        let plain = crate::analytic::station::mmc::Mmc::new(3.0, 1.0, 30).unwrap();
        assert!((rare.prob_wait() / plain.prob_wait() - 1.0).abs() < 1e-10);
        let fives = BatchSizes::new(&Count::constant(5).unwrap()).unwrap();
        assert!(BatchArrivals::new(0.4, fives, 1.0, 2).is_err());
    }
}
