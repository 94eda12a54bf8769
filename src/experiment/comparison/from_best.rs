//! Multiple comparisons with the best: how far each of several models is from the best of the others, and so which is the
//! best or cannot be told from it. Judges intervals only.

use super::Good;
use super::ranking::Rank;
use super::stats::{Paired, pairs_for};

/// The difference of a model from another: its own value minus the other's. A missing end is at infinity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Apart {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Apart {
    /// Of the first from the second of a pair.
    pub(super) fn of(found: &Paired) -> Apart {
        let (low, high) = found.ends.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        Apart { value: -found.difference, low: -high, high: -low }
    }

    /// The other way round.
    pub(super) fn turned(self) -> Apart {
        Apart { value: -self.value, low: -self.high, high: -self.low }
    }
}

/// The difference of a model from the best of the others.
///
/// Formula: x_i - min over j of x_j = max over j of (x_i - x_j), so with intervals of all x_i - x_j that hold at once its
/// interval is [max low_ij, max high_ij]; where larger is better the minimum in place of each maximum. Reference: Hsu,
/// *Annals of Statistics* 12 (1984), 1136-1144; Nelson and Matejcik, *Management Science* 41 (1995), 1935-1945 (without
/// cutting the intervals off at 0, so that they also say how much better the best is).
pub(super) fn from_best(apart: &[Apart], good: Good) -> Apart {
    let of = |get: fn(&Apart) -> f64| match good {
        Good::Large => apart.iter().map(get).fold(f64::INFINITY, f64::min),
        Good::Small | Good::Neither => apart.iter().map(get).fold(f64::NEG_INFINITY, f64::max),
    };
    Apart { value: of(|a| a.value), low: of(|a| a.low), high: of(|a| a.high) }
}

/// Best where even the bad end of the interval is better than every other, beaten where even the good end is worse than one.
pub(super) fn rank(apart: Apart, good: Good) -> Rank {
    let worse = if good == Good::Large { apart.turned() } else { apart };
    match (worse.high < 0.0, worse.low > 0.0) {
        (true, _) => Rank::Best,
        (_, true) => Rank::Beaten,
        _ => Rank::Open,
    }
}

/// Replications after which the interval of each difference from the leading one is clear of 0, if the difference stays what it
/// is: the part of the half-width that scatters shrinks with the root of their number, the error of the histogram does not.
pub(super) fn needed(from_leading: &[Paired]) -> Option<u64> {
    let of = |found: &Paired| {
        let (low, high) = found.ends?;
        if low > 0.0 || high < 0.0 {
            return Some(found.n);
        }
        let half = found.half?;
        let fixed = (high - low) / 2.0 - half;
        pairs_for(found.n, half, found.difference.abs() - fixed).map(|n| n.max(found.n + 1))
    };
    from_leading.iter().map(of).try_fold(0, |most, n| Some(most.max(n?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(value: f64, half: f64) -> Apart {
        Apart { value, low: value - half, high: value + half }
    }

    #[test]
    fn the_distance_from_the_best_of_the_others_is_the_largest_of_all_distances() {
        // Values 10, 12, 20: 10 is 2 better than the best of the others, 12 is 2 worse, 20 is 10 worse.
        let first = from_best(&[apart(-2.0, 1.0), apart(-10.0, 3.0)], Good::Small);
        assert_eq!(first, apart(-2.0, 1.0));
        assert_eq!(rank(first, Good::Small), Rank::Best);
        let third = from_best(&[apart(10.0, 3.0), apart(8.0, 1.0)], Good::Small);
        assert_eq!(third, Apart { value: 10.0, low: 7.0, high: 13.0 });
        assert_eq!(rank(third, Good::Small), Rank::Beaten);
    }

    #[test]
    fn where_larger_is_better_all_is_turned() {
        let largest = from_best(&[apart(8.0, 1.0), apart(10.0, 3.0)], Good::Large);
        assert_eq!((largest.value, rank(largest, Good::Large)), (8.0, Rank::Best));
        let smallest = from_best(&[apart(-2.0, 1.0), apart(-10.0, 3.0)], Good::Large);
        assert_eq!((smallest.value, rank(smallest, Good::Large)), (-10.0, Rank::Beaten));
    }

    #[test]
    fn what_is_needed_is_what_the_closest_one_needs() {
        let found = |difference: f64, half: f64, fixed: f64| Paired {
            first: 100.0,
            second: 100.0 + difference,
            difference,
            half: Some(half),
            ends: Some((difference - half - fixed, difference + half + fixed)),
            change: None,
            pairing: None,
            n: 10,
        };
        // One is clear; the other needs half the half-width, four times the replications.
        assert_eq!(needed(&[found(9.0, 3.0, 0.0), found(4.0, 8.0, 0.0)]), Some(40));
        // Of a difference of 4 an error of 2 that does not shrink leaves 2.
        assert_eq!(needed(&[found(4.0, 8.0, 2.0)]), Some(160));
        assert_eq!((needed(&[found(4.0, 8.0, 5.0)]), needed(&[found(0.0, 1.0, 0.0)])), (None, None));
    }

    #[test]
    fn an_interval_that_holds_nothing_or_no_interval_leaves_it_open() {
        for open in [apart(-2.0, 2.0), apart(1.0, 1.0), apart(0.0, 0.0), apart(-5.0, f64::INFINITY)] {
            assert_eq!(rank(open, Good::Small), Rank::Open, "{open:?}");
        }
        // Worse than one for sure is enough to be beaten, whatever is not known of the others.
        let beaten = from_best(&[apart(5.0, 1.0), apart(0.0, f64::INFINITY)], Good::Small);
        assert_eq!(rank(beaten, Good::Small), Rank::Beaten);
    }
}
