//! How a number was obtained, or why there is none, as a person reads it.

use crate::row::{Basis, ControlVariates, NoValue, SearchGoal};
use crate::units::{short_rate, significant};
use std::fmt;

const SINGLE: &str = "one replication, no interval";

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        match self {
            Basis::Mean { replications: 0 | 1 } => f.write_str(SINGLE),
            Basis::Mean { replications } => write!(f, "mean of {replications} replications, Student t"),
            Basis::Ratio { replications, blocks, controls } => {
                write!(
                    f,
                    "mean over {replications} replications, interval by {blocks} blocks, AR(1) and skewness corrected"
                )?;
                let Some(ControlVariates { used, factor }) = controls else { return Ok(()) };
                let s = if *used == 1 { "" } else { "s" };
                write!(f, ", {used} control variate{s}: variance / {factor:.1}")
            }
            Basis::HeavyTailed { replications, index } => write!(
                f,
                "mean of {replications} replications, no interval: its variance is infinite, there are no moments from \
                 order {} on",
                significant(*index, 3)
            ),
            Basis::Quantile { replications, error } => {
                let read = percent(*error);
                write!(
                    f,
                    "quantile of all times of {replications} replications, interval by independent clusters beyond, \
                     read to the histogram's {read}"
                )
            }
            Basis::Share { replications, above, error } => write!(
                f,
                "share of all times of {replications} replications, cut at {above} s; interval by independent clusters; \
                 the cut is within the histogram's {}",
                percent(*error)
            ),
            Basis::EveryTime { n } => write!(f, "exact: nearest rank among all {n} times, nothing is random"),
            Basis::AtEnd { replications } => write!(f, "mean of {replications} replications at their end, Student t"),
            Basis::Duplicates { discarded, replications } => {
                let what = if *discarded { "discarded" } else { "processed again" };
                write!(f, "{what}; {}", Basis::Mean { replications: *replications })
            }
            Basis::OverReplications { replications } => {
                write!(f, "quantile of {replications} replications, no interval")
            }
            Basis::Splitting { replications, thresholds } => {
                write!(f, "multilevel splitting, {replications} paths, {thresholds} thresholds")
            }
            Basis::Wilson { replications } => {
                write!(f, "share of {replications} replications, Wilson's score interval")
            }
            Basis::Paired { pairs: 0 | 1, .. } => f.write_str("one pair of replications, no interval"),
            Basis::Paired { pairs, widened } => {
                let end = if *widened { ", widened by the histogram's error" } else { "" };
                write!(f, "paired difference of {pairs} replications, Student t{end}")
            }
            Basis::Search { goal, level } => {
                write!(f, "{goal} that meets the targets, simulated at {} % confidence", 100.0 * level)
            }
            Basis::Bisection { goal, over } => write!(f, "{goal} that meets the targets, by bisection over `{over}`"),
            Basis::Formula(name) => f.write_str(name),
        }
    }
}

/// A number to two digits: that of what is needed is known no better.
fn two_digits(n: u64) -> u64 {
    let unit = 10_u64.pow(n.checked_ilog10().unwrap_or(0).saturating_sub(1));
    n.div_ceil(unit).saturating_mul(unit)
}

impl fmt::Display for SearchGoal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SearchGoal::Cheapest => "cheapest",
            SearchGoal::Largest => "largest",
            SearchGoal::Smallest => "smallest",
        })
    }
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoValue::NoData => f.write_str("no data after warm-up"),
            NoValue::TooFewBeyond { beyond, needed } => {
                write!(f, "refused: {beyond:.1} observations beyond it in the shortest replication, {needed} needed")
            }
            NoValue::TooShort { n, needed } => {
                write!(f, "refused: {n} messages depend too much on each other, about {} needed", two_digits(*needed))
            }
            NoValue::Grows { per_second } => {
                let rate = short_rate(*per_second);
                write!(f, "refused: no steady state, the queue grows by {rate} over the whole run")
            }
            NoValue::TooFewReplications { replications, needed } => {
                write!(f, "refused: {replications} replications, {needed} needed")
            }
            NoValue::NotRecovered { replications, of, at_least } => {
                write!(f, "{replications} of {of} replications did not recover before the end")?;
                at_least.map_or(Ok(()), |least| write!(f, ": at least {least:.6} s in the mean"))
            }
            NoValue::NoPair => f.write_str("no pair has both values"),
            NoValue::NotMeasured => f.write_str("the simulation gives no such number"),
            NoValue::NotGiven => f.write_str("not given by the method"),
            NoValue::Infinite => f.write_str("infinite"),
            NoValue::Unbounded => f.write_str("infinite, or beyond the range of double precision"),
            NoValue::NoSuchMoment => f.write_str("infinite, the service law has no such moment"),
            NoValue::BeyondPrecision => f.write_str("beyond the range of double precision"),
            NoValue::NoQuantile => f.write_str("no quantile to the stated accuracy for this service law"),
            NoValue::NoSteadyState(why) => write!(f, "no steady state: {why}"),
            NoValue::NoMethod(why) => f.write_str(why),
        }
    }
}
