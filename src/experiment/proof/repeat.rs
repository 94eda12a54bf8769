//! Shipped models run again: whether they give the same numbers on one thread as on many, and lose no message.

use crate::experiment::study::{Options, Study, StudyError, run};
use crate::model::{Model, RunLength};
use std::sync::atomic::AtomicBool;

/// What a shipped model showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The model.
    pub model: &'static str,
    /// Messages of all replications.
    pub messages: u64,
    /// Whether one thread and all of them gave the same rows to the last bit.
    pub same: bool,
    /// Whether every message is accounted for.
    pub conserved: bool,
}

/// The texts of models that need no other file, by name.
macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../models/", $name, ".toml")))),+]
    };
}

const MODELS: [(&str, &str); 9] = texts![
    "01-mm1",
    "02-mmc",
    "03-mg1",
    "04-e-ticketing",
    "05-e-commerce-trading",
    "06-distributed-orders",
    "07-event-driven-shop",
    "08-platform-task-queue",
    "14-retry-storm",
];

/// Messages of a replication, of models whose run is not bounded by time.
const MESSAGES: u64 = 20_000;

/// Runs every one of them twice.
///
/// # Errors
///
/// As of any study.
pub fn repeated(interrupted: &AtomicBool) -> Result<Vec<Repeated>, StudyError> {
    MODELS.iter().map(|(name, text)| of_model(name, text, interrupted)).collect()
}

fn of_model(name: &'static str, text: &str, interrupted: &AtomicBool) -> Result<Repeated, StudyError> {
    let mut model = Model::from_toml(text).expect("the models of this program are right: a test reads them");
    model.run.precision = None;
    if let RunLength::Messages(_) | RunLength::Needed = model.run.length {
        model.run.length = RunLength::Messages(MESSAGES);
    }
    let with = |jobs| run(&model, &Options { jobs, ..Options::default() }, interrupted, &|_| {});
    let (one, many): (Study, Study) = (with(1)?, with(0)?);
    let (same, ledger) = (one.result.rows == many.result.rows, one.result.ledger);
    Ok(Repeated { model: name, messages: ledger.published, same, conserved: ledger.balances() })
}
