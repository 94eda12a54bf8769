//! The result row: one number with its name, unit, interval and method. Simulation,
//! theory and traces all speak in rows, so that comparing them is a join.

mod demand;
mod metric;
mod names;
mod quantity;
mod statistic;
mod text;

pub(crate) use demand::amount;
pub use demand::{Demand, Inequality};
pub use metric::Metric;
pub use names::RowNames;
pub use quantity::{Quantity, QuantityError, Written};
pub use statistic::Statistic;

use crate::units::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of entity a row speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole model, from first publication to the end of a message.
    System,
    /// One queue with the consumers that serve it.
    Queue,
    /// One pool of consumers.
    Consumer,
    /// One producer.
    Producer,
    /// A station of theory that is not a queue of the model.
    Station,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Estimated from replications.
    Simulation,
    /// A closed form or a numerically exact computation.
    Exact,
    /// A named approximation.
    Approximation,
    /// A bound.
    Bound,
    /// Measured on a real system.
    Trace,
}

/// One number of a result, the same for simulation and theory.
///
/// No data is `None`, never 0 or NaN; `method` then says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// Sweep point, or null.
    pub point: Option<String>,
    /// Kind of entity.
    pub scope: Scope,
    /// Name of the entity (`system` for the whole model).
    pub name: String,
    /// Message class, or null for all.
    pub class: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// Which statistic of it.
    pub statistic: Statistic,
    /// The value, or null where there is none.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Confidence level of the interval.
    pub level: Option<f64>,
    /// Unit of `value`, `low` and `high`.
    pub unit: Unit,
    /// Number of observations (messages, or replications for levels) behind the value.
    pub n: Option<u64>,
    /// Simulation, theory or trace.
    pub source: Source,
    /// How the value was obtained, or why there is none.
    pub method: String,
}

impl Row {
    /// A row without interval: what theory gives.
    pub fn exact(scope: Scope, name: &str, metric: Metric, statistic: Statistic, value: f64, method: &str) -> Row {
        let unit = statistic.unit(&metric);
        Row {
            point: None,
            scope,
            name: name.to_string(),
            class: None,
            metric,
            statistic,
            value: Some(value),
            low: None,
            high: None,
            level: None,
            unit,
            n: None,
            source: Source::Exact,
            method: method.to_string(),
        }
    }

    /// What the row speaks of, whatever its source: equal quantities name the same number.
    pub fn quantity(&self) -> Quantity {
        Quantity {
            scope: Some(self.scope),
            name: self.name.clone(),
            class: self.class.clone(),
            metric: self.metric.clone(),
            statistic: self.statistic,
        }
    }

    /// Whether two rows speak of the same quantity.
    pub fn same_quantity(&self, other: &Row) -> bool {
        self.scope == other.scope
            && self.name == other.name
            && self.class == other.class
            && self.metric == other.metric
            && self.statistic == other.statistic
    }

    /// Half the width of the interval, if there is one.
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }
}
