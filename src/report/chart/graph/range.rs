//! Which points of a graph can be drawn, and the axes that hold them.

use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::Position;
use crate::report::chart::forms::{Dot, Graph, Scale, Series, Style};
use crate::report::chart::plane::Plane;

/// Numbers beyond this overflow when axes are laid out.
const LARGEST: f64 = 1e300;
/// A target farther than this many times the values would press them flat: it is left out.
const FAR: f64 = 3.0;
/// Theory may run away near saturation; it is followed this far beyond the estimates.
const BEYOND: f64 = 1.25;

fn fits(scale: &Scale, v: f64) -> bool {
    v.abs() <= LARGEST && (!scale.log || v > 0.0)
}

/// The points that can be drawn.
pub(super) fn drawable<'g>(graph: &'g Graph, series: &'g Series) -> impl Iterator<Item = &'g Dot> {
    let vertical = graph.right.as_ref().filter(|_| series.right).unwrap_or(&graph.y);
    series.dots.iter().filter(move |d| fits(&graph.x, d.x) && fits(vertical, d.y))
}

/// The plot with its axes; `None` where nothing can be drawn.
pub(super) fn plane(graph: &Graph, from: Position, to: Position) -> Option<Plane> {
    let xs: Vec<f64> = graph.series.iter().flat_map(|s| drawable(graph, s)).map(|d| d.x).collect();
    let upright = graph.limits.iter().filter(|l| l.upright).map(|l| l.at);
    let range = with_limits(&graph.x, span(xs.iter().copied())?, upright.chain(shaded(graph, &xs)));
    let x = Axis::across(&graph.x, range, 8, whole(&xs));
    let second = graph.right.as_ref().and_then(|scale| vertical(graph, scale, true));
    let y = vertical(graph, &graph.y, false).or_else(|| second.clone())?;
    Some(Plane::new(from, to, x, y, second))
}

/// Where shaded stretches begin and end; those without end get some room beyond the values.
fn shaded(graph: &Graph, xs: &[f64]) -> impl Iterator<Item = f64> {
    let (low, high) = span(xs.iter().copied()).unwrap_or((0.0, 1.0));
    let beyond = 0.15 * (high - low);
    let ends = graph.shades.iter().flat_map(move |s| {
        let from = if s.from.is_finite() { s.from } else { s.to - beyond };
        let to = if s.to.is_finite() { s.to } else { s.from + beyond };
        [from, to]
    });
    let room: Vec<f64> = ends.filter(|v| v.is_finite()).collect();
    room.into_iter().filter(move |v| low >= 0.0 && *v >= 0.0 || low < 0.0)
}

fn whole(values: &[f64]) -> bool {
    values.len() > 1 && values.iter().all(|v| v.fract() == 0.0)
}

fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |range, v| {
        let (low, high) = range.unwrap_or((v, v));
        Some((low.min(v), high.max(v)))
    })
}

/// The axis of one side: estimates with their intervals, the part of theory near them, targets.
fn vertical(graph: &Graph, scale: &Scale, right: bool) -> Option<Axis> {
    let here = graph.series.iter().filter(|s| (s.right && graph.right.is_some()) == right);
    let dots = |theory: bool| {
        let chosen = here.clone().filter(move |s| (s.style == Style::Theory) == theory);
        chosen.flat_map(|s| drawable(graph, s))
    };
    let estimates = span(dots(false).map(|d| d.y));
    let theory = span(dots(true).map(|d| d.y));
    let mut range = estimates.or(theory)?;
    for (low, high) in dots(false).filter_map(|d| d.interval) {
        // No room is given to what lies below zero where no estimate does.
        let low = if range.0 >= 0.0 { low.max(0.0) } else { low };
        range = widened(scale, widened(scale, range, low), high);
    }
    if let (Some(_), Some((low, high))) = (estimates, theory) {
        range = (range.0.min(low.max(range.0 / BEYOND)), range.1.max(high.min(range.1 * BEYOND)));
    }
    let lying = graph.limits.iter().filter(|l| !l.upright && !right).map(|l| l.at);
    Some(Axis::around(scale, with_limits(scale, range, lying), 6))
}

fn widened(scale: &Scale, range: (f64, f64), v: f64) -> (f64, f64) {
    if fits(scale, v) { (range.0.min(v), range.1.max(v)) } else { range }
}

fn with_limits(scale: &Scale, range: (f64, f64), limits: impl Iterator<Item = f64>) -> (f64, f64) {
    let reach = if scale.log { 30.0 } else { FAR };
    let near = |v: &f64| {
        let size = range.0.abs().max(range.1.abs());
        size == 0.0 || (v.abs() <= reach * size && (!scale.log || *v >= range.0 / reach))
    };
    limits.filter(near).fold(range, |range, v| widened(scale, range, v))
}
