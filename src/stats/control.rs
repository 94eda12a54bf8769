//! Control variates: what is known exactly of a run (how many messages should have come, how long services should have
//! taken) corrects what is not, by regression over blocks.

use super::interval::Interval;
use super::ratio::{Blocks, LONG_RUN, Residuals, VarianceBy, short_run};

/// Blocks below which a coefficient is not estimated.
const FEWEST_BLOCKS: usize = 30;

/// Most controls of one estimate: each costs a degree of freedom.
const MOST_CONTROLS: usize = 4;

/// F that a control must reach to be used: by chance one of 400 does with 57 degrees of freedom.
const BEYOND_CHANCE: f64 = 10.0;

/// A mean with its interval, and what controls did for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlledMean {
    /// The mean.
    pub interval: Interval,
    /// Controls that were used.
    pub controls: usize,
    /// The variance of the mean without controls over that with them, as both are estimated; 1 without any.
    pub factor: f64,
}

/// What regression on controls leaves of the residuals of a ratio.
#[derive(Debug, Clone, PartialEq)]
struct Regression {
    /// Residuals that are left.
    left: Residuals,
    /// What is added to the ratio.
    correction: f64,
    /// Controls that were used.
    controls: usize,
    /// By how much the variance of what is left is multiplied: coefficients are estimated, too.
    loss: f64,
}

impl Blocks {
    /// The ratio with its interval as by [`Blocks::mean`], corrected by those controls that help; of each control its
    /// deviation from what is known, by block: the expectation of each is 0.
    ///
    /// Formula: with z the residuals of the ratio r and c the controls, b the least squares coefficients of z on c over n
    /// blocks, the estimate is r - b' mean(c); its variance is that of the residuals z - b'(c - mean(c)), estimated as any other
    /// variance of a ratio, times (1 + n mean(c)' S^-1 mean(c)) (n - 1)/(n - q - 1), S the squares and products of c about their
    /// means, q controls (Lavenberg, Welch, *Management Science* 27, 1981; on average the loss is (n - 2)/(n - q - 2)).
    /// Controls are taken one by one, the one that explains most first, while F is beyond chance.
    /// Valid when: the run is 2,000 dispersions long or more; in shorter ones, of few clusters a block, controls cost 2 to 4 points
    /// of coverage, and are not used.
    ///
    /// ```
    /// use lindley::stats::{BlockSums, Blocks};
    /// // Each block is 5 + 2 c, and the mean of c is 0.5 where it should be 0: the mean is 5, not 6.
    /// let control: Vec<f64> = (0..40).map(|i| f64::from(i % 2)).collect();
    /// let block = |c: &f64| BlockSums { sum: 5.0 + 2.0 * c, weight: 1.0 };
    /// let blocks = Blocks::new([control.iter().map(block).collect()]);
    /// assert_eq!(blocks.ratio(), Some(6.0));
    /// let found = blocks.controlled_mean(0.95, 1e6, &[control]).unwrap();
    /// assert!((found.interval.value - 5.0).abs() < 1e-12 && found.controls == 1);
    /// ```
    pub fn controlled_mean(&self, level: f64, length: f64, controls: &[Vec<f64>]) -> Option<ControlledMean> {
        let plain = self.mean(level, length)?;
        let unchanged = ControlledMean { interval: plain, controls: 0, factor: 1.0 };
        // Blocks of a short run are too few clusters for the regression to be one of normal variates.
        let found = if length >= LONG_RUN { self.regression(controls) } else { None };
        let Some((residuals, regression)) = found else { return Some(unchanged) };
        let by = VarianceBy::Autoregression;
        let (low, high) = regression.left.ends(level, by, short_run(length) * regression.loss);
        let value = plain.value + regression.correction;
        let interval = Interval { value, low: Some(value + low), high: Some(value + high) };
        let with = regression.loss * regression.left.variance(by).value;
        let factor = if with > 0.0 { residuals.variance(by).value / with } else { f64::INFINITY };
        Some(ControlledMean { interval, controls: regression.controls, factor })
    }

    /// Independent observations of the ratio as by [`Blocks::independent`], with controls.
    pub fn controlled_independent(&self, controls: &[Vec<f64>]) -> Option<f64> {
        let Some((_, regression)) = self.regression(controls) else { return self.independent() };
        let variance = regression.loss * regression.left.variance(VarianceBy::Larger).value;
        let value = self.ratio()? + regression.correction;
        Some(if variance > 0.0 { value * value / variance } else { f64::INFINITY })
    }

    /// The residuals before and after; `None` where no control helps.
    fn regression(&self, controls: &[Vec<f64>]) -> Option<(Residuals, Regression)> {
        let residuals = Residuals::of(self).filter(|z| !z.independent && z.values().len() >= FEWEST_BLOCKS)?;
        let n = residuals.values().len();
        let mut candidates: Vec<Control> = controls.iter().filter(|c| c.len() == n).map(|c| Control::new(c)).collect();
        let (mut left, mut correction, mut leverage, mut used) = (residuals.values().to_vec(), 0.0, 0.0, 0);
        while used < MOST_CONTROLS {
            let freedom = (n - used - 2) as f64;
            let Some(best) = Control::best(&candidates, &left, freedom) else { break };
            let best = candidates.swap_remove(best);
            let b = dot(&best.about, &left) / best.square;
            left.iter_mut().zip(&best.about).for_each(|(z, c)| *z -= b * c);
            correction -= b * best.mean;
            leverage += n as f64 * best.mean * best.mean / best.square;
            candidates.iter_mut().for_each(|other| other.without(&best));
            used += 1;
        }
        let loss = (1.0 + leverage) * (n - 1) as f64 / (n - used - 1) as f64;
        let left = residuals.less(self, left, used);
        (used > 0).then_some((residuals, Regression { left, correction, controls: used, loss }))
    }
}

/// A control that may be taken, less what those explain that were.
#[derive(Debug, Clone, PartialEq)]
struct Control {
    /// Deviations from its mean over the blocks.
    about: Vec<f64>,
    /// That mean, which should be 0.
    mean: f64,
    /// Sum of the squares of the deviations.
    square: f64,
    /// That sum at first: what is left of a control that others make up is rounding.
    at_first: f64,
}

impl Control {
    fn new(values: &[f64]) -> Control {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let about: Vec<f64> = values.iter().map(|x| x - mean).collect();
        let square = dot(&about, &about);
        Control { about, mean, square, at_first: square }
    }

    /// Which explains most of what is left, if that is beyond chance.
    fn best(controls: &[Control], left: &[f64], freedom: f64) -> Option<usize> {
        let all = dot(left, left);
        let explained = |c: &Control| dot(&c.about, left).powi(2) / c.square;
        let usable = |c: &Control| c.square > 1e-9 * c.at_first;
        let of = |(i, c): (usize, &Control)| usable(c).then(|| (i, explained(c)));
        let (i, most) = controls.iter().enumerate().filter_map(of).max_by(|a, b| a.1.total_cmp(&b.1))?;
        (most * freedom > BEYOND_CHANCE * (all - most).max(0.0)).then_some(i)
    }

    /// Takes off what another explains.
    fn without(&mut self, other: &Control) {
        let g = dot(&self.about, &other.about) / other.square;
        self.about.iter_mut().zip(&other.about).for_each(|(x, y)| *x -= g * y);
        self.mean -= g * other.mean;
        self.square = dot(&self.about, &self.about);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::BlockSums;
    use rand::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};
    use rand_xoshiro::Xoshiro256PlusPlus;

    fn blocks(values: &[f64]) -> Blocks {
        Blocks::new([values.iter().map(|&sum| BlockSums { sum, weight: 1.0 }).collect()])
    }

    /// 60 blocks of 5 + 2 c + d + noise, c, d and the noise standard normal, neighbours of the noise correlated.
    fn drawn(seed: u64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let stream = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut normal = || -> f64 { StandardNormal.sample(stream) };
        let mut noise = 0.0;
        let mut block = || {
            let (c, d) = (normal(), normal());
            noise = 0.3 * noise + normal();
            (5.0 + 2.0 * c + d + noise, c, d)
        };
        let all: Vec<(f64, f64, f64)> = (0..60).map(|_| block()).collect();
        (all.iter().map(|b| b.0).collect(), all.iter().map(|b| b.1).collect(), all.iter().map(|b| b.2).collect())
    }

    /// Share of 1000 runs that cover 5, with the known mean of a control off by so much; and the mean factor.
    fn covered(off: f64) -> (f64, f64) {
        let one = |seed: u64| {
            let (values, c, d) = drawn(seed);
            let c: Vec<f64> = c.iter().map(|c| c - off).collect();
            let found = blocks(&values).controlled_mean(0.95, 1e6, &[c, d]).expect("there are blocks");
            let covers = found.interval.low <= Some(5.0) && Some(5.0) <= found.interval.high;
            (f64::from(u8::from(covers)), found.factor)
        };
        let sum = (0..1000).map(one).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        (sum.0 / 1000.0, sum.1 / 1000.0)
    }

    /// Binomial error: 0.7 points. Of the long-run variance 4 + 1 + 1/0.49 the last is left: a factor of 3.4. The power
    /// twin knows the mean of a control wrong by a fifth of a standard deviation.
    #[test]
    fn controlled_intervals_cover_and_are_narrower() {
        let ((right, factor), (wrong, _)) = (covered(0.0), covered(0.2));
        assert!((0.925..0.97).contains(&right), "{right}");
        assert!((2.8..4.2).contains(&factor), "{factor}");
        assert!(wrong < 0.8, "{wrong}");
    }

    #[test]
    fn chance_is_not_used() {
        let used = |seed: u64| {
            let (values, ..) = drawn(seed);
            let (noise, other, _) = drawn(seed + 1_000_000);
            let found = blocks(&values).controlled_mean(0.95, 1e6, &[noise, other]).expect("there are blocks");
            found.controls > 0
        };
        let often = (0..1000).filter(|&seed| used(seed)).count();
        assert!(often < 20, "{often}");
    }

    #[test]
    fn few_blocks_and_controls_that_do_not_fit_change_nothing() {
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        let few = blocks(&values).controlled_mean(0.95, 1e6, std::slice::from_ref(&values)).unwrap();
        assert_eq!((few.controls, few.factor, Some(few.interval)), (0, 1.0, blocks(&values).mean(0.95, 1e6)));
        let (values, c, d) = drawn(1);
        let none = blocks(&values).controlled_mean(0.95, 1e6, &[c[..30].to_vec(), vec![1.0; 60]]).unwrap();
        assert_eq!(none.controls, 0);
        // What two make up is not taken as a third.
        let both: Vec<f64> = c.iter().zip(&d).map(|(c, d)| c + d).collect();
        assert_eq!(blocks(&values).controlled_mean(0.95, 1e6, &[c, d, both]).unwrap().controls, 2);
    }
}
