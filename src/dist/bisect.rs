//! Bisection: the one loop behind every root and every search of the crate that halves an interval. What lies
//! between two ends, and so when the loop ends, is a rule of its own: [`half`] and [`geometric`] for doubles,
//! [`whole`] for whole numbers (and the bits of doubles).

use std::convert::Infallible;
use std::ops::{Add, Div, Sub};

/// Narrows the interval from `low`, where `below` holds, to `high`, where it does not, until `between` names
/// no value inside: the last value at which it holds, and the first at which it does not. Neither end is
/// evaluated, and `low` may be the larger of the two.
///
/// ```text
/// let (low, high) = bisect(1.0, 2.0, half, |x| x * x < 2.0); // neighbouring doubles around sqrt(2)
/// ```
pub(crate) fn bisect<T: Copy>(
    low: T,
    high: T,
    between: impl Fn(T, T) -> Option<T>,
    mut below: impl FnMut(T) -> bool,
) -> (T, T) {
    let Ok(ends) = try_bisect(low, high, between, |x| Ok::<bool, Infallible>(below(x)));
    ends
}

/// [`bisect`] where the question may fail.
pub(crate) fn try_bisect<T: Copy, E>(
    mut low: T,
    mut high: T,
    between: impl Fn(T, T) -> Option<T>,
    mut below: impl FnMut(T) -> Result<bool, E>,
) -> Result<(T, T), E> {
    while let Some(middle) = between(low, high) {
        if below(middle)? { low = middle } else { high = middle }
    }
    Ok((low, high))
}

/// The middle, until the ends are neighbouring doubles.
pub(crate) fn half(low: f64, high: f64) -> Option<f64> {
    inside(low, 0.5 * (low + high), high)
}

/// The middle of the logarithms, until the ends are neighbours; for ends above 0.
pub(crate) fn geometric(low: f64, high: f64) -> Option<f64> {
    inside(low, (low * high).sqrt(), high)
}

fn inside(low: f64, middle: f64, high: f64) -> Option<f64> {
    (middle > low.min(high) && middle < low.max(high)).then_some(middle)
}

/// The middle of `low` < `high`, until they follow each other.
pub(crate) fn whole<T>(low: T, high: T) -> Option<T>
where
    T: Copy + PartialOrd + From<u8> + Add<Output = T> + Sub<Output = T> + Div<Output = T>,
{
    let two = T::from(2);
    (high - low >= two).then(|| low + (high - low) / two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_neighbours_around_the_boundary() {
        for between in [half, geometric] {
            let (low, high) = bisect(1.0, 2.0, between, |x| x * x < 2.0);
            assert!(low * low < 2.0 && high * high >= 2.0 && high == low.next_up(), "{low} {high}");
        }
        // Downwards too, and to the smallest double.
        assert_eq!(bisect(1.0, 0.0, half, |x| x > 0.25), (0.25_f64.next_up(), 0.25));
        assert_eq!(bisect(0.0, 1.0, half, |x| x < 0.0).1, f64::from_bits(1));
        assert_eq!(bisect(0.0, f64::NAN, half, |_| true).0, 0.0);
    }

    #[test]
    fn whole_numbers_follow_each_other() {
        for wanted in 1..=100_u64 {
            assert_eq!(bisect(0, 100, whole, |n| n < wanted), (wanted - 1, wanted));
        }
        assert_eq!(bisect(7_u32, 8, whole, |_| true), (7, 8));
        assert_eq!(bisect(7_u32, 7, whole, |_| true), (7, 7));
        assert_eq!(try_bisect(0_u64, u64::MAX, whole, |_| Err::<bool, u8>(3)), Err(3));
    }
}
