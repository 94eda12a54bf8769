//! The charts of a recovery: the backlog over time, and the drain time against the size of the system.

use crate::experiment::drain::{Recovery, Remedy, RemedyMeasure};
use crate::experiment::result::ResultSet;
use crate::report::chart::forms::{Dot, Graph, Limit, Scale, Series, Shade, Style};
use crate::report::chart::{Caption, Chart, plain};
use crate::units::{Unit, format_duration};

/// The charts that have something to show.
pub(super) fn charts(set: &ResultSet) -> Vec<Chart> {
    let Some(recovery) = &set.recovery else { return Vec::new() };
    let caption = |title: &str| Caption::of(&set.provenance, title);
    let course = course(recovery);
    let mut charts = vec![course.draw(&caption(&course.title))];
    let sizes = sizes(recovery);
    if sizes.series.iter().any(|series| series.dots.len() > 1) {
        charts.push(sizes.draw(&caption(&sizes.title)));
    }
    charts
}

fn scale(title: &str, unit: Unit) -> Scale {
    Scale { title: title.to_string(), unit, log: false }
}

/// The backlog over time: the simulated band, the fluid, the disruption shaded, recovery marked.
fn course(recovery: &Recovery) -> Graph {
    let dot = |(x, y): (f64, f64), interval| Dot { x, y, interval, ..Dot::default() };
    let mut series = Vec::new();
    if let Some(seen) = &recovery.simulated {
        let points = seen.time.iter().zip(&seen.median).zip(seen.low.iter().zip(&seen.high));
        series.push(Series {
            label: "simulated median; the band holds 5 to 95 % of runs".to_string(),
            dots: points.map(|((x, y), (low, high))| dot((*x, *y), Some((*low, *high)))).collect(),
            style: Style::Line,
            right: false,
        });
    }
    series.push(Series {
        label: "fluid".to_string(),
        dots: recovery.fluid.corners.iter().map(|c| dot((c.time, c.backlog), None)).collect(),
        style: Style::Theory,
        right: false,
    });
    Graph {
        name: "backlog".to_string(),
        title: "Backlog over time".to_string(),
        x: scale("time", Unit::Seconds),
        y: scale("messages waiting", Unit::One),
        right: None,
        series,
        limits: recovered_at(recovery).into_iter().collect(),
        shades: shade(recovery).into_iter().collect(),
    }
}

fn shade(recovery: &Recovery) -> Option<Shade> {
    let label = "disruption".to_string();
    (recovery.until > recovery.from).then_some(Shade { from: recovery.from, to: recovery.until, label })
}

/// Where it is back, simulated where that is known.
fn recovered_at(recovery: &Recovery) -> Option<Limit> {
    let simulated = recovery.simulated.as_ref().map(|seen| seen.drain_time.map(|time| time.value));
    let after = simulated.unwrap_or(recovery.fluid.drain_time)?;
    Some(Limit { upright: true, at: recovery.until + after, label: format!("back after {}", format_duration(after)) })
}

/// Drain time against the size: the fluid, simulated dots, what never drains shaded.
fn sizes(recovery: &Recovery) -> Graph {
    let unit = match recovery.measure {
        RemedyMeasure::Servers => Unit::One,
        RemedyMeasure::Capacity => Unit::PerSecond,
    };
    let dot = |(x, y): (f64, f64)| Dot { x, y, ..Dot::default() };
    let fluid = recovery.curve.iter().map(|step| dot((step.amount, step.drain_time))).collect();
    let mut series = vec![Series { label: "fluid".to_string(), dots: fluid, style: Style::Theory, right: false }];
    let simulated: Vec<Dot> = recovery.remedies.iter().filter_map(|remedy| simulated(recovery, remedy)).collect();
    if !simulated.is_empty() {
        let label = "simulated mean".to_string();
        series.push(Series { label, dots: simulated, style: Style::Scatter, right: false });
    }
    let never = Shade { from: f64::NEG_INFINITY, to: recovery.boundary, label: "never drains".to_string() };
    Graph {
        name: "drain_time".to_string(),
        title: format!("Drain time against {}", recovery.measure.name()),
        x: scale(recovery.measure.name(), unit),
        y: scale("drain time", Unit::Seconds),
        right: None,
        series,
        limits: recovery.target.into_iter().map(target).collect(),
        shades: vec![never],
    }
}

fn target(within: f64) -> Limit {
    Limit { upright: false, at: within, label: format!("target {}", plain(within, Unit::Seconds)) }
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
