//! Moments of observations: cheap to add to on the hot path, merged and read in a numerically safe form.

use super::Accumulator;

/// Accumulates observations: count, sums, extremes.
///
/// Sums are taken about the first observation, so that the variance of nearly constant
/// values (a deterministic service time) does not drown in rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tally {
    /// Number of observations.
    pub n: u64,
    shift: f64,
    sum: f64,
    sum_sq: f64,
    min: f64,
    max: f64,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { n: 0, shift: 0.0, sum: 0.0, sum_sq: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Tally {
    /// Adds one observation.
    #[inline]
    pub fn push(&mut self, x: f64) {
        if self.n == 0 {
            self.shift = x;
        }
        let d = x - self.shift;
        self.n += 1;
        self.sum += d;
        self.sum_sq += d * d;
        // Observations are numbers: a comparison does, where `f64::min` would also look for NaN.
        self.min = if x < self.min { x } else { self.min };
        self.max = if x > self.max { x } else { self.max };
    }

    /// Adds observations, in four parts, so that an addition need not wait for the one before.
    pub fn extend(&mut self, xs: &[f64]) {
        let Some(&first) = xs.first() else { return };
        if self.n == 0 {
            self.shift = first;
        }
        let shift = self.shift;
        let (mut sum, mut sum_sq, mut min, mut max) = ([0.0; 4], [0.0; 4], [first; 4], [first; 4]);
        let mut add = |i: usize, x: f64| {
            let d = x - shift;
            sum[i] += d;
            sum_sq[i] += d * d;
            min[i] = if x < min[i] { x } else { min[i] };
            max[i] = if x > max[i] { x } else { max[i] };
        };
        let (fours, rest) = xs.as_chunks::<4>();
        fours.iter().for_each(|four| (0..4).for_each(|i| add(i, four[i])));
        rest.iter().enumerate().for_each(|(i, &x)| add(i, x));
        self.n += xs.len() as u64;
        self.sum += sum.iter().sum::<f64>();
        self.sum_sq += sum_sq.iter().sum::<f64>();
        self.min = min.into_iter().fold(self.min, f64::min);
        self.max = max.into_iter().fold(self.max, f64::max);
    }

    /// Sum of the observations.
    pub fn sum(&self) -> f64 {
        self.shift * self.n as f64 + self.sum
    }

    /// Adds the same observation `times` times.
    pub fn push_same(&mut self, x: f64, times: u64) {
        if times == 0 {
            return;
        }
        self.push(x);
        let d = x - self.shift;
        self.n += times - 1;
        self.sum += d * (times - 1) as f64;
        self.sum_sq += d * d * (times - 1) as f64;
    }

    /// Mean; `None` without observations.
    ///
    /// ```
    /// use lindley::stats::Tally;
    /// let mut tally = Tally::default();
    /// for x in [1.0, 2.0, 6.0] { tally.push(x) }
    /// assert_eq!(tally.mean(), Some(3.0));
    /// assert_eq!(tally.variance(), Some(7.0));
    /// assert_eq!(tally.max(), Some(6.0));
    /// ```
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.about_mean().shift)
    }

    /// Sample variance (divisor n - 1); `None` with fewer than two observations.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.about_mean().sum_sq / (self.n - 1) as f64)
    }

    /// Sum of the squares of the distances from x.
    pub fn squares_about(&self, x: f64) -> f64 {
        let Tally { n, shift, sum_sq, .. } = self.about_mean();
        if n > 0 { sum_sq + n as f64 * (shift - x).powi(2) } else { 0.0 }
    }

    /// Largest observation; `None` without observations.
    pub fn max(&self) -> Option<f64> {
        (self.n > 0).then_some(self.max)
    }

    /// Smallest observation; `None` without observations.
    pub fn min(&self) -> Option<f64> {
        (self.n > 0).then_some(self.min)
    }

    /// The same with the sums about the mean: that of the observations is then 0, that of their squares the least.
    fn about_mean(&self) -> Tally {
        if self.n == 0 {
            return Tally { shift: 0.0, ..*self };
        }
        let d = self.sum / self.n as f64;
        // Rounding can leave a tiny negative sum of squares for constant values.
        let sum_sq = (self.sum_sq - self.sum * d).max(0.0);
        Tally { shift: self.shift + d, sum: 0.0, sum_sq, ..*self }
    }
}

impl Accumulator for Tally {
    fn close(&mut self, _now: f64) -> Self {
        std::mem::take(self)
    }

    /// Pairwise update of Chan, Golub and LeVeque (1979).
    fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        let (mine, theirs) = (self.about_mean(), other.about_mean());
        let delta = theirs.shift - mine.shift;
        let share = theirs.n as f64 / (mine.n + theirs.n) as f64;
        *self = Tally {
            n: mine.n + theirs.n,
            shift: mine.shift + delta * share,
            sum: 0.0,
            sum_sq: mine.sum_sq + (theirs.sum_sq + delta * delta * mine.n as f64 * share),
            min: mine.min.min(theirs.min),
            max: mine.max.max(theirs.max),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Tally {
        let mut tally = Tally::default();
        values.iter().for_each(|&x| tally.push(x));
        tally
    }

    #[test]
    fn merging_parts_equals_the_whole() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(i * i % 37) + 1e6).collect();
        let mut merged = of(&values[..33]);
        merged.merge(&of(&values[33..33]));
        merged.merge(&of(&values[33..]));
        let whole = of(&values);
        assert_eq!((merged.n, merged.min, merged.max), (whole.n, whole.min, whole.max));
        assert!((merged.mean().unwrap() - whole.mean().unwrap()).abs() < 1e-9);
        assert!((merged.variance().unwrap() / whole.variance().unwrap() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn many_at_once_are_as_one_by_one() {
        let values: Vec<f64> = (0..103).map(|i| f64::from(i * i % 37) + 1e3).collect();
        let (mut all, one_by_one) = (Tally::default(), of(&values));
        values.chunks(10).for_each(|part| all.extend(part));
        all.extend(&[]);
        assert_eq!((all.n, all.min, all.max), (one_by_one.n, one_by_one.min, one_by_one.max));
        assert!((all.mean().unwrap() / one_by_one.mean().unwrap() - 1.0).abs() < 1e-14);
        assert!((all.variance().unwrap() / one_by_one.variance().unwrap() - 1.0).abs() < 1e-12);
        let mut same = Tally::default();
        same.push_same(2.0, 5);
        same.push_same(7.0, 0);
        assert_eq!(same, of(&[2.0; 5]));
    }

    #[test]
    fn no_observations_is_none_not_zero() {
        let none = of(&[]);
        assert_eq!((none.mean(), none.variance(), none.max(), none.min()), (None, None, None, None));
        assert_eq!(of(&[3.0]).variance(), None);
    }

    #[test]
    fn constant_values_have_no_variance() {
        assert_eq!(of(&[0.1; 1000]).variance(), Some(0.0));
    }
}
