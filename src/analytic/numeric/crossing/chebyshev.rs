//! Polynomials on [-1, 1] through 16 Chebyshev points, both ends included: their coefficients, values,
//! integrals and slopes.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// Points of a polynomial.
pub(super) const POINTS: usize = 16;
/// Coefficients: an integral of an integral needs two more than there are points.
const TERMS: usize = POINTS + 2;

/// Coefficients of T_0, T_1, .., the Chebyshev polynomials.
pub(super) type Coefficients = [f64; TERMS];

/// Points, and the matrix from values there to coefficients.
pub(super) struct Nodes {
    /// -1 = x_0 < .. < x_15 = 1.
    pub x: [f64; POINTS],
    /// `weight[k][j]`: that of the value at j in coefficient k.
    pub weight: [[f64; POINTS]; POINTS],
}

/// The points, computed once.
/// Reference: Trefethen, Approximation Theory and Approximation Practice (2013), ch. 2 and 3.
pub(super) static NODES: LazyLock<Nodes> = LazyLock::new(|| {
    let last = POINTS - 1;
    let half_at_ends = |i: usize| if i == 0 || i == last { 0.5 } else { 1.0 };
    let angle = |k: usize, j: usize| (PI * (k * (last - j)) as f64 / last as f64).cos();
    let weight = |k: usize, j: usize| 2.0 / last as f64 * half_at_ends(k) * half_at_ends(j) * angle(k, j);
    Nodes {
        x: std::array::from_fn(|j| angle(1, j)),
        weight: std::array::from_fn(|k| std::array::from_fn(|j| weight(k, j))),
    }
});

/// The points of the interval from `low` to `high`, its ends exactly.
pub(super) fn points_of(low: f64, high: f64) -> [f64; POINTS] {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let mut points = NODES.x.map(|x| middle + half * x);
    (points[0], points[POINTS - 1]) = (low, high);
    points
}

/// The polynomial with these values at the points.
pub(super) fn through(values: &[f64; POINTS]) -> Coefficients {
    let mut out = [0.0; TERMS];
    for (c, row) in out.iter_mut().zip(&NODES.weight) {
        *c = row.iter().zip(values).map(|(w, v)| w * v).sum();
    }
    out
}

/// Size of the last three coefficients: about what the polynomial misses of the function.
pub(super) fn missed(c: &Coefficients) -> f64 {
    c[POINTS - 3].abs() + c[POINTS - 2].abs() + c[POINTS - 1].abs()
}

/// Value at x, by Clenshaw's recurrence.
pub(super) fn value(c: &Coefficients, x: f64) -> f64 {
    let [one] = values(c, [x]);
    one
}

/// Values at several x, side by side: one alone waits for its own recurrence.
pub(super) fn values<const LANES: usize>(c: &Coefficients, x: [f64; LANES]) -> [f64; LANES] {
    let (mut next, mut over) = ([0.0; LANES], [0.0; LANES]);
    for k in (1..TERMS).rev() {
        for i in 0..LANES {
            let now = c[k] + 2.0 * x[i] * next[i] - over[i];
            (next[i], over[i]) = (now, next[i]);
        }
    }
    std::array::from_fn(|i| c[0] + x[i] * next[i] - over[i])
}

/// T_0(x), T_1(x), ..
pub(super) fn polynomials(x: f64) -> Coefficients {
    let mut t = [1.0; TERMS];
    t[1] = x;
    for k in 2..TERMS {
        t[k] = 2.0 * x * t[k - 1] - t[k - 2];
    }
    t
}

/// An antiderivative, of coefficient 0 at T_0.
fn antiderivative(c: &Coefficients) -> Coefficients {
    let mut out = [0.0; TERMS];
    for k in 1..TERMS {
        let before = if k == 1 { 2.0 * c[0] } else { c[k - 1] };
        let after = c.get(k + 1).unwrap_or(&0.0);
        out[k] = (before - after) / (2 * k) as f64;
    }
    out
}

/// The integral from -1 to x.
pub(super) fn integral_from_start(c: &Coefficients) -> Coefficients {
    let mut out = antiderivative(c);
    out[0] = (1..TERMS).map(|k| if k % 2 == 0 { -out[k] } else { out[k] }).sum();
    out
}

/// The integral from x to 1.
pub(super) fn integral_to_end(c: &Coefficients) -> Coefficients {
    let mut out = antiderivative(c).map(|c| -c);
    out[0] = -out[1..].iter().sum::<f64>();
    out
}

/// The derivative.
pub(super) fn derivative(c: &Coefficients) -> Coefficients {
    let mut out = [0.0; TERMS];
    for k in (0..TERMS - 1).rev() {
        let above = out.get(k + 2).unwrap_or(&0.0);
        out[k] = above + 2.0 * (k + 1) as f64 * c[k + 1];
    }
    out[0] *= 0.5;
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_of_degree_15_is_met_with_its_integrals_and_slope() {
        let f = |x: f64| 3.0 * x.powi(15) - x.powi(4) + 0.5;
        let first = |x: f64| 3.0 * x.powi(16) / 16.0 - x.powi(5) / 5.0 + 0.5 * x;
        let second = |x: f64| 3.0 * x.powi(17) / 272.0 - x.powi(6) / 30.0 + 0.25 * x * x;
        let c = through(&NODES.x.map(f));
        let (done, rest) = (integral_from_start(&c), integral_to_end(&c));
        let (twice, slope) = (integral_from_start(&done), derivative(&c));
        for x in [-1.0, -0.3, 0.0, 0.77, 1.0] {
            let direct: f64 = polynomials(x).iter().zip(&c).map(|(t, c)| t * c).sum();
            let from_twice = second(x) - second(-1.0) - (x + 1.0) * first(-1.0);
            let pairs = [
                (value(&c, x), f(x)),
                (direct, f(x)),
                (value(&done, x), first(x) - first(-1.0)),
                (value(&rest, x), first(1.0) - first(x)),
                (value(&twice, x), from_twice),
                (value(&slope, x), 45.0 * x.powi(14) - 4.0 * x.powi(3)),
            ];
            for (i, (found, exact)) in pairs.into_iter().enumerate() {
                assert!((found - exact).abs() < 1e-12, "{i} at {x}: {found} {exact}");
            }
        }
        assert!(missed(&c) > 1e-3 && missed(&through(&NODES.x.map(f64::exp))) < 1e-12);
    }
}
