//! What theory says of a model, queue by queue: data that recognition fills.

use super::law::TimeLaw;
use crate::model::QueueId;
use crate::row::{Row, Source};
use std::collections::HashSet;

/// What theory says of a model; every queue is in exactly one of the lists, in queue order.
#[derive(Debug, Clone, Default)]
pub struct Theory {
    /// Queues with an exact solution.
    pub solutions: Vec<Solution>,
    /// Queues with approximations and bounds only.
    pub approximated: Vec<Approximated>,
    /// Queues without steady state, and why.
    pub unstable: Vec<Broken>,
    /// Queues of which theory says nothing, and why.
    pub broken: Vec<Broken>,
    /// Numbers of the system as a whole.
    pub system: Vec<Row>,
}

impl Theory {
    /// Every row of every exact solution.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.system.iter().chain(self.solutions.iter().flat_map(|solution| &solution.rows))
    }

    /// Of every queue with approximations only, each quantity by the first approximation that gives it.
    pub fn approximations(&self) -> impl Iterator<Item = &Row> {
        let mut seen = HashSet::new();
        let rows = self.approximated.iter().flat_map(|approximated| &approximated.rows);
        rows.filter(move |row| row.source == Source::Approximation && seen.insert(row.quantity()))
    }

    /// The exact solution of a queue, if it has one.
    pub fn of(&self, queue: QueueId) -> Option<&Solution> {
        self.solutions.iter().find(|solution| solution.queue == queue)
    }
}

/// A queue with its consumer, solved exactly.
#[derive(Debug, Clone)]
pub struct Solution {
    /// Which queue.
    pub queue: QueueId,
    /// Kendall's notation, as `M/M/3/12`.
    pub kendall: String,
    /// Which method solved it, and why that one.
    pub choice: String,
    /// The numbers.
    pub rows: Vec<Row>,
    /// Law of the wait of accepted messages, where known.
    pub wait: Option<TimeLaw>,
    /// Law of the sojourn of accepted messages, where known.
    pub sojourn: Option<TimeLaw>,
}

/// A queue with its consumer, of which there are approximations and bounds only.
#[derive(Debug, Clone)]
pub struct Approximated {
    /// Which queue.
    pub queue: QueueId,
    /// Which methods apply, and why none exact.
    pub choice: String,
    /// The numbers, by each method.
    pub rows: Vec<Row>,
}

/// A queue without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which queue.
    pub queue: QueueId,
    /// Every assumption that does not hold, with names and numbers.
    pub reasons: Vec<String>,
}
