//! A disruption as a fluid: arrivals and capacity before, during and after it, and what other capacities
//! would do.

use super::impact::{Impact, extra, left, returned};
use super::{Corner, EndlessLoss, FluidCourse, NoFluid, Recovery, RecoveryFrom, Remedy, RemedyMeasure, Step};
use crate::analytic::transient::{Backlog, Limits, Period, backlog};
use crate::dist::bisect::{bisect, half, whole};
use crate::model::capacity::servers_for;

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
    /// What happens to arrivals and capacity, and when.
    pub impacts: Vec<Impact>,
    /// Messages waiting at time 0.
    pub start: f64,
    /// What the queue does not keep.
    pub limits: Limits,
    /// Whether servers that come back are idle and take a message each at once; else they hold one.
    pub idle: bool,
    /// More arrivals per second where clients publish again whatever they publish, as often as they may.
    pub again: f64,
    /// Why the course is not that of a fluid with these rates.
    pub no_fluid: Option<NoFluid>,
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
        let grown = f64::from(servers) / f64::from(self.servers.unwrap_or(servers).max(1));
        let impacts = self.impacts.iter().map(|impact| impact.of_servers(grown)).collect();
        DrainScenario { servers: Some(servers), capacity: each * f64::from(servers), impacts, ..self.clone() }
    }

    /// The fluid where every message is published as often as may be; `None` where that is without limit.
    pub(crate) fn at_worst(&self) -> Option<DrainScenario> {
        let arrivals = self.arrivals.iter().map(|piece| (piece.0, piece.1 + self.again)).collect();
        self.again.is_finite().then(|| DrainScenario { arrivals, no_fluid: None, ..self.clone() })
    }

    fn spans(&self) -> Vec<Period> {
        let changes = self.impacts.iter().flat_map(|impact| [impact.from, impact.until]);
        let ends = self.arrivals.iter().map(|piece| piece.0).chain(changes);
        let mut ends: Vec<f64> = ends.filter(|t| t.is_finite() && *t > 0.0).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let starts = std::iter::once(0.0).chain(ends.iter().copied());
        starts.zip(ends.iter().copied().chain([f64::INFINITY])).map(|(t, until)| self.period_at(t, until)).collect()
    }

    fn period_at(&self, t: f64, until: f64) -> Period {
        let arrivals = self.arrivals.iter().find(|piece| t < piece.0).map_or(self.load(), |piece| piece.1);
        let back = if self.idle { returned(&self.impacts, t) * f64::from(self.servers.unwrap_or(0)) } else { 0.0 };
        Period {
            arrivals: arrivals + extra(&self.impacts, t),
            capacity: self.capacity * left(&self.impacts, t),
            until,
            taken: back,
        }
    }

    /// The course of the backlog.
    pub(crate) fn course(&self) -> Backlog {
        backlog(self.start, &self.spans(), self.limits)
    }

    /// The wait of a message that joins at the peak, with the full capacity from then on.
    fn wait_at_peak(&self, course: &Backlog) -> Option<f64> {
        let at = Some(course.peak_at).filter(|t| t.is_finite())?;
        let mut spans = self.spans();
        spans.truncate(1 + spans.partition_point(|span| span.until < at));
        spans.iter_mut().next_back().into_iter().for_each(|last| last.until = at);
        spans.push(Period { arrivals: 0.0, capacity: self.capacity, until: f64::INFINITY, taken: 0.0 });
        Some(backlog(self.start, &spans, self.limits).first_empty(at)? - at)
    }

    /// From the end of the disruption until nothing waits; `None` if never, or where no fluid tells.
    pub(crate) fn drain_time(&self) -> Option<f64> {
        if self.no_fluid.is_some() {
            return None;
        }
        Some(self.drained(&self.course())? - self.until)
    }

    /// When nothing waits any more. An overload that begins with nothing there is empty at its start only.
    fn drained(&self, course: &Backlog) -> Option<f64> {
        let begins_empty = self.start == 0.0 && self.until == 0.0;
        course.first_empty(self.until).filter(|_| !begins_empty || self.load() <= self.capacity)
    }

    /// The course, for reports, until `end`.
    pub(crate) fn fluid(&self, end: f64) -> FluidCourse {
        let course = self.course();
        let drained = self.drained(&course);
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
            wait: self.wait_at_peak(&course),
            overflowed: Some(course.overflowed).filter(|lost| lost.is_finite()),
            expired: Some(course.expired).filter(|lost| lost.is_finite()),
            endless: course.lasting.map(|loss| EndlessLoss {
                since: loss.since,
                overflowing: loss.overflowing,
                expiring: loss.expiring,
            }),
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
            fluid: self.no_fluid.is_none().then(|| self.fluid(end)),
            no_fluid: self.no_fluid.clone(),
            target: within,
            load: self.load(),
            capacity: self.capacity,
            capacity_needed,
            servers_needed,
            measure: if self.servers.is_some() { RemedyMeasure::Servers } else { RemedyMeasure::Capacity },
            present: self.present(),
            boundary: Some(self.boundary()).filter(|amount| amount.is_finite()),
            curve: self.curve(&remedies),
            remedies,
            ..Recovery::default()
        }
    }

    /// The least capacity that drains within a time; infinite if none does.
    pub(crate) fn capacity_for(&self, within: f64) -> f64 {
        if self.no_fluid.is_some() {
            return f64::INFINITY;
        }
        let plain = self.limits == Limits::NONE && self.arrivals.len() == 1 && !self.idle && self.impacts.len() < 2;
        if plain && (self.from == 0.0 || self.start == 0.0) {
            let lasts = self.until - self.from;
            let come = self.start + extra(&self.impacts, self.from) * lasts + self.load() * (lasts + within);
            let needed = come / (left(&self.impacts, self.from) * lasts + within);
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
        if self.no_fluid.is_some() {
            return None;
        }
        let (mut low, mut high) = (0, 1);
        while !enough(high) {
            (low, high) = (high, high.saturating_mul(2));
            if high > MOST_SERVERS {
                return None;
            }
        }
        Some(bisect(low, high, whole, |n| !enough(n)).1)
    }

    /// Arrivals per second in the long run at their worst: every message published as often as may be.
    pub(crate) fn most(&self) -> f64 {
        self.load() + self.again
    }

    /// That load in servers: with so many or fewer it need not drain.
    pub(crate) fn offered(&self) -> Option<f64> {
        Some(self.most() / (self.capacity / f64::from(self.servers?)))
    }

    /// What there is, in servers where they are known, else as capacity.
    pub(crate) fn present(&self) -> f64 {
        self.servers.map_or(self.capacity, f64::from)
    }

    /// What never drains, in the same measure.
    pub(crate) fn boundary(&self) -> f64 {
        self.offered().unwrap_or(self.most())
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
        if self.no_fluid.is_some() {
            // What outlasts the worst with a quarter to spare, where there is less; nothing else is known to help.
            let outlasts = self.servers.map(|_| (1.25 * base).ceil()).filter(|n| *n > present && n.is_finite());
            return [Some(present), outlasts].into_iter().flatten().collect();
        }
        let slack = (present - base).max(0.1 * base).max(needed.map_or(0.0, |n| (n - base) / 3.0));
        let steps = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0].map(|k| base + k * slack);
        let known = [Some(present), needed, needed.filter(|_| self.servers.is_some()).map(|n| n - 1.0)];
        let all = steps.into_iter().chain(known.into_iter().flatten());
        if self.servers.is_none() {
            return all.collect();
        }
        let least = servers_for(base);
        all.map(f64::round).chain([least]).filter(|n| *n >= least || *n == present).filter(|n| *n >= 1.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::drain::impact::ImpactKind;

    fn outage() -> DrainScenario {
        DrainScenario {
            arrivals: vec![(f64::INFINITY, 250.0)],
            capacity: 300.0,
            servers: None,
            from: 0.0,
            until: 720.0,
            impacts: vec![down(0.0, 720.0, 1.0)],
            start: 0.0,
            limits: Limits::NONE,
            idle: false,
            again: 0.0,
            no_fluid: None,
        }
    }

    fn down(from: f64, until: f64, share: f64) -> Impact {
        Impact { from, until, kind: ImpactKind::Down { share, fixed: false } }
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
        let more = Impact { from: 0.0, until: 720.0, kind: ImpactKind::More { rate: 500.0 } };
        for scenario in [
            outage(),
            DrainScenario { impacts: vec![down(0.0, 720.0, 0.6)], ..outage() },
            DrainScenario { impacts: vec![more], start: 77.0, ..outage() },
            DrainScenario { from: 100.0, until: 400.0, impacts: vec![down(100.0, 400.0, 1.0)], ..outage() },
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

    /// Nobody waits longer than the limit of age: those ahead who grow too old make way.
    #[test]
    fn the_wait_at_the_peak_is_at_most_the_limit_of_age() {
        let wait = |limits| DrainScenario { limits, ..outage() }.fluid(10_000.0).wait.unwrap();
        assert!((wait(Limits::NONE) - 600.0).abs() < 1e-9);
        assert!((wait(Limits { age: 480.0, ..Limits::NONE }) - 400.0).abs() < 1e-9);
        let overload = DrainScenario { capacity: 90.0, ..outage() };
        let kept = DrainScenario { limits: Limits { age: 1000.0, ..Limits::NONE }, ..overload };
        let fluid = kept.fluid(10_000.0);
        assert!((fluid.wait.unwrap() - 1000.0).abs() < 1e-6, "{fluid:?}");
        assert_eq!((fluid.expired, fluid.drain_time), (None, None));
        assert!((fluid.endless.unwrap().expiring - 160.0).abs() < 1e-9);
    }

    /// Each of several disruptions holds for its own time; servers that a file says are down stay as many.
    #[test]
    fn disruptions_hold_each_for_its_time() {
        let team = DrainScenario { capacity: 300.0, servers: Some(60), ..outage() };
        let half = Impact { from: 0.0, until: 720.0, kind: ImpactKind::Down { share: 0.5, fixed: true } };
        let slow = Impact { from: 720.0, until: 820.0, kind: ImpactKind::Slowed { left: 0.5 } };
        let both = DrainScenario { impacts: vec![half, slow], until: 820.0, ..team };
        // 100/s too many for 820 s, then 50/s of slack.
        assert!((both.drain_time().unwrap() - 82_000.0 / 50.0).abs() < 1e-6);
        // With 80 servers 50 of them stay for 720 s; then 200 and 400/s are served.
        let more = both.with_servers(80);
        assert!(more.drain_time().unwrap() < 5_000.0 / 150.0 + 1e-6, "{:?}", more.drain_time());
        assert_eq!(more.fluid(2000.0).peak, Some(5_000.0));
    }
}
