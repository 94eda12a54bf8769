//! Run settings, targets and expectations: what to do with a model, and what should come out.

use crate::row::{Metric, Quantity, Scope, Statistic};
use std::collections::BTreeSet;

/// How to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSettings {
    /// When a replication ends.
    pub length: RunLength,
    /// Replications; with `precision` the least number.
    pub replications: u32,
    /// Most replications spent on reaching `precision`.
    pub max_replications: u32,
    /// How narrow intervals must be for the run to end.
    pub precision: Option<Precision>,
    /// What is cut off at the start.
    pub warmup: Warmup,
    /// Master seed.
    pub seed: u64,
    /// Confidence level, in (0, 1).
    pub level: f64,
    /// Quantiles to report, ascending, each in (0, 1).
    pub quantiles: Vec<f64>,
    /// Quantities to report that no run reports unasked: probabilities of levels, times of single classes.
    pub demanded: Vec<Quantity>,
    /// Whether the replications are held against those of another model that met the same random numbers. Means are then without
    /// control variates: what two regressions correct does not cancel in a difference.
    pub side_by_side: bool,
}

impl RunSettings {
    /// The events at a queue whose probability is asked for, messages of all classes together.
    pub(crate) fn events_at<'r>(&'r self, queue: &'r str) -> impl Iterator<Item = (Metric, Statistic)> + 'r {
        let here = move |quantity: &&Quantity| {
            let of_queue = quantity.scope.is_none_or(|scope| scope == Scope::Queue) && quantity.class.is_none();
            of_queue && quantity.name == queue && quantity.statistic.is_probability()
        };
        let events = self.demanded.iter().filter(here).map(|quantity| (quantity.metric.clone(), quantity.statistic));
        events.collect::<BTreeSet<_>>().into_iter()
    }

    /// Messages of a replication where nobody says how long it is and nothing follows from the model.
    pub const PLAIN_MESSAGES: u64 = 100_000;

    /// The length of such a replication.
    pub const PLAIN_LENGTH: RunLength = RunLength::Messages(RunSettings::PLAIN_MESSAGES);
}

impl Default for RunSettings {
    fn default() -> Self {
        RunSettings {
            length: RunLength::Needed,
            replications: 10,
            max_replications: 1_000,
            precision: None,
            warmup: Warmup::Auto,
            seed: 1,
            level: 0.95,
            quantiles: vec![0.5, 0.9, 0.95, 0.99, 0.999],
            demanded: Vec::new(),
            side_by_side: false,
        }
    }
}

/// Relative half-widths to reach.
#[derive(Debug, Clone, PartialEq)]
pub enum Precision {
    /// On the mean wait and sojourn of every queue and of the system.
    Means(f64),
    /// On each of these quantities its own.
    Each(Vec<(Quantity, f64)>),
}

impl Precision {
    /// The least of them.
    ///
    /// ```
    /// use lindley::model::Precision;
    /// let each = [("orders.wait.p99", 0.02), ("orders.wait.mean", 0.01)].map(|(name, share)| (name.parse().unwrap(), share));
    /// assert_eq!(Precision::Each(each.to_vec()).least(), 0.01);
    /// ```
    pub fn least(&self) -> f64 {
        match self {
            Precision::Means(share) => *share,
            Precision::Each(each) => each.iter().map(|(_, share)| *share).fold(f64::INFINITY, f64::min),
        }
    }

    /// The quantities that are named.
    pub(crate) fn named(&self) -> impl Iterator<Item = &Quantity> {
        let each: &[(Quantity, f64)] = match self {
            Precision::Means(_) => &[],
            Precision::Each(each) => each,
        };
        each.iter().map(|(quantity, _)| quantity)
    }
}

/// When a replication ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RunLength {
    /// When as many messages have been published as its numbers need: nobody says how many.
    Needed,
    /// When that many messages have been published by producers.
    Messages(u64),
    /// At that time, seconds.
    Horizon(f64),
    /// When every source is exhausted and the system is empty (traces, finite schedules).
    Drained,
}

/// What is cut off at the start of a replication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Warmup {
    /// A sixteenth, and more where the first round of replications agrees that the start differs.
    Auto,
    /// That much simulated time, seconds.
    Time(f64),
    /// Nothing: the run is a transient of interest.
    None,
}

/// A value that a run of the model must reproduce.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// Which number.
    pub quantity: Quantity,
    /// What it should be, in the metric's unit.
    pub value: f64,
    /// How close.
    pub tolerance: Tolerance,
}

/// How close is close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// |simulated - value| <= that share of value; of a fraction, that share of the smaller of value and 1 - value.
    Relative(f64),
    /// |simulated - value| <= that much, in the metric's unit.
    Absolute(f64),
    /// The value lies in the confidence interval widened to this many half-widths.
    HalfWidths(f64),
}
