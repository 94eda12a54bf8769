//! Why a recovery cannot be looked at.

use crate::experiment::study::StudyError;
use crate::units::short_duration;
use std::fmt;

/// Why a question about a recovery has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum DrainError {
    /// Nothing disrupts the model, and nothing was asked for.
    NothingHappens,
    /// The model has a disruption of that name, and another one was asked for.
    TwoDisruptions(String),
    /// The horizon ends before the disruption does, both in seconds.
    HorizonTooShort {
        /// End of the simulation.
        horizon: f64,
        /// End of the disruption.
        until: f64,
    },
    /// A producer without a mean rate cannot send a multiple of it.
    NoMeanRate(String),
    /// The model has none of a kind.
    Missing(&'static str),
    /// The model has no such one of a kind, but these.
    Unknown {
        /// `consumer` or `producer`.
        kind: &'static str,
        /// The name asked for.
        wanted: String,
        /// The names that there are.
        names: Vec<String>,
    },
    /// The model has several of a kind.
    Several {
        /// `consumer` or `producer`.
        kind: &'static str,
        /// Their names.
        names: Vec<String>,
    },
    /// A consumer has servers without limit.
    UnlimitedServers(String),
    /// A queue has no consumer.
    NotConsumed(String),
    /// Nothing is known of the capacity of a consumer.
    NoCapacity(String),
    /// The model cannot be read with the disruption or with another size: why.
    Unreadable(String),
    /// The simulation failed.
    Study(StudyError),
}

impl fmt::Display for DrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DrainError::NothingHappens => f.write_str(
                "the model has no disruption: give one (--outage 12min, --burst 3x --for 15s ...), a `[drain]` or \
                 `[disruptions.NAME]` section, or the window of a burst of its own schedule (--from 20s --until 35s)",
            ),
            DrainError::TwoDisruptions(name) => {
                write!(f, "the model has a disruption of its own, `{name}`: leave out either that or the one asked for")
            }
            DrainError::HorizonTooShort { horizon, until } => write!(
                f,
                "the horizon ({}) is not after the end of the disruption ({}): nothing of the recovery would be seen",
                short_duration(*horizon),
                short_duration(*until)
            ),
            DrainError::NoMeanRate(name) => {
                write!(f, "`{name}` has no mean rate to multiply: use --extra RATE instead")
            }
            DrainError::Missing(kind) => write!(f, "the model has no {kind}"),
            DrainError::Unknown { kind, wanted, names } => {
                write!(f, "there is no {kind} `{wanted}`; there are {}", quoted(names))
            }
            DrainError::Several { kind, names } => {
                write!(f, "the model has several {kind}s: say which with --{kind}, one of {}", quoted(names))
            }
            DrainError::UnlimitedServers(name) => {
                write!(f, "consumer `{name}` has servers without limit: no backlog builds up before it")
            }
            DrainError::NotConsumed(name) => write!(f, "nobody consumes from `{name}`: it never drains"),
            DrainError::NoCapacity(name) => {
                write!(f, "consumer `{name}` has no finite capacity: there is no fluid beside")
            }
            DrainError::Unreadable(why) => f.write_str(why),
            DrainError::Study(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DrainError {}

impl From<StudyError> for DrainError {
    fn from(error: StudyError) -> DrainError {
        DrainError::Study(error)
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
