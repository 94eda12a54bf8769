//! What theory says: closed forms and numerically exact solutions of single stations, and
//! the recognition of the stations in a model that they apply to. A witness independent of
//! simulation, which it must not use.
//!
//! ```text
//! Model -> recognise (who feeds whom, is it Poisson?) --+
//! A/S/c/K/N+P -> kendall, question --------------------+-> problem::Station -> plan -> a Method -> Steady -> rows
//! name and parameters -> system::Given -> a System -> SystemAnswer (rows)
//! ```
//!
//! A formula is a plain function in a file of its own; what offers it (`METHODS` for stations,
//! `SYSTEMS` for everything with a name, `PAGES` for `explain`) stands in the `mod.rs` of its folder.

pub mod approximate;
mod assumptions;
pub mod batch;
pub mod broker;
pub mod catalog;
pub mod chain;
pub mod discipline;
pub mod fork;
pub mod interruption;
pub mod kendall;
pub mod law;
pub mod matrix;
pub(crate) mod method;
mod method_id;
mod mistakes;
pub mod network;
pub mod numeric;
pub mod page;
pub mod plan;
pub mod polling;
pub mod problem;
pub mod question;
pub mod rare;
mod recognise;
pub(crate) mod refusal;
pub mod retry;
mod rows;
pub mod staffing;
pub mod station;
pub(crate) mod steady;
pub mod system;
#[cfg(test)]
mod testing;
mod theory;
pub mod transient;

pub use law::TimeLaw;
pub use method::{Departures, Method, Refusal};
pub use method_id::MethodId;
pub use problem::Station;
pub use refusal::Instability;
pub use steady::{ClassSteady, Detail, Moments, Steady, Unstable};
pub use theory::{Approximated, Broken, Solution, Theory};

use crate::model::{Model, QueueId};
use crate::row::{Metric, Row, Scope, Statistic};

/// Solves every queue of a model that theory can solve, and says why it cannot solve the others.
///
/// A queue with its consumer becomes a [`Station`], which the planner ([`plan`]) solves: exactly,
/// or by named approximations and bounds. Streams stay Poisson through superposition, random
/// splitting, and queues with Poisson departures (M/M/c and M/G/inf), as long as nothing returns.
/// Reference: Burke, The output of a queueing system (1956); Mirasol (1963) for M/G/inf.
pub fn theory(model: &Model) -> Theory {
    recognise::theory(model)
}

/// Everything theory says of a model, ready to show.
#[derive(Debug, Clone, Default)]
pub struct ModelAnswer {
    /// The numbers.
    pub rows: Vec<Row>,
    /// Which method was chosen for which queue and why, and why others have none.
    pub notes: Vec<String>,
    /// Why parts of it have no steady state, if so.
    pub unstable: Option<String>,
}

/// What `solve` says of a model.
pub fn answer(model: &Model) -> ModelAnswer {
    let theory = theory(model);
    let name = |queue: QueueId| &model.queue(queue).name;
    let mut notes: Vec<String> =
        theory.solutions.iter().map(|s| format!("queue `{}`: {}", name(s.queue), s.choice)).collect();
    notes.extend(theory.approximated.iter().map(|a| format!("queue `{}`: {}", name(a.queue), a.choice)));
    notes.extend(
        theory.broken.iter().map(|b| format!("queue `{}`: no theory: {}", name(b.queue), b.reasons.join("; "))),
    );
    let mut reasons: Vec<String> = theory.unstable.iter().flat_map(|b| b.reasons.iter().cloned()).collect();
    reasons.dedup();
    notes.extend(reasons.iter().map(|why| format!("no steady state: {why}")));
    let approximated = theory.approximated.iter().flat_map(|a| &a.rows);
    let rows = theory.rows().chain(approximated).cloned().collect();
    ModelAnswer { rows, notes, unstable: (!reasons.is_empty()).then(|| reasons.join("; ")) }
}

/// Rows of a station in Kendall's notation, as one method solved it.
pub fn rows_of(name: &str, solved: &plan::SolvedStation, quantiles: &[f64]) -> Vec<Row> {
    rows::of_solved(Scope::Station, name, solved, quantiles)
}

/// The probabilities of events at a station, by every method of these answers that gives them: that a time or a number of
/// messages is above, at most or at a level.
pub fn rows_of_events(name: &str, answers: &[plan::SolvedStation], events: &[(Metric, Statistic)]) -> Vec<Row> {
    rows::of_events(Scope::Station, name, answers, events)
}

/// Rows of a station that has no steady state: what can be said all the same.
pub fn rows_without_steady_state(name: &str, station: &Station, why: &str) -> Vec<Row> {
    rows::without_steady_state(name, station, why)
}
