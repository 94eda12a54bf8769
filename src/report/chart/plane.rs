//! A plot rectangle between its axes, perhaps with a second vertical axis at the right: where values
//! lie, grid, ticks, titles.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, FAINT, Position, TEXT, fit, text_width};

/// The rectangle and its axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plane {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x: Axis,
    pub y: Axis,
    pub second: Option<Axis>,
}

/// Size of tick labels.
const SMALL: f64 = 11.0;

fn widest(axis: &Axis) -> f64 {
    axis.shown().map(|t| text_width(&t.1, SMALL)).fold(0.0, f64::max)
}

impl Plane {
    /// Between the corners, with room for ticks and titles inside of them.
    pub(super) fn new(from: Position, to: Position, x: Axis, y: Axis, second: Option<Axis>) -> Plane {
        let right = second.as_ref().map_or(14.0, |a| widest(a) + 34.0);
        let left = from.0 + widest(&y) + 36.0;
        Plane { left, right: to.0 - right, top: from.1 + 10.0, bottom: to.1 - 46.0, x, y, second }
    }

    /// The vertical axis at that side.
    pub(super) fn vertical(&self, right: bool) -> &Axis {
        self.second.as_ref().filter(|_| right).unwrap_or(&self.y)
    }

    /// Whether a point lies inside.
    pub(super) fn holds(&self, x: f64, y: f64, right: bool) -> bool {
        self.x.holds(x) && self.vertical(right).holds(y)
    }

    /// Where a point lies; outside values at the border.
    pub(super) fn at(&self, x: f64, y: f64, right: bool) -> Position {
        (self.column(x), self.vertical(right).pixel(y, self.bottom, self.top))
    }

    /// Pixels of an x.
    pub(super) fn column(&self, x: f64) -> f64 {
        self.x.pixel(x, self.left, self.right)
    }

    /// Where a point lies, outside values beyond the border (but not by much more than a sheet).
    pub(super) fn beyond(&self, x: f64, y: f64, right: bool) -> Position {
        let vertical = self.vertical(right);
        let far = |pixel: f64| pixel.clamp(-5e3, 5e3);
        (far(self.x.free(x, self.left, self.right)), far(vertical.free(y, self.bottom, self.top)))
    }

    /// Upper left and lower right corner.
    pub(super) fn corners(&self) -> (Position, Position) {
        ((self.left, self.top), (self.right, self.bottom))
    }

    /// The plot rectangle and the ranges of its axes as JSON.
    pub(super) fn describe(&self) -> String {
        let axis = |a: &Axis| serde_json::json!({ "min": a.min, "max": a.max, "log": a.log });
        let area = [self.left, self.top, self.right, self.bottom];
        serde_json::json!({ "area": area, "x": axis(&self.x), "y": axis(&self.y) }).to_string()
    }

    /// Grid lines with labels where there is room for them.
    pub(super) fn grid(&self, canvas: &Canvas) {
        let (from, to) = ((self.left, self.bottom), (self.right, self.top));
        self.x.columns(canvas, from, to, 14.0);
        self.y.rows(canvas, from, to);
        for (value, label) in self.second.iter().flat_map(Axis::shown) {
            let y = self.at(self.x.min, *value, true).1;
            canvas.line(&[(self.right, y), (self.right + 4.0, y)], FAINT, 1.0);
            canvas.text(label, (self.right + 7.0, y), SMALL, TEXT, Anchor::Left);
        }
    }

    /// The axes themselves and their titles.
    pub(super) fn axes(&self, canvas: &Canvas) {
        let corner = (self.left, self.bottom);
        canvas.line(&[(self.left, self.top), corner, (self.right, self.bottom)], FAINT, 1.0);
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        let middle = ((self.left + self.right) / 2.0, self.bottom + 36.0);
        canvas.text(&fit(&self.x.title, 12.0, width), middle, 12.0, TEXT, Anchor::Centre);
        let centre = (self.top + self.bottom) / 2.0;
        let beside = self.left - widest(&self.y) - 22.0;
        canvas.text(&fit(&self.y.title, 12.0, height), (beside, centre), 12.0, TEXT, Anchor::Upward);
        if let Some(axis) = &self.second {
            canvas.line(&[(self.right, self.top), (self.right, self.bottom)], FAINT, 1.0);
            let beside = self.right + widest(axis) + 22.0;
            canvas.text(&fit(&axis.title, 12.0, height), (beside, centre), 12.0, TEXT, Anchor::Upward);
        }
    }
}
