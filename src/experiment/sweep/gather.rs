//! From the records of a sweep to one result: rows in the order of the plan, the points with how they
//! went, totals, and the answer in words. Wall times stand in the provenance only.

use super::plan::Plan;
use super::record::Record;
use crate::experiment::point::{Answer, Point, Status};
use crate::experiment::result::{EngineUsed, Ledger, Provenance, ResultSet, StopReason, WarmupMethod, WarmupReport};
use crate::experiment::verdict::judgeable;
use crate::row::{Demand, Row, Scope, Source};
use crate::units::format_quantity;
use std::collections::HashMap;

/// Most notes that are kept.
const NOTES: usize = 20;

/// How a sweep was run.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The command as typed.
    pub command: String,
    /// Wall clock seconds, of this process.
    pub wall_s: f64,
    /// Whether points are missing because it was interrupted.
    pub interrupted: bool,
}

/// The result of the finished points; points that were not reached are left out.
pub fn gather(plan: &Plan, records: Vec<Record>, course: Course) -> ResultSet {
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
    let ledger = finished.iter().fold(Ledger::default(), |sum, record| sum + record.ledger);
    let notes = notes(&finished);
    let rows: Vec<Row> = finished.into_iter().flat_map(|record| record.rows).collect();
    let answer = Some(answer(plan, &points, &rows));
    ResultSet { rows, ledger, notes, answer, points, targets: plan.targets.clone(), ..ResultSet::new(provenance) }
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
    let said = counted.iter().take(NOTES).map(|(note, n)| match *n {
        n if n == all => (*note).to_string(),
        n => format!("at {n} of {all} points: {note}"),
    });
    said.chain((left > 0).then(|| format!("{left} more notes are left out"))).collect()
}

fn provenance(plan: &Plan, finished: &[Record], course: Course) -> Provenance {
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

fn answer(plan: &Plan, points: &[Point], rows: &[Row]) -> Answer {
    let of = |status: Status| points.iter().filter(|p| p.status == status).count();
    let (unstable, failed) = (of(Status::Unstable), of(Status::Failed));
    let mut headline = format!("{} of {} points", points.len(), plan.points.len());
    if points.len() == plan.points.len() {
        headline = format!("{} points", points.len());
    }
    headline += &format!(": {} run", of(Status::Ok));
    for (n, word) in [(unstable, "without a steady state"), (failed, "failed")] {
        if n > 0 {
            headline += &format!(", {n} {word}");
        }
    }
    let targets: Vec<Demand> = plan.targets.iter().map(|target| judgeable(target, rows)).collect();
    let values = values(&targets, points, rows);
    if !targets.is_empty() {
        let met = points.iter().filter(|p| meets(&targets, &values, p)).count();
        headline += &format!("; the targets are met at {met}");
    }
    let details = targets.iter().zip(&values).flat_map(|(target, values)| extremes(target, points, values)).collect();
    Answer { question: format!("What changes with {}?", plan.paths().join(", ")), headline, details }
}

/// For each target, the value at each point that has one.
fn values(targets: &[Demand], points: &[Point], rows: &[Row]) -> Vec<HashMap<String, f64>> {
    let stable: HashMap<&str, bool> = points.iter().map(|p| (p.id.as_str(), p.status == Status::Ok)).collect();
    let of = |target: &Demand| {
        let mut found: HashMap<String, (Scope, f64)> = HashMap::new();
        for row in rows.iter().filter(|row| row.source == Source::Simulation && target.quantity.is_of(row)) {
            let (Some(id), Some(value)) = (&row.point, row.value) else { continue };
            let first = found.get(id).is_none_or(|(scope, _)| row.scope < *scope);
            if first && stable.get(id.as_str()).copied().unwrap_or(false) {
                found.insert(id.clone(), (row.scope, value));
            }
        }
        found.into_iter().map(|(id, (_, value))| (id, value)).collect()
    };
    targets.iter().map(of).collect()
}

fn meets(targets: &[Demand], values: &[HashMap<String, f64>], point: &Point) -> bool {
    targets.iter().zip(values).all(|(target, values)| values.get(&point.id).is_some_and(|v| target.holds(*v)))
}

/// Where the quantity of a target is smallest and largest.
fn extremes(target: &Demand, points: &[Point], values: &HashMap<String, f64>) -> Option<String> {
    let valued = || points.iter().filter_map(|p| Some((p, *values.get(&p.id)?)));
    let (low, least) = valued().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let (high, most) = valued().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let shown = |value| format_quantity(value, target.unit());
    let quantity = &target.quantity;
    Some(format!("{quantity} from {} ({}) to {} ({})", shown(least), told(low), shown(most), told(high)))
}

/// The settings of a point in one line.
fn told(point: &Point) -> String {
    let one = |s: &crate::experiment::Setting| match s.value.as_str() {
        Some(text) => format!("{} = {text}", s.path),
        None => format!("{} = {}", s.path, s.value),
    };
    point.settings.iter().map(one).collect::<Vec<_>>().join(", ")
}
