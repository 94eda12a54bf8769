//! What a service must promise, as plain values: which quantity, which statistic of it, and how large
//! it may be at most. Knows no queue.

use std::fmt;

/// A promise: this statistic of this quantity is at most the bound.
///
/// Formula: statistic(quantity) <= bound.
/// Units: the bound is in seconds for means and quantiles of times, else a share.
/// Valid when: the pair makes sense: times have means, quantiles and tails, shares have themselves.
/// Reference: Green, Kolesar, Whitt, Coping with time-varying demand when setting staffing
/// requirements, Production and Operations Management 16 (2007), sec. 2.
///
/// ```
/// use lindley::analytic::staffing::{Quantity, Statistic, Target};
/// let target = Target { quantity: Quantity::Wait, statistic: Statistic::Above(0.02), bound: 0.05 };
/// assert_eq!(target.to_string(), "P(wait > 0.02 s) <= 0.05");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Of what.
    pub quantity: Quantity,
    /// Which of its numbers.
    pub statistic: Statistic,
    /// At most this.
    pub bound: f64,
}

/// What is promised about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Time from arrival until service begins.
    Wait,
    /// Time from arrival until service ends.
    Sojourn,
    /// Share of servers busy.
    Utilization,
    /// Share of messages lost where nobody can wait.
    Loss,
    /// Share of messages that give up waiting.
    Abandonment,
}

/// Which number of a quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// Its mean; of a share the share itself.
    Mean,
    /// Its quantile at that probability.
    Quantile(f64),
    /// The probability that it exceeds that many seconds.
    Above(f64),
}

impl Target {
    /// Whether the bound is a time; else it is a share.
    pub fn is_time(&self) -> bool {
        let of_time = matches!(self.quantity, Quantity::Wait | Quantity::Sojourn);
        of_time && !matches!(self.statistic, Statistic::Above(_))
    }

    /// Why the target makes no sense, if it does not.
    pub fn mistake(&self) -> Option<String> {
        let share = !matches!(self.quantity, Quantity::Wait | Quantity::Sojourn);
        let bad = |what: &str| Some(format!("{self}: {what}"));
        match self.statistic {
            _ if !(self.bound >= 0.0 && self.bound.is_finite()) => bad("the bound must be finite and not negative"),
            _ if !self.is_time() && self.bound > 1.0 => bad("a share is at most 1"),
            Statistic::Mean => None,
            _ if share => bad("a share has no quantiles"),
            Statistic::Quantile(p) if !(p > 0.0 && p < 1.0) => bad("the probability must lie between 0 and 1"),
            Statistic::Above(t) if !(t >= 0.0 && t.is_finite()) => bad("the time must be finite and not negative"),
            _ => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.quantity {
            Quantity::Wait => "wait",
            Quantity::Sojourn => "sojourn",
            Quantity::Utilization => "utilization",
            Quantity::Loss => "loss",
            Quantity::Abandonment => "abandonment",
        };
        let unit = if self.is_time() { " s" } else { "" };
        match self.statistic {
            Statistic::Mean if self.is_time() => write!(f, "mean {name} <= {}{unit}", self.bound),
            Statistic::Mean => write!(f, "{name} <= {}", self.bound),
            Statistic::Quantile(p) => write!(f, "p{} of {name} <= {}{unit}", (p * 1e11).round() / 1e9, self.bound),
            Statistic::Above(t) => write!(f, "P({name} > {t} s) <= {}", self.bound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        let target = |quantity, statistic, bound| Target { quantity, statistic, bound };
        assert_eq!(target(Quantity::Wait, Statistic::Quantile(0.99), 3.0).mistake(), None);
        let wrong = [
            target(Quantity::Wait, Statistic::Mean, f64::NAN),
            target(Quantity::Wait, Statistic::Above(1.0), 1.5),
            target(Quantity::Loss, Statistic::Quantile(0.5), 0.5),
            target(Quantity::Sojourn, Statistic::Quantile(1.0), 0.5),
            target(Quantity::Sojourn, Statistic::Above(-1.0), 0.5),
        ];
        assert!(wrong.iter().all(|t| t.mistake().is_some()));
        assert!(wrong[3].mistake().unwrap().starts_with("p100 of sojourn <= 0.5 s: "));
    }
}
