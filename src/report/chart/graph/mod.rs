//! Draws a [`Graph`]: series with intervals over one pair of axes, theory dashed, targets,
//! shaded stretches, and notes beside what matters. A label that would cover another is moved;
//! what finds no room is left to the pointer.

mod ink;
mod labels;
mod range;
mod table;

use super::canvas::{FAINT, GRID, draw};
use super::figure::{LEGEND, LegendSample, TOP, WIDTH, caption as draw_caption, colour, legend};
use super::forms::{Graph, Style};
use super::plane::Plane;
use super::room::Room;
use super::{Caption, Chart};
use crate::experiment::result::Provenance;
use crate::report::distinct::distinct;
use ink::Ink;
use plotters::style::BLACK;

/// Height of the sheet.
const HEIGHT: f64 = 500.0;
/// Entries of the legend that have room.
const ENTRIES: usize = 18;

impl Graph {
    /// Draws the graph under its own title, as that of one study.
    pub fn chart(&self, of: &Provenance) -> Chart {
        self.draw(&Caption::of(of, &self.title))
    }

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

/// The legend: a line per series, one for all theory where there is more of it, and what bands,
/// bars and hollow dots mean.
fn entries(inked: &[Ink]) -> Vec<(LegendSample, String)> {
    let mut entries: Vec<(LegendSample, String)> = Vec::new();
    for ink in inked.iter().filter(|i| i.series.style != Style::Theory) {
        let dots = matches!(ink.series.style, Style::Dots | Style::Scatter) || ink.dots.len() == 1;
        let sample = if dots { LegendSample::Dot(ink.colour) } else { LegendSample::Line(ink.colour) };
        let side = if ink.series.right { " (right)" } else { "" };
        entries.push((sample, format!("{}{side}", ink.series.label)));
    }
    if entries.len() > ENTRIES {
        let more = entries.len() - ENTRIES;
        entries.truncate(ENTRIES);
        entries.push((LegendSample::Line(GRID), format!("and {more} more")));
    }
    let theories = inked.iter().filter(|i| i.series.style == Style::Theory).map(|i| i.series.label.as_str());
    match distinct(theories).as_slice() {
        [] => {}
        [one] => entries.push((LegendSample::Dashed, (*one).to_string())),
        _ => entries.push((LegendSample::Dashed, "theory".to_string())),
    }
    entries.extend(meanings(inked));
    entries.retain(|e| !e.1.is_empty());
    entries
}

fn meanings(inked: &[Ink]) -> Vec<(LegendSample, String)> {
    let has = |ink: &Ink| ink.dots.iter().any(|d| d.interval.is_some());
    let lines = |ink: &&Ink| matches!(ink.series.style, Style::Line | Style::Steps) && ink.dots.len() > 1;
    let dots = |ink: &&Ink| matches!(ink.series.style, Style::Dots | Style::Scatter) || ink.dots.len() == 1;
    let meanings = [
        (inked.iter().filter(lines).any(has), LegendSample::Band, "interval"),
        (inked.iter().filter(dots).any(has), LegendSample::Bar(FAINT), "interval"),
        (inked.iter().any(|i| i.dots.iter().any(|d| d.hollow)), LegendSample::Ring(FAINT), "missed or unsure"),
    ];
    meanings.into_iter().filter(|(shown, ..)| *shown).map(|(_, sample, text)| (sample, text.to_string())).collect()
}
