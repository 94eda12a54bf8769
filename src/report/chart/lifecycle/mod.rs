//! The message state diagram: a box for each state that occurred with the mean time of a
//! visit, an arrow for each transition with its probability, final states with their share
//! of the messages that ended. Reads the report only; the states have fixed places, so two
//! diagrams can be compared.

mod layout;

use self::layout::{Arrow, BOX, StateLayout, StatePlace, two_lines};
use super::canvas::{Anchor, Canvas, FAINT, PALETTE, Position, TEXT, draw, fit};
use super::figure::{WIDTH, caption as draw_caption};
use super::say::{cell, lines};
use super::{Caption, Chart, Mark, Table};
use crate::experiment::result::LifecycleReport;
use crate::report::numbers::{count, percent, time};
use plotters::style::{Color, RGBColor, WHITE};

/// The diagram; `None` where nothing happened.
///
/// The width of an arrow grows with its probability; intervals are those of the report.
pub fn lifecycle(report: &LifecycleReport, caption: &Caption) -> Option<Chart> {
    if report.transitions.is_empty() {
        return None;
    }
    let layout = StateLayout::of(report);
    let svg = draw((WIDTH, layout.height), &caption.title, "", |canvas| {
        draw_caption(canvas, caption);
        layout.arrows.iter().for_each(|arrow| draw_arrow(canvas, arrow));
        layout.places.iter().for_each(|place| draw_state(canvas, place, report));
        layout.arrows.iter().for_each(|arrow| draw_label(canvas, arrow));
        let key = "arrow: probability of the next state · box: mean time per visit · \
                   coloured box: share of the messages that ended";
        canvas.text(key, (22.0, layout.height - 18.0), 11.0, FAINT, Anchor::Left);
    });
    let marks = marks(&layout, report);
    Some(Chart { name: "lifecycle".into(), title: caption.title.clone(), svg, marks, table: table(report) })
}

/// Every box and every arrow with its numbers.
fn marks(layout: &StateLayout, report: &LifecycleReport) -> Vec<Mark> {
    let state = |p: &StatePlace| {
        let visits = report.times.iter().find(|t| t.state == p.state);
        let visits = visits.map_or(String::new(), |t| format!("{} visits", count(t.visits)));
        let what = if report.outcomes.contains_key(&p.state) { "share of the ended" } else { "mean time per visit" };
        let detail = detail(&p.state, report);
        let detail = if detail.is_empty() { detail } else { format!("{what}: {detail}") };
        Mark { x: p.centre.0, y: p.centre.1, text: lines(&[&p.state, &detail, &visits]) }
    };
    let arrow = |a: &Arrow| {
        let times = report.transitions.iter().find(|t| t.from == a.from && t.to == a.to).map_or(0, |t| t.count);
        let text = [format!("{} → {}", a.from, a.to), percent(&a.probability), format!("{} times", count(times))];
        Mark { x: a.label.0, y: a.label.1, text: lines(&text.each_ref().map(String::as_str)) }
    };
    layout.places.iter().map(state).chain(layout.arrows.iter().map(arrow)).collect()
}

/// One line per arrow.
fn table(report: &LifecycleReport) -> Table {
    let columns = ["from", "to", "count", "probability", "low", "high"].map(String::from).to_vec();
    let lines = report.transitions.iter().map(|t| {
        let numbers = [Some(t.probability.value), t.probability.low, t.probability.high].map(cell);
        [t.from.clone(), t.to.clone(), t.count.to_string()].into_iter().chain(numbers).collect()
    });
    Table { columns, lines: lines.collect() }
}

fn tint(state: &str) -> Option<RGBColor> {
    Some(match state {
        "acked" => PALETTE[2],
        "dead_lettered" => PALETTE[4],
        "expired" => PALETTE[3],
        "dropped" | "lost" => PALETTE[1],
        "refused" | "unroutable" => PALETTE[5],
        _ => return None,
    })
}

fn draw_state(canvas: &Canvas, place: &StatePlace, report: &LifecycleReport) {
    let (x, y) = place.centre;
    let (from, to) = ((x - BOX.0, y - BOX.1), (x + BOX.0, y + BOX.1));
    let colour = tint(&place.state);
    canvas.block(from, to, WHITE);
    canvas.block(from, to, colour.unwrap_or(FAINT).mix(if colour.is_some() { 0.22 } else { 0.08 }));
    canvas.frame(from, to, colour.unwrap_or(FAINT), 1.4);
    let detail = detail(&place.state, report);
    let line = if detail.is_empty() { y } else { y - 8.0 };
    canvas.text(&fit(&place.state, 13.0, 2.0 * BOX.0 - 8.0), (x, line), 13.0, TEXT, Anchor::Centre);
    canvas.text(&fit(&detail, 11.0, 2.0 * BOX.0 - 4.0), (x, y + 10.0), 11.0, TEXT, Anchor::Centre);
}

/// Share of the outcomes for a final state, mean time for another.
fn detail(state: &str, report: &LifecycleReport) -> String {
    if let Some(share) = report.outcomes.get(state) {
        return percent(share);
    }
    let mean = report.times.iter().find(|t| t.state == state).and_then(|t| t.mean_s);
    mean.map_or(String::new(), |m| time(&m))
}

fn draw_arrow(canvas: &Canvas, arrow: &Arrow) {
    let width = 1.2 + 4.0 * arrow.probability.value.clamp(0.0, 1.0);
    let (tip, back) = (arrow.curve.at(1.0), arrow.curve.before_end(7.0 + width));
    let length = (tip.0 - back.0).hypot(tip.1 - back.1).max(1e-6);
    let along = ((tip.0 - back.0) / length, (tip.1 - back.1) / length);
    let side = 3.0 + width * 0.8;
    let wing = |s: f64| (back.0 - s * side * along.1, back.1 + s * side * along.0);
    let ink = FAINT.mix(0.9);
    let mut line: Vec<Position> = (0..=40).map(|i| arrow.curve.at(f64::from(i) / 40.0)).collect();
    line.retain(|p| (p.0 - tip.0).hypot(p.1 - tip.1) >= length);
    line.push(back);
    canvas.line(&line, ink, width);
    canvas.area(&[tip, wing(1.0), wing(-1.0)], ink);
}

fn draw_label(canvas: &Canvas, arrow: &Arrow) {
    let (value, half) = two_lines(&arrow.probability);
    let ((x, y), (w, h)) = (arrow.label, layout::label_size(&arrow.probability));
    canvas.block((x - w / 2.0, y - h / 2.0), (x + w / 2.0, y + h / 2.0), WHITE.mix(0.85));
    if half.is_empty() {
        return canvas.text(&value, (x, y), 11.0, TEXT, Anchor::Centre);
    }
    canvas.text(&value, (x, y - 6.5), 11.0, TEXT, Anchor::Centre);
    canvas.text(&half, (x, y + 6.5), 10.0, FAINT, Anchor::Centre);
}
