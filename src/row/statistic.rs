//! Which property of a distribution a number is: mean, quantile, the probability of a level.

use super::text::as_text;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Which property of the metric's distribution a row gives.
#[derive(Debug, Clone, Copy)]
pub enum Statistic {
    /// Expected value (time average for levels).
    Mean,
    /// Variance.
    Variance,
    /// Quantile at a probability in (0, 1).
    Quantile(f64),
    /// Largest value seen.
    Max,
    /// How many.
    Count,
    /// Share of a whole.
    Fraction,
    /// Probability that the metric lies above a level, in the unit of the metric.
    Above(f64),
}

impl Statistic {
    /// Reads `mean`, `variance`, `max`, `count`, `fraction`, `pNN.N` or `prob(> X)`.
    ///
    /// ```
    /// use lindley::row::Statistic;
    /// assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Quantile(0.999)));
    /// assert_eq!(Statistic::parse("prob(> 0.05)"), Some(Statistic::Above(0.05)));
    /// assert_eq!(Statistic::parse("p0"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Statistic> {
        Some(match name {
            "mean" => Statistic::Mean,
            "variance" => Statistic::Variance,
            "max" => Statistic::Max,
            "count" => Statistic::Count,
            "fraction" => Statistic::Fraction,
            other => return quantile(other).or_else(|| level(other)),
        })
    }

    /// Order and identity: the mean first, quantiles and levels upward. Parameters are not negative, so
    /// that their bits have the order of their values.
    fn key(self) -> (u8, u64) {
        match self {
            Statistic::Mean => (0, 0),
            Statistic::Quantile(p) => (1, (p + 0.0).to_bits()),
            Statistic::Above(level) => (2, (level + 0.0).to_bits()),
            Statistic::Variance => (3, 0),
            Statistic::Max => (4, 0),
            Statistic::Count => (5, 0),
            Statistic::Fraction => (6, 0),
        }
    }
}

impl PartialEq for Statistic {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Statistic {}

impl Hash for Statistic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl PartialOrd for Statistic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Statistic {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

fn quantile(name: &str) -> Option<Statistic> {
    let percent = name.strip_prefix('p')?;
    // Through text, so that p99.9 is the double nearest to 0.999.
    let plain = percent.starts_with(|c: char| c.is_ascii_digit()) && !percent.contains(['e', 'E']);
    let p: f64 = plain.then(|| format!("{percent}e-2").parse().ok())??;
    (p > 0.0 && p < 1.0).then_some(Statistic::Quantile(p))
}

fn level(name: &str) -> Option<Statistic> {
    let level = name.strip_prefix("prob(>")?.strip_suffix(')')?.trim().parse().ok();
    level.filter(|x: &f64| x.is_finite() && *x >= 0.0).map(Statistic::Above)
}

/// A probability in percent, with the same digits: 99.9 of 0.999.
fn percent(p: f64) -> String {
    let scientific = format!("{p:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.replace('.', "");
    // Digits before the point.
    let whole = exponent.parse::<i32>().unwrap_or(0) + 3;
    match usize::try_from(whole) {
        Ok(0) | Err(_) => format!("0.{}{digits}", "0".repeat(whole.unsigned_abs() as usize)),
        Ok(whole) if whole >= digits.len() => format!("{digits}{}", "0".repeat(whole - digits.len())),
        Ok(whole) => format!("{}.{}", &digits[..whole], &digits[whole..]),
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statistic::Mean => f.write_str("mean"),
            Statistic::Variance => f.write_str("variance"),
            Statistic::Max => f.write_str("max"),
            Statistic::Count => f.write_str("count"),
            Statistic::Fraction => f.write_str("fraction"),
            Statistic::Quantile(p) => write!(f, "p{}", percent(*p)),
            Statistic::Above(level) => write!(f, "prob(> {level})"),
        }
    }
}

as_text!(
    Statistic,
    "Statistic",
    Statistic::parse,
    "^(mean|variance|max|count|fraction|p[0-9]+(\\.[0-9]+)?|prob\\(> [0-9]+(\\.[0-9]+)?\\))$"
);
