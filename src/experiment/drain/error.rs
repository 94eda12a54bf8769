//! Why a recovery cannot be looked at.

use crate::experiment::study::StudyError;
use crate::row::backticked;
use crate::units::{TextError, short_duration};

/// Why a question about a recovery has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DrainError {
    /// Nothing disrupts the model, and nothing was asked for.
    #[error(
        "the model has no disruption: give one (--outage 12min, --burst 3x --for 15s ...), a `[drain]` or \
         `[disruptions.NAME]` section, or the window of a burst of its own schedule (--from 20s --until 35s)"
    )]
    NothingHappens,
    /// The model has a disruption of that name, and another one was asked for.
    #[error("the model has a disruption of its own, `{0}`: leave out either that or the one asked for")]
    TwoDisruptions(String),
    /// The horizon ends before the disruption does, both in seconds.
    #[error(
        "the horizon ({}) is not after the end of the disruption ({}): nothing of the recovery would be seen",
        short_duration(*.horizon),
        short_duration(*.until)
    )]
    HorizonTooShort {
        /// End of the simulation.
        horizon: f64,
        /// End of the disruption.
        until: f64,
    },
    /// A producer without a mean rate cannot send a multiple of it.
    #[error("`{0}` has no mean rate to multiply: use --extra RATE instead")]
    NoMeanRate(String),
    /// The model has none of a kind.
    #[error("the model has no {0}")]
    Missing(&'static str),
    /// The model has no such one of a kind, but these.
    #[error("there is no {kind} `{wanted}`; there are {}", backticked(names))]
    Unknown {
        /// `consumer` or `producer`.
        kind: &'static str,
        /// The name asked for.
        wanted: String,
        /// The names that there are.
        names: Vec<String>,
    },
    /// The model has several of a kind.
    #[error("the model has several {kind}s: say which with --{kind}, one of {}", backticked(names))]
    Several {
        /// `consumer` or `producer`.
        kind: &'static str,
        /// Their names.
        names: Vec<String>,
    },
    /// A consumer has servers without limit.
    #[error("consumer `{0}` has servers without limit: no backlog builds up before it")]
    UnlimitedServers(String),
    /// A queue has no consumer.
    #[error("nobody consumes from `{0}`: it never drains")]
    NotConsumed(String),
    /// Nothing is known of the capacity of a consumer.
    #[error("consumer `{0}` has no finite capacity: there is no fluid beside")]
    NoCapacity(String),
    /// The model cannot be read with the disruption or with another size: why.
    #[error(transparent)]
    Unreadable(#[from] TextError),
    /// The simulation failed.
    #[error(transparent)]
    Study(#[from] StudyError),
}
