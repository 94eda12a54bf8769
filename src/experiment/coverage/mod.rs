//! How often intervals hold what they promise: models whose numbers are known exactly are run with many seeds, and the
//! intervals that cover are counted.

mod cases;
mod cells;

pub use cases::{CoverageCase, CoverageRun, JUDGED, RunSize, cases};
pub use cells::{CoverageCell, cells};

use super::estimate::Interval;
use super::study::{StudyError, rows_here};
use super::verdict::simulated;
use crate::row::Quantity;
use cases::judged;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Does something on so many threads (0 for all).
///
/// # Errors
///
/// Threads that cannot be started, or its own failure.
pub fn on_threads<T: Send, E: From<StudyError> + Send>(
    jobs: usize,
    what: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, E> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    pool.map_err(|e| StudyError::Threads(e.to_string()))?.install(what)
}

/// Does the same to each of many, on so many threads (0 for all), until one of them fails.
///
/// # Errors
///
/// Threads that cannot be started, or the first failure.
pub fn in_parallel<T: Send, E: From<StudyError> + Send>(
    jobs: usize,
    todo: Vec<T>,
    one: impl Fn(T) -> Result<(), E> + Sync + Send,
) -> Result<(), E> {
    on_threads(jobs, || todo.into_par_iter().try_for_each(one))
}

/// Runs a case on the threads of the caller.
///
/// # Errors
///
/// As of any study.
pub fn run(case: &CoverageCase, size: RunSize, seed: u64, interrupted: &AtomicBool) -> Result<CoverageRun, StudyError> {
    let (rows, messages) = rows_here(&case.model(size, seed), interrupted)?;
    let found = |quantity: Quantity| {
        let row = simulated(&rows, &quantity)?;
        row.value.map(|value| Interval { value, low: row.low, high: row.high })
    };
    Ok(CoverageRun { case: case.name.to_string(), size, seed, messages, found: judged().map(found).collect() })
}
