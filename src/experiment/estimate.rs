//! The row of an estimate.

use crate::row::{Basis, Metric, NoValue, Quantity, Row, Scope, Source, Statistic};
use crate::stats::Estimate;
pub use crate::stats::Interval;

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
        let basis = Basis::Mean { replications: estimate.map_or(0, |e| e.n) };
        self.with_interval((metric, statistic), estimate.map(|e| (e.into(), e.n)), basis, level)
    }

    /// The row of an interval and the number of observations behind it; without any it says so.
    pub(super) fn with_interval(
        self,
        (metric, statistic): (Metric, Statistic),
        found: Option<(Interval, u64)>,
        method: Basis,
        level: f64,
    ) -> Row {
        let (low, high) = (found.and_then(|f| f.0.low), found.and_then(|f| f.0.high));
        Row {
            point: None,
            scope: self.scope,
            name: self.name.to_string(),
            class: self.class.map(str::to_string),
            unit: statistic.unit(&metric),
            metric,
            statistic,
            value: found.map(|f| f.0.value),
            low,
            high,
            level: low.or(high).map(|_| level),
            n: found.map(|f| f.1),
            source: Source::Simulation,
            method,
            refusal: found.is_none().then_some(NoValue::NoData),
        }
    }
}
