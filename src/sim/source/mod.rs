//! The instants at which a producer publishes: the sampler of an arrival process. Time-varying
//! Poisson processes are sampled by exact inversion of their cumulative rate, not by thinning
//! or stepping.

use crate::dist::solve::{cumulative, pick, unit_exponential, unit_exponentials};
use crate::dist::{Count, Dist};
use crate::model::{Arrivals, MarkovArrivals};
use crate::rng::Stream;
use rand::RngExt;
use std::f64::consts::TAU;
use std::sync::Arc;

/// Draws the arrival points of one producer, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct ArrivalSampler {
    process: Process,
    size: Option<Count>,
}

#[derive(Debug, Clone)]
enum Process {
    /// Mean interval of a Poisson process.
    Poisson(f64),
    Renewal(Dist),
    Schedule(Box<Schedule>),
    Sinusoid(Box<Sinusoid>),
    Markov(Box<PhaseWalk>),
    Trace {
        times: Arc<[f64]>,
        next: usize,
    },
    /// No points of its own: closed populations publish on completions.
    Silent,
}

impl ArrivalSampler {
    /// The sampler of `arrivals`, at time 0. Markov processes draw their start phase.
    pub(crate) fn new(arrivals: &Arrivals, rng: &mut Stream) -> ArrivalSampler {
        let (points, size) = match arrivals {
            Arrivals::Batch { points, size } => (&**points, Some(size.clone())),
            single => (single, None),
        };
        ArrivalSampler { process: Process::new(points, rng), size }
    }

    /// The next arrival point after the previous one, which was at `now` (0 before the
    /// first); `None` when there is none. Successive points never go back in time; only
    /// recorded traces and intervals of length 0 repeat an instant.
    #[inline]
    pub(crate) fn next(&mut self, now: f64, rng: &mut Stream) -> Option<f64> {
        match &mut self.process {
            Process::Poisson(interval) => Some(now + *interval * unit_exponential(rng)),
            Process::Renewal(interval) => Some(now + interval.sample(rng)),
            Process::Schedule(schedule) => schedule.advance(unit_exponential(rng)),
            Process::Sinusoid(wave) => Some(wave.advance(unit_exponential(rng))),
            Process::Markov(walk) => Some(walk.advance(now, rng)),
            Process::Trace { times, next } => {
                *next += 1;
                times.get(*next - 1).copied()
            }
            Process::Silent => None,
        }
    }

    /// Fills `times` with the next arrival points; returns how many there are. The same numbers are
    /// drawn as by [`next`](Self::next), in the same order. Not for batches, whose sizes are drawn between points.
    pub(crate) fn fill(&mut self, now: f64, rng: &mut Stream, times: &mut [f64]) -> usize {
        if let Process::Poisson(interval) = &self.process {
            unit_exponentials(rng, times);
            times.iter_mut().fold(now, |now, time| {
                *time = now + *interval * *time;
                *time
            });
            return times.len();
        }
        let mut last = now;
        for (i, time) in times.iter_mut().enumerate() {
            match self.next(last, rng) {
                Some(next) => last = next,
                None => return i,
            }
            *time = last;
        }
        times.len()
    }

    /// The next arrival point after `now`, drawn anew, whatever was drawn before; `None` where the process remembers how long
    /// ago the last point was.
    pub(crate) fn drawn_anew(&self, now: f64, rng: &mut Stream) -> Option<f64> {
        match &self.process {
            Process::Poisson(interval) => Some(now + *interval * unit_exponential(rng)),
            _ => None,
        }
    }

    /// Whether several messages may be published at a point.
    pub(crate) fn is_batched(&self) -> bool {
        self.size.is_some()
    }

    /// Messages published at the point just drawn: 1 unless arrivals come in batches.
    #[inline]
    pub(crate) fn batch(&mut self, rng: &mut Stream) -> u32 {
        self.size.as_ref().map_or(1, |size| size.sample(rng))
    }
}

impl Process {
    fn new(points: &Arrivals, rng: &mut Stream) -> Process {
        match points {
            Arrivals::Poisson { rate } => Process::Poisson(1.0 / rate),
            Arrivals::Renewal { interval } => Process::Renewal(interval.clone()),
            Arrivals::Schedule { pieces, .. } if pieces.iter().all(|piece| piece.1 == 0.0) => Process::Silent,
            Arrivals::Schedule { pieces, repeat } => Process::Schedule(Box::new(Schedule::new(pieces, *repeat))),
            Arrivals::Sinusoid { mean, amplitude, period, phase } => {
                Process::Sinusoid(Box::new(Sinusoid::new(*mean, *amplitude, *period, *phase)))
            }
            Arrivals::Markov(process) => {
                PhaseWalk::new(process, rng).map_or(Process::Silent, |w| Process::Markov(w.into()))
            }
            Arrivals::Trace { times } => Process::Trace { times: times.clone(), next: 0 },
            // A batch of batches is not a model; a closed population has no clock of its own.
            Arrivals::Batch { .. } | Arrivals::Closed { .. } => Process::Silent,
        }
    }
}

/// Position in the expected number of arrivals of a periodic rate, kept as whole periods
/// and a remainder so that nothing drifts over many periods.
#[derive(Debug, Clone)]
struct ExpectedArrivals {
    periods: f64,
    inside: f64,
    per_period: f64,
}

impl ExpectedArrivals {
    fn advance(&mut self, by: f64) {
        let reached = self.inside + by;
        // The remainder is exact, hence the quotient is a whole number up to rounding.
        self.inside = reached % self.per_period;
        self.periods += ((reached - self.inside) / self.per_period).round();
    }
}

/// Poisson process of piecewise constant rate. Formula: with Lambda the cumulative rate,
/// t_(i+1) = Lambda^-1(Lambda(t_i) + E_i), E_i unit exponentials (Cinlar 1975, 4.7).
#[derive(Debug, Clone)]
struct Schedule {
    pieces: Box<[Piece]>,
    period: f64,
    repeat: bool,
    level: ExpectedArrivals,
}

/// One piece: from when, to when, at what rate, and the cumulative rate at its end.
#[derive(Debug, Clone)]
struct Piece {
    start: f64,
    end: f64,
    rate: f64,
    level_at_start: f64,
    level_at_end: f64,
}

impl Schedule {
    fn new(pieces: &[(f64, f64)], repeat: bool) -> Schedule {
        let (mut end, mut level_at_end) = (0.0, 0.0);
        let follow = |&(duration, rate): &(f64, f64)| {
            let (start, level_at_start) = (end, level_at_end);
            end += duration;
            level_at_end += duration * rate;
            Piece { start, end, rate, level_at_start, level_at_end }
        };
        let pieces: Box<[Piece]> = pieces.iter().map(follow).collect();
        let level = ExpectedArrivals { periods: 0.0, inside: 0.0, per_period: level_at_end };
        Schedule { pieces, period: end, repeat, level }
    }

    fn advance(&mut self, by: f64) -> Option<f64> {
        self.level.advance(by);
        if self.level.periods > 0.0 && !self.repeat {
            return None;
        }
        // The first piece that reaches beyond the level: never one of rate 0.
        let level = self.level.inside;
        let piece = self.pieces.get(self.pieces.partition_point(|p| p.level_at_end <= level))?;
        let inside = (piece.start + (level - piece.level_at_start) / piece.rate).min(piece.end);
        Some(self.level.periods * self.period + inside)
    }
}

/// Poisson process of rate mean (1 + amplitude sin(2 pi (t + phase) / period)).
///
/// Formula: over one period, with x = t/period and theta = 2 pi phase/period,
/// Lambda(x) / (mean period) = x + amplitude (cos theta - cos(2 pi x + theta)) / (2 pi).
#[derive(Debug, Clone)]
struct Sinusoid {
    amplitude: f64,
    period: f64,
    theta: f64,
    level: ExpectedArrivals,
}

impl Sinusoid {
    fn new(mean: f64, amplitude: f64, period: f64, phase: f64) -> Sinusoid {
        let level = ExpectedArrivals { periods: 0.0, inside: 0.0, per_period: mean * period };
        Sinusoid { amplitude, period, theta: TAU * (phase / period).fract(), level }
    }

    fn advance(&mut self, by: f64) -> f64 {
        self.level.advance(by);
        (self.level.periods + self.invert(self.level.inside / self.level.per_period)) * self.period
    }

    /// Share of the period's arrivals due by the fraction x of the period, and its slope.
    fn share(&self, x: f64) -> (f64, f64) {
        let angle = TAU * x + self.theta;
        let share = x + self.amplitude * (self.theta.cos() - angle.cos()) / TAU;
        (share, 1.0 + self.amplitude * angle.sin())
    }

    /// x in [0, 1] at which the share is y: Newton steps, bisection where they leave the bracket
    /// (at amplitude 1 the slope touches 0). Bisection alone would need 53 steps, Newton takes
    /// about four.
    fn invert(&self, y: f64) -> f64 {
        let (mut low, mut high, mut x) = (0.0, 1.0, y);
        for _ in 0..60 {
            let (share, slope) = self.share(x);
            if share > y {
                high = x;
            } else {
                low = x;
            }
            let newton = x - (share - y) / slope;
            // The slope may be 0, the step infinite or no number: then halve the bracket.
            let next = if (low..=high).contains(&newton) { newton } else { 0.5 * (low + high) };
            if (next - x).abs() <= 1e-15 {
                return next;
            }
            x = next;
        }
        x
    }
}

/// A Markovian arrival process walked phase by phase.
#[derive(Debug, Clone)]
struct PhaseWalk {
    phase: usize,
    phases: usize,
    /// Mean time until the next transition, with or without an arrival, by phase.
    stay: Box<[f64]>,
    /// By phase: cumulative probabilities of the silent transitions, then of those with an arrival.
    jump: Box<[f64]>,
}

impl PhaseWalk {
    /// `None` where no phase can produce an arrival.
    fn new(process: &MarkovArrivals, rng: &mut Stream) -> Option<PhaseWalk> {
        let n = process.phases;
        let rates: Vec<Vec<f64>> = (0..n).map(|i| transition_rates(process, i)).collect();
        process.d1.iter().any(|&rate| rate > 0.0).then(|| PhaseWalk {
            phase: pick(&cumulative(&process.stationary), rng.random()),
            phases: n,
            stay: rates.iter().map(|row| 1.0 / row.iter().sum::<f64>()).collect(),
            jump: rates.iter().flat_map(|row| cumulative(row).into_vec()).collect(),
        })
    }

    fn advance(&mut self, now: f64, rng: &mut Stream) -> f64 {
        let (mut time, width) = (now, 2 * self.phases);
        loop {
            time += self.stay[self.phase] * unit_exponential(rng);
            let to = pick(&self.jump[self.phase * width..][..width], rng.random());
            self.phase = to % self.phases;
            if to >= self.phases {
                return time;
            }
        }
    }
}

/// Rates out of phase i: row of D0 without its diagonal, then row of D1.
fn transition_rates(process: &MarkovArrivals, i: usize) -> Vec<f64> {
    let row = i * process.phases..(i + 1) * process.phases;
    let mut rates = process.d0[row.clone()].to_vec();
    rates[i] = 0.0;
    rates.extend_from_slice(&process.d1[row]);
    rates
}

#[cfg(test)]
mod tests;
