//! Where the start of a run stops mattering: MSER-5 on the mean over replications, where they agree.

use super::interval::student;

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

    /// Adds observations, one for each instant of `times`.
    pub fn extend(&mut self, mut times: impl ExactSizeIterator<Item = f64>, mut xs: &[f64]) {
        while !xs.is_empty() {
            let part = (self.size - self.filled).min(xs.len() as u32) as usize;
            self.sum = xs[..part].iter().fold(self.sum, |sum, x| sum + x);
            self.filled += part as u32;
            let last = times.nth(part - 1);
            if self.filled == self.size
                && let Some(now) = last
            {
                self.close(now);
            }
            xs = &xs[part..];
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

    /// Joins neighbouring batches until they hold `size` observations (a doubling of this size).
    fn joined_to(&self, size: u32) -> Vec<f64> {
        let together = (size / self.size) as usize;
        self.means.chunks_exact(together).map(|part| part.iter().sum::<f64>() / together as f64).collect()
    }

    /// When the `observations`-th observation had been made, to within a batch (rounded up);
    /// 0 for none, the end of the last batch where there are fewer.
    pub fn time_of(&self, observations: u64) -> f64 {
        let batches = observations.div_ceil(u64::from(self.size)) as usize;
        match batches.min(self.ends.len()) {
            0 => 0.0,
            n => self.ends[n - 1],
        }
    }
}

/// Confidence with which what is cut off must differ from the rest.
const CERTAIN: f64 = 0.999;

/// How many observations MSER-5 deletes from the start of every replication, and whether it settled:
/// `false` where the best cut lies in the second half, so that the runs are too short to tell. Nothing is deleted where the
/// replications do not agree that it differs from the rest (Student's test of the differences of the means, 99.9 %).
///
/// The criterion is applied to the mean over replications of each batch, which keeps what they have in common, the initial
/// transient. By itself it also deletes a busy spell that happens to come early, which biases waits low, and more than the empty
/// start that it is to remove: 800 runs of M/M/1 at 0.9, 5 replications of 4,000 messages, had a mean wait 4.0 % too low, 3.0 %
/// without any cut, 1.1 % where a fixed sixteenth was cut (standard error 0.5 %). References: White and Robinson, *J. Simulation* 4 (2010);
/// `docs/studies/warm-up.md`.
pub fn common_cut(series: &[&BatchSeries]) -> (u64, bool) {
    let size = series.iter().map(|s| s.size).max().unwrap_or(5);
    let joined: Vec<Vec<f64>> = series.iter().map(|s| s.joined_to(size)).collect();
    let length = joined.iter().map(Vec::len).min().unwrap_or(0);
    let mean = |i: usize| joined.iter().map(|means| means[i]).sum::<f64>() / joined.len() as f64;
    let (batches, settled) = mser_cut(&(0..length).map(mean).collect::<Vec<f64>>());
    let batches = if differs(&joined, batches, length) { batches } else { 0 };
    (batches as u64 * u64::from(size), settled || !differs(&joined, length / 2, length))
}

/// Whether the first `at` of `length` values differ from the rest in the mean over replications.
fn differs(replications: &[Vec<f64>], at: usize, length: usize) -> bool {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let difference = |values: &Vec<f64>| mean(&values[..at]) - mean(&values[at..length]);
    let of = if (1..length).contains(&at) { replications } else { &[] };
    let found = student(&of.iter().map(difference).collect::<Vec<f64>>(), CERTAIN);
    found.is_some_and(|found| found.half_width.is_some_and(|half| found.mean.abs() > half))
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
    use rand::{RngExt, SeedableRng};

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
        assert_eq!(common_cut(&[&series]), (0, true));
        assert_eq!(series.time_of(0), 0.0);
        assert!((series.time_of(50_000) - 50_000.0).abs() < 200.0);
    }

    /// A replication of 5,000 uniform values, the first 200 of them raised.
    fn raised(seed: u64, by: f64) -> BatchSeries {
        let mut random = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut series = BatchSeries::default();
        for i in 0..5000 {
            series.push(f64::from(i), random.random::<f64>() + if i < 200 { by } else { 0.0 });
        }
        series
    }

    #[test]
    fn a_start_common_to_all_replications_is_cut_and_little_more() {
        let all: Vec<BatchSeries> = (0..10).map(|r| raised(r, 3.0)).collect();
        let (cut, settled) = common_cut(&all.iter().collect::<Vec<_>>());
        assert!((200..400).contains(&cut) && settled, "{cut}");
    }

    /// A busy spell early in one replication of ten is no transient, and nothing is cut for it, however high; one that all of
    /// them have is. Of 50 trials each.
    #[test]
    fn an_early_spell_of_one_replication_is_not_cut_from_all() {
        let cut = |trial: u64, by: &dyn Fn(u64) -> f64| {
            let all: Vec<BatchSeries> = (0..10).map(|r| raised(10 * trial + r, by(r))).collect();
            common_cut(&all.iter().collect::<Vec<_>>()).0
        };
        let spoiled = (0..50).filter(|trial| cut(*trial, &|r| if r == 0 { 3.0 } else { 0.0 }) > 0).count();
        let common = (0..50).filter(|trial| cut(*trial, &|_| 0.3) >= 200).count();
        assert!(spoiled <= 1 && common >= 49, "{spoiled} {common}");
    }

    #[test]
    fn a_decaying_start_is_cut_where_it_fades() {
        let series: Vec<f64> =
            (0..1000).map(|i| 50.0 * (-f64::from(i) / 20.0).exp() + f64::from(i * 7919 % 101) / 101.0).collect();
        let (cut, settled) = mser_cut(&series);
        assert!((60..200).contains(&cut) && settled, "{cut}");
    }
}
