//! Laws read off measurements: resampling of recorded values, and histograms. Know the
//! records, assume nothing about what made them.

use super::{DistError, Law, check};
use rand::{Rng, RngExt};
use std::sync::Arc;

/// Each recorded value with probability 1/n.
///
/// Formula: P(X <= x) = #(values <= x) / n; moments are the plain averages (divisor n).
/// Reference: Law (2015), 6.2.4.
#[derive(Debug, Clone)]
pub struct Empirical {
    sorted: Arc<[f64]>,
    mean: f64,
    scv: f64,
}

impl Empirical {
    /// By the recorded `values`: at least one, each finite and >= 0, in any order.
    pub fn new(values: &[f64]) -> Result<Empirical, DistError> {
        check::within("number of values", values.len() as f64, !values.is_empty(), ">= 1")?;
        for &value in values {
            check::nonnegative("values", value)?;
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as f64;
        let mean = sorted.iter().sum::<f64>() / n;
        let variance = sorted.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let scv = if variance > 0.0 { variance / (mean * mean) } else { 0.0 };
        Ok(Empirical { sorted: sorted.into(), mean, scv })
    }

    /// Mean of a function of the value.
    pub fn average(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.sorted.iter().map(|x| of(*x)).sum::<f64>() / self.sorted.len() as f64
    }

    /// The records in ascending order.
    pub fn values(&self) -> &[f64] {
        &self.sorted
    }
}

impl Law for Empirical {
    const NAME: &str = "empirical";

    fn mean(&self) -> f64 {
        self.mean
    }

    fn scv(&self) -> f64 {
        self.scv
    }

    fn third_moment(&self) -> f64 {
        self.average(|x| x.powi(3))
    }

    fn cdf(&self, x: f64) -> f64 {
        self.sorted.partition_point(|&value| value <= x) as f64 / self.sorted.len() as f64
    }

    fn quantile(&self, p: f64) -> f64 {
        // Smallest index whose cdf reaches p; the quotient is rounded exactly as in `cdf`.
        let n = self.sorted.len();
        let mut rank = ((p * n as f64).ceil() as usize).clamp(1, n);
        while rank > 1 && (rank - 1) as f64 / n as f64 >= p {
            rank -= 1;
        }
        self.sorted[rank - 1]
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.sorted[rng.random_range(0..self.sorted.len())]
    }
}

/// Piecewise uniform law from counts per bin.
///
/// Formula: P(X <= x) is linear inside a bin and grows over it by count / total; with a bin's
/// ends l, h, E\[X\] = (l+h)/2, E\[X^3\] = (l+h)(l^2+h^2)/4 weighted by its share.
/// Reference: Law (2015), 6.2.4.
#[derive(Debug, Clone)]
pub struct Histogram {
    edges: Box<[f64]>,
    /// P(X <= edge), one per edge.
    reached: Box<[f64]>,
}

impl Histogram {
    /// By ascending bin `edges` (>= 0) and one count fewer (each >= 0, some > 0).
    pub fn new(edges: &[f64], counts: &[f64]) -> Result<Histogram, DistError> {
        check::same_length("edges", edges.len(), "counts, plus one,", counts.len() + 1)?;
        check::within("number of counts", counts.len() as f64, !counts.is_empty(), ">= 1")?;
        check::nonnegative("edges", edges[0])?;
        for pair in edges.windows(2) {
            check::above("edges", pair[1], "edge before it", pair[0])?;
        }
        let shares = check::weights("counts", counts)?;
        let mut reached = vec![0.0];
        reached.extend_from_slice(&super::solve::cumulative(&shares));
        Ok(Histogram { edges: edges.into(), reached: reached.into() })
    }

    /// (low, high, share) of each bin.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        let shares = self.reached.windows(2).map(|r| r[1] - r[0]);
        self.edges.windows(2).zip(shares).map(|(e, share)| (e[0], e[1], share))
    }
}

impl Law for Histogram {
    const NAME: &str = "histogram";

    fn mean(&self) -> f64 {
        self.bins().map(|(l, h, share)| share * 0.5 * (l + h)).sum()
    }

    fn scv(&self) -> f64 {
        let mean = self.mean();
        let spread = |l: f64, h: f64| (0.5 * (l + h) - mean).powi(2) + (h - l).powi(2) / 12.0;
        self.bins().map(|(l, h, share)| share * spread(l, h)).sum::<f64>() / (mean * mean)
    }

    fn third_moment(&self) -> f64 {
        self.bins().map(|(l, h, share)| share * 0.25 * (l + h) * (l * l + h * h)).sum()
    }

    fn cdf(&self, x: f64) -> f64 {
        let above = self.edges.partition_point(|&edge| edge <= x);
        if above == 0 {
            return 0.0;
        } else if above == self.edges.len() {
            return 1.0;
        }
        let (low, high) = (self.edges[above - 1], self.edges[above]);
        let (before, after) = (self.reached[above - 1], self.reached[above]);
        before + (after - before) * (x - low) / (high - low)
    }

    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        if p <= 0.0 {
            let empty = self.reached.iter().take_while(|&&r| r == 0.0).count();
            return self.edges[empty - 1];
        }
        let above = self.reached.partition_point(|&r| r < p).clamp(1, self.edges.len() - 1);
        let (before, after) = (self.reached[above - 1], self.reached[above]);
        let inside = ((p - before) / (after - before)).clamp(0.0, 1.0);
        self.edges[above - 1] + inside * (self.edges[above] - self.edges[above - 1])
    }

    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        // 1 - U is in (0, 1]: a draw of 0 must not land in an empty first bin.
        self.quantile(1.0 - rng.random::<f64>())
    }
}
