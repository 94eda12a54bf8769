//! Quantities along one parameter, and latency against utilization.

use super::design::{SweepDesign, VariedParam, is_unstable};
use super::labels;
use super::names::{named, titled, wide};
use crate::experiment::point::Point;
use crate::report::chart::forms::{Dot, Graph, Limit, Scale, Series, Shade, Style};
use crate::report::chart::{Chart, plain};
use crate::row::{Metric, Quantity, Row, Statistic};
use crate::units::Unit;

/// More curves than this cannot be told apart.
const CURVES: usize = 6;

/// One estimate at one point.
fn dot(design: &SweepDesign, point: &Point, of: &Quantity, x: f64, row: &Row) -> Option<Dot> {
    let base = design.is_base(point);
    let note = if base { "as the model stands".to_string() } else { design.note(point) };
    Some(Dot {
        x,
        y: row.value?,
        interval: row.low.zip(row.high),
        note,
        hollow: is_unstable(point) || design.misses(of, row),
        highlight: base,
    })
}

/// Estimates of a quantity with theory beside, along x; by theory alone, a line.
fn series<'s>(
    design: &SweepDesign<'s>,
    points: &[&Point],
    of: &Quantity,
    label: &str,
    x: impl Fn(&Point) -> Option<f64>,
) -> Vec<Series> {
    let along = |row: &dyn Fn(&Point) -> Option<&'s Row>, plain: bool| -> Vec<Dot> {
        let one = |p: &&Point| dot(design, p, of, x(p)?, row(p)?);
        let mut dots: Vec<Dot> = points.iter().filter_map(one).collect();
        dots.sort_by(|a, b| a.x.total_cmp(&b.x));
        if plain {
            dots.iter_mut().for_each(|d| (d.hollow, d.highlight) = (false, false));
        }
        dots
    };
    let estimates = along(&|p| design.estimate(p, of), false);
    if !design.is_simulated(of) {
        return vec![Series::new(label, estimates, Style::Line)];
    }
    let theory = Series::new("theory", along(&|p| design.theory(p, of), true), Style::Theory);
    let mut all = vec![Series::new(label, estimates, Style::Dots), theory];
    all.retain(|series| series.style != Style::Theory || !series.dots.is_empty());
    all
}

fn limit(design: &SweepDesign, of: &Quantity) -> Option<Limit> {
    let target = design.target(of)?;
    let label = format!("target: {of} {} {}", target.inequality, plain(target.bound, target.unit()));
    Some(Limit { upright: false, at: target.bound, label })
}

/// Unit and scale of the values of quantities.
fn value_scale(design: &SweepDesign, quantities: &[Quantity], title: &str) -> Scale {
    let rows: Vec<&Row> =
        quantities.iter().flat_map(|q| design.points.iter().filter_map(move |p| design.estimate(p, q))).collect();
    let unit = rows.first().map_or(Unit::One, |r| r.unit);
    Scale { title: title.to_string(), unit, log: wide(rows.iter().filter_map(|r| r.value)) }
}

/// What several quantities have in common: `orders.wait` of its mean and percentiles.
fn common(quantities: &[Quantity]) -> String {
    let quantities: Vec<String> = quantities.iter().map(Quantity::to_string).collect();
    let [first, rest @ ..] = &quantities[..] else { return String::new() };
    if rest.is_empty() {
        return first.clone();
    }
    let parts: Vec<&str> = first.split('.').collect();
    let shared = |n: &usize| rest.iter().all(|q| q.starts_with(&format!("{}.", parts[..*n].join("."))));
    let longest = (1..parts.len()).rev().find(shared);
    longest.map_or_else(|| "value".to_string(), |n| parts[..n].join("."))
}

/// A quantity, or several of one unit, along one parameter.
pub(super) fn along(design: &SweepDesign, param: &VariedParam, quantities: &[Quantity]) -> Vec<Chart> {
    if !param.is_numeric() {
        return Vec::new();
    }
    let mut charts = Vec::new();
    for group in by_unit(design, quantities) {
        let name = named(design, "curve", charts.len());
        charts.push(graph(design, param, &group, name));
    }
    charts
}

/// Quantities of one unit share a graph.
fn by_unit(design: &SweepDesign, quantities: &[Quantity]) -> Vec<Vec<Quantity>> {
    let mut groups: Vec<(Unit, Vec<Quantity>)> = Vec::new();
    for of in quantities {
        let Some(row) = design.points.iter().find_map(|p| design.estimate(p, of)) else { continue };
        match groups.iter_mut().find(|g| g.0 == row.unit && g.1.len() < CURVES) {
            Some(group) => group.1.push(of.clone()),
            None => groups.push((row.unit, vec![of.clone()])),
        }
    }
    groups.into_iter().map(|g| g.1).collect()
}

fn graph(design: &SweepDesign, param: &VariedParam, quantities: &[Quantity], name: String) -> Chart {
    let shared = common(quantities);
    let label = |of: &Quantity| {
        let whole = of.to_string();
        whole.strip_prefix(&format!("{shared}.")).map(str::to_string).unwrap_or(whole)
    };
    let x = |p: &Point| design.number(p, param);
    let drawn = quantities.iter().flat_map(|of| series(design, &design.points, of, &label(of), x));
    let title = titled(design, &format!("{shared} against {}", param.path));
    let numbers = param.levels.iter().filter_map(|l| l.number);
    let x_scale = Scale { title: param.path.clone(), unit: param.unit, log: wide(numbers) };
    let graph = Graph {
        limits: quantities.iter().filter_map(|of| limit(design, of)).collect(),
        shades: unstable(design, param),
        ..Graph::new(name, title, (x_scale, value_scale(design, quantities, &shared)), drawn.collect())
    };
    graph.chart(&design.set.provenance)
}

/// Stretches of the parameter where no point has a steady state, to the middle between neighbours.
fn unstable(design: &SweepDesign, param: &VariedParam) -> Vec<Shade> {
    let at = |v: f64| design.points.iter().filter(move |p| design.number(p, param) == Some(v));
    let values: Vec<f64> = param.levels.iter().filter_map(|l| l.number).collect();
    let broken: Vec<bool> = values.iter().map(|v| at(*v).all(|p| is_unstable(p))).collect();
    let mut shades = Vec::new();
    let mut i = 0;
    while i < values.len() {
        let end = (i..values.len()).find(|j| !broken[*j]).unwrap_or(values.len());
        if end > i && end - i < values.len() {
            let from = if i == 0 { f64::NEG_INFINITY } else { f64::midpoint(values[i - 1], values[i]) };
            let to = if end == values.len() { f64::INFINITY } else { f64::midpoint(values[end - 1], values[end]) };
            shades.push(Shade { from, to, label: "no steady state".into() });
        }
        i = end.max(i + 1);
    }
    shades
}

/// Latency against utilization: a curve per value of the parameter that has fewest, where others vary.
pub(super) fn hockey_stick(design: &SweepDesign, of: &Quantity) -> Option<Chart> {
    let entity = design.points.iter().find_map(|p| design.estimate(p, of))?.name.clone();
    let loads = [entity, design.busiest()].map(utilization);
    let load = loads.into_iter().find(|l| design.points.iter().any(|p| design.estimate(p, l).is_some()))?;
    let rho = |p: &Point| design.estimate(p, &load)?.value;
    let loads = || design.points.iter().filter(|p| !is_unstable(p)).filter_map(|p| rho(p));
    let (low, high) = loads().fold((f64::INFINITY, 0.0_f64), |r, v| (r.0.min(v), r.1.max(v)));
    if high - low < 0.05 {
        return None;
    }
    let split = design.params.iter().min_by_key(|p| p.levels.len()).filter(|p| split_fits(design, p));
    let drawn: Vec<Series> = match split {
        None => {
            let mut all = series(design, &design.points, of, &of.to_string(), rho);
            // Neighbours in utilization differ in other parameters too: a line through them means nothing.
            let dots = all.iter_mut().filter(|s| design.params.len() > 1 && s.style == Style::Dots);
            dots.for_each(|series| series.style = Style::Scatter);
            all
        }
        Some(param) => curves(design, param, of, &rho),
    };
    let title = titled(design, &format!("{of} against utilization"));
    let mut y = value_scale(design, std::slice::from_ref(of), &of.to_string());
    y.log = y.log && design.target(of).is_none_or(|t| t.bound > 0.0);
    let x = Scale::linear(load.to_string().trim_end_matches(".mean"), Unit::One);
    let graph = Graph {
        limits: limit(design, of).into_iter().collect(),
        shades: vec![Shade { from: 1.0, to: f64::INFINITY, label: "ρ ≥ 1".into() }],
        ..Graph::new(named(design, "hockey_stick", 0), title, (x, y), drawn)
    };
    Some(graph.chart(&design.set.provenance))
}

/// The mean utilization of an entity.
fn utilization(name: String) -> Quantity {
    Quantity { scope: None, name, class: None, metric: Metric::Utilization, statistic: Statistic::Mean }
}

fn split_fits(design: &SweepDesign, param: &VariedParam) -> bool {
    design.params.len() > 1 && param.levels.len() <= CURVES
}

/// A curve per value of a parameter.
fn curves(
    design: &SweepDesign,
    param: &VariedParam,
    of: &Quantity,
    rho: &dyn Fn(&Point) -> Option<f64>,
) -> Vec<Series> {
    let levels: Vec<&str> = param.levels.iter().map(|l| l.text.as_str()).collect();
    let labels = labels::short(&levels).into_iter().map(|label| format!("{} = {label}", param.short()));
    levels.iter().zip(labels).flat_map(|(level, label)| curve(design, (param, level), of, &label, rho)).collect()
}

fn curve(
    design: &SweepDesign,
    (param, level): (&VariedParam, &str),
    of: &Quantity,
    label: &str,
    rho: &dyn Fn(&Point) -> Option<f64>,
) -> Vec<Series> {
    let here = |p: &&&Point| design.level(p, param).is_some_and(|l| l.text == level);
    let points: Vec<&Point> = design.points.iter().filter(here).copied().collect();
    series(design, &points, of, label, rho)
}
