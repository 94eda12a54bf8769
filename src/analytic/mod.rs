//! What theory says: closed forms and numerically exact solutions of single stations, and
//! the recognition of the stations in a model that they apply to. A witness independent of
//! simulation, which it must not use.
//!
//! ```text
//! Model -> recognise (flow: who feeds whom, is it Poisson?) -> station -> mm1 | mmc | mmck | mg1 | mginf -> Steady -> rows
//! ```

pub mod approximate;
pub mod batch;
pub mod broker;
pub mod chain;
pub mod discipline;
pub mod fork;
pub mod interruption;
pub mod kendall;
pub mod law;
pub mod matrix;
pub mod method;
pub mod network;
pub mod numeric;
pub mod page;
pub mod polling;
pub mod problem;
pub mod rare;
mod recognise;
pub mod retry;
mod rows;
pub mod staffing;
pub mod station;
pub mod steady;
pub mod system;
pub mod transient;

pub use law::TimeLaw;
pub use method::{Method, Refusal};
pub use problem::Station;
pub use steady::{ClassSteady, Detail, Moments, Steady, Unstable};

use crate::model::{Model, QueueId};
use crate::row::Row;

/// What theory says of a model; every queue is in exactly one of the two lists, in queue order.
#[derive(Debug, Clone, Default)]
pub struct Theory {
    /// Queues with an exact solution.
    pub solutions: Vec<Solution>,
    /// Queues without one, and why.
    pub broken: Vec<Broken>,
}

impl Theory {
    /// Every row of every solution.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.solutions.iter().flat_map(|solution| &solution.rows)
    }

    /// The solution of a queue, if it has one.
    pub fn of(&self, queue: QueueId) -> Option<&Solution> {
        self.solutions.iter().find(|solution| solution.queue == queue)
    }
}

/// A queue with its consumer, solved.
#[derive(Debug, Clone)]
pub struct Solution {
    /// Which queue.
    pub queue: QueueId,
    /// Kendall's notation, as `M/M/3/12`.
    pub kendall: String,
    /// The numbers; where the queue is the whole model, those of the system too.
    pub rows: Vec<Row>,
    /// Law of the wait of accepted messages, where known.
    pub wait: Option<TimeLaw>,
    /// Law of the sojourn of accepted messages, where known.
    pub sojourn: Option<TimeLaw>,
}

/// A queue without an exact solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which queue.
    pub queue: QueueId,
    /// Every assumption that does not hold, with names and numbers.
    pub reasons: Vec<String>,
}

/// Solves every queue of a model that has an exact solution, and says why the others have none.
///
/// Solved are queues with Poisson arrivals (also of the sum and of random parts of Poisson
/// streams, and of departures from M/M/c and M/G/inf as long as nothing returns), one pool of
/// consumers without failures, one service law, one priority and no time to live:
/// M/M/c, M/M/c/K, M/G/1, M/G/inf, M/G/c/c. With `drop-head` the counts and the loss of M/M/c/K hold,
/// but not its times.
/// Reference: Burke, The output of a queueing system (1956); Mirasol (1963) for M/G/inf.
pub fn theory(model: &Model) -> Theory {
    recognise::theory(model)
}
