//! A sheet to draw on, in pixels with the origin at the upper left. The drawing library
//! rounds to whole pixels, so the sheet is ten times as large inside and is declared at its
//! true size at the end: curves stay smooth at any magnification.

use plotters::coord::Shift;
use plotters::element::{CoordMapper, DashedPathElement, Drawable, PointCollection};
use plotters::prelude::*;
use plotters::style::FontTransform;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Inner pixels per pixel.
const FINE: f64 = 10.0;
/// The library divides font sizes by this when it writes SVG.
const FONT_FACTOR: f64 = 1.24;

/// Dark grey for text.
pub(super) const TEXT: RGBColor = RGBColor(0x33, 0x3a, 0x40);
/// Grey for what is secondary.
pub(super) const FAINT: RGBColor = RGBColor(0x6b, 0x74, 0x7c);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xe3, 0xe6, 0xe8);

/// The colours of Okabe and Ito that are legible on white.
pub(super) const PALETTE: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
];

/// A point in pixels.
pub(super) type Position = (f64, f64);

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    /// The point is the middle of the left end.
    Left,
    /// The point is the centre.
    Centre,
    /// The point is the middle of the right end.
    Right,
    /// The point is the centre, and the text runs upward.
    Upward,
}

/// The sheet.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws on a white sheet and returns it as SVG; `attributes` go into the root element and
/// `title` becomes what a screen reader says.
pub(super) fn draw(size: (f64, f64), title: &str, attributes: &str, paint: impl FnOnce(&Canvas)) -> String {
    let mut svg = String::new();
    let fine = (inner(size.0) as u32, inner(size.1) as u32);
    {
        let canvas = Canvas { area: SVGBackend::with_string(&mut svg, fine).into_drawing_area() };
        canvas.area.fill(&WHITE).expect(INFALLIBLE);
        paint(&canvas);
        canvas.area.present().expect(INFALLIBLE);
    }
    let declared = format!(r#"width="{}" height="{}""#, fine.0, fine.1);
    let real = format!(r#"width="{}" height="{}" role="img"{attributes}"#, size.0.round(), size.1.round());
    let svg = svg.replacen(&declared, &real, 1);
    svg.replacen(">\n", &format!(">\n<title>{}</title>\n", escape(title)), 1)
}

const INFALLIBLE: &str = "drawing into a string cannot fail";

fn inner(v: f64) -> i32 {
    (v * FINE).round().clamp(-1e6, 1e6) as i32
}

fn at(p: Position) -> (i32, i32) {
    (inner(p.0), inner(p.1))
}

impl Canvas<'_> {
    /// A line through points.
    pub(super) fn line(&self, points: &[Position], colour: impl Color, width: f64) {
        let style = colour.stroke_width(inner(width) as u32);
        self.put(&PathElement::new(points.iter().map(|p| at(*p)).collect::<Vec<_>>(), style));
    }

    /// A dashed line through points.
    pub(super) fn dashed(&self, points: &[Position], colour: impl Color, width: f64) {
        let style = colour.stroke_width(inner(width) as u32);
        let points: Vec<(i32, i32)> = points.iter().map(|p| at(*p)).collect();
        self.put(&DashedPathElement::new(points, inner(6.0), inner(4.0), style));
    }

    /// A filled area.
    pub(super) fn area(&self, outline: &[Position], colour: impl Color) {
        self.put(&Polygon::new(outline.iter().map(|p| at(*p)).collect::<Vec<_>>(), colour.filled()));
    }

    /// A filled rectangle between two corners.
    pub(super) fn block(&self, from: Position, to: Position, colour: impl Color) {
        self.put(&Rectangle::new([at(from), at(to)], colour.filled()));
    }

    /// The outline of a rectangle; as a line, because rectangles have hairlines only.
    pub(super) fn frame(&self, from: Position, to: Position, colour: impl Color, width: f64) {
        self.line(&[from, (to.0, from.1), to, (from.0, to.1), from, (to.0, from.1)], colour, width);
    }

    /// A dot; hollow ones are white inside.
    pub(super) fn dot(&self, centre: Position, radius: f64, colour: RGBColor, hollow: bool) {
        let inside = if hollow { WHITE } else { colour };
        self.put(&Circle::new(at(centre), inner(radius), inside.filled()));
        self.put(&Circle::new(at(centre), inner(radius), colour.stroke_width(inner(1.5) as u32)));
    }

    /// One line of text.
    pub(super) fn text(&self, text: &str, point: Position, size: f64, colour: RGBColor, anchor: Anchor) {
        let font = (FontFamily::SansSerif, size * FINE * FONT_FACTOR).into_font();
        let (side, font) = match anchor {
            Anchor::Left => (HPos::Left, font),
            Anchor::Centre => (HPos::Center, font),
            Anchor::Right => (HPos::Right, font),
            Anchor::Upward => (HPos::Center, font.transform(FontTransform::Rotate270)),
        };
        // Control characters are not allowed in XML, and no reader could see them.
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let style = font.color(&colour).pos(Pos::new(side, VPos::Center));
        self.area.draw_text(&clean, &style, at(point)).expect(INFALLIBLE);
    }

    fn put<'e, E, B>(&self, element: &'e E)
    where
        B: CoordMapper,
        &'e E: PointCollection<'e, (i32, i32), B>,
        E: for<'b> Drawable<SVGBackend<'b>, B>,
    {
        self.area.draw(element).expect(INFALLIBLE);
    }
}

/// About how wide a text is, in pixels; a little too much rather than too little, because
/// the viewer's font is unknown.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.28,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '-' => 0.38,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.88,
        c if c.is_ascii_uppercase() => 0.68,
        c if c.is_ascii() => 0.57,
        c if (c as u32) < 0x2e80 => 0.62,
        _ => 1.0,
    };
    size * text.chars().map(em).sum::<f64>()
}

/// The text, cut with an ellipsis where it would be wider than `width`.
pub(super) fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_string();
    }
    let room = width - text_width("…", size);
    let mut taken = 0.0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            taken += text_width(c.encode_utf8(&mut [0; 4]), size);
            taken <= room
        })
        .collect();
    cut.push('…');
    cut
}

fn escape(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(fit("orders", 12.0, 100.0), "orders");
        let cut = fit(&"very long ".repeat(20), 12.0, 100.0);
        assert!(cut.ends_with('…') && text_width(&cut, 12.0) <= 100.0, "{cut}");
    }

    #[test]
    fn the_sheet_declares_its_true_size() {
        let svg = draw((300.0, 200.0), "a < b", "", |_| ());
        assert!(svg.starts_with(r#"<svg width="300" height="200" role="img" viewBox="0 0 3000 2000""#), "{svg}");
        assert!(svg.contains("<title>a &lt; b</title>"));
    }
}
