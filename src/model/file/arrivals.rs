//! Lowers arrival processes: a table whose one key names the process.

use super::data_file::column;
use super::dist::{count, dist};
use super::markov;
use super::reader::Node;
use super::section::Section;
use crate::diag::{Diagnostic, code};
use crate::model::Arrivals;
use crate::units::format_duration;

/// Arrival processes, by the key that names them.
pub(super) const PROCESSES: &[&str] =
    &["poisson", "renewal", "batch", "schedule", "sinusoid", "mmpp", "map", "on_off", "closed", "trace"];

/// An arrival process.
pub(super) fn arrivals(node: &Node<'_>) -> Option<Arrivals> {
    let process = node.variant(&format!("`{}`", node.name), PROCESSES)?;
    match process.name {
        "poisson" => Some(Arrivals::Poisson { rate: process.positive_rate()? }),
        "renewal" => renewal(&process),
        "batch" => batch(&process),
        "schedule" => schedule(&process),
        "sinusoid" => sinusoid(&process),
        "mmpp" => markov::mmpp(&process).map(Arrivals::Markov),
        "map" => markov::map(&process).map(Arrivals::Markov),
        "on_off" => markov::on_off(&process).map(Arrivals::Markov),
        "closed" => closed(&process),
        _ => trace(&process),
    }
}

fn renewal(node: &Node<'_>) -> Option<Arrivals> {
    let interval = dist(node)?;
    if interval.mean() > 0.0 && interval.mean().is_finite() {
        return Some(Arrivals::Renewal { interval });
    }
    let message = format!("the mean interval of `renewal` is {}", format_duration(interval.mean()));
    node.refuse(code::INVALID_ARRIVALS, message, "it must be positive and finite")
}

fn batch(node: &Node<'_>) -> Option<Arrivals> {
    let section = node.section("`batch`", &["arrivals", "size"])?;
    let (points, size) = (section.need("arrivals", batch_points), section.need("size", count));
    Some(Arrivals::Batch { points: Box::new(points?), size: size? })
}

fn batch_points(node: &Node<'_>) -> Option<Arrivals> {
    let points = arrivals(node)?;
    let name = match &points {
        Arrivals::Batch { .. } => "batch",
        Arrivals::Closed { .. } => "closed",
        Arrivals::Trace { .. } => "trace",
        _ => return Some(points),
    };
    node.refuse(code::INVALID_ARRIVALS, format!("batches cannot arrive as a `{name}` process"), "")
}

fn schedule(node: &Node<'_>) -> Option<Arrivals> {
    let section = node.section("`schedule`", &["pieces", "repeat"])?;
    let repeat = section.or("repeat", false, Node::flag);
    let pieces = section.need("pieces", pieces);
    Some(Arrivals::Schedule { pieces: pieces?, repeat: repeat? })
}

fn pieces(node: &Node<'_>) -> Option<Vec<(f64, f64)>> {
    let pieces: Vec<(f64, f64)> = node.each(|piece| {
        let section = piece.section("a piece of the schedule", &["for", "rate"])?;
        section.need("for", Node::positive_duration).zip(section.need("rate", Node::rate))
    })?;
    if pieces.iter().any(|(_, rate)| *rate > 0.0) {
        return Some(pieces);
    }
    node.refuse(code::INVALID_ARRIVALS, "no piece of the schedule has a rate above 0", "")
}

fn sinusoid(node: &Node<'_>) -> Option<Arrivals> {
    let section = node.section("`sinusoid`", &["mean", "amplitude", "period", "phase"])?;
    let mean = section.need("mean", Node::positive_rate);
    let amplitude = section.need("amplitude", Node::probability);
    let period = section.need("period", Node::positive_duration);
    let phase = section.or("phase", 0.0, Node::duration);
    Some(Arrivals::Sinusoid { mean: mean?, amplitude: amplitude?, period: period?, phase: phase? })
}

fn closed(node: &Node<'_>) -> Option<Arrivals> {
    let section = node.section("`closed`", &["population", "think"])?;
    let population = section.need("population", |n| n.count(1));
    let think = section.need("think", dist);
    Some(Arrivals::Closed { population: population?, think: think? })
}

fn trace(node: &Node<'_>) -> Option<Arrivals> {
    let section = node.section("`trace`", &["file", "column", "unit", "origin"])?;
    let from_first = section.or("origin", false, |n| n.one_of(&[("file", false), ("first", true)]));
    let times = section.need("file", |_| column(&section, "column"));
    let mut times = times.filter(|times| ascending(&section, times))?;
    if from_first? {
        let first = times[0];
        times.iter_mut().for_each(|t| *t -= first);
    }
    warn_of_late_start(&section, &times);
    Some(Arrivals::Trace { times: times.into() })
}

fn ascending(section: &Section<'_>, times: &[f64]) -> bool {
    let back = times.windows(2).position(|pair| pair[1] < pair[0]);
    if let Some(i) = back {
        let (before, after) = (format_duration(times[i]), format_duration(times[i + 1]));
        let message = format!("recorded instants must ascend, but number {} is {after}, after {before}", i + 2);
        section.node.error(code::BAD_TRACE, message, "");
    }
    back.is_none() && !times.is_empty()
}

/// A trace of ten instants that starts ten times its length after 0 has absolute time stamps.
fn warn_of_late_start(section: &Section<'_>, times: &[f64]) {
    let (first, last) = (times[0], times[times.len() - 1]);
    if times.len() < 10 || first <= 10.0 * (last - first) {
        return;
    }
    let (start, length) = (format_duration(first), format_duration(last - first));
    let message = format!("the first instant is {start}, but the trace lasts {length} only");
    let place = section.node.key.clone();
    let found = Diagnostic::warning(code::LATE_TRACE, message, place, "nothing happens until then");
    section.node.cx.report(found.help("set `origin = \"first\"` to make the first instant time 0"));
}

/// Whether a process ends by itself.
pub(super) fn is_finite(arrivals: &Arrivals) -> bool {
    matches!(arrivals, Arrivals::Trace { .. } | Arrivals::Schedule { repeat: false, .. })
}
