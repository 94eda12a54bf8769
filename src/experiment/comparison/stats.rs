//! Estimates from pairs of values: the paired Student interval, the relative change, and what the
//! pairing bought. Knows numbers only.

use super::influence::Influences;
use crate::experiment::result::Interval;
use crate::stats::{BlockSums, Blocks, student};

/// What pairs of values say of one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paired {
    /// Mean of the first values.
    pub first: f64,
    /// Mean of the second values.
    pub second: f64,
    /// Mean of the differences, second - first.
    pub difference: f64,
    /// Half-width of its interval, from the scatter of the differences alone.
    pub half: Option<f64>,
    /// Ends of the interval, with what is known of errors that do not scatter.
    pub ends: Option<(f64, f64)>,
    /// Second / first - 1.
    pub change: Option<Interval>,
    /// (Var first + Var second) / Var(difference).
    pub pairing: Option<f64>,
    /// Pairs.
    pub n: u64,
}

impl Paired {
    /// Whether the interval is wider than the scatter tells.
    pub(crate) fn is_widened(&self) -> bool {
        let scatter = self.half.map_or(0.0, |half| 2.0 * half);
        self.ends.is_some_and(|(low, high)| high - low > scatter * (1.0 + 1e-12))
    }
}

/// The estimate of a difference from pairs of values, each pair with common random numbers.
///
/// Formula: mean(d) +- t(level, n - 1) s_d / sqrt(n) with d_i = second_i - first_i; pairs are
/// independent of each other, the two values of a pair need not be. `error` is a relative error that
/// all values of a quantity share (of the histogram): it is added in full for both values.
/// Reference: Law, *Simulation Modeling and Analysis*, 5th ed., sections 10.2.1 and 11.2.
pub(crate) fn paired(pairs: &[(f64, f64)], level: f64, error: f64) -> Option<Paired> {
    let of = |value: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(value).collect::<Vec<f64>>();
    let (first, second) = (of(&|p| p.0), of(&|p| p.1));
    let difference = student(&of(&|p| p.1 - p.0), level)?;
    let means = (student(&first, level)?.mean, student(&second, level)?.mean);
    let fixed = error * (means.0.abs() + means.1.abs());
    Some(Paired {
        first: means.0,
        second: means.1,
        difference: difference.mean,
        half: difference.half_width,
        ends: difference
            .half_width
            .map(|half| half + fixed)
            .map(|half| (difference.mean - half, difference.mean + half)),
        change: change(pairs, means, level, fixed),
        pairing: pairing(&first, &second, &of(&|p| p.1 - p.0)),
        n: difference.n,
    })
}

/// The estimate of the difference of a quantile: of the two pooled quantiles, its interval by the blocks' pseudo-values, each
/// taken from its pair, with their correlation and skewness as in a single run (see [`Blocks::mean`]). The mean of the
/// quantiles of replications has the bias of one short replication, and its interval does not cover.
pub(super) fn paired_blocks(found: &Influences, level: f64) -> Option<Paired> {
    let Influences { pairs, length, beyond, apart, error: fixed } = found;
    let sums = |sum: &dyn Fn((f64, f64)) -> f64, weight: &dyn Fn((f64, f64)) -> f64| {
        let part = |&pair: &(f64, f64)| BlockSums { sum: sum(pair), weight: weight(pair) };
        Blocks::new(pairs.iter().map(|blocks| blocks.iter().map(part).collect()))
    };
    let mean = |of: &dyn Fn((f64, f64)) -> f64| sums(of, &|_| 1.0);
    let (first, second) = (mean(&|p| p.0).ratio()?, mean(&|p| p.1).ratio()?);
    let difference = mean(&|p| p.1 - p.0).mean(level, *length)?;
    let ends = difference.low.zip(difference.high).map(|(low, high)| match *beyond {
        Some((down, up)) => (low.min(difference.value - down), high.max(difference.value + up)),
        None => (low, high),
    });
    let ends = ends.map(|(low, high)| (low.max(difference.value - apart.0), high.min(difference.value + apart.1)));
    let each = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        pairs.iter().map(|blocks| blocks.iter().map(of).sum::<f64>() / blocks.len() as f64).collect()
    };
    Some(Paired {
        first,
        second,
        difference: difference.value,
        half: ends.map(|(low, high)| (high - low) / 2.0),
        ends: ends.map(|(low, high)| (low - fixed, high + fixed)),
        change: change_of_ratio(&sums(&|p| p.1, &|p| p.0), (level, *length), difference, ends, fixed / first),
        pairing: pairing(&each(|p| p.0), &each(|p| p.1), &each(|p| p.1 - p.0)),
        n: pairs.len() as u64,
    })
}

/// The relative change of a quantile: of the ratio of the pseudo-values over blocks, as much wider as the difference is.
fn change_of_ratio(
    ratio: &Blocks,
    (level, length): (f64, f64),
    difference: Interval,
    ends: Option<(f64, f64)>,
    fixed: f64,
) -> Option<Interval> {
    let found = ratio.mean(level, length).filter(|_| fixed.is_finite())?;
    let wider = |own: Option<f64>, end: Option<f64>| {
        let times = (end? - difference.value) / (own? - difference.value);
        Some(if times.is_nan() { 1.0 } else { times })
    };
    let end = |own: Option<f64>, times: Option<f64>, by: f64| {
        Some(found.value + (own? - found.value) * times? - 1.0 + by * fixed).filter(|end| end.is_finite())
    };
    Some(Interval {
        value: found.value - 1.0,
        low: end(found.low, wider(difference.low, ends.map(|e| e.0)), -1.0),
        high: end(found.high, wider(difference.high, ends.map(|e| e.1)), 1.0),
    })
}

/// The relative change of the mean, by the delta method.
///
/// Formula: r = mean(second) / mean(first), residuals z_i = second_i - r first_i,
/// half-width t s_z / (sqrt(n) |mean(first)|). Reference: Cochran, *Sampling Techniques*, section 6.3.
fn change(pairs: &[(f64, f64)], (first, second): (f64, f64), level: f64, fixed: f64) -> Option<Interval> {
    if first == 0.0 {
        return None;
    }
    let ratio = second / first;
    let residuals: Vec<f64> = pairs.iter().map(|(a, b)| b - ratio * a).collect();
    let half = student(&residuals, level)?.half_width.map(|half| (half + fixed) / first.abs());
    let value = ratio - 1.0;
    Some(Interval { value, low: half.map(|h| value - h), high: half.map(|h| value + h) })
}

fn pairing(first: &[f64], second: &[f64], differences: &[f64]) -> Option<f64> {
    let independent = variance(first)? + variance(second)?;
    let paired = variance(differences)?;
    (paired > 0.0).then(|| independent / paired).filter(|ratio| ratio.is_finite())
}

fn variance(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (n > 1.0).then(|| values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// The level of each of `m` intervals that shall hold all at once at `level`.
///
/// Formula: 1 - (1 - level) / m (Bonferroni), whatever their dependence.
pub(super) fn bonferroni(level: f64, m: usize) -> f64 {
    1.0 - (1.0 - level) / m.max(1) as f64
}

/// Pairs needed to bring a half-width down to `wanted`: it shrinks with the root of their number.
pub(super) fn pairs_for(n: u64, half: f64, wanted: f64) -> Option<u64> {
    let needed = (n as f64 * (half / wanted).powi(2)).ceil();
    (wanted > 0.0 && needed.is_finite()).then_some(needed as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paired_interval_is_students() {
        // Differences 1, 2, 3: mean 2, s = 1, t(0.95, 2) = 4.3027.
        let p = paired(&[(10.0, 11.0), (20.0, 22.0), (30.0, 33.0)], 0.95, 0.0).unwrap();
        assert_eq!((p.first, p.second, p.difference), (20.0, 22.0, 2.0));
        assert!((p.half.unwrap() - 4.302_653 / 3f64.sqrt()).abs() < 1e-5);
        // The second is 1.1 times the first in every pair: the change is known exactly.
        let change = p.change.unwrap();
        assert!((change.value - 0.1).abs() < 1e-12 && (change.high.unwrap() - 0.1).abs() < 1e-12);
        // Var = 100 + 121 against 1.
        assert!((p.pairing.unwrap() - 221.0).abs() < 1e-9);
    }

    #[test]
    fn equal_values_differ_by_nothing() {
        let p = paired(&[(1.0, 1.0), (2.0, 2.0)], 0.95, 0.0).unwrap();
        assert_eq!((p.difference, p.half, p.pairing), (0.0, Some(0.0), None));
        assert_eq!(paired(&[], 0.95, 0.0), None);
    }

    #[test]
    fn an_error_that_all_values_share_widens_the_interval() {
        let p = paired(&[(1.0, 1.0), (2.0, 2.0)], 0.95, 0.01).unwrap();
        assert_eq!(p.half, Some(0.0));
        let (low, high) = p.ends.unwrap();
        assert!((high - 0.03).abs() < 1e-12 && (low + 0.03).abs() < 1e-12);
    }

    #[test]
    fn a_ratio_to_nothing_is_no_number() {
        assert_eq!(paired(&[(0.0, 1.0), (0.0, 2.0)], 0.95, 0.0).unwrap().change, None);
        assert_eq!(pairs_for(10, 1.0, 0.0), None);
        assert_eq!(pairs_for(10, 2.0, 1.0), Some(40));
        assert!((bonferroni(0.95, 4) - 0.9875).abs() < 1e-12);
    }
}
