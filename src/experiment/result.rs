//! What a study yields: rows, the ledger of messages, the message life as a Markov chain, and
//! the curves behind the charts. Pure data; a saved result can be reported again without
//! simulating.

use super::comparison::Comparison;
use super::drain::Recovery;
use super::judgement::Judgement;
use super::model_summary::ModelSummary;
use super::point::{Answer, Point};
use super::sensitivity::Sensitivity;
use super::size::Sizing;
use crate::row::{Demand, Metric, Quantity, Row, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use super::estimate::Interval;
pub use super::ledger::Ledger;
pub use super::provenance::{EngineUsed, Provenance, StopReason};
pub use super::warmup::{WarmupMethod, WarmupReport};

/// The schema name of this version.
pub const SCHEMA: &str = "lindley/result/2";

/// Everything that `lindley run --format json` prints.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ResultSet {
    /// Always `lindley/result/2`.
    pub schema: String,
    /// How the numbers came about.
    pub provenance: Provenance,
    /// The numbers.
    pub rows: Vec<Row>,
    /// What became of every message.
    pub ledger: Ledger,
    /// The message life as an estimated Markov chain.
    pub lifecycle: LifecycleReport,
    /// Simulation against theory, for every quantity that both know.
    pub validation: Vec<TheoryCheck>,
    /// What the reader should know: broken assumptions, refused quantiles, short warm-up.
    pub notes: Vec<String>,
    /// Whether every target is met; false where one is surely missed, absent where there is none or one is undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    /// How it stands with each of `targets`, in their order; of a run only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judgements: Vec<Judgement>,
    /// How it stands with each expectation of the model.
    #[serde(skip)]
    pub expected: Vec<Judgement>,
    /// What became of each target of a run, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<String>,
    /// The question of the command and its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// How many points a sweep has, those that are missing included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_points: Option<usize>,
    /// The points that rows speak of; absent where there is a single setting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
    /// What `[targets]` demands of the setting, or of each point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Demand>,
    /// What `size` found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sizing: Option<Sizing>,
    /// What `drain` found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// What `compare` and `gate` found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What `sensitivity` found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// The model as a picture and as sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_summary: Option<ModelSummary>,
}

impl ResultSet {
    /// A result of this version without numbers.
    pub fn new(provenance: Provenance) -> ResultSet {
        ResultSet { schema: SCHEMA.to_string(), provenance, ..ResultSet::default() }
    }

    /// Whether it is that of one setting: no sweep, sizing, drain or comparison, and no parameter was moved.
    pub fn is_run(&self) -> bool {
        self.points.is_empty() && self.sizing.is_none() && self.recovery.is_none() && self.comparison.is_none()
    }

    /// The row of a quantity, as `orders.wait.p99`; the simulated one where there are several.
    pub fn row(&self, quantity: &str) -> Option<&Row> {
        self.find(None, quantity)
    }

    /// The row of a quantity at a point.
    pub fn row_at(&self, point: &str, quantity: &str) -> Option<&Row> {
        self.find(Some(point), quantity)
    }

    fn find(&self, point: Option<&str>, quantity: &str) -> Option<&Row> {
        let quantity: Quantity = quantity.parse().ok()?;
        let named = |row: &&Row| row.point.as_deref() == point && quantity.is_of(row);
        self.rows.iter().filter(named).min_by_key(|row| (row.source != Source::Simulation, row.scope))
    }
}

/// A result as it is kept in a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Rows and reports.
    pub result: ResultSet,
    /// Curves behind the charts.
    pub curves: Curves,
    /// Text of the model with everything that was set; empty where there is no model.
    pub model: String,
}

/// One arrow of the message state diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Transition {
    /// State left.
    pub from: String,
    /// State entered.
    pub to: String,
    /// Times it happened after warm-up, all replications.
    pub count: u64,
    /// Share of the exits of `from` that went to `to`: a probability, rows sum to 1.
    pub probability: Interval,
}

/// Time spent in one visit to a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StateTime {
    /// Which state.
    pub state: String,
    /// Visits ended after warm-up, all replications.
    pub visits: u64,
    /// Mean time per visit, seconds; null without visits.
    pub mean_s: Option<Interval>,
}

/// The message life as an estimated Markov chain.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LifecycleReport {
    /// Every transition that happened.
    pub transitions: Vec<Transition>,
    /// Time per visit to each state that is not final.
    pub times: Vec<StateTime>,
    /// Share of each outcome among messages that ended after warm-up.
    pub outcomes: BTreeMap<String, Interval>,
    /// acked / (published - in flight); a request of clients that stop waiting counts once, as not acknowledged if it
    /// was given up. Null if nothing is over.
    pub reliability: Option<Interval>,
}

/// A simulated number beside what theory says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TheoryCheck {
    /// Index into `rows` of the simulated number.
    pub simulated: usize,
    /// Index into `rows` of the theoretical one.
    pub theory: usize,
    /// (simulated - theory) / half-width; null without an interval, with width 0, and beside an approximation.
    pub half_widths: Option<f64>,
}

/// The curves behind the charts, kept beside the result set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Curves {
    /// Ready messages over time, for the busiest queues.
    pub queue_length: Vec<QueueSeries>,
    /// Wait and sojourn distributions of the busiest queues and the system's sojourn.
    pub tails: Vec<Tail>,
    /// How ready messages settle, for the busiest queues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settling: Vec<Settling>,
    /// How means become precise with replications.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub convergence: Vec<Convergence>,
}

/// Welch's procedure: ready messages over time, averaged over replications and over a moving window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settling {
    /// Queue.
    pub queue: String,
    /// Middle of each window, seconds.
    pub time: Vec<f64>,
    /// Mean over replications and the window.
    pub mean: Vec<f64>,
    /// Lower end of its interval over replications; empty with one replication.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
    /// Length of the window, seconds.
    pub window: f64,
    /// Mean time cut off as warm-up, seconds.
    pub warmup: f64,
}

/// The mean over the first n replications, with its interval, as n grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Queue, or `system`.
    pub name: String,
    /// `wait` or `sojourn`.
    pub metric: Metric,
    /// Numbers of replications.
    pub n: Vec<u32>,
    /// Mean over the first n, seconds.
    pub mean: Vec<f64>,
    /// Lower end of its interval.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
}

/// Ready messages in a queue over time, with the band of replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueSeries {
    /// Queue.
    pub queue: String,
    /// End of each time slot, seconds.
    pub time: Vec<f64>,
    /// Median over replications of the slot's time average.
    pub median: Vec<f64>,
    /// 5 % quantile over replications.
    pub low: Vec<f64>,
    /// 95 % quantile over replications.
    pub high: Vec<f64>,
    /// Mean time cut off as warm-up, seconds.
    pub warmup: f64,
    /// Replications.
    pub replications: u32,
}

/// P(X > x) of a simulated time, with a band, and what theory says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tail {
    /// Queue, or `system`.
    pub name: String,
    /// `wait` or `sojourn`.
    pub metric: String,
    /// Times, seconds, ascending.
    pub x: Vec<f64>,
    /// Pooled estimate of P(X > x).
    pub survival: Vec<f64>,
    /// Lower end of the interval over replications; empty with one replication.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
    /// P(X > x) by theory at the same x; empty where theory has none.
    pub theory: Vec<f64>,
    /// Name of that theory; empty where there is none.
    pub theory_name: String,
}
