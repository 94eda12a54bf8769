//! The schema of arrival processes.

use super::law::{
    ColumnSchema, CountSchema, DurationSchema, ProbabilitySchema, RateSchema, TimeSchema, TimeUnitSchema,
};

described! {
    /// When messages are published.
    choice ArrivalsSchema = "Arrivals" {
        /// Poisson process of constant rate.
        Poisson(RateSchema),
        /// Independent intervals of one distribution.
        Renewal(TimeSchema),
        /// Several messages at each point of another process.
        Batch(BatchSchema),
        /// Poisson process of piecewise constant rate.
        Schedule(ScheduleSchema),
        /// Poisson process whose rate follows a sine.
        Sinusoid(SinusoidSchema),
        /// Poisson process whose rate jumps between phases.
        Mmpp(MmppSchema),
        /// Markovian arrival process (D0, D1).
        Map(MapSchema),
        /// Poisson process that is switched on and off at exponential times.
        OnOff(OnOffSchema),
        /// A population whose members publish, wait for the end of their message, think, and publish again.
        Closed(ClosedSchema),
        /// Recorded instants from a data file.
        Trace(TraceSchema),
    }

    table BatchSchema = "Batch" {
        /// When batches arrive; not itself batch, closed or trace.
        arrivals: Box<ArrivalsSchema>,
        /// Messages in a batch.
        size: CountSchema,
    }

    table ScheduleSchema = "Schedule" {
        /// The pieces in order.
        pieces: Vec<PieceSchema>,
        /// Whether it starts again after the last piece; otherwise nothing more arrives.
        repeat: Option<bool>,
    }

    table PieceSchema = "Piece" {
        /// How long.
        r#for: DurationSchema,
        /// At what rate.
        rate: RateSchema,
    }

    /// Rate `mean * (1 + amplitude * sin(2 pi (t + phase) / period))`.
    table SinusoidSchema = "Sinusoid" {
        mean: RateSchema,
        amplitude: ProbabilitySchema,
        period: DurationSchema,
        phase: Option<DurationSchema>,
    }

    forms MmppSchema = "Mmpp" {
        /// Any switching between phases.
        Switching {
            /// Rate of arrivals in each phase.
            rates: Vec<RateSchema>,
            /// Rate of changes from phase i (row) to phase j (column); the diagonal may be 0.
            switching: Vec<Vec<RateSchema>>,
        },
        /// Phases in turn.
        Stays {
            /// Rate of arrivals in each phase.
            rates: Vec<RateSchema>,
            /// Mean (exponential) time in each phase.
            stays: Vec<DurationSchema>,
        },
    }

    /// Rows of D0 + D1 sum to 0.
    table MapSchema = "Map" {
        /// Rates of phase changes without an arrival; negative diagonal.
        d0: Vec<Vec<RateSchema>>,
        /// Rates of phase changes with an arrival.
        d1: Vec<Vec<RateSchema>>,
    }

    table OnOffSchema = "OnOff" {
        /// Rate while on.
        rate: RateSchema,
        /// Mean time on.
        on: DurationSchema,
        /// Mean time off.
        off: DurationSchema,
    }

    table ClosedSchema = "Closed" {
        /// Members.
        #[schemars(range(min = 1))]
        population: u32,
        /// Time between the end of a message and the next one of the same member.
        think: TimeSchema,
    }

    table TraceSchema = "Trace" {
        /// CSV file, relative to the model file; decompressed if the name ends in `.gz`.
        file: String,
        column: Option<ColumnSchema>,
        /// Unit of the column; seconds by default.
        unit: Option<TimeUnitSchema>,
        /// Whether time 0 is that of the file (default) or the first instant.
        origin: Option<OriginSchema>,
    }

    words OriginSchema = "Origin" {
        File,
        First,
    }
}
