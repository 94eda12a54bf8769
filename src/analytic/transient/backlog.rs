//! A backlog as a fluid in its order of arrival: how much of it waits, how old its head is, and what a limit
//! of length or age takes away.

use super::parcels::Parcels;

/// A period of constant rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// Arrivals per second.
    pub arrivals: f64,
    /// What could be served per second.
    pub capacity: f64,
    /// When it ends, seconds; the last one never ends.
    pub until: f64,
    /// Messages that are taken at once when it begins, by servers that come back idle.
    pub taken: f64,
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
    /// Messages turned away by the limit of length (or pushed out by them); infinite if that never ends.
    pub overflowed: f64,
    /// Messages that exceeded the limit of age; infinite if that never ends.
    pub expired: f64,
    /// What is lost without end, where something is.
    pub lasting: Option<LastingLoss>,
}

/// What a queue in lasting overload loses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LastingLoss {
    /// From when on without a break, seconds.
    pub since: f64,
    /// Messages per second that find the queue full, in the end.
    pub overflowing: f64,
    /// Messages per second that grow too old, in the end.
    pub expiring: f64,
}

/// Corners after which a course is broken off: every pattern of interest has a handful.
const MOST_CORNERS: usize = 100_000;

/// The backlog over periods of constant rates, served in the order of arrival, from `start` messages at time 0.
///
/// Formula: dB/dt = arrivals - capacity while 0 < B < length; at B = length the excess is lost. Without limits
/// an outage of length T at arrival rate lambda and then capacity C has its peak at lambda T, and is drained
/// lambda T/(C - lambda) later. The head of the queue moves along the arrivals at capacity/(their rate) seconds
/// per second, and what is older than the limit of age leaves unserved. The outage then has its peak at
/// lambda min(T, age), at most `length`; lost is what exceeds it. In lasting overload a limit of age holds the
/// backlog at arrivals * age, and arrivals - capacity are lost per second.
/// Units: rates per second, times in seconds, backlog in messages.
/// Valid when: backlogs are large against their fluctuations; exact for deterministic flows.
/// Reference: Newell, Applications of Queueing Theory (2nd ed. 1982), ch. 2; for limits of age Whitt,
/// Fluid models for multiserver queues with abandonments, Oper. Res. 54 (2006).
///
/// ```
/// use lindley::analytic::transient::{Limits, Period, backlog};
/// // An outage of 60 s at 100/s, then 120/s; messages live for 45 s: 1500 expire, 4500 are drained in 225 s.
/// let outage = Period { arrivals: 100.0, capacity: 0.0, until: 60.0, taken: 0.0 };
/// let after = Period { arrivals: 100.0, capacity: 120.0, until: f64::INFINITY, taken: 0.0 };
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
    parcels: Parcels,
    limits: Limits,
    seen: Backlog,
    /// From when on something has been lost without a break.
    losing: Option<f64>,
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

    fn lost(&self) -> bool {
        self.overflowing > 0.0 || self.expiring > 0.0
    }
}

impl BacklogCourse {
    fn new(start: f64, limits: Limits) -> BacklogCourse {
        let level = start.min(limits.length);
        let overflowed = start - level;
        let corners = vec![(0.0, level)];
        let seen = Backlog { corners, peak: level, peak_at: 0.0, oldest: 0.0, overflowed, expired: 0.0, lasting: None };
        BacklogCourse { t: 0.0, level, parcels: Parcels::at_once(level), limits, seen, losing: None }
    }

    fn advance(&mut self, period: &Period, end: f64) {
        self.take(period.taken);
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

    /// Idle servers take a message each.
    fn take(&mut self, messages: f64) {
        if messages > 0.0 && self.level > 0.0 {
            self.parcels.leave(messages.min(self.level));
            self.level = (self.level - messages).max(0.0);
            self.mark();
        }
    }

    /// What was there at the start and is too old leaves at once.
    fn drop_old_atoms(&mut self) {
        while let Some(amount) = self.parcels.drop_old_atom(self.t, self.limits.age) {
            (self.level, self.seen.expired) = (self.level - amount, self.seen.expired + amount);
            self.mark();
        }
    }

    fn rates(&self, period: &Period) -> FlowRates {
        let (arrivals, capacity) = (period.arrivals, period.capacity);
        let serving = if self.level > 0.0 { capacity } else { capacity.min(arrivals) };
        let density = self.parcels.density().unwrap_or(arrivals);
        // The head is as old as may be: what is not served in time leaves as fast as the head ages.
        let aging = self.limits.age.is_finite()
            && self.level > 0.0
            && self.parcels.age(self.t) >= self.limits.age * (1.0 - 1e-12);
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
        if let Some(first) = self.parcels.closed_first(self.t, rates.admitted).filter(|_| rates.out > 0.0) {
            step = step.min(first / rates.out);
        }
        let density = self.parcels.density().unwrap_or(rates.admitted);
        let moving = 1.0 - rates.out / density.max(f64::MIN_POSITIVE);
        let growing = self.level > 0.0 || rates.admitted > rates.out;
        if self.limits.age.is_finite() && rates.expiring == 0.0 && moving > 1e-12 && growing {
            step = step.min(((self.limits.age - self.parcels.age(self.t)) / moving).max(0.0));
        }
        let empty = if net < 0.0 { self.level / -net } else { f64::INFINITY };
        if self.level > 0.0 && empty <= step { (empty, true) } else { (step, false) }
    }

    fn go(&mut self, rates: &FlowRates, step: f64, emptied: bool) {
        self.losing = rates.lost().then(|| self.losing.unwrap_or(self.t));
        self.seen.overflowed += rates.overflowing * step;
        self.seen.expired += rates.expiring * step;
        let queued = self.level > 0.0 || rates.admitted > rates.out;
        if queued && rates.admitted > 0.0 {
            self.parcels.arrive(self.t, rates.admitted, step);
        }
        if queued {
            self.parcels.leave(rates.out * step);
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

    /// Nothing changes any more, except perhaps without bound.
    fn settle(&mut self, rates: &FlowRates) {
        let endless = |rate: f64, so_far: f64| if rate > 0.0 { f64::INFINITY } else { so_far };
        self.seen.overflowed = endless(rates.overflowing, self.seen.overflowed);
        self.seen.expired = endless(rates.expiring, self.seen.expired);
        let (since, overflowing, expiring) = (self.losing.unwrap_or(self.t), rates.overflowing, rates.expiring);
        self.seen.lasting = rates.lost().then_some(LastingLoss { since, overflowing, expiring });
        self.t = f64::INFINITY;
        if rates.net() > 0.0 {
            self.level = f64::INFINITY;
            self.mark();
        }
    }

    fn mark(&mut self) {
        if self.level > self.seen.peak {
            (self.seen.peak, self.seen.peak_at) = (self.level, self.t);
            self.seen.oldest = self.parcels.age(self.t);
        }
        self.seen.corners.push((self.t, self.level));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The backlog over periods of (arrivals, capacity, end).
    fn course(start: f64, periods: &[(f64, f64, f64)], limits: Limits) -> Backlog {
        let period = |&(arrivals, capacity, until): &(f64, f64, f64)| Period { arrivals, capacity, until, taken: 0.0 };
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

    /// An outage fills it, and what comes back keeps up: the loss ends.
    #[test]
    fn a_loss_that_ends_has_a_number() {
        let passing = course(0.0, &[(2.0, 0.0, 10.0), (2.0, 3.0, 0.0)], Limits { length: 5.0, ..Limits::NONE });
        assert_eq!((passing.overflowed, passing.lasting), (15.0, None));
    }

    /// 1,500,000 wait, 3000/s come and 900/s are served, for an hour at most: the first of those that come wait
    /// from 1666.7 s on; the head then ages by 0.7 s a second, so it is an hour old at 1666.7 + 1933.3/0.7 s.
    #[test]
    fn what_lasting_overload_loses_has_a_rate_and_a_begin() {
        let overload = [(3000.0, 900.0, 0.0)];
        let aged = course(1.5e6, &overload, Limits { age: 3600.0, ..Limits::NONE });
        let lasting = aged.lasting.unwrap();
        let since = 5000.0 / 3.0 + (3600.0 - 5000.0 / 3.0) / 0.7;
        assert!((lasting.since / since - 1.0).abs() < 1e-12 && (since / 60.0 - 73.8).abs() < 0.02, "{lasting:?}");
        assert!((lasting.expiring / 2100.0 - 1.0).abs() < 1e-12 && lasting.overflowing == 0.0);
        assert!((aged.peak / (3000.0 * 3600.0) - 1.0).abs() < 1e-12);
        assert_eq!((aged.expired, aged.overflowed), (f64::INFINITY, 0.0));
        // Room for 500,000 more, of which 2100/s come: full after 238.1 s.
        let full = course(1.5e6, &overload, Limits { length: 2e6, ..Limits::NONE });
        let lasting = full.lasting.unwrap();
        assert!((lasting.since - 5e5 / 2100.0).abs() < 1e-9, "{lasting:?}");
        assert_eq!((lasting.overflowing, lasting.expiring, full.overflowed), (2100.0, 0.0, f64::INFINITY));
        assert_eq!(course(1.5e6, &overload, Limits::NONE).lasting, None);
    }

    #[test]
    fn idle_servers_take_a_message_each_at_once() {
        let outage = Period { arrivals: 10.0, capacity: 0.0, until: 10.0, taken: 0.0 };
        let back = Period { arrivals: 10.0, capacity: 20.0, until: f64::INFINITY, taken: 4.0 };
        let seen = backlog(0.0, &[outage, back], Limits::NONE);
        assert_eq!((seen.peak, seen.at(10.0), seen.first_empty(10.0)), (100.0, 96.0, Some(19.6)));
    }
}
