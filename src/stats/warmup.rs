//! Where the start of a run stops mattering: MSER-5.

/// Means of batches of a series, kept at a bounded number by joining neighbours.
///
/// Batches start at 5 observations (the 5 of MSER-5) and double whenever
/// [`CAPACITY`](Self::CAPACITY) is reached, so a run of any length keeps between half and all of
/// that many means, at a cost of one addition per observation.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchSeries {
    size: u32,
    filled: u32,
    sum: f64,
    means: Vec<f64>,
    ends: Vec<f64>,
}

impl Default for BatchSeries {
    fn default() -> Self {
        BatchSeries { size: 5, filled: 0, sum: 0.0, means: Vec::new(), ends: Vec::new() }
    }
}

impl BatchSeries {
    /// Most batches kept.
    pub const CAPACITY: usize = 1024;

    /// Adds an observation made at time `now`.
    #[inline]
    pub fn push(&mut self, now: f64, x: f64) {
        self.sum += x;
        self.filled += 1;
        if self.filled == self.size {
            self.close(now);
        }
    }

    #[cold]
    #[inline(never)]
    fn close(&mut self, now: f64) {
        self.means.push(self.sum / f64::from(self.size));
        self.ends.push(now);
        self.sum = 0.0;
        self.filled = 0;
        if self.means.len() == Self::CAPACITY {
            self.means = self.means.chunks_exact(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect();
            self.ends = self.ends.chunks_exact(2).map(|pair| pair[1]).collect();
            self.size *= 2;
        }
    }

    /// The time up to which MSER wants the run cut off, and whether it settled: `false` where
    /// the best cut lies in the second half, so that the run is too short to tell.
    pub fn cut(&self) -> (f64, bool) {
        let (batches, settled) = mser_cut(&self.means);
        (if batches == 0 { 0.0 } else { self.ends[batches - 1] }, settled)
    }
}

/// How many leading values MSER deletes, and whether the minimum lies in the first half.
///
/// Formula: d* = argmin over d of S2(d) / (n - d)^2, where S2(d) is the sum of squared
/// deviations of the n - d values kept from their mean (the squared half-width of a naive
/// interval). Searched up to the half; the second half is looked at only to tell whether the
/// minimum settled. The last 5 values are never candidates: too few to estimate from.
/// Reference: White, *Simulation* 69 (1997); White, Cobb and Spratt, WSC 2000.
///
/// ```
/// use lindley::stats::mser_cut;
/// let mut series = vec![100.0; 7];
/// series.extend((0..93).map(|i| f64::from(i % 2)));
/// assert_eq!(mser_cut(&series), (7, true));
/// ```
pub fn mser_cut(values: &[f64]) -> (usize, bool) {
    let n = values.len();
    if n < 10 {
        return (0, true);
    }
    let mut best = [(f64::INFINITY, 0), (f64::INFINITY, n / 2)];
    let (mut mean, mut m2, mut kept) = (0.0, 0.0, 0.0);
    for d in (0..n).rev() {
        // Welford's update while the kept part grows from the end: stable, one pass.
        kept += 1.0;
        let delta = values[d] - mean;
        mean += delta / kept;
        m2 += delta * (values[d] - mean);
        let half = usize::from(d > n / 2);
        let criterion = m2 / (kept * kept);
        if d + 5 <= n && criterion <= best[half].0 {
            best[half] = (criterion, d);
        }
    }
    (best[0].1, best[0].0 <= best[1].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stationary_series_is_hardly_cut() {
        let series: Vec<f64> = (0..500).map(|i| f64::from(i * 7919 % 101)).collect();
        let (cut, settled) = mser_cut(&series);
        assert!(cut < 50 && settled, "{cut}");
    }

    #[test]
    fn a_trend_never_settles() {
        let series: Vec<f64> = (0..500).map(f64::from).collect();
        assert!(!mser_cut(&series).1);
    }

    #[test]
    fn collapsing_keeps_means_and_ends() {
        let mut series = BatchSeries::default();
        (0..100_000).for_each(|i| series.push(f64::from(i), 1.0));
        assert!(series.means.len() < BatchSeries::CAPACITY);
        assert!(series.means.iter().all(|m| (m - 1.0).abs() < 1e-12));
        assert!(series.ends.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(series.cut(), (0.0, true));
    }

    #[test]
    fn a_decaying_start_is_cut_where_it_fades() {
        let series: Vec<f64> =
            (0..1000).map(|i| 50.0 * (-f64::from(i) / 20.0).exp() + f64::from(i * 7919 % 101) / 101.0).collect();
        let (cut, settled) = mser_cut(&series);
        assert!((60..200).contains(&cut) && settled, "{cut}");
    }
}
