//! A queue and its servers during a run: times are appended in blocks, and handed to the listener span
//! by span once everything up to the end of a span is known. Memory is that of the messages present.

use super::servers::ServerSet;
use super::visit::{BLOCK, LevelSpan, Listener, ServiceLine, Span, VisitTimes};
use crate::dist::Dist;
use crate::dist::solve::unit_exponentials;
use crate::model::ServiceTime;
use crate::rng::{Purpose, Stream, Streams};
use crate::sim::network::Network;

/// One line of the network during a run.
pub(super) struct StationRun {
    line: ServiceLine,
    service: ServiceTime,
    random: Stream,
    server_set: ServerSet,
    servers: f64,
    /// By message, from the first on that had not started when the last span ended.
    arrivals: Lane<f64>,
    starts: Lane<f64>,
    /// By departure, from the first on after the last span.
    departures: Lane<VisitTimes>,
    services: Box<[f64; BLOCK]>,
    /// Messages whose service was drawn.
    served: u64,
    /// End of the last span, and messages that had arrived, started and departed then.
    since: f64,
    arrived: u64,
    started: u64,
    departed: u64,
    /// When the last message departed whose departure is known; 0 for none.
    pub last_departure: f64,
}

/// Times in order; those that were handed on make room now and then.
struct Lane<T> {
    times: Vec<T>,
    head: usize,
}

impl<T: Copy> Lane<T> {
    fn new() -> Lane<T> {
        Lane { times: Vec::with_capacity(4 * BLOCK), head: 0 }
    }

    /// What was not handed on yet.
    fn waiting(&self) -> &[T] {
        &self.times[self.head..]
    }

    /// Forgets the first `n`; moves the rest to the front when it is the smaller half.
    fn forget(&mut self, n: usize) {
        self.head += n;
        if self.head > self.times.len() / 2 {
            self.times.copy_within(self.head.., 0);
            self.times.truncate(self.times.len() - self.head);
            self.head = 0;
        }
    }
}

impl StationRun {
    /// An empty station; `alone`: no other station waits for it.
    pub(super) fn new(line: ServiceLine, network: &Network, streams: &Streams, alone: bool) -> StationRun {
        let pool = &network.pools[line.pool as usize];
        StationRun {
            line,
            // Models of several classes are refused; the first is the only one.
            service: pool.service.of(0).clone(),
            random: streams.open(&pool.name, Purpose::Service),
            server_set: ServerSet::new(pool.servers, !alone),
            servers: if pool.servers == u32::MAX { f64::INFINITY } else { f64::from(pool.servers) },
            arrivals: Lane::new(),
            starts: Lane::new(),
            departures: Lane::new(),
            services: Box::new([0.0; BLOCK]),
            served: 0,
            since: 0.0,
            arrived: 0,
            started: 0,
            departed: 0,
            last_departure: 0.0,
        }
    }

    /// Messages arrive one by one.
    pub(super) fn arrive(&mut self, times: &[f64]) {
        self.arrivals.times.extend_from_slice(times);
    }

    /// Messages arrive at one instant.
    pub(super) fn arrive_together(&mut self, time: f64, messages: u32) {
        self.arrivals.times.extend(std::iter::repeat_n(time, messages as usize));
    }

    /// Serves everybody who has arrived.
    pub(super) fn serve(&mut self) {
        let mut next = self.arrivals.times.len() - self.unserved();
        while next < self.arrivals.times.len() {
            let until = (next + BLOCK).min(self.arrivals.times.len());
            let services = &mut self.services[..until - next];
            draw(&self.service, &mut self.random, self.served, services);
            let arrivals = &self.arrivals.times[next..until];
            self.server_set.serve(arrivals, services, &mut self.starts.times, &mut self.departures.times);
            self.served += services.len() as u64;
            next = until;
        }
        self.last_departure = self.departures.times.last().map_or(self.last_departure, |visit| visit.end);
    }

    fn unserved(&self) -> usize {
        (self.started + self.arrivals.waiting().len() as u64 - self.served) as usize
    }

    /// Up to when everything is known that happens here, where nobody arrives before `clock`.
    pub(super) fn known_until(&mut self, clock: f64) -> f64 {
        self.server_set.known_until(clock, &mut self.departures.times)
    }

    /// Nobody arrives any more: every departure becomes known.
    pub(super) fn drain(&mut self) {
        self.server_set.drain(&mut self.departures.times);
        self.last_departure = self.departures.times.last().map_or(self.last_departure, |visit| visit.end);
    }

    /// Messages that had arrived and departed when the last span ended.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.arrived, self.departed)
    }

    /// The span since the last call ends at `now`: the listener gets what happened.
    pub(super) fn pass<L: Listener>(&mut self, now: f64, listener: &mut L) {
        let (arrivals, starts, visits) = (self.arrivals.waiting(), self.starts.waiting(), self.departures.waiting());
        let waiting = (self.arrived - self.started) as usize;
        let came = arrivals[waiting..].partition_point(|&t| t <= now);
        let began = starts.partition_point(|&t| t <= now);
        let went = visits.partition_point(|visit| visit.end <= now);
        let taken = (self.started - self.departed) as f64;
        let length = now - self.since;
        let (came_s, began_s) =
            (sum(&arrivals[waiting..waiting + came], |t| now - t), sum(&starts[..began], |t| now - t));
        let went_s = sum(&visits[..went], |visit| now - visit.end);
        let mut waited = 0.0;
        for (i, start) in starts[..began].iter().enumerate() {
            waited += start - arrivals[i];
        }
        let (ready, present) = self.peaks(waiting, waiting + came);
        let level = |area: f64, max: f64, last: f64| LevelSpan { area: area.max(0.0), max, last };
        let still = (waiting + came - began) as f64;
        let ready = level(waiting as f64 * length + (came_s - began_s), ready, still);
        let busy =
            level(taken * length + (began_s - went_s), present.min(self.servers), taken + began as f64 - went as f64);
        let span = Span {
            until: now,
            arrivals: came as u64,
            starts: began as u64,
            waited,
            ready,
            in_system: LevelSpan { area: ready.area + busy.area, max: present, last: still + busy.last },
            busy,
        };
        if listener.counts(self.line) {
            let (came, line, present) = (&arrivals[waiting..waiting + came], self.line, self.arrived - self.departed);
            let ends = visits[..went].iter().map(|visit| visit.end);
            walk(came, starts[..began].iter().copied(), waiting as u64, |now, n| listener.ready(now, line, n));
            walk(came, ends, present, |now, n| listener.in_system(now, line, n));
        }
        listener.departed(self.line, &visits[..went]);
        listener.passed(self.line, &span);
        self.forget(now, came, began, went);
    }

    /// Tells the listener who is still there at the end, `now`, when every departure is known.
    pub(super) fn tell_rest<L: Listener>(&self, now: f64, listener: &mut L) {
        listener.remained(now, self.line, self.departures.waiting());
    }

    /// Most messages that waited, and that were present, during the span in which the arrivals
    /// `first..end` come; what was so at its start included.
    ///
    /// With m the most so far, the message at place i makes m + 1 wait if the one at i - m has not
    /// started when it arrives; else that place moves on with i. So one comparison per message.
    fn peaks(&self, first: usize, end: usize) -> (f64, f64) {
        let (arrivals, starts, visits) = (self.arrivals.waiting(), self.starts.waiting(), self.departures.waiting());
        let mut place = 0;
        for &arrival in &arrivals[first..end] {
            if starts[place] <= arrival {
                place += 1;
            }
        }
        let ready = (end - place) as f64;
        if ready > 0.0 {
            return (ready, ready + self.servers);
        }
        let mut place = 0;
        for &arrival in &arrivals[first..end] {
            if visits.get(place).is_some_and(|visit| visit.end <= arrival) {
                place += 1;
            }
        }
        let present = (self.arrived - self.departed) as f64 + (end - first) as f64 - place as f64;
        (ready, present)
    }

    fn forget(&mut self, now: f64, came: usize, began: usize, went: usize) {
        self.arrivals.forget(began);
        self.starts.forget(began);
        self.departures.forget(went);
        self.since = now;
        self.arrived += came as u64;
        self.started += began as u64;
        self.departed += went as u64;
    }
}

/// Says every number from `number` on to which those that come and go lead, in order of time. At one instant those that
/// come are first, since a message may come and go at once.
fn walk(come: &[f64], go: impl Iterator<Item = f64>, mut number: u64, mut say: impl FnMut(f64, u32)) {
    let mut come = come.iter().copied().peekable();
    for gone in go {
        while let Some(time) = come.next_if(|time| *time <= gone) {
            number += 1;
            say(time, number as u32);
        }
        number -= 1;
        say(gone, number as u32);
    }
    for time in come {
        number += 1;
        say(time, number as u32);
    }
}

/// The sum of `of` over items, in four parts, so that an addition need not wait for the one before.
/// Equal items give equal sums to the last bit.
fn sum<T>(items: &[T], of: impl Fn(&T) -> f64) -> f64 {
    let mut parts = [0.0; 4];
    let (fours, rest) = items.as_chunks::<4>();
    for four in fours {
        for (i, item) in four.iter().enumerate() {
            parts[i] += of(item);
        }
    }
    for (i, item) in rest.iter().enumerate() {
        parts[i] += of(item);
    }
    (parts[0] + parts[1]) + (parts[2] + parts[3])
}

/// Service times of the messages from number `first` on, in their order of arrival.
fn draw(service: &ServiceTime, random: &mut Stream, first: u64, times: &mut [f64]) {
    match service {
        ServiceTime::Drawn(Dist::Exponential(mean)) => {
            unit_exponentials(random, times);
            times.iter_mut().for_each(|time| *time *= mean);
        }
        ServiceTime::Drawn(dist) => times.iter_mut().for_each(|time| *time = dist.sample(random)),
        ServiceTime::Recorded(recorded) => times.copy_from_slice(&recorded[first as usize..][..times.len()]),
    }
}
