//! Runs the points of a plan on all threads of one pool. Every thread takes the next point; a thread
//! that finds none left helps with the replications of the others. So at most as many points are in
//! progress as there are threads, and a kill loses no more than these.

use super::plan::Planned;
use super::record::Record;
use super::request::SweepRequest;
use crate::experiment::judgement::Standing;
use crate::experiment::point::{Remark, Status};
use crate::experiment::result::StopReason;
use crate::experiment::study::{Options, StudyError, run_here};
use crate::experiment::verdict;
use crate::model::Model;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

/// What a run of points needs to know.
pub struct Running<'a> {
    /// Texts of the points.
    pub request: &'a SweepRequest<'a>,
    /// The points to run, in this order.
    pub todo: &'a [&'a Planned],
    /// Threads and engine.
    pub options: &'a Options,
    /// Whether to stop at the first point that fails.
    pub fail_fast: bool,
    /// Set from outside to stop; points in progress are given up.
    pub interrupted: &'a AtomicBool,
}

/// Runs the points; `finished` is report of each, one at a time, in the order of finishing.
///
/// Returns the wall clock seconds.
///
/// # Errors
///
/// Threads that cannot be started, or what `finished` says.
pub fn run<E: From<StudyError> + Send>(
    running: &Running<'_>,
    finished: &mut (dyn FnMut(Record) -> Result<(), E> + Send),
) -> Result<f64, E> {
    let start = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(running.options.jobs).build();
    let pool = pool.map_err(|e| StudyError::Threads(e.to_string()))?;
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let report = Mutex::new((finished, Ok(())));
    pool.broadcast(|_| {
        while !stop.load(Ordering::Relaxed) && !running.interrupted.load(Ordering::Relaxed) {
            let Some(planned) = running.todo.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let Some(record) = run_point(running, planned) else { break };
            let failed = record.status == Status::Failed && running.fail_fast;
            // A poisoned lock means that another thread failed while it reported; its state is whole.
            let mut report = report.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if report.1.is_ok() {
                report.1 = (report.0)(record);
            }
            if failed || report.1.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        }
    });
    report.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).1.map(|()| start.elapsed().as_secs_f64())
}

/// Runs one point; `None` if it was interrupted.
fn run_point(running: &Running<'_>, planned: &Planned) -> Option<Record> {
    let id = &planned.point.id;
    let model = match running.request.model_of(planned) {
        Ok(model) => model,
        Err(why) => return Some(Record::failed_for(id, why.into())),
    };
    // A defect met at one point must not take the others with it.
    let study = catch_unwind(AssertUnwindSafe(|| run_here(&model, running.options, running.interrupted, &|_| {})));
    let record = match study {
        Ok(Ok(study)) if study.result.provenance.stop_reason == StopReason::Interrupted => return None,
        Ok(Ok(study)) => {
            let message = remark(planned, &model, &study.result);
            Record { status: planned.point.status, message, ..Record::of(id, study) }
        }
        Ok(Err(StudyError::NothingFinished)) => return None,
        Ok(Err(why)) => Record::failed(id, &why),
        Err(_) => Record::failed_for(id, "internal error: the simulation panicked; please report it".to_string()),
    };
    Some(record)
}

/// What to know about the numbers of a point: what the plan says, targets missed, precision missed.
fn remark(planned: &Planned, model: &Model, result: &crate::experiment::ResultSet) -> Option<String> {
    let mut said: Vec<String> = planned.point.message.iter().cloned().collect();
    let missed = verdict::targets(&model.targets, result).into_iter().filter(|v| v.standing != Standing::Met);
    let short = result.provenance.stop_reason == StopReason::Budget;
    let short = short.then_some(Remark::PrecisionNotReached(result.provenance.replications));
    said.extend(missed.map(|verdict| verdict.to_string()).chain(short.map(|remark| remark.to_string())));
    (!said.is_empty()).then(|| said.join("; "))
}
