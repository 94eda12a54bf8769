//! Joining the shortest of c dedicated queues: a chain whose queues may differ by at most T, with T
//! raised until that no longer matters.

use crate::analytic::law::TimeLaw;
use crate::analytic::matrix::nonneg::stationary;
use crate::analytic::matrix::qbd::Qbd;
use crate::analytic::numeric::poisson;
use crate::analytic::steady::Moments;
use crate::model::capacity::keeps_up;
use nalgebra::{DMatrix, RowDVector};

/// Relative error at which T is large enough.
const WANTED: f64 = 1e-10;

/// Most servers: with more even T = 3 has too many differences.
pub const MOST_SERVERS: u32 = 14;

/// Most difference vectors for which the matrices are solved.
const MOST_PHASES: usize = 700;

/// Join the shortest queue: c queues with one exponential server each, every message joins a shortest one.
///
/// Formula: states are the shortest length n and the sorted differences to it, at most T; a departure that would
/// make the difference T + 1 is taken from the longest queue instead (threshold jockeying, a lower bound of L).
/// The chain is a quasi-birth-death process in n: pi_{n+1} = pi_n R. T grows until the sojourn by Little's law and
/// the sojourn (E\[n\] + 1)/mu of a message that joins n others, equal without the threshold, agree to 1e-10.
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals, equal exponential servers, lambda < c mu, no leaving the queue once joined;
/// c up to about 5 (the number of differences grows as T^(c-1)).
/// Reference: Adan, van Houtum, van der Wal, Upper and lower bounds for the waiting time in the symmetric
/// shortest queue system, Annals of OR 48 (1994); R by Latouche and Ramaswami, J. Appl. Prob. 30 (1993).
///
/// ```
/// use lindley::analytic::broker::shortest_queue::ShortestQueue;
/// let one = ShortestQueue { lambda: 0.8, mu: 1.0, servers: 1 }.solve().unwrap();
/// assert!((one.sojourn() - 5.0).abs() < 1e-11); // M/M/1
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShortestQueue {
    /// Arrivals per second, all queues together.
    pub lambda: f64,
    /// Service rate of each server, per second.
    pub mu: f64,
    /// c: queues, each with its server.
    pub servers: u32,
}

/// The steady state of [`ShortestQueue`].
#[derive(Debug, Clone)]
pub struct Shortest {
    mu: f64,
    /// Mean number of messages in all queues.
    pub in_system: f64,
    /// P(the shortest queue has more than n messages), n = 0, 1, ...
    tails: Vec<f64>,
    /// Probability that all queues are empty.
    pub prob_empty: f64,
    /// Mean difference between the longest and the shortest queue.
    pub imbalance: f64,
    /// T: the largest difference of queues considered.
    pub threshold: u32,
    /// By how much, relatively, two ways to the mean sojourn still differ: an estimate of the error.
    pub error: f64,
}

impl Shortest {
    /// Mean and variance of the wait: a message that joins n others waits n services.
    pub fn wait(&self) -> Moments {
        let first: f64 = self.tails.iter().sum();
        // E[n (n+1)] = 2 sum of (j+1) P(n > j).
        let second: f64 = self.tails.iter().enumerate().map(|(j, tail)| 2.0 * (j as f64 + 1.0) * tail).sum();
        let mean = first / self.mu;
        Moments::new(mean, second / (self.mu * self.mu) - mean * mean)
    }

    /// Mean sojourn, seconds.
    pub fn sojourn(&self) -> f64 {
        self.wait().mean + 1.0 / self.mu
    }

    /// Share of messages that wait.
    pub fn prob_wait(&self) -> f64 {
        self.tails.first().copied().unwrap_or(0.0)
    }

    /// Law of the wait: with n in the shortest queue, n exponential services.
    pub fn wait_law(&self) -> TimeLaw {
        self.law(0)
    }

    /// Law of the sojourn: one service more.
    pub fn sojourn_law(&self) -> TimeLaw {
        self.law(1)
    }

    fn law(&self, own: u64) -> TimeLaw {
        let (tails, mu) = (self.tails.clone(), self.mu);
        let last = tails.len() as u64 + own;
        let tail = move |j: u64| match j.checked_sub(own) {
            None => 1.0,
            Some(j) => usize::try_from(j).ok().and_then(|j| tails.get(j).copied()).unwrap_or(0.0),
        };
        let mean = self.wait().mean + own as f64 / mu;
        let method = "services of those in the shortest queue (matrix-geometric)";
        TimeLaw::computed(mean, method, move |t| poisson::expect_up_to(mu * t, last, &tail))
    }
}

impl ShortestQueue {
    /// The steady state; `None` if there is none, or with too many servers.
    pub fn solve(&self) -> Option<Shortest> {
        let c = self.servers as usize;
        let stable = self.lambda > 0.0 && keeps_up(self.lambda, f64::from(self.servers) * self.mu);
        if !stable || !(1..=MOST_SERVERS).contains(&self.servers) {
            return None;
        }
        let mut best = self.with_threshold(3, &phases(c, 3))?;
        let mut before = (1, 1.0);
        while best.error > WANTED {
            // The error falls geometrically with T: go where it should be small enough.
            let slope = (best.error / before.1).ln() / f64::from(best.threshold - before.0);
            let further = (WANTED / best.error).ln() / slope;
            before = (best.threshold, best.error);
            let step = if further > 0.0 { further.ceil().min(f64::from(before.0)) as u32 } else { before.0 };
            let states = phases(c, before.0 + step.max(2));
            if states.len() > MOST_PHASES {
                break;
            }
            best = self.with_threshold(before.0 + step.max(2), &states)?;
        }
        Some(best)
    }

    /// The chain with differences up to T.
    fn with_threshold(&self, threshold: u32, phases: &[Vec<u32>]) -> Option<Shortest> {
        let blocks = ShortestBlocks::new(self, threshold, phases);
        let rate = Qbd::new(&blocks.up, &blocks.same, &blocks.down)?.r;
        let n = phases.len();
        let boundary = &blocks.empty + &rate * &blocks.down;
        let above = (DMatrix::identity(n, n) - &rate).lu();
        // Weights of the shortest length summed over all of them: (I - R)^{-1} 1.
        let sums = above.solve(&nalgebra::DVector::from_element(n, 1.0))?;
        let mut first = stationary(boundary)?.transpose();
        first /= first.dot(&sums.transpose());
        let all = above_row(&rate, &first)?;
        let spread: f64 = all.iter().zip(phases).map(|(p, d)| p * f64::from(d.iter().sum::<u32>())).sum();
        let mut tails = Vec::new();
        let mut level = &first * &rate;
        loop {
            let tail = level.dot(&sums.transpose());
            if tail.is_nan() || tail <= 1e-18 || tails.len() > 1_000_000 {
                break;
            }
            tails.push(tail);
            level = &level * &rate;
        }
        let shortest: f64 = tails.iter().sum();
        let in_system = f64::from(self.servers) * shortest + spread;
        let (little, joined) = (in_system / self.lambda, (shortest + 1.0) / self.mu);
        Some(Shortest {
            mu: self.mu,
            in_system,
            tails,
            prob_empty: first[0],
            imbalance: all.iter().zip(phases).map(|(p, d)| p * f64::from(*d.last().unwrap_or(&0))).sum(),
            threshold,
            error: (little / joined - 1.0).abs(),
        })
    }
}

/// Row times (I - R)^{-1}.
fn above_row(rate: &DMatrix<f64>, row: &RowDVector<f64>) -> Option<RowDVector<f64>> {
    let n = rate.nrows();
    let transposed = (DMatrix::identity(n, n) - rate).transpose().lu();
    transposed.solve(&row.transpose()).map(|column| column.transpose())
}

/// Sorted differences of the c - 1 other queues to the shortest, each at most T; all zero first.
fn phases(c: usize, threshold: u32) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new()];
    for _ in 1..c {
        let longer = |d: &Vec<u32>| {
            let from = d.last().copied().unwrap_or(0);
            (from..=threshold).map(|next| [d.as_slice(), &[next]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// The blocks of the generator by shortest length: up, the same (above 0 and at 0), down.
struct ShortestBlocks {
    up: DMatrix<f64>,
    same: DMatrix<f64>,
    empty: DMatrix<f64>,
    down: DMatrix<f64>,
}

impl ShortestBlocks {
    fn new(queues: &ShortestQueue, threshold: u32, phases: &[Vec<u32>]) -> ShortestBlocks {
        let n = phases.len();
        let zero = || DMatrix::<f64>::zeros(n, n);
        let mut blocks = ShortestBlocks { up: zero(), same: zero(), empty: zero(), down: zero() };
        let number = |mut d: Vec<u32>| {
            d.sort_unstable();
            phases.binary_search(&d).expect("every move leads to differences within the threshold")
        };
        for (from, d) in phases.iter().enumerate() {
            let ties = 1 + d.iter().filter(|&&x| x == 0).count();
            let mut local = |to: usize, rate: f64| {
                blocks.same[(from, to)] += rate;
                blocks.same[(from, from)] -= rate;
                blocks.empty[(from, to)] += rate;
                blocks.empty[(from, from)] -= rate;
            };
            if ties > 1 {
                let mut joined = d.clone();
                joined[ties - 2] = 1;
                local(number(joined), queues.lambda);
            }
            for i in (0..d.len()).filter(|&i| d[i] > 0) {
                let mut left = d.clone();
                left[i] -= 1;
                local(number(left), queues.mu);
            }
            if ties == 1 {
                let to = number(d.iter().map(|x| x - 1).collect());
                blocks.up[(from, to)] += queues.lambda;
                blocks.same[(from, from)] -= queues.lambda;
                blocks.empty[(from, from)] -= queues.lambda;
            }
            let rate = ties as f64 * queues.mu;
            let longest = d.last().copied().unwrap_or(0);
            blocks.same[(from, from)] -= rate;
            if longest < threshold {
                // One of the shortest loses a message: every other queue is one further away.
                let to = number(d.iter().map(|x| x + 1).collect());
                blocks.down[(from, to)] += rate;
            } else {
                let mut jockeyed = d.clone();
                jockeyed.iter_mut().next_back().into_iter().for_each(|x| *x -= 1);
                blocks.same[(from, number(jockeyed))] += rate;
            }
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::{chain_averages, has_moments};

    /// Both queues cut off at a length: an independent route.
    fn truncated(lambda: f64, most: u32) -> f64 {
        let average = chain_averages([(0u32, 0u32)], 4000, |&(short, long), to| {
            let sorted = |a: u32, b: u32| (a.min(b), a.max(b));
            to(sorted((short + 1).min(most), long), lambda);
            to((short.saturating_sub(1), long), 1.0);
            to(sorted(short, long.saturating_sub(1)), 1.0);
        });
        average(&|&(a, b)| f64::from(a + b)) / lambda
    }

    #[test]
    fn two_queues_agree_with_the_truncated_chain() {
        for lambda in [0.3, 1.0, 1.4] {
            let found = ShortestQueue { lambda, mu: 1.0, servers: 2 }.solve().unwrap();
            let wanted = truncated(lambda, 45);
            assert!((found.sojourn() / wanted - 1.0).abs() < 1e-10, "{lambda}: {} {wanted}", found.sojourn());
            assert!((found.in_system / lambda / wanted - 1.0).abs() < 1e-10);
            assert!(found.error < WANTED, "{}", found.error);
        }
    }

    #[test]
    fn three_and_four_queues_lie_between_shared_and_random() {
        use crate::analytic::station::mmc::Mmc;
        for (c, rho) in [(3, 0.5), (3, 0.9), (4, 0.7)] {
            let lambda = rho * f64::from(c);
            let found = ShortestQueue { lambda, mu: 1.0, servers: c }.solve().unwrap();
            let shared = Mmc::new(lambda, 1.0, c).unwrap().sojourn();
            assert!(found.sojourn() > shared && found.sojourn() < 1.0 / (1.0 - rho), "{c} {rho}");
            assert!(found.error < 1e-8, "{c} {rho}: {} at {}", found.error, found.threshold);
        }
    }

    #[test]
    fn moments_are_those_of_the_law_and_saturation_is_refused() {
        let found = ShortestQueue { lambda: 1.2, mu: 1.0, servers: 2 }.solve().unwrap();
        has_moments(&found.sojourn_law(), Moments::of_mean(found.sojourn()), (1e-3, 60_000), [1e-6, 1.0]);
        assert!((found.wait_law().survival(0.0) - found.prob_wait()).abs() < 1e-14);
        assert!(ShortestQueue { lambda: 2.0, mu: 1.0, servers: 2 }.solve().is_none());
    }
}
