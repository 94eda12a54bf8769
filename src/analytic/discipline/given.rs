//! What a message of one size sees under the orders of service that go by size.

use super::cobham::work_ahead;
use super::flow::Two;
use super::sizes::SizeView;
use crate::analytic::steady::Moments;

/// Wait until service first begins, and sojourn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeTimes {
    /// Wait until the first start, seconds.
    pub wait: Moments,
    /// Sojourn, seconds.
    pub sojourn: Moments,
}

/// Wait and sojourn of a message of size x under shortest job first, without interruption.
///
/// Formula: E\[wait | x\] = lambda E\[S^2\] / (2 (1-rho(x-)) (1-rho(x))), where rho(x) is the load of the sizes
/// up to x, rho(x-) of those below; the limit of priorities with a class for each size.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server, sizes known, equal sizes first in first out. Sizes whose
/// rho(x) < 1 have a finite wait.
/// Reference: Phipps, Machine repair as a priority waiting-line problem (1956); Conway, Maxwell, Miller,
/// Theory of Scheduling (1967), sec. 8-6.
pub(crate) fn sjf(seen: &SizeView) -> SizeTimes {
    let wait = work_ahead(seen.upto, seen.all).prolonged(seen.below).moments();
    SizeTimes { wait, sojourn: wait.plus(Moments::new(seen.x, 0.0)) }
}

/// Wait until the first start, and sojourn, of a message of size x under preemptive shortest job first.
///
/// Formula: E\[T | x\] = lambda E\[S^2; S <= x\] / (2 (1-rho(x-)) (1-rho(x))) + x/(1-rho(x-)), with rho(x) the
/// load of the sizes up to x, rho(x-) of those below; second moments as for preemptive priorities.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server, sizes known, equal sizes first in first out, the
/// interrupted resumes; the order is by the size at arrival.
/// Reference: Harchol-Balter, Performance Modeling and Design of Computer Systems (2013), sec. 32.3.
pub(crate) fn psjf(seen: &SizeView) -> SizeTimes {
    let wait = work_ahead(seen.upto, seen.upto).prolonged(seen.below).moments();
    let rest = Two { first: seen.x, second: Some(seen.x * seen.x) }.prolonged(seen.below).moments();
    SizeTimes { wait, sojourn: wait.plus(rest) }
}

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
pub(crate) fn srpt(seen: &SizeView) -> SizeTimes {
    let wait = work_ahead(seen.upto, seen.cut).prolonged(seen.below).moments();
    let [rest, variance] = seen.run;
    SizeTimes { wait, sojourn: wait.plus(Moments::new(rest, variance)) }
}

/// What the time from first start to end, and its variance, grow by per second of size.
pub(crate) fn residence(seen: &SizeView) -> [f64; 2] {
    let left = 1.0 - seen.upto.rho;
    [1.0 / left, seen.upto.second / left.powi(3)]
}

/// Sojourn of a message of size x under foreground-background (least attained service).
///
/// Formula: E\[T | x\] = (lambda E\[min(S,x)^2\] / (2 (1-r)) + x) / (1-r), r = lambda E\[min(S,x)\]: the work of all
/// messages cut at x and its own size, prolonged by the busy periods of such messages. Messages of
/// the same age share the server; every message is served when it arrives.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server; sizes need not be known.
/// Reference: Kleinrock, Queueing Systems II (1976), sec. 4.6; Harchol-Balter (2013), sec. 31.2.
pub(crate) fn fb(seen: &SizeView) -> SizeTimes {
    let (found, x) = (work_ahead(seen.cut, seen.cut), seen.x);
    let second = found.second.map(|v| v + x * (2.0 * found.first + x));
    let sojourn = Two { first: found.first + x, second }.prolonged(seen.cut).moments();
    SizeTimes { wait: Moments::ZERO, sojourn }
}
