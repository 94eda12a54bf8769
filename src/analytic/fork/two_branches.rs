//! Fork-join of two branches M/M/1, exactly, equal or not.

use crate::dist::bisect::{bisect, half};
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
/// Numerics: the trapezoidal rule on a smooth closed curve, nodes closer where the pole at 1 is near;
/// they are doubled until the answer keeps 12 digits, or is down to rounding (1e-9 at mu1/mu2 = 1e6).
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
}

/// The curve on which the unknown function is real.
struct Boundary {
    lambda: f64,
    fast: f64,
    slow: f64,
    /// 1 - x at the branch points of the kernel in x, x1 < x2 < 1 < x3.
    points: [f64; 3],
}

impl Boundary {
    fn new(lambda: f64, fast: f64, slow: f64) -> Boundary {
        // The discriminant ((lambda + mu1 + mu2) x - mu1)^2 - 4 lambda mu2 x^3 in powers of z = 1 - x, written
        // so that two close roots near 0 (saturation) keep their digits.
        let (slack, faster) = (slow - lambda, fast - slow);
        let c1 = -2.0 * slack * (slow + slack) - 2.0 * faster * (2.0 * slow - slack);
        let sum = lambda + fast + slow;
        let (c2, c3) = (sum * sum - 12.0 * lambda * slow, 4.0 * lambda * slow);
        let discriminant = |z: f64| ((c3 * z + c2) * z + c1) * z + slack * slack;
        let middle = (lambda + slow) / sum;
        let mut far = -1.0;
        while discriminant(far) > 0.0 {
            far *= 2.0;
        }
        let points = [root(discriminant, 1.0, middle), root(discriminant, 0.0, middle), root(discriminant, 0.0, far)];
        Boundary { lambda, fast, slow, points }
    }

    /// How closely nodes must stand at t = 0, where the curve passes near the pole at 1 when the slow
    /// branch is nearly saturated, and where x3 comes near.
    fn closeness(&self) -> f64 {
        let [low, high, beyond] = self.points;
        let (gap, slope) = self.at(0.0);
        let pole = gap.norm() / slope.norm();
        let branch = (4.0 * (high - beyond) / (low - high)).sqrt();
        pole.min(branch).powf(2.0 / 3.0).clamp(1e-6, 1.0)
    }

    /// y - 1 at node s, and its derivative by s: t = s - (1 - closeness) sin s.
    fn node(&self, s: f64, closeness: f64) -> (Complex<f64>, Complex<f64>) {
        let (gap, slope) = self.at(s - (1.0 - closeness) * s.sin());
        (gap, slope * (closeness + (1.0 - closeness) * 2.0 * (0.5 * s).sin().powi(2)))
    }

    /// y - 1 at parameter t of \[0, 2 pi), counterclockwise, and its derivative.
    fn at(&self, t: f64) -> (Complex<f64>, Complex<f64>) {
        let [low, high, beyond] = self.points;
        let half = 0.5 * (low - high);
        let far = half * 2.0 * (0.5 * t).sin().powi(2);
        let (z, slope) = (high + far, half * t.sin());
        let (x, lambda, slow) = (1.0 - z, self.lambda, self.slow);
        let sum = lambda + self.fast + slow;
        let product = 4.0 * lambda * slow;
        let root = (product * (high - beyond + far)).sqrt();
        let root_slope = 0.5 * product * slope / root;
        // y = (lambda + mu2 - sum z + i half sin(t) root)/(2 lambda x^2).
        let imaginary = half * t.sin() * root;
        let above = (slow - lambda) + z * (4.0 * lambda - sum) - 2.0 * lambda * z * z;
        let below = 2.0 * lambda * x * x;
        let top = Complex::new(lambda + slow - sum * z, imaginary);
        let top_slope = Complex::new(-sum * slope, half * (t.cos() * root + t.sin() * root_slope));
        (Complex::new(above, imaginary) / below, top_slope / below + top * (2.0 * slope / (x * below)))
    }

    /// E\[(n2 - n1)+\], n2 being the slow branch.
    fn lead_of_slow(&self) -> Option<f64> {
        let (mut nodes, mut last, mut change) = (FIRST_NODES, f64::NAN, f64::INFINITY);
        while nodes <= MOST_NODES {
            let next = self.with_nodes(nodes)?;
            let before = change;
            change = f64::abs(next - last) / next;
            // Converged, or down to rounding: more nodes change it no less.
            if change <= 1e-12 || (change <= 1e-9 && change >= 0.1 * before) {
                return Some(next);
            }
            (nodes, last) = (2 * nodes, next);
        }
        (change <= 1e-9).then_some(last)
    }

    /// The density of a Cauchy integral with the wanted imaginary part on the curve.
    ///
    /// Formula: sigma(t)/2 + 1/(2 pi) integral of sigma(u) Im\[y'(u)/(y(u) - y(t))\] du = -(1 - rho1) Im\[1/(y(t) - 1)\].
    /// As y is symmetric to the real axis and sigma odd, nodes of the upper half suffice. The
    /// diagonal follows from sigma = 1, whose integral is 1.
    fn with_nodes(&self, nodes: usize) -> Option<f64> {
        let step = TAU / nodes as f64;
        let closeness = self.closeness();
        let y: Vec<_> = (0..nodes).map(|i| self.node((i as f64 + 0.5) * step, closeness)).collect();
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
        let idle = (self.fast - self.lambda) / self.fast;
        let wanted = DVector::from_fn(half, |i, _| -idle * y[i].0.inv().im);
        let density = matrix.lu().solve(&wanted)?;
        let other_pole = (self.fast - self.slow) / self.fast;
        let term = |i: usize| density[i] * (y[i].1 / (y[i].0 * (y[i].0 + other_pole))).re;
        let lead = 2.0 * (0..half).map(term).sum::<f64>() * step / (2.0 * PI);
        lead.is_finite().then_some(lead)
    }
}

/// The root between `positive` and `negative`, where the function has those signs.
fn root(function: impl Fn(f64) -> f64, positive: f64, negative: f64) -> f64 {
    let (a, b) = bisect(positive, negative, half, |x| function(x) > 0.0);
    0.5 * (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;

    /// The boundary value problem knows nothing of the closed form for equal branches.
    #[test]
    fn nearly_equal_branches_have_the_closed_form() {
        for rho in [0.001, 0.5, 0.9, 0.99, 0.9999] {
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
            let average = chain_averages([(0u32, 0u32)], 2000, |&(a, b), to| {
                to((a + 1, b + 1), if a < most && b < most { lambda } else { 0.0 });
                to((a.saturating_sub(1), b), if a > 0 { mu1 } else { 0.0 });
                to((a, b.saturating_sub(1)), if b > 0 { mu2 } else { 0.0 });
            });
            let direct = average(&|&(a, b)| f64::from(a.max(b))) / lambda;
            let own = TwoBranches::new(lambda, mu1, mu2).unwrap();
            assert!((own.sojourn() / direct - 1.0).abs() < 1e-9, "{own:?} {direct}");
            let first = average(&|&(a, b)| f64::from(a.min(b))) / lambda;
            assert!((own.first() / first - 1.0).abs() < 1e-8, "{own:?} {first}");
        }
    }

    /// A slow branch close to saturation is all that matters, but for what the fast one adds.
    #[test]
    fn saturated_slow_branch() {
        for (lambda, fast) in [(0.999, 3.0), (0.99, 1e3), (0.9999, 1.1)] {
            let both = TwoBranches::new(lambda, fast, 1.0).unwrap();
            let (slow, quick) = (both.branch(1), both.branch(0));
            // Associated sojourns: at most the maximum of independent ones.
            let most = slow + quick - 1.0 / (1.0 / slow + 1.0 / quick);
            assert!(both.sojourn() > slow && both.sojourn() < most, "{lambda} {fast}: {both:?}");
        }
    }

    #[test]
    fn no_steady_state_and_no_numbers() {
        assert!([1.0, f64::NAN, 0.0].iter().all(|lambda| TwoBranches::new(*lambda, 1.0, 2.0).is_none()));
    }
}
