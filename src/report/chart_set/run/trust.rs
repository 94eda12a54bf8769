//! Why the numbers can be trusted: that the start was cut off far enough, and that more
//! replications would change little.

use crate::experiment::result::{Convergence, Curves, ResultSet, Settling};
use crate::report::chart::forms::{Dot, Graph, Limit, Scale, Series, Shade, Style};
use crate::report::chart::{Chart, plain};
use crate::units::{Unit, format_duration};

/// More curves than this cannot be told apart.
const CURVES: usize = 4;
/// Fewer means than this show no course.
const FEWEST: usize = 3;
/// Intervals wider than this share of the mean would press the others flat.
const WIDEST: f64 = 0.5;

/// Welch's curves of the longest queues with the part that was cut off.
pub(super) fn warmup(set: &ResultSet, curves: &Curves) -> Option<Chart> {
    let report = &set.provenance.warmup;
    let mut settling: Vec<&Settling> = curves.settling.iter().filter(|s| s.mean.iter().any(|m| *m > 0.0)).collect();
    let longest = |s: &Settling| s.mean.iter().copied().fold(0.0, f64::max);
    settling.sort_by(|a, b| longest(b).total_cmp(&longest(a)));
    settling.truncate(CURVES);
    let first = settling.first()?;
    let cut = first.warmup;
    let label = format!("warm-up ends at {} ({})", format_duration(cut), report.method.name());
    let x = Scale::linear("time since the start", Unit::Seconds);
    let y = Scale::linear(format!("ready messages, mean over {}", format_duration(first.window)), Unit::One);
    let series = settling.iter().map(|s| Series::new(&s.queue, settling_dots(s), Style::Line)).collect();
    let graph = Graph {
        limits: (cut > 0.0).then_some(Limit { upright: true, at: cut, label }).into_iter().collect(),
        shades: (cut > 0.0).then_some(Shade { from: 0.0, to: cut, label: String::new() }).into_iter().collect(),
        ..Graph::new("warmup", "Warm-up (Welch's moving average)", (x, y), series)
    };
    Some(graph.chart(&set.provenance))
}

fn settling_dots(s: &Settling) -> Vec<Dot> {
    let dot = |i: usize| {
        let interval = s.low.get(i).copied().zip(s.high.get(i).copied());
        Some(Dot { x: s.time[i], y: *s.mean.get(i)?, interval, ..Dot::default() })
    };
    (0..s.time.len()).filter_map(dot).collect()
}

/// How far the mean of the first n replications is from that of all, for the least certain means.
pub(super) fn convergence(set: &ResultSet, curves: &Curves) -> Option<Chart> {
    let width = |c: &Convergence| Some((c.high.last()? - c.low.last()?) / c.mean.last()?.abs());
    let mut known: Vec<(f64, Series)> =
        curves.convergence.iter().filter_map(|c| Some((width(c)?, relative(c)?))).collect();
    known.sort_by(|a, b| b.0.total_cmp(&a.0));
    known.truncate(CURVES);
    if known.is_empty() {
        return None;
    }
    let x = Scale::linear("replications", Unit::One);
    let y = Scale::linear("mean so far against the last (%)", Unit::One);
    let series = known.into_iter().map(|k| k.1).collect();
    Some(Graph::new("convergence", "Convergence of means", (x, y), series).chart(&set.provenance))
}

/// A mean in percent above its last value; `None` where it has no course.
fn relative(c: &Convergence) -> Option<Series> {
    let last = *c.mean.last().filter(|m| **m > 0.0)?;
    let percent = |v: f64| 100.0 * (v / last - 1.0);
    let dot = |i: usize| {
        let (low, high) = (*c.low.get(i)?, *c.high.get(i)?);
        let note = format!("mean {}", plain(c.mean[i], Unit::Seconds));
        let interval = Some((percent(low), percent(high)));
        Some(Dot { x: f64::from(c.n[i]), y: percent(c.mean[i]), interval, note, ..Dot::default() })
    };
    let narrow = |d: &&Dot| d.interval.is_some_and(|(low, high)| high - low <= 200.0 * WIDEST);
    let all: Vec<Dot> = (0..c.mean.len()).filter_map(dot).collect();
    let kept: Vec<Dot> = all.iter().filter(narrow).cloned().collect();
    let dots = if kept.len() < FEWEST { all } else { kept };
    (dots.len() >= FEWEST).then(|| Series::new(format!("{} {}", c.name, c.metric), dots, Style::Line))
}
