//! What is measured: the metrics, their names and units, and which statistics each has.

use super::statistic::Statistic;
use super::text::as_text;
use crate::units::{TextError, Unit};
use std::fmt;

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

/// What a metric is by nature; it decides which statistics there are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MetricKind {
    /// A time of each message.
    Time,
    /// A share of a whole, or a probability.
    Share,
    /// A level over time: messages.
    Level,
    /// A number counted.
    Count,
    /// The largest level of each replication.
    Peak,
    /// A number of which only the mean is known.
    Plain,
    /// What a single method of theory gives: anything.
    Detail,
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
        match name.split_once('.') {
            Some(("outcome", outcome)) => Some(Metric::Outcome(outcome.to_string())),
            Some(("detail", detail)) => Some(Metric::Detail(detail.to_string())),
            _ => Metric::PLAIN.iter().find(|(_, n)| *n == name).map(|(m, _)| m.clone()),
        }
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

    fn nature(&self) -> MetricKind {
        match self {
            Metric::Wait | Metric::Service | Metric::Sojourn | Metric::DrainTime => MetricKind::Time,
            Metric::ProbWait | Metric::ProbLoss | Metric::ProbAbandon | Metric::Reliability => MetricKind::Share,
            Metric::Recovered | Metric::Utilization => MetricKind::Share,
            Metric::Outcome(name) if name == "in_flight" => MetricKind::Count,
            Metric::Outcome(_) => MetricKind::Share,
            Metric::QueueLength | Metric::InSystem => MetricKind::Level,
            Metric::Servers | Metric::Duplicates => MetricKind::Count,
            Metric::BacklogPeak => MetricKind::Peak,
            Metric::ArrivalRate | Metric::Throughput | Metric::Goodput | Metric::Attempts => MetricKind::Plain,
            Metric::OfferedLoad | Metric::Cost => MetricKind::Plain,
            Metric::Detail(_) => MetricKind::Detail,
        }
    }

    /// Whether it is a time of each message.
    pub fn is_time(&self) -> bool {
        self.nature() == MetricKind::Time
    }

    /// Whether its values lie between 0 and 1.
    pub fn is_share(&self) -> bool {
        self.nature() == MetricKind::Share
    }

    /// Whether its values are whole numbers: messages.
    pub fn is_whole(&self) -> bool {
        matches!(self.nature(), MetricKind::Level | MetricKind::Count | MetricKind::Peak)
    }

    /// Whether more of it is better, as of what arrives in the end.
    pub fn is_better_large(&self) -> bool {
        match self {
            Metric::Throughput | Metric::Goodput | Metric::Reliability | Metric::Recovered => true,
            Metric::Outcome(outcome) => outcome == "acked",
            _ => false,
        }
    }

    /// The statistic that is meant where none is written; a time has several.
    pub fn usual(&self) -> Option<Statistic> {
        match self.nature() {
            MetricKind::Time | MetricKind::Detail => None,
            MetricKind::Share if *self == Metric::Utilization => Some(Statistic::Mean),
            MetricKind::Share => Some(Statistic::Fraction),
            MetricKind::Peak => Some(Statistic::Max),
            MetricKind::Count => Some(Statistic::Count),
            MetricKind::Level | MetricKind::Plain => Some(Statistic::Mean),
        }
    }

    /// The statistic, under the name that rows have, if the metric has it.
    ///
    /// # Errors
    ///
    /// Which statistics it has instead.
    ///
    /// ```
    /// use lindley::row::{Metric, Statistic};
    /// assert_eq!(Metric::ProbWait.having(Statistic::Mean), Ok(Statistic::Fraction));
    /// assert!(Metric::Wait.having(Statistic::Fraction).unwrap_err().to_string().contains("is a time and has no `fraction`"));
    /// ```
    pub fn having(&self, statistic: Statistic) -> Result<Statistic, TextError> {
        use Statistic::{Above, AtMost, Equal, Fraction, Max, Mean, Quantile, Variance};
        match (self.nature(), statistic) {
            (MetricKind::Detail, _) | (MetricKind::Time, Mean | Variance | Quantile(_) | Max) => Ok(statistic),
            (MetricKind::Time, Above(_) | AtMost(_)) if *self != Metric::DrainTime => Ok(statistic),
            (MetricKind::Level, Equal(n)) if n.fract() != 0.0 => {
                Err(format!("`{self}` is a whole number and never {n}").into())
            }
            (MetricKind::Level, Mean | Above(_) | AtMost(_) | Equal(_))
            | (MetricKind::Peak, Mean | Quantile(_) | Max) => Ok(statistic),
            // A share may be called its mean, and the mean of an indicator its fraction.
            (MetricKind::Share, Mean | Fraction) => Ok(self.usual().unwrap_or(statistic)),
            (MetricKind::Time, _) => {
                Err(format!("`{self}` is a time and has no `{statistic}`; it has mean, variance, max and p99").into())
            }
            _ if self.usual() == Some(statistic) => Ok(statistic),
            _ => Err(match self.usual() {
                Some(only) => format!("`{self}` has no `{statistic}`, only `{only}`").into(),
                None => format!("`{self}` has no `{statistic}`").into(),
            }),
        }
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
            (Statistic::Above(_) | Statistic::AtMost(_) | Statistic::Equal(_), _) => Unit::One,
            (Statistic::Variance, Unit::Seconds) => Unit::SecondsSquared,
            (_, unit) => unit,
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

as_text!(Metric, "Metric", Metric::parse, "^((outcome|detail)\\.)?[a-z0-9_]+$");
