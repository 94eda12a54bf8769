//! From the records of a sweep to one result: rows in the order of the plan, the points with how they
//! went, totals. Wall times stand in the provenance only.

use super::plan::Plan;
use super::record::Record;
use crate::experiment::note::Note;
use crate::experiment::result::{EngineUsed, Ledger, Provenance, ResultSet, StopReason, WarmupMethod, WarmupReport};
use crate::row::Row;
use crate::stats::Accumulator;
use std::collections::HashMap;

/// Most notes that are kept.
const NOTES: usize = 20;

/// How a sweep was run.
#[derive(Debug, Clone, Default)]
pub struct SweepCourse {
    /// The command as typed.
    pub command: String,
    /// Wall clock seconds, of this process.
    pub wall_s: f64,
    /// Whether points are missing because it was interrupted.
    pub interrupted: bool,
}

/// The result of the finished points; points that were not reached are left out.
pub fn gather(plan: &Plan, records: Vec<Record>, course: SweepCourse) -> ResultSet {
    let mut by_id: HashMap<String, Record> = records.into_iter().map(|r| (r.id.clone(), r)).collect();
    let (mut points, mut finished) = (Vec::new(), Vec::new());
    for planned in &plan.points {
        let mut point = planned.point.clone();
        if planned.run {
            let Some(record) = by_id.remove(&point.id) else { continue };
            (point.status, point.message) = (record.status, record.message.clone());
            finished.push(record);
        }
        points.push(point);
    }
    let provenance = provenance(plan, &finished, course);
    let mut ledger = Ledger::default();
    finished.iter().for_each(|record| ledger.merge(&record.ledger));
    let notes = notes(&finished);
    let rows: Vec<Row> = finished.into_iter().flat_map(|record| record.rows).collect();
    ResultSet {
        rows,
        ledger,
        notes,
        points,
        planned_points: Some(plan.points.len()),
        targets: plan.targets.clone(),
        ..ResultSet::new(provenance)
    }
}

/// Notes of all points, each once with the number of points that have it.
fn notes(records: &[Record]) -> Vec<String> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for note in records.iter().flat_map(|record| &record.notes) {
        let place = *places.entry(note).or_insert(counted.len());
        match counted.get_mut(place) {
            Some(entry) => entry.1 += 1,
            None => counted.push((note, 1)),
        }
    }
    let left = counted.len().saturating_sub(NOTES);
    let all = records.len();
    let said = counted.into_iter().take(NOTES);
    let said = said.map(|(note, points)| Note::AtPoints { points, of: all, note: note.to_string() });
    said.chain((left > 0).then_some(Note::NotesLeftOut(left))).map(|note| note.to_string()).collect()
}

fn provenance(plan: &Plan, finished: &[Record], course: SweepCourse) -> Provenance {
    let of = |pick: fn(&Record) -> u64| finished.iter().map(pick).sum();
    Provenance {
        version: plan.version.clone(),
        seed: plan.points.first().map(|p| p.seed),
        replications: finished.iter().map(|r| r.replications).max().unwrap_or(0),
        level: finished.iter().flat_map(|r| &r.rows).find_map(|row| row.level).unwrap_or(0.95),
        warmup: warmup(finished),
        stop_reason: stop_reason(finished, course.interrupted),
        command: course.command,
        engine: EngineUsed::of_all(finished.iter().map(|r| r.engine)),
        messages: of(|r| r.messages),
        events: of(|r| r.events),
        simulated_s: finished.iter().map(|r| r.simulated_s).sum(),
        wall_s: course.wall_s,
        ..Provenance::new(&plan.name, &plan.model_hash)
    }
}

fn stop_reason(finished: &[Record], interrupted: bool) -> StopReason {
    if interrupted {
        return StopReason::Interrupted;
    }
    let ran = finished.iter().filter(|r| !r.rows.is_empty()).map(|r| r.stop_reason);
    let reasons: Vec<StopReason> = ran.collect();
    match reasons.first() {
        _ if reasons.contains(&StopReason::Budget) => StopReason::Budget,
        Some(first) => *first,
        None => StopReason::Solved,
    }
}

fn warmup(finished: &[Record]) -> WarmupReport {
    let ran: Vec<&WarmupReport> = finished.iter().filter(|r| !r.rows.is_empty()).map(|r| &r.warmup).collect();
    WarmupReport {
        method: ran.first().map_or(WarmupMethod::None, |w| w.method),
        mean_s: ran.iter().map(|w| w.mean_s).sum::<f64>() / ran.len().max(1) as f64,
        max_s: ran.iter().map(|w| w.max_s).fold(0.0, f64::max),
        settled: ran.iter().all(|w| w.settled),
    }
}
