//! Probabilities of a birth-death chain after a long time: e^{Qt} as an integral around the spectrum, whose cost does
//! not grow with the time. Each point of the integral is one elimination without subtraction.

use nalgebra::Complex;

/// Points on the contour; the error is 2.85^-32 = 3e-15.
const POINTS: u32 = 32;

/// By how much the norm of the start, in which the error is small, may exceed 1.
const LARGEST_NORM: f64 = 1e3;

/// The finite birth-death chain on 0..len with these rates up and down (from each state).
pub(super) struct Rates<'r> {
    pub up: &'r [f64],
    pub down: &'r [f64],
}

impl Rates<'_> {
    /// Natural logarithms of the stationary probabilities.
    fn ln_stationary(&self) -> Vec<f64> {
        let mut ln = vec![0.0; self.up.len()];
        for n in 1..ln.len() {
            ln[n] = ln[n - 1] + (self.up[n - 1] / self.down[n]).ln();
        }
        let top = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = ln.iter().map(|l| (l - top).exp()).sum();
        ln.iter_mut().for_each(|l| *l -= top + total.ln());
        ln
    }

    /// Whether `start` lies where the stationary law does: sum of p_n^2/pi_n at most 10^6. In that norm the chain is
    /// symmetric, so that an error on its real spectrum is one of the answer.
    pub(super) fn holds(&self, start: &[f64]) -> bool {
        let square = |(p, ln): (&f64, f64)| if *p > 0.0 { (2.0 * p.ln() - ln).exp() } else { 0.0 };
        start.iter().zip(self.ln_stationary()).map(square).sum::<f64>() <= LARGEST_NORM * LARGEST_NORM
    }

    /// Probabilities a time `t` after those of `start`.
    ///
    /// Formula: (1/2 pi i) integral of e^z (z - Q t)^{-1} start dz on the parabola z = N (0.1309 - 0.1194 x^2 + 0.25 i x),
    /// -pi < x < pi, by the midpoint rule; absolute error about 1e-15 times the norm of the start.
    /// Reference: Weideman, Trefethen, Parabolic and hyperbolic contours for computing the Bromwich integral,
    /// Mathematics of Computation 76 (2007).
    pub(super) fn after(&self, start: &[f64], t: f64) -> Vec<f64> {
        let mut sum = vec![0.0; self.up.len()];
        let n = f64::from(POINTS);
        for k in 0..POINTS / 2 {
            let x = (f64::from(2 * k + 1)) * std::f64::consts::PI / n;
            let z = Complex::new(0.1309 - 0.1194 * x * x, 0.25 * x) * n;
            let slope = Complex::new(-0.2388 * x, 0.25) * n;
            // The point below the real axis is the conjugate: twice the real part of weight/i.
            let weight = z.exp() * slope * Complex::new(0.0, -2.0 / n);
            let at = self.resolvent(start, z, t);
            sum.iter_mut().zip(&at).for_each(|(sum, x)| *sum += (weight * x).re);
        }
        // What is below 0 is so by the error of the method.
        sum.iter_mut().for_each(|p| *p = p.max(0.0));
        sum
    }

    /// x of (z - Q t) x = start, from below: the pivot of a row is its rate up and an excess in which nothing cancels.
    fn resolvent(&self, start: &[f64], z: Complex<f64>, t: f64) -> Vec<Complex<f64>> {
        let len = self.up.len();
        let (mut pivots, mut x) = (Vec::with_capacity(len), Vec::with_capacity(len));
        let (mut excess, mut carried) = (z, Complex::new(0.0, 0.0));
        for n in 0..len {
            if n > 0 {
                excess = z + self.down[n] * t * excess / pivots[n - 1];
            }
            let pivot = excess + self.up[n] * t;
            pivots.push(pivot);
            let value = carried + start.get(n).copied().unwrap_or(0.0);
            x.push(value);
            carried = value * self.up[n] * t / pivot;
        }
        for n in (0..len).rev() {
            let above = if n + 1 < len { x[n + 1] * self.down[n + 1] * t } else { Complex::new(0.0, 0.0) };
            x[n] = (x[n] + above) / pivots[n];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::births_and_deaths;

    #[test]
    fn agrees_with_uniformisation() {
        let (up, down) = (|n: usize| if n < 300 { 0.9 } else { 0.0 }, |n: usize| n.min(3) as f64 * 0.4);
        let rates: (Vec<f64>, Vec<f64>) = ((0..=300).map(up).collect(), (0..=300).map(down).collect());
        let chain = Rates { up: &rates.0, down: &rates.1 };
        let q = births_and_deaths(300, up, down);
        let mut start = vec![0.0; 301];
        (start[1], start[5]) = (0.25, 0.75);
        assert!(chain.holds(&start));
        for t in [0.5, 10.0, 400.0] {
            let (found, exact) = (chain.after(&start, t), q.transient(&start, t).unwrap());
            for (found, exact) in found.iter().zip(exact) {
                assert!((found - exact).abs() < 1e-13, "{t}: {found} {exact}");
            }
        }
        // Power twin: a start far out is refused.
        start.fill(0.0);
        start[200] = 1.0;
        assert!(!chain.holds(&start));
    }
}
