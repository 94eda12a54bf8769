//! Cells without a steady state.

use crate::report::chart::canvas::{Canvas, FAINT, Position};
use crate::report::chart::room::clip;
use plotters::style::{Color, RGBColor};

/// Cells without steady state.
pub(super) const GREY: RGBColor = RGBColor(0xc9, 0xcd, 0xd1);

/// Grey with strokes: no colour of the scale, and no number.
pub(super) fn hatch(canvas: &Canvas, from: Position, to: Position) {
    canvas.block(from, to, GREY);
    let (width, height) = (to.0 - from.0, to.1 - from.1);
    let strokes = ((width + height) / 9.0).floor() as u32;
    for i in 1..=strokes {
        let x = from.0 + f64::from(i) * 9.0;
        if let Some((a, b)) = clip((x, from.1), (x - height, to.1), from, to) {
            canvas.line(&[a, b], FAINT.mix(0.35), 1.0);
        }
    }
}
