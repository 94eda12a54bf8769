//! A figure: caption, panels with axes and curves in a grid, and a legend at the right,
//! where it can cover nothing. Knows curves and axes, not what they mean.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, FAINT, GRID, PALETTE, Position, TEXT, draw, fit, text_width};
use super::plane::Plane;
use super::{Caption, Chart, Mark, Table};
use plotters::style::{BLACK, Color, RGBColor};

/// Width of every figure.
pub(super) const WIDTH: f64 = 960.0;
/// Height of the caption.
pub(super) const TOP: f64 = 70.0;
/// Width of the legend.
pub(super) const LEGEND: f64 = 190.0;

/// An estimate with its band, and the theory that goes with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Curve {
    /// Index of the colour.
    pub colour: usize,
    pub points: Vec<Position>,
    /// Outline of the band; may be empty.
    pub band: Vec<Position>,
    /// Dashed; may be empty.
    pub theory: Vec<Position>,
    /// What each point says to the pointer.
    pub says: Vec<String>,
}

/// One pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    pub curves: Vec<Curve>,
    /// The part of x from zero to here was cut off, with what to write there.
    pub cut: Option<(f64, String)>,
}

impl Panel {
    /// Curves over two axes, without a title.
    pub(super) fn new((x, y): (Axis, Axis), curves: Vec<Curve>) -> Panel {
        Panel { title: String::new(), x, y, curves, cut: None }
    }
}

/// How a legend entry is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LegendSample {
    Line(RGBColor),
    Dashed,
    Band,
    Dot(RGBColor),
    Ring(RGBColor),
    /// A dot with the bar of its interval.
    Bar(RGBColor),
    /// A block of colour.
    Block(RGBColor),
}

/// Everything on one sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure<'a> {
    pub caption: &'a Caption,
    pub panels: Vec<Panel>,
    pub columns: usize,
    pub legend: Vec<(LegendSample, String)>,
}

/// Points of a curve that the pointer can find.
const FOUND: usize = 120;

/// The colour of that index.
pub(super) fn colour(i: usize) -> RGBColor {
    PALETTE[i % PALETTE.len()]
}

impl Figure<'_> {
    /// The figure as a chart of that name; the root element carries the axes as `data-panels`.
    pub(super) fn chart(&self, name: &str, table: Table) -> Chart {
        let columns = self.columns.max(1);
        let rows = self.panels.len().div_ceil(columns);
        let height = [400.0, 330.0, 240.0][columns.min(3) - 1];
        let width = (WIDTH - LEGEND - 20.0) / columns as f64;
        let size = (WIDTH, TOP + height * rows as f64 + 10.0);
        let corner = |i: usize| (10.0 + width * (i % columns) as f64, TOP + height * (i / columns) as f64);
        let frame = |(i, panel)| Frame::new(panel, corner(i), width, height);
        let frames: Vec<Frame> = self.panels.iter().enumerate().map(frame).collect();
        let described = frames.iter().map(|frame| frame.plane.describe());
        let attributes = format!(" data-panels='[{}]'", described.collect::<Vec<_>>().join(","));
        let svg = draw(size, &self.caption.title, &attributes, |canvas| {
            caption(canvas, self.caption);
            for (i, frame) in frames.iter().enumerate() {
                let below = self.panels.get(i + columns);
                let beside = self.panels[..i].last().filter(|_| !i.is_multiple_of(columns));
                let x_title = below.is_none_or(|p| p.x.title != frame.panel.x.title);
                let y_title = beside.is_none_or(|p| p.y.title != frame.panel.y.title);
                frame.draw(canvas, (x_title, y_title));
            }
            legend(canvas, &self.legend, (WIDTH - LEGEND + 8.0, TOP + 34.0));
        });
        let marks = frames.iter().flat_map(Frame::marks).collect();
        Chart { name: name.to_string(), title: self.caption.title.clone(), svg, marks, table }
    }
}

/// Title and subtitle.
pub(super) fn caption(canvas: &Canvas, caption: &Caption) {
    let fits = |size: &f64| text_width(&caption.title, *size) <= WIDTH - 44.0;
    let size = [18.0, 16.0, 14.5, 13.0].into_iter().find(fits).unwrap_or(13.0);
    canvas.text(&fit(&caption.title, size, WIDTH - 44.0), (22.0, 26.0), size, TEXT, Anchor::Left);
    canvas.text(&fit(&caption.subtitle, 12.0, WIDTH - 80.0), (22.0, 50.0), 12.0, FAINT, Anchor::Left);
}

/// One entry below the other from the upper left corner; a long one has several lines.
pub(super) fn legend(canvas: &Canvas, entries: &[(LegendSample, String)], corner: Position) {
    let mut y = corner.1;
    for (sample, label) in entries {
        let (from, to) = ((corner.0, y), (corner.0 + 24.0, y));
        match sample {
            LegendSample::Line(colour) => canvas.line(&[from, to], *colour, 2.4),
            LegendSample::Dashed => canvas.dashed(&[from, (to.0 + 2.0, y)], BLACK, 1.3),
            LegendSample::Band => canvas.block((from.0, y - 6.0), (to.0, y + 6.0), FAINT.mix(0.25)),
            LegendSample::Dot(colour) => canvas.dot((corner.0 + 12.0, y), 4.0, *colour, false),
            LegendSample::Ring(colour) => canvas.dot((corner.0 + 12.0, y), 4.0, *colour, true),
            LegendSample::Bar(colour) => {
                let (low, high) = ((corner.0 + 12.0, y + 7.0), (corner.0 + 12.0, y - 7.0));
                canvas.line(&[low, high], *colour, 1.4);
                for end in [low, high] {
                    canvas.line(&[(end.0 - 4.0, end.1), (end.0 + 4.0, end.1)], *colour, 1.4);
                }
            }
            LegendSample::Block(colour) => canvas.block((from.0, y - 6.0), (to.0, y + 6.0), *colour),
        }
        for (i, line) in lines(label, LEGEND - 50.0).iter().enumerate() {
            y += if i > 0 { 15.0 } else { 0.0 };
            canvas.text(line, (corner.0 + 32.0, y), 12.0, TEXT, Anchor::Left);
        }
        y += 20.0;
    }
}

/// The text in lines of that width, broken between words; the third is cut if need be.
fn lines(text: &str, width: f64) -> Vec<String> {
    let (mut lines, mut rest) = (Vec::new(), text);
    while lines.len() < 2 && text_width(rest, 12.0) > width {
        let mut breaks = rest.match_indices(' ').map(|(at, _)| at);
        let Some(at) = breaks.rfind(|at| text_width(&rest[..*at], 12.0) <= width) else { break };
        lines.push(rest[..at].to_string());
        rest = &rest[at + 1..];
    }
    lines.push(fit(rest, 12.0, width));
    lines
}

/// A panel with the rectangle between its axes.
struct Frame<'p> {
    panel: &'p Panel,
    plane: Plane,
}

impl<'p> Frame<'p> {
    fn new(panel: &'p Panel, (x, y): Position, width: f64, height: f64) -> Frame<'p> {
        let (left, right, top, bottom) = (x + 72.0, x + width - 14.0, y + 24.0, y + height - 46.0);
        let plane = Plane { left, right, top, bottom, x: panel.x.clone(), y: panel.y.clone(), second: None };
        Frame { panel, plane }
    }

    /// What the pointer finds: points of the curves, not closer than it can aim.
    fn marks(&self) -> Vec<Mark> {
        let mark = |((x, y), text): (&Position, &String)| {
            let (x, y) = self.plane.at(*x, *y, false);
            Mark { x, y, text: text.clone() }
        };
        let of = |curve: &Curve| -> Vec<Mark> {
            let step = curve.points.len().div_ceil(FOUND).max(1);
            let said = curve.points.iter().zip(&curve.says).step_by(step);
            said.filter(|((x, y), _)| self.plane.holds(*x, *y, false)).map(mark).collect()
        };
        self.panel.curves.iter().flat_map(of).collect()
    }

    /// `titles`: whether the axes x and y are named here, or by the panel below or beside.
    fn draw(&self, canvas: &Canvas, titles: (bool, bool)) {
        let (panel, plane) = (self.panel, &self.plane);
        let room = plane.right - plane.left;
        canvas.text(&fit(&panel.title, 13.0, room), (plane.left, plane.top - 11.0), 13.0, TEXT, Anchor::Left);
        self.shade_cut(canvas);
        self.ticks(canvas);
        panel.curves.iter().for_each(|curve| self.area(canvas, curve));
        panel.curves.iter().for_each(|curve| self.lines(canvas, curve));
        canvas.line(&[(plane.left, plane.top), (plane.left, plane.bottom), (plane.right, plane.bottom)], FAINT, 1.0);
        self.name_cut(canvas);
        if titles.0 {
            let middle = ((plane.left + plane.right) / 2.0, plane.bottom + 36.0);
            canvas.text(&panel.x.title, middle, 12.0, TEXT, Anchor::Centre);
        }
        if titles.1 {
            let middle = (plane.left - 62.0, (plane.top + plane.bottom) / 2.0);
            canvas.text(&panel.y.title, middle, 12.0, TEXT, Anchor::Upward);
        }
    }

    /// Grid lines, and labels where there is room for them.
    fn ticks(&self, canvas: &Canvas) {
        let Plane { left, right, top, bottom, x, y, .. } = &self.plane;
        // From the right: a percentile axis is crowded at its left end.
        let mut free = f64::INFINITY;
        for (value, label) in x.shown().rev() {
            let (x, half) = (self.plane.column(*value), text_width(label, 11.0) / 2.0);
            canvas.line(&[(x, *top), (x, *bottom)], GRID, 1.0);
            if x + half < free {
                canvas.text(label, (x, bottom + 14.0), 11.0, TEXT, Anchor::Centre);
                free = x - half - 4.0;
            }
        }
        y.rows(canvas, (*left, *bottom), (*right, *top));
    }

    fn area(&self, canvas: &Canvas, curve: &Curve) {
        let outline: Vec<Position> = curve.band.iter().map(|(x, y)| self.plane.at(*x, *y, false)).collect();
        if outline.len() > 2 {
            canvas.area(&outline, colour(curve.colour).mix(0.18));
        }
    }

    fn lines(&self, canvas: &Canvas, curve: &Curve) {
        let inside = |points: &[Position]| -> Vec<Position> {
            let held = points.iter().filter(|(x, y)| self.plane.holds(*x, *y, false));
            held.map(|(x, y)| self.plane.at(*x, *y, false)).collect()
        };
        let points = inside(&curve.points);
        match points.as_slice() {
            [] => {}
            [only] => canvas.dot(*only, 3.0, colour(curve.colour), false),
            many => canvas.line(many, colour(curve.colour), 2.0),
        }
        let theory = inside(&curve.theory);
        if theory.len() > 1 {
            canvas.dashed(&theory, BLACK, 1.3);
        }
    }

    fn shade_cut(&self, canvas: &Canvas) {
        if let Some((end, _)) = &self.panel.cut {
            let corner = (self.plane.column(*end), self.plane.bottom);
            canvas.block((self.plane.left, self.plane.top), corner, FAINT.mix(0.10));
        }
    }

    /// The line at the end of the cut, with its text on the side that has room.
    fn name_cut(&self, canvas: &Canvas) {
        let Some((end, label)) = &self.panel.cut else { return };
        let Plane { left, right, top, bottom, .. } = self.plane;
        let x = self.plane.column(*end);
        canvas.dashed(&[(x, top), (x, bottom)], FAINT, 1.2);
        let (room, y) = (text_width(label, 11.0) + 10.0, top + 9.0);
        if right - x > room {
            canvas.text(label, (x + 5.0, y), 11.0, FAINT, Anchor::Left);
        } else if x - left > room {
            canvas.text(label, (x - 5.0, y), 11.0, FAINT, Anchor::Right);
        }
    }
}
