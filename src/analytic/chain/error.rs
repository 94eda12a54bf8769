//! What a chain may lack for an answer.

use crate::analytic::Refusal;

/// Why a chain has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChainError {
    /// More states than allowed were found.
    #[error("the chain has more than {0} states")]
    TooLarge(usize),
    /// A rate is negative, infinite or not a number.
    #[error("a rate of the chain is {0}, and must be finite and not negative")]
    BadRate(f64),
    /// A transition names a state that does not exist.
    #[error("the chain has no state {0}")]
    NoSuchState(usize),
    /// The chain has no single stationary distribution, or what is asked cannot be reached.
    #[error("not every state of the chain can be reached from every other")]
    Reducible,
    /// A time is negative, infinite or not a number.
    #[error("a time is {0}, and must be finite and not negative")]
    BadTime(f64),
    /// The chain's answers lie farther apart than numbers reach (10^300).
    #[error("the answers lie farther apart than numbers reach")]
    OutOfRange,
    /// The iteration did not converge to the accuracy wanted; the last change is given.
    #[error("the iteration still changes by {0:e}")]
    NotConverged(f64),
    /// The steps that may be taken reach only this far, seconds.
    #[error("the steps that may be taken reach {0} s")]
    OutOfSteps(f64),
}

impl From<ChainError> for Refusal {
    fn from(why: ChainError) -> Refusal {
        Refusal::Assumption(why.to_string())
    }
}
