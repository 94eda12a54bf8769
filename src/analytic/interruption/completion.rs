//! Completion times: how long a service takes from its first start to its end when the server fails
//! meanwhile.

use crate::analytic::numeric::moments::RawMoments;
use crate::analytic::numeric::survival::survival_moment;
use crate::analytic::numeric::transform::laplace;
use crate::analytic::problem::AfterRepair;
use crate::dist::Dist;

/// Completion time of a service that failures interrupt: from its first start to its end, repairs
/// and lost work included.
///
/// Formula, with failures at rate xi during work, repairs R, A = 1 + xi E\[R\], work S:
/// resume: E\[C\] = A E\[S\], E\[C^2\] = A^2 E\[S^2\] + xi E\[S\] E\[R^2\];
/// repeat with a new time: E\[C\] = (1/phi - 1)(1/xi + E\[R\]), phi = E\[e^{-xi S}\];
/// repeat with the same time: E\[C\] = (E\[e^{xi S}\] - 1)(1/xi + E\[R\]).
/// Units: rate per second, times in seconds.
/// Valid when: failures come at a constant rate while there is work, repairs are independent. With
/// the same time repeated, E\[C\] is infinite unless the tail of S falls faster than e^{-xi t}, and
/// E\[C^2\] unless faster than e^{-2 xi t}.
/// Reference: Gaver, A waiting line with interrupted service (1962), sec. 2 to 4; Avi-Itzhak and
/// Naor (1963).
///
/// ```
/// use lindley::analytic::interruption::completion::Completion;
/// use lindley::analytic::problem::AfterRepair;
/// use lindley::dist::Dist;
/// let (work, repair) = (Dist::Deterministic(1.0), Dist::Deterministic(0.0));
/// let again = Completion::new(&work, 0.5, &repair, AfterRepair::RepeatIdentical);
/// assert!((again.mean - 2.0 * (0.5_f64.exp() - 1.0)).abs() < 1e-15);
/// assert!((again.failures - (0.5_f64.exp() - 1.0)).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Completion {
    /// E\[C\], seconds.
    pub mean: f64,
    /// E\[C^2\], seconds squared.
    pub second: f64,
    /// E\[C^3\], seconds cubed; `None` where it is not computed (the same time again).
    pub third: Option<f64>,
    /// Mean number of failures during one completion.
    pub failures: f64,
}

impl Completion {
    /// Of work `work`, failures at `rate` per second of work, and `repair` times.
    pub fn new(work: &Dist, rate: f64, repair: &Dist, after: AfterRepair) -> Completion {
        let repair = RawMoments::of(repair);
        match after {
            AfterRepair::RepeatDifferent if rate > 0.0 => different(work, rate, repair),
            AfterRepair::RepeatIdentical if rate > 0.0 => identical(work, rate, repair),
            _ => resume(RawMoments::of(work), rate, repair),
        }
    }

    /// Variance, seconds squared.
    pub fn variance(&self) -> f64 {
        if self.second.is_finite() { self.second - self.mean * self.mean } else { self.second }
    }
}

/// x y, with 0 for 0 times infinity: what never happens costs nothing.
fn times(x: f64, y: f64) -> f64 {
    if x == 0.0 || y == 0.0 { 0.0 } else { x * y }
}

fn resume(work: RawMoments, rate: f64, repair: RawMoments) -> Completion {
    let factor = 1.0 + times(rate, repair.first);
    let third = times(factor.powi(3), work.third)
        + times(3.0 * factor * work.second, times(rate, repair.second))
        + times(work.first, times(rate, repair.third));
    Completion {
        mean: factor * work.first,
        second: factor * factor * work.second + times(work.first, times(rate, repair.second)),
        third: Some(third),
        failures: rate * work.first,
    }
}

/// A geometric number of attempts, all of independent times: C = Y + C' after a failed attempt of
/// length and repair Y, so that E\[C^n\] P(success) collects the lower moments.
fn different(work: &Dist, rate: f64, repair: RawMoments) -> Completion {
    let success = laplace(work, rate);
    let [zero, one, two] = [0, 1, 2].map(|k| survival_moment(work, k, rate));
    let factor = 1.0 + times(rate, repair.first);
    let lost = rate * (one + times(zero, repair.first));
    let lost_second = rate * (two + times(2.0 * one, repair.first) + times(zero, repair.second));
    let mean = zero * factor / success;
    let second = (2.0 * one * factor + times(rate * zero, repair.second) + 2.0 * lost * mean) / success;
    let last = 3.0 * two * factor + times(3.0 * rate * one, repair.second) + times(rate * zero, repair.third);
    let third = (last + 3.0 * times(lost, second) + 3.0 * times(lost_second, mean)) / success;
    Completion { mean, second, third: Some(third), failures: rate * zero / success }
}

/// A geometric number of attempts given the one time that all of them take.
///
/// With k = e^{xi S} - 1 and g = 1/xi + E\[R\]:
/// E\[C^2\] = E\[R^2\] E\[k\] + 2 g (E\[(1+k)(k - xi S)\]/xi + E\[R\] E\[k^2\]).
fn identical(work: &Dist, rate: f64, repair: RawMoments) -> Completion {
    let (zero, one) = (survival_moment(work, 0, -rate), survival_moment(work, 1, -rate));
    let failures = rate * zero;
    let span = 1.0 / rate + repair.first;
    let twice = survival_moment(work, 0, -2.0 * rate);
    let second = if twice.is_finite() {
        let squares = 2.0 * rate * (twice - zero);
        let beyond = squares - rate * rate * one;
        times(failures, repair.second) + 2.0 * span * (beyond / rate + times(repair.first, squares))
    } else {
        f64::INFINITY
    };
    Completion { mean: span * failures, second, third: None, failures }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AfterRepair::{RepeatDifferent, RepeatIdentical, Resume};

    /// Exponential work does not know whether it is resumed or drawn again.
    #[test]
    fn memoryless_and_constant_work_repeat_the_same() {
        for repair in [Dist::Deterministic(0.7), Dist::Exponential(2.0), Dist::Deterministic(0.0)] {
            let [a, b] =
                [Resume, RepeatDifferent].map(|after| Completion::new(&Dist::Exponential(1.5), 0.4, &repair, after));
            assert!((a.mean / b.mean - 1.0).abs() < 1e-14 && (a.second / b.second - 1.0).abs() < 1e-14);
            assert!((a.failures / b.failures - 1.0).abs() < 1e-14);
            assert!((a.third.unwrap() / b.third.unwrap() - 1.0).abs() < 1e-13);
        }
        // Constant work does not know whether the repeated time is drawn again.
        let repair = Dist::erlang(2, 0.8).unwrap();
        for rate in [1e-4, 0.3, 2.0] {
            let [a, b] = [RepeatIdentical, RepeatDifferent]
                .map(|after| Completion::new(&Dist::Deterministic(1.2), rate, &repair, after));
            assert!((a.mean / b.mean - 1.0).abs() < 1e-12, "{rate}: {a:?} {b:?}");
            assert!((a.second / b.second - 1.0).abs() < 1e-10, "{rate}: {a:?} {b:?}");
        }
    }

    /// Mixing conditional moments over the branches of a discrete law.
    #[test]
    fn identical_is_a_mixture_over_the_time_that_repeats() {
        let repair = Dist::Exponential(0.3);
        let law = Dist::mixture(vec![(0.25, Dist::Deterministic(0.5)), (0.75, Dist::Deterministic(2.0))]).unwrap();
        let of = |law: &Dist| Completion::new(law, 0.6, &repair, RepeatIdentical);
        let (whole, short, long) = (of(&law), of(&Dist::Deterministic(0.5)), of(&Dist::Deterministic(2.0)));
        assert!((whole.second - 0.25 * short.second - 0.75 * long.second).abs() < 1e-12 * whole.second);
        // Power twin: a new draw each time is another completion.
        let fresh = Completion::new(&law, 0.6, &repair, RepeatDifferent);
        assert!(fresh.mean < 0.95 * whole.mean);
    }

    #[test]
    fn moments_that_do_not_exist_and_those_of_constants() {
        let none = Dist::Deterministic(0.0);
        let slow = |rate| Completion::new(&Dist::Exponential(1.0), rate, &none, RepeatIdentical);
        assert!(slow(0.4).second.is_finite());
        assert!(slow(0.6).mean.is_finite() && slow(0.6).second == f64::INFINITY);
        assert_eq!(slow(1.0).mean, f64::INFINITY);
        let heavy = Completion::new(&Dist::pareto(1.0, 9.0).unwrap(), 1e-3, &none, RepeatIdentical);
        assert_eq!(heavy.mean, f64::INFINITY);
        // The cumulants of a compound Poisson sum, from a chain-free derivation: D work, D repair.
        let c = Completion::new(&Dist::Deterministic(1.0), 0.5, &Dist::Deterministic(2.0), Resume);
        // 1 + 2 P, P Poisson(0.5): E[P] = 0.5, E[P^2] = 0.75, E[P^3] = 0.5 + 3 * 0.25 + 0.125 = 1.375.
        let third = 1.0 + 6.0 * 0.5 + 12.0 * 0.75 + 8.0 * 1.375;
        assert!((c.third.unwrap() - third).abs() < 1e-13 && (c.second - (1.0 + 2.0 + 3.0)).abs() < 1e-14);
    }
}
