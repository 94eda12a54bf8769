//! What a histogram tells: quantiles, shares above levels, and how far these may be off.

use super::{LogHistogram, SHIFT};

impl LogHistogram {
    /// The bin of x > 0, and its edges.
    fn bin_of(&self, x: f64) -> (u64, f64, f64) {
        let bin = (x.to_bits() >> SHIFT) >> self.dropped;
        (bin, self.lower_edge(bin), self.lower_edge(bin + 1))
    }

    fn lower_edge(&self, bin: u64) -> f64 {
        f64::from_bits((bin << self.dropped) << SHIFT)
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
                let (low, high) = (self.lower_edge(bin), self.lower_edge(bin + 1));
                return Some(low + (high - low) * (wanted - below) / f64::from(count));
            }
            below = next;
        }
        let last = counted.first + counted.counts.iter().rposition(|&c| c > 0)? as u64;
        Some(self.lower_edge(last + 1))
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
        if x <= 0.0 {
            return (self.total - self.zeros) as f64;
        }
        let (bin, low, high) = self.bin_of(x);
        let (here, higher) = self.at_and_above(bin);
        higher as f64 + here as f64 * (high - x) / (high - low)
    }

    /// How many values lie in a bin, and in those above it.
    fn at_and_above(&self, bin: u64) -> (u64, u64) {
        let mut found = (0, 0);
        for &listed in &self.listed {
            let listed = u64::from(listed >> self.dropped);
            found.0 += u64::from(listed == bin);
            found.1 += u64::from(listed > bin);
        }
        let sum = |counts: &[u32]| counts.iter().map(|&count| u64::from(count)).sum::<u64>();
        match bin.checked_sub(self.first).map(|at| self.counts.get(at as usize..).unwrap_or_default()) {
            Some([here, higher @ ..]) => (found.0 + u64::from(*here), found.1 + sum(higher)),
            Some([]) => found,
            None => (found.0, found.1 + sum(&self.counts)),
        }
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
        let (bin, low, high) = self.bin_of(x.max(f64::MIN_POSITIVE));
        let held = |bin: u64| {
            let at = bin.checked_sub(counted.first).and_then(|at| counted.counts.get(at as usize));
            at.map_or(0.0, |&count| f64::from(count))
        };
        let beside = [bin - 2, bin - 1, bin + 1, bin + 2].into_iter().map(held).sum::<f64>() / 4.0;
        let spread = held(bin) <= 2.0 * beside + 4.0 * beside.sqrt();
        if x <= 0.0 || spread { 0.0 } else { high - low }
    }

    /// Values above x > 0, given the sums from each bin on.
    fn count_above(&self, x: f64, above: &[f64]) -> f64 {
        let (bin, low, high) = self.bin_of(x);
        if bin < self.first {
            return above[0];
        }
        let Some(&count) = self.counts.get((bin - self.first) as usize) else { return 0.0 };
        above[(bin - self.first) as usize + 1] + f64::from(count) * (high - x) / (high - low)
    }
}
