//! Gauss-Legendre quadrature of 16 points with its matrices of integration and differentiation: functions
//! known at the points are integrated up to each of them, and differentiated there.

use std::sync::LazyLock;

/// Points of the rule.
pub(crate) const POINTS: usize = 16;

/// Gauss-Legendre of 16 points on [-1, 1]: (positive abscissa, weight). Abramowitz and Stegun, 25.4.
const GAUSS: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_87),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_095),
];

/// (point, weight) of the rule on the interval from `low` to `high`, in pairs around its middle.
pub(crate) fn points(low: f64, high: f64) -> impl Iterator<Item = (f64, f64)> {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    GAUSS.into_iter().flat_map(move |(x, w)| [(middle - half * x, half * w), (middle + half * x, half * w)])
}

/// integral of f from `low` to `high` by Gauss and Legendre's 16 points.
pub(crate) fn panel(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    half * GAUSS.iter().map(|(x, w)| w * (f(middle - half * x) + f(middle + half * x))).sum::<f64>()
}

/// Panels from 0 to `end`, none wider than `widest` or across a break.
pub(crate) fn for_each_panel(breaks: &[f64], widest: f64, end: f64, mut visit: impl FnMut(f64, f64)) {
    let mut low = 0.0;
    for &high in breaks.iter().take_while(|b| **b < end).chain([&end]) {
        let pieces = ((high - low) / widest).ceil().max(1.0);
        let width = (high - low) / pieces;
        for piece in 0..pieces as u32 {
            let from = low + f64::from(piece) * width;
            visit(from, from + width);
        }
        low = high;
    }
}

/// The rule on [-1, 1].
pub(crate) struct GaussRule {
    /// Points, ascending.
    pub x: [f64; POINTS],
    /// Weights.
    pub w: [f64; POINTS],
    /// `upto[i][j]`: weight of the value at j in the integral from -1 to point i.
    pub upto: [[f64; POINTS]; POINTS],
    /// `slope[i][j]`: weight of the value at j in the derivative at point i.
    pub slope: [[f64; POINTS]; POINTS],
}

/// The rule, computed once.
pub(crate) static RULE: LazyLock<GaussRule> = LazyLock::new(GaussRule::new);

/// Legendre polynomials P_0..=P_n at x, and their derivatives.
fn legendre(n: usize, x: f64) -> (Vec<f64>, Vec<f64>) {
    let (mut p, mut d) = (vec![1.0, x], vec![0.0, 1.0]);
    for k in 1..n {
        let order = k as f64;
        p.push(((2.0 * order + 1.0) * x * p[k] - order * p[k - 1]) / (order + 1.0));
        d.push(d[k - 1] + (2.0 * order + 1.0) * p[k]);
    }
    (p, d)
}

impl GaussRule {
    /// The matrices come from the expansion of the interpolating polynomial in Legendre polynomials, of
    /// which the integral is (P_(n+1) - P_(n-1))/(2n+1).
    /// Reference: Greengard, Spectral integration (1991).
    fn new() -> GaussRule {
        let mut rule = GaussRule {
            x: [0.0; POINTS],
            w: [0.0; POINTS],
            upto: [[0.0; POINTS]; POINTS],
            slope: [[0.0; POINTS]; POINTS],
        };
        for (i, (x, w)) in GAUSS.into_iter().enumerate() {
            let (below, above) = (POINTS / 2 - 1 - i, POINTS / 2 + i);
            (rule.x[below], rule.x[above]) = (-x, x);
            (rule.w[below], rule.w[above]) = (w, w);
        }
        let at: Vec<(Vec<f64>, Vec<f64>)> = rule.x.iter().map(|&x| legendre(POINTS, x)).collect();
        for i in 0..POINTS {
            for j in 0..POINTS {
                let (p, d) = &at[i];
                let share = |n: usize| rule.w[j] * (n as f64 + 0.5) * at[j].0[n];
                let integral = |n: usize| {
                    if n == 0 { rule.x[i] + 1.0 } else { (p[n + 1] - p[n - 1]) / (2.0 * n as f64 + 1.0) }
                };
                rule.upto[i][j] = (0..POINTS).map(|n| share(n) * integral(n)).sum();
                rule.slope[i][j] = (0..POINTS).map(|n| share(n) * d[n]).sum();
            }
        }
        rule
    }

    /// The points of the interval from `low` to `high`.
    pub(crate) fn points(&self, low: f64, high: f64) -> [f64; POINTS] {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        self.x.map(|x| middle + half * x)
    }

    /// Integral over an interval of that width.
    pub(crate) fn integral(&self, width: f64, values: &[f64; POINTS]) -> f64 {
        0.5 * width * self.w.iter().zip(values).map(|(w, v)| w * v).sum::<f64>()
    }

    /// Integrals from the start of an interval of that width to each point.
    pub(crate) fn integrals(&self, width: f64, values: &[f64; POINTS]) -> [f64; POINTS] {
        self.upto.map(|row| 0.5 * width * row.iter().zip(values).map(|(w, v)| w * v).sum::<f64>())
    }

    /// What the function falls by around each point: minus its derivative there, times the weight.
    pub(crate) fn falls(&self, values: &[f64; POINTS]) -> [f64; POINTS] {
        let slope = |i: usize| self.slope[i].iter().zip(values).map(|(d, v)| d * v).sum::<f64>();
        std::array::from_fn(|i| -self.w[i] * slope(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_for_polynomials() {
        for power in [0, 3, 10, 14, 15] {
            let values = RULE.points(1.0, 3.0).map(|x| x.powi(power));
            let whole = |x: f64| x.powi(power + 1) / f64::from(power + 1);
            for integral in [RULE.integral(2.0, &values), panel(|x| x.powi(power), 1.0, 3.0)] {
                assert!((integral / (whole(3.0) - whole(1.0)) - 1.0).abs() < 1e-14, "{power}");
            }
            let parts = RULE.integrals(2.0, &values);
            for (x, part) in RULE.points(1.0, 3.0).iter().zip(parts) {
                assert!((part - (whole(*x) - whole(1.0))).abs() < 1e-13 * whole(3.0), "{power} {x}");
            }
            let fall: f64 = RULE.falls(&values).iter().sum();
            assert!((fall + 3.0_f64.powi(power) - 1.0).abs() < 1e-12 * 3.0_f64.powi(power), "{power}");
        }
    }
}
