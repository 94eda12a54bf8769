//! M(t)/M/c/K: arrivals at a rate that varies in time.

use super::mmc::MmcTransient;
use super::snapshot::Snapshot;
use crate::analytic::chain::{ChainError, MOST_STATE_EVENTS, forward_within};
use crate::dist::bisect::{half, try_bisect};
use std::f64::consts::TAU;

/// An arrival rate that varies in time.
#[derive(Debug, Clone, PartialEq)]
pub enum VaryingRate {
    /// Constant from change to change.
    Steps {
        /// Per second, one more than there are changes.
        rates: Vec<f64>,
        /// Times of the changes, seconds, increasing.
        changes: Vec<f64>,
    },
    /// mean + amplitude sin(2 pi t / period + phase).
    Sine {
        /// Per second.
        mean: f64,
        /// Per second, at most the mean.
        amplitude: f64,
        /// Seconds.
        period: f64,
        /// Radians.
        phase: f64,
    },
}

impl VaryingRate {
    /// Per second, at time t (at a change: from then on).
    pub fn at(&self, t: f64) -> f64 {
        match self {
            VaryingRate::Steps { rates, changes } => rates[changes.partition_point(|&change| change <= t)],
            VaryingRate::Sine { mean, amplitude, period, phase } => mean + amplitude * (TAU * t / period + phase).sin(),
        }
    }

    fn changes(&self) -> &[f64] {
        if let VaryingRate::Steps { changes, .. } = self { changes } else { &[] }
    }
}

/// M(t)/M/c/K.
///
/// Formula: Kolmogorov's forward equations with births lambda(t) and deaths min(n, c) mu; a rate of
/// steps by uniformisation step by step, a sinusoid by a Runge-Kutta pair of order 5; without a limit
/// on places the states go as far as they matter. Relative error about 1e-10.
/// Units: rates per second, times in seconds.
/// Valid when: lambda(t) >= 0; overloads that pass are no trouble.
/// Reference: Green, Kolesar, The pointwise stationary approximation for queues with nonstationary
/// arrivals, Management Science 37 (1991); Massey, Whitt (1998); Gross et al. (4th ed.), sec. 2.11.
///
/// ```
/// use lindley::analytic::transient::{VaryingRate, Snapshot, Varying};
/// let rate = VaryingRate::Steps { rates: vec![3.0, 10.0, 3.0], changes: vec![10.0, 20.0] };
/// let station = Varying { rate, mu: 1.0, c: 5, places: None };
/// let now = station.advance(&Snapshot::of(0, 5), 0.0, 20.0).unwrap();
/// assert!((now.queue_length() - 49.169569529).abs() < 1e-8);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Varying {
    /// Arrivals.
    pub rate: VaryingRate,
    /// Services per second and server.
    pub mu: f64,
    /// Servers.
    pub c: usize,
    /// Places in all; `None`: no limit.
    pub places: Option<usize>,
}

impl Varying {
    /// The law of the number at time `to` from that at time `from`.
    pub fn advance(&self, start: &Snapshot, from: f64, to: f64) -> Result<Snapshot, ChainError> {
        self.advance_within(start, from, to, &mut MOST_STATE_EVENTS.clone())
    }

    /// The same with so many state-events left to spend; what fails for lack of them says until when they suffice.
    fn advance_within(&self, start: &Snapshot, from: f64, to: f64, left: &mut f64) -> Result<Snapshot, ChainError> {
        let VaryingRate::Sine { .. } = self.rate else { return self.advance_steps(start, from, to, left) };
        let mut now = start.clone();
        let mut t = from;
        // Short enough that the states added at the top are not passed before there is a look again.
        let hop = 4.0 / self.mu.max(self.rate.at(0.0));
        while t < to {
            let end = if t + 1.5 * hop >= to { to } else { t + hop };
            self.make_room(&mut now.p, hop);
            now.p = forward_within((t, end), &now.p, |t, p, change| self.flow(t, p, change), left)?;
            t = end;
        }
        Ok(now)
    }

    fn advance_steps(&self, start: &Snapshot, from: f64, to: f64, left: &mut f64) -> Result<Snapshot, ChainError> {
        let mut now = start.clone();
        let mut t = from;
        let inside = self.rate.changes().iter().copied().filter(|&change| change > from && change < to);
        for end in inside.chain([to]) {
            let queue = MmcTransient { lambda: self.rate.at(t), mu: self.mu, c: self.c, places: self.places };
            now = queue.after_within(&now, end - t, left).map_err(|why| later(why, t))?;
            t = end;
        }
        Ok(now)
    }

    /// States up to where none is reached within `hop` but with a probability far below any digit.
    fn make_room(&self, p: &mut Vec<f64>, hop: f64) {
        let VaryingRate::Sine { mean, amplitude, .. } = self.rate else { return };
        let used = p.iter().rposition(|&x| x.abs() > 1e-18).unwrap_or(0);
        let arrivals = (mean + amplitude.abs()) * hop;
        let wanted = used + (arrivals + 10.0 * arrivals.sqrt() + 20.0) as usize;
        let size = wanted.min(self.places.unwrap_or(usize::MAX)) + 1;
        if p.len() < size || p.len() > size + size / 2 + 64 {
            p.resize(size, 0.0);
        }
    }

    fn flow(&self, t: f64, p: &[f64], change: &mut [f64]) {
        let lambda = self.rate.at(t);
        change.fill(0.0);
        for n in 1..p.len() {
            let net = lambda * p[n - 1] - n.min(self.c) as f64 * self.mu * p[n];
            change[n] += net;
            change[n - 1] -= net;
        }
    }

    /// How fast the mean number waiting grows, per second.
    fn growth(&self, now: &Snapshot, t: f64) -> f64 {
        let full = self.places.map_or(0.0, |k| now.p.get(k).copied().unwrap_or(0.0));
        self.rate.at(t) * (now.all_busy() - full) - self.c as f64 * self.mu * now.at_least(self.c + 1)
    }

    /// The course of the station from time 0 to `horizon`, with a look every `step`.
    pub fn course(&self, start: &Snapshot, horizon: f64, step: f64) -> Result<QueueCourse<'_>, ChainError> {
        let looks = (horizon / step * (1.0 + 1e-12)).floor() as usize;
        let mut times: Vec<f64> = (0..=looks).map(|i| i as f64 * step).collect();
        if times[looks] < horizon * (1.0 - 1e-12) {
            times.push(horizon);
        }
        let (mut looks, mut left) = (vec![start.clone()], MOST_STATE_EVENTS);
        for pair in times.windows(2) {
            let next = self.advance_within(&looks[looks.len() - 1], pair[0], pair[1], &mut left)?;
            looks.push(next);
        }
        let queue = looks.iter().map(Snapshot::queue_length).collect();
        Ok(QueueCourse { station: self, times, looks, queue })
    }
}

/// The same failure of a time that began at `t`.
fn later(why: ChainError, t: f64) -> ChainError {
    if let ChainError::OutOfSteps(reached) = why { ChainError::OutOfSteps(t + reached) } else { why }
}

/// The course of a station with a varying rate.
///
/// Formula: the peak of the mean number waiting is where its growth lambda(t) P(c <= N < K) -
/// c mu P(N > c) changes its sign; both the peak and times of return are found by bisection between
/// two looks.
/// Units: seconds, messages.
/// Valid when: the mean number waiting has one peak between neighbouring looks.
/// Reference: Green, Kolesar (1991).
///
/// ```
/// use lindley::analytic::transient::{VaryingRate, Snapshot, Varying};
/// let rate = VaryingRate::Steps { rates: vec![2.0, 0.0], changes: vec![1.0] };
/// let station = Varying { rate, mu: 1.0, c: 1, places: None };
/// let course = station.course(&Snapshot::of(0, 1), 4.0, 0.25).unwrap();
/// assert!((course.peak().unwrap().0 - 1.0).abs() < 1e-12); // it grows as long as messages arrive
/// ```
pub struct QueueCourse<'s> {
    station: &'s Varying,
    times: Vec<f64>,
    looks: Vec<Snapshot>,
    queue: Vec<f64>,
}

impl QueueCourse<'_> {
    /// When the mean number waiting is largest, and how large.
    pub fn peak(&self) -> Result<(f64, f64), ChainError> {
        let at = self.sampled_peak_at();
        let first = at.saturating_sub(1);
        let (low, high) = (self.times[first], self.times[(at + 1).min(self.times.len() - 1)]);
        let at_time = |t: f64| self.station.advance(&self.looks[first], self.times[first], t);
        let grows = |t: f64| Ok(self.station.growth(&at_time(t)?, t) > 0.0);
        let (_, high) = try_bisect(low, high, until(1e-13), grows)?;
        let found = at_time(high)?.queue_length();
        let sampled = (self.times[at], self.queue[at]);
        Ok(if found * (1.0 + 1e-14) >= sampled.1 && high < self.times[self.times.len() - 1] {
            (high, found)
        } else {
            sampled
        })
    }

    /// When after its peak the mean number waiting first is back at a level; `None`: not until the
    /// horizon, or the peak does not exceed it.
    pub fn back_at(&self, level: f64) -> Result<Option<f64>, ChainError> {
        let Some(after) = self.first_look_below(level) else { return Ok(None) };
        let (start, from) = (&self.looks[after - 1], self.times[after - 1]);
        let above = |t: f64| Ok(self.station.advance(start, from, t)?.queue_length() > level);
        Ok(Some(try_bisect(from, self.times[after], until(1e-14), above)?.1))
    }

    fn sampled_peak_at(&self) -> usize {
        let larger = |best: usize, i: usize| if self.queue[i] > self.queue[best] { i } else { best };
        (0..self.queue.len()).fold(0, larger)
    }

    fn first_look_below(&self, level: f64) -> Option<usize> {
        let peak = self.sampled_peak_at();
        (peak + 1..self.queue.len()).find(|&i| self.queue[i] <= level && self.queue[i - 1] > level)
    }

    /// The look at which the mean number waiting is largest: when, and how large.
    pub fn sampled_peak(&self) -> (f64, f64) {
        let at = self.sampled_peak_at();
        (self.times[at], self.queue[at])
    }

    /// As [`back_at`](QueueCourse::back_at), but read off the straight line between two looks, as from a
    /// printed table or a chart.
    pub fn sampled_back_at(&self, level: f64) -> Option<f64> {
        let after = self.first_look_below(level)?;
        let (before, below) = (self.queue[after - 1], self.queue[after]);
        let share = (before - level) / (before - below);
        Some(self.times[after - 1] + share * (self.times[after] - self.times[after - 1]))
    }
}

/// Halves until the ends differ by less than that share.
fn until(share: f64) -> impl Fn(f64, f64) -> Option<f64> {
    move |low, high| if high - low > share * high { half(low, high) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(mean: f64, amplitude: f64) -> Varying {
        let rate = VaryingRate::Sine { mean, amplitude, period: 24.0, phase: 0.5 };
        Varying { rate, mu: 1.0, c: 4, places: None }
    }

    #[test]
    fn a_sine_without_amplitude_is_constant() {
        let constant = MmcTransient { lambda: 3.0, mu: 1.0, c: 4, places: None };
        for t in [0.3, 11.0] {
            let a = sine(3.0, 0.0).advance(&Snapshot::of(6, 4), 0.0, t).unwrap();
            let b = constant.after(&Snapshot::of(6, 4), t).unwrap();
            assert!((a.in_system() / b.in_system() - 1.0).abs() < 1e-11, "{t}: {} {}", a.in_system(), b.in_system());
            assert!((a.empty() / b.empty() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_sine_is_the_limit_of_many_steps() {
        let smooth = sine(4.0, 3.0);
        let exact = smooth.advance(&Snapshot::of(0, 4), 0.0, 30.0).unwrap().queue_length();
        let steps = |n: usize| {
            let h = 30.0 / n as f64;
            // Simpson's mean over each step: the error left is of the second order in h.
            let mean = |i: usize| {
                let at = |x: f64| smooth.rate.at((i as f64 + x) * h);
                (at(0.0) + 4.0 * at(0.5) + at(1.0)) / 6.0
            };
            let (rates, changes) = ((0..n).map(mean).collect(), (1..n).map(|i| i as f64 * h).collect());
            Varying { rate: VaryingRate::Steps { rates, changes }, ..smooth.clone() }
                .advance(&Snapshot::of(0, 4), 0.0, 30.0)
                .unwrap()
                .queue_length()
        };
        let (coarse, fine) = (steps(200), steps(400));
        let extrapolated = fine + (fine - coarse) / 3.0;
        assert!((extrapolated / exact - 1.0).abs() < 1e-8, "{extrapolated} {exact}");
    }

    #[test]
    fn the_peak_comes_after_that_of_the_rate() {
        let station = sine(3.0, 3.0);
        let course = station.course(&Snapshot::of(0, 4), 24.0, 0.1).unwrap();
        let (at, peak) = course.peak().unwrap();
        let rate_peak = 24.0 * (0.25 - 0.5 / TAU);
        assert!(at > rate_peak && (at - course.sampled_peak().0).abs() <= 0.1);
        assert!(peak >= course.sampled_peak().1);
        let back = course.back_at(1.0).unwrap().unwrap();
        let now = station.advance(&Snapshot::of(0, 4), 0.0, back).unwrap();
        assert!((now.queue_length() - 1.0).abs() < 1e-9);
        assert!((course.sampled_back_at(1.0).unwrap() - back).abs() < 1e-2);
    }
}
