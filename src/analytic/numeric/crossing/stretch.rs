//! A function known on adjacent stretches of time, as a polynomial on each, with its integrals.

use super::chebyshev::{Coefficients, NODES, POINTS, derivative, integral_from_start, integral_to_end, through, value};
use crate::analytic::numeric::quadrature::RULE;

/// The function on one stretch.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    pub low: f64,
    pub high: f64,
    pub own: Coefficients,
    /// Its integral from t to `high`, and the integral of that.
    pub rest: Coefficients,
    pub rest_twice: Coefficients,
    /// Those from `low` to `high`.
    whole: f64,
    whole_twice: f64,
    /// (time, weight times value) at the points of Gauss's rule.
    pub gauss: [(f64, f64); 16],
}

impl Stretch {
    /// Through values at the points of the stretch.
    pub(super) fn new(low: f64, high: f64, values: &[f64; POINTS]) -> Stretch {
        Stretch::of(low, high, through(values))
    }

    fn of(low: f64, high: f64, own: Coefficients) -> Stretch {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let integral = |c: &Coefficients| integral_to_end(c).map(|c| half * c);
        let rest = integral(&own);
        let rest_twice = integral(&rest);
        let gauss = std::array::from_fn(|i| (middle + half * RULE.x[i], half * RULE.w[i] * value(&own, RULE.x[i])));
        let (whole, whole_twice) = (value(&rest, -1.0), value(&rest_twice, -1.0));
        Stretch { low, high, own, rest, rest_twice, whole, whole_twice, gauss }
    }

    /// What the function falls by per second.
    pub(super) fn fall(&self) -> Stretch {
        let scale = -2.0 / (self.high - self.low);
        Stretch::of(self.low, self.high, derivative(&self.own).map(|c| scale * c))
    }

    /// Values at the points of the stretch.
    pub(super) fn values(&self) -> [f64; POINTS] {
        NODES.x.map(|x| value(&self.own, x))
    }

    /// Weights of the coefficients of the function in its integrals from `low` to t, given those of the
    /// values of these integrals, once and twice.
    pub(super) fn pull_back(width: f64, once: &Coefficients, twice: &Coefficients) -> Coefficients {
        let dot = |a: &Coefficients, b: &Coefficients| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let half = 0.5 * width;
        let mut out = [0.0; POINTS + 2];
        for (k, weight) in out.iter_mut().enumerate().take(POINTS) {
            let mut unit = [0.0; POINTS + 2];
            unit[k] = 1.0;
            let first = integral_from_start(&unit);
            *weight = half * (dot(&first, once) + half * dot(&integral_from_start(&first), twice));
        }
        out
    }

    /// Where t is between -1 and 1.
    pub(super) fn place(&self, t: f64) -> f64 {
        (2.0 * t - self.low - self.high) / (self.high - self.low)
    }
}

/// Integrals from the end of each stretch to the start of a later one, where all of them end.
pub(super) struct Remainders {
    /// Of the function, by stretch.
    pub once: Vec<f64>,
    /// Of the integral from t to that start.
    pub twice: Vec<f64>,
    /// Both from 0 on.
    pub all: (f64, f64),
}

impl Remainders {
    /// Over these stretches.
    pub(super) fn new(stretches: &[Stretch]) -> Remainders {
        let (mut once, mut twice) = (vec![0.0; stretches.len()], vec![0.0; stretches.len()]);
        let (mut sum, mut double) = (0.0, 0.0);
        for (m, stretch) in stretches.iter().enumerate().rev() {
            (once[m], twice[m]) = (sum, double);
            double += sum * (stretch.high - stretch.low) + stretch.whole_twice;
            sum += stretch.whole;
        }
        Remainders { once, twice, all: (sum, double) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::chebyshev::points_of;
    use super::*;

    #[test]
    fn integrals_over_several_stretches() {
        let ends = [0.0, 0.5, 2.0, 3.0];
        let of = |w: &[f64]| Stretch::new(w[0], w[1], &points_of(w[0], w[1]).map(|t| (-t).exp()));
        let stretches: Vec<Stretch> = ends.windows(2).map(of).collect();
        let e = |t: f64| (-t).exp();
        let rest = Remainders::new(&stretches);
        for (m, end) in ends[1..].iter().enumerate() {
            assert!((rest.once[m] - (e(*end) - e(3.0))).abs() < 1e-15, "{m}");
            assert!((rest.twice[m] - (e(*end) - e(3.0) * (4.0 - end))).abs() < 1e-15, "{m}");
        }
        assert!((rest.all.0 - (1.0 - e(3.0))).abs() < 1e-15 && (rest.all.1 - (1.0 - 4.0 * e(3.0))).abs() < 1e-15);
        let fall = stretches[1].fall();
        assert!((value(&fall.own, fall.place(1.0)) - e(1.0)).abs() < 1e-13);
    }
}
