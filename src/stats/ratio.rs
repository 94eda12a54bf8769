//! Steady-state ratios from dependent data: sums over blocks of time, and how far their ratio may be off.
//!
//! A mean wait is a sum of waits over a number of messages, a mean queue length an area over a time, a share a count over
//! a count. All are ratios of two sums, and are estimated once from all blocks of all replications: a ratio of sums has
//! a bias of the order of one over the whole run, an average of ratios one over a single replication.

use super::interval::{Interval, student_quantile};
use statrs::distribution::{ContinuousCDF, Normal};
use std::f64::consts::PI;

/// Coefficients of the cosine transform whose mean square estimates the spectrum at 0.
const COSINES: usize = 16;

/// Largest autocorrelation of neighbouring blocks that is corrected for.
const MOST_CORRELATED: f64 = 0.95;

/// Dispersions in a run from which the sharper estimate of the variance is right.
pub(super) const LONG_RUN: f64 = 2000.0;

/// Independent events below which their own variance does not tell how they cluster.
const FEW_CLUSTERS: f64 = 5.0;

/// z with P(|N| <= z) = level.
pub(super) fn normal_quantile(level: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + level / 2.0)
}

/// By how much a rate of K independent events may be off: the z-quantile of a gamma variate of shape and rate K.
///
/// Formula: (1 - 1/(9 K) + z/(3 sqrt K))^3, at least 0 (Wilson, Hilferty 1931).
pub(super) fn gamma_factor(clusters: f64, z: f64) -> f64 {
    (1.0 - 1.0 / (9.0 * clusters) + z / (3.0 * clusters.sqrt())).max(0.0).powi(3)
}

/// By how much a variance is estimated too low in a run of so many dispersions.
pub(super) fn short_run(length: f64) -> f64 {
    1.0 + (120.0 / length).powi(2)
}

/// What one block of time adds to the two sums.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BlockSums {
    /// To the numerator.
    pub sum: f64,
    /// To the denominator.
    pub weight: f64,
}

/// Blocks of several replications, in order of time within each.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocks {
    parts: Vec<BlockSums>,
    /// Where each replication ends among the parts.
    ends: Vec<usize>,
}

/// Which estimate of the variance is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VarianceBy {
    /// Autoregression of neighbouring blocks: sharp, and right for long runs.
    Autoregression,
    /// The larger of that and of the cosine transform: for runs that may be short.
    Larger,
}

/// Variance of a ratio, with the degrees of freedom behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Variance {
    /// Variance of the ratio.
    pub value: f64,
    /// Degrees of freedom.
    pub df: f64,
}

impl Blocks {
    /// Blocks by replication.
    pub fn new(replications: impl IntoIterator<Item = Vec<BlockSums>>) -> Blocks {
        let mut blocks = Blocks { parts: Vec::new(), ends: Vec::new() };
        for replication in replications {
            blocks.parts.extend(replication);
            blocks.ends.push(blocks.parts.len());
        }
        blocks
    }

    /// Whether each replication is a single block.
    fn are_independent(&self) -> bool {
        self.ends.len() == self.parts.len()
    }

    /// Sum of the numerators over that of the denominators; `None` where that is 0.
    ///
    /// ```
    /// use lindley::stats::{Blocks, BlockSums};
    /// let blocks = Blocks::new([vec![BlockSums { sum: 1.0, weight: 1.0 }], vec![BlockSums { sum: 2.0, weight: 3.0 }]]);
    /// assert_eq!(blocks.ratio(), Some(0.75)); // not (1 + 2/3) / 2
    /// ```
    pub fn ratio(&self) -> Option<f64> {
        let weight = self.weight();
        (weight > 0.0).then(|| self.parts.iter().map(|part| part.sum).sum::<f64>() / weight)
    }

    /// The ratio with its interval; `length` is how many dispersions long the run is, infinite where that is of no matter.
    ///
    /// The variance of a run of n = `length` dispersions is multiplied by 1 + (120/n)^2: in short runs it is estimated too
    /// low, because the largest clusters have not come yet. Replications that are one block each are independent: nothing is
    /// added. Coverage: docs/how-lindley-knows.md.
    pub fn mean(&self, level: f64, length: f64) -> Option<Interval> {
        let value = self.ratio()?;
        let by = if length >= LONG_RUN { VarianceBy::Autoregression } else { VarianceBy::Larger };
        let inflation = if self.are_independent() { 1.0 } else { short_run(length) };
        let ends = Residuals::of(self).map(|z| z.ends(level, by, inflation));
        Some(Interval { value, low: ends.map(|e| value + e.0), high: ends.map(|e| value + e.1) })
    }

    /// The ratio as a share, with an interval within \[0, 1\]; `dispersion` is how many make one independent one at least
    /// where fewer than five independent ones were seen, or none.
    ///
    /// Formula: of K independent events the rate is that of a gamma variate of shape K (see `gamma_factor`); of none it is
    /// below -ln((1 - level)/2) dispersion/n.
    pub fn share(&self, level: f64, dispersion: f64) -> Option<Interval> {
        let (value, n) = (self.ratio()?, self.weight());
        let Some(residuals) = Residuals::of(self) else { return Some(Interval { value, low: None, high: None }) };
        let rare = value.min(1.0 - value).max(0.0);
        let [low, high] = if rare == 0.0 {
            [0.0, -(0.5 - level / 2.0).ln() * dispersion / n]
        } else {
            let variance = residuals.variance(VarianceBy::Larger);
            let own = n * variance.value / rare;
            let z = normal_quantile(level);
            let freedom = (student_quantile(level, variance.df) / z).powi(2);
            let count = |dispersion: f64| rare * n / dispersion / freedom;
            let clusters = if count(own) < FEW_CLUSTERS { count(own.max(dispersion)) } else { count(own) };
            [-z, z].map(|z| rare * gamma_factor(clusters, z))
        };
        let high = high.min(1.0);
        let (low, high) = if value <= 0.5 { (low, high) } else { (1.0 - high, 1.0 - low) };
        Some(Interval { value, low: Some(low), high: Some(high) })
    }

    /// Independent observations of the ratio: its square over its variance; `None` with fewer than two blocks.
    pub fn independent(&self) -> Option<f64> {
        let variance = Residuals::of(self)?.variance(VarianceBy::Larger).value;
        self.ratio().map(|ratio| if variance > 0.0 { ratio * ratio / variance } else { f64::INFINITY })
    }

    /// The sums of each replication.
    pub fn by_replication(&self) -> Vec<BlockSums> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let whole = |(&start, &end): (&usize, &usize)| {
            let add = |all: BlockSums, part: &BlockSums| BlockSums {
                sum: all.sum + part.sum,
                weight: all.weight + part.weight,
            };
            self.parts[start..end].iter().fold(BlockSums::default(), add)
        };
        starts.zip(&self.ends).map(whole).collect()
    }

    /// Of each replication what the ratio would be by it, counted by its weight: their mean is the ratio of all.
    ///
    /// Formula: r + (sum_k - r weight_k)/mean weight (see `Residuals`).
    ///
    /// ```
    /// use lindley::stats::{Blocks, BlockSums};
    /// let blocks = Blocks::new([vec![BlockSums { sum: 1.0, weight: 1.0 }], vec![BlockSums { sum: 2.0, weight: 3.0 }]]);
    /// assert_eq!(blocks.pseudo_values(), [0.75 + 0.125, 0.75 - 0.125]);
    /// ```
    pub fn pseudo_values(&self) -> Vec<f64> {
        let Some(ratio) = self.ratio() else { return Vec::new() };
        let mean_weight = self.weight() / self.ends.len() as f64;
        self.by_replication().iter().map(|of| ratio + (of.sum - ratio * of.weight) / mean_weight).collect()
    }

    /// Sum of the denominators.
    pub fn weight(&self) -> f64 {
        self.parts.iter().map(|part| part.weight).sum()
    }
}

/// What is left of each block when the ratio is taken off, and how it varies.
///
/// Formula: z_k = (sum_k - r weight_k)/mean weight, whose mean has the variance of r to first order (Law, Simulation
/// Modeling and Analysis, 5th ed., sec. 9.5.3). Var = s^2/B (1 + phi)/(1 - phi), phi the correlation of neighbours
/// within a replication plus 1/B for its bias; or the mean square of the first cosine coefficients of z / B, which
/// assumes no model of the dependence (Heidelberger, Welch 1981; Lazarus, Lewis, Stock 2018).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Residuals {
    z: Vec<f64>,
    /// Correlation of neighbouring blocks, corrected for its bias.
    pub phi: f64,
    /// Whether each block is a replication of its own.
    pub independent: bool,
    /// Degrees of freedom that coefficients took.
    taken: usize,
}

impl Residuals {
    /// Of a ratio over blocks; `None` with fewer than two blocks or no weight.
    pub(super) fn of(blocks: &Blocks) -> Option<Residuals> {
        let (ratio, n) = (blocks.ratio()?, blocks.parts.len());
        let mean_weight = blocks.weight() / n as f64;
        let z: Vec<f64> = blocks.parts.iter().map(|part| (part.sum - ratio * part.weight) / mean_weight).collect();
        let phi = correlation(&z, blocks);
        (n > 1).then_some(Residuals { z, phi, independent: blocks.are_independent(), taken: 0 })
    }

    /// What a regression with so many coefficients leaves of them.
    pub(super) fn less(&self, blocks: &Blocks, z: Vec<f64>, taken: usize) -> Residuals {
        Residuals { phi: correlation(&z, blocks), z, independent: self.independent, taken }
    }

    /// One by one.
    pub(super) fn values(&self) -> &[f64] {
        &self.z
    }

    fn n(&self) -> f64 {
        self.z.len() as f64
    }

    fn sum_of_squares(&self) -> f64 {
        self.z.iter().map(|z| z * z).sum()
    }

    /// Variance of the ratio.
    pub(super) fn variance(&self, by: VarianceBy) -> Variance {
        let n = self.n();
        let autoregression = self.sum_of_squares() / ((n - 1.0) * n) * (1.0 + self.phi) / (1.0 - self.phi);
        let cosines = (self.z.len() / 3).clamp(1, COSINES);
        match by {
            VarianceBy::Larger if !self.independent => {
                Variance { value: autoregression.max(self.spectrum(cosines)), df: cosines as f64 }
            }
            _ => Variance { value: autoregression, df: n - 1.0 - self.taken as f64 },
        }
    }

    /// Mean square of the first cosine coefficients, over the number of blocks.
    fn spectrum(&self, cosines: usize) -> f64 {
        let n = self.n();
        let coefficient = |j: usize| {
            let angle = PI * j as f64 / n;
            let cosine = self.z.iter().enumerate().map(|(k, z)| z * (angle * (k as f64 + 0.5)).cos()).sum::<f64>();
            cosine * (2.0 / n).sqrt()
        };
        (1..=cosines).map(|j| coefficient(j).powi(2)).sum::<f64>() / (cosines as f64 * n)
    }

    /// Ends of the interval about 0 of a studentised mean, corrected for skewness: Student's are -t and t.
    ///
    /// Formula: G(r) = (cbrt(1 + 6 b (r - b)) - 1)/(2 b), b = skewness/(6 sqrt(B (1 - phi)/(1 + phi))); the interval is
    /// \[-G(t), -G(-t)\] standard errors about the mean (Willink 2005; Tafazzoli, Wilson 2011).
    fn skewed_ends(&self, t: f64) -> (f64, f64) {
        let independent = self.n() * (1.0 - self.phi) / (1.0 + self.phi);
        let second = self.sum_of_squares() / self.n();
        let third = self.z.iter().map(|z| z.powi(3)).sum::<f64>() / self.n();
        let b = third / second.powf(1.5) / (6.0 * independent.sqrt());
        if b.is_nan() || b.abs() <= 1e-9 {
            return (-t, t);
        }
        let g = |r: f64| ((1.0 + 6.0 * b * (r - b)).cbrt() - 1.0) / (2.0 * b);
        (-g(t), -g(-t))
    }

    /// Distances of the ends of an interval from the ratio, the lower one negative; `inflation` multiplies the variance.
    pub(super) fn ends(&self, level: f64, by: VarianceBy, inflation: f64) -> (f64, f64) {
        let Variance { value, df } = self.variance(by);
        let error = (value * inflation).sqrt();
        let (low, high) = self.skewed_ends(student_quantile(level, df));
        (low * error, high * error)
    }
}

/// Correlation of neighbours, corrected for its bias.
fn correlation(z: &[f64], blocks: &Blocks) -> f64 {
    neighbours(z, &blocks.ends).map_or(0.0, |phi| (phi + 1.0 / z.len() as f64).clamp(0.0, MOST_CORRELATED))
}

/// Correlation of neighbours, pairs taken within replications only; `None` without a pair.
fn neighbours(z: &[f64], ends: &[usize]) -> Option<f64> {
    let square = z.iter().map(|z| z * z).sum::<f64>() / z.len() as f64;
    let (mut products, mut pairs, mut start) = (0.0, 0, 0);
    for &end in ends {
        products += z[start..end].windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>();
        pairs += (end - start).saturating_sub(1);
        start = end;
    }
    (pairs > 0).then(|| if square == 0.0 { 0.0 } else { products / pairs as f64 / square })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::student;
    use rand::{RngExt, SeedableRng};
    use rand_distr::{Distribution, Exp1, StandardNormal};
    use rand_xoshiro::Xoshiro256PlusPlus;

    fn parts(values: &[f64]) -> Vec<BlockSums> {
        values.iter().map(|&sum| BlockSums { sum, weight: 1.0 }).collect()
    }

    #[test]
    fn single_blocks_that_are_symmetric_have_students_interval() {
        let values = [9.0, 11.0, 10.0, 7.0, 13.0];
        let residuals = Residuals::of(&Blocks::new(values.map(|x| parts(&[x])))).unwrap();
        let half = student(&values, 0.95).unwrap().half_width.unwrap();
        let (low, high) = residuals.ends(0.95, VarianceBy::Larger, 1.0);
        assert!((high - half).abs() < 1e-12 && (low + half).abs() < 1e-12, "{low} {high} {half}");
        assert!(Residuals::of(&Blocks::new([parts(&[9.0])])).is_none());
    }

    #[test]
    fn what_never_varies_has_no_width() {
        let blocks = Blocks::new([parts(&[3.0; 12]), parts(&[3.0; 12])]);
        let ends = Residuals::of(&blocks).unwrap().ends(0.95, VarianceBy::Larger, 1.0);
        assert_eq!((blocks.ratio(), ends), (Some(3.0), (0.0, 0.0)));
    }

    /// Share of 2000 runs of 60 blocks whose interval covers 0, and of plain Student intervals of the blocks.
    fn covered(draw: impl Fn(&mut Xoshiro256PlusPlus, f64) -> f64) -> (f64, f64) {
        let mut hits = (0, 0);
        for seed in 0..2000 {
            let stream = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
            let mut x = draw(stream, 0.0);
            let values: Vec<f64> = (0..60)
                .map(|_| {
                    x = draw(stream, x);
                    x
                })
                .collect();
            let blocks = Blocks::new([parts(&values)]);
            let (mean, ends) = (blocks.ratio().unwrap(), Residuals::of(&blocks).unwrap());
            let (low, high) = ends.ends(0.95, VarianceBy::Autoregression, 1.0);
            hits.0 += usize::from(mean + low <= 0.0 && 0.0 <= mean + high);
            let half = student(&values, 0.95).unwrap().half_width.unwrap();
            hits.1 += usize::from(mean.abs() <= half);
        }
        (hits.0 as f64 / 2000.0, hits.1 as f64 / 2000.0)
    }

    /// Binomial error of 2000 runs: 0.5 points. The power twin is Student's interval, which knows of no dependence.
    #[test]
    fn neighbours_that_depend_are_seen() {
        let (own, student) = covered(|stream, x| {
            let noise: f64 = StandardNormal.sample(stream);
            0.5 * x + noise
        });
        assert!((0.92..0.965).contains(&own), "{own}");
        assert!(student < 0.80, "{student}");
    }

    /// Blocks as skewed as an exponential cubed: Student's interval misses above.
    #[test]
    fn skewness_is_corrected() {
        let (own, student) = covered(|stream, _| {
            let time: f64 = Exp1.sample(stream);
            time.powi(3) - 6.0
        });
        assert!(own > student + 0.01, "{own} {student}");
    }

    /// Rare independent events: 12 are expected in all, in 60 blocks of 100.
    #[test]
    fn intervals_of_rare_shares_cover() {
        let (p, mut hits) = (0.002, (0, 0));
        for seed in 0..2000 {
            let stream = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
            let mut count = || (0..100).filter(|_| stream.random::<f64>() < p).count() as f64;
            let values: Vec<f64> = (0..60).map(|_| count()).collect();
            let blocks = values.iter().map(|&sum| BlockSums { sum, weight: 100.0 }).collect();
            let found = Blocks::new([blocks]).share(0.95, 1.0).unwrap();
            assert!(found.low >= Some(0.0) && found.high <= Some(1.0));
            hits.0 += usize::from(found.low.unwrap() <= p && p <= found.high.unwrap());
            // Power twin: twice the share.
            hits.1 += usize::from(found.low.unwrap() <= 2.0 * p && 2.0 * p <= found.high.unwrap());
        }
        assert!((1_860..1_970).contains(&hits.0) && hits.1 < 900, "{hits:?}");
    }

    #[test]
    fn what_was_not_seen_may_happen_all_the_same() {
        let blocks = |sum: f64| Blocks::new([vec![BlockSums { sum, weight: 100.0 }; 60]]);
        // None of 6,000: below -ln(0.025)/6,000 at 95 %, ten times that where ten make one independent one.
        let found = blocks(0.0).share(0.95, 1.0).unwrap();
        assert!((found.high.unwrap() - 6.148e-4).abs() < 1e-6 && found.low == Some(0.0));
        assert!((blocks(0.0).share(0.95, 10.0).unwrap().high.unwrap() - 6.148e-3).abs() < 1e-5);
        let all = blocks(100.0).share(0.95, 1.0).unwrap();
        assert!((all.low.unwrap() - (1.0 - 6.148e-4)).abs() < 1e-6 && all.high == Some(1.0));
    }
}
