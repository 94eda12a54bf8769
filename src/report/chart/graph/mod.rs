//! Draws a [`Graph`]: series with intervals over one pair of axes, theory dashed, targets,
//! shaded stretches, and notes beside what matters. A label that would cover another is moved;
//! what finds no room is left to the pointer.

mod labels;
mod range;
mod table;

use super::canvas::{Canvas, FAINT, GRID, Point, draw};
use super::figure::{LEGEND, Sample, TOP, WIDTH, caption as draw_caption, colour, legend};
use super::forms::{Dot, Graph, Series, Style};
use super::plane::Plane;
use super::room::{Room, clip};
use super::{Caption, Chart};
use plotters::style::{BLACK, Color, RGBColor};

/// Height of the sheet.
const HEIGHT: f64 = 500.0;
/// More dots than this in a series are drawn small and without caps.
const MANY: usize = 60;
/// Entries of the legend that have room.
const ENTRIES: usize = 18;

impl Graph {
    /// Draws the graph; without a point that can be drawn, the chart is empty.
    pub fn draw(&self, caption: &Caption) -> Chart {
        let Some(plane) = range::plane(self, (10.0, TOP), (WIDTH - LEGEND - 8.0, HEIGHT - 8.0)) else {
            return Chart::empty(&self.name, &self.title);
        };
        let inked = self.inked(&plane);
        let attributes = format!(" data-panels='[{}]'", plane.describe());
        let mut marks = Vec::new();
        let svg = draw((WIDTH, HEIGHT), &caption.title, &attributes, |canvas| {
            draw_caption(canvas, caption);
            labels::shade_areas(self, canvas, &plane);
            plane.grid(canvas);
            let mut room = Room::new(plane.corners().0, plane.corners().1);
            inked.iter().for_each(|ink| ink.band(canvas, &plane));
            labels::limit_lines(self, canvas, &plane, &mut room);
            inked.iter().for_each(|ink| ink.lines(canvas, &plane, &mut room));
            inked.iter().for_each(|ink| ink.dots(canvas, &plane, &mut room));
            plane.axes(canvas);
            marks = labels::write(self, &inked, canvas, &plane, &mut room);
            legend(canvas, &entries(&inked), (WIDTH - LEGEND + 8.0, TOP + 20.0));
        });
        Chart { name: self.name.clone(), title: self.title.clone(), svg, marks, table: table::table(self) }
    }

    /// The series that have something to draw, each with its colour; theory takes none.
    fn inked(&self, plane: &Plane) -> Vec<Ink<'_>> {
        let mut coloured = 0..;
        let all = self.series.iter().map(|series| {
            let place = if series.style == Style::Theory { None } else { coloured.next() };
            Ink { series, dots: range::drawable(self, series).collect(), colour: place.map_or(BLACK, colour) }
        });
        all.filter(|ink: &Ink| ink.dots.iter().any(|d| plane.x.holds(d.x))).collect()
    }
}

/// A series as it is drawn.
struct Ink<'g> {
    series: &'g Series,
    dots: Vec<&'g Dot>,
    colour: RGBColor,
}

impl Ink<'_> {
    fn at(&self, plane: &Plane, dot: &Dot) -> Point {
        plane.at(dot.x, dot.y, self.series.right)
    }

    /// Intervals of a line as a band.
    fn band(&self, canvas: &Canvas, plane: &Plane) {
        if !matches!(self.series.style, Style::Line | Style::Steps) {
            return;
        }
        let ends = self.dots.iter().filter_map(|d| Some((d.x, d.interval?)));
        let end = |x, y| plane.at(x, y, self.series.right);
        let upper: Vec<Point> = ends.clone().map(|(x, (_, high))| end(x, high)).collect();
        let lower = ends.rev().map(|(x, (low, _))| end(x, low));
        if upper.len() > 1 {
            canvas.area(&upper.iter().copied().chain(lower).collect::<Vec<_>>(), self.colour.mix(0.18));
        }
    }

    /// The line through the estimates, cut at the border of the plot.
    fn lines(&self, canvas: &Canvas, plane: &Plane, room: &mut Room) {
        let mut points: Vec<Point> = self.dots.iter().map(|d| plane.beyond(d.x, d.y, self.series.right)).collect();
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
    fn dots(&self, canvas: &Canvas, plane: &Plane, room: &mut Room) {
        let few = self.dots.len() <= MANY;
        let dotted = matches!(self.series.style, Style::Dots | Style::Scatter) || self.dots.len() == 1;
        for dot in self.dots.iter().filter(|d| plane.x.holds(d.x) && plane.vertical(self.series.right).holds(d.y)) {
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
    fn bar(&self, canvas: &Canvas, plane: &Plane, (x, low, high): (f64, f64, f64), caps: bool) -> (Point, Point) {
        let (a, b) = (plane.at(x, low, self.series.right), plane.at(x, high, self.series.right));
        canvas.line(&[a, b], self.colour.mix(0.75), if caps { 1.4 } else { 0.8 });
        for end in [a, b].iter().filter(|_| caps && (a.1 - b.1).abs() > 3.0) {
            canvas.line(&[(end.0 - 4.0, end.1), (end.0 + 4.0, end.1)], self.colour.mix(0.75), 1.4);
        }
        (a, b)
    }
}

/// The parts of a line that lie in the plot.
fn pieces(points: &[Point], plane: &Plane) -> Vec<Vec<Point>> {
    let (from, to) = plane.corners();
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for pair in points.windows(2) {
        let Some((a, b)) = clip(pair[0], pair[1], from, to) else { continue };
        match pieces.last_mut().filter(|p| p.last() == Some(&a)) {
            Some(piece) => piece.push(b),
            None => pieces.push(vec![a, b]),
        }
    }
    pieces
}

/// The legend: a line per series, one for all theory where there is more of it, and what bands,
/// bars and hollow dots mean.
fn entries(inked: &[Ink]) -> Vec<(Sample, String)> {
    let mut entries: Vec<(Sample, String)> = Vec::new();
    for ink in inked.iter().filter(|i| i.series.style != Style::Theory) {
        let dots = matches!(ink.series.style, Style::Dots | Style::Scatter) || ink.dots.len() == 1;
        let sample = if dots { Sample::Dot(ink.colour) } else { Sample::Line(ink.colour) };
        let side = if ink.series.right { " (right)" } else { "" };
        entries.push((sample, format!("{}{side}", ink.series.label)));
    }
    if entries.len() > ENTRIES {
        let more = entries.len() - ENTRIES;
        entries.truncate(ENTRIES);
        entries.push((Sample::Line(GRID), format!("and {more} more")));
    }
    let mut theories: Vec<&str> = Vec::new();
    for ink in inked.iter().filter(|i| i.series.style == Style::Theory) {
        if !theories.contains(&ink.series.label.as_str()) {
            theories.push(&ink.series.label);
        }
    }
    match theories.as_slice() {
        [] => {}
        [one] => entries.push((Sample::Dashed, (*one).to_string())),
        _ => entries.push((Sample::Dashed, "theory".to_string())),
    }
    entries.extend(meanings(inked));
    entries.retain(|e| !e.1.is_empty());
    entries
}

fn meanings(inked: &[Ink]) -> Vec<(Sample, String)> {
    let has = |ink: &Ink| ink.dots.iter().any(|d| d.interval.is_some());
    let lines = |ink: &&Ink| matches!(ink.series.style, Style::Line | Style::Steps) && ink.dots.len() > 1;
    let dots = |ink: &&Ink| matches!(ink.series.style, Style::Dots | Style::Scatter) || ink.dots.len() == 1;
    let mut out = Vec::new();
    if inked.iter().filter(lines).any(has) {
        out.push((Sample::Band, "interval".to_string()));
    }
    if inked.iter().filter(dots).any(has) {
        out.push((Sample::Bar(FAINT), "interval".to_string()));
    }
    if inked.iter().any(|i| i.dots.iter().any(|d| d.hollow)) {
        out.push((Sample::Ring(FAINT), "missed or unsure".to_string()));
    }
    out
}
