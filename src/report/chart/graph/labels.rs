//! What is written into a graph, and what the pointer finds: targets, shaded stretches, notes.

use super::ink::Ink;
use crate::report::chart::Mark;
use crate::report::chart::canvas::{Anchor, Canvas, FAINT, PALETTE, Position, TEXT, fit, text_width};
use crate::report::chart::forms::{Dot, Graph, Limit, Shade};
use crate::report::chart::plane::Plane;
use crate::report::chart::room::Room;
use crate::report::chart::say;
use plotters::style::{Color, RGBColor, WHITE};

const SMALL: f64 = 11.0;
/// Notes wider than this are cut.
const WIDEST: f64 = 260.0;
/// Targets and operating points.
const LIMIT: RGBColor = PALETTE[1];

/// Shaded stretches, below everything else.
pub(super) fn shade_areas(graph: &Graph, canvas: &Canvas, plane: &Plane) {
    for shade in &graph.shades {
        if let Some((from, to)) = extent(shade, plane) {
            canvas.block((from, plane.top), (to, plane.bottom), FAINT.mix(0.13));
        }
    }
}

/// The part of a shaded extent that is on the sheet, in pixels.
fn extent(shade: &Shade, plane: &Plane) -> Option<(f64, f64)> {
    let (from, to) = (plane.column(shade.from), plane.column(shade.to));
    (!shade.from.is_nan() && !shade.to.is_nan() && to - from > 0.5).then_some((from, to))
}

fn limit_ends(limit: &Limit, plane: &Plane) -> Option<(Position, Position)> {
    if limit.upright {
        let x = plane.column(limit.at);
        return plane.x.holds(limit.at).then_some(((x, plane.top), (x, plane.bottom)));
    }
    let y = plane.at(plane.x.min, limit.at, false).1;
    plane.y.holds(limit.at).then_some(((plane.left, y), (plane.right, y)))
}

/// The lines of targets and operating points.
pub(super) fn limit_lines(graph: &Graph, canvas: &Canvas, plane: &Plane, room: &mut Room) {
    for (a, b) in graph.limits.iter().filter_map(|l| limit_ends(l, plane)) {
        canvas.dashed(&[a, b], LIMIT, 1.5);
        room.keep_line(a, b);
    }
}

/// Every text in the plot, the most telling first, and every place that has something to say.
pub(super) fn write(graph: &Graph, inked: &[Ink], canvas: &Canvas, plane: &Plane, room: &mut Room) -> Vec<Mark> {
    let mut marks = Vec::new();
    for ink in inked {
        for dot in ink.dots.iter().filter(|d| plane.holds(d.x, d.y, ink.series.right)) {
            let (x, y) = ink.at(plane, dot);
            marks.push(Mark { x, y, text: words(graph, ink, dot) });
        }
    }
    for ink in inked {
        for dot in ink.dots.iter().filter(|d| d.highlight && !d.note.is_empty()) {
            note(canvas, &dot.note, ink.at(plane, dot), room);
        }
    }
    for limit in &graph.limits {
        marks.extend(name_limit(limit, canvas, plane, room));
    }
    for shade in &graph.shades {
        marks.extend(name_shade(shade, canvas, plane, room));
    }
    marks
}

/// Series, abscissa, estimate with interval, note.
fn words(graph: &Graph, ink: &Ink, dot: &Dot) -> String {
    let vertical = graph.right.as_ref().filter(|_| ink.series.right).unwrap_or(&graph.y);
    let x = format!("{}: {}", graph.x.title, say::plain(dot.x, graph.x.unit));
    let y = format!("{}: {}", vertical.title, say::estimate(dot.y, dot.interval, vertical.unit));
    say::lines(&[&ink.series.label, &x, &y, &dot.note])
}

/// A text on a light ground, so that lines below do not disturb it.
fn put(canvas: &Canvas, text: &str, centre: Position, colour: RGBColor) {
    let half = (text_width(text, SMALL) / 2.0 + 2.0, 7.5);
    let (from, to) = ((centre.0 - half.0, centre.1 - half.1), (centre.0 + half.0, centre.1 + half.1));
    canvas.block(from, to, WHITE.mix(0.75));
    canvas.text(text, centre, SMALL, colour, Anchor::Centre);
}

fn size_of(text: &str) -> Position {
    (text_width(text, SMALL) + 6.0, 16.0)
}

/// A note beside its point, with a thin line where it had to move away.
fn note(canvas: &Canvas, text: &str, at: Position, room: &mut Room) {
    let text = fit(text, SMALL, WIDEST);
    let size = size_of(&text);
    let Some(centre) = room.place_beside(at, size) else { return };
    let edge = |from: f64, to: f64, half: f64| to.clamp(from - half, from + half);
    let near = (edge(centre.0, at.0, size.0 / 2.0), edge(centre.1, at.1, size.1 / 2.0));
    if (near.0 - at.0).hypot(near.1 - at.1) > 16.0 {
        canvas.line(&[near, at], FAINT, 0.9);
    }
    put(canvas, &text, centre, TEXT);
}

/// Beside the line, where there is room; a limit off the sheet has neither.
fn name_limit(limit: &Limit, canvas: &Canvas, plane: &Plane, room: &mut Room) -> Option<Mark> {
    let (a, b) = limit_ends(limit, plane)?;
    let text = fit(&limit.label, SMALL, WIDEST);
    let size = size_of(&text);
    let (half, gap) = (size.0 / 2.0 + 4.0, size.1 / 2.0 + 1.0);
    let spots: Vec<Position> = if limit.upright {
        let heights = (0..20).map(|i| plane.top + 9.0 + f64::from(i) * 18.0);
        heights.flat_map(|y| [(a.0 + half, y), (a.0 - half, y)]).collect()
    } else {
        let along = (0..24).map(|i| plane.right - half - f64::from(i) * (plane.right - plane.left) / 24.0);
        along.flat_map(|x| [(x, a.1 - gap), (x, a.1 + gap)]).collect()
    };
    if let Some(centre) = room.place(size, spots.into_iter()) {
        put(canvas, &text, centre, LIMIT);
    }
    let middle = if limit.upright { (a.0, plane.top + 9.0) } else { ((a.0 + b.0) / 2.0, a.1) };
    Some(Mark { x: middle.0, y: middle.1, text: limit.label.clone() })
}

/// In the extent if it is wide enough, else beside it.
fn name_shade(shade: &Shade, canvas: &Canvas, plane: &Plane, room: &mut Room) -> Option<Mark> {
    let (from, to) = extent(shade, plane)?;
    let middle = ((from + to) / 2.0, plane.top + 11.0);
    let text = fit(&shade.label, SMALL, WIDEST);
    let size = size_of(&text);
    let heights = (0..18).map(|i| middle.1 + f64::from(i) * 18.0);
    let beside = size.0 / 2.0 + 3.0;
    let wide = to - from > size.0;
    let columns = if wide { [middle.0, from + beside, to - beside] } else { [to + beside, from - beside, middle.0] };
    let spots: Vec<Position> = heights.flat_map(|y| columns.map(|x| (x, y))).collect();
    if let Some(centre) = room.place(size, spots.into_iter()).filter(|_| !text.is_empty()) {
        canvas.text(&text, centre, SMALL, FAINT, Anchor::Centre);
    }
    Some(Mark { x: middle.0, y: middle.1, text: shade.label.clone() })
}
