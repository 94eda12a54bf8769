//! The time of one tagged message in a population that is born and dies around it: moments by recursion
//! and survival by uniformisation.

use crate::analytic::numeric::poisson;
use std::fmt;
use std::sync::{Arc, Mutex};

/// Probability of a state below which it is left out, relative to what is left of the tagged message.
const NEGLIGIBLE: f64 = 1e-26;
/// States times steps after which the table is no longer extended, all of it together: less than two seconds.
const MOST_WORK: u64 = 2_600_000_000;
/// Sums kept side by side, so that they need not wait for each other.
const LANES: usize = 8;

/// Rates around the tagged message while `n` others count: births, deaths of others, and its own
/// end, all per second.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    /// Births per second, whatever n.
    pub lambda: f64,
    /// Largest sum of deaths and end, per second.
    pub mu: f64,
    /// Deaths of others per second, and the end of the tagged message, at n others.
    pub rates: fn(n: f64, mu: f64, servers: f64) -> (f64, f64),
    /// Servers.
    pub servers: f64,
}

impl Around {
    fn at(&self, n: usize) -> (f64, f64) {
        (self.rates)(n as f64, self.mu, self.servers)
    }

    /// First and second moment of the time, from the probabilities of each n at its start.
    ///
    /// Formula: with d and e the deaths and the end, (lambda + d + e) m_n = r + lambda m_(n+1) + d m_(n-1), where
    /// r is 1 for the first moment, and twice the first moment for the second; no births at the last n.
    pub(super) fn moments(&self, start: &[f64]) -> (f64, f64) {
        let first = self.solve(&vec![1.0; start.len()]);
        let doubled: Vec<f64> = first.iter().map(|m| 2.0 * m).collect();
        let second = self.solve(&doubled);
        let mean = |of: &[f64]| start.iter().zip(of).map(|(p, m)| p * m).sum::<f64>();
        (mean(&first), mean(&second))
    }

    /// Elimination from n = 0 upwards, and back; all terms are positive.
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let last = right.len() - 1;
        // m_n = own_n + share_n m_(n+1). What is left of d is d (1 - share) = d stay.
        let (mut own, mut share) = (vec![0.0; last + 1], vec![0.0; last + 1]);
        let mut stay = 1.0;
        for n in 0..=last {
            let (death, end) = self.at(n);
            let birth = if n < last { self.lambda } else { 0.0 };
            let leave = birth + death * stay + end;
            let below = if n > 0 { death * own[n - 1] } else { 0.0 };
            own[n] = (right[n] + below) / leave;
            share[n] = birth / leave;
            stay = (death * stay + end) / leave;
        }
        for n in (0..last).rev() {
            own[n] += share[n] * own[n + 1];
        }
        own
    }
}

/// Geometric probabilities (1 - r) r^n up to where they are negligible.
pub(crate) fn geometric(r: f64) -> Vec<f64> {
    let count = if r > 0.0 { (NEGLIGIBLE.ln() / r.ln()).ceil().clamp(1.0, 4e6) as usize + 1 } else { 1 };
    (0..count).map(|n| (1.0 - r) * r.powf(n as f64)).collect()
}

/// The survival function of the tagged message's time.
///
/// Formula: P(T > t) = sum over k of P(Poisson((lambda + mu) t) = k) a_k, where a_k is the probability that the
/// tagged message is still there after k steps of the uniformised chain. The table of a_k grows as far
/// as it is asked for, and is shared by all clones.
/// Units: seconds. Error: relative 1e-11; everything summed is positive.
/// Reference: Jensen (1953); Gross and Miller, The randomization technique (1984).
#[derive(Clone)]
pub(crate) struct Tagged {
    around: Around,
    table: Arc<Mutex<TaggedTable>>,
}

impl fmt::Debug for Tagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tagged").finish_non_exhaustive()
    }
}

struct TaggedTable {
    alive: Vec<f64>,
    state: Vec<f64>,
    next: Vec<f64>,
    /// Shares of the steps that are deaths of others, and that change nothing, at each n.
    death: Vec<f64>,
    stay: Vec<f64>,
    /// States times steps so far.
    work: u64,
}

impl Tagged {
    /// From the probabilities of each n at the start.
    pub(super) fn new(around: Around, start: Vec<f64>) -> Tagged {
        let alive = vec![start.iter().sum()];
        let table = TaggedTable { alive, state: start, next: Vec::new(), death: Vec::new(), stay: Vec::new(), work: 0 };
        Tagged { around, table: Arc::new(Mutex::new(table)) }
    }

    /// P(T > t); not a number where that takes too long.
    pub(super) fn survival(&self, t: f64) -> f64 {
        let steps = (self.around.lambda + self.around.mu) * t;
        // A thread that panicked while it held the table left whole rows in it.
        let mut table = self.table.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !table.reach((steps + 12.0 * steps.sqrt() + 60.0) as usize, &self.around) {
            return f64::NAN;
        }
        poisson::expect_up_to(steps, table.alive.len() as u64, |k| table.alive.get(k as usize).copied().unwrap_or(0.0))
    }
}

impl TaggedTable {
    /// Extends the table to `steps`, unless that is too much work.
    fn reach(&mut self, steps: usize, around: &Around) -> bool {
        let missing = (steps + 1).saturating_sub(self.alive.len());
        if self.work + missing as u64 * self.state.len() as u64 > MOST_WORK {
            return false;
        }
        for _ in 0..missing {
            self.work += self.state.len() as u64;
            self.step(around);
        }
        true
    }

    /// Rates up to that n.
    fn know(&mut self, most: usize, around: &Around) {
        let whole = around.lambda + around.mu;
        for n in self.death.len()..=most {
            let (death, end) = around.at(n);
            self.death.push(if n > 0 { death / whole } else { 0.0 });
            self.stay.push((around.mu - death - end).max(0.0) / whole);
        }
    }

    fn step(&mut self, around: &Around) {
        let (len, birth) = (self.state.len(), around.lambda / (around.lambda + around.mu));
        self.know(len + 1, around);
        // Two more states, so that the loop below has no case to decide.
        self.state.resize(len + 2, 0.0);
        self.next.clear();
        self.next.resize(len + 1, 0.0);
        self.next[0] = self.state[0] * self.stay[0] + self.state[1] * self.death[1];
        let (below, here, above) = (&self.state[..len], &self.state[1..][..len], &self.state[2..][..len]);
        let (stay, death) = (&self.stay[1..][..len], &self.death[2..][..len]);
        for (i, next) in self.next[1..][..len].iter_mut().enumerate() {
            *next = below[i] * birth + here[i] * stay[i] + above[i] * death[i];
        }
        std::mem::swap(&mut self.state, &mut self.next);
        let alive = sum(&self.state);
        while self.state.len() > 1 && self.state.last().is_some_and(|&p| p < NEGLIGIBLE * alive) {
            self.state.pop();
        }
        self.alive.push(alive);
    }
}

fn sum(values: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, value)| *sum += value);
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::{chain_averages, moments_of_tail};

    /// One server shared by all.
    fn shared(n: f64, mu: f64, _: f64) -> (f64, f64) {
        (mu * n / (n + 1.0), mu / (n + 1.0))
    }

    fn around(lambda: f64) -> Around {
        Around { lambda, mu: 1.0, rates: shared, servers: 1.0 }
    }

    #[test]
    fn the_work_of_all_answers_together_is_bounded() {
        let tagged = Tagged::new(around(0.9), geometric(0.9));
        let known = tagged.survival(20.0);
        assert!(known > 0.0 && tagged.survival(1e9).is_nan());
        let spent = tagged.table.lock().unwrap().work;
        assert!(spent > 0 && spent < 1_000_000, "{spent}");
        // What is spent is spent: times that the table reaches are still answered, further ones are not.
        tagged.table.lock().unwrap().work = MOST_WORK;
        assert_eq!(tagged.survival(20.0), known);
        assert!(tagged.survival(40.0).is_nan());
        let values: Vec<f64> = (0..1003).map(f64::from).collect();
        assert_eq!(sum(&values), 1002.0 * 1003.0 / 2.0);
    }

    #[test]
    fn moments_are_integrals_of_the_survival_function() {
        let tagged = Tagged::new(around(0.5), geometric(0.5));
        let (mean, second) = around(0.5).moments(&geometric(0.5));
        let (area, moment) = moments_of_tail(|t| tagged.survival(t), 0.02, 6000);
        assert!((area / mean - 1.0).abs() < 1e-4, "{area} {mean}");
        assert!((moment / second - 1.0).abs() < 1e-4, "{moment} {second}");
    }

    /// With births nearly shut off and nobody there, the time is exponential.
    #[test]
    fn alone_it_is_exponential_and_endless_no_number() {
        let tagged = Tagged::new(around(1e-300), vec![1.0]);
        for t in [0.0, 0.3, 5.0, 40.0] {
            assert!((tagged.survival(t) / (-t).exp() - 1.0).abs() < 1e-11, "{t}");
        }
        let tagged = Tagged::new(around(0.999_999), vec![1e-6; 1_000_000]);
        assert!(tagged.survival(1e6).is_nan());
    }

    #[test]
    fn first_moment_agrees_with_a_chain_that_starts_again() {
        // The tagged message is replaced at once by another: the share of ends gives the mean.
        let (lambda, most) = (0.4, 40u32);
        let average = chain_averages([0u32], 1000, |&n, to| {
            let (death, end) = shared(f64::from(n), 1.0, 1.0);
            to((n + 1).min(most), lambda);
            if n > 0 {
                to(n - 1, death);
                to(0, end);
            }
        });
        let ends = average(&|&n| shared(f64::from(n), 1.0, 1.0).1);
        let (mean, _) = around(lambda).moments(&[vec![1.0], vec![0.0; 80]].concat());
        assert!((mean * ends - 1.0).abs() < 1e-10, "{mean} {ends}");
    }
}
