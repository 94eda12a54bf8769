//! The result row: one number with its name, unit, interval and method. Simulation, theory and traces
//! all speak in rows, so that comparing them is a join.

use crate::units::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

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

/// What is measured. `Outcome` carries the name of the outcome: `outcome.acked`; `Detail` that of
/// a quantity which only one method of theory has: `detail.sigma`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // the names are the documentation: see docs/metrics.md
pub enum Metric {
    Wait,
    Service,
    Sojourn,
    QueueLength,
    InSystem,
    Utilization,
    ArrivalRate,
    Throughput,
    Goodput,
    Attempts,
    ProbWait,
    ProbLoss,
    ProbAbandon,
    Reliability,
    Duplicates,
    BacklogPeak,
    DrainTime,
    OfferedLoad,
    Recovered,
    Servers,
    Cost,
    Outcome(String),
    Detail(String),
}

impl Metric {
    const PLAIN: [(Metric, &'static str); 21] = [
        (Metric::Wait, "wait"),
        (Metric::Service, "service"),
        (Metric::Sojourn, "sojourn"),
        (Metric::QueueLength, "queue_length"),
        (Metric::InSystem, "in_system"),
        (Metric::Utilization, "utilization"),
        (Metric::ArrivalRate, "arrival_rate"),
        (Metric::Throughput, "throughput"),
        (Metric::Goodput, "goodput"),
        (Metric::Attempts, "attempts"),
        (Metric::ProbWait, "prob_wait"),
        (Metric::ProbLoss, "prob_loss"),
        (Metric::ProbAbandon, "prob_abandon"),
        (Metric::Reliability, "reliability"),
        (Metric::Duplicates, "duplicates"),
        (Metric::BacklogPeak, "backlog_peak"),
        (Metric::DrainTime, "drain_time"),
        (Metric::OfferedLoad, "offered_load"),
        (Metric::Recovered, "recovered"),
        (Metric::Servers, "servers"),
        (Metric::Cost, "cost"),
    ];

    /// The metric of that name, if there is one.
    ///
    /// ```
    /// use lindley::row::Metric;
    /// assert_eq!(Metric::parse("wait"), Some(Metric::Wait));
    /// assert_eq!(Metric::parse("outcome.acked"), Some(Metric::Outcome("acked".into())));
    /// assert_eq!(Metric::parse("latency"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Metric> {
        if let Some(outcome) = name.strip_prefix("outcome.") {
            return Some(Metric::Outcome(outcome.to_string()));
        }
        if let Some(detail) = name.strip_prefix("detail.") {
            return Some(Metric::Detail(detail.to_string()));
        }
        Metric::PLAIN.iter().find(|(_, n)| *n == name).map(|(m, _)| m.clone())
    }

    /// Every metric name but the `outcome.*` ones.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Metric::PLAIN.iter().map(|(_, name)| *name)
    }

    /// The unit in which this metric is reported.
    pub fn unit(&self) -> Unit {
        match self {
            Metric::Wait | Metric::Service | Metric::Sojourn | Metric::DrainTime => Unit::Seconds,
            Metric::ArrivalRate | Metric::Throughput | Metric::Goodput => Unit::PerSecond,
            _ => Unit::One,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Outcome(name) => write!(f, "outcome.{name}"),
            Metric::Detail(name) => write!(f, "detail.{name}"),
            plain => {
                let (_, name) = Metric::PLAIN.iter().find(|(m, _)| m == plain).expect("every plain metric is listed");
                f.write_str(name)
            }
        }
    }
}

/// Which property of the metric's distribution a row gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// Expected value (time average for levels).
    Mean,
    /// Variance.
    Variance,
    /// Quantile at a probability in (0, 1).
    Quantile(f64),
    /// Largest value seen.
    Max,
    /// How many.
    Count,
    /// Share of a whole.
    Fraction,
}

impl Statistic {
    /// Reads `mean`, `variance`, `max`, `count`, `fraction` or `pNN.N`.
    ///
    /// ```
    /// use lindley::row::Statistic;
    /// assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Quantile(0.999)));
    /// assert_eq!(Statistic::parse("p0"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Statistic> {
        Some(match name {
            "mean" => Statistic::Mean,
            "variance" => Statistic::Variance,
            "max" => Statistic::Max,
            "count" => Statistic::Count,
            "fraction" => Statistic::Fraction,
            other => {
                let percent: f64 = other.strip_prefix('p')?.parse().ok()?;
                // Through text, so that p99.9 is the double nearest to 0.999.
                let p: f64 = format!("{percent}e-2").parse().ok()?;
                return (p > 0.0 && p < 1.0).then_some(Statistic::Quantile(p));
            }
        })
    }
}

impl Statistic {
    /// The unit of this statistic of a metric.
    ///
    /// ```
    /// use lindley::{row::{Metric, Statistic}, units::Unit};
    /// assert_eq!(Statistic::Variance.unit(&Metric::Wait), Unit::SecondsSquared);
    /// assert_eq!(Statistic::Fraction.unit(&Metric::ProbWait), Unit::One);
    /// ```
    pub fn unit(self, metric: &Metric) -> Unit {
        match (self, metric.unit()) {
            (Statistic::Count | Statistic::Fraction, _) => Unit::One,
            (Statistic::Variance, Unit::Seconds) => Unit::SecondsSquared,
            (_, unit) => unit,
        }
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statistic::Mean => f.write_str("mean"),
            Statistic::Variance => f.write_str("variance"),
            Statistic::Max => f.write_str("max"),
            Statistic::Count => f.write_str("count"),
            Statistic::Fraction => f.write_str("fraction"),
            Statistic::Quantile(p) => write!(f, "p{}", (p * 100.0 * 1e9).round() / 1e9),
        }
    }
}

/// Serialises through `Display` and `parse`; the schema is a plain string.
macro_rules! as_text {
    ($type:ty, $pattern:literal) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                <$type>::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown name `{text}`")))
            }
        }
        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}
as_text!(Metric, "^((outcome|detail)\\.)?[a-z0-9_]+$");
as_text!(Statistic, "^(mean|variance|max|count|fraction|p[0-9]+(\\.[0-9]+)?)$");

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

    /// What the row speaks of, whatever its source: equal keys name the same quantity.
    pub fn quantity(&self) -> (Scope, &str, Option<&str>, &Metric, String) {
        (self.scope, &self.name, self.class.as_deref(), &self.metric, self.statistic.to_string())
    }

    /// `orders.wait.p99`, with the class where there is one: `orders[urgent].wait.p99`.
    pub fn name_of_quantity(&self) -> String {
        let class = self.class.as_ref().map_or(String::new(), |class| format!("[{class}]"));
        format!("{}{class}.{}.{}", self.name, self.metric, self.statistic)
    }

    /// Whether two rows speak of the same quantity.
    pub fn same_quantity(&self, other: &Row) -> bool {
        self.quantity() == other.quantity()
    }

    /// Half the width of the interval, if there is one.
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }
}
