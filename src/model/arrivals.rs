//! Producers and the arrival processes by which they publish.

use super::consumer::Backoff;
use super::routing::{Destination, MessageKind};
use crate::dist::{Count, Dist};
use std::sync::Arc;

/// A source of messages.
#[derive(Debug, Clone)]
pub struct Producer {
    /// Unique name.
    pub name: String,
    /// When it publishes.
    pub arrivals: Arrivals,
    /// Where it publishes to.
    pub to: Destination,
    /// What it publishes; one is drawn by weight for each message. Weights sum to 1.
    pub kinds: Vec<MessageKind>,
    /// How long its clients wait for an answer; `None`: no timeout.
    pub client: Option<Client>,
}

impl Producer {
    /// A producer whose clients wait as long as it takes.
    pub fn new(name: &str, arrivals: Arrivals, to: Destination, kinds: Vec<MessageKind>) -> Producer {
        Producer { name: name.to_string(), arrivals, to, kinds, client: None }
    }
}

/// A client that waits for its message to be acknowledged, until a timeout. What it abandons stays
/// in the broker and is processed all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// How long it waits after each publication, seconds (> 0).
    pub timeout: f64,
    /// Publications in all, the first included (>= 1); `None`: no limit.
    pub max_attempts: Option<u32>,
    /// Time between a timeout and the next publication.
    pub backoff: Backoff,
}

impl Client {
    /// A client that gives up after so many seconds.
    pub fn new(timeout: f64) -> Client {
        Client { timeout, max_attempts: Some(1), backoff: Backoff::Immediate }
    }
}

/// An arrival process. Rates are per second, times in seconds.
#[derive(Debug, Clone)]
pub enum Arrivals {
    /// Poisson process of constant rate (> 0).
    Poisson {
        /// Messages per second.
        rate: f64,
    },
    /// Independent intervals of one distribution (mean > 0).
    Renewal {
        /// Time between two arrivals.
        interval: Dist,
    },
    /// Several messages at each point of another process.
    Batch {
        /// When batches arrive; never itself `Batch`, `Closed` or `Trace`.
        points: Box<Arrivals>,
        /// Messages in a batch, at least 1.
        size: Count,
    },
    /// Poisson process of piecewise constant rate, sampled by exact inversion.
    Schedule {
        /// (duration, rate) of each piece, in order; durations > 0, some rate > 0.
        pieces: Vec<(f64, f64)>,
        /// Whether the schedule starts again after its last piece (else no more arrivals).
        repeat: bool,
    },
    /// Poisson process of rate `mean * (1 + amplitude * sin(2 pi (t + phase) / period))`.
    Sinusoid {
        /// Mean rate, per second (> 0).
        mean: f64,
        /// Relative amplitude in [0, 1].
        amplitude: f64,
        /// Period, seconds (> 0).
        period: f64,
        /// Offset, seconds.
        phase: f64,
    },
    /// Markovian arrival process; MMPP and on-off sources are special cases.
    Markov(MarkovArrivals),
    /// Arrivals at recorded instants (seconds, ascending, from 0), then none.
    Trace {
        /// The instants.
        times: Arc<[f64]>,
    },
    /// A closed population: each member publishes, waits for its message to end, thinks.
    Closed {
        /// Members (>= 1).
        population: u32,
        /// Time between the end of a member's message and its next one.
        think: Dist,
    },
}

/// Markovian arrival process (D0, D1) of Lucantoni (1991): `D0` holds the rates of phase
/// changes without an arrival (and the diagonal), `D1` those with one. Row-major, per second.
///
/// Validated: square and of equal order, off-diagonal of D0 and all of D1 >= 0, rows of
/// D0 + D1 sum to 0, the phase process irreducible.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkovArrivals {
    /// Number of phases.
    pub phases: usize,
    /// Rates without arrival, row-major, negative diagonal.
    pub d0: Vec<f64>,
    /// Rates with arrival, row-major.
    pub d1: Vec<f64>,
    /// Stationary distribution of the phase, the start distribution of a run.
    pub stationary: Vec<f64>,
}

impl MarkovArrivals {
    /// Mean time between two visits to the phase that is entered least often, seconds; 0 with a single phase.
    ///
    /// Formula: max over phases i of 1/(pi_i q_i), q_i the rate of leaving i (Kac).
    ///
    /// ```
    /// use lindley::model::MarkovArrivals;
    /// // Away for 9 s on average, then 1 s busy: once every 10 s.
    /// let (d0, d1) = (vec![-1.0 / 9.0, 1.0 / 9.0, 1.0, -6.0], vec![0.0, 0.0, 0.0, 5.0]);
    /// let bursts = MarkovArrivals { phases: 2, d0, d1, stationary: vec![0.9, 0.1] };
    /// assert!((bursts.longest_return() - 10.0).abs() < 1e-12);
    /// ```
    pub fn longest_return(&self) -> f64 {
        let left = |i: usize| -(self.d0[i * self.phases + i] + self.d1[i * self.phases + i]);
        let returns = (0..self.phases).filter(|&i| left(i) > 0.0).map(|i| 1.0 / (self.stationary[i] * left(i)));
        returns.fold(0.0, f64::max)
    }

    /// Long-run arrivals per second: pi D1 1.
    pub fn rate(&self) -> f64 {
        let row_sum = |i: usize| self.d1[i * self.phases..(i + 1) * self.phases].iter().sum::<f64>();
        self.stationary.iter().enumerate().map(|(i, pi)| pi * row_sum(i)).sum()
    }
}

impl Arrivals {
    /// Mean time between two visits to the rarest phase of a Markovian process, seconds; 0 of others.
    pub fn longest_return(&self) -> f64 {
        match self {
            Arrivals::Markov(process) => process.longest_return(),
            Arrivals::Batch { points, .. } => points.longest_return(),
            Arrivals::Poisson { .. }
            | Arrivals::Renewal { .. }
            | Arrivals::Schedule { .. }
            | Arrivals::Sinusoid { .. }
            | Arrivals::Trace { .. }
            | Arrivals::Closed { .. } => 0.0,
        }
    }

    /// Long-run messages per second where the process alone fixes it: `None` for a closed
    /// population (the system decides) and for a schedule that does not repeat.
    pub fn rate(&self) -> Option<f64> {
        match self {
            Arrivals::Poisson { rate } => Some(*rate),
            Arrivals::Renewal { interval } => Some(1.0 / interval.mean()),
            Arrivals::Batch { points, size } => Some(points.rate()? * size.mean()),
            Arrivals::Schedule { repeat: false, .. } => None,
            Arrivals::Schedule { pieces, .. } => {
                let time: f64 = pieces.iter().map(|p| p.0).sum();
                Some(pieces.iter().map(|p| p.0 * p.1).sum::<f64>() / time)
            }
            Arrivals::Sinusoid { mean, .. } => Some(*mean),
            Arrivals::Markov(process) => Some(process.rate()),
            Arrivals::Trace { times } => {
                let span = times.last()? - times.first()?;
                (span > 0.0).then(|| (times.len() - 1) as f64 / span)
            }
            Arrivals::Closed { .. } => None,
        }
    }
}
