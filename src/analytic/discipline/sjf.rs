//! Shortest job first, without interruption: what a message of one size waits.

use super::cobham::work_ahead;
use super::flow::Two;
use super::sizes::SizeView;
use super::times::SizeTimes;
use crate::analytic::steady::Moments;

/// Wait and sojourn of a message of size x under shortest job first, without interruption.
///
/// Formula: E\[wait | x\] = lambda E\[S^2\] / (2 (1-rho(x-)) (1-rho(x))), where rho(x) is the load of the sizes
/// up to x, rho(x-) of those below; the limit of priorities with a class for each size.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server, sizes known, equal sizes first in first out. Sizes whose
/// rho(x) < 1 have a finite wait.
/// Reference: Phipps, Machine repair as a priority waiting-line problem (1956); Conway, Maxwell, Miller,
/// Theory of Scheduling (1967), sec. 8-6.
pub(crate) fn given(seen: &SizeView) -> SizeTimes {
    let wait = moments(work_ahead(seen.upto, seen.all).prolonged(seen.below));
    SizeTimes { wait, sojourn: Moments { mean: wait.mean + seen.x, ..wait } }
}

/// From a time known by two moments.
pub(crate) fn moments(time: Two) -> Moments {
    Moments { mean: time.first, variance: time.variance() }
}
