//! Consumers with a prefetch limit: messages are pushed to a consumer as long as it has fewer than P
//! unacknowledged, and then wait behind that consumer though another may be idle.

use crate::analytic::chain::{Chain, ChainError};

/// To whom of the consumers with credit the next message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatch {
    /// The first from a pointer on, which then moves to the one after the chosen.
    RoundRobin,
    /// Any of them, equally likely.
    Random,
    /// The one with the fewest unacknowledged; among equals, any.
    LeastUnacked,
}

/// A queue that pushes messages to consumers under a prefetch limit.
///
/// Formula: states are the unacknowledged counts (u_1..u_c) and the round-robin pointer; where all have
/// u_i = P, messages stay ready: P(r ready) = P(0 ready and all full) rho^r, rho = lambda / sum mu, and the
/// excursion above returns the pointer to i + 1 with probability mu_i / sum mu. What remains is a
/// finite chain, solved exactly.
/// Units: rates per second.
/// Valid when: Poisson arrivals, exponential processing of one message at a time, acknowledged when
/// processed, no network delay; lambda < sum mu.
/// Reference: AMQP 0-9-1 basic.qos; chain censored on the states without ready messages (Kemeny and
/// Snell 1960, sec. 6.1).
///
/// ```
/// use lindley::analytic::broker::prefetch::{Dispatch, Prefetch};
/// // P = 1 is one shared queue: M/M/2 with L = 2 rho / (1 - rho^2).
/// let pool = Prefetch { lambda: 1.0, mus: vec![1.0, 1.0], limit: 1, dispatch: Dispatch::RoundRobin };
/// assert!((pool.solve(1000).unwrap().in_system - 4.0 / 3.0).abs() < 1e-13);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Prefetch {
    /// Arrivals per second.
    pub lambda: f64,
    /// Messages processed per second by each consumer.
    pub mus: Vec<f64>,
    /// P: most unacknowledged messages at a consumer, the one in process included.
    pub limit: u32,
    /// Who gets the next message.
    pub dispatch: Dispatch,
}

/// What becomes of a queue with prefetch.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrefetchSteady {
    /// Mean number of messages, ready or unacknowledged.
    pub in_system: f64,
    /// Mean number ready: not yet pushed to a consumer.
    pub ready: f64,
    /// Probability that a consumer idles while a message waits, ready or behind another consumer.
    pub idle_while_waiting: f64,
    /// Probability that an arrival finds no credit.
    pub no_credit: f64,
    /// Mean number unacknowledged, by consumer.
    pub unacked: Vec<f64>,
    /// Share of time busy, by consumer.
    pub utilization: Vec<f64>,
    /// Share of messages processed, by consumer.
    pub share: Vec<f64>,
}

/// Pointer and unacknowledged counts.
type PrefetchState = (usize, Vec<u32>);

impl Prefetch {
    /// Processing rate of all consumers.
    fn capacity(&self) -> f64 {
        self.mus.iter().sum()
    }

    /// Equal consumers cannot be told apart: only the order from the pointer on matters, or none.
    fn canonical(&self, (pointer, mut counts): PrefetchState) -> PrefetchState {
        if self.mus.iter().any(|mu| *mu != self.mus[0]) {
            return (pointer, counts);
        }
        match self.dispatch {
            Dispatch::RoundRobin => counts.rotate_left(pointer),
            Dispatch::Random | Dispatch::LeastUnacked => counts.sort_unstable(),
        }
        (0, counts)
    }

    /// Who may get the next message, and with which probability.
    fn candidates(&self, (pointer, counts): &PrefetchState) -> Vec<(usize, f64)> {
        let with_credit = (0..counts.len()).filter(|&i| counts[i] < self.limit);
        let chosen: Vec<usize> = match self.dispatch {
            Dispatch::RoundRobin => {
                let from_pointer = (0..counts.len()).map(|k| (pointer + k) % counts.len());
                from_pointer.filter(|&i| counts[i] < self.limit).take(1).collect()
            }
            Dispatch::Random => with_credit.collect(),
            Dispatch::LeastUnacked => {
                let least = counts.iter().min().copied().unwrap_or(0);
                with_credit.filter(|&i| counts[i] == least).collect()
            }
        };
        let probability = 1.0 / chosen.len() as f64;
        chosen.into_iter().map(|i| (i, probability)).collect()
    }

    /// The pointer after a message for consumer i.
    fn after(&self, i: usize) -> usize {
        if self.dispatch == Dispatch::RoundRobin { (i + 1) % self.mus.len() } else { 0 }
    }

    fn moves(&self, state: &PrefetchState, to: &mut dyn FnMut(PrefetchState, f64)) {
        let (pointer, counts) = state;
        for (i, mu) in self.mus.iter().enumerate().filter(|(i, _)| counts[*i] > 0) {
            let mut fewer = counts.clone();
            fewer[i] -= 1;
            to(self.canonical((*pointer, fewer)), *mu);
        }
        for (i, probability) in self.candidates(state) {
            let mut more = counts.clone();
            more[i] += 1;
            to(self.canonical((self.after(i), more)), self.lambda * probability);
        }
        if self.is_full(state) {
            for (i, mu) in self.mus.iter().enumerate() {
                let back = self.canonical((self.after(i), counts.clone()));
                to(back, self.lambda * mu / self.capacity());
            }
        }
    }

    fn is_full(&self, (_, counts): &PrefetchState) -> bool {
        counts.iter().all(|&n| n == self.limit)
    }

    /// The steady state, by a chain of at most `limit` states.
    pub fn solve(&self, limit: usize) -> Result<PrefetchSteady, ChainError> {
        let start = self.canonical((0, vec![0; self.mus.len()]));
        let chain = Chain::explore([start], limit, |state, to| self.moves(state, to))?;
        let p = chain.stationary()?;
        let full = chain.expect(&p, |state| f64::from(u8::from(self.is_full(state))));
        let rho = self.lambda / self.capacity();
        let spare = (self.capacity() - self.lambda) / self.capacity();
        // Mass of the states with ready messages, beside the chain's mass of 1.
        let above = full * rho / spare;
        let total = 1.0 + above;
        let mean = |of: &dyn Fn(&[u32]) -> f64, when_full: f64| {
            (chain.expect(&p, |(_, counts)| of(counts)) + above * when_full) / total
        };
        let limit = f64::from(self.limit);
        let each = |of: &dyn Fn(u32) -> f64, when_full: f64| -> Vec<f64> {
            let one = |i: usize| mean(&|counts| of(counts[i]), when_full);
            self.alike((0..self.mus.len()).map(one).collect())
        };
        let unacked = each(&f64::from, limit);
        let utilization = each(&|n| f64::from(u8::from(n > 0)), 1.0);
        let ready = above / spare / total;
        let stranded = |counts: &[u32]| counts.contains(&0) && counts.iter().any(|&n| n > 1);
        Ok(PrefetchSteady {
            in_system: ready + unacked.iter().sum::<f64>(),
            ready,
            idle_while_waiting: mean(&|counts| f64::from(u8::from(stranded(counts))), 0.0),
            no_credit: full / spare / total,
            share: utilization.iter().zip(&self.mus).map(|(busy, mu)| busy * mu / self.lambda).collect(),
            unacked,
            utilization,
        })
    }

    /// Equal consumers have equal means, which the canonical states do not keep apart.
    fn alike(&self, means: Vec<f64>) -> Vec<f64> {
        if self.mus.iter().any(|mu| *mu != self.mus[0]) {
            return means;
        }
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        vec![mean; means.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;

    fn pool(lambda: f64, mus: &[f64], limit: u32, dispatch: Dispatch) -> Prefetch {
        Prefetch { lambda, mus: mus.to_vec(), limit, dispatch }
    }

    /// The same with ready messages counted one by one up to a bound: an independent route.
    fn by_truncation(pool: &Prefetch, most_ready: u32) -> (f64, f64) {
        let full = vec![pool.limit; pool.mus.len()];
        let average =
            chain_averages([(0u32, 0usize, vec![0; pool.mus.len()])], 5000, |(ready, pointer, counts), to| {
                for (i, mu) in pool.mus.iter().enumerate().filter(|(i, _)| counts[*i] > 0) {
                    if *ready > 0 {
                        to((ready - 1, pool.after(i), counts.clone()), *mu);
                    } else {
                        let mut fewer = counts.clone();
                        fewer[i] -= 1;
                        to((0, *pointer, fewer), *mu);
                    }
                }
                if *counts == full {
                    to(((ready + 1).min(most_ready), *pointer, counts.clone()), pool.lambda);
                }
                for (i, probability) in pool.candidates(&(*pointer, counts.clone())) {
                    let mut more = counts.clone();
                    more[i] += 1;
                    to((*ready, pool.after(i), more), pool.lambda * probability);
                }
            });
        let first = average(&|(_, _, counts)| f64::from(counts[0]));
        (first, average(&|(ready, _, _)| f64::from(*ready)))
    }

    #[test]
    fn the_censored_chain_is_the_whole_chain() {
        for dispatch in [Dispatch::RoundRobin, Dispatch::Random, Dispatch::LeastUnacked] {
            for (lambda, mus, limit) in
                [(0.8, vec![1.0, 0.6], 3), (0.9, vec![0.5, 0.4, 0.9], 2), (0.7, vec![0.6, 0.6], 2)]
            {
                let pool = pool(lambda, &mus, limit, dispatch);
                let (found, (first, ready)) = (pool.solve(10_000).unwrap(), by_truncation(&pool, 60));
                assert!((found.unacked[0] / first - 1.0).abs() < 1e-10, "{dispatch:?} {first} {found:?}");
                assert!((found.ready / ready - 1.0).abs() < 1e-9, "{dispatch:?} {ready} {found:?}");
            }
        }
    }

    #[test]
    fn what_comes_in_goes_out_and_idle_consumers_are_few() {
        let found = pool(2.0, &[1.0, 0.5, 1.5], 3, Dispatch::Random).solve(10_000).unwrap();
        assert!((found.share.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let stranded =
            |limit, dispatch| pool(1.4, &[1.0, 1.0], limit, dispatch).solve(10_000).unwrap().idle_while_waiting;
        assert_eq!(stranded(1, Dispatch::RoundRobin), 0.0);
        assert!(stranded(4, Dispatch::LeastUnacked) < stranded(4, Dispatch::RoundRobin));
        assert!(stranded(4, Dispatch::RoundRobin) < stranded(4, Dispatch::Random));
    }

    #[test]
    fn sojourn_grows_with_the_prefetch_of_several_consumers() {
        // Two consumers at rho = 0.7; P = 1 is M/M/2: 1/(1 - 0.49).
        let sojourn =
            |limit| pool(1.4, &[1.0, 1.0], limit, Dispatch::RoundRobin).solve(10_000).unwrap().in_system / 1.4;
        assert!((sojourn(1) * 0.51 - 1.0).abs() < 1e-12);
        let rounded = [2, 3, 10].map(|limit| (sojourn(limit) * 1000.0).round() / 1000.0);
        assert_eq!(rounded, [2.126, 2.245, 2.563]);
        // Without a limit it is the round-robin split: E2/M/1.
        let split = crate::analytic::broker::round_robin::RoundRobin { lambda: 1.4, mu: 1.0, queues: 2 };
        assert!((sojourn(30) / split.sojourn() - 1.0).abs() < 1e-4, "{}", sojourn(30));
        for limit in [1, 7] {
            let found = pool(0.9, &[1.0], limit, Dispatch::RoundRobin).solve(100).unwrap();
            assert!((found.in_system - 9.0).abs() < 1e-11, "{found:?}");
        }
    }
}
