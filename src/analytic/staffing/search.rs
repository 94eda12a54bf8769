//! Searches of what just meets a bound: the smallest whole number, the largest real.

use crate::dist::bisect::{bisect, half, whole};

/// The smallest whole number whose value is at most the bound: servers whose wait, sojourn, utilization,
/// loss (Erlang B) or abandonment (Erlang A) meets a target, places of M/M/c/K that lose little enough.
///
/// Formula: min{ n in from..=to : value(n) <= bound }, by doubling steps and then bisection: about
/// 2 log2(answer - from) evaluations. For servers n = c; for places min{ K : p_K <= x }, where for
/// rho >= 1 every K loses more than 1 - 1/rho.
/// Units: those of `value`. Valid when: `value` does not increase with n, as those of M/M/c, M/M/c/K and
/// M/M/c+M in c and K; `None` of it stands for infinite (too few to be stable). `None` if even `to` does
/// not do; a mean sojourn below 1/mu is never attained.
/// Reference: Bentley and Yao, An almost optimal algorithm for unbounded searching, IPL 5 (1976); Kolesar
/// and Green, Insights on service system design from a normal approximation to Erlang's delay formula,
/// Production and Operations Management 7 (1998); targets: Green, Kolesar, Whitt, Coping with time-varying
/// demand when setting staffing requirements, Production and Operations Management 16 (2007), sec. 2;
/// places: Gross et al. (4th ed.), sec. 2.4.
///
/// ```
/// use lindley::analytic::staffing::smallest;
/// assert_eq!(smallest(1, 1_000_000, 1e-3, |n| Some(1.0 / n as f64)), Some(1000));
/// assert_eq!(smallest(1, 10, 1e-3, |n| Some(1.0 / n as f64)), None);
/// assert_eq!(smallest(1, 100, 0.5, |n| (n > 7).then_some(0.0)), Some(8));
/// // Half of the messages may wait at 1.5 erlangs: C(2) = 9/14, C(3) = 0.2368.
/// use lindley::analytic::station::{erlang::erlang_c, mmck::Mmck};
/// assert_eq!(smallest(1, 100, 0.5, |c| erlang_c(c as u32, 1.5)), Some(3));
/// // M/M/1/K at rho = 1 loses 1/(K+1); at rho = 2 no K loses less than a half.
/// assert_eq!(smallest(1, 100, 0.1, |k| Some(Mmck::new(1.0, 1.0, 1, k).prob_loss())), Some(9));
/// assert_eq!(smallest(1, 1_000_000, 0.4, |k| Some(Mmck::new(2.0, 1.0, 1, k).prob_loss())), None);
/// ```
pub fn smallest(from: u64, to: u64, bound: f64, value: impl Fn(u64) -> Option<f64>) -> Option<u64> {
    let enough = |n: u64| value(n).is_some_and(|x| x <= bound);
    if from > to {
        return None;
    } else if enough(from) {
        return Some(from);
    }
    // `low` is never enough, `high` always.
    let (mut low, mut step) = (from, 1);
    let high = loop {
        let next = low.saturating_add(step).min(to);
        if enough(next) {
            break next;
        } else if next == to {
            return None;
        }
        (low, step) = (next, step.saturating_mul(2));
    };
    Some(bisect(low, high, whole, |n| !enough(n)).1)
}

/// The largest positive number whose value is at most the bound, to 15 digits: the arrival rate with
/// which servers just meet a target.
///
/// Formula: sup{ x > 0 : value(x) <= bound }, by doubling or halving from `start` and then bisection.
/// Units: those of `value`. Valid when: `value` does not decrease with x; `None` of it stands for
/// infinite. `None` if no number within 2^1000 times `start` either way does or does not meet the bound.
/// Reference: as `smallest`.
///
/// ```
/// use lindley::analytic::staffing::largest;
/// let root = largest(1.0, 2.0, |x| Some(x * x)).unwrap();
/// assert!((root - 2.0_f64.sqrt()).abs() < 1e-14);
/// assert_eq!(largest(1.0, 2.0, |x| Some(3.0 + x)), None);
/// ```
pub fn largest(start: f64, bound: f64, value: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let meets = |x: f64| value(x).is_some_and(|y| y <= bound);
    let factor = if meets(start) { 2.0 } else { 0.5 };
    let growing = factor > 1.0;
    let mut end = start;
    for _ in 0..1000 {
        let next = end * factor;
        if meets(next) != growing {
            let (low, high) = if growing { (end, next) } else { (next, end) };
            return Some(bisect(low, high, half, meets).0);
        }
        end = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::erlang::{erlang_b, erlang_c};
    use crate::analytic::station::erlang_a::ErlangA;
    use crate::analytic::station::mmc::Mmc;
    use crate::analytic::station::mmck::Mmck;

    #[test]
    fn every_answer_is_found_wherever_it_is() {
        for wanted in 3..200_u64 {
            let value = |n: u64| (n >= 3).then_some(if n >= wanted { 0.1 } else { 0.9 });
            assert_eq!(smallest(3, 200, 0.5, value), Some(wanted));
            assert_eq!(smallest(1, u64::MAX, 0.5, value), Some(wanted));
            assert_eq!(smallest(1, wanted - 1, 0.5, value), None);
        }
        assert_eq!(smallest(5, 4, 1.0, |_| Some(0.0)), None);
    }

    fn tail(lambda: f64, mu: f64, c: u64, t: f64) -> Option<f64> {
        Some(Mmc::new(lambda, mu, c as u32).ok()?.wait_law().survival(t))
    }

    #[test]
    fn servers_are_those_that_counting_finds() {
        for (lambda, mu, t, alpha) in [(0.3, 1.0, 0.0, 0.01), (9.0, 0.7, 0.5, 0.2), (77.0, 3.0, 0.1, 0.003)] {
            let waits =
                |c: u32| erlang_c(c, lambda / mu).map_or(1.0, |p| p * (-(f64::from(c) * mu - lambda) * t).exp());
            let counted = (1..).find(|&c| waits(c) <= alpha).unwrap();
            let from = (lambda / mu) as u64 + 1;
            assert_eq!(smallest(from, 1 << 32, alpha, |c| tail(lambda, mu, c, t)), Some(u64::from(counted)));
        }
        let c = smallest(1_000_001, u64::from(u32::MAX), 0.2, |c| tail(1e6, 1.0, c, 0.0)).unwrap();
        assert!(tail(1e6, 1.0, c, 0.0).unwrap() <= 0.2 && tail(1e6, 1.0, c - 1, 0.0).unwrap() > 0.2);
    }

    #[test]
    fn every_target_is_met_just_so() {
        let queue = |lambda, c: u64| Mmc::new(lambda, 1.0, c as u32).ok();
        type Value<'v> = (f64, &'v dyn Fn(f64, u64) -> Option<f64>);
        let targets: [Value; 7] = [
            (0.01, &|l, c| Some(queue(l, c)?.wait())),
            (0.2, &|l, c| queue(l, c)?.wait_law().quantile(0.99)),
            (1.01, &|l, c| Some(queue(l, c)?.sojourn())),
            (2.31, &|l, c| queue(l, c)?.sojourn_law().quantile(0.9)),
            (0.8, &|l, c| Some(queue(l, c)?.utilization())),
            (0.02, &|l, c| Some(erlang_b(c as u32, l))),
            (0.02, &|l, c| Some(ErlangA::new(l, 1.0, 0.5, c as u32).prob_abandon())),
        ];
        for (bound, value) in targets {
            let c = smallest(1, u64::from(u32::MAX), bound, |c| value(40.0, c)).unwrap();
            assert!(value(40.0, c).unwrap() <= bound && value(40.0, c - 1).is_none_or(|x| x > bound), "{bound}");
            // The largest rate with that many servers is at least the rate asked for, and not with fewer.
            let rate = |c: u64| largest(0.5 * c as f64, bound, |l| value(l, c)).unwrap();
            assert!(rate(c) >= 40.0 * (1.0 - 1e-12) && rate(c - 1) < 40.0 * (1.0 + 1e-12), "{bound}");
        }
    }

    #[test]
    fn what_cannot_be_attained_ends() {
        let sojourn = |l, c: u64| Some(Mmc::new(l, 1.0, c as u32).ok()?.sojourn());
        assert_eq!(smallest(41, u64::from(u32::MAX), 0.99, |c| sojourn(40.0, c)), None);
        assert_eq!(largest(2.5, 0.99, |l| sojourn(l, 5)), None);
        let loss = |rho| move |k| Some(Mmck::new(rho, 1.0, 1, k).prob_loss());
        assert_eq!(smallest(1, 1_000_000_000_000_000, 1.0 / 3.0 - 1e-12, loss(1.5)), None);
        assert_eq!(smallest(1, 1_000_000_000_000_000, 0.0, loss(1.5)), None);
        assert_eq!(smallest(1, 1_000_000_000_000_000, 1.0, loss(0.5)), Some(1));
        assert_eq!(largest(1.0, 1.0, |_| Some(0.0)), None);
        assert_eq!(largest(1.0, 1.0, |_| None), None);
        let low = largest(1.0, 1e-9, |x| Some(3.0 * x)).unwrap();
        assert!((low * 3e9 - 1.0).abs() < 1e-14);
    }

    #[test]
    fn one_place_fewer_loses_too_much() {
        for (lambda, c, most) in [(0.9, 1, 1e-6), (0.999, 1, 1e-9), (7.5, 8, 1e-4), (1.2, 1, 0.2), (3.0, 2, 0.34)] {
            let loss = |k| Mmck::new(lambda, 1.0, c, k).prob_loss();
            let k = smallest(u64::from(c), 1_000_000_000_000_000, most, |k| Some(loss(k))).unwrap();
            assert!(loss(k) <= most && (k == u64::from(c) || loss(k - 1) > most));
        }
    }
}
