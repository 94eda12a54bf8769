//! The colour scale of maps: viridis, dark for little and bright for much, even in lightness so
//! that colour-blind readers and grey prints keep the order.

use plotters::style::RGBColor;
use plotters::style::colors::colormaps::ViridisRGB;

/// The colour at a share of the scale.
pub(super) fn ramp(share: f64) -> RGBColor {
    ViridisRGB::get_color(if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) })
}

/// Perceived lightness, 0 to 1.
pub(super) fn lightness(c: RGBColor) -> f64 {
    (0.299 * f64::from(c.0) + 0.587 * f64::from(c.1) + 0.114 * f64::from(c.2)) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_always_lighter() {
        let shades: Vec<f64> = (0..=40).map(|i| lightness(ramp(f64::from(i) / 40.0))).collect();
        assert!(shades.windows(2).all(|w| w[1] > w[0]), "{shades:?}");
        assert_eq!(ramp(f64::NAN), ramp(-3.0));
    }
}
