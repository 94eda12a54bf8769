//! Time averages of levels that change at events: queue lengths, busy servers.

use super::Accumulator;

/// Integral of a piecewise constant level over time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TimeAverage {
    area: f64,
    since: f64,
    level: f64,
    max: f64,
}

impl TimeAverage {
    /// The level is `level` from `now` on. `now` must not go back.
    #[inline]
    pub fn set(&mut self, now: f64, level: f64) {
        self.area += self.level * (now - self.since);
        self.since = now;
        self.level = level;
        self.max = self.max.max(level);
    }

    /// Adds a whole span that ends at `now`: its integral, its largest level, and its last, which
    /// holds from now on.
    pub fn add_span(&mut self, now: f64, area: f64, max: f64, last: f64) {
        *self = TimeAverage { area: self.area + area, since: now, level: last, max: self.max.max(max) };
    }

    /// Integral up to `now`.
    pub fn area_until(&self, now: f64) -> f64 {
        self.area + self.level * (now - self.since)
    }

    /// Integral over closed batches.
    pub fn area(&self) -> f64 {
        self.area
    }

    /// Largest level.
    pub fn max(&self) -> f64 {
        self.max
    }
}

impl Accumulator for TimeAverage {
    /// The next batch starts with the present level.
    ///
    /// ```
    /// use lindley::stats::{Accumulator, TimeAverage};
    /// let mut queue = TimeAverage::default();
    /// queue.set(1.0, 2.0);
    /// queue.set(3.0, 1.0);
    /// let mut both = queue.close(4.0);
    /// assert_eq!((both.area(), both.max()), (2.0 * 2.0 + 1.0 * 1.0, 2.0));
    /// let next = queue.close(6.0);
    /// assert_eq!((next.area(), next.max()), (2.0, 1.0));
    /// both.merge(&next);
    /// assert_eq!((both.area(), both.max()), (7.0, 2.0));
    /// ```
    fn close(&mut self, now: f64) -> Self {
        let closed = TimeAverage { area: self.area_until(now), since: now, ..*self };
        *self = TimeAverage { area: 0.0, since: now, level: self.level, max: self.level };
        closed
    }

    fn merge(&mut self, other: &Self) {
        *self = TimeAverage { area: self.area + other.area, max: self.max.max(other.max), ..*other };
    }
}
