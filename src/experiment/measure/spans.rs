//! Whole spans at once: recursions hand over messages in blocks.

use super::Measure;
use crate::model::{Cause, State};
use crate::row::Metric;
use crate::sim::probe::Remaining;
use crate::sim::recursion::{LevelSpan, Listener, ServiceLine, Span, VisitTimes};
use crate::stats::TimeAverage;

/// Served messages that are entered together.
const TOGETHER: usize = 256;

impl Listener for Measure<'_> {
    fn departed(&mut self, line: ServiceLine, visits: &[VisitTimes]) {
        visits.chunks(TOGETHER).for_each(|visits| self.depart(line, visits));
    }

    fn passed(&mut self, line: ServiceLine, span: &Span) {
        let add = |average: &mut TimeAverage, level: &LevelSpan| {
            average.add_span(span.until, level.area, level.max, level.last);
        };
        let queue = &mut self.present.queues[line.queue as usize];
        add(&mut queue.ready, &span.ready);
        add(&mut queue.in_system, &span.in_system);
        add(&mut self.present.pools[line.pool as usize].busy, &span.busy);
        queue.offered += span.arrivals;
        self.present.published[line.source as usize] += span.arrivals;
        self.present.moves[State::Published as usize][State::Ready as usize] += span.arrivals;
        self.present.moves[State::Ready as usize][State::Delivered as usize] += span.starts;
        self.present.moves[State::Delivered as usize][State::Running as usize] += span.starts;
        self.present.dwell[State::Ready as usize] += span.waited;
    }

    fn counts(&self, line: ServiceLine) -> bool {
        self.events.get(line.queue as usize).is_some_and(|events| !events.is_empty())
    }

    fn ready(&mut self, now: f64, line: ServiceLine, level: u32) {
        self.note(&Metric::QueueLength, now, line.queue, level);
    }

    fn in_system(&mut self, now: f64, line: ServiceLine, level: u32) {
        self.note(&Metric::InSystem, now, line.queue, level);
    }

    fn remained(&mut self, now: f64, line: ServiceLine, visits: &[VisitTimes]) {
        for visit in visits {
            let served = (now - visit.start).max(0.0);
            let (wait, sojourn) = (visit.start.min(now) - visit.arrival, now - visit.arrival);
            let server = (visit.start <= now).then_some(line.pool);
            self.rest.add(&Remaining { queue: line.queue, server, wait, sojourn, served });
        }
    }

    fn tick(&mut self, now: f64) -> bool {
        self.close_full(now)
    }
}

impl Measure<'_> {
    /// Enters served messages, one kind of time after the other.
    fn depart(&mut self, line: ServiceLine, visits: &[VisitTimes]) {
        let mut times = [0.0; TOGETHER];
        let mut each = |of: fn(&VisitTimes) -> f64| {
            for (i, visit) in visits.iter().enumerate() {
                times[i] = of(visit);
            }
            times
        };
        let n = visits.len();
        let (waits, sojourns, services) =
            (each(VisitTimes::wait), each(VisitTimes::sojourn), each(VisitTimes::service));
        let class = &mut self.present.classes[line.queue as usize * self.classes];
        class.wait.extend(&waits[..n]);
        class.sojourn.extend(&sojourns[..n]);
        class.attempts.push_same(1.0, n as u64);
        let pool = &mut self.present.pools[line.pool as usize];
        // The pool serves this queue only, whose messages are of one class.
        pool.response = class.sojourn.moments;
        pool.service.extend(&services[..n]);
        self.series[line.queue as usize].extend(visits.iter().map(|visit| visit.end), &waits[..n]);
        self.present.queues[line.queue as usize].left[Cause::Ack as usize] += n as u64;
        self.present.ended[State::Acked as usize] += n as u64;
        self.present.moves[State::Running as usize][State::Acked as usize] += n as u64;
    }
}
