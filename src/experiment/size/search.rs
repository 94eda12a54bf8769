//! The search over a grid of candidates: which one is looked at next, given whether others meet the
//! targets.

use crate::dist::bisect::{try_bisect, whole};
use crate::experiment::judgement::Standing;
use std::collections::BTreeMap;

/// Looks at a candidate, by its place on every axis; `None` ends the search.
pub(super) type Look<'l> = dyn FnMut(&[u64]) -> Option<Standing> + 'l;

/// What a search along one axis found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// The smallest place that meets the targets, as all larger ones that were looked at.
    pub answer: Option<u64>,
    /// Pairs (met, missed) with the met one smaller: the targets do not simply get easier.
    pub violations: Vec<(u64, u64)>,
}

/// The smallest place of `0..count` that meets the targets, from a guess: by doubling steps to either side
/// and bisection. Undecided counts as missed. `None`: the search was ended.
///
/// Where a place that meets the targets lies below one that does not, the search goes on above the
/// latter; it says so where that one surely misses them.
pub(super) fn smallest(count: u64, guess: u64, look: &mut Look) -> Option<Found> {
    let mut seen: BTreeMap<u64, Standing> = BTreeMap::new();
    let mut from = guess.min(count - 1);
    loop {
        let found = bracket(count, from, &mut seen, look)?;
        let Some(answer) = found else { return Some(summary(None, &seen)) };
        // Two beyond the answer: they belong to the curve, and show whether the targets stay met.
        for beyond in [answer + 1, answer + 2].into_iter().filter(|n| *n < count) {
            at(beyond, &mut seen, look)?;
        }
        match seen.iter().rev().find(|(_, standing)| **standing != Standing::Met) {
            Some((&missed, _)) if missed > answer => match missed + 1 {
                next if next < count => from = next,
                _ => return Some(summary(None, &seen)),
            },
            _ => return Some(summary(Some(answer), &seen)),
        }
    }
}

fn summary(answer: Option<u64>, seen: &BTreeMap<u64, Standing>) -> Found {
    let met = seen.iter().filter(|(_, standing)| **standing == Standing::Met).map(|(n, _)| *n);
    let missed = |(_, standing): &(&u64, &Standing)| **standing == Standing::Missed;
    let pair = |low: u64| seen.range(low + 1..).find(missed).map(|(high, _)| (low, *high));
    Found { answer, violations: met.filter_map(pair).collect() }
}

fn at(n: u64, seen: &mut BTreeMap<u64, Standing>, look: &mut Look) -> Option<bool> {
    let standing = match seen.get(&n) {
        Some(standing) => *standing,
        None => look(&[n])?,
    };
    seen.insert(n, standing);
    Some(standing == Standing::Met)
}

/// A place that meets the targets above one that does not (or the first place of all).
fn bracket(count: u64, from: u64, seen: &mut BTreeMap<u64, Standing>, look: &mut Look) -> Option<Option<u64>> {
    let (mut low, mut high);
    let mut step = 1;
    if at(from, seen, look)? {
        high = from;
        low = loop {
            if high == 0 {
                return Some(Some(0));
            }
            let next = high.saturating_sub(step);
            if !at(next, seen, look)? {
                break next;
            }
            (high, step) = (next, step * 2);
        };
    } else {
        low = from;
        high = loop {
            if low == count - 1 {
                return Some(None);
            }
            let next = (low + step).min(count - 1);
            if at(next, seen, look)? {
                break next;
            }
            (low, step) = (next, step * 2);
        };
    }
    let (_, least) = try_bisect(low, high, whole, |n| at(n, seen, look).map(|meets| !meets).ok_or(())).ok()?;
    Some(Some(least))
}

/// Every combination that meets the targets while none with one step less on the first two axes does,
/// at least those that may cost no more than the cheapest: by walking the staircase of the first two axes for
/// every choice of the others. `None`: the search was ended.
pub(super) fn staircase(counts: &[u64], cost: &dyn Fn(&[u64]) -> f64, look: &mut Look) -> Option<Option<Vec<u64>>> {
    let mut best: Option<(f64, Vec<u64>)> = None;
    let mut rest = vec![0; counts.len()];
    loop {
        walk(counts, &mut rest.clone(), cost, look, &mut best)?;
        // The next choice of the axes beyond the second.
        let Some(axis) = (2..counts.len()).find(|&axis| rest[axis] + 1 < counts[axis]) else { break };
        rest[axis] += 1;
        rest[2..axis].fill(0);
    }
    Some(best.map(|(_, place)| place))
}

fn walk(
    counts: &[u64],
    place: &mut [u64],
    cost: &dyn Fn(&[u64]) -> f64,
    look: &mut Look,
    best: &mut Option<(f64, Vec<u64>)>,
) -> Option<()> {
    (place[0], place[1]) = (0, counts[1] - 1);
    loop {
        let price = cost(place);
        let dear = best.as_ref().is_some_and(|(cheapest, _)| price >= *cheapest);
        let met = dear || look(place)? == Standing::Met;
        if met && !dear {
            *best = Some((price, place.to_vec()));
        }
        // Down while the targets are met (or cheaper is all that matters), else one up on the first axis.
        if met {
            if place[1] == 0 {
                return Some(());
            }
            place[1] -= 1;
        } else {
            if place[0] + 1 == counts[0] {
                return Some(());
            }
            place[0] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(answer: u64) -> impl FnMut(&[u64]) -> Option<Standing> {
        move |n| Some(if n[0] >= answer { Standing::Met } else { Standing::Missed })
    }

    #[test]
    fn the_smallest_is_found_from_every_guess() {
        for answer in 0..40 {
            for guess in 0..40 {
                let found = smallest(40, guess, &mut step(answer)).unwrap();
                assert_eq!(found, Found { answer: Some(answer), violations: Vec::new() });
            }
        }
        assert_eq!(smallest(40, 7, &mut step(40)).unwrap().answer, None);
    }

    #[test]
    fn what_is_not_monotone_is_said_and_passed() {
        let mut look = |n: &[u64]| Some(if n[0] == 5 || n[0] >= 8 { Standing::Met } else { Standing::Missed });
        let found = smallest(40, 5, &mut look).unwrap();
        assert_eq!((found.answer, found.violations), (Some(8), vec![(5, 6)]));
    }

    #[test]
    fn the_cheapest_is_that_of_counting() {
        for k in 1..40_u64 {
            let meets = |p: &[u64]| (p[0] + 1) * (p[1] + 1) >= k && p[0] + p[1] >= k % 5;
            let cost = |p: &[u64]| 3.0 * p[0] as f64 + (1 + k % 4) as f64 * p[1] as f64;
            let all = (0..12).flat_map(|a| (0..9).map(move |b| [a, b]));
            let counted = all.filter(|p| meets(p)).map(|p| cost(&p)).min_by(f64::total_cmp);
            let mut looks = 0;
            let found = staircase(&[12, 9], &cost, &mut |p| {
                looks += 1;
                Some(if meets(p) { Standing::Met } else { Standing::Missed })
            });
            assert_eq!(found.unwrap().map(|p| cost(&p)), counted);
            assert!(looks <= 21);
        }
    }

    #[test]
    fn three_axes_are_walked() {
        let meets = |p: &[u64]| p.iter().sum::<u64>() >= 7;
        let cost = |p: &[u64]| p[0] as f64 * 3.0 + p[1] as f64 * 2.0 + p[2] as f64;
        let found =
            staircase(&[5, 5, 5], &cost, &mut |p| Some(if meets(p) { Standing::Met } else { Standing::Missed }));
        assert_eq!(found.unwrap(), Some(vec![0, 3, 4]));
    }
}
