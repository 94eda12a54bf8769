//! The colour scale of maps: viridis, dark for little and bright for much, even in lightness so
//! that colour-blind readers and grey prints keep the order.

use plotters::style::RGBColor;

/// Viridis at equal distances.
const STOPS: [RGBColor; 9] = [
    RGBColor(0x44, 0x01, 0x54),
    RGBColor(0x47, 0x2d, 0x7b),
    RGBColor(0x3b, 0x52, 0x8b),
    RGBColor(0x2c, 0x72, 0x8e),
    RGBColor(0x21, 0x91, 0x8c),
    RGBColor(0x28, 0xae, 0x80),
    RGBColor(0x5e, 0xc9, 0x62),
    RGBColor(0xad, 0xdc, 0x30),
    RGBColor(0xfd, 0xe7, 0x25),
];

/// The colour at a share of the scale.
pub(super) fn ramp(share: f64) -> RGBColor {
    let at = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) } * (STOPS.len() - 1) as f64;
    let below = (at.floor() as usize).min(STOPS.len() - 2);
    let (a, b, t) = (STOPS[below], STOPS[below + 1], at - below as f64);
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
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
