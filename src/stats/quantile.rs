//! Quantiles of times in steady state from dependent data: one pooled value, and an interval by the number of
//! independent clusters of times beyond it.
//!
//! Times beyond a high level come in clusters: one busy period has hundreds of them or none. What counts is the number
//! of clusters K, not that of times. The dispersion D says how many times make one: it is measured by the variance of the
//! share beyond a level over blocks of the run. It is nearly the same from p95 on where tails are light, so that p95, which
//! has data, says how far p99 and p99.9 may be off.

use super::interval::{Interval, student_quantile};
use super::ratio::{
    BlockSums, Blocks, LONG_RUN, Residuals, Variance, VarianceBy, gamma_factor, normal_quantile, short_run,
};
use super::{Accumulator, LogHistogram};
use std::cell::OnceCell;

/// The level at which the dispersion is measured for itself and all higher ones.
pub(crate) const MEASURED_AT: f64 = 0.95;

/// What the dispersion up to p99 is taken to be at least, as a multiple of the measured one. In a run of 40 million messages that
/// of M/M/1 at 0.9 grew by 14 % from p95 to p99, that of lognormal service by 19 %, that of M/M/8 at 0.9 by 18 %, and by 45 % up to
/// p99.5, to which the interval of p99 may reach: there a sojourn is more and more wait and less service.
const BEYOND: f64 = 1.5;

/// The same beyond p99, times how much it grows from p95 to p99: that growth itself tells, and leaves less to be assumed.
const FURTHER: f64 = 1.2;

/// Clusters from which a level's own dispersion is trusted.
const ENOUGH_CLUSTERS: f64 = 30.0;

/// Clusters below which nothing bounds a quantile from above.
const FEWEST_CLUSTERS: f64 = 2.0;

/// Independent times about the median that a number takes.
///
/// Where runs are a little too short, those that seem long enough are the ones whose large clusters have not come yet: of a
/// thousand runs of M/M/1 at 0.99 with 20,000 messages 63 had 60 or more, and 32 % of their intervals held the median; all others
/// lay below it. So a number that barely passes is bounded from below only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Enough {
    /// With fewer there is no number.
    pub needed: f64,
    /// With fewer nothing bounds it from above.
    pub ample: f64,
}

/// Times of one kind, by blocks of replications and together.
#[derive(Debug, Clone)]
pub struct PooledTimes<'a> {
    blocks: Vec<Vec<&'a LogHistogram>>,
    pooled: LogHistogram,
    measured: OnceCell<f64>,
}

impl<'a> PooledTimes<'a> {
    /// Times by replication and block.
    pub fn new(blocks: Vec<Vec<&'a LogHistogram>>) -> PooledTimes<'a> {
        let mut pooled = LogHistogram::default();
        blocks.iter().flatten().for_each(|block| pooled.merge(block));
        PooledTimes { blocks, pooled, measured: OnceCell::new() }
    }

    /// Whether each replication is one block: then the blocks show all the dependence there is.
    fn are_independent(&self) -> bool {
        self.blocks.iter().all(|replication| replication.len() == 1)
    }

    /// Number of times.
    pub fn n(&self) -> f64 {
        self.pooled.total() as f64
    }

    /// The p-quantile of all times together, without interval; `None` without times.
    pub fn value(&self, p: f64) -> Option<f64> {
        self.pooled.quantile(p)
    }

    /// The shares of times above each of `xs`, with their intervals (see [`Blocks::share`]).
    ///
    /// One pass over the bins of each block, however many points there are.
    pub fn above(&self, xs: &[f64], level: f64) -> Vec<Interval> {
        let of = |block: &&LogHistogram| Some((block.survival(xs)?, block.total() as f64));
        let curves: Vec<Vec<_>> =
            self.blocks.iter().map(|replication| replication.iter().filter_map(of).collect()).collect();
        let dispersion = self.measured_dispersion().max(1.0);
        let share = |i: usize| {
            let part = |(curve, n): &(Vec<f64>, f64)| BlockSums { sum: curve[i] * n, weight: *n };
            Blocks::new(curves.iter().map(|blocks| blocks.iter().map(part).collect())).share(level, dispersion)
        };
        (0..xs.len()).filter_map(share).collect()
    }

    /// What reading the p-quantile from bins may miss (see [`LogHistogram::error_at`]).
    pub fn error_at(&self, p: f64) -> f64 {
        self.pooled.quantile(p).map_or(0.0, |x| self.pooled.error_at(x))
    }

    /// Largest relative distance of a quantile of these times from the exact one.
    pub fn error(&self) -> f64 {
        self.pooled.relative_error()
    }

    /// How many times beyond x lie in each block, of how many.
    fn beyond(&self, x: f64) -> Blocks {
        let part = |block: &&LogHistogram| BlockSums { sum: block.above(x), weight: block.total() as f64 };
        Blocks::new(self.blocks.iter().map(|replication| replication.iter().map(part).collect()))
    }

    /// Times that make one independent time beyond the p-quantile (D = n Var(share)/share), with the degrees of freedom
    /// behind it; 1 where none is beyond, infinite where there is a single block.
    fn dispersion(&self, p: f64, by: VarianceBy) -> Variance {
        let beyond = self.pooled.quantile(p).map(|x| self.beyond(x));
        let residuals = beyond.as_ref().and_then(Residuals::of).map(|z| z.variance(by));
        match (beyond.and_then(|beyond| beyond.ratio()), residuals) {
            (Some(0.0), Some(variance)) => Variance { value: 1.0, ..variance },
            (Some(share), Some(variance)) => Variance { value: self.n() * variance.value / share, ..variance },
            _ => Variance { value: f64::INFINITY, df: 1.0 },
        }
    }

    /// The p-quantile with its interval, open above where too few clusters lie beyond; `None` without times.
    ///
    /// Formula: the share beyond, a = 1 - p, is a sum over clusters whose sizes are close to exponential, so that its
    /// relative error is that of a gamma variate of shape K = a n/D: the ends are the pooled quantiles beyond which lie
    /// a g(z) and a g(-z) (see `gamma_factor`), moved apart by what reading them from bins may miss. K is made smaller by (t/z)^2 for the degrees of freedom behind D. Below the
    /// median the same of the share below.
    pub fn quantile(&self, p: f64, level: f64) -> Option<Interval> {
        let value = self.pooled.quantile(p)?;
        if self.blocks.iter().map(Vec::len).sum::<usize>() < 2 {
            return Some(Interval { value, low: None, high: None });
        }
        let z = normal_quantile(level);
        let share = p.min(1.0 - p);
        let at = |share: f64| self.pooled.quantile(if p < 0.5 { share } else { 1.0 - share });
        let clusters = self.clusters(p, level);
        let [less, more] = [-z, z].map(|z| at((share * gamma_factor(clusters, z)).min(1.0)));
        let (low, high) = if p < 0.5 { (less, more) } else { (more, less) };
        let error = |x: f64| self.pooled.error_at(x);
        let high = high.filter(|_| clusters >= FEWEST_CLUSTERS).map(|x| x + error(x));
        Some(Interval { value, low: Some(low.map_or(0.0, |x| (x - error(x)).max(0.0))), high })
    }

    /// Independent clusters beyond the p-quantile (below it, under the median), fewer by (t/z)^2 for the degrees of freedom
    /// behind the dispersion.
    fn clusters(&self, p: f64, level: f64) -> f64 {
        let long = self.length() >= LONG_RUN;
        let by = if long && p <= MEASURED_AT { VarianceBy::Autoregression } else { VarianceBy::Larger };
        let own = self.dispersion(p, by);
        let freedom = (student_quantile(level, own.df) / normal_quantile(level)).powi(2);
        let count = |dispersion: f64| self.n() * p.min(1.0 - p) / (dispersion * self.inflation()) / freedom;
        if p <= MEASURED_AT || self.are_independent() || count(own.value) >= ENOUGH_CLUSTERS {
            return count(own.value);
        }
        let grown = if p > 0.99 { FURTHER * self.heaviness() } else { BEYOND };
        count(own.value.max(grown * self.measured_dispersion()))
    }

    /// By how much the dispersion of a short run is too small: its largest clusters have not come yet.
    fn inflation(&self) -> f64 {
        if self.are_independent() { 1.0 } else { short_run(self.length()) }
    }

    /// The dispersion where it is measured.
    pub fn measured_dispersion(&self) -> f64 {
        *self.measured.get_or_init(|| self.dispersion(MEASURED_AT, VarianceBy::Larger).value)
    }

    /// How steeply the tail falls at the p-quantile: -d ln S(x)/d ln x, about ln(1/(1 - p)) of an exponential one.
    pub fn slope(&self, p: f64) -> f64 {
        let Some(x) = self.pooled.quantile(p).filter(|x| *x > 0.0) else { return f64::INFINITY };
        let step: f64 = 1.03;
        let [less, more] = [x / step, x * step].map(|x| self.pooled.above(x));
        ((less / more).ln() / (2.0 * step.ln())).max(0.1)
    }

    /// What each block says of the p-quantile, to first order: numbers whose mean is the pooled quantile and whose scatter is
    /// that of the quantile, by replication and block. Two runs with common random numbers are paired by them.
    ///
    /// Formula: x + (above_k - s n_k)/(mean n f(x)), x the pooled quantile, above_k of n_k times of block k beyond it, s the
    /// share of all, f(x) = s slope(x)/x the density (the influence function of a quantile: Serfling 1980, sec. 2.5). `None`
    /// without times.
    ///
    /// ```
    /// use lindley::stats::{LogHistogram, PooledTimes};
    /// let block = |times: std::ops::Range<u32>| {
    ///     let mut block = LogHistogram::default();
    ///     times.for_each(|t| block.record(f64::from(t)));
    ///     block
    /// };
    /// let (low, high) = (block(1..101), block(51..151));
    /// let said = PooledTimes::new(vec![vec![&low], vec![&high]]).pseudo_values(0.5).unwrap();
    /// assert!(said[0][0] < said[1][0]);
    /// ```
    pub fn pseudo_values(&self, p: f64) -> Option<Vec<Vec<f64>>> {
        let x = self.pooled.quantile(p)?;
        let (n, above) = (self.n(), self.pooled.above(x));
        let mean_n = n / self.blocks.iter().map(Vec::len).sum::<usize>() as f64;
        let per_share = if above > 0.0 { x * n / (above * self.slope(p)) } else { 0.0 };
        let influence =
            |block: &&LogHistogram| (block.above(x) - above / n * block.total() as f64) / mean_n * per_share;
        let of = |blocks: &Vec<&LogHistogram>| blocks.iter().map(|block| x + influence(block)).collect();
        Some(self.blocks.iter().map(of).collect())
    }

    /// How many dispersions long the run is.
    pub fn length(&self) -> f64 {
        self.n() / self.measured_dispersion()
    }

    /// How much the dispersion grows beyond p99: 1 where tails are light.
    fn heaviness(&self) -> f64 {
        (self.dispersion(0.99, VarianceBy::Larger).value / self.measured_dispersion() / 1.3).clamp(1.0, 4.0)
    }

    /// Independent times about the median: how many times there are over the dispersion at it.
    ///
    /// It is known far better than that beyond p95, so that what is decided by it does not pick the runs whose large
    /// clusters have not come yet.
    pub fn independent(&self) -> f64 {
        self.n() / self.dispersion(0.5, VarianceBy::Larger).value
    }

    /// Independent times about the median that a run must have for its p-quantile to be told.
    pub fn enough(&self, p: f64) -> Enough {
        match p {
            p if p <= 0.5 => Enough { needed: 60.0, ample: 120.0 },
            p if p <= 0.99 => Enough { needed: 2_000.0, ample: 2_500.0 },
            p => {
                let needed = (10.0 / (1.0 - p)) * self.heaviness();
                Enough { needed, ample: 1.25 * needed }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::student;
    use rand::SeedableRng;
    use rand_distr::{Distribution, Exp1};
    use rand_xoshiro::Xoshiro256PlusPlus;

    /// Sojourns of M/M/1 at load 1/2 (mean service 1, D = 7.2), by replication and block.
    fn sojourns(seed: u64, replications: usize, blocks: usize, per_block: usize) -> Vec<Vec<LogHistogram>> {
        let stream = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut times = || -> f64 { Exp1.sample(stream) };
        let mut replication = || {
            let mut wait: f64 = 0.0;
            let mut block = || {
                let mut histogram = LogHistogram::default();
                for _ in 0..per_block {
                    let sojourn = wait + times();
                    histogram.record(sojourn);
                    wait = (sojourn - 2.0 * times()).max(0.0);
                }
                histogram
            };
            (0..=blocks).map(|_| block()).skip(1).collect()
        };
        (0..replications).map(|_| replication()).collect()
    }

    fn tail(histograms: &[Vec<LogHistogram>]) -> PooledTimes<'_> {
        PooledTimes::new(histograms.iter().map(|blocks| blocks.iter().collect()).collect())
    }

    /// Quantiles of an exponential sojourn of rate mu - lambda = 1/2.
    fn exact(p: f64) -> f64 {
        -2.0 * (1.0 - p).ln()
    }

    /// Of 1000 runs of 12,000 messages (1,700 D); binomial error 0.7 points.
    #[test]
    fn intervals_of_quantiles_cover() {
        for (p, floor) in [(0.5, 0.935), (0.95, 0.935), (0.99, 0.935)] {
            let hit = |seed: u64, truth: f64| {
                let histograms = sojourns(seed, 10, 6, 200);
                let found = tail(&histograms).quantile(p, 0.95).unwrap();
                found.low.unwrap() <= truth && found.high.is_none_or(|high| truth <= high)
            };
            let share = |truth| (0..1000).filter(|&seed| hit(seed, truth)).count() as f64 / 1000.0;
            let right = share(exact(p));
            assert!(right > floor, "p{p}: {right}");
            // Power twin: a theory that is 15 % off.
            let wrong = share(1.15 * exact(p));
            assert!(wrong < 0.75, "p{p}: {wrong}");
        }
    }

    /// What was done before: the mean of the quantiles of replications, which are each too low.
    #[test]
    fn averaged_quantiles_do_not_cover() {
        let hit = |seed: u64| {
            let histograms = sojourns(seed, 10, 1, 200);
            let values: Vec<f64> = histograms.iter().filter_map(|blocks| blocks[0].quantile(0.99)).collect();
            let found = student(&values, 0.95).unwrap();
            (found.mean - exact(0.99)).abs() <= found.half_width.unwrap()
        };
        let covered = (0..1000).filter(|&seed| hit(seed)).count();
        assert!(covered < 880, "{covered} of 1000");
    }

    #[test]
    fn the_dispersion_is_that_of_the_queue() {
        let histograms = sojourns(1, 1, 60, 20_000);
        let found = tail(&histograms).dispersion(0.95, VarianceBy::Autoregression).value;
        assert!((4.5..11.0).contains(&found), "{found}"); // 7.2
    }

    #[test]
    fn independent_times_are_clusters_of_one_and_zeros_are_exact() {
        let block = |low: u32| {
            let mut histogram = LogHistogram::default();
            (0..1000).for_each(|i| histogram.record(f64::from((i * 7919 + low) % 1009)));
            histogram
        };
        let histograms: Vec<Vec<LogHistogram>> = vec![(0..60).map(block).collect()];
        assert!(tail(&histograms).dispersion(0.95, VarianceBy::Larger).value < 1.5);
        let mut idle = LogHistogram::default();
        (0..100).for_each(|i| idle.record(f64::from(i / 98)));
        let histograms: Vec<Vec<LogHistogram>> = vec![vec![idle; 60]];
        let median = tail(&histograms).quantile(0.5, 0.95).unwrap();
        assert_eq!((median.value, median.low, median.high), (0.0, Some(0.0), Some(0.0)));
    }

    #[test]
    fn a_tail_without_clusters_is_open_above() {
        let histograms = sojourns(3, 5, 12, 20);
        let found = tail(&histograms).quantile(0.999, 0.95).unwrap();
        assert!(found.high.is_none() && found.low > Some(0.0), "{found:?}");
        assert!(tail(&histograms).enough(0.999).needed > tail(&histograms).independent());
    }
}
