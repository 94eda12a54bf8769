//! Counts that change by one: birth-death chains without a largest state, over time. Only the states that
//! carry probability are touched.

use super::error::ChainError;
use super::uniformise::{MOST_WORK, poisson_weights};

/// Probabilities below this at either end are dropped.
const DROPPED: f64 = 1e-40;

/// What may still change when iterating ends early.
const SETTLED: f64 = 1e-15;

/// A birth-death chain on 0, 1, 2, ... with bounded rates.
///
/// Formula: uniformisation over the moving range of states whose probability exceeds 1e-40, so that
/// the state space needs no truncation.
/// Units: rates per second.
/// Valid when: up(n) + down(n) <= fastest for all n.
/// Reference: Jensen (1953); van Moorsel, Sanders, Adaptive uniformization (1994).
pub struct Walk<U, D> {
    /// Rate from n to n + 1.
    pub up: U,
    /// Rate from n to n - 1.
    pub down: D,
    /// At least the largest sum of both.
    pub fastest: f64,
}

impl<U: Fn(usize) -> f64, D: Fn(usize) -> f64> Walk<U, D> {
    /// Probabilities a time `t` later (of the states 0, 1, 2, ... as far as they matter).
    ///
    /// ```
    /// use lindley::analytic::chain::Walk;
    /// // Only births: a Poisson process.
    /// let walk = Walk { up: |_| 2.0, down: |_| 0.0, fastest: 2.0 };
    /// let p = walk.after(&[1.0], 3.0).unwrap();
    /// assert!((p[2] / (18.0 * (-6.0_f64).exp()) - 1.0).abs() < 1e-14);
    /// ```
    pub fn after(&self, start: &[f64], t: f64) -> Result<Vec<f64>, ChainError> {
        let x = self.fastest * t;
        if !(x >= 0.0 && x.is_finite()) {
            return Err(ChainError::BadTime(t));
        }
        if x > 1e8 {
            return Err(ChainError::NotConverged(1.0));
        }
        let weights = poisson_weights(x);
        let mut range = Range::new(start, self);
        let mut sum = vec![0.0; start.len()];
        let (mut left, mut work) = (1.0, 0.0);
        for (k, weight) in weights.iter().enumerate() {
            range.add_to(&mut sum, *weight);
            left -= weight;
            let change = range.step(self);
            work += (range.high - range.low) as f64;
            if change * (weights.len() - k) as f64 <= SETTLED {
                range.add_to(&mut sum, f64::max(left, 0.0));
                return Ok(sum);
            }
            if work > MOST_WORK {
                return Err(ChainError::NotConverged(change));
            }
        }
        Ok(sum)
    }
}

/// Probabilities of the states low..high; all others are 0.
struct Range {
    p: Vec<f64>,
    next: Vec<f64>,
    /// Shares of the uniformising events that lead up and down.
    up: Vec<f64>,
    down: Vec<f64>,
    low: usize,
    high: usize,
}

impl Range {
    fn new<U: Fn(usize) -> f64, D: Fn(usize) -> f64>(start: &[f64], walk: &Walk<U, D>) -> Range {
        let low = start.iter().position(|&p| p > DROPPED).unwrap_or(0);
        let high = start.iter().rposition(|&p| p > DROPPED).map_or(1, |last| last + 1);
        let mut p = start.to_vec();
        p.resize(p.len().max(1), 0.0);
        let mut range = Range { p, next: Vec::new(), up: Vec::new(), down: Vec::new(), low, high };
        range.grow(walk, high + 64);
        range
    }

    fn grow<U: Fn(usize) -> f64, D: Fn(usize) -> f64>(&mut self, walk: &Walk<U, D>, size: usize) {
        let scale = if walk.fastest > 0.0 { 1.0 / walk.fastest } else { 0.0 };
        let size = size.max(self.p.len());
        self.p.resize(size, 0.0);
        self.next.resize(size, 0.0);
        self.up.extend((self.up.len()..size).map(|n| (walk.up)(n) * scale));
        self.down.extend((self.down.len()..size).map(|n| if n > 0 { (walk.down)(n) * scale } else { 0.0 }));
    }

    fn add_to(&self, sum: &mut Vec<f64>, weight: f64) {
        if sum.len() < self.high {
            sum.resize(self.high, 0.0);
        }
        let range = self.low..self.high;
        sum[range.clone()].iter_mut().zip(&self.p[range]).for_each(|(sum, p)| *sum += weight * p);
    }

    /// One event of the uniformising process; returns by how much probabilities changed in all.
    fn step<U: Fn(usize) -> f64, D: Fn(usize) -> f64>(&mut self, walk: &Walk<U, D>) -> f64 {
        if self.high + 4 > self.p.len() {
            self.grow(walk, self.high * 3 / 2 + 4);
        }
        let (low, high) = (self.low.saturating_sub(1), self.high + 1);
        let mut change = 0.0;
        for n in low..high {
            let stay = (1.0 - (self.up[n] + self.down[n])).max(0.0);
            let from_below = if n > 0 { self.p[n - 1] * self.up[n - 1] } else { 0.0 };
            let new = self.p[n] * stay + from_below + self.p[n + 1] * self.down[n + 1];
            change += (new - self.p[n]).abs();
            self.next[n] = new;
        }
        std::mem::swap(&mut self.p, &mut self.next);
        (self.low, self.high) = (low, high);
        while self.high - self.low > 1 && self.p[self.high - 1] < DROPPED {
            self.high -= 1;
        }
        while self.high - self.low > 1 && self.p[self.low] < DROPPED {
            self.low += 1;
        }
        // The two neighbours on either side are read next time, and may hold older values.
        for n in (self.low.saturating_sub(2)..self.low).chain(self.high..self.high + 2) {
            self.p[n] = 0.0;
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::births_and_deaths;

    #[test]
    fn agrees_with_the_general_chain() {
        let up = |_| 0.8;
        let down = |n: usize| n.min(3) as f64 * 0.3;
        let walk = Walk { up, down, fastest: 1.7 };
        let q = births_and_deaths(200, up, down);
        let mut start = vec![0.0; 201];
        (start[2], start[9]) = (0.25, 0.75);
        for t in [0.0, 0.1, 7.0, 60.0] {
            let p = walk.after(&start[..10], t).unwrap();
            let exact = q.transient(&start, t).unwrap();
            for (n, exact) in exact.iter().take(100).enumerate() {
                let p = p.get(n).copied().unwrap_or(0.0);
                assert!((p - exact).abs() <= 1e-13 * exact + 1e-30, "{t} {n}: {p} {exact}");
            }
        }
    }

    #[test]
    fn only_births_leave_the_low_states_behind() {
        let walk = Walk { up: |_| 1.0, down: |_| 0.0, fastest: 1.0 };
        let p = walk.after(&[1.0], 3000.0).unwrap();
        let mean: f64 = p.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
        assert!((mean / 3000.0 - 1.0).abs() < 1e-12);
    }
}
