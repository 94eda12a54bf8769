//! Searches of what just meets a bound: the smallest whole number, the largest real. Knows no queue.

use crate::dist::bisect::{bisect, half, whole};

/// The smallest whole number whose value is at most the bound.
///
/// Formula: min{ n in from..=to : value(n) <= bound }, by doubling steps and then bisection: about
/// 2 log2(answer - from) evaluations.
/// Units: those of `value`. Valid when: `value` does not increase with n; `None` of it stands for
/// infinite (too few to be stable). `None` if even `to` does not do.
/// Reference: Bentley and Yao, An almost optimal algorithm for unbounded searching, IPL 5 (1976).
///
/// ```
/// use lindley::analytic::staffing::smallest;
/// assert_eq!(smallest(1, 1_000_000, 1e-3, |n| Some(1.0 / n as f64)), Some(1000));
/// assert_eq!(smallest(1, 10, 1e-3, |n| Some(1.0 / n as f64)), None);
/// assert_eq!(smallest(1, 100, 0.5, |n| (n > 7).then_some(0.0)), Some(8));
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

/// The largest positive number whose value is at most the bound, to 15 digits.
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

    #[test]
    fn largest_ends_where_nothing_changes() {
        assert_eq!(largest(1.0, 1.0, |_| Some(0.0)), None);
        assert_eq!(largest(1.0, 1.0, |_| None), None);
        let low = largest(1.0, 1e-9, |x| Some(3.0 * x)).unwrap();
        assert!((low * 3e9 - 1.0).abs() < 1e-14);
    }
}
