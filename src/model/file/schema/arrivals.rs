//! The schema of arrival processes.

#![allow(dead_code, missing_docs)] // only the derived descriptions are used

use super::law::{Column, Count, Duration, Probability, Rate, Time, TimeUnit};
use schemars::JsonSchema;

/// When messages are published.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub(super) enum Arrivals {
    /// Poisson process of constant rate.
    Poisson(Rate),
    /// Independent intervals of one distribution.
    Renewal(Time),
    /// Several messages at each point of another process.
    Batch(Batch),
    /// Poisson process of piecewise constant rate.
    Schedule(Schedule),
    /// Poisson process whose rate follows a sine.
    Sinusoid(Sinusoid),
    /// Poisson process whose rate jumps between phases.
    Mmpp(Mmpp),
    /// Markovian arrival process (D0, D1).
    Map(Map),
    /// Poisson process that is switched on and off at exponential times.
    OnOff(OnOff),
    /// A population whose members publish, wait for the end of their message, think, and publish again.
    Closed(Closed),
    /// Recorded instants from a data file.
    Trace(Trace),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Batch {
    /// When batches arrive; not itself batch, closed or trace.
    arrivals: Box<Arrivals>,
    /// Messages in a batch.
    size: Count,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Schedule {
    /// The pieces in order.
    pieces: Vec<Piece>,
    /// Whether it starts again after the last piece; otherwise nothing more arrives.
    repeat: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Piece {
    /// How long.
    r#for: Duration,
    /// At what rate.
    rate: Rate,
}

/// Rate `mean * (1 + amplitude * sin(2 pi (t + phase) / period))`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Sinusoid {
    mean: Rate,
    amplitude: Probability,
    period: Duration,
    phase: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(untagged, deny_unknown_fields)]
pub(super) enum Mmpp {
    /// Any switching between phases.
    Switching {
        /// Rate of arrivals in each phase.
        rates: Vec<Rate>,
        /// Rate of changes from phase i (row) to phase j (column); the diagonal may be 0.
        switching: Vec<Vec<Rate>>,
    },
    /// Phases in turn.
    Stays {
        /// Rate of arrivals in each phase.
        rates: Vec<Rate>,
        /// Mean (exponential) time in each phase.
        stays: Vec<Duration>,
    },
}

/// Rows of D0 + D1 sum to 0.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Map {
    /// Rates of phase changes without an arrival; negative diagonal.
    d0: Vec<Vec<Rate>>,
    /// Rates of phase changes with an arrival.
    d1: Vec<Vec<Rate>>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct OnOff {
    /// Rate while on.
    rate: Rate,
    /// Mean time on.
    on: Duration,
    /// Mean time off.
    off: Duration,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Closed {
    /// Members.
    #[schemars(range(min = 1))]
    population: u32,
    /// Time between the end of a message and the next one of the same member.
    think: Time,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Trace {
    /// CSV file, relative to the model file; decompressed if the name ends in `.gz`.
    file: String,
    column: Option<Column>,
    /// Unit of the column; seconds by default.
    unit: Option<TimeUnit>,
    /// Whether time 0 is that of the file (default) or the first instant.
    origin: Option<Origin>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub(super) enum Origin {
    File,
    First,
}
