//! The result row: one number with its name, unit, interval and method. Simulation, theory and traces
//! all speak in rows, so that comparing them is a join.

mod basis;
mod demand;
mod inequality;
mod metric;
mod names;
mod quantity;
mod record;
mod relevance;
mod scope;
mod statistic;
mod text;

pub use basis::{Basis, ControlVariates, NoValue, SearchGoal};
pub use demand::{Contradiction, Demand};
pub(crate) use inequality::amount;
pub use inequality::{Inequality, QuantityError};
pub use metric::Metric;
pub use names::RowNames;
pub(crate) use names::backticked;
pub use quantity::{Quantity, Written};
pub use record::Row;
pub use relevance::{OF_A_QUEUE, Relevance, busiest, curve, telling};
pub use scope::{Scope, Source};
pub use statistic::Statistic;
