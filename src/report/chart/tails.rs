//! Distributions of times, drawn two ways: percentiles over nines, as latency histograms
//! are read, and P(X > t) on a log scale, as theory draws them.

use super::axis::Axis;
use super::canvas::Position;
use super::figure::{Curve, Figure, LegendSample, Panel, colour};
use super::say::{cell, lines, short};
use super::{Caption, Chart, Table};
use crate::experiment::result::Tail;
use crate::report::distinct::distinct;
use crate::units::format_duration;

/// More curves than this in a panel cannot be told apart.
const TOGETHER: usize = 6;
/// Times that differ more than this between curves want a log axis.
const SPREAD: f64 = 30.0;
/// The deepest tail that is drawn: p99.9999.
const DEEPEST: f64 = 1e-6;

/// The percentile chart: time over 1/(1 - p) on a log axis; `None` without a point.
///
/// The band is the interval of the probability at each time; theory is dashed.
pub fn percentiles(tails: &[Tail], caption: &Caption) -> Option<Chart> {
    let table = table(tails, ["share at most time", "low", "high", "theory"], |s| 1.0 - s);
    figure("percentiles", tails, caption, table, |tails, name, _| {
        let axes = (Axis::percentile(1.0 / deepest(tails)), time_axis(tails, name));
        Panel::new(axes, tails.iter().map(|t| percentile_curve(t)).collect())
    })
}

/// P(X > t) on a log axis over t; `None` without a point.
///
/// An exponential tail is a straight line here. The band is the interval of the
/// probability; theory is dashed.
pub fn ccdf(tails: &[Tail], caption: &Caption) -> Option<Chart> {
    let table = table(tails, ["P(X > time)", "low", "high", "theory"], |s| s);
    figure("ccdf", tails, caption, table, |tails, name, ticks| {
        let y = Axis::probability(&format!("P({name} > t)"), deepest(tails));
        Panel::new((Axis::duration("t", longest(tails), ticks), y), tails.iter().map(|t| ccdf_curve(t)).collect())
    })
}

/// Lays tails out: a panel per metric with a colour per queue, or, where that would be too
/// many, a panel per queue with a colour per metric.
fn figure<'t>(
    name: &str,
    tails: &'t [Tail],
    caption: &Caption,
    table: Table,
    panel: impl Fn(&[&Tail], &str, usize) -> Panel,
) -> Option<Chart> {
    let tails: Vec<&Tail> = tails.iter().filter(|t| usable(t).next().is_some()).collect();
    if tails.is_empty() {
        return None;
    }
    let by_metric = distinct(tails.iter().map(|t| &t.name)).len() <= TOGETHER;
    // What a tail has a panel for, and what it has a colour for.
    let keys_of = |t: &&'t Tail| if by_metric { (&t.metric, &t.name) } else { (&t.name, &t.metric) };
    let (keys, colours) = (distinct(tails.iter().map(|t| keys_of(t).0)), distinct(tails.iter().map(|t| keys_of(t).1)));
    let columns = keys.len().min(if by_metric { 2 } else { 3 });
    let panels = keys.iter().map(|key| {
        let here: Vec<&Tail> = tails.iter().copied().filter(|t| keys_of(t).0 == *key).collect();
        let axis_name = if by_metric { key.as_str() } else { "time" };
        let mut panel = panel(&here, axis_name, [8, 5, 3][columns - 1]);
        panel.title.clone_from(key);
        for (curve, tail) in panel.curves.iter_mut().zip(&here) {
            curve.colour = colours.iter().position(|c| *c == keys_of(tail).1).unwrap_or(0);
        }
        panel
    });
    let panels = panels.collect();
    Some(Figure { caption, panels, columns, legend: legend(&tails, &colours) }.chart(name, table))
}

/// One line per time; `of` turns P(X > t) into what the chart shows.
fn table(tails: &[Tail], names: [&str; 4], of: impl Fn(f64) -> f64) -> Table {
    let columns = ["name", "metric", "time (s)"].into_iter().chain(names).chain(["theory name"]);
    let line = |t: &Tail, i: usize| {
        let (low, high) = (t.low.get(i).map(|s| of(*s)), t.high.get(i).map(|s| of(*s)));
        let (low, high) = if low > high { (high, low) } else { (low, high) };
        let (survival, theory) = (t.survival.get(i).map(|s| of(*s)), t.theory.get(i).map(|s| of(*s)));
        let cells = [t.x.get(i).copied(), survival, low, high, theory].map(cell);
        let names = [t.name.clone(), t.metric.clone()];
        names.into_iter().chain(cells).chain([t.theory_name.clone()]).collect()
    };
    let lines = tails.iter().flat_map(|t| (0..t.x.len()).map(|i| line(t, i)).collect::<Vec<_>>()).collect();
    Table { columns: columns.map(String::from).collect(), lines }
}

/// Percentile and tail probability with its interval, and theory, at every point that is drawn.
fn says(tail: &Tail) -> Vec<String> {
    let percent = |p: f64| format!("{} %", short(100.0 * p, 6));
    let words = |(i, _): (usize, Position)| {
        let (t, s) = (format_duration(tail.x[i]), tail.survival[i]);
        let at = format!("p{}: {t}", short(100.0 * (1.0 - s), 6));
        let band = match (tail.low.get(i), tail.high.get(i)) {
            (Some(low), Some(high)) if has_band(tail) => format!(" ({} to {})", percent(low.max(0.0)), percent(*high)),
            _ => String::new(),
        };
        let share = format!("longer than {t}: {}{band}", percent(s));
        let theory = tail.theory.get(i).map_or(String::new(), |p| format!("{}: {}", tail.theory_name, percent(*p)));
        lines(&[&format!("{} {}", tail.name, tail.metric), &at, &share, &theory])
    };
    numbered(tail).map(words).collect()
}

fn legend(tails: &[&Tail], names: &[&String]) -> Vec<(LegendSample, String)> {
    let mut legend: Vec<(LegendSample, String)> =
        names.iter().enumerate().map(|(i, n)| (LegendSample::Line(colour(i)), n.to_string())).collect();
    if tails.iter().any(|t| has_band(t)) {
        legend.push((LegendSample::Band, "confidence band".into()));
    }
    let theories = tails.iter().map(|t| t.theory_name.as_str()).filter(|name| !name.is_empty());
    match distinct(theories).as_slice() {
        [] => {}
        [one] => legend.push((LegendSample::Dashed, format!("theory: {one}"))),
        _ => legend.push((LegendSample::Dashed, "theory".into())),
    }
    legend
}

/// The points of a tail that can be drawn: (x, P(X > x)), not deeper than [`DEEPEST`].
fn usable(tail: &Tail) -> impl Iterator<Item = Position> + '_ {
    numbered(tail).map(|(_, point)| point)
}

/// As [`usable`], with the index of each.
fn numbered(tail: &Tail) -> impl Iterator<Item = (usize, Position)> + '_ {
    let drawn = |(_, (x, s)): &(usize, Position)| x.is_finite() && *x >= 0.0 && (DEEPEST..=1.0).contains(s);
    tail.x.iter().copied().zip(tail.survival.iter().copied()).enumerate().filter(drawn)
}

fn theory(tail: &Tail) -> impl Iterator<Item = Position> + '_ {
    let drawn = |(x, s): &Position| x.is_finite() && (DEEPEST..=1.0).contains(s);
    tail.x.iter().copied().zip(tail.theory.iter().copied()).filter(drawn)
}

fn has_band(tail: &Tail) -> bool {
    !tail.low.is_empty() && tail.low.len() == tail.x.len() && tail.high.len() == tail.x.len()
}

/// The band: upper ends, then lower ends backward, where the tail itself is drawn.
fn band(tail: &Tail) -> Vec<Position> {
    if !has_band(tail) {
        return Vec::new();
    }
    let last = usable(tail).map(|(x, _)| x).fold(0.0, f64::max);
    let ends = |side: &[f64]| -> Vec<Position> {
        let all = tail.x.iter().copied().zip(side.iter().copied());
        all.filter(|(x, s)| *x <= last && s.is_finite()).map(|(x, s)| (x, s.clamp(DEEPEST / 10.0, 1.0))).collect()
    };
    ends(&tail.high).into_iter().chain(ends(&tail.low).into_iter().rev()).collect()
}

fn ccdf_curve(tail: &Tail) -> Curve {
    let (points, theory) = (usable(tail).collect(), theory(tail).collect());
    Curve { colour: 0, points, band: band(tail), theory, says: says(tail) }
}

/// The same curve read the other way round: 1/P(X > x) against x.
fn percentile_curve(tail: &Tail) -> Curve {
    let turn = |(x, s): Position| (1.0 / s, x);
    // Mass at zero: all percentiles up to P(X = 0) are zero.
    let start = |first: Option<&Position>| first.filter(|p| p.1 == 0.0).map(|_| (1.0, 0.0));
    let turned = |points: Vec<Position>| -> Vec<Position> {
        let points: Vec<Position> = points.into_iter().map(turn).collect();
        start(points.first()).into_iter().chain(points).collect()
    };
    let points = turned(usable(tail).collect());
    let mut says = says(tail);
    if points.len() > says.len() {
        says.insert(0, says.first().cloned().unwrap_or_default());
    }
    let (band, theory) = (band(tail).into_iter().map(turn).collect(), turned(theory(tail).collect()));
    Curve { colour: 0, points, says, band, theory }
}

fn longest(tails: &[&Tail]) -> f64 {
    tails.iter().flat_map(|t| usable(t)).map(|(x, _)| x).fold(0.0, f64::max)
}

fn deepest(tails: &[&Tail]) -> f64 {
    tails.iter().flat_map(|t| usable(t)).map(|(_, s)| s).fold(1.0, f64::min)
}

fn time_axis(tails: &[&Tail], name: &str) -> Axis {
    let ends: Vec<f64> = tails.iter().map(|t| longest(&[t])).filter(|e| *e > 0.0).collect();
    let shortest = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let longest = longest(tails);
    if longest > SPREAD * shortest {
        Axis::log_duration(name, shortest / 100.0, longest)
    } else {
        Axis::duration(name, longest, 6).with_headroom(0.04)
    }
}
