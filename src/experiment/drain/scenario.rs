//! A disruption as a fluid: arrivals and capacity before, during and after it, and what other capacities
//! would do.

use super::{Corner, FluidCourse, Recovery, RecoveryFrom, Remedy, RemedyMeasure, Step};
use crate::analytic::transient::{Backlog, Limits, Period, backlog};
use crate::dist::bisect::{bisect, half, whole};

/// A station with a disruption. Rates per second, times in seconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DrainScenario {
    /// (until, arrivals per second), ascending; the last one goes on without end.
    pub arrivals: Vec<(f64, f64)>,
    /// Messages served per second at most.
    pub capacity: f64,
    /// Servers, where they are known.
    pub servers: Option<u32>,
    /// Begin of the disruption.
    pub from: f64,
    /// Its end.
    pub until: f64,
    /// Share of the capacity that is left meanwhile.
    pub share: f64,
    /// More arrivals per second meanwhile.
    pub extra: f64,
    /// Messages waiting at time 0.
    pub start: f64,
    /// What the queue does not keep.
    pub limits: Limits,
    /// Whether servers that come back are idle and take a message each at once; else they hold one.
    pub idle: bool,
}

/// Steps of the curve of drain times.
const CURVE: u32 = 80;

/// Most servers that are considered.
pub(crate) const MOST_SERVERS: u32 = 10_000_000;

impl DrainScenario {
    /// Arrivals per second in the long run after the disruption.
    pub(crate) fn load(&self) -> f64 {
        self.arrivals.last().map_or(0.0, |piece| piece.1)
    }

    /// The same with another capacity; servers, where known, change with it.
    pub(crate) fn with_capacity(&self, capacity: f64) -> DrainScenario {
        DrainScenario { capacity, ..self.clone() }
    }

    /// The same with that many servers.
    pub(crate) fn with_servers(&self, servers: u32) -> DrainScenario {
        let each = self.capacity / f64::from(self.servers.unwrap_or(1));
        DrainScenario { servers: Some(servers), capacity: each * f64::from(servers), ..self.clone() }
    }

    fn spans(&self) -> Vec<Period> {
        let ends = self.arrivals.iter().map(|piece| piece.0).chain([self.from, self.until]);
        let mut ends: Vec<f64> = ends.filter(|t| t.is_finite() && *t > 0.0).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let starts = std::iter::once(0.0).chain(ends.iter().copied());
        starts.zip(ends.iter().copied().chain([f64::INFINITY])).map(|(t, until)| self.period_at(t, until)).collect()
    }

    fn period_at(&self, t: f64, until: f64) -> Period {
        let arrivals = self.arrivals.iter().find(|piece| t < piece.0).map_or(self.load(), |piece| piece.1);
        if t >= self.from && t < self.until {
            Period { arrivals: arrivals + self.extra, capacity: self.capacity * self.share, until }
        } else {
            Period { arrivals, capacity: self.capacity, until }
        }
    }

    /// The course of the backlog.
    pub(crate) fn course(&self) -> Backlog {
        let spans = self.spans();
        let back = if self.idle { (1.0 - self.share) * f64::from(self.servers.unwrap_or(0)) } else { 0.0 };
        if back == 0.0 {
            return backlog(self.start, &spans, self.limits);
        }
        let after = spans.iter().filter(|s| s.until > self.until);
        let rest: Vec<Period> = after.map(|s| Period { until: s.until - self.until, ..*s }).collect();
        let mut course = backlog(self.start, &spans, self.limits);
        let left = (course.at(self.until) - back).max(0.0);
        let later = backlog(left, &rest, self.limits);
        course.corners.retain(|corner| corner.0 <= self.until);
        course.corners.extend(later.corners.iter().map(|(t, level)| (t + self.until, *level)));
        course
    }

    /// From the end of the disruption until nothing waits.
    pub(crate) fn drain_time(&self) -> Option<f64> {
        Some(self.course().first_empty(self.until)? - self.until)
    }

    /// The course, for reports, until `end`.
    pub(crate) fn fluid(&self, end: f64) -> FluidCourse {
        let course = self.course();
        let drained = course.first_empty(self.until);
        let corner = |&(time, backlog): &(f64, f64)| Corner { time, backlog };
        let mut corners: Vec<Corner> =
            course.corners.iter().filter(|c| c.0 <= end && c.1.is_finite()).map(corner).collect();
        if end.is_finite() {
            corners.push(Corner { time: end, backlog: self.at(&course, end) });
        }
        corners.dedup();
        FluidCourse {
            corners,
            peak: Some(course.peak).filter(|peak| peak.is_finite()),
            peak_at: if course.peak_at.is_finite() { course.peak_at } else { self.until },
            drain_time: drained.map(|t| t - self.until),
            delay: drained.map(|t| course.delay(t)),
            oldest: if course.peak_at.is_finite() { course.oldest } else { 0.0 },
            overflowed: course.overflowed,
            expired: course.expired,
        }
    }

    /// The backlog at an instant, also of one that grows without end.
    fn at(&self, course: &Backlog, t: f64) -> f64 {
        let Some(&(last, level)) = course.corners.iter().rev().find(|c| c.1.is_finite() && c.0 <= t) else {
            return 0.0;
        };
        if course.corners.iter().any(|c| c.1.is_infinite()) {
            return level + (self.load() - self.capacity).max(0.0) * (t - last);
        }
        course.at(t)
    }

    /// What is known of a recovery before anything is simulated; `end` is that of the picture.
    pub(crate) fn foreseen(&self, disruption: RecoveryFrom, end: f64, within: Option<f64>) -> Recovery {
        let capacity_needed = within.map(|within| self.capacity_for(within)).filter(|c| c.is_finite());
        let servers_needed = self.servers.and_then(|_| self.servers_for(within?));
        let needed = if self.servers.is_some() { servers_needed.map(f64::from) } else { capacity_needed };
        let remedies = self.remedies(needed);
        Recovery {
            disruption,
            from: self.from,
            until: self.until,
            end,
            fluid: self.fluid(end),
            target: within,
            load: self.load(),
            capacity: self.capacity,
            capacity_needed,
            servers_needed,
            measure: if self.servers.is_some() { RemedyMeasure::Servers } else { RemedyMeasure::Capacity },
            present: self.present(),
            boundary: self.boundary(),
            curve: self.curve(&remedies),
            remedies,
            ..Recovery::default()
        }
    }

    /// The least capacity that drains within a time; infinite if none does.
    pub(crate) fn capacity_for(&self, within: f64) -> f64 {
        let plain = self.limits == Limits::NONE && self.arrivals.len() == 1 && !self.idle;
        if plain && (self.from == 0.0 || self.start == 0.0) {
            let lasts = self.until - self.from;
            let come = self.start + self.extra * lasts + self.load() * (lasts + within);
            let needed = come / (self.share * lasts + within);
            // A capacity that keeps pace during the disruption leaves nothing to drain.
            return needed.max(self.load());
        }
        let enough = |capacity: f64| self.with_capacity(capacity).drain_time().is_some_and(|time| time <= within);
        let (low, mut high) = (self.load(), (2.0 * self.load()).max(1.0));
        while !enough(high) {
            high *= 2.0;
            if high > 1e15 {
                return f64::INFINITY;
            }
        }
        bisect(low, high, half, |capacity| !enough(capacity)).1
    }

    /// The least number of servers that drain within a time.
    pub(crate) fn servers_for(&self, within: f64) -> Option<u32> {
        let enough = |n: u32| self.with_servers(n).drain_time().is_some_and(|t| t <= within * (1.0 + 1e-12));
        let (mut low, mut high) = (0, 1);
        while !enough(high) {
            (low, high) = (high, high.saturating_mul(2));
            if high > MOST_SERVERS {
                return None;
            }
        }
        Some(bisect(low, high, whole, |n| !enough(n)).1)
    }

    /// Load in servers: with so many or fewer it never drains.
    pub(crate) fn offered(&self) -> Option<f64> {
        Some(self.load() / (self.capacity / f64::from(self.servers?)))
    }

    /// What there is, in servers where they are known, else as capacity.
    pub(crate) fn present(&self) -> f64 {
        self.servers.map_or(self.capacity, f64::from)
    }

    /// What never drains, in the same measure.
    pub(crate) fn boundary(&self) -> f64 {
        self.offered().unwrap_or(self.load())
    }

    /// The same with that much of its measure.
    pub(crate) fn with(&self, amount: f64) -> DrainScenario {
        if self.servers.is_some() { self.with_servers(amount as u32) } else { self.with_capacity(amount) }
    }

    /// Drain times of sizes around what there is and what is needed.
    pub(crate) fn remedies(&self, needed: Option<f64>) -> Vec<Remedy> {
        let mut amounts = self.amounts(needed);
        amounts.sort_by(f64::total_cmp);
        amounts.dedup_by(|a, b| (*a - *b).abs() <= 1e-9 * b.abs());
        let remedy = |amount: f64| Remedy {
            amount,
            fluid: self.with(amount).drain_time(),
            simulated: None,
            recovered: None,
            present: amount == self.present(),
            answer: needed == Some(amount),
        };
        amounts.into_iter().map(remedy).collect()
    }

    /// The fluid drain time in even steps up to the largest of some sizes.
    pub(crate) fn curve(&self, remedies: &[Remedy]) -> Vec<Step> {
        let drains = remedies.iter().filter(|remedy| remedy.fluid.is_some()).map(|remedy| remedy.amount);
        let (low, high) = drains.fold((f64::INFINITY, 0.0f64), |(low, high), x| (low.min(x), high.max(x)));
        let at = |i: u32| low + (high - low) * f64::from(i) / f64::from(CURVE);
        let mut amounts: Vec<f64> = (0..=CURVE).map(at).filter(|x| x.is_finite()).collect();
        if self.servers.is_some() {
            amounts.iter_mut().for_each(|x| *x = x.round());
        }
        amounts.dedup();
        let step = |amount: f64| Some(Step { amount, drain_time: self.with(amount).drain_time()? });
        amounts.into_iter().filter_map(step).collect()
    }

    fn amounts(&self, needed: Option<f64>) -> Vec<f64> {
        let (base, present) = (self.boundary(), self.present());
        let slack = (present - base).max(0.1 * base).max(needed.map_or(0.0, |n| (n - base) / 3.0));
        let steps = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0].map(|k| base + k * slack);
        let known = [Some(present), needed, needed.filter(|_| self.servers.is_some()).map(|n| n - 1.0)];
        let all = steps.into_iter().chain(known.into_iter().flatten());
        if self.servers.is_none() {
            return all.collect();
        }
        let least = base.floor() + 1.0;
        all.map(f64::round).chain([least]).filter(|n| *n >= least || *n == present).filter(|n| *n >= 1.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage() -> DrainScenario {
        DrainScenario {
            arrivals: vec![(f64::INFINITY, 250.0)],
            capacity: 300.0,
            servers: None,
            from: 0.0,
            until: 720.0,
            share: 0.0,
            extra: 0.0,
            start: 0.0,
            limits: Limits::NONE,
            idle: false,
        }
    }

    #[test]
    fn an_outage_drains_at_the_slack() {
        let fluid = outage().fluid(10_000.0);
        assert_eq!((fluid.peak, fluid.peak_at, fluid.drain_time), (Some(180_000.0), 720.0, Some(3600.0)));
        assert_eq!(fluid.delay, Some(180_000.0 * 4320.0 / 2.0));
        assert_eq!(fluid.oldest, 720.0);
    }

    #[test]
    fn the_needed_capacity_is_the_one_that_just_drains() {
        for scenario in [
            outage(),
            DrainScenario { share: 0.4, ..outage() },
            DrainScenario { share: 1.0, extra: 500.0, start: 77.0, ..outage() },
            DrainScenario { from: 100.0, until: 400.0, ..outage() },
        ] {
            let needed = scenario.capacity_for(1800.0);
            let time = scenario.with_capacity(needed).drain_time().unwrap();
            assert!((time - 1800.0).abs() < 1e-6, "{needed} {time}");
            let general = DrainScenario { limits: Limits { age: 1e12, ..Limits::NONE }, ..scenario.clone() };
            assert!((general.capacity_for(1800.0) / needed - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn servers_are_whole_and_idle_ones_take_a_message_each() {
        let team = DrainScenario { capacity: 300.0, servers: Some(54), ..outage() };
        let n = team.servers_for(1800.0).unwrap();
        assert!(team.with_servers(n).drain_time().unwrap() <= 1800.0);
        assert!(team.with_servers(n - 1).drain_time().unwrap() > 1800.0);
        let idle = DrainScenario { idle: true, ..team };
        assert!((idle.drain_time().unwrap() - (180_000.0 - 54.0) / 50.0).abs() < 1e-9);
    }

    #[test]
    fn what_never_drains_says_so() {
        let over = outage().with_capacity(240.0);
        let fluid = over.fluid(1000.0);
        assert_eq!((fluid.peak, fluid.drain_time), (None, None));
        assert_eq!(fluid.corners.last().unwrap().backlog, 180_000.0 + 10.0 * 280.0);
        assert_eq!(outage().with_capacity(250.0).drain_time(), None);
    }
}
