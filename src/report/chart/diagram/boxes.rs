//! The boxes of a diagram: a part with its name, its most telling property and what was measured.

use super::text::{at, clean};
use crate::experiment::model_summary::{Part, PartKind};
use crate::experiment::result::ResultSet;
use crate::report::chart::canvas::fit;
use crate::report::numbers::plus_minus;
use crate::report::rows::whole;
use crate::row::{Metric, Row, Source, Statistic};
use crate::units::significant;
use maud::{Markup, html};

/// Width of a box.
pub(super) const WIDTH: f64 = 148.0;
/// Height of a box.
pub(super) const HEIGHT: f64 = 68.0;

/// What was measured at a part.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Figures {
    /// As text.
    text: String,
    /// Share of servers busy.
    utilization: Option<f64>,
    /// Messages are lost here.
    losing: bool,
}

/// The number of a part, of all classes and of no point in particular.
fn row<'s>(set: &'s ResultSet, part: &Part, metric: Metric, statistic: Statistic) -> Option<&'s Row> {
    let known = |r: &&Row| matches!(r.source, Source::Simulation | Source::Exact);
    whole(set).filter(known).find(|r| r.name == part.name && r.metric == metric && r.statistic == statistic)
}

/// The numbers of a part: utilization of consumers, queue length and loss of queues.
pub(super) fn figures(set: &ResultSet, part: &Part) -> Figures {
    let value = |metric, statistic| row(set, part, metric, statistic).and_then(|r| r.value);
    match part.kind {
        PartKind::Consumer => {
            let busy = value(Metric::Utilization, Statistic::Mean);
            let text = busy.map_or(String::new(), |v| format!("{:.1} % busy", 100.0 * v));
            Figures { text, utilization: busy, losing: false }
        }
        PartKind::Queue => {
            let waiting = value(Metric::QueueLength, Statistic::Mean).filter(|v| *v > 0.0);
            let waiting = waiting.map(|v| format!("{} waiting", significant(v, 3)));
            let loss = value(Metric::ProbLoss, Statistic::Fraction).filter(|p| *p > 0.0);
            let lost = loss.map(|p| format!("{} % lost", significant(100.0 * p, 3)));
            Figures { text: lost.or(waiting).unwrap_or_default(), utilization: None, losing: loss.is_some() }
        }
        _ => Figures::default(),
    }
}

/// What the pointer finds at a part: its name and property, and its main numbers with their intervals.
pub(super) fn says(set: &ResultSet, part: &Part) -> String {
    let mut lines = vec![format!("{} {}", look(part.kind).2, part.name)];
    lines.extend((!part.detail.is_empty()).then(|| part.detail.clone()));
    let wanted = [
        (Metric::ArrivalRate, Statistic::Mean),
        (Metric::Utilization, Statistic::Mean),
        (Metric::QueueLength, Statistic::Mean),
        (Metric::Wait, Statistic::Mean),
        (Metric::Wait, Statistic::Quantile(0.99)),
        (Metric::ProbLoss, Statistic::Fraction),
    ];
    lines.extend(wanted.into_iter().filter_map(|(metric, statistic)| {
        let name = format!("{metric} {statistic}").replace('_', " ");
        let row = row(set, part, metric, statistic)?;
        Some(format!("{name}: {}", plus_minus(row.value?, row.half_width(), row.unit)))
    }));
    lines.join("\n")
}

/// The colours of a kind: fill, outline; and its word.
fn look(kind: PartKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        PartKind::Producer => ("#eaf3f9", "#0072b2", "producer"),
        PartKind::Exchange => ("#fdf4e3", "#a36a00", "exchange"),
        PartKind::Queue => ("#e8f6f1", "#00785a", "queue"),
        PartKind::Consumer => ("#faeff5", "#a04b7d", "consumer"),
    }
}

/// A box whose upper left corner is at `corner`.
pub(super) fn part_box(part: &Part, figures: &Figures, corner: (f64, f64)) -> Markup {
    let (fill, outline, word) = look(part.kind);
    let radius = if part.kind == PartKind::Exchange { 14.0 } else { 6.0 };
    let (x, y) = corner;
    let room = if part.kind == PartKind::Queue { WIDTH - 38.0 } else { WIDTH - 24.0 };
    let line = |text: &str, size: f64, dy: f64, colour: &str| {
        html! {
            text x=(at(x + 12.0)) y=(at(y + dy)) font-size=(size) fill=(colour) {
                (clean(&fit(text, size, room)))
            }
        }
    };
    let says = [word, &part.name, &part.detail, &figures.text].map(clean);
    html! {
        g {
            title { (says[0]) " " (says[1]) @for more in &says[2..] { @if !more.is_empty() { ", " (more) } } }
            rect x=(at(x)) y=(at(y)) width=(at(WIDTH)) height=(at(HEIGHT)) rx=(at(radius))
                fill=(fill) stroke=(outline) stroke-width="1.4" {}
            (ornament(part.kind, corner, outline))
            (line(word, 10.0, 15.0, outline))
            (line(&part.name, 13.5, 31.0, "#1c2126"))
            (line(&part.detail, 10.5, 46.0, "#4a535b"))
            (line(&figures.text, 10.5, 60.0, if figures.losing { "#b23b00" } else { "#1c2126" }))
            @if let Some(busy) = figures.utilization { (gauge(busy, corner)) }
        }
    }
}

/// Bars at the end of a queue: messages that wait.
fn ornament(kind: PartKind, (x, y): (f64, f64), colour: &str) -> Markup {
    html! {
        @if kind == PartKind::Queue {
            @for i in 0..3 {
                rect x=(at(x + WIDTH - 11.0 - 7.0 * f64::from(i))) y=(at(y + 8.0)) width="4" height="14" rx="1"
                    fill=(colour) fill-opacity="0.45" {}
            }
        }
    }
}

/// How busy the servers are, along the lower edge.
fn gauge(busy: f64, (x, y): (f64, f64)) -> Markup {
    let room = WIDTH - 96.0;
    let colour = if busy >= 0.9 { "#b23b00" } else { "#a04b7d" };
    html! {
        rect x=(at(x + 84.0)) y=(at(y + 54.0)) width=(at(room)) height="6" rx="3" fill="#d9cdd4" {}
        rect x=(at(x + 84.0)) y=(at(y + 54.0)) width=(at(room * busy.clamp(0.0, 1.0))) height="6" rx="3"
            fill=(colour) {}
    }
}
