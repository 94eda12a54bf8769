//! Points of arrival of every producer, drawn in blocks and handed to the stations in the order of
//! time. It knows when the run ends.

use super::station::StationRun;
use super::visit::{BLOCK, ServiceLine};
use crate::rng::{Purpose, Stream, Streams};
use crate::sim::engine::Stop;
use crate::sim::network::Network;
use crate::sim::source::ArrivalSampler;

/// One producer during a run.
struct ProducerFeed {
    source: ArrivalSampler,
    random: Stream,
    station: usize,
    /// Its next point; infinite when there is none.
    next: f64,
    /// When that point was scheduled, as a number: decides between points at one instant.
    order: u64,
}

/// Every producer during a run.
pub(super) struct Feeds {
    feeds: Vec<ProducerFeed>,
    /// Points of a single producer, drawn ahead.
    times: Box<[f64; BLOCK]>,
    limit: u64,
    horizon: f64,
    scheduled: u64,
    /// Points of arrival so far.
    pub points: u64,
    published: u64,
}

/// How far arrivals are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fed {
    /// All before this time, and more to come.
    Until(f64),
    /// All: the run ends at this time.
    Stopped(f64),
    /// All: no producer has more, the run ends when the stations are empty.
    Dry,
}

impl Feeds {
    /// Every producer at time 0, its first point drawn.
    pub(super) fn new(network: &Network, lines: &[ServiceLine], streams: &Streams, stop: Stop) -> Feeds {
        let feed = |(station, line): (usize, &ServiceLine)| {
            let spec = &network.sources[line.source as usize];
            let mut random = streams.open(&spec.name, Purpose::Arrivals);
            let source = ArrivalSampler::new(&spec.arrivals, &mut random);
            ProducerFeed { source, random, station, next: 0.0, order: u64::from(line.source) }
        };
        let mut feeds: Vec<ProducerFeed> = lines.iter().enumerate().map(feed).collect();
        if !Feeds::is_plain(&feeds) {
            feeds.iter_mut().for_each(ProducerFeed::advance);
        }
        let (limit, horizon) = match stop {
            Stop::Published(n) => (n, f64::INFINITY),
            Stop::Horizon(end) => (u64::MAX, end),
            Stop::Drained => (u64::MAX, f64::INFINITY),
        };
        let scheduled = network.sources.len() as u64;
        Feeds { feeds, times: Box::new([0.0; BLOCK]), limit, horizon, scheduled, points: 0, published: 0 }
    }

    /// Draws the next block of points.
    pub(super) fn fill(&mut self, stations: &mut [StationRun]) -> Fed {
        if Feeds::is_plain(&self.feeds) { self.fill_alone(&mut stations[0]) } else { self.fill_in_turn(stations) }
    }

    /// A single producer of single messages.
    fn is_plain(feeds: &[ProducerFeed]) -> bool {
        matches!(feeds, [only] if !only.source.is_batched())
    }

    /// Producers in the order of their points; at one instant the point that was scheduled first.
    fn fill_in_turn(&mut self, stations: &mut [StationRun]) -> Fed {
        let mut clock = 0.0;
        for _ in 0..BLOCK {
            let Some(feed) = self.feeds.iter_mut().min_by(|a, b| a.next.total_cmp(&b.next).then(a.order.cmp(&b.order)))
            else {
                return self.dry();
            };
            if feed.next > self.horizon || feed.next == f64::INFINITY {
                return self.dry();
            }
            clock = feed.next;
            let batch = feed.source.batch(&mut feed.random);
            stations[feed.station].arrive_together(clock, batch);
            feed.advance();
            feed.order = self.scheduled;
            self.scheduled += 1;
            self.points += 1;
            self.published += u64::from(batch);
            if self.published >= self.limit {
                return Fed::Stopped(clock);
            }
        }
        Fed::Until(clock)
    }

    /// There is no further point.
    fn dry(&self) -> Fed {
        if self.horizon.is_finite() { Fed::Stopped(self.horizon) } else { Fed::Dry }
    }

    /// One producer, one message at a time: no point is looked at by itself.
    fn fill_alone(&mut self, station: &mut StationRun) -> Fed {
        let feed = &mut self.feeds[0];
        let wanted = (self.limit - self.published).min(BLOCK as u64) as usize;
        let drawn = feed.source.fill(feed.next, &mut feed.random, &mut self.times[..wanted]);
        let times = &self.times[..drawn];
        let inside = times.partition_point(|&t| t <= self.horizon);
        station.arrive(&times[..inside]);
        self.points += inside as u64;
        self.published += inside as u64;
        feed.next = times.last().copied().unwrap_or(feed.next);
        let clock = feed.next;
        if inside < wanted {
            self.dry()
        } else if self.published >= self.limit {
            Fed::Stopped(clock)
        } else {
            Fed::Until(clock)
        }
    }
}

impl ProducerFeed {
    /// Draws its next point.
    fn advance(&mut self) {
        self.next = self.source.next(self.next, &mut self.random).unwrap_or(f64::INFINITY);
    }
}
