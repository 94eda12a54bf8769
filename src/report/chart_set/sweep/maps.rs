//! A quantity over two parameters, and whether a system recovers.

use super::design::{ParamLevel, SweepDesign, VariedParam, is_of_recovery, is_unstable};
use super::labels;
use super::names::{named, titled, wide};
use crate::experiment::point::{Point, Status};
use crate::report::chart::Chart;
use crate::report::chart::forms::{CellValue, HeatMap, Limit, Scale};
use crate::report::chart_set::selection::Selection;
use crate::row::{Metric, Quantity, Row};
use crate::units::Unit;

/// More columns or rows than this are no map any more.
const WIDEST: usize = 200;
/// Fewer of the cells than this: no grid but a cloud.
const FILLED: f64 = 0.6;

/// The two parameters of a map, and the values at which the others are held.
pub(super) struct MapPlan<'b> {
    x: &'b VariedParam,
    y: &'b VariedParam,
    held: Vec<(&'b VariedParam, ParamLevel)>,
}

impl<'b> MapPlan<'b> {
    /// The selected parameters, else those with most values; `None` where they span no grid.
    pub(super) fn of(design: &'b SweepDesign, selection: &Selection) -> Option<MapPlan<'b>> {
        let find = |path: &Option<String>| design.params.iter().find(|p| Some(&p.path) == path.as_ref());
        let mut rest: Vec<&VariedParam> = design.params.iter().collect();
        rest.sort_by_key(|p| std::cmp::Reverse(p.levels.len()));
        let x = find(&selection.x).or_else(|| rest.iter().copied().find(|p| Some(&p.path) != selection.y.as_ref()))?;
        let y = find(&selection.y).or_else(|| rest.iter().copied().find(|p| p.path != x.path))?;
        if x.path == y.path || x.levels.len() > WIDEST || y.levels.len() > WIDEST {
            return None;
        }
        let others = design.params.iter().filter(|p| p.path != x.path && p.path != y.path);
        let held = others.map(|p| (p, p.levels[(p.levels.len() - 1) / 2].clone())).collect();
        let plan = MapPlan { x, y, held };
        let cells = (x.levels.len() * y.levels.len()) as f64;
        (plan.points(design).count() as f64 >= FILLED * cells).then_some(plan)
    }

    fn points<'p>(&'p self, design: &'p SweepDesign) -> impl Iterator<Item = &'p Point> {
        let held =
            |p: &&Point| self.held.iter().all(|(param, l)| design.level(p, param).is_some_and(|at| at.text == l.text));
        design.points.iter().copied().filter(held)
    }

    /// A map without a name; its title says at which values the other parameters are held.
    fn map(&self, design: &SweepDesign, what: &str, cells: Vec<CellValue>, value: Scale) -> HeatMap {
        let one = |(p, l): &(&VariedParam, ParamLevel)| format!(", {} = {}", p.short(), l.text);
        let held: String = self.held.iter().map(one).collect();
        HeatMap {
            name: String::new(),
            title: titled(design, &format!("{what}{held}")),
            x: self.x.path.clone(),
            y: self.y.path.clone(),
            columns: labels(self.x),
            rows: labels(self.y),
            cells,
            value,
            limit: None,
            phases: None,
        }
    }

    fn cells(&self, design: &SweepDesign, of: &Quantity) -> Vec<CellValue> {
        let place = |p: &VariedParam, at: &ParamLevel| p.levels.iter().position(|l| l.text == at.text);
        let empty = CellValue::Missing("not among the points".into());
        let mut cells = vec![empty; self.x.levels.len() * self.y.levels.len()];
        for point in self.points(design) {
            let (x, y) = (design.level(point, self.x), design.level(point, self.y));
            let (Some(x), Some(y)) = (x, y) else { continue };
            if let Some((column, row)) = place(self.x, &x).zip(place(self.y, &y)) {
                cells[row * self.x.levels.len() + column] = cell(design, point, of);
            }
        }
        cells
    }
}

fn cell(design: &SweepDesign, point: &Point, of: &Quantity) -> CellValue {
    match design.estimate(point, of) {
        _ if is_unstable(point) && !is_of_recovery(of) => CellValue::Unstable,
        Some(Row { value: Some(v), low, high, .. }) => CellValue::Estimate(*v, low.zip(*high)),
        _ if point.status == Status::Failed => CellValue::Missing(point.message.clone().unwrap_or("failed".into())),
        _ => CellValue::Missing("no such number at this point".into()),
    }
}

fn labels(param: &VariedParam) -> Vec<String> {
    labels::short(&param.levels.iter().map(|l| l.text.as_str()).collect::<Vec<_>>())
}

/// The map of a quantity; the `nth` of its kind.
pub(super) fn heat_map(design: &SweepDesign, plan: &MapPlan, of: &Quantity, nth: usize) -> Chart {
    let cells = plan.cells(design, of);
    let values = cells.iter().filter_map(|c| if let CellValue::Estimate(v, _) = c { Some(*v) } else { None });
    let unit = design.points.iter().find_map(|p| design.estimate(p, of)).map_or(Unit::One, |r| r.unit);
    let value = Scale { title: of.to_string(), unit, log: wide(values.filter(|v| *v > 0.0)) };
    let limit = design.target(of).map(|t| Limit::target(t.bound, t.unit()));
    let map = HeatMap {
        name: named(design, "heat_map", nth),
        limit: limit.map(|limit| (limit.at, limit.label)),
        ..plan.map(design, &format!("{of} over two parameters"), cells, value)
    };
    map.chart(&design.set.provenance)
}

/// Whether the system recovers, over two parameters; `None` where nobody asked.
pub(super) fn phase_diagram(design: &SweepDesign, plan: &MapPlan) -> Option<Chart> {
    let recovered = design.set.rows.iter().find(|r| r.metric == Metric::Recovered && r.point.is_some());
    let of = design.name(recovered?);
    let value = Scale::linear("share of runs that recover", Unit::One);
    let map = HeatMap {
        name: named(design, "phase_diagram", 0),
        phases: Some(("recovers".into(), "stays down".into())),
        ..plan.map(design, "Recovers or stays down", plan.cells(design, &of), value)
    };
    Some(map.chart(&design.set.provenance))
}
