//! A backlog as a fluid in its order of arrival: how much of it waits, how old its head is, and what a limit
//! of length or age takes away.

use std::collections::VecDeque;

/// A period of constant rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// Arrivals per second.
    pub arrivals: f64,
    /// What could be served per second.
    pub capacity: f64,
    /// When it ends, seconds; the last one never ends.
    pub until: f64,
}

/// What a queue does not keep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Most messages that may wait; infinite: no limit.
    pub length: f64,
    /// Longest time a message may wait, seconds; infinite: no limit.
    pub age: f64,
}

impl Limits {
    /// Everything is kept.
    pub const NONE: Limits = Limits { length: f64::INFINITY, age: f64::INFINITY };
}

/// The course of a backlog.
#[derive(Debug, Clone, PartialEq)]
pub struct Backlog {
    /// (seconds, messages) where the slope changes; an infinite backlog at the end never stops growing.
    pub corners: Vec<(f64, f64)>,
    /// Largest backlog, messages; infinite if it never stops growing.
    pub peak: f64,
    /// When it is first reached, seconds.
    pub peak_at: f64,
    /// Age of the oldest waiting message then, seconds; what is there at time 0 counts as new.
    pub oldest: f64,
    /// Messages turned away by the limit of length (or pushed out by them).
    pub overflowed: f64,
    /// Messages that exceeded the limit of age.
    pub expired: f64,
}

/// Messages that arrived evenly between two instants.
#[derive(Debug, Clone, Copy)]
struct Parcel {
    from: f64,
    to: f64,
    amount: f64,
}

impl Parcel {
    /// Whether arrivals at that rate from `t` on belong to it.
    fn goes_on(&self, t: f64, rate: f64) -> bool {
        self.to > self.from && self.to == t && (self.amount / (self.to - self.from) / rate - 1.0).abs() < 1e-9
    }
}

/// Corners after which a course is broken off: every pattern of interest has a handful.
const MOST_CORNERS: usize = 100_000;

/// The backlog over periods of constant rates, served in the order of arrival, from `start` messages at time 0.
///
/// Formula: dB/dt = arrivals - capacity while 0 < B < length; at B = length the excess is lost. Without limits
/// an outage of length T at arrival rate lambda and then capacity C has its peak at lambda T, and is drained
/// lambda T/(C - lambda) later. The head of the queue moves along the arrivals at capacity/(their rate) seconds
/// per second, and what is older than the limit of age leaves unserved. The outage then has its peak at
/// lambda min(T, age), at most `length`; lost is what exceeds it.
/// Units: rates per second, times in seconds, backlog in messages.
/// Valid when: backlogs are large against their fluctuations; exact for deterministic flows.
/// Reference: Newell, Applications of Queueing Theory (2nd ed. 1982), ch. 2; for limits of age Whitt,
/// Fluid models for multiserver queues with abandonments, Oper. Res. 54 (2006).
///
/// ```
/// use lindley::analytic::transient::{Limits, Period, backlog};
/// // An outage of 60 s at 100/s, then 120/s; messages live for 45 s: 1500 expire, 4500 are drained in 225 s.
/// let outage = Period { arrivals: 100.0, capacity: 0.0, until: 60.0 };
/// let after = Period { arrivals: 100.0, capacity: 120.0, until: f64::INFINITY };
/// let course = backlog(0.0, &[outage, after], Limits { age: 45.0, ..Limits::NONE });
/// assert_eq!((course.peak, course.expired, course.first_empty(60.0)), (4500.0, 1500.0, Some(285.0)));
/// ```
pub fn backlog(start: f64, periods: &[Period], limits: Limits) -> Backlog {
    let mut course = BacklogCourse::new(start, limits);
    for (i, period) in periods.iter().enumerate() {
        let last = i + 1 == periods.len();
        course.advance(period, if last { f64::INFINITY } else { period.until });
    }
    course.seen
}

impl Backlog {
    /// The first instant from `after` on at which nothing waits.
    pub fn first_empty(&self, after: f64) -> Option<f64> {
        let at = |t: f64| self.at(t) == 0.0;
        if at(after) {
            return Some(after);
        }
        self.corners.iter().find(|(t, backlog)| *t > after && *backlog == 0.0).map(|(t, _)| *t)
    }

    /// The backlog at an instant.
    pub fn at(&self, t: f64) -> f64 {
        let next = self.corners.partition_point(|corner| corner.0 <= t);
        match (self.corners[..next].last(), self.corners.get(next)) {
            (Some(&(from, low)), Some(&(to, high))) if to.is_finite() => low + (high - low) * (t - from) / (to - from),
            (Some(&(_, level)), _) => level,
            (None, _) => 0.0,
        }
    }

    /// Total delay, message-seconds, from time 0 until `end`.
    pub fn delay(&self, end: f64) -> f64 {
        let pairs = self.corners.windows(2).filter(|pair| pair[0].0 < end);
        pairs.map(|pair| (pair[1].0.min(end) - pair[0].0) * (pair[0].1 + self.at(pair[1].0.min(end))) / 2.0).sum()
    }
}

struct BacklogCourse {
    t: f64,
    level: f64,
    parcels: VecDeque<Parcel>,
    limits: Limits,
    seen: Backlog,
}

/// FlowRates until the next corner.
struct FlowRates {
    admitted: f64,
    out: f64,
    overflowing: f64,
    expiring: f64,
}

impl FlowRates {
    /// Growth per second; what cancels but for rounding is 0.
    fn net(&self) -> f64 {
        let net = self.admitted - self.out;
        if net.abs() > 1e-12 * self.admitted { net } else { 0.0 }
    }
}

impl BacklogCourse {
    fn new(start: f64, limits: Limits) -> BacklogCourse {
        let level = start.min(limits.length);
        let parcels =
            if level > 0.0 { VecDeque::from([Parcel { from: 0.0, to: 0.0, amount: level }]) } else { VecDeque::new() };
        let overflowed = start - level;
        let corners = vec![(0.0, level)];
        let seen = Backlog { corners, peak: level, peak_at: 0.0, oldest: 0.0, overflowed, expired: 0.0 };
        BacklogCourse { t: 0.0, level, parcels, limits, seen }
    }

    fn advance(&mut self, period: &Period, end: f64) {
        while self.t < end && self.seen.corners.len() < MOST_CORNERS {
            self.drop_old_atoms();
            let rates = self.rates(period);
            let (step, emptied) = self.step(&rates, end);
            if step.is_infinite() {
                return self.settle(&rates);
            }
            self.go(&rates, step, emptied);
        }
    }

    /// What was there at the start and is too old leaves at once.
    fn drop_old_atoms(&mut self) {
        while let Some(head) = self.parcels.front().filter(|p| p.from == p.to && self.t - p.from >= self.limits.age) {
            (self.level, self.seen.expired) = (self.level - head.amount, self.seen.expired + head.amount);
            self.parcels.pop_front();
            self.mark();
        }
    }

    /// Arrivals per second where the head of the queue stands; infinite for what came at once.
    fn density(&self, admitted: f64) -> f64 {
        self.parcels
            .front()
            .map_or(admitted, |p| if p.to > p.from { p.amount / (p.to - p.from) } else { f64::INFINITY })
    }

    fn age(&self) -> f64 {
        self.parcels.front().map_or(0.0, |p| self.t - p.from)
    }

    fn rates(&self, period: &Period) -> FlowRates {
        let (arrivals, capacity) = (period.arrivals, period.capacity);
        let serving = if self.level > 0.0 { capacity } else { capacity.min(arrivals) };
        let density = self.density(arrivals);
        // The head is as old as may be: what is not served in time leaves as fast as the head ages.
        let aging = self.limits.age.is_finite() && self.level > 0.0 && self.age() >= self.limits.age * (1.0 - 1e-12);
        let expiring = if aging && density.is_finite() { (density - serving).max(0.0) } else { 0.0 };
        let out = serving + expiring;
        let full = self.level >= self.limits.length;
        let admitted = if full { arrivals.min(out) } else { arrivals };
        FlowRates { admitted, out, overflowing: arrivals - admitted, expiring }
    }

    /// Time to the next corner, and whether the queue is empty then.
    fn step(&self, rates: &FlowRates, end: f64) -> (f64, bool) {
        let net = rates.net();
        let mut step = end - self.t;
        if net > 0.0 {
            step = step.min((self.limits.length - self.level) / net);
        }
        // The last parcel goes on growing where arrivals stay what they were.
        let closed =
            self.parcels.len() - usize::from(self.parcels.back().is_some_and(|p| p.goes_on(self.t, rates.admitted)));
        if closed > 0 && rates.out > 0.0 {
            step = step.min(self.parcels[0].amount / rates.out);
        }
        let moving = 1.0 - rates.out / self.density(rates.admitted).max(f64::MIN_POSITIVE);
        let growing = self.level > 0.0 || rates.admitted > rates.out;
        if self.limits.age.is_finite() && rates.expiring == 0.0 && moving > 1e-12 && growing {
            step = step.min(((self.limits.age - self.age()) / moving).max(0.0));
        }
        let empty = if net < 0.0 { self.level / -net } else { f64::INFINITY };
        if self.level > 0.0 && empty <= step { (empty, true) } else { (step, false) }
    }

    fn go(&mut self, rates: &FlowRates, step: f64, emptied: bool) {
        self.seen.overflowed += rates.overflowing * step;
        self.seen.expired += rates.expiring * step;
        let queued = self.level > 0.0 || rates.admitted > rates.out;
        if queued && rates.admitted > 0.0 {
            self.arrive(rates.admitted, step);
        }
        if queued {
            self.leave(rates.out * step);
        }
        self.t += step;
        self.level = (self.level + rates.net() * step).max(0.0);
        if emptied || !queued {
            self.level = 0.0;
            self.parcels.clear();
        } else if (self.level - self.limits.length).abs() < 1e-9 * self.limits.length {
            self.level = self.limits.length;
        }
        self.mark();
    }

    /// Arrivals at the rate of the last ones belong to their parcel.
    fn arrive(&mut self, rate: f64, step: f64) {
        let (from, to) = (self.t, self.t + step);
        match self.parcels.back_mut().filter(|p| p.goes_on(from, rate)) {
            Some(last) => (last.to, last.amount) = (to, last.amount + rate * step),
            None => self.parcels.push_back(Parcel { from, to, amount: rate * step }),
        }
    }

    fn leave(&mut self, mut amount: f64) {
        while let Some(head) = self.parcels.front_mut() {
            if amount < head.amount * (1.0 - 1e-12) {
                head.from += (head.to - head.from) * amount / head.amount;
                head.amount -= amount;
                return;
            }
            amount -= head.amount;
            self.parcels.pop_front();
        }
    }

    /// Nothing changes any more, except perhaps without bound.
    fn settle(&mut self, rates: &FlowRates) {
        self.t = f64::INFINITY;
        if rates.net() > 0.0 {
            self.level = f64::INFINITY;
            self.mark();
        }
    }

    fn mark(&mut self) {
        let oldest = self.age();
        if self.level > self.seen.peak {
            (self.seen.peak, self.seen.peak_at, self.seen.oldest) = (self.level, self.t, oldest);
        }
        self.seen.corners.push((self.t, self.level));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The backlog over periods of (arrivals, capacity, end).
    fn course(start: f64, periods: &[(f64, f64, f64)], limits: Limits) -> Backlog {
        let period = |&(arrivals, capacity, until): &(f64, f64, f64)| Period { arrivals, capacity, until };
        backlog(start, &periods.iter().map(period).collect::<Vec<_>>(), limits)
    }

    /// Without limits: peak, when it is reached, when nothing waits again, and the delay until then.
    #[test]
    fn bursts_and_outages_by_hand() {
        let steps: [&[_]; 3] = [
            &[(3.0, 5.0, 10.0), (10.0, 5.0, 20.0), (3.0, 5.0, 0.0)],
            &[(250.0, 0.0, 720.0), (250.0, 300.0, 0.0)],
            // The second burst comes before the first is drained.
            &[(10.0, 5.0, 10.0), (0.0, 5.0, 15.0), (10.0, 5.0, 30.0), (0.0, 5.0, 0.0)],
        ];
        for (start, periods, wanted) in [
            (0.0, steps[0], [50.0, 20.0, 45.0, 875.0]),
            (2.0, steps[1], [180_002.0, 720.0, 4320.04, 388_808_640.04]),
            (0.0, steps[2], [100.0, 30.0, 50.0, 2375.0]),
        ] {
            let seen = course(start, periods, Limits::NONE);
            let empty = seen.first_empty(seen.peak_at).unwrap();
            for (seen, wanted) in [seen.peak, seen.peak_at, empty, seen.delay(empty)].into_iter().zip(wanted) {
                assert!((seen / wanted - 1.0).abs() < 1e-9, "{periods:?}: {seen} {wanted}");
            }
        }
        let still = course(7.0, &[(2.0, 2.0, 0.0)], Limits::NONE);
        assert_eq!((still.peak, still.first_empty(0.0)), (7.0, None));
    }

    #[test]
    fn the_age_at_the_peak_is_the_backlog_over_its_arrival_rate() {
        let throttled = course(0.0, &[(250.0, 100.0, 60.0), (250.0, 300.0, 0.0)], Limits::NONE);
        assert!((throttled.oldest - 60.0 * 150.0 / 250.0).abs() < 1e-9, "{}", throttled.oldest);
        let burst = course(0.0, &[(900.0, 300.0, 15.0), (250.0, 300.0, 0.0)], Limits::NONE);
        assert!((burst.oldest - 10.0).abs() < 1e-9, "{}", burst.oldest);
    }

    /// Messages that come every 1/rate seconds, served one by one by a server of constant speed.
    fn one_by_one(burst: f64, lasts: f64, after: f64, capacity: f64, age: f64) -> f64 {
        let (mut t, mut free, mut expired) = (0.0, 0.0f64, 0.0);
        while t < 10.0 * lasts {
            t += if t < lasts { 1.0 / burst } else { 1.0 / after };
            if free - t > age { expired += 1.0 } else { free = free.max(t) + 1.0 / capacity }
        }
        expired
    }

    #[test]
    fn a_burst_expires_what_one_server_would_let_expire() {
        let pieces = [(900.0, 300.0, 15.0), (100.0, 300.0, 0.0)];
        let seen = course(0.0, &pieces, Limits { age: 8.0, ..Limits::NONE });
        let counted = one_by_one(900.0, 15.0, 100.0, 300.0, 8.0);
        assert!((seen.expired / counted - 1.0).abs() < 0.01, "{} {counted}", seen.expired);
        assert!(seen.corners.len() < 20, "{:?}", seen.corners);
    }

    #[test]
    fn a_full_queue_loses_the_excess_and_nothing_else() {
        let pieces = [(250.0, 0.0, 720.0), (250.0, 300.0, 0.0)];
        let seen = course(0.0, &pieces, Limits { length: 100_000.0, ..Limits::NONE });
        assert_eq!((seen.peak, seen.overflowed, seen.first_empty(720.0)), (100_000.0, 80_000.0, Some(2720.0)));
        let both = course(50.0, &pieces, Limits { length: 100_000.0, age: 100.0 });
        assert_eq!((both.peak, both.expired, both.overflowed), (25_050.0, 155_050.0, 0.0));
    }

    #[test]
    fn lasting_overload_grows_without_end_or_up_to_a_limit() {
        let endless = course(1.0, &[(3.0, 2.0, 0.0)], Limits::NONE);
        assert_eq!((endless.peak, endless.first_empty(1.0)), (f64::INFINITY, None));
        let aged = course(0.0, &[(3.0, 2.0, 0.0)], Limits { age: 6.0, ..Limits::NONE });
        assert!((aged.peak - 18.0).abs() < 1e-9, "{aged:?}");
        assert_eq!(aged.first_empty(1.0), None);
    }
}
