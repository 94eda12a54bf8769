//! Foreground-background, least attained service first: what a message of one size sees.

use super::cobham::work_ahead;
use super::flow::Two;
use super::sizes::SizeView;
use super::sjf::moments;
use super::times::SizeTimes;
use crate::analytic::steady::Moments;

/// Sojourn of a message of size x under foreground-background (least attained service).
///
/// Formula: E\[T | x\] = (lambda E\[min(S,x)^2\] / (2 (1-r)) + x) / (1-r), r = lambda E\[min(S,x)\]: the work of all
/// messages cut at x and its own size, prolonged by the busy periods of such messages. Messages of
/// the same age share the server; every message is served when it arrives.
/// Units: seconds.
/// Valid when: Poisson arrivals, one server; sizes need not be known.
/// Reference: Kleinrock, Queueing Systems II (1976), sec. 4.6; Harchol-Balter (2013), sec. 31.2.
pub(crate) fn given(seen: &SizeView) -> SizeTimes {
    let (found, x) = (work_ahead(seen.cut, seen.cut), seen.x);
    let second = found.second.map(|v| v + x * (2.0 * found.first + x));
    let sojourn = moments(Two { first: found.first + x, second }.prolonged(seen.cut));
    SizeTimes { wait: Moments { mean: 0.0, variance: Some(0.0) }, sojourn }
}
