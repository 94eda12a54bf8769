//! What a better quantity costs: every point, and those that no other point beats on both counts.

use super::design::SweepDesign;
use super::names::{named, titled, wide};
use crate::experiment::point::Point;
use crate::report::chart::Chart;
use crate::report::chart::forms::{Dot, Graph, Limit, Scale, Series, Style};
use crate::row::{Metric, Quantity};
use crate::units::Unit;

/// More points of the front than this have no room for a note each.
const NOTED: usize = 8;

/// What a point costs.
enum CostAxis {
    /// A row says it.
    Row(Quantity),
    /// A setting says it, whose path speaks of cost.
    Setting(String),
}

/// Where the cost stands, if anything costs.
fn cost_of(design: &SweepDesign) -> Option<CostAxis> {
    let row = design.set.rows.iter().find(|r| r.metric == Metric::Cost && r.point.is_some() && r.value.is_some());
    let setting = || {
        let paths = design.points.iter().flat_map(|p| &p.settings);
        paths.map(|s| &s.path).find(|p| p.split('.').any(|part| part == "cost")).cloned()
    };
    row.map(|row| CostAxis::Row(design.name(row))).or_else(|| setting().map(CostAxis::Setting))
}

fn cost(design: &SweepDesign, point: &Point, cost: &CostAxis) -> Option<f64> {
    match cost {
        CostAxis::Row(quantity) => design.estimate(point, quantity)?.value,
        CostAxis::Setting(path) => point.setting(path)?.value.as_f64(),
    }
}

/// The chart; `None` where nothing costs anything.
pub(super) fn pareto(design: &SweepDesign, of: &Quantity) -> Option<Chart> {
    let price = cost_of(design)?;
    let name = match &price {
        CostAxis::Row(quantity) => quantity.to_string(),
        CostAxis::Setting(path) => path.clone(),
    };
    let at_most = design.target(of).is_none_or(|t| t.is_upper());
    let one = |p: &&Point| {
        let row = design.estimate(p, of)?;
        Some(Dot {
            x: cost(design, p, &price)?,
            y: row.value?,
            interval: row.low.zip(row.high),
            note: design.settings_of(p),
            hollow: design.misses(of, row),
            highlight: false,
        })
    };
    let all: Vec<Dot> = design.points.iter().filter_map(one).collect();
    let unit = design.points.iter().find_map(|p| design.estimate(p, of))?.unit;
    let mut best = front(&all, at_most);
    if all.len() < 2 || all.iter().all(|d| d.x == all[0].x) {
        return None;
    }
    let few = best.len() <= NOTED;
    best.iter_mut().for_each(|d| d.highlight = few);
    let title = titled(design, &format!("{of} against cost"));
    let axes = (
        Scale::linear(name.trim_start_matches("system."), Unit::One),
        Scale { title: of.to_string(), unit, log: wide(all.iter().map(|d| d.y)) },
    );
    let series = vec![Series::new("points", all, Style::Scatter), Series::new("front", best, Style::Steps)];
    let graph = Graph {
        limits: design.target(of).map(|t| Limit::target(t.bound, t.unit())).into_iter().collect(),
        ..Graph::new(named(design, "pareto", 0), title, axes, series)
    };
    Some(graph.chart(&design.set.provenance))
}

/// The points that no other beats: from cheap to dear, each better than all cheaper ones.
fn front(all: &[Dot], at_most: bool) -> Vec<Dot> {
    let mut sorted: Vec<&Dot> = all.iter().collect();
    let sign = if at_most { 1.0 } else { -1.0 };
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then((sign * a.y).total_cmp(&(sign * b.y))));
    let mut best = f64::INFINITY;
    let better = |d: &&Dot| {
        let wins = sign * d.y < best;
        best = best.min(sign * d.y);
        wins
    };
    // The band of the cloud is enough: the front itself has no interval of its own.
    sorted.into_iter().filter(better).map(|d| Dot { interval: None, ..d.clone() }).collect()
}
