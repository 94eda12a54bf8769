//! Confidence intervals from independent replications.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use std::cell::Cell;

/// A value with its interval; `low` and `high` are null where there is none, as of a single replication.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Interval {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Interval {
    /// A value that is known.
    pub fn exact(value: f64) -> Interval {
        Interval { value, low: Some(value), high: Some(value) }
    }
}

impl From<Estimate> for Interval {
    fn from(e: Estimate) -> Interval {
        Interval { value: e.mean, low: e.half_width.map(|h| e.mean - h), high: e.half_width.map(|h| e.mean + h) }
    }
}

/// A point estimate with its half-width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Mean of the replications.
    pub mean: f64,
    /// Half the width of the confidence interval; `None` with a single replication.
    pub half_width: Option<f64>,
    /// Replications behind it.
    pub n: u64,
}

impl Estimate {
    /// Half-width over |mean|: `None` without a half-width, 0 where both are 0.
    pub fn relative_half_width(&self) -> Option<f64> {
        let half = self.half_width?;
        Some(if half == 0.0 { 0.0 } else { half / self.mean.abs() })
    }

    /// The same with an error that is common to all replications, a share of the mean: no scatter shows it.
    pub fn widened(self, error: f64) -> Estimate {
        Estimate { half_width: self.half_width.map(|half| half + error * self.mean), ..self }
    }
}

/// Student's t quantile for a two-sided interval of the given level.
///
/// Formula: t with P(|T_df| <= t) = level. Above 1,000 degrees of freedom by the
/// Cornish-Fisher expansion about the normal quantile (Abramowitz and Stegun 26.7.5),
/// because the inverse beta function loses digits there.
///
/// ```
/// use lindley::stats::interval::student_quantile;
/// assert!((student_quantile(0.95, 9.0) - 2.262157).abs() < 1e-6);
/// assert!((student_quantile(0.95, 1e5) - 1.959987).abs() < 1e-6);
/// ```
pub fn student_quantile(level: f64, df: f64) -> f64 {
    // Every row of a result asks for the same one; the inverse beta function takes microseconds.
    thread_local! {
        static LAST: Cell<(f64, f64, f64)> = const { Cell::new((f64::NAN, 0.0, 0.0)) };
    }
    let (last_level, last_df, t) = LAST.get();
    if (last_level, last_df) == (level, df) {
        return t;
    }
    let t = quantile(level, df);
    LAST.set((level, df, t));
    t
}

fn quantile(level: f64, df: f64) -> f64 {
    let p = 0.5 + level / 2.0;
    if df <= 1000.0 {
        let t = StudentsT::new(0.0, 1.0, df).expect("df is a positive count of replications");
        return t.inverse_cdf(p);
    }
    let z = Normal::standard().inverse_cdf(p);
    let g1 = (z.powi(3) + z) / 4.0;
    let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    z + g1 / df + g2 / (df * df)
}

/// Mean and Student interval of independent, identically distributed values.
///
/// Formula: mean +- t(level, n - 1) * s / sqrt(n), s the sample standard deviation.
/// Valid when the values are close to normal: averages over long replications are.
/// Reference: Law, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1.
///
/// `None` without values; no half-width with one.
///
/// ```
/// use lindley::stats::student;
/// let e = student(&[9.0, 11.0], 0.95).unwrap();
/// assert_eq!(e.mean, 10.0);
/// // s = sqrt(2), t(0.95, 1) = 12.7062
/// assert!((e.half_width.unwrap() - 12.7062).abs() < 1e-4);
/// ```
pub fn student(values: &[f64], level: f64) -> Option<Estimate> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let half_width = (n > 1).then(|| {
        let s2 = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1) as f64;
        student_quantile(level, (n - 1) as f64) * (s2 / n as f64).sqrt()
    });
    Some(Estimate { mean, half_width, n: n as u64 })
}

/// Replications needed to bring the relative half-width down to `wanted`.
///
/// Formula: n * (half / (wanted * |mean|))^2, rounded up; the half-width shrinks with 1/sqrt(n).
/// `None` where no number of replications is predicted to do (mean 0 or no interval yet).
pub fn replications_for(estimate: &Estimate, wanted: f64) -> Option<u64> {
    let relative = estimate.relative_half_width()?;
    let n = (estimate.n as f64 * (relative / wanted).powi(2)).ceil();
    n.is_finite().then_some(n as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_values_of_students_t() {
        // Law, table T.1.
        for (df, t) in [(1.0, 12.706), (4.0, 2.776), (19.0, 2.093), (100.0, 1.984)] {
            assert!((student_quantile(0.95, df) - t).abs() < 5e-4, "{df}");
        }
        let (below, above) = (student_quantile(0.99, 1000.0), student_quantile(0.99, 1000.1));
        assert!((below - above).abs() < 1e-6, "the two branches meet: {below} {above}");
    }

    #[test]
    fn constant_values_have_a_zero_interval() {
        let e = student(&[0.0; 5], 0.95).unwrap();
        assert_eq!((e.half_width, e.relative_half_width()), (Some(0.0), Some(0.0)));
        assert_eq!(student(&[], 0.95), None);
        assert_eq!(student(&[1.0], 0.95).unwrap().half_width, None);
    }

    #[test]
    fn needed_replications_follow_the_square_root_law() {
        let e = Estimate { mean: 10.0, half_width: Some(0.4), n: 10 };
        assert_eq!(replications_for(&e, 0.02), Some(40));
        assert_eq!(replications_for(&e, 0.04), Some(10));
    }
}
