//! The answer of a named system: rows and remarks, built a value at a time.

use crate::analytic::steady::{Moments, Steady};
use crate::row::{Metric, NoValue, Row, Scope, Source, Statistic};
use crate::units::Unit;

/// Rows and remarks.
#[derive(Debug, Clone, Default)]
pub struct SystemAnswer {
    /// The numbers.
    pub rows: Vec<Row>,
    /// What the reader should know besides: which method, which definition.
    pub notes: Vec<String>,
    /// What has no steady state beside these numbers, and what would make one.
    pub overloads: Vec<String>,
    scope: Option<Scope>,
    name: String,
    class: Option<String>,
    method: String,
    source: Option<Source>,
}

impl SystemAnswer {
    /// An exact answer about the whole system, by that method.
    pub fn exact(method: impl Into<String>) -> SystemAnswer {
        SystemAnswer { method: method.into(), ..SystemAnswer::default() }
    }

    /// From here on, rows are by another method of that worth.
    pub fn by(&mut self, source: Source, method: impl Into<String>) -> &mut SystemAnswer {
        (self.source, self.method) = (Some(source), method.into());
        self
    }

    /// From here on, rows speak of the whole system.
    pub fn system(&mut self) -> &mut SystemAnswer {
        (self.scope, self.name, self.class) = (None, String::new(), None);
        self
    }

    /// From here on, rows speak of that station.
    pub fn station(&mut self, name: impl Into<String>) -> &mut SystemAnswer {
        (self.scope, self.name, self.class) = (Some(Scope::Station), name.into(), None);
        self
    }

    /// From here on, rows speak of that class (of the station or system named before).
    pub fn class(&mut self, name: impl Into<String>) -> &mut SystemAnswer {
        self.class = Some(name.into());
        self
    }

    /// Adds a row; a value that does not exist becomes null: one that is not a number, and one that came out infinite, be it
    /// that it is or that it is too large.
    pub fn value(&mut self, metric: Metric, statistic: Statistic, value: f64) -> &mut SystemAnswer {
        let name = if self.name.is_empty() { "system" } else { &self.name };
        let scope = self.scope.unwrap_or(Scope::System);
        let mut row = Row::exact(scope, name, metric, statistic, value, &self.method);
        row.class = self.class.clone();
        row.source = self.source.unwrap_or(Source::Exact);
        if !value.is_finite() {
            row = row.refused(if value.is_nan() { NoValue::BeyondPrecision } else { NoValue::Unbounded });
        }
        self.rows.push(row);
        self
    }

    /// Adds a row of what is infinite beyond doubt.
    pub fn infinite(&mut self, metric: Metric, statistic: Statistic) -> &mut SystemAnswer {
        self.value(metric, statistic, f64::INFINITY);
        self.rows.iter_mut().next_back().into_iter().for_each(|row| row.refusal = Some(NoValue::Infinite));
        self
    }

    /// Adds a mean.
    pub fn mean(&mut self, metric: Metric, value: f64) -> &mut SystemAnswer {
        self.value(metric, Statistic::Mean, value)
    }

    /// Adds a probability or share.
    pub fn fraction(&mut self, metric: Metric, value: f64) -> &mut SystemAnswer {
        self.value(metric, Statistic::Fraction, value)
    }

    /// Adds a mean of a quantity that is not among the metrics: `detail.NAME`.
    pub fn detail(&mut self, name: &str, value: f64, unit: Unit) -> &mut SystemAnswer {
        self.mean(Metric::Detail(name.to_string()), value);
        self.rows.iter_mut().next_back().into_iter().for_each(|row| row.unit = unit);
        self
    }

    /// Adds mean and variance of a time.
    pub fn moments(&mut self, metric: Metric, moments: Moments) -> &mut SystemAnswer {
        self.mean(metric.clone(), moments.mean);
        if let Some(variance) = moments.variance {
            self.value(metric, Statistic::Variance, variance);
        }
        self
    }

    /// Adds every row of a station that is solved by itself.
    pub fn steady(&mut self, name: &str, steady: &Steady, quantiles: &[f64]) -> &mut SystemAnswer {
        self.rows.extend(crate::analytic::rows::of(Scope::Station, name, steady, quantiles));
        self
    }

    /// Adds a remark.
    pub fn note(&mut self, note: impl Into<String>) -> &mut SystemAnswer {
        self.notes.push(note.into());
        self
    }

    /// Adds a remark on what has no steady state: the answer then is "no".
    pub fn overload(&mut self, why: impl Into<String>) -> &mut SystemAnswer {
        let why = why.into();
        self.overloads.push(why.clone());
        self.note(why)
    }

    /// The value of the first row with that metric and statistic about that entity and class
    /// (`system` for the whole): for tests and for systems built on others.
    pub fn get(&self, name: &str, class: Option<&str>, metric: &str, statistic: &str) -> Option<f64> {
        let wanted = |row: &&Row| {
            row.name == name
                && row.class.as_deref() == class
                && row.metric.to_string() == metric
                && row.statistic.to_string() == statistic
        };
        self.rows.iter().find(wanted)?.value
    }
}
