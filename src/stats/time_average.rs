//! Time averages of levels that change at events: queue lengths, busy servers.

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
    pub fn area(&self, now: f64) -> f64 {
        self.area + self.level * (now - self.since)
    }

    /// Ends a span at `now`: returns (integral, largest level) of the span and starts the next
    /// one with the present level.
    ///
    /// ```
    /// use lindley::stats::TimeAverage;
    /// let mut queue = TimeAverage::default();
    /// queue.set(1.0, 2.0);
    /// queue.set(3.0, 1.0);
    /// assert_eq!(queue.take(4.0), (2.0 * 2.0 + 1.0 * 1.0, 2.0));
    /// assert_eq!(queue.take(6.0), (2.0, 1.0));
    /// ```
    pub fn take(&mut self, now: f64) -> (f64, f64) {
        let span = (self.area(now), self.max);
        *self = TimeAverage { area: 0.0, since: now, level: self.level, max: self.level };
        span
    }
}
