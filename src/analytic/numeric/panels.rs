//! Quadrature of functions that are a smooth weight times e^{g(x)}, g concave: panels as wide as the exponent
//! allows, so that peaks of any height and width are met.

use super::quadrature::points;

/// Change of the exponent within one panel.
const STEP: f64 = 2.0;
/// Fall of the exponent at which an integral ends: e^-45 has no digit in common with the sum.
const FALL: f64 = 45.0;
/// Panels at most; about 60 are usual.
const MOST_PANELS: usize = 20_000;

/// A concave exponent g with its first two derivatives; the first may be given too large, where
/// the weights change faster than e^g.
pub(crate) struct Concave<G> {
    /// x to (g, g', g'').
    pub exponent: G,
    /// Where g is largest, in x >= 0.
    pub peak: f64,
}

impl<G: Fn(f64) -> (f64, f64, f64)> Concave<G> {
    /// (ln scale, integral of e^{g(x) - ln scale} (f_1, .., f_k)) over low <= x <= high, the scale
    /// being the largest value of e^g there.
    pub(crate) fn integrate<const K: usize>(
        &self,
        low: f64,
        high: f64,
        f: impl Fn(f64) -> [f64; K],
    ) -> (f64, [f64; K]) {
        let top = self.peak.clamp(low, high);
        let (scale, ..) = (self.exponent)(top);
        let mut sums = [0.0; K];
        for (end, direction) in [(low, -1.0), (high, 1.0)] {
            let mut at = top;
            for _ in 0..MOST_PANELS {
                let (g, slope, bend) = (self.exponent)(at);
                if scale - g > FALL || at == end {
                    break;
                }
                let width = STEP / (slope.abs() + (STEP * bend.abs()).sqrt());
                let reach = if (end - at).abs() <= width { end } else { at + direction * width };
                self.add(&mut sums, scale, at.min(reach), at.max(reach), &f);
                at = reach;
            }
        }
        (scale, sums)
    }

    fn add<const K: usize>(&self, sums: &mut [f64; K], scale: f64, low: f64, high: f64, f: &impl Fn(f64) -> [f64; K]) {
        for (x, w) in points(low, high) {
            let weight = w * ((self.exponent)(x).0 - scale).exp();
            sums.iter_mut().zip(f(x)).for_each(|(sum, value)| *sum += weight * value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bell_of_any_width_and_its_tail() {
        for (peak, width) in [(0.0, 1.0), (5.0, 1e-4), (1e6, 10.0)] {
            let g = |x: f64| {
                let z = (x - peak) / width;
                (-0.5 * z * z, -z / width, -1.0 / (width * width))
            };
            let bell = Concave { exponent: g, peak };
            let (_, [mass, mean]) = bell.integrate(f64::NEG_INFINITY, f64::INFINITY, |x| [1.0, x]);
            let all = width * (2.0 * std::f64::consts::PI).sqrt();
            assert!((mass / all - 1.0).abs() < 1e-11, "{peak}: {mass} {all}");
            assert!((mean - mass * peak).abs() < 1e-12 * mass * (peak + width), "{peak}: {mean}");
            let (scale, [tail]) = bell.integrate(peak + 8.0 * width, f64::INFINITY, |_| [1.0]);
            let exact = all * 0.5 * libm::erfc(8.0 / 2.0_f64.sqrt());
            assert!((tail * scale.exp() / exact - 1.0).abs() < 1e-9, "{tail}");
        }
    }
}
