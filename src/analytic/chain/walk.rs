//! Counts that change by one: birth-death chains without a largest state, over time. Only the states that
//! carry probability are touched.

use super::contour::Rates;
use super::error::ChainError;
use super::uniformise::poisson_weights;

/// Probabilities below this at either end are dropped.
const DROPPED: f64 = 1e-40;

/// What may still change when iterating ends early.
const SETTLED: f64 = 1e-15;

/// Share of the largest weight below which none is added.
const UNSEEN: f64 = 1e-60;

/// What a state costs at each start, in state-events.
const COPY: f64 = 10.0;

/// Events between two looks at whether probabilities have settled.
const LOOK: usize = 16;

/// Events up to which a time is followed event by event, and after so many of which there is a look at whether
/// the rest can be leapt over.
const SHORT: f64 = 50_000.0;

/// Most states of a leap.
const MOST_STATES: usize = 2_000_000;

/// State-events (states that carry probability, times events) of one answer: about a second.
pub(crate) const MOST_STATE_EVENTS: f64 = 1.5e9;

/// A birth-death chain on 0, 1, 2, ... with bounded rates.
///
/// Formula: uniformisation over the moving range of states whose probability exceeds 1e-40, so that
/// the state space needs no truncation; once the probabilities lie where the stationary ones do, the rest of a long
/// time at once, as an integral around the spectrum.
/// Units: rates per second.
/// Valid when: up(n) + down(n) <= fastest for all n.
/// Reference: Jensen (1953); van Moorsel, Sanders, Adaptive uniformization (1994); Weideman, Trefethen (2007).
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
        self.after_within(start, t, &mut MOST_STATE_EVENTS.clone())
    }

    /// The same with so many state-events left to spend, of which it takes what it needs.
    pub fn after_within(&self, start: &[f64], t: f64, left: &mut f64) -> Result<Vec<f64>, ChainError> {
        let x = self.fastest * t;
        if !(x >= 0.0 && x.is_finite()) {
            return Err(ChainError::BadTime(t));
        }
        if x <= SHORT {
            return self.short(start, t, left).ok_or(ChainError::OutOfSteps(0.0));
        }
        let (mut now, mut done, step) = (start.to_vec(), 0.0, SHORT / self.fastest);
        while t - done > step {
            if let Some(p) = self.leap(&now, t - done) {
                return Ok(p);
            }
            now = self.short(&now, step, left).ok_or(ChainError::OutOfSteps(done))?;
            done += step;
        }
        self.short(&now, t - done, left).ok_or(ChainError::OutOfSteps(done))
    }

    /// A long time at once, if the probabilities lie where the stationary ones do.
    fn leap(&self, start: &[f64], t: f64) -> Option<Vec<f64>> {
        let spread = 12.0 * (self.fastest * t).sqrt() + 64.0;
        let (mut up, mut down) = (Vec::new(), Vec::new());
        // Stationary weights, and their sum so far.
        let (mut weight, mut total) = (1.0_f64, 1.0_f64);
        for n in 0.. {
            up.push((self.up)(n));
            down.push(if n > 0 { (self.down)(n) } else { 0.0 });
            let beyond = (n as f64) > start.len() as f64 + spread;
            if n >= start.len() && (up[n] == 0.0 || beyond || weight < 1e-30 * total) {
                break;
            }
            if n > MOST_STATES || !total.is_finite() {
                return None;
            }
            weight *= up[n] / (self.down)(n + 1);
            total += weight;
        }
        let last = up.len() - 1;
        up[last] = 0.0;
        let chain = Rates { up: &up, down: &down };
        chain.holds(start).then(|| chain.after(start, t))
    }

    /// Event by event; `None` if that takes more than is left.
    fn short(&self, start: &[f64], t: f64, budget: &mut f64) -> Option<Vec<f64>> {
        let weights = poisson_weights(self.fastest * t);
        let mut range = Range::new(start, self);
        let mut sum = vec![0.0; start.len()];
        let mut left = 1.0;
        // What cannot matter is not added: below it products would leave the range of doubles, too.
        let least = UNSEEN * weights.iter().copied().fold(0.0, f64::max);
        *budget -= COPY * start.len() as f64;
        for (k, weight) in weights.iter().enumerate() {
            if *weight > least {
                range.add_to(&mut sum, *weight);
            }
            left -= weight;
            range.step(self);
            *budget -= (range.high - range.low) as f64;
            if k % LOOK == 0 && range.change() * (weights.len() - k) as f64 <= SETTLED {
                range.add_to(&mut sum, f64::max(left, 0.0));
                return Some(sum);
            }
            if *budget < 0.0 {
                return None;
            }
        }
        Some(sum)
    }
}

/// Probabilities of the states low..high; all others are 0.
struct Range {
    p: Vec<f64>,
    next: Vec<f64>,
    /// Shares of the uniformising events that lead up and down.
    up: Vec<f64>,
    down: Vec<f64>,
    /// Shares of those that lead nowhere.
    stay: Vec<f64>,
    low: usize,
    high: usize,
}

impl Range {
    fn new<U: Fn(usize) -> f64, D: Fn(usize) -> f64>(start: &[f64], walk: &Walk<U, D>) -> Range {
        let low = start.iter().position(|&p| p > DROPPED).unwrap_or(0);
        let high = start.iter().rposition(|&p| p > DROPPED).map_or(1, |last| last + 1);
        let mut p = start.to_vec();
        p.resize(p.len().max(1), 0.0);
        let mut range = Range { p, next: Vec::new(), up: Vec::new(), down: Vec::new(), stay: Vec::new(), low, high };
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
        let moves = self.up.iter().zip(&self.down).skip(self.stay.len());
        self.stay.extend(moves.map(|(up, down)| (1.0 - (up + down)).max(0.0)));
    }

    fn add_to(&self, sum: &mut Vec<f64>, weight: f64) {
        if sum.len() < self.high {
            sum.resize(self.high, 0.0);
        }
        let range = self.low..self.high;
        sum[range.clone()].iter_mut().zip(&self.p[range]).for_each(|(sum, p)| *sum += weight * p);
    }

    /// By how much probabilities changed in all with the last event.
    fn change(&self) -> f64 {
        let range = self.low..self.high;
        self.p[range.clone()].iter().zip(&self.next[range]).map(|(new, old)| (new - old).abs()).sum()
    }

    /// One event of the uniformising process.
    fn step<U: Fn(usize) -> f64, D: Fn(usize) -> f64>(&mut self, walk: &Walk<U, D>) {
        if self.high + 4 > self.p.len() {
            self.grow(walk, self.high * 3 / 2 + 4);
        }
        let (low, high) = (self.low.saturating_sub(1), self.high + 1);
        if low == 0 {
            self.next[0] = self.p[0] * self.stay[0] + self.p[1] * self.down[1];
        }
        let first = low.max(1);
        let len = high - first;
        let (below, here, above) = (&self.p[first - 1..][..len], &self.p[first..][..len], &self.p[first + 1..][..len]);
        let (up, stay, down) =
            (&self.up[first - 1..][..len], &self.stay[first..][..len], &self.down[first + 1..][..len]);
        for (i, next) in self.next[first..][..len].iter_mut().enumerate() {
            *next = here[i] * stay[i] + below[i] * up[i] + above[i] * down[i];
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
    fn a_long_time_is_leapt_over_at_bounded_cost() {
        // M/M/1 at 0.99 forgets its start in 40000 s: the mean is that of the steady state, or short of it as Abate and
        // Whitt (1987) have it, which 60 times the time from a tenth of it shows.
        let walk = Walk { up: |_| 0.99, down: |_| 1.0, fastest: 1.99 };
        let mean = |p: Vec<f64>| p.iter().enumerate().map(|(n, p)| n as f64 * p).sum::<f64>();
        for t in [1e7, 1e12] {
            let mut left = MOST_STATE_EVENTS;
            let p = walk.after_within(&[1.0], t, &mut left).unwrap();
            assert!(left > 0.5 * MOST_STATE_EVENTS);
            assert!((mean(p) / 99.0 - 1.0).abs() < 1e-11);
        }
        // On the way there, against event by event.
        let (t, mut left) = (60_000.0, MOST_STATE_EVENTS);
        let (fast, slow) = (walk.after(&[1.0], t).unwrap(), walk.short(&[1.0], t, &mut left).unwrap());
        for (n, slow) in slow.iter().enumerate() {
            let fast = fast.get(n).copied().unwrap_or(0.0);
            assert!((fast - slow).abs() < 1e-13, "{n}: {fast} {slow}");
        }
        // At load 1 there is no steady state, and the number grows as sqrt(4 t/pi) to first order.
        let even = Walk { up: |_| 1.0, down: |_| 1.0, fastest: 2.0 };
        let t = 1e8_f64;
        assert!((mean(even.after(&[1.0], t).unwrap()) / (4.0 * t / std::f64::consts::PI).sqrt() - 1.0).abs() < 1e-3);
    }

    #[test]
    fn what_takes_too_many_events_says_how_far_it_comes() {
        let walk = Walk { up: |_| 3.0, down: |_| 1.0, fastest: 4.0 };
        let mut left = 1e7;
        let Err(ChainError::OutOfSteps(reached)) = walk.after_within(&[1.0], 1e9, &mut left) else {
            panic!("answered")
        };
        assert!((0.0..1e6).contains(&reached));
        assert!(walk.after(&[1.0], reached + 1.0).is_ok());
    }

    #[test]
    fn only_births_leave_the_low_states_behind() {
        let walk = Walk { up: |_| 1.0, down: |_| 0.0, fastest: 1.0 };
        let p = walk.after(&[1.0], 3000.0).unwrap();
        let mean: f64 = p.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
        assert!((mean / 3000.0 - 1.0).abs() < 1e-12);
    }
}
