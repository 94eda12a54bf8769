//! Which property of a distribution a number is: mean, quantile, the probability of a level.

use super::text::as_text;
use crate::units::{Unit, exact_quantity};
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
    /// Probability that the metric is at most a level: one less that of lying above it.
    AtMost(f64),
    /// Probability of exactly so many; of metrics that are whole numbers.
    Equal(f64),
}

/// What a sign makes of a level.
type OfLevel = fn(f64) -> Statistic;

/// Signs of the probabilities.
const EVENTS: [(&str, OfLevel); 3] = [(">", Statistic::Above), ("<=", Statistic::AtMost), ("=", Statistic::Equal)];

impl Statistic {
    /// Reads `mean`, `variance`, `max`, `count`, `fraction`, `pNN.N`, `prob(> X)`, `prob(<= X)` or `prob(= X)`.
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
            other => return quantile(other).or_else(|| event(other)),
        })
    }

    /// Whether it is the probability of an event: that the metric is above, at most or at a level.
    ///
    /// ```
    /// use lindley::row::Statistic;
    /// assert!(Statistic::Above(3.0).is_probability() && !Statistic::Quantile(0.99).is_probability());
    /// ```
    pub fn is_probability(self) -> bool {
        matches!(self, Statistic::Above(_) | Statistic::AtMost(_) | Statistic::Equal(_))
    }

    /// Whether a value of the metric belongs to the event; `false` of what is no probability.
    ///
    /// ```
    /// use lindley::row::Statistic;
    /// let (above, equal) = (Statistic::Above(3.0), Statistic::Equal(3.0));
    /// assert!(above.includes(4.0) && !above.includes(3.0) && equal.includes(3.0));
    /// ```
    pub fn includes(self, value: f64) -> bool {
        match self {
            Statistic::Above(level) => value > level,
            Statistic::AtMost(level) => value <= level,
            Statistic::Equal(level) => value == level,
            Statistic::Mean | Statistic::Variance | Statistic::Quantile(_) => false,
            Statistic::Max | Statistic::Count | Statistic::Fraction => false,
        }
    }

    /// As it stands in a table, the level in the unit of its metric: `prob(<= 20s)`.
    ///
    /// ```
    /// use lindley::{row::Statistic, units::Unit};
    /// assert_eq!(Statistic::AtMost(0.05).with_unit(Unit::Seconds), "prob(<= 50ms)");
    /// assert_eq!(Statistic::Quantile(0.99).with_unit(Unit::Seconds), "p99");
    /// ```
    pub fn with_unit(self, unit: Unit) -> String {
        match self.event() {
            Some((sign, level)) => format!("prob({sign} {})", exact_quantity(level, unit)),
            None => self.to_string(),
        }
    }

    /// Sign and level of the event whose probability it is.
    pub(super) fn event(self) -> Option<(&'static str, f64)> {
        match self {
            Statistic::Above(level) => Some((">", level)),
            Statistic::AtMost(level) => Some(("<=", level)),
            Statistic::Equal(level) => Some(("=", level)),
            Statistic::Mean | Statistic::Variance | Statistic::Quantile(_) => None,
            Statistic::Max | Statistic::Count | Statistic::Fraction => None,
        }
    }

    /// Order and identity: the mean first, quantiles and levels upward. Parameters are not negative, so
    /// that their bits have the order of their values.
    fn key(self) -> (u8, u64) {
        match self {
            Statistic::Mean => (0, 0),
            Statistic::Quantile(p) => (1, (p + 0.0).to_bits()),
            Statistic::Above(level) => (2, (level + 0.0).to_bits()),
            Statistic::AtMost(level) => (3, (level + 0.0).to_bits()),
            Statistic::Equal(level) => (4, (level + 0.0).to_bits()),
            Statistic::Variance => (5, 0),
            Statistic::Max => (6, 0),
            Statistic::Count => (7, 0),
            Statistic::Fraction => (8, 0),
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

fn event(name: &str) -> Option<Statistic> {
    let inside = name.strip_prefix("prob(")?.strip_suffix(')')?;
    let (level, of) = EVENTS.iter().find_map(|(sign, of)| Some((inside.strip_prefix(sign)?, of)))?;
    let level = level.trim().parse().ok().filter(|x: &f64| x.is_finite() && *x >= 0.0);
    level.map(of)
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
            Statistic::AtMost(level) => write!(f, "prob(<= {level})"),
            Statistic::Equal(level) => write!(f, "prob(= {level})"),
        }
    }
}

as_text!(
    Statistic,
    "Statistic",
    Statistic::parse,
    "^(mean|variance|max|count|fraction|p[0-9]+(\\.[0-9]+)?|prob\\((>|<=|=) [0-9]+(\\.[0-9]+)?\\))$"
);
