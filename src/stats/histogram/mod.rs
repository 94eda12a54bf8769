//! Quantiles of a stream of times in constant memory: a histogram whose bins are cut by
//! the leading bits of the floating-point number, so that recording is a shift and an add.
//!
//! With 9 mantissa bits a bin is at most 1/512 of its value wide, so a quantile read from it is
//! within 0.2 % of the exact one: [`LogHistogram::RELATIVE_ERROR`]. Histograms merge by adding.

mod read;

use super::Accumulator;
use std::borrow::Cow;

const MANTISSA_BITS: u32 = 9;
const SHIFT: u32 = 52 - MANTISSA_BITS;
/// Everything below 2^-60 s is counted as exactly that: nothing real is shorter.
const FLOOR: u64 = (1023 - 60) << MANTISSA_BITS;

/// Values whose bins are only listed. A batch of a run has few values and thousands of bins: listing
/// costs four bytes a value, and emptying, copying and adding need not look at every bin.
const LISTED: usize = 4_096;

/// Values up to which a sum of lists stays a list: shorter than the bins of ten octaves are long.
const SHORT: usize = 1_024;

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
    /// Bins of values that are not in `counts` yet, as fine as can be.
    listed: Vec<u32>,
    /// Bits of a bin that are dropped in `counts`: that many times two bins are one.
    dropped: u8,
}

impl PartialEq for LogHistogram {
    /// Whether they hold the same values, bin by bin.
    fn eq(&self, other: &Self) -> bool {
        let held = |h: &LogHistogram| {
            let h = h.counted();
            let bins = h.counts.iter().enumerate().filter(|(_, count)| **count > 0);
            bins.map(|(i, &count)| (h.first + i as u64, count)).collect::<Vec<_>>()
        };
        let whole = |h: &LogHistogram| (h.zeros, h.total, h.dropped);
        whole(self) == whole(other) && held(self) == held(other)
    }
}

impl LogHistogram {
    /// Largest relative distance of a reported quantile from the exact one, which lies in the same
    /// bin: the width of a bin.
    pub const RELATIVE_ERROR: f64 = 1.0 / (1 << MANTISSA_BITS) as f64;

    /// A histogram whose bins are 2^`dropped` times as wide, where memory is short.
    ///
    /// ```
    /// use lindley::stats::LogHistogram;
    /// let mut coarse = LogHistogram::coarse(3);
    /// for x in 1..=5000 { coarse.record(f64::from(x)) }
    /// let median = coarse.quantile(0.5).unwrap();
    /// assert!((median / 2500.0 - 1.0).abs() <= coarse.relative_error() && coarse.relative_error() == 8.0 / 512.0);
    /// ```
    pub fn coarse(dropped: u8) -> LogHistogram {
        LogHistogram { dropped, ..LogHistogram::default() }
    }

    /// Largest relative distance of a quantile of this histogram from the exact one.
    pub fn relative_error(&self) -> f64 {
        Self::RELATIVE_ERROR * f64::from(1_u32 << self.dropped)
    }

    /// Records one value (>= 0, finite).
    #[inline]
    pub fn record(&mut self, x: f64) {
        self.total += 1;
        if x <= 0.0 {
            self.zeros += 1;
            return;
        }
        if self.listed.len() == self.listed.capacity() {
            self.make_room(1);
        }
        self.listed.push(bin(x));
    }

    /// Records many values. Whether a wait is zero cannot be predicted, so nothing branches on it.
    pub fn extend(&mut self, xs: &[f64]) {
        for part in xs.chunks(LISTED / 8) {
            if self.listed.capacity() - self.listed.len() < part.len() {
                self.make_room(part.len());
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

    /// The list has no room for so many more: it grows, or is counted. It is as long as what comes between two batches, so
    /// that thousands of queues with few messages each cost little.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, wanted: usize) {
        let (length, capacity) = (self.listed.len(), self.listed.capacity());
        if capacity < LISTED && length + wanted <= LISTED {
            let grown = (2 * capacity).clamp(64, LISTED).max(length + wanted);
            self.listed.reserve_exact(grown - length);
        } else {
            self.count_listed();
            self.listed.reserve_exact(LISTED);
        }
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
        let dropped = self.dropped;
        self.cover(u64::from(low >> dropped), u64::from(high >> dropped));
        let first = self.first as usize;
        for &bin in bins {
            self.counts[(bin >> dropped) as usize - first] += 1;
        }
    }

    /// Drops as many bits of the bins, if fewer are.
    fn drop_to(&mut self, dropped: u8) {
        if dropped <= self.dropped {
            return;
        }
        let (more, first, fine) = (dropped - self.dropped, self.first, std::mem::take(&mut self.counts));
        self.dropped = dropped;
        if fine.is_empty() {
            return;
        }
        self.cover(first >> more, (first + fine.len() as u64 - 1) >> more);
        for (bin, count) in (first..).zip(fine) {
            self.counts[((bin >> more) - self.first) as usize] += count;
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
        let octave = (1 << MANTISSA_BITS) >> self.dropped;
        if self.counts.is_empty() {
            self.first = low;
        }
        let end = self.first + self.counts.len() as u64;
        if low < self.first || self.counts.is_empty() {
            let start = low.saturating_sub(octave).max(FLOOR >> self.dropped).min(low);
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
}

impl Accumulator for LogHistogram {
    /// What is returned is trimmed, what stays keeps its memory.
    fn close(&mut self, _now: f64) -> Self {
        let (zeros, total) = (std::mem::take(&mut self.zeros), std::mem::take(&mut self.total));
        let listed = self.listed.clone();
        self.listed.clear();
        if listed.len() as u64 + zeros == total {
            return LogHistogram { zeros, first: 0, counts: Vec::new(), total, listed, dropped: self.dropped };
        }
        let from = self.counts.iter().position(|&c| c > 0).unwrap_or(0);
        let to = self.counts.iter().rposition(|&c| c > 0).map_or(from, |i| i + 1);
        let counts = self.counts[from..to].to_vec();
        self.counts[from..to].fill(0);
        LogHistogram { zeros, first: self.first + from as u64, counts, total, listed, dropped: self.dropped }
    }

    /// The sum is as coarse as the coarser one.
    fn merge(&mut self, other: &Self) {
        self.drop_to(other.dropped);
        self.zeros += other.zeros;
        self.total += other.total;
        let short = self.listed.len() + other.listed.len() <= SHORT;
        if short && self.counts.is_empty() && other.counts.is_empty() {
            self.listed.extend(&other.listed);
            return;
        }
        self.count_listed();
        self.count(&other.listed);
        if other.counts.is_empty() {
            return;
        }
        let more = self.dropped - other.dropped;
        self.cover(other.first >> more, (other.first + other.counts.len() as u64 - 1) >> more);
        if more == 0 {
            let offset = (other.first - self.first) as usize;
            for (mine, theirs) in self.counts[offset..].iter_mut().zip(&other.counts) {
                *mine += theirs;
            }
            return;
        }
        for (bin, theirs) in (other.first..).zip(&other.counts) {
            self.counts[((bin >> more) - self.first) as usize] += theirs;
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
        fn coarse_bins_err_by_as_much_as_they_say(mut values in prop::collection::vec(1e-9f64..1e6, 1..3000), p in 0.01f64..0.999, dropped in 0u8..7) {
            let mut h = LogHistogram::coarse(dropped);
            values.iter().for_each(|&x| h.record(x));
            let mut fine = LogHistogram::default();
            values.iter().for_each(|&x| fine.record(x));
            fine.merge(&LogHistogram::coarse(dropped));
            values.sort_by(f64::total_cmp);
            let exact = exact_quantile(&values, p);
            prop_assert!((h.quantile(p).unwrap() / exact - 1.0).abs() <= h.relative_error() + 1e-12);
            prop_assert!(h == fine && (h.above(exact) - fine.above(exact)).abs() < 1e-9);
            prop_assert!((h.above(exact) / values.len() as f64 - h.survival(&[exact]).unwrap()[0]).abs() < 1e-12);
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
