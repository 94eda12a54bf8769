//! Draws a [`HeatMap`]: a quantity over two parameters as coloured cells with their values, the
//! border of the good side as a contour, cells without steady state grey and hatched.

mod hatch;
mod key;

use self::hatch::hatch;
use self::key::MapKey;
use super::canvas::{Anchor, Canvas, FAINT, Position, TEXT, draw, fit, text_width};
use super::figure::{LEGEND, TOP, WIDTH, caption as draw_caption};
use super::forms::{CellValue, HeatMap};
use super::ramp::lightness;
use super::{Caption, Chart, Mark, Table, say};
use crate::experiment::result::Provenance;
use plotters::style::{BLACK, RGBColor, WHITE};

/// Height of all cells together, about.
const TALL: f64 = 350.0;
/// Room for the labels of rows at most.
const WIDEST: f64 = 130.0;
const SMALL: f64 = 11.0;

impl HeatMap {
    /// Draws the map under its own title, as that of one study.
    pub fn chart(&self, of: &Provenance) -> Chart {
        self.draw(&Caption::of(of, &self.title))
    }

    /// Draws the map; without a cell that says something, the chart is empty.
    pub fn draw(&self, caption: &Caption) -> Chart {
        let said = |c: &CellValue| match c {
            CellValue::Estimate(v, _) => v.is_finite(),
            CellValue::Unstable => true,
            CellValue::Missing(_) => false,
        };
        if self.columns.is_empty() || self.rows.is_empty() || !self.cells.iter().any(said) {
            return Chart::empty(&self.name, &self.title);
        }
        let lattice = CellLattice::of(self);
        let key = MapKey::of(self);
        let height = (lattice.bottom + 58.0).max(TOP + key.height());
        let svg = draw((WIDTH, height), &caption.title, "", |canvas| {
            draw_caption(canvas, caption);
            for (row, column) in lattice.places() {
                cell(canvas, self, &key, &lattice, (row, column));
            }
            contour(canvas, self, &lattice);
            lattice.names(canvas, self);
            key.draw(canvas, (WIDTH - LEGEND + 8.0, TOP + 12.0));
        });
        let mark = |(row, column): (usize, usize)| {
            let (x, y) = lattice.centre(row, column);
            Mark { x, y, text: self.words(row, column) }
        };
        let (marks, table) = (lattice.places().map(mark).collect(), self.table(&lattice));
        Chart { name: self.name.clone(), title: self.title.clone(), svg, marks, table }
    }

    fn cell(&self, row: usize, column: usize) -> Option<&CellValue> {
        self.cells.get(row * self.columns.len() + column)
    }

    fn words(&self, row: usize, column: usize) -> String {
        let at = [(&self.x, &self.columns[column]), (&self.y, &self.rows[row])].map(|(n, v)| format!("{n}: {v}"));
        let value = match self.cell(row, column) {
            Some(CellValue::Estimate(v, interval)) => {
                format!("{}: {}", self.value.title, say::estimate(*v, *interval, self.value.unit))
            }
            Some(CellValue::Unstable) => "no steady state (ρ ≥ 1)".to_string(),
            Some(CellValue::Missing(why)) => format!("no number: {why}"),
            None => "no number".to_string(),
        };
        say::lines(&[&at[0], &at[1], &value])
    }

    fn table(&self, lattice: &CellLattice) -> Table {
        let value = |part: &str| say::column(&format!("{}{part}", self.value.title), self.value.unit);
        let columns = vec![self.x.clone(), self.y.clone(), value(""), value(" low"), value(" high"), "note".into()];
        let line = |(row, column): (usize, usize)| {
            let (v, interval, note) = match self.cell(row, column) {
                Some(CellValue::Estimate(v, interval)) => (Some(*v), *interval, ""),
                Some(CellValue::Unstable) => (None, None, "no steady state"),
                Some(CellValue::Missing(why)) => (None, None, why.as_str()),
                None => (None, None, ""),
            };
            let numbers = [v, interval.map(|i| i.0), interval.map(|i| i.1)].map(say::cell);
            let place = [self.columns[column].clone(), self.rows[row].clone()];
            place.into_iter().chain(numbers).chain([note.to_string()]).collect()
        };
        Table { columns, lines: lattice.places().map(line).collect() }
    }
}

/// Where the cells stand.
struct CellLattice {
    left: f64,
    bottom: f64,
    size: Position,
    rows: usize,
    columns: usize,
}

impl CellLattice {
    fn of(map: &HeatMap) -> CellLattice {
        let (rows, columns) = (map.rows.len(), map.columns.len());
        let widest = map.rows.iter().map(|r| text_width(r, SMALL)).fold(0.0, f64::max).min(WIDEST);
        let left = 56.0 + widest;
        let width = (WIDTH - LEGEND - 20.0 - left) / columns as f64;
        let height = (TALL / rows as f64).min(74.0);
        CellLattice { left, bottom: TOP + 10.0 + height * rows as f64, size: (width, height), rows, columns }
    }

    /// Row and column of every cell, row by row from below.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (row, column)))
    }

    /// Upper left corner.
    fn corner(&self, row: usize, column: usize) -> Position {
        (self.left + self.size.0 * column as f64, self.bottom - self.size.1 * (row + 1) as f64)
    }

    fn centre(&self, row: usize, column: usize) -> Position {
        let corner = self.corner(row, column);
        (corner.0 + self.size.0 / 2.0, corner.1 + self.size.1 / 2.0)
    }

    /// Labels of columns and rows, where there is room for them, and the names of the parameters.
    fn names(&self, canvas: &Canvas, map: &HeatMap) {
        let mut free = f64::NEG_INFINITY;
        for (i, label) in map.columns.iter().enumerate() {
            let text = fit(label, SMALL, self.size.0.max(90.0));
            let (x, half) = (self.centre(0, i).0, text_width(&text, SMALL) / 2.0);
            if x - half > free && x - half > 4.0 {
                canvas.text(&text, (x, self.bottom + 14.0), SMALL, TEXT, Anchor::Centre);
                free = x + half + 6.0;
            }
        }
        let every = (13.0 / self.size.1).ceil().max(1.0) as usize;
        for (i, label) in map.rows.iter().enumerate().step_by(every) {
            let at = (self.left - 7.0, self.centre(i, 0).1);
            canvas.text(&fit(label, SMALL, WIDEST), at, SMALL, TEXT, Anchor::Right);
        }
        let width = self.size.0 * self.columns as f64;
        let tall = self.size.1 * self.rows as f64;
        let below = (self.left + width / 2.0, self.bottom + 38.0);
        canvas.text(&fit(&map.x, 12.0, width), below, 12.0, TEXT, Anchor::Centre);
        let beside = (24.0, self.bottom - tall / 2.0);
        canvas.text(&fit(&map.y, 12.0, tall.max(140.0)), beside, 12.0, TEXT, Anchor::Upward);
    }
}

fn cell(canvas: &Canvas, map: &HeatMap, key: &MapKey, lattice: &CellLattice, (row, column): (usize, usize)) {
    let from = lattice.corner(row, column);
    let to = (from.0 + lattice.size.0, from.1 + lattice.size.1);
    let centre = lattice.centre(row, column);
    match map.cell(row, column) {
        Some(CellValue::Estimate(v, interval)) if v.is_finite() => {
            let colour = key.colour(*v);
            canvas.block(from, to, colour);
            let ink = if lightness(colour) > 0.52 { BLACK } else { WHITE };
            write_value(canvas, key.texts(map, *v, *interval), centre, lattice.size, ink);
        }
        Some(CellValue::Unstable) => {
            hatch(canvas, from, to);
            write_value(canvas, ("ρ ≥ 1".to_string(), String::new()), centre, lattice.size, TEXT);
        }
        _ => {
            canvas.block(from, to, WHITE);
            write_value(canvas, ("–".to_string(), String::new()), centre, lattice.size, FAINT);
        }
    }
    if lattice.size.0.min(lattice.size.1) > 14.0 {
        canvas.frame(from, to, WHITE, 1.0);
    }
}

/// Two lines if there is room, or one, or none.
fn write_value(canvas: &Canvas, (first, second): (String, String), centre: Position, size: Position, ink: RGBColor) {
    let fits = |text: &str, points: f64| text_width(text, points) + 6.0 <= size.0;
    if size.1 < 15.0 || !fits(&first, SMALL) {
        return;
    }
    if !second.is_empty() && size.1 >= 32.0 && fits(&second, 10.0) {
        canvas.text(&first, (centre.0, centre.1 - 6.5), SMALL, ink, Anchor::Centre);
        canvas.text(&second, (centre.0, centre.1 + 7.0), 10.0, ink, Anchor::Centre);
    } else {
        canvas.text(&first, centre, SMALL, ink, Anchor::Centre);
    }
}

/// The border between cells on the good side of the limit and others; no steady state is not good.
fn contour(canvas: &Canvas, map: &HeatMap, lattice: &CellLattice) {
    let Some((limit, _)) = &map.limit else { return };
    let side = |row: usize, column: usize| match map.cell(row, column)? {
        CellValue::Estimate(v, _) => v.is_finite().then_some(v <= limit),
        CellValue::Unstable => Some(false),
        CellValue::Missing(_) => None,
    };
    let differ = |a: Option<bool>, b: Option<bool>| a.is_some() && b.is_some() && a != b;
    let mut borders: Vec<[Position; 2]> = Vec::new();
    for (row, column) in lattice.places() {
        let here = side(row, column);
        let (x, y) = lattice.corner(row, column);
        if column + 1 < lattice.columns && differ(here, side(row, column + 1)) {
            borders.push([(x + lattice.size.0, y), (x + lattice.size.0, y + lattice.size.1)]);
        }
        if row + 1 < lattice.rows && differ(here, side(row + 1, column)) {
            borders.push([(x, y), (x + lattice.size.0, y)]);
        }
    }
    borders.iter().for_each(|b| canvas.line(b, WHITE, 5.0));
    borders.iter().for_each(|b| canvas.line(b, BLACK, 2.4));
}
