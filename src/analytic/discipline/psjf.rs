//! Shortest job first by whole sizes, with interruption: what a message of one size sees.

use super::cobham::work_ahead;
use super::flow::Two;
use super::sizes::SizeView;
use super::sjf::moments;
use super::times::SizeTimes;
use crate::analytic::steady::Moments;

/// Wait until the first start, and sojourn, of a message of size x under preemptive shortest job first.
///
/// Formula: E\[T | x\] = lambda E\[S^2; S <= x\] / (2 (1-rho(x-)) (1-rho(x))) + x/(1-rho(x-)), with rho(x) the
/// load of the sizes up to x, rho(x-) of those below; second moments as for preemptive priorities.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server, sizes known, equal sizes first in first out, the
/// interrupted resumes; the order is by the size at arrival.
/// Reference: Harchol-Balter, Performance Modeling and Design of Computer Systems (2013), sec. 32.3.
pub(crate) fn given(seen: &SizeView) -> SizeTimes {
    let wait = moments(work_ahead(seen.upto, seen.upto).prolonged(seen.below));
    let rest = moments(Two { first: seen.x, second: Some(seen.x * seen.x) }.prolonged(seen.below));
    let variance = wait.variance.zip(rest.variance).map(|(a, b)| a + b);
    SizeTimes { wait, sojourn: Moments { mean: wait.mean + rest.mean, variance } }
}
