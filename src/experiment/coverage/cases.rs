//! The models whose numbers are known, and how long they are run.

use crate::analytic;
use crate::experiment::estimate::Interval;
use crate::model::{Model, Precision, RunLength};
use crate::row::{Quantity, Source};
use serde::{Deserialize, Serialize};

/// The numbers whose intervals are judged.
pub const JUDGED: [&str; 6] =
    ["q.wait.mean", "q.queue_length.mean", "q.sojourn.p50", "q.sojourn.p95", "q.sojourn.p99", "q.sojourn.p99.9"];

/// The numbers of [`JUDGED`], parsed.
pub(super) fn judged() -> impl Iterator<Item = Quantity> {
    JUDGED.iter().filter_map(|text| text.parse().ok())
}

/// A model whose numbers are known exactly.
#[derive(Debug, Clone)]
pub struct CoverageCase {
    /// Its name.
    pub name: &'static str,
    model: Model,
    /// The exact numbers, in the order of [`JUDGED`]; none where theory has none.
    pub truths: Vec<Option<f64>>,
}

/// One run of a case: what it said of each number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoverageRun {
    /// Name of the case.
    pub case: String,
    /// How long it was.
    pub size: RunSize,
    /// Its seed.
    pub seed: u64,
    /// Messages of all replications.
    pub messages: u64,
    /// The numbers, in the order of [`JUDGED`]; null where one was refused.
    pub found: Vec<Option<Interval>>,
}

/// How long a case is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunSize {
    /// 5 replications of 4,000 messages.
    Few,
    /// 10 replications of 20,000 messages.
    Medium,
    /// What is run where nobody says how long.
    Default,
    /// Until mean times are known to 5 %.
    Sequential,
}

impl RunSize {
    /// All of them, shortest first.
    pub const ALL: [RunSize; 4] = [RunSize::Few, RunSize::Medium, RunSize::Default, RunSize::Sequential];

    /// How many seeds it is counted with, from 1 on.
    pub fn seeds(self) -> u64 {
        match self {
            RunSize::Few | RunSize::Medium => 1_000,
            RunSize::Default | RunSize::Sequential => 300,
        }
    }

    /// The name, as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            RunSize::Few => "few",
            RunSize::Medium => "medium",
            RunSize::Default => "default",
            RunSize::Sequential => "sequential",
        }
    }
}

impl CoverageCase {
    /// The model of one run.
    pub(in crate::experiment) fn model(&self, size: RunSize, seed: u64) -> Model {
        let mut model = self.model.clone();
        let run = &mut model.run;
        (run.seed, run.quantiles) = (seed, vec![0.5, 0.95, 0.99, 0.999]);
        match size {
            RunSize::Few => (run.replications, run.length) = (5, RunLength::Messages(4_000)),
            RunSize::Medium => (run.replications, run.length) = (10, RunLength::Messages(20_000)),
            RunSize::Default => {}
            RunSize::Sequential => run.precision = Some(Precision::Means(0.05)),
        }
        model
    }

    fn of(name: &'static str, text: &str) -> CoverageCase {
        let mut model = Model::from_toml(text).expect("the models of this program are right: a test reads them");
        model.run.quantiles = vec![0.5, 0.95, 0.99, 0.999];
        let theory = analytic::theory(&model);
        let exact = |quantity| {
            let rows = theory.rows().filter(|row| row.source == Source::Exact);
            rows.filter(|row| Quantity::is_of(&quantity, row)).find_map(|row| row.value)
        };
        let truths = judged().map(exact).collect();
        CoverageCase { name, model, truths }
    }
}

/// The texts of the cases, by name.
macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../models/coverage/", $name, ".toml")))),+]
    };
}

/// Every case: stations of one and eight servers, of steady, bursty and heavy work, in a row, with limits, classes and
/// failures.
pub fn cases() -> Vec<CoverageCase> {
    let texts = texts![
        "mm1-05",
        "mm1-09",
        "mm1-095",
        "mm1-099",
        "mm8-09",
        "mh2-08",
        "md1-09",
        "dm1-09",
        "mmpp-08",
        "ln4-08",
        "tandem-08",
        "mm1k-09",
        "priority-08",
        "failing-08",
        "retry-088",
    ];
    texts.into_iter().map(|(name, text)| CoverageCase::of(name, text)).collect()
}
