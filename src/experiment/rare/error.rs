//! Why a rare quantity has no estimate.

use crate::row::Quantity;

/// Why a rare quantity has no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RareError {
    /// The model is not the same at any time, or nothing in it is random.
    #[error(
        "rare events are estimated in the steady state: of a model without disruptions, recorded or time-varying arrivals, \
         and with something random in it"
    )]
    NotStationary,
    /// A quantity that splitting cannot estimate.
    #[error(
        "`{0}` cannot be estimated as a rare event: `QUEUE.in_system > N`, `system.in_system > N`, `QUEUE.queue_length > N`, and \
         `QUEUE.prob_loss` of a queue with `max_length` can"
    )]
    NotRare(Box<Quantity>),
    /// A level that no path is followed to.
    #[error("a number of messages from 0 to a million is wanted, not {0}")]
    Level(f64),
    /// No path comes near the event.
    #[error(
        "no path comes beyond {nearest} messages: `{quantity}` is 0, or the way there is not through more messages"
    )]
    NotSeen {
        /// What was wanted.
        quantity: Box<Quantity>,
        /// How many messages were met at most.
        nearest: u32,
    },
    /// The way to the event is too long for the budget.
    #[error(
        "`{quantity}` is too far: the budget of events ended at {nearest} messages, which are there {share:.1e} of the time"
    )]
    TooFar {
        /// What was wanted.
        quantity: Box<Quantity>,
        /// The highest threshold that was found.
        nearest: u32,
        /// Share of the time with so many messages, about.
        share: f64,
    },
    /// Branches that go on branching without end.
    #[error("the branches of paths do not come to an end: the system has no steady state")]
    Endless,
    /// Interrupted before anything was known.
    #[error("interrupted before the first paths were finished")]
    Interrupted,
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
}
