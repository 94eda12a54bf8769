//! How long a sweep will take: short runs of a few of its points, timed.

use super::plan::Planned;
use super::request::SweepRequest;
use crate::experiment::study::{Options, run_here};
use crate::model::{Model, RunLength, RunSettings};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Messages of a timed run; longer replications are reckoned in proportion.
const MESSAGES: u64 = 20_000;
/// Points that are timed.
const POINTS: usize = 5;

/// An estimate of the time of a sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeEstimate {
    /// Wall clock seconds on that many threads.
    pub seconds: f64,
    /// Threads.
    pub threads: usize,
    /// Points that were timed.
    pub timed: usize,
    /// Whether a precision may ask for more replications than were reckoned.
    pub at_least: bool,
}

/// Times one short replication of some points, evenly spread; `None` where there is nothing to run.
pub fn estimate(request: &SweepRequest<'_>, todo: &[&Planned], options: &Options) -> Option<TimeEstimate> {
    let threads = match options.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    };
    let step = todo.len().div_ceil(POINTS).max(1);
    let timed: Vec<(f64, bool)> = todo.iter().step_by(step).filter_map(|p| time(request, p, options)).collect();
    let mean = timed.iter().map(|t| t.0).sum::<f64>() / timed.len() as f64;
    (!timed.is_empty()).then(|| TimeEstimate {
        seconds: mean * todo.len() as f64 / threads as f64,
        threads,
        timed: timed.len(),
        at_least: timed.iter().any(|t| t.1),
    })
}

/// Processor seconds of a point, and whether it may take more.
fn time(request: &SweepRequest<'_>, planned: &Planned, options: &Options) -> Option<(f64, bool)> {
    let model = request.model_of(planned).ok()?;
    let (length, share) = shortened(model.run.length);
    let run = RunSettings { length, replications: 1, precision: None, ..model.run.clone() };
    let (precise, replications) = (model.run.precision.is_some(), model.run.replications);
    let model = Model { run, ..model };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok()?;
    let start = Instant::now();
    pool.install(|| run_here(&model, options, &AtomicBool::new(false), &|_| {})).ok()?;
    Some((start.elapsed().as_secs_f64() * f64::from(replications) * share, precise))
}

/// A shorter replication, and by how much the whole is longer.
fn shortened(length: RunLength) -> (RunLength, f64) {
    match length {
        RunLength::Messages(n) if n > MESSAGES => (RunLength::Messages(MESSAGES), n as f64 / MESSAGES as f64),
        other => (other, 1.0),
    }
}
