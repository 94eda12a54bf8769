//! The charts of a recovery: the backlog over time, and the drain time against the size of the system.

use crate::experiment::drain::{Recovery, Remedy, RemedyMeasure};
use crate::experiment::result::ResultSet;
use crate::report::chart::Chart;
use crate::report::chart::forms::{Dot, Graph, Limit, Scale, Series, Shade, Style};
use crate::units::{Unit, format_duration};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet) -> Vec<Chart> {
    let Some(recovery) = &set.recovery else { return Vec::new() };
    let sizes = Some(sizes(recovery)).filter(|graph| graph.series.iter().any(|series| series.dots.len() > 1));
    std::iter::once(course(recovery)).chain(sizes).map(|graph| graph.chart(&set.provenance)).collect()
}

/// The backlog over time: the simulated band, the fluid, the disruption shaded, recovery marked.
fn course(recovery: &Recovery) -> Graph {
    let dot = |(x, y): (f64, f64), interval| Dot { x, y, interval, ..Dot::default() };
    let mut series = Vec::new();
    if let Some(seen) = &recovery.simulated {
        let points = seen.time.iter().zip(&seen.median).zip(seen.low.iter().zip(&seen.high));
        let dots = points.map(|((x, y), (low, high))| dot((*x, *y), Some((*low, *high)))).collect();
        series.push(Series::new("simulated median; the band holds 5 to 95 % of runs", dots, Style::Line));
    }
    series.extend(recovery.fluid.as_ref().map(|fluid| {
        let corners = fluid.corners.iter().map(|c| dot((c.time, c.backlog), None)).collect();
        Series::new("fluid", corners, Style::Theory)
    }));
    let axes = (Scale::linear("time", Unit::Seconds), Scale::linear("messages waiting", Unit::One));
    Graph {
        limits: recovered_at(recovery).into_iter().collect(),
        shades: shade(recovery).into_iter().collect(),
        ..Graph::new("backlog", "Backlog over time", axes, series)
    }
}

fn shade(recovery: &Recovery) -> Option<Shade> {
    let label = "disruption".to_string();
    (recovery.until > recovery.from).then_some(Shade { from: recovery.from, to: recovery.until, label })
}

/// Where it is back, simulated where that is known.
fn recovered_at(recovery: &Recovery) -> Option<Limit> {
    let simulated = recovery.simulated.as_ref().map(|seen| seen.drain_time.map(|time| time.value));
    let after = simulated.unwrap_or(recovery.fluid.as_ref().and_then(|fluid| fluid.drain_time))?;
    Some(Limit { upright: true, at: recovery.until + after, label: format!("back after {}", format_duration(after)) })
}

/// Drain time against the size: the fluid, simulated dots, what never drains shaded.
fn sizes(recovery: &Recovery) -> Graph {
    let unit = match recovery.measure {
        RemedyMeasure::Servers => Unit::One,
        RemedyMeasure::Capacity => Unit::PerSecond,
    };
    let dot = |(x, y): (f64, f64)| Dot { x, y, ..Dot::default() };
    let fluid: Vec<Dot> = recovery.curve.iter().map(|step| dot((step.amount, step.drain_time))).collect();
    let mut series: Vec<Series> =
        recovery.fluid.iter().map(|_| Series::new("fluid", fluid.clone(), Style::Theory)).collect();
    let simulated: Vec<Dot> = recovery.remedies.iter().filter_map(|remedy| simulated(recovery, remedy)).collect();
    if !simulated.is_empty() {
        series.push(Series::new("simulated mean", simulated, Style::Scatter));
    }
    let label = if recovery.fluid.is_some() { "never drains" } else { "need not drain" };
    let never = |to| Shade { from: f64::NEG_INFINITY, to, label: label.to_string() };
    let size = recovery.measure.name();
    let axes = (Scale::linear(size, unit), Scale::linear("drain time", Unit::Seconds));
    Graph {
        limits: recovery.target.into_iter().map(|within| Limit::target(within, Unit::Seconds)).collect(),
        shades: recovery.boundary.map(never).into_iter().collect(),
        ..Graph::new("drain_time", format!("Drain time against {size}"), axes, series)
    }
}

fn simulated(recovery: &Recovery, remedy: &Remedy) -> Option<Dot> {
    let time = remedy.simulated?;
    let note = match (remedy.present, remedy.answer) {
        (_, true) => format!("{} {}: back in time", remedy.amount, recovery.measure.name()),
        (true, _) => "what there is".to_string(),
        _ => String::new(),
    };
    let late = recovery.target.is_some_and(|within| time.value > within);
    Some(Dot {
        x: remedy.amount,
        y: time.value,
        interval: time.low.zip(time.high),
        highlight: !note.is_empty(),
        note,
        hollow: late,
    })
}
