//! The summary: one line per point, the main quantities side by side with their intervals and what
//! theory says.

use super::columns::{TidyColumn, of_points};
use super::quantities::Quantities;
use crate::experiment::point::{Point, Status};
use crate::experiment::result::ResultSet;
use crate::experiment::verdict::judgeable;
use crate::row::Demand;
use std::borrow::Cow;

/// The summary of a sweep.
pub(super) fn summary(set: &ResultSet) -> Vec<TidyColumn<'_>> {
    let points: Vec<&Point> = set.points.iter().collect();
    let mut columns = of_points(&set.points, &points);
    let quantities = Quantities::of(set);
    if !set.targets.is_empty() {
        let targets: Vec<Demand> = set.targets.iter().map(|target| judgeable(target, &set.rows)).collect();
        let met = points.iter().map(|p| met(&targets, &quantities, p).map(|met| Cow::Owned(met.to_string())));
        columns.push(TidyColumn::texts("targets_met", met));
    }
    for at in 0..quantities.all.len() {
        let title = quantities.title(at);
        let row = |p: &&Point| quantities.simulated(&p.id, at);
        columns.push(TidyColumn::numbers(&title, points.iter().map(|p| row(p)?.value)));
        columns.push(TidyColumn::numbers(&format!("{title}.low"), points.iter().map(|p| row(p)?.low)));
        columns.push(TidyColumn::numbers(&format!("{title}.high"), points.iter().map(|p| row(p)?.high)));
        let theory: Vec<Option<f64>> = points.iter().map(|p| quantities.theory(&p.id, at)?.value).collect();
        if theory.iter().any(Option::is_some) {
            columns.push(TidyColumn::numbers(&format!("{title}.theory"), theory.into_iter()));
        }
    }
    columns
}

/// Whether a point meets every target; none where it could not be run.
fn met(targets: &[Demand], quantities: &Quantities<'_>, point: &Point) -> Option<bool> {
    match point.status {
        Status::Failed => None,
        Status::Unstable => Some(false),
        Status::Ok => Some(targets.iter().all(|target| {
            let rows = (0..quantities.all.len()).filter_map(|at| quantities.simulated(&point.id, at));
            let row = rows.filter(|row| target.quantity.is_of(row)).min_by_key(|row| row.scope);
            row.and_then(|row| row.value).is_some_and(|value| target.holds(value))
        })),
    }
}
