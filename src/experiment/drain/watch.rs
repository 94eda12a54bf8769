//! What is watched in one replication of a disrupted model: the backlog before, during and after, until
//! it is back at its level. Hears events.

use crate::model::{Cause, Model};
use crate::sim::probe::Departure;
use crate::stats::Tally;
use std::sync::Arc;

/// When to watch, and which queues.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Begin of the disruption, seconds.
    pub from: f64,
    /// Its end, seconds.
    pub until: f64,
    /// Queues.
    pub queues: Vec<u32>,
    /// Instants at which the backlog is sampled, ascending.
    pub grid: Arc<[f64]>,
}

impl Window {
    /// The window of a model's own disruptions, on the queues that they concern; `None` without any.
    pub fn of(model: &Model) -> Option<Window> {
        let from = model.disruptions.iter().map(|d| d.at).fold(f64::INFINITY, f64::min);
        let until = model.disruptions.iter().map(|d| d.at + d.lasts).fold(0.0, f64::max);
        let mut queues: Vec<u32> = model.disruptions.iter().flat_map(|d| model.concerned(&d.effect)).collect();
        queues.sort_unstable();
        queues.dedup();
        (!queues.is_empty()).then(|| Window { from, until, queues, grid: Arc::from([]) })
    }
}

/// What one replication showed at one queue.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The queue.
    pub queue: u32,
    /// Time average of ready messages over the second half of the time before the disruption; 0 where
    /// there is no such time.
    pub level: f64,
    /// Most ready messages from the begin of the disruption until recovery.
    pub peak: f64,
    /// When, seconds.
    pub peak_at: f64,
    /// First instant from the end of the disruption on at which no more than the level is ready.
    pub recovered_at: Option<f64>,
    /// End of the disruption, seconds.
    pub until: f64,
    /// End of the replication, seconds.
    pub end: f64,
    /// Messages that left the queue from the begin until recovery, by cause.
    pub left: [u64; Cause::COUNT],
    /// Waits of the messages that entered during the disruption and were served.
    pub wait: Tally,
    /// Ready messages at the instants of the grid.
    pub samples: Vec<u32>,
}

/// One queue under watch.
#[derive(Debug, Clone)]
struct Post {
    watched: Watched,
    now: u32,
    since: f64,
    area: f64,
}

/// The watch of one replication.
#[derive(Debug, Clone)]
pub struct Watch {
    window: Window,
    posts: Vec<Post>,
}

impl Watched {
    /// From the end of the disruption until recovery, seconds.
    pub fn drain_time(&self) -> Option<f64> {
        Some(self.recovered_at? - self.until)
    }
}

impl Watch {
    /// Nothing has happened yet.
    pub fn new(window: &Window) -> Watch {
        let post = |&queue: &u32| Post {
            watched: Watched {
                queue,
                level: 0.0,
                peak: 0.0,
                peak_at: window.from,
                recovered_at: None,
                until: window.until,
                end: 0.0,
                left: [0; Cause::COUNT],
                wait: Tally::default(),
                samples: Vec::with_capacity(window.grid.len()),
            },
            now: 0,
            since: 0.0,
            area: 0.0,
        };
        Watch { posts: window.queues.iter().map(post).collect(), window: window.clone() }
    }

    /// The number of ready messages changed.
    pub fn ready(&mut self, now: f64, queue: u32, level: u32) {
        let window = &self.window;
        if let Some(post) = self.posts.iter_mut().find(|post| post.watched.queue == queue) {
            post.hold(now, window);
            post.now = level;
            if now >= window.from && post.watched.recovered_at.is_none() && f64::from(level) > post.watched.peak {
                (post.watched.peak, post.watched.peak_at) = (f64::from(level), now);
            }
        }
    }

    /// A message left a queue after being served.
    pub fn departed(&mut self, now: f64, d: &Departure) {
        let entered = now - d.sojourn;
        if entered < self.window.from || entered >= self.window.until {
            return;
        }
        if let Some(post) = self.posts.iter_mut().find(|post| post.watched.queue == d.queue) {
            post.watched.wait.push(d.wait);
        }
    }

    /// A message left a queue for `cause`.
    pub fn left(&mut self, now: f64, queue: u32, cause: Cause) {
        if now < self.window.from {
            return;
        }
        let post = self.posts.iter_mut().find(|post| post.watched.queue == queue);
        if let Some(post) = post.filter(|post| post.watched.recovered_at.is_none()) {
            post.watched.left[cause as usize] += 1;
        }
    }

    /// What was seen, at the end of the replication.
    pub fn finish(mut self, end: f64) -> Vec<Watched> {
        for post in &mut self.posts {
            post.hold(end, &self.window);
            // A run that ended because all is over stays as it is.
            post.watched.samples.resize(self.window.grid.len(), post.now);
            post.watched.end = end;
        }
        self.posts.into_iter().map(|post| post.watched).collect()
    }
}

impl Post {
    /// The level has been what it is until `now`.
    fn hold(&mut self, now: f64, window: &Window) {
        let (held, level) = (f64::from(self.now), self.watched.level);
        while self.watched.samples.len() < window.grid.len() && window.grid[self.watched.samples.len()] < now {
            self.watched.samples.push(self.now);
        }
        let half = window.from / 2.0;
        if self.since < window.from {
            self.area += held * (now.min(window.from) - self.since.max(half)).max(0.0);
            if now >= window.from {
                self.watched.level = if half > 0.0 { self.area / half } else { 0.0 };
                (self.watched.peak, self.watched.peak_at) = (held, window.from);
            }
        }
        let first = self.since.max(window.until);
        if self.watched.recovered_at.is_none() && now > first && held <= level.max(self.watched.level) {
            self.watched.recovered_at = Some(first);
        }
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> Watch {
        Watch::new(&Window { from: 10.0, until: 20.0, queues: vec![3], grid: Arc::from([4.0, 12.0, 30.0, 99.0]) })
    }

    #[test]
    fn a_course_by_hand() {
        let mut watch = watch();
        // Level 2 from 7.5 to 10: an average of 1 over the second half of the time before.
        for (t, level) in [(7.5, 2), (12.0, 9), (15.0, 40), (20.0, 30), (24.0, 0), (24.0, 1), (25.0, 0), (28.0, 70)] {
            watch.ready(t, 3, level);
            watch.ready(t, 1, 999);
        }
        watch.left(5.0, 3, Cause::Expire);
        let seen = watch.finish(31.0).remove(0);
        assert_eq!((seen.level, seen.peak, seen.peak_at), (1.0, 40.0, 15.0));
        assert_eq!(seen.recovered_at, Some(24.0), "back at the level, for more than an instant");
        // At an instant of change: the level from then on.
        assert_eq!(seen.samples, [0, 9, 70, 70]);
        assert_eq!(seen.left.iter().sum::<u64>(), 0);
    }

    #[test]
    fn what_is_over_at_the_end_of_the_disruption_has_recovered_then_and_what_stays_has_not() {
        let mut quiet = watch();
        quiet.ready(11.0, 3, 1);
        quiet.ready(12.0, 3, 0);
        assert_eq!(quiet.finish(30.0)[0].recovered_at, Some(20.0));
        let mut stuck = watch();
        stuck.ready(11.0, 3, 5);
        let seen = stuck.finish(30.0).remove(0);
        assert_eq!((seen.recovered_at, seen.peak), (None, 5.0));
    }
}
