//! An estimate over replications: as a number with its interval, and as the row of a quantity.

use crate::row::{Basis, Metric, NoValue, Quantity, Row, Scope, Source, Statistic};
use crate::stats::Estimate;
use serde::{Deserialize, Serialize};

/// An estimate with its interval; `low` and `high` are null where there is a single replication.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Interval {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl From<Estimate> for Interval {
    fn from(e: Estimate) -> Interval {
        Interval { value: e.mean, low: e.half_width.map(|h| e.mean - h), high: e.half_width.map(|h| e.mean + h) }
    }
}

/// What a row is about.
#[derive(Clone, Copy)]
pub(super) struct EstimateSubject<'a> {
    pub scope: Scope,
    pub name: &'a str,
    pub class: Option<&'a str>,
}

impl EstimateSubject<'_> {
    /// Whether a quantity speaks of this entity and class, whatever the metric.
    pub(super) fn is_of(self, quantity: &Quantity) -> bool {
        quantity.scope.is_none_or(|scope| scope == self.scope)
            && quantity.name == self.name
            && quantity.class.as_deref() == self.class
    }

    /// The row of a mean over replications; without any it says so.
    pub(super) fn row(self, metric: Metric, statistic: Statistic, estimate: Option<Estimate>, level: f64) -> Row {
        let interval = estimate.map(Interval::from);
        let low = interval.and_then(|ends| ends.low);
        Row {
            point: None,
            scope: self.scope,
            name: self.name.to_string(),
            class: self.class.map(str::to_string),
            unit: statistic.unit(&metric),
            metric,
            statistic,
            value: interval.map(|ends| ends.value),
            low,
            high: interval.and_then(|ends| ends.high),
            level: low.map(|_| level),
            n: estimate.map(|e| e.n),
            source: Source::Simulation,
            method: Basis::Mean { replications: estimate.map_or(0, |e| e.n) },
            refusal: estimate.is_none().then_some(NoValue::NoData),
        }
    }
}
