//! One number with its name, unit, interval and method.

use super::basis::{Basis, NoValue};
use super::metric::Metric;
use super::quantity::Quantity;
use super::scope::{Scope, Source};
use super::statistic::Statistic;
use crate::units::Unit;
use serde::{Deserialize, Serialize};

/// One number of a result, the same for simulation and theory.
///
/// No data is `None`, never 0 or NaN; `refusal` then says why.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    /// How the value was obtained.
    #[serde(rename = "basis")]
    pub method: Basis,
    /// Why there is no value.
    #[serde(default)]
    pub refusal: Option<NoValue>,
}

/// A row as it stands in JSON: the method as text beside what can be read back.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(remote = "Row")]
struct RowForm {
    /// Sweep point, or null.
    point: Option<String>,
    /// Kind of entity.
    scope: Scope,
    /// Name of the entity (`system` for the whole model).
    name: String,
    /// Message class, or null for all.
    class: Option<String>,
    /// What is measured.
    metric: Metric,
    /// Which statistic of it.
    statistic: Statistic,
    /// The value, or null where there is none.
    value: Option<f64>,
    /// Lower end of the interval.
    low: Option<f64>,
    /// Upper end of the interval.
    high: Option<f64>,
    /// Confidence level of the interval.
    level: Option<f64>,
    /// Unit of `value`, `low` and `high`.
    unit: Unit,
    /// Number of observations (messages, or replications for levels) behind the value.
    n: Option<u64>,
    /// Simulation, theory or trace.
    source: Source,
    /// How the value was obtained, or why there is none.
    #[serde(rename = "method", getter = "Row::how")]
    how: String,
    /// How the value was obtained.
    #[serde(rename = "basis")]
    method: Basis,
    /// Why there is no value; absent where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<NoValue>,
}

impl Serialize for Row {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        RowForm::serialize(self, s)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Row {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Row".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        RowForm::json_schema(generator)
    }
}

impl Row {
    /// A row without interval: what theory gives.
    pub fn exact(
        scope: Scope,
        name: &str,
        metric: Metric,
        statistic: Statistic,
        value: f64,
        method: impl Into<Basis>,
    ) -> Row {
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
            method: method.into(),
            refusal: None,
        }
    }

    /// The same row without a value.
    pub fn refused(self, why: NoValue) -> Row {
        Row { value: None, low: None, high: None, level: None, n: None, refusal: Some(why), ..self }
    }

    /// How the value was obtained, or why there is none.
    pub fn how(&self) -> String {
        match (&self.refusal, &self.method) {
            (None, method) => method.to_string(),
            (Some(why), Basis::Formula(formula)) if !matches!(why, NoValue::NoSteadyState(_)) => {
                format!("{formula}: {why}")
            }
            (Some(why), _) => why.to_string(),
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

impl Quantity {
    /// Whether a row, whatever its source, speaks of this quantity.
    pub fn is_of(&self, row: &Row) -> bool {
        self.scope.is_none_or(|scope| scope == row.scope)
            && self.class == row.class
            && self.name == row.name
            && self.metric == row.metric
            && self.statistic == row.statistic
    }
}
