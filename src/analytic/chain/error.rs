//! What a chain may lack for an answer.

use crate::analytic::Refusal;
use std::fmt;

/// Why a chain has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum ChainError {
    /// More states than allowed were found.
    TooLarge(usize),
    /// A rate is negative, infinite or not a number.
    BadRate(f64),
    /// A transition names a state that does not exist.
    NoSuchState(usize),
    /// The chain has no single stationary distribution, or what is asked cannot be reached.
    Reducible,
    /// A time is negative, infinite or not a number.
    BadTime(f64),
    /// The chain's answers lie farther apart than numbers reach (10^300).
    OutOfRange,
    /// The iteration did not converge to the accuracy wanted; the last change is given.
    NotConverged(f64),
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainError::TooLarge(limit) => write!(f, "the chain has more than {limit} states"),
            ChainError::BadRate(rate) => {
                write!(f, "a rate of the chain is {rate}, and must be finite and not negative")
            }
            ChainError::NoSuchState(state) => write!(f, "the chain has no state {state}"),
            ChainError::Reducible => f.write_str("not every state of the chain can be reached from every other"),
            ChainError::BadTime(t) => write!(f, "a time is {t}, and must be finite and not negative"),
            ChainError::OutOfRange => f.write_str("the answers lie farther apart than numbers reach"),
            ChainError::NotConverged(change) => write!(f, "the iteration still changes by {change:e}"),
        }
    }
}

impl std::error::Error for ChainError {}

impl From<ChainError> for Refusal {
    fn from(why: ChainError) -> Refusal {
        Refusal::Assumption(why.to_string())
    }
}
