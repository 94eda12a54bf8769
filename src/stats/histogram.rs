//! Quantiles of a stream of times in constant memory: a histogram whose bins are cut by
//! the leading bits of the floating-point number, so that recording is a shift and an add.
//!
//! With 9 mantissa bits a bin is at most 1/512 of its value wide, so a quantile read from it is
//! within 0.2 % of the exact one: [`LogHistogram::RELATIVE_ERROR`]. Histograms merge by adding.

use super::Accumulator;
use std::borrow::Cow;

const MANTISSA_BITS: u32 = 9;
const SHIFT: u32 = 52 - MANTISSA_BITS;
/// Everything below 2^-60 s is counted as exactly that: nothing real is shorter.
const FLOOR: u64 = (1023 - 60) << MANTISSA_BITS;

/// Values whose bins are only listed. A batch of a run has few values and thousands of bins: listing
/// costs four bytes a value, and emptying, copying and adding need not look at every bin.
const LISTED: usize = 4_096;

/// The bin of a number > 0. Bins of doubles are below 2^20.
#[inline]
fn bin(x: f64) -> u32 {
    (x.to_bits() >> SHIFT).max(FLOOR) as u32
}

/// Histogram of non-negative numbers with bounded relative error.
#[derive(Debug, Clone, Default)]
pub struct LogHistogram {
    zeros: u64,
    first: u64,
    counts: Vec<u32>,
    total: u64,
    /// Bins of values that are not in `counts` yet.
    listed: Vec<u32>,
}

impl PartialEq for LogHistogram {
    /// Whether they hold the same values, bin by bin.
    fn eq(&self, other: &Self) -> bool {
        let held = |h: &LogHistogram| {
            let h = h.counted();
            let bins = h.counts.iter().enumerate().filter(|(_, count)| **count > 0);
            bins.map(|(i, &count)| (h.first + i as u64, count)).collect::<Vec<_>>()
        };
        (self.zeros, self.total) == (other.zeros, other.total) && held(self) == held(other)
    }
}

impl LogHistogram {
    /// Largest relative distance of a reported quantile from the exact one, which lies in the same
    /// bin: the width of a bin.
    pub const RELATIVE_ERROR: f64 = 1.0 / (1 << MANTISSA_BITS) as f64;

    /// Records one value (>= 0, finite).
    #[inline]
    pub fn record(&mut self, x: f64) {
        self.total += 1;
        if x <= 0.0 {
            self.zeros += 1;
            return;
        }
        if self.listed.len() == self.listed.capacity() {
            self.make_room();
        }
        self.listed.push(bin(x));
    }

    /// Records many values. Whether a wait is zero cannot be predicted, so nothing branches on it.
    pub fn extend(&mut self, xs: &[f64]) {
        for part in xs.chunks(LISTED / 8) {
            if self.listed.capacity() - self.listed.len() < part.len() {
                self.make_room();
            }
            let start = self.listed.len();
            self.listed.resize(start + part.len(), 0);
            let mut end = start;
            for &x in part {
                self.listed[end] = bin(x);
                end += usize::from(x > 0.0);
            }
            self.listed.truncate(end);
            self.total += part.len() as u64;
            self.zeros += (part.len() - (end - start)) as u64;
        }
    }

    /// The list is full: it is counted, or started.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        self.count_listed();
        self.listed.reserve_exact(LISTED);
    }

    /// Counts the listed values.
    fn count_listed(&mut self) {
        let mut listed = std::mem::take(&mut self.listed);
        self.count(&listed);
        listed.clear();
        self.listed = listed;
    }

    fn count(&mut self, bins: &[u32]) {
        if bins.is_empty() {
            return;
        }
        let (mut low, mut high) = (u32::MAX, 0);
        for &bin in bins {
            low = low.min(bin);
            high = high.max(bin);
        }
        self.cover(u64::from(low), u64::from(high));
        let first = self.first as usize;
        for &bin in bins {
            self.counts[bin as usize - first] += 1;
        }
    }

    /// The same values, all of them counted.
    fn counted(&self) -> Cow<'_, LogHistogram> {
        if self.listed.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut counted = self.clone();
        counted.count_listed();
        Cow::Owned(counted)
    }

    /// Makes room for bins `low..=high`, with an octave to spare on either side.
    fn cover(&mut self, low: u64, high: u64) {
        let octave = 1 << MANTISSA_BITS;
        if self.counts.is_empty() {
            self.first = low;
        }
        let end = self.first + self.counts.len() as u64;
        if low < self.first || self.counts.is_empty() {
            let start = low.saturating_sub(octave).max(FLOOR).min(low);
            let missing = (self.first - start) as usize;
            self.counts.splice(0..0, std::iter::repeat_n(0, missing));
            self.first = start;
        }
        if high >= end {
            self.counts.resize((high + octave - self.first) as usize + 1, 0);
        }
    }

    /// How many values were recorded.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many of them were exactly zero.
    pub fn zeros(&self) -> u64 {
        self.zeros
    }

    fn lower_edge(bin: u64) -> f64 {
        f64::from_bits(bin << SHIFT)
    }

    /// Smallest x with at least the share `p` of all values at or below it, to within
    /// [`RELATIVE_ERROR`](Self::RELATIVE_ERROR); `None` without values.
    ///
    /// Inside a bin values are taken as evenly spread.
    ///
    /// ```
    /// use lindley::stats::LogHistogram;
    /// let mut h = LogHistogram::default();
    /// for x in 1..=1000 { h.record(f64::from(x)) }
    /// let median = h.quantile(0.5).unwrap();
    /// assert!((median / 500.0 - 1.0).abs() <= LogHistogram::RELATIVE_ERROR);
    /// assert_eq!(LogHistogram::default().quantile(0.5), None);
    /// ```
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if self.total == 0 {
            return None;
        }
        let counted = self.counted();
        let wanted = p * self.total as f64;
        let mut below = self.zeros as f64;
        if wanted <= below {
            return Some(0.0);
        }
        // Whole groups of bins are passed by their sums: most bins lie below the quantile.
        let mut passed = 0;
        let (groups, _) = counted.counts.as_chunks::<64>();
        for group in groups {
            let next = below + group.iter().map(|&count| u64::from(count)).sum::<u64>() as f64;
            if wanted <= next {
                break;
            }
            below = next;
            passed += group.len();
        }
        for (i, &count) in counted.counts.iter().enumerate().skip(passed).filter(|(_, c)| **c > 0) {
            let next = below + f64::from(count);
            if wanted <= next {
                let bin = counted.first + i as u64;
                let (low, high) = (Self::lower_edge(bin), Self::lower_edge(bin + 1));
                return Some(low + (high - low) * (wanted - below) / f64::from(count));
            }
            below = next;
        }
        let last = counted.first + counted.counts.iter().rposition(|&c| c > 0)? as u64;
        Some(Self::lower_edge(last + 1))
    }

    /// Share of values above each of `xs`; `None` without values. Bins are split evenly.
    ///
    /// One pass over the bins, however many points there are.
    ///
    /// ```
    /// use lindley::stats::LogHistogram;
    /// let mut h = LogHistogram::default();
    /// for x in [0.0, 1.0, 2.0, 4.0] { h.record(x) }
    /// assert_eq!(h.survival(&[-1.0, 0.0, 1.5, 3.0, 9.0]), Some(vec![1.0, 0.75, 0.5, 0.25, 0.0]));
    /// ```
    pub fn survival(&self, xs: &[f64]) -> Option<Vec<f64>> {
        let counted = self.counted();
        let counts = &counted.counts;
        // above[i]: values in bin i and higher.
        let mut above = vec![0.0; counts.len() + 1];
        for i in (0..counts.len()).rev() {
            above[i] = above[i + 1] + f64::from(counts[i]);
        }
        let share = |&x: &f64| match x {
            x if x < 0.0 => 1.0,
            0.0 => above[0] / self.total as f64,
            x => counted.count_above(x, &above) / self.total as f64,
        };
        (self.total > 0).then(|| xs.iter().map(share).collect())
    }

    /// How many values lie above x >= 0; the bin of x is split evenly.
    ///
    /// ```
    /// use lindley::stats::LogHistogram;
    /// let mut h = LogHistogram::default();
    /// for x in [0.0, 1.0, 2.0, 4.0] { h.record(x) }
    /// assert_eq!((h.above(0.0), h.above(1.5), h.above(9.0)), (3.0, 2.0, 0.0));
    /// ```
    pub fn above(&self, x: f64) -> f64 {
        let counted = self.counted();
        let bin = x.to_bits() >> SHIFT;
        if x <= 0.0 || bin < counted.first {
            return (self.total - self.zeros) as f64;
        }
        let at = (bin - counted.first) as usize;
        let Some((&count, higher)) = counted.counts.get(at..).and_then(<[u32]>::split_first) else { return 0.0 };
        let (low, high) = (Self::lower_edge(bin), Self::lower_edge(bin + 1));
        let whole: u64 = higher.iter().map(|&count| u64::from(count)).sum();
        whole as f64 + f64::from(count) * (high - x) / (high - low)
    }

    /// How far a quantile read as x may be from the exact one: 0 where its bin holds no more than twice what those beside it do,
    /// so that values are spread over it, else the width of the bin.
    ///
    /// Valid when: a law is smooth over five bins (1 % of x): values taken as evenly spread within a bin are then off by a part
    /// in a million of x, and by a quarter of a bin where a density begins or ends in it.
    ///
    /// ```
    /// use lindley::stats::LogHistogram;
    /// let mut h = LogHistogram::default();
    /// for i in 0..1000 { h.record(1.0 + f64::from(i) / 1000.0) }
    /// assert_eq!(h.error_at(1.5), 0.0);
    /// for _ in 0..50 { h.record(1.5) }
    /// assert_eq!(h.error_at(1.5), 1.0 / 512.0);
    /// ```
    pub fn error_at(&self, x: f64) -> f64 {
        let counted = self.counted();
        let bin = (x.to_bits() >> SHIFT).max(FLOOR);
        let held = |bin: u64| {
            let at = bin.checked_sub(counted.first).and_then(|at| counted.counts.get(at as usize));
            at.map_or(0.0, |&count| f64::from(count))
        };
        let beside = [bin - 2, bin - 1, bin + 1, bin + 2].into_iter().map(held).sum::<f64>() / 4.0;
        let spread = held(bin) <= 2.0 * beside + 4.0 * beside.sqrt();
        if x <= 0.0 || spread { 0.0 } else { Self::lower_edge(bin + 1) - Self::lower_edge(bin) }
    }

    /// Values above x > 0, given the sums from each bin on.
    fn count_above(&self, x: f64, above: &[f64]) -> f64 {
        let bin = x.to_bits() >> SHIFT;
        if bin < self.first {
            return above[0];
        }
        let Some(&count) = self.counts.get((bin - self.first) as usize) else { return 0.0 };
        let (low, high) = (Self::lower_edge(bin), Self::lower_edge(bin + 1));
        above[(bin - self.first) as usize + 1] + f64::from(count) * (high - x) / (high - low)
    }
}

impl Accumulator for LogHistogram {
    /// What is returned is trimmed, what stays keeps its memory.
    fn close(&mut self, _now: f64) -> Self {
        let (zeros, total) = (std::mem::take(&mut self.zeros), std::mem::take(&mut self.total));
        let listed = self.listed.clone();
        self.listed.clear();
        if listed.len() as u64 + zeros == total {
            return LogHistogram { zeros, first: 0, counts: Vec::new(), total, listed };
        }
        let from = self.counts.iter().position(|&c| c > 0).unwrap_or(0);
        let to = self.counts.iter().rposition(|&c| c > 0).map_or(from, |i| i + 1);
        let counts = self.counts[from..to].to_vec();
        self.counts[from..to].fill(0);
        LogHistogram { zeros, first: self.first + from as u64, counts, total, listed }
    }

    fn merge(&mut self, other: &Self) {
        self.zeros += other.zeros;
        self.total += other.total;
        self.count_listed();
        self.count(&other.listed);
        if other.counts.is_empty() {
            return;
        }
        self.cover(other.first, other.first + other.counts.len() as u64 - 1);
        let offset = (other.first - self.first) as usize;
        for (mine, theirs) in self.counts[offset..].iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact_quantile(sorted: &[f64], p: f64) -> f64 {
        sorted[((p * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1]
    }

    proptest! {
        #[test]
        fn quantiles_are_within_the_stated_error(mut values in prop::collection::vec(1e-9f64..1e6, 1..500), p in 0.01f64..0.999) {
            let mut h = LogHistogram::default();
            values.iter().for_each(|&x| h.record(x));
            values.sort_by(f64::total_cmp);
            let exact = exact_quantile(&values, p);
            prop_assert!((h.quantile(p).unwrap() / exact - 1.0).abs() <= LogHistogram::RELATIVE_ERROR + 1e-12);
        }

        #[test]
        fn merging_equals_recording_all(a in prop::collection::vec(0.0f64..1e3, 0..100), b in prop::collection::vec(0.0f64..1e-3, 0..100)) {
            let (mut left, mut right, mut both) = (LogHistogram::default(), LogHistogram::default(), LogHistogram::default());
            a.iter().for_each(|&x| { left.record(x); both.record(x) });
            b.iter().for_each(|&x| { right.record(x); both.record(x) });
            left.merge(&right.close(0.0));
            prop_assert_eq!(right.total(), 0);
            prop_assert_eq!(left.total(), both.total());
            for p in [0.1, 0.5, 0.9, 0.99] {
                prop_assert_eq!(left.quantile(p), both.quantile(p));
            }
        }
    }

    #[test]
    fn many_at_once_are_as_one_by_one() {
        let values: Vec<f64> = (0..20_000).map(|i| f64::from(i * 7919 % 101 / 3) * 1e-3).collect();
        let (mut one_by_one, mut together) = (LogHistogram::default(), LogHistogram::default());
        values.iter().for_each(|&x| one_by_one.record(x));
        values.chunks(777).for_each(|part| together.extend(part));
        assert_eq!(together, one_by_one);
        assert_eq!(together.close(0.0), one_by_one);
        assert_eq!((together.total(), together.quantile(0.5)), (0, None));
    }

    #[test]
    fn zeros_are_an_atom() {
        let mut h = LogHistogram::default();
        [0.0, 0.0, 0.0, 5.0].into_iter().for_each(|x| h.record(x));
        assert_eq!(h.quantile(0.75), Some(0.0));
        assert!(h.quantile(0.76).unwrap() >= 5.0 * (1.0 - LogHistogram::RELATIVE_ERROR));
        assert_eq!(h.survival(&[0.0]), Some(vec![0.25]));
    }

    #[test]
    fn tiny_and_huge_values_are_kept() {
        let mut h = LogHistogram::default();
        [1e-300, 1e-12, 1.0, 1e15].into_iter().for_each(|x| h.record(x));
        assert_eq!(h.total(), 4);
        assert!((h.quantile(1.0).unwrap() / 1e15 - 1.0).abs() < 0.01);
    }
}
