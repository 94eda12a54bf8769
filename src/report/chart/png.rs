//! From SVG to PNG with embedded fonts, so that the picture is the same on every machine.

use super::outline::outlined;
use crate::report::ReportError;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Pixels of the picture per pixel of the drawing.
const SCALE: f32 = 2.0;

/// Draws an SVG as PNG at twice its size.
///
/// # Errors
///
/// Where the text is not SVG, or has no area.
pub fn png(svg: &str) -> Result<Vec<u8>, ReportError> {
    let image = |cause: String| ReportError::Image(cause);
    let tree = Tree::from_str(&outlined(svg), &Options::default()).map_err(|e| image(e.to_string()))?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| image("no area".into()))?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| image("too large".into()))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| image(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(c: char) -> Vec<u8> {
        let text = format!(r#"<text x="5" y="40" font-family="sans-serif" font-size="40">{c}</text>"#);
        png(&format!(r#"<svg width="60" height="60" xmlns="http://www.w3.org/2000/svg">{text}</svg>"#))
            .expect("valid SVG")
    }

    #[test]
    fn the_font_has_every_sign_that_reports_use() {
        // A private code point that no font names stands for what is missing.
        let (missing, blank) = (picture('\u{e123}'), picture(' '));
        for c in "λμρ±≤≥·–−×%…→σ²∞aZ09_".chars() {
            assert!(picture(c) != missing && picture(c) != blank, "no glyph for `{c}`");
        }
    }

    #[test]
    fn what_is_not_svg_is_refused() {
        assert!(png("a chart").is_err());
        assert!(png(r#"<svg width="0" height="0" xmlns="http://www.w3.org/2000/svg"/>"#).is_err());
    }
}
