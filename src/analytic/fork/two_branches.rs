//! Fork-join of two branches M/M/1, exactly, equal or not. Knows no other fork.

use nalgebra::{Complex, DMatrix, DVector};
use std::f64::consts::{PI, TAU};

/// Nodes of the boundary: at first, and at most.
const FIRST_NODES: usize = 32;
const MOST_NODES: usize = 2048;

/// Fork-join of two branches: every job puts one task into each of two queues M/M/1, and is done when
/// both tasks are.
///
/// Formula: W = E\[max(n1, n2)\]/lambda. Equal branches: W = (12 - rho)/8 / (mu - lambda). Else, with
/// mu1 >= mu2 and B(y) the generating function of n2 while n1 = 0, E\[(n2 - n1)+\] is the
/// divided difference at 1 and mu2/mu1 of h(y) = y B(y)/(y - 1) - (1 - rho1)/(y - 1); and y B(y)/(y - 1) is
/// real on the closed curve of those y whose two roots x of the kernel
/// lambda(1 - xy) + mu1(1 - 1/x) + mu2(1 - 1/y) = 0 are one real x below 1. That boundary value problem is
/// solved by an integral equation on the curve.
/// Units: rates per second, times in seconds. Valid when: lambda < mu1 and lambda < mu2.
/// Numerics: the trapezoidal rule on a smooth closed curve; nodes are doubled until the answer keeps
/// 12 digits (2048 nodes at most, reached for rho > 0.999).
/// Reference: Flatto and Hahn, Two parallel queues created by arrivals with two demands I, SIAM J.
/// Appl. Math. 44 (1984) 1041; Nelson and Tantawi, IEEE Trans. Computers 37 (1988) 739, for equal branches.
///
/// ```
/// use lindley::analytic::fork::two_branches::TwoBranches;
/// let equal = TwoBranches::new(0.5, 1.0, 1.0).unwrap();
/// assert_eq!(equal.sojourn(), 2.875); // 11.5/8/0.5
/// // A second branch without work to speak of: M/M/1 alone.
/// let one = TwoBranches::new(0.5, 1.0, 1e6).unwrap();
/// assert!((one.sojourn() - 2.0).abs() < 1e-5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoBranches {
    lambda: f64,
    mu: [f64; 2],
    sojourn: f64,
}

impl TwoBranches {
    /// The system with that arrival rate and those service rates; `None` without a steady state.
    pub fn new(lambda: f64, mu1: f64, mu2: f64) -> Option<TwoBranches> {
        let all = [lambda, mu1, mu2];
        if !(all.iter().all(|x| x.is_finite()) && lambda > 0.0 && lambda < mu1.min(mu2)) {
            return None;
        }
        let (fast, slow) = (mu1.max(mu2), mu1.min(mu2));
        let sojourn = if fast == slow {
            (12.0 - lambda / fast) / 8.0 / (fast - lambda)
        } else {
            1.0 / (fast - lambda) + Boundary::new(lambda, fast, slow).lead_of_slow()? / lambda
        };
        Some(TwoBranches { lambda, mu: [mu1, mu2], sojourn })
    }

    /// Mean time until both tasks are done, seconds.
    pub fn sojourn(&self) -> f64 {
        self.sojourn
    }

    /// Mean time until the first of the two tasks is done, seconds.
    pub fn first(&self) -> f64 {
        self.branch(0) + self.branch(1) - self.sojourn
    }

    /// Mean sojourn of a task in branch 0 or 1, seconds.
    pub fn branch(&self, which: usize) -> f64 {
        1.0 / (self.mu[which] - self.lambda)
    }

    /// Mean number of jobs not yet done.
    pub fn in_system(&self) -> f64 {
        self.lambda * self.sojourn
    }
}

/// The curve on which the unknown function is real.
struct Boundary {
    lambda: f64,
    fast: f64,
    slow: f64,
    /// Branch points of the kernel in x: x1 < x2 < 1 < x3.
    points: [f64; 3],
}

impl Boundary {
    fn new(lambda: f64, fast: f64, slow: f64) -> Boundary {
        let sum = lambda + fast + slow;
        let discriminant = |x: f64| (sum * x - fast).powi(2) - 4.0 * lambda * slow * x.powi(3);
        let middle = fast / sum;
        let mut far = 2.0;
        while discriminant(far) > 0.0 {
            far *= 2.0;
        }
        let points =
            [bisect(discriminant, 0.0, middle), bisect(discriminant, 1.0, middle), bisect(discriminant, 1.0, far)];
        Boundary { lambda, fast, slow, points }
    }

    /// The point y at parameter t of \[0, 2 pi), counterclockwise, and its derivative.
    fn at(&self, t: f64) -> (Complex<f64>, Complex<f64>) {
        let [low, high, beyond] = self.points;
        let half = 0.5 * (high - low);
        // x = low + half (1 + cos t), so that x3 - x keeps its digits.
        let x = low + half * (1.0 + t.cos());
        let slope = -half * t.sin();
        let sum = self.lambda + self.fast + self.slow;
        let product = 4.0 * self.lambda * self.slow;
        let root = (product * (beyond - high + half * (1.0 - t.cos()))).sqrt();
        let top = Complex::new(sum * x - self.fast, half * t.sin() * root);
        let root_slope = -0.5 * product * slope / root;
        let top_slope = Complex::new(sum * slope, half * (t.cos() * root + t.sin() * root_slope));
        let below = 2.0 * self.lambda * x * x;
        (top / below, top_slope / below - top * (2.0 * slope / (x * below)))
    }

    /// E\[(n2 - n1)+\], n2 being the slow branch.
    fn lead_of_slow(&self) -> Option<f64> {
        let (mut nodes, mut last) = (FIRST_NODES, f64::NAN);
        while nodes <= MOST_NODES {
            let next = self.with_nodes(nodes)?;
            if f64::abs(next - last) <= 1e-12 * next {
                return Some(next);
            }
            (nodes, last) = (2 * nodes, next);
        }
        Some(last).filter(|x| x.is_finite())
    }

    /// The density of a Cauchy integral with the wanted imaginary part on the curve.
    ///
    /// Formula: sigma(t)/2 + 1/(2 pi) integral of sigma(u) Im\[y'(u)/(y(u) - y(t))\] du = -(1 - rho1) Im\[1/(y(t) - 1)\].
    /// As y is symmetric to the real axis and sigma odd, nodes of the upper half suffice. The
    /// diagonal follows from sigma = 1, whose integral is 1.
    fn with_nodes(&self, nodes: usize) -> Option<f64> {
        let step = TAU / nodes as f64;
        let y: Vec<(Complex<f64>, Complex<f64>)> = (0..nodes).map(|i| self.at((i as f64 + 0.5) * step)).collect();
        let half = nodes / 2;
        let kernel = |i: usize, j: usize| step / TAU * (y[j].1 / (y[j].0 - y[i].0)).im;
        let mut matrix = DMatrix::zeros(half, half);
        for i in 0..half {
            let mut others = 0.0;
            for j in (0..nodes).filter(|&j| j != i) {
                let k = kernel(i, j);
                others += k;
                let (column, sign) = if j < half { (j, 1.0) } else { (nodes - 1 - j, -1.0) };
                matrix[(i, column)] += sign * k;
            }
            matrix[(i, i)] += 1.0 - others;
        }
        let idle = 1.0 - self.lambda / self.fast;
        let wanted = DVector::from_fn(half, |i, _| -idle * (y[i].0 - 1.0).inv().im);
        let density = matrix.lu().solve(&wanted)?;
        let ratio = self.slow / self.fast;
        let term = |i: usize| density[i] * (y[i].1 / ((y[i].0 - 1.0) * (y[i].0 - ratio))).re;
        let lead = 2.0 * (0..half).map(term).sum::<f64>() * step / (2.0 * PI);
        lead.is_finite().then_some(lead)
    }
}

/// The root between `positive` and `negative`, where the function has those signs.
fn bisect(function: impl Fn(f64) -> f64, positive: f64, negative: f64) -> f64 {
    let (mut a, mut b) = (positive, negative);
    for _ in 0..200 {
        let middle = 0.5 * (a + b);
        if middle == a || middle == b {
            break;
        }
        if function(middle) > 0.0 { a = middle } else { b = middle }
    }
    0.5 * (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Chain;

    /// The boundary value problem knows nothing of the closed form for equal branches.
    #[test]
    fn nearly_equal_branches_have_the_closed_form() {
        for rho in [0.05, 0.5, 0.9, 0.99] {
            let exact = (12.0 - rho) / 8.0 / (1.0 - rho);
            let lead = Boundary::new(rho, 1.0, 1.0).lead_of_slow().unwrap();
            let own = 1.0 / (1.0 - rho) + lead / rho;
            assert!((own / exact - 1.0).abs() < 1e-10, "{rho}: {own} {exact}");
        }
    }

    #[test]
    fn unequal_branches_are_the_truncated_chain() {
        for (lambda, mu1, mu2) in [(0.3, 1.0, 1.5), (0.4, 2.0, 1.0), (0.3, 0.8, 0.9), (0.2, 1.0, 8.0)] {
            let most = 34u32;
            let chain = Chain::explore([(0u32, 0u32)], 2000, |&(a, b), to| {
                if a < most && b < most {
                    to((a + 1, b + 1), lambda);
                }
                if a > 0 {
                    to((a - 1, b), mu1);
                }
                if b > 0 {
                    to((a, b - 1), mu2);
                }
            })
            .unwrap();
            let p = chain.stationary().unwrap();
            let direct = chain.expect(&p, |&(a, b)| f64::from(a.max(b))) / lambda;
            let own = TwoBranches::new(lambda, mu1, mu2).unwrap();
            assert!((own.sojourn() / direct - 1.0).abs() < 1e-9, "{own:?} {direct}");
            let first = chain.expect(&p, |&(a, b)| f64::from(a.min(b))) / lambda;
            assert!((own.first() / first - 1.0).abs() < 1e-8, "{own:?} {first}");
        }
    }

    #[test]
    fn no_steady_state_and_no_numbers() {
        assert!(TwoBranches::new(1.0, 1.0, 2.0).is_none());
        assert!(TwoBranches::new(f64::NAN, 1.0, 2.0).is_none());
        assert!(TwoBranches::new(0.0, 1.0, 2.0).is_none());
    }
}
