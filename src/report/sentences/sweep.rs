//! A sweep in sentences: how its points went, and where what the targets speak of is smallest and largest.

use crate::experiment::point::{Remark, paths};
use crate::experiment::sweep::{PlanDifference, PlanPart};
use crate::experiment::verdict::judgeable;
use crate::experiment::{Answer, Point, ResultSet, Setting, Status};
use crate::row::{Demand, Row, Scope, Source};
use crate::units::format_quantity;
use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

/// The question of a sweep of so many points, and its answer.
pub(super) fn answer(set: &ResultSet, planned: usize) -> Answer {
    let points = &set.points;
    let targets: Vec<Demand> = set.targets.iter().map(|target| judgeable(target, &set.rows)).collect();
    let values = values(&targets, points, &set.rows);
    let met = points.iter().filter(|p| meets(&targets, &values, p)).count();
    let met = if targets.is_empty() { String::new() } else { format!("; the targets are met at {met}") };
    Answer {
        question: format!("What changes with {}?", paths(points).join(", ")),
        headline: format!("{}{met}", course(points, planned)),
        details: targets.iter().zip(&values).flat_map(|(target, values)| extremes(target, points, values)).collect(),
    }
}

/// How the points went.
fn course(points: &[Point], planned: usize) -> String {
    let of = |status: Status| points.iter().filter(|p| p.status == status).count();
    let part = if points.len() == planned { String::new() } else { format!(" of {planned}") };
    let bad = [(Status::Unstable, "without a steady state"), (Status::Failed, "failed")];
    let bad = bad.map(|(status, word)| (of(status), word)).into_iter().filter(|(n, _)| *n > 0);
    let bad: String = bad.map(|(n, word)| format!(", {n} {word}")).collect();
    format!("{}{part} points: {} run{bad}", points.len(), of(Status::Ok))
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
    Some(format!("{quantity} from {} ({}) to {} ({})", shown(least), settings(low), shown(most), settings(high)))
}

/// The settings of a point in one line.
fn settings(point: &Point) -> String {
    point.settings.iter().map(Setting::to_string).collect::<Vec<_>>().join(", ")
}

/// How two plans differ, in one line.
pub(crate) fn plan_differences(found: &[PlanDifference]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl Display for PlanDifference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            PlanDifference::Changed { part, before, now } => write!(f, "{part}: {before} before, {now} now"),
            PlanDifference::Text => f.write_str("the text of the model"),
            PlanDifference::Files => f.write_str("data files"),
            PlanDifference::Values => f.write_str("the values of the points"),
        }
    }
}

impl Display for PlanPart {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PlanPart::Version => "version of lindley",
            PlanPart::Points => "points",
            PlanPart::Blocks => "blocks",
            PlanPart::Paths => "paths",
            PlanPart::Replications => "replications",
            PlanPart::Seed => "seed",
        })
    }
}

impl Display for Remark {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Remark::NoSteadyState(why) => write!(f, "no steady state: {why}"),
            Remark::RunWithoutWarmup => f.write_str("run without warm-up: means grow with the length"),
            Remark::PrecisionNotReached(n) => write!(f, "precision not reached with {n} replications"),
            Remark::Side { model, file } => write!(f, "{model} ({file})"),
            Remark::Difference => f.write_str("difference of the two, paired by replication"),
            Remark::AsItStands => f.write_str("the model as it stands"),
            Remark::Moved => f.write_str("one parameter moved, all else as it stands"),
        }
    }
}
