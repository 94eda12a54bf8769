//! Moments about 0 of a time, and its cumulants.

use crate::dist::Dist;

/// The first three moments about 0, seconds to their power; infinite where they do not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RawMoments {
    /// Mean.
    pub first: f64,
    /// Mean square.
    pub second: f64,
    /// Mean cube.
    pub third: f64,
}

impl RawMoments {
    /// Those of a law.
    pub(crate) fn of(law: &Dist) -> RawMoments {
        let first = law.mean();
        RawMoments { first, second: law.variance() + first * first, third: law.third_moment().unwrap_or(f64::INFINITY) }
    }

    /// Those of a time with that mean, variance and third central moment.
    pub(crate) fn of_cumulants([mean, variance, third]: [f64; 3]) -> RawMoments {
        let second = variance + mean * mean;
        RawMoments { first: mean, second, third: third + 3.0 * mean * variance + mean.powi(3) }
    }

    /// Mean, variance and third central moment.
    pub(crate) fn cumulants(self) -> [f64; 3] {
        let RawMoments { first, second, third } = self;
        [first, second - first * first, third - 3.0 * first * second + 2.0 * first.powi(3)]
    }
}

/// Mean, variance and third central moment of a law; without passing by its mean square, so that a
/// small variance keeps its digits.
pub(crate) fn cumulants(law: &Dist) -> [f64; 3] {
    let (mean, variance) = (law.mean(), law.variance());
    let raw = law.third_moment().unwrap_or(f64::INFINITY);
    [mean, variance, if raw.is_finite() { raw - 3.0 * mean * variance - mean.powi(3) } else { f64::INFINITY }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_cumulants_are_each_other() {
        let law = Dist::Exponential(2.0);
        assert_eq!(RawMoments::of(&law), RawMoments { first: 2.0, second: 8.0, third: 48.0 });
        assert_eq!((RawMoments::of(&law).cumulants(), cumulants(&law)), ([2.0, 4.0, 16.0], [2.0, 4.0, 16.0]));
        assert_eq!(RawMoments::of_cumulants([2.0, 4.0, 16.0]), RawMoments::of(&law));
        assert_eq!(cumulants(&Dist::pareto(1.0, 2.5).unwrap())[2], f64::INFINITY);
    }
}
