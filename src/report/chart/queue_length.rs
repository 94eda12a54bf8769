//! Queue length over time: the median over replications, the band from 5 % to 95 %, and
//! the part that was cut off as warm-up.

use super::axis::Axis;
use super::canvas::Position;
use super::figure::{Curve, Figure, LegendSample, Panel, colour};
use super::say::{cell, lines, short};
use super::{Caption, Chart, Table};
use crate::experiment::result::QueueSeries;
use crate::units::{duration_scale, format_duration, four_digits};

/// More queues than this get a panel each.
const TOGETHER: usize = 6;
/// So do queues whose lengths differ more than this: the short ones would be flat lines.
const SPREAD: f64 = 30.0;

/// The chart of ready messages over time; `None` where no series has a point.
///
/// One queue or up to six of similar length share a panel; others get one each.
pub fn queue_length(series: &[QueueSeries], caption: &Caption) -> Option<Chart> {
    let series: Vec<&QueueSeries> = series.iter().filter(|s| points(s, &s.median).next().is_some()).collect();
    if series.is_empty() {
        return None;
    }
    let together = series.len() <= TOGETHER && similar(&series);
    let columns = if together { 1 } else { series.len().clamp(2, 3) };
    let ticks = [9, 6, 4][columns - 1];
    let end = largest(series.iter().flat_map(|s| &s.time));
    let panel = |queues: &[&QueueSeries]| {
        let highest = largest(queues.iter().flat_map(|s| s.high.iter().chain(&s.median)));
        let y = Axis::linear("ready messages", highest, 5).with_headroom(0.12);
        let axes = (Axis::duration("time since the start", end, ticks), y);
        let title = if together { String::new() } else { queues[0].queue.clone() };
        let curves = queues.iter().enumerate().map(|(i, s)| curve(s, i)).collect();
        Panel { title, cut: cut(queues, together.then_some(end)), ..Panel::new(axes, curves) }
    };
    let panels =
        if together { vec![panel(&series)] } else { series.iter().map(|s| panel(std::slice::from_ref(s))).collect() };
    let legend = legend(&series, together);
    Some(Figure { caption, panels, columns, legend }.chart("queue_length", table(&series)))
}

/// One line per queue and time slot.
fn table(series: &[&QueueSeries]) -> Table {
    let columns =
        ["queue", "time (s)", "median", "low", "high", "warmup (s)", "replications"].map(String::from).to_vec();
    let line = |s: &QueueSeries, i: usize| {
        let numbers = [s.time.get(i), s.median.get(i), s.low.get(i), s.high.get(i), Some(&s.warmup)];
        let cells = numbers.map(|v| cell(v.copied()));
        [s.queue.clone()].into_iter().chain(cells).chain([s.replications.to_string()]).collect()
    };
    let lines = series.iter().flat_map(|s| (0..s.time.len()).map(move |i| line(s, i))).collect();
    Table { columns, lines }
}

/// Queue, time, median and band of every point that is drawn.
fn says(s: &QueueSeries) -> Vec<String> {
    let drawn = |i: &usize| s.time[*i].is_finite() && s.median.get(*i).is_some_and(|m| m.is_finite());
    let words = |i: usize| {
        let at = format!("after {}", format_duration(s.time[i]));
        let median = format!("median {}", short(s.median[i], 4));
        let band = match (s.low.get(i), s.high.get(i)) {
            (Some(low), Some(high)) if s.replications > 1 => {
                format!("5 % to 95 % of runs: {} to {}", short(*low, 4), short(*high, 4))
            }
            _ => String::new(),
        };
        lines(&[&s.queue, &at, &median, &band])
    };
    (0..s.time.len()).filter(drawn).map(words).collect()
}

fn legend(series: &[&QueueSeries], together: bool) -> Vec<(LegendSample, String)> {
    let name = |(i, s): (usize, &&QueueSeries)| (LegendSample::Line(colour(i)), s.queue.clone());
    let mut legend: Vec<(LegendSample, String)> = if together {
        series.iter().enumerate().map(name).collect()
    } else {
        vec![(LegendSample::Line(colour(0)), "median".into())]
    };
    if series.iter().any(|s| s.replications > 1 && !s.low.is_empty()) {
        legend.push((LegendSample::Band, "5 % to 95 % of runs".into()));
    }
    legend
}

fn curve(s: &QueueSeries, colour: usize) -> Curve {
    let upper: Vec<Position> = points(s, &s.high).collect();
    let lower: Vec<Position> = points(s, &s.low).collect();
    let band = if s.replications > 1 { upper.into_iter().chain(lower.into_iter().rev()).collect() } else { Vec::new() };
    Curve { colour, points: points(s, &s.median).collect(), band, theory: Vec::new(), says: says(s) }
}

fn points<'a>(s: &'a QueueSeries, values: &'a [f64]) -> impl Iterator<Item = Position> + 'a {
    s.time.iter().copied().zip(values.iter().copied()).filter(|(t, v)| t.is_finite() && v.is_finite())
}

/// The longest warm-up; with a time axis that ends at `axis`, its end in a unit of its own if it is short.
fn cut(queues: &[&QueueSeries], axis: Option<f64>) -> Option<(f64, String)> {
    let end = queues.iter().map(|s| s.warmup).filter(|w| *w > 0.0).fold(0.0, f64::max);
    let label = axis.map_or("warm-up".into(), |axis| {
        let (scale, unit) = duration_scale(if end * duration_scale(axis).0 < 1.0 { end } else { axis });
        format!("warm-up ends at {} {unit}", four_digits(end * scale))
    });
    (end > 0.0).then_some((end, label))
}

fn similar(series: &[&QueueSeries]) -> bool {
    let peaks: Vec<f64> = series.iter().map(|s| largest(s.median.iter())).filter(|p| *p > 0.0).collect();
    let least = peaks.iter().copied().fold(f64::INFINITY, f64::min);
    peaks.iter().all(|p| *p <= SPREAD * least)
}

fn largest<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    values.copied().filter(|v| v.is_finite()).fold(0.0, f64::max)
}
