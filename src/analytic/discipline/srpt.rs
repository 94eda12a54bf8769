//! Shortest remaining processing time: what a message of one size sees.

use super::cobham::work_ahead;
use super::sizes::SizeView;
use super::sjf::moments;
use super::times::SizeTimes;
use crate::analytic::steady::Moments;

/// Wait until the first start, and sojourn, of a message of size x under shortest remaining time.
///
/// Formula (Schrage and Miller): E\[T | x\] = lambda (E\[S^2; S <= x\] + x^2 P(S > x)) / (2 (1-rho(x-)) (1-rho(x))) +
/// integral over 0..x of dt/(1-rho(t)), with rho(x) the load of the sizes up to x, rho(x-) of those below.
/// Given x the two parts are independent; the second has variance
/// integral over 0..x of lambda E\[S^2; S <= t\] dt/(1-rho(t))^3.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server, sizes known, ties first in first out, the interrupted
/// resumes. No order has a smaller mean sojourn.
/// Reference: Schrage and Miller, The queue M/G/1 with the shortest remaining processing time discipline
/// (1966); Harchol-Balter (2013), sec. 33.1.
pub(crate) fn given(seen: &SizeView) -> SizeTimes {
    let wait = moments(work_ahead(seen.upto, seen.cut).prolonged(seen.below));
    let [rest, variance] = seen.run;
    SizeTimes { wait, sojourn: Moments { mean: wait.mean + rest, variance: wait.variance.map(|v| v + variance) } }
}

/// What the time from first start to end, and its variance, grow by per second of size.
pub(crate) fn residence(seen: &SizeView) -> [f64; 2] {
    let left = 1.0 - seen.upto.rho;
    [1.0 / left, seen.upto.second / left.powi(3)]
}
