//! The texts of an SVG as outlines of the embedded fonts, so that what draws it needs no font.

use epaint_default_fonts::{HACK_REGULAR, UBUNTU_LIGHT};
use std::fmt::Write;
use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// `0.5ex` in units of the font size: one ex is taken as half an em.
const HALF_EX: f32 = 0.25;

/// The SVG with a path in place of each text: the `i`-th text is the path with the id `text-i`,
/// with the attributes of the text beside.
pub fn outlined(svg: &str) -> String {
    // The second font is for signs that the first one lacks.
    let fonts: Vec<Face<'_>> =
        [UBUNTU_LIGHT, HACK_REGULAR].into_iter().filter_map(|font| Face::parse(font, 0).ok()).collect();
    let (mut out, mut rest) = (String::new(), svg);
    for i in 0.. {
        let Some((before, attributes, words, after)) = next_text(rest) else { break };
        let outline = Line::new(&fonts, &plain(words), attributes).outline();
        let _ = write!(out, "{before}<path id=\"text-{i}\"{attributes} d=\"{outline}\"/>");
        rest = after;
    }
    out + rest
}

/// What is before the first text, its attributes, its words, and what is after it.
fn next_text(svg: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, element) = svg.split_once("<text")?;
    let (attributes, content) = element.split_once('>')?;
    let (words, after) = content.split_once("</text>")?;
    Some((before, attributes, words, after))
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    attributes.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The words as they are read: spaces collapsed, entities resolved, ligatures as one sign.
fn plain(words: &str) -> String {
    let written = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
        ("ffi", "ﬃ"),
        ("ffl", "ﬄ"),
        ("ff", "ﬀ"),
        ("fi", "ﬁ"),
        ("fl", "ﬂ"),
    ];
    let parts = words.split([' ', '\t', '\r', '\n']).filter(|part| !part.is_empty());
    let words = parts.collect::<Vec<_>>().join(" ");
    written.iter().fold(words, |text, (from, to)| text.replace(from, to))
}

/// A line of glyphs on its baseline.
struct Line<'f> {
    glyphs: Vec<(&'f Face<'f>, GlyphId)>,
    size: f32,
    start: (f32, f32),
}

impl<'f> Line<'f> {
    fn new(fonts: &'f [Face<'f>], words: &str, attributes: &str) -> Self {
        let number = |name| attribute(attributes, name).and_then(|v| v.parse().ok()).unwrap_or(0.0);
        let glyph = |c| fonts.iter().find_map(|font| Some((font, font.glyph_index(c)?)));
        let missing = |_| fonts.first().map(|font| (font, GlyphId(0)));
        let glyphs = words.chars().filter_map(|c| glyph(c).or_else(|| missing(c))).collect();
        let size = number("font-size");
        let below = if attribute(attributes, "dy") == Some("0.5ex") { HALF_EX * size } else { 0.0 };
        let mut line = Line { glyphs, size, start: (number("x"), number("y") + below) };
        line.start.0 -= line.width()
            * match attribute(attributes, "text-anchor") {
                Some("middle") => 0.5,
                Some("end") => 1.0,
                _ => 0.0,
            };
        line
    }

    fn width(&self) -> f32 {
        (0..self.glyphs.len()).map(|i| self.advance(i)).sum()
    }

    /// How far the next glyph is from glyph `i`.
    fn advance(&self, i: usize) -> f32 {
        let (font, glyph) = self.glyphs[i];
        let kerning = match self.glyphs.get(i + 1) {
            Some(&(next, right)) if std::ptr::eq(font, next) => kerning(font, glyph, right),
            _ => 0,
        };
        self.scale(font) * (f32::from(font.glyph_hor_advance(glyph).unwrap_or(0)) + f32::from(kerning))
    }

    fn scale(&self, font: &Face<'_>) -> f32 {
        self.size / f32::from(font.units_per_em())
    }

    /// The data of a path.
    fn outline(&self) -> String {
        let mut pen = Pen { path: String::new(), scale: 1.0, at: self.start };
        for (i, &(font, glyph)) in self.glyphs.iter().enumerate() {
            pen.scale = self.scale(font);
            font.outline_glyph(glyph, &mut pen);
            pen.at.0 += self.advance(i);
        }
        pen.path
    }
}

/// What the pair adds to the distance of its glyphs, in units of the font.
fn kerning(font: &Face<'_>, left: GlyphId, right: GlyphId) -> i16 {
    let lookups = font.tables().gpos.map(|table| table.lookups.into_iter()).into_iter().flatten();
    let first = |lookup: ttf_parser::opentype_layout::Lookup<'_>| {
        lookup.subtables.into_iter::<PositioningSubtable<'_>>().find_map(|table| adjustment(&table, left, right))
    };
    lookups.filter_map(first).sum()
}

fn adjustment(table: &PositioningSubtable<'_>, left: GlyphId, right: GlyphId) -> Option<i16> {
    let PositioningSubtable::Pair(pairs) = table else { return None };
    let index = pairs.coverage().get(left)?;
    let (value, _) = match pairs {
        PairAdjustment::Format1 { sets, .. } => sets.get(index)?.get(right)?,
        PairAdjustment::Format2 { classes, matrix, .. } => matrix.get((classes.0.get(left), classes.1.get(right)))?,
    };
    Some(value.x_advance)
}

/// Writes outlines where the pen is; fonts count upwards, pictures downwards.
struct Pen {
    path: String,
    scale: f32,
    at: (f32, f32),
}

impl Pen {
    fn put(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let _ = write!(self.path, "{:.3} {:.3} ", self.at.0 + self.scale * x, self.at.1 - self.scale * y);
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.put('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.put('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}
