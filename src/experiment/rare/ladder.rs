//! Where paths branch on their way to a rare event: pilots find thresholds from below, a few each, so far apart that two fifths of
//! the time beyond one is beyond the next.

use super::case::{EVENTS, RareCase, happened};
use super::error::RareError;
use crate::rng::Streams;
use crate::sim::splitting::{self, PathLength, RareSums, Rung, SplitPath, SplittingLadder};
use crate::stats::BlockSums;
use std::sync::atomic::Ordering;

/// Share of the time beyond a threshold that is beyond the next. More than two branches of a threshold share the rest of a long
/// service: M/H2/1 at 0.5, service of scv 4, to 10 % of 2e-12, took 22.6 million messages with 0.4 where 88 million with 0.25 did
/// not do; with 0.6 the many thresholds cost more than they save.
const NEXT: f64 = 0.4;

/// Share of the time beyond the last threshold of a pilot up to which it places more. With one at a time, the pilots of 20
/// thresholds took more events than the paths that follow them, as each climbs all the thresholds below.
const PLACED: f64 = 0.03;

/// Share of the time beyond the last threshold from which on the event is frequent enough.
const FREQUENT: f64 = 0.1;

/// Number of the first pilot: far from the paths of the estimate, so that they share no random numbers.
const APART: u64 = 1 << 40;

/// Times that a pilot in which nothing came beyond the last threshold is made longer, and how much longer.
const LONGER: [u64; 4] = [1, 4, 16, 64];

/// Branches of a threshold at most: more do not see more, as all begin at the same place.
const MOST_BRANCHES: f64 = 100.0;

impl RareCase<'_> {
    /// The ladder to the event, and how long its paths are to be, seconds; its pilots may take a budget of events.
    pub(super) fn ladder(&self, budget: u64) -> Result<(SplittingLadder, f64), RareError> {
        let mut ladder = SplittingLadder::default();
        let (mut number, mut spent) = (APART, 0);
        loop {
            let (mut next, mut time) = (None, 0.0);
            for longer in LONGER {
                if self.interrupted.load(Ordering::Relaxed) {
                    return Err(RareError::Interrupted);
                }
                number += 1;
                let events = longer * EVENTS * (ladder.rungs().len() as u64 + 1);
                let streams = Streams::new(self.model.run.seed, number);
                let length = PathLength { time: f64::INFINITY, events };
                let path = splitting::run(self.network, &streams, self.event, &ladder, length);
                spent += path.events;
                (time, next) = (path.time, Seen::new(self, path).next(&ladder));
                if next.is_some() {
                    break;
                }
            }
            match next {
                Some(Next::Rungs(_)) if spent > budget => return Err(self.too_far(&ladder)),
                Some(Next::Rungs(higher)) => ladder = higher,
                Some(Next::Enough) => return Ok((ladder, time)),
                None => return Err(self.not_seen(&ladder)),
            }
        }
    }

    fn too_far(&self, ladder: &SplittingLadder) -> RareError {
        let nearest = ladder.rungs().last().map_or(0, |rung| rung.threshold);
        let share = ladder.rungs().iter().map(|rung| 1.0 / rung.branches).product();
        RareError::TooFar { quantity: Box::new(self.quantity.clone()), nearest, share }
    }

    fn not_seen(&self, ladder: &SplittingLadder) -> RareError {
        let nearest = ladder.rungs().last().map_or(0, |rung| rung.threshold);
        RareError::NotSeen { quantity: Box::new(self.quantity.clone()), nearest }
    }
}

/// What a pilot showed.
struct Seen {
    /// Share of the time with at least so many messages.
    at_least: Vec<f64>,
    /// Share of the time, or of messages, at which the event happened.
    event: f64,
}

/// What follows from a pilot.
enum Next {
    /// A ladder with more rungs.
    Rungs(SplittingLadder),
    /// The event is frequent at the top of the ladder.
    Enough,
}

impl Seen {
    fn new(case: &RareCase<'_>, path: SplitPath) -> Seen {
        let mut at_least = path.occupation;
        for near in (1..at_least.len()).rev() {
            at_least[near - 1] += at_least[near];
        }
        let total = at_least[0].max(f64::MIN_POSITIVE);
        at_least.iter_mut().for_each(|time| *time /= total);
        let mut sums = RareSums::default();
        path.blocks.iter().for_each(|block| sums.add(block));
        let BlockSums { sum, weight } = happened(case.event, &sums);
        Seen { at_least, event: if weight > 0.0 { sum / weight } else { 0.0 } }
    }

    /// The next step, or `None` where nothing came beyond the last threshold.
    fn next(&self, ladder: &SplittingLadder) -> Option<Next> {
        let top = ladder.rungs().last().map_or(0, |rung| rung.threshold);
        let base = self.of(top);
        let higher = self.higher(top);
        if self.event > 0.0 && (self.event >= FREQUENT * base || higher.is_empty()) {
            return Some(Next::Enough);
        }
        let thresholds = ladder.rungs().iter().map(|rung| rung.threshold);
        (!higher.is_empty()).then(|| Next::Rungs(self.rungs(thresholds.chain(higher))))
    }

    /// The thresholds above one: the first at least a message up, none where nothing came beyond it.
    fn higher(&self, top: u32) -> Vec<u32> {
        let most = self.at_least.len() as u32 - 1;
        let next = |from: &u32| {
            let far = (from + 1..=most).rev().find(|near| self.of(*near) >= NEXT * self.of(*from));
            far.or((*from < most).then_some(from + 1))
        };
        let placed = |near: &u32| self.of(*near) >= PLACED * self.of(top);
        let first = next(&top);
        let others = std::iter::successors(first, next).skip(1).take_while(placed);
        first.into_iter().chain(others).collect()
    }

    fn of(&self, near: u32) -> f64 {
        self.at_least.get(near as usize).copied().unwrap_or(0.0)
    }

    /// Branches so that as much time is spent beyond each threshold as before the first.
    fn rungs(&self, thresholds: impl Iterator<Item = u32>) -> SplittingLadder {
        let mut below = 1.0;
        let rung = |threshold: u32| {
            let beyond = self.of(threshold);
            let branches = (below / beyond).clamp(1.0, MOST_BRANCHES);
            below = beyond;
            Rung { threshold, branches }
        };
        SplittingLadder::new(thresholds.map(rung).collect())
    }
}

/// The same thresholds with fewer branches; `None` where there is nothing left to take away.
pub(super) fn thinner(ladder: &SplittingLadder) -> Option<SplittingLadder> {
    let thin = |rung: &Rung| Rung { branches: 1.0 + 0.7 * (rung.branches - 1.0), ..*rung };
    let rungs: Vec<Rung> = ladder.rungs().iter().map(thin).collect();
    rungs.iter().any(|rung| rung.branches > 1.05).then(|| SplittingLadder::new(rungs))
}
