//! A series on the sheet: its band, its line, its dots.

use crate::report::chart::canvas::{Canvas, Position};
use crate::report::chart::forms::{Dot, Series, Style};
use crate::report::chart::plane::Plane;
use crate::report::chart::room::{Room, clip};
use plotters::style::{BLACK, Color, RGBColor};

/// More dots than this in a series are drawn small and without caps.
const MANY: usize = 60;

/// A series as it is drawn.
pub(super) struct Ink<'g> {
    pub(super) series: &'g Series,
    pub(super) dots: Vec<&'g Dot>,
    pub(super) colour: RGBColor,
}

impl Ink<'_> {
    pub(super) fn at(&self, plane: &Plane, dot: &Dot) -> Position {
        plane.at(dot.x, dot.y, self.series.right)
    }

    /// Intervals of a line as a band.
    pub(super) fn band(&self, canvas: &Canvas, plane: &Plane) {
        if !matches!(self.series.style, Style::Line | Style::Steps) {
            return;
        }
        let ends = self.dots.iter().filter_map(|d| Some((d.x, d.interval?)));
        let end = |x, y| plane.at(x, y, self.series.right);
        let upper: Vec<Position> = ends.clone().map(|(x, (_, high))| end(x, high)).collect();
        let lower = ends.rev().map(|(x, (low, _))| end(x, low));
        if upper.len() > 1 {
            canvas.area(&upper.iter().copied().chain(lower).collect::<Vec<_>>(), self.colour.mix(0.18));
        }
    }

    /// The line through the estimates, cut at the border of the plot.
    pub(super) fn lines(&self, canvas: &Canvas, plane: &Plane, room: &mut Room) {
        let mut points: Vec<Position> = self.dots.iter().map(|d| plane.beyond(d.x, d.y, self.series.right)).collect();
        if self.series.style == Style::Steps {
            let corners = points.windows(2).flat_map(|w| [w[0], (w[1].0, w[0].1)]);
            points = corners.chain(points.last().copied()).collect();
        }
        for piece in pieces(&points, plane) {
            piece.windows(2).for_each(|w| room.keep_line(w[0], w[1]));
            match self.series.style {
                Style::Line | Style::Steps => canvas.line(&piece, self.colour, 2.0),
                Style::Dots => canvas.line(&piece, self.colour.mix(0.6), 1.2),
                Style::Theory => canvas.dashed(&piece, BLACK, 1.3),
                Style::Scatter => {}
            }
        }
    }

    /// Dots with the bars of their intervals; of a line, only what stands out.
    pub(super) fn dots(&self, canvas: &Canvas, plane: &Plane, room: &mut Room) {
        let few = self.dots.len() <= MANY;
        let dotted = matches!(self.series.style, Style::Dots | Style::Scatter) || self.dots.len() == 1;
        for dot in self.dots.iter().filter(|d| plane.holds(d.x, d.y, self.series.right)) {
            let at = self.at(plane, dot);
            room.points.push(at);
            if dotted && let Some((low, high)) = dot.interval {
                let (from, to) = self.bar(canvas, plane, (dot.x, low, high), few);
                room.keep_line(from, to);
            }
            if dot.highlight {
                canvas.dot(at, 6.5, self.colour, dot.hollow);
            } else if dot.hollow || (dotted && self.series.style != Style::Theory) {
                canvas.dot(at, if few { 3.6 } else { 1.8 }, self.colour, dot.hollow);
            }
        }
    }

    /// The bar of an interval; yields its ends.
    fn bar(&self, canvas: &Canvas, plane: &Plane, (x, low, high): (f64, f64, f64), caps: bool) -> (Position, Position) {
        let (a, b) = (plane.at(x, low, self.series.right), plane.at(x, high, self.series.right));
        canvas.line(&[a, b], self.colour.mix(0.75), if caps { 1.4 } else { 0.8 });
        for end in [a, b].iter().filter(|_| caps && (a.1 - b.1).abs() > 3.0) {
            canvas.line(&[(end.0 - 4.0, end.1), (end.0 + 4.0, end.1)], self.colour.mix(0.75), 1.4);
        }
        (a, b)
    }
}

/// The parts of a line that lie in the plot.
fn pieces(points: &[Position], plane: &Plane) -> Vec<Vec<Position>> {
    let (from, to) = plane.corners();
    let mut pieces: Vec<Vec<Position>> = Vec::new();
    for pair in points.windows(2) {
        let Some((a, b)) = clip(pair[0], pair[1], from, to) else { continue };
        match pieces.last_mut().filter(|p| p.last() == Some(&a)) {
            Some(piece) => piece.push(b),
            None => pieces.push(vec![a, b]),
        }
    }
    pieces
}
