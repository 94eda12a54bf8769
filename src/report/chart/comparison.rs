//! Simulation against theory: for every quantity both know, the difference in half-widths
//! of the confidence interval. Dots in the band agree.

use super::canvas::{Anchor, Canvas, FAINT, GRID, PALETTE, TEXT, draw, fit, text_width};
use super::figure::{LEGEND, LegendSample, TOP, WIDTH, caption as draw_caption, legend};
use super::say::{cell, estimate, lines, plain};
use super::{Caption, Chart, Mark, Table};
use crate::experiment::result::{ResultSet, TheoryCheck};
use crate::row::{Row, Scope, Source};
use plotters::style::{BLACK, Color, RGBColor};

/// More entries than this: the largest differences are shown.
const MOST: usize = 60;
const LINE: f64 = 18.0;
/// Labels wider than this are cut.
const WIDEST: f64 = 290.0;
const RIGHT: f64 = WIDTH - LEGEND - 16.0;

struct Entry {
    label: String,
    /// (simulated - theory) / half-width.
    distance: f64,
    exact: bool,
    /// Both numbers, for the pointer.
    words: String,
}

/// The chart; `None` where nothing was compared.
///
/// With intervals of 95 %, theory lies in the band for 95 of 100 quantities if it is right.
pub fn comparison(set: &ResultSet, caption: &Caption) -> Option<Chart> {
    let (entries, left_out) = entries(set);
    if entries.is_empty() {
        return None;
    }
    let scale = RatioScale::of(&entries);
    let bottom = TOP + 16.0 + LINE * entries.len() as f64;
    let height = (bottom + 62.0).max(TOP + 130.0);
    let level = (set.provenance.level * 1000.0).round() / 10.0;
    let line = |i: usize| TOP + 14.0 + LINE * (i as f64 + 0.5);
    let svg = draw((WIDTH, height), &caption.title, "", |canvas| {
        draw_caption(canvas, caption);
        scale.draw(canvas, bottom, level);
        if left_out > 0 {
            let text = format!("{left_out} smaller differences are not shown");
            canvas.text(&text, (22.0, bottom + 36.0), 11.0, FAINT, Anchor::Left);
        }
        for (i, entry) in entries.iter().enumerate() {
            draw_entry(canvas, entry, line(i), &scale);
        }
        legend(canvas, &samples(&entries, level), (WIDTH - LEGEND + 8.0, TOP + 24.0));
    });
    let mark = |(i, e): (usize, &Entry)| Mark { x: scale.x(e.distance), y: line(i), text: e.words.clone() };
    let marks = entries.iter().enumerate().map(mark).collect();
    Some(Chart { name: "comparison".into(), title: caption.title.clone(), svg, marks, table: table(set) })
}

/// Every pair, drawn or not.
fn table(set: &ResultSet) -> Table {
    let columns = ["quantity", "unit", "simulated", "low", "high", "theory", "method", "difference in half-widths"];
    let line = |c: &TheoryCheck| {
        let (s, t) = (set.rows.get(c.simulated)?, set.rows.get(c.theory)?);
        let numbers = [s.value, s.low, s.high, t.value].map(cell);
        let named = [label(s), s.unit.to_string()].into_iter().chain(numbers);
        Some(named.chain([t.how(), cell(c.half_widths)]).collect())
    };
    let lines = set.validation.iter().filter_map(line).collect();
    Table { columns: columns.map(String::from).to_vec(), lines }
}

fn words(simulated: &Row, theory: &Row, distance: f64) -> String {
    let number = |row: &Row| {
        let value = |v| estimate(v, row.low.zip(row.high), row.unit);
        row.value.map_or("none".to_string(), value)
    };
    let exact = theory.value.map_or("none".to_string(), |v| plain(v, theory.unit));
    let theory = format!("{}: {exact}", theory.how());
    let apart = format!("{distance:+.2} half-widths");
    lines(&[&label(simulated), &format!("simulated: {}", number(simulated)), &theory, &apart])
}

/// Half-widths from `-reach` to `reach` between `left` and [`RIGHT`].
struct RatioScale {
    left: f64,
    reach: f64,
}

impl RatioScale {
    fn of(entries: &[Entry]) -> RatioScale {
        let widest = entries.iter().map(|e| text_width(&e.label, 11.5)).fold(60.0, f64::max);
        let farthest = entries.iter().map(|e| e.distance.abs()).fold(0.0, f64::max);
        RatioScale { left: widest.min(WIDEST) + 34.0, reach: farthest.ceil().clamp(3.0, 6.0) }
    }

    fn x(&self, distance: f64) -> f64 {
        let share = (distance.clamp(-self.reach, self.reach) + self.reach) / (2.0 * self.reach);
        self.left + (RIGHT - self.left) * share
    }

    fn draw(&self, canvas: &Canvas, bottom: f64, level: f64) {
        let top = TOP + 6.0;
        canvas.block((self.x(-1.0), top), (self.x(1.0), bottom), FAINT.mix(0.14));
        for tick in -(self.reach as i32)..=(self.reach as i32) {
            let x = self.x(f64::from(tick));
            canvas.line(&[(x, top), (x, bottom)], GRID, 1.0);
            let text = if tick == 0 { "0".to_string() } else { format!("{tick:+}") };
            canvas.text(&text, (x, bottom + 13.0), 11.0, TEXT, Anchor::Centre);
        }
        canvas.line(&[(self.x(0.0), top), (self.x(0.0), bottom)], BLACK, 1.0);
        let title = format!("simulated minus theory, in half-widths of the {level} % interval");
        canvas.text(&title, (self.x(0.0), bottom + 36.0), 12.0, TEXT, Anchor::Centre);
    }
}

fn entries(set: &ResultSet) -> (Vec<Entry>, usize) {
    let of = |c: &TheoryCheck| {
        let (simulated, theory) = (set.rows.get(c.simulated)?, set.rows.get(c.theory)?);
        let distance = c.half_widths.filter(|d| d.is_finite())?;
        let exact = theory.source == Source::Exact;
        Some(Entry { label: label(simulated), distance, exact, words: words(simulated, theory, distance) })
    };
    let all: Vec<Entry> = set.validation.iter().filter_map(of).collect();
    let mut largest: Vec<usize> = (0..all.len()).collect();
    largest.sort_by(|&a, &b| all[b].distance.abs().total_cmp(&all[a].distance.abs()));
    let dropped: Vec<usize> = largest.split_off(MOST.min(all.len()));
    let kept = all.into_iter().enumerate().filter(|(i, _)| !dropped.contains(i)).map(|(_, e)| e);
    (kept.collect(), dropped.len())
}

/// `orders.wait.p99`, as targets are written.
fn label(row: &Row) -> String {
    let class = row.class.as_ref().map_or(String::new(), |c| format!(" [{c}]"));
    match row.scope {
        Scope::System => format!("{}.{}{class}", row.metric, row.statistic),
        _ => format!("{}.{}.{}{class}", row.name, row.metric, row.statistic),
    }
}

fn samples(entries: &[Entry], level: f64) -> Vec<(LegendSample, String)> {
    let any = |of: fn(&Entry) -> bool| entries.iter().any(of);
    let samples = [
        (any(|e| e.exact), LegendSample::Dot(PALETTE[0]), "exact theory"),
        (any(|e| !e.exact), LegendSample::Ring(PALETTE[0]), "approximation"),
        (any(|e| e.distance.abs() > 1.0), LegendSample::Dot(PALETTE[1]), "outside"),
    ];
    let shown = samples.into_iter().filter(|(shown, ..)| *shown).map(|(_, sample, text)| (sample, text.to_string()));
    shown.chain([(LegendSample::Band, format!("{level} % interval"))]).collect()
}

fn draw_entry(canvas: &Canvas, entry: &Entry, y: f64, scale: &RatioScale) {
    canvas.text(&fit(&entry.label, 11.5, WIDEST), (scale.left - 12.0, y), 11.5, TEXT, Anchor::Right);
    let (x, zero) = (scale.x(entry.distance), scale.x(0.0));
    let colour = if entry.distance.abs() <= 1.0 { PALETTE[0] } else { PALETTE[1] };
    canvas.line(&[(zero, y), (x, y)], colour.mix(0.5), 1.2);
    if entry.distance.abs() <= scale.reach {
        return canvas.dot((x, y), 4.0, colour, !entry.exact);
    }
    // Off the scale: an arrow head at the edge with the number inside of it.
    let side = entry.distance.signum();
    canvas.area(&[(x, y), (x - 9.0 * side, y - 5.0), (x - 9.0 * side, y + 5.0)], colour);
    let anchor = if side > 0.0 { Anchor::Right } else { Anchor::Left };
    let text =
        if entry.distance.abs() < 1e4 { format!("{:+.1}", entry.distance) } else { format!("{:+.0e}", entry.distance) };
    let at = (x - 14.0 * side, y);
    let width = text_width(&text, 11.0);
    canvas.block((at.0, y - 7.0), (at.0 - width * side, y + 7.0), RGBColor(255, 255, 255).mix(0.9));
    canvas.text(&text, at, 11.0, TEXT, anchor);
}
