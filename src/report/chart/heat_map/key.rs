//! How a map is read: the colours of its values, a bar with ticks or two words, and what
//! contour, hatching and marks mean.

use super::hatch::{GREY, hatch};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, FAINT, PALETTE, Position, TEXT, fit};
use crate::report::chart::figure::LEGEND;
use crate::report::chart::forms::{CellValue, HeatMap};
use crate::report::chart::ramp::ramp;
use crate::report::chart::say;
use plotters::style::{BLACK, RGBColor, WHITE};

/// Height of the colour bar.
const BAR: f64 = 170.0;
const ROOM: f64 = LEGEND - 22.0;

/// What a legend entry shows.
#[derive(Debug, Clone, PartialEq)]
enum Sign {
    Colour(RGBColor),
    Hatched,
    Dash,
    Contour,
    Question,
}

/// The key of one map.
pub(super) struct MapKey {
    axis: Axis,
    phases: Option<(String, String)>,
    limit: Option<f64>,
    signs: Vec<(Sign, String)>,
}

/// The colours of yes and no.
const PHASES: (RGBColor, RGBColor) = (PALETTE[5], PALETTE[1]);

impl MapKey {
    pub(super) fn of(map: &HeatMap) -> MapKey {
        let values = map.cells.iter().filter_map(|c| match c {
            CellValue::Estimate(v, _) if v.is_finite() && (!map.value.log || *v > 0.0) => Some(*v),
            _ => None,
        });
        let range = values.fold((f64::INFINITY, f64::NEG_INFINITY), |r, v| (r.0.min(v), r.1.max(v)));
        let range = if range.0 <= range.1 { range } else { (0.0, 1.0) };
        let mut axis = Axis::around(&map.value, range, 5);
        if range.1 - range.0 > 1e-9 * range.1.abs().max(range.0.abs()) {
            (axis.min, axis.max) = range;
        }
        let limit = map.limit.as_ref().map(|l| l.0);
        MapKey { axis, phases: map.phases.clone(), limit, signs: signs(map) }
    }

    pub(super) fn height(&self) -> f64 {
        let scale = if self.phases.is_some() { 60.0 } else { BAR + 60.0 };
        scale + 24.0 * self.signs.len() as f64 + 20.0
    }

    pub(super) fn colour(&self, v: f64) -> RGBColor {
        match self.phases {
            Some(_) if v >= 0.5 => PHASES.0,
            Some(_) => PHASES.1,
            None => ramp(self.axis.pixel(v, 0.0, 1.0)),
        }
    }

    /// What is written into a cell: value and half-width, or the word of the phase and the share.
    pub(super) fn texts(&self, map: &HeatMap, v: f64, interval: Option<(f64, f64)>) -> (String, String) {
        if let Some((yes, no)) = &self.phases {
            let share = if v > 0.0 && v < 1.0 { format!("{:.0} %", 100.0 * v) } else { String::new() };
            return (if v >= 0.5 { yes } else { no }.clone(), share);
        }
        let unsure = self.limit.zip(interval).is_some_and(|(l, (low, high))| low <= l && l < high);
        let mark = if unsure { " ?" } else { "" };
        let half = interval.map(|(low, high)| (high - low) / 2.0).filter(|half| half.is_finite());
        let half = half.map_or(String::new(), |half| format!("± {}", say::rough(half, map.value.unit)));
        (format!("{}{mark}", say::brief(v, map.value.unit)), half)
    }

    pub(super) fn draw(&self, canvas: &Canvas, corner: Position) {
        let mut y = corner.1;
        if self.phases.is_none() {
            canvas.text(&fit(&self.axis.title, 12.0, ROOM), (corner.0, y), 12.0, TEXT, Anchor::Left);
            self.bar(canvas, (corner.0, y + 16.0));
            y += BAR + 40.0;
        }
        for (sign, label) in &self.signs {
            sign.draw(canvas, (corner.0, y));
            canvas.text(&fit(label, 12.0, ROOM - 30.0), (corner.0 + 32.0, y), 12.0, TEXT, Anchor::Left);
            y += 24.0;
        }
    }

    fn bar(&self, canvas: &Canvas, (x, top): Position) {
        let step = BAR / 85.0;
        for i in 0..85 {
            let y = top + BAR - step * f64::from(i + 1);
            canvas.block((x, y), (x + 18.0, y + step + 0.3), ramp((f64::from(i) + 0.5) / 85.0));
        }
        let mut free = f64::INFINITY;
        for (value, label) in self.axis.shown() {
            let y = self.axis.pixel(*value, top + BAR, top);
            if y + 7.0 < free {
                canvas.line(&[(x + 18.0, y), (x + 22.0, y)], FAINT, 1.0);
                canvas.text(label, (x + 26.0, y), 11.0, TEXT, Anchor::Left);
                free = y - 7.0;
            }
        }
    }
}

impl Sign {
    fn draw(&self, canvas: &Canvas, (x, y): Position) {
        let (from, to) = ((x, y - 7.0), (x + 24.0, y + 7.0));
        match self {
            Sign::Colour(colour) => canvas.block(from, to, *colour),
            Sign::Hatched => hatch(canvas, from, to),
            Sign::Dash => {
                canvas.frame(from, to, GREY, 1.0);
                canvas.text("–", (x + 12.0, y), 11.0, FAINT, Anchor::Centre);
            }
            Sign::Contour => {
                canvas.line(&[(x, y), (x + 24.0, y)], WHITE, 5.0);
                canvas.line(&[(x, y), (x + 24.0, y)], BLACK, 2.4);
            }
            Sign::Question => canvas.text("?", (x + 12.0, y), 12.0, TEXT, Anchor::Centre),
        }
    }
}

fn signs(map: &HeatMap) -> Vec<(Sign, String)> {
    let mut signs = Vec::new();
    if let Some((yes, no)) = &map.phases {
        signs.push((Sign::Colour(PHASES.0), yes.clone()));
        signs.push((Sign::Colour(PHASES.1), no.clone()));
    }
    if let Some((limit, label)) = &map.limit {
        let label = if label.is_empty() { say::plain(*limit, map.value.unit) } else { label.clone() };
        signs.push((Sign::Contour, label));
        let crosses = |c: &CellValue| matches!(c, CellValue::Estimate(_, Some((l, h))) if l <= limit && limit < h);
        if map.phases.is_none() && map.cells.iter().any(crosses) {
            signs.push((Sign::Question, "interval on both sides".to_string()));
        }
    }
    if map.cells.contains(&CellValue::Unstable) {
        signs.push((Sign::Hatched, "no steady state".to_string()));
    }
    let full = map.cells.len() >= map.columns.len() * map.rows.len();
    if !full || map.cells.iter().any(|c| matches!(c, CellValue::Missing(_))) {
        signs.push((Sign::Dash, "no number".to_string()));
    }
    signs
}
