//! How reports print numbers: a value and its half-width in one scale, counts with
//! separators, shares in percent.

use crate::experiment::result::Interval;
use crate::row::Row;
use crate::units::{Unit, duration_scale, four_digits, significant};

/// The factor and the suffix in which a quantity and everything beside it are printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct UnitScale {
    factor: f64,
    suffix: &'static str,
}

impl UnitScale {
    /// The scale that suits a value of that unit.
    pub(crate) fn of(value: f64, unit: Unit) -> UnitScale {
        let (factor, suffix) = match unit {
            Unit::Seconds => duration_scale(value),
            Unit::SecondsSquared => (1.0, "s^2"),
            Unit::PerSecond => (1.0, "/s"),
            Unit::One => (1.0, ""),
        };
        UnitScale { factor, suffix }
    }

    /// Hundredths.
    pub(crate) const PERCENT: UnitScale = UnitScale { factor: 100.0, suffix: "%" };

    fn with_suffix(self, number: String) -> String {
        if self.suffix.is_empty() { number } else { format!("{number} {}", self.suffix) }
    }

    /// The value alone, four significant digits.
    pub(crate) fn print(self, value: f64) -> String {
        self.with_suffix(four_digits(value * self.factor))
    }

    /// The value alone, six significant digits: what theory says is worth them.
    fn print_exact(self, value: f64) -> String {
        self.with_suffix(significant(value * self.factor, 6))
    }

    /// The value and its half-width, both to the second significant digit of the half-width.
    pub(crate) fn print_pair(self, value: f64, half: f64) -> String {
        let [value, half] = self.pair(value, half);
        self.with_suffix(format!("{value} ± {half}"))
    }

    /// Both numbers of such a pair.
    fn pair(self, value: f64, half: f64) -> [String; 2] {
        let (value, half) = (value * self.factor, half * self.factor);
        [digits_of(value, half), digits_of(half, half)]
    }
}

/// `x` with as many digits as the half-width `half` justifies.
fn digits_of(x: f64, half: f64) -> String {
    let size = x.abs().max(half);
    if half == 0.0 || !half.is_finite() || !(1e-4..1e7).contains(&size) {
        return four_digits(x);
    }
    // A half-width of 0.01 may have come out as 0.00999...9.
    let digits = (1 - (half.log10() + 1e-9).floor() as i32).clamp(0, 8) as usize;
    format!("{x:.digits$}")
}

/// The scale for a value with perhaps a half-width: the larger of the two decides.
pub(crate) fn scale_for(value: f64, half: Option<f64>, unit: Unit) -> UnitScale {
    UnitScale::of(value.abs().max(half.unwrap_or(0.0)), unit)
}

/// `4.003 ± 0.021 ms`, or `4.003 ms` without an interval.
pub(crate) fn plus_minus(value: f64, half: Option<f64>, unit: Unit) -> String {
    let scale = scale_for(value, half, unit);
    match half {
        Some(half) => scale.print_pair(value, half),
        None => scale.print(value),
    }
}

/// How far the ends of an interval may differ in their distance from the value to be printed as one half-width.
const SYMMETRIC: f64 = 1.25;

/// `4.003 ± 0.021 ms`; `68.0 (61.2 to 79.3) s` where the ends lie at clearly different distances, `68.0 (at least 61.2) s`
/// where one is not known.
pub(crate) fn within(found: &Interval, unit: Unit) -> String {
    let Interval { value, low, high } = *found;
    let reach = low.map(|low| value - low).into_iter().chain(high.map(|high| high - value)).reduce(f64::max);
    in_scale(found, scale_for(value, reach, unit))
}

fn in_scale(found: &Interval, scale: UnitScale) -> String {
    let Interval { value, low, high } = *found;
    let (below, above) = (low.map(|low| value - low), high.map(|high| high - value));
    let digits = |half: f64| move |x: f64| scale.pair(x, half)[0].clone();
    match (below, above) {
        (Some(0.0), Some(a)) if a > 0.0 => {
            scale.with_suffix([value, value + a].map(digits(a)).join(" (at most ") + ")")
        }
        (Some(b), Some(0.0)) if b > 0.0 => {
            scale.with_suffix([value, value - b].map(digits(b)).join(" (at least ") + ")")
        }
        (Some(b), Some(a)) if b.max(a) <= SYMMETRIC * b.min(a) => scale.print_pair(value, (a + b) / 2.0),
        (Some(b), Some(a)) => {
            let [value, low, high] = [value, value - b, value + a].map(digits((a + b) / 2.0));
            scale.with_suffix(format!("{value} ({low} to {high})"))
        }
        (Some(b), None) => scale.with_suffix([value, value - b].map(digits(b)).join(" (at least ") + ")"),
        (None, Some(a)) => scale.with_suffix([value, value + a].map(digits(a)).join(" (at most ") + ")"),
        (None, None) => scale.print(value),
    }
}

/// The number of a row with its interval, if it has one.
pub(crate) fn number(row: &Row) -> Option<String> {
    row.value.map(|value| within(&Interval { value, low: row.low, high: row.high }, row.unit))
}

/// `4.00312 ms`: a number of theory by itself.
pub(crate) fn exact(value: f64, unit: Unit) -> String {
    UnitScale::of(value.abs(), unit).print_exact(value)
}

/// Half the width of an interval, if it has one.
pub(crate) fn half_width(interval: &Interval) -> Option<f64> {
    Some((interval.high? - interval.low?) / 2.0)
}

/// `98.20 ± 0.11 %`.
pub(crate) fn percent(share: &Interval) -> String {
    in_scale(share, UnitScale::PERCENT)
}

/// `98.20 %` and `0.11 %`, the half-width only where there is one.
pub(crate) fn percent_pair(share: &Interval) -> (String, Option<String>) {
    let scale = UnitScale::PERCENT;
    match half_width(share) {
        Some(half) => {
            let [value, half] = scale.pair(share.value, half);
            (scale.with_suffix(value), Some(scale.with_suffix(half)))
        }
        None => (scale.print(share.value), None),
    }
}

/// `4.003 ± 0.021 ms`.
pub(crate) fn time(interval: &Interval) -> String {
    within(interval, Unit::Seconds)
}

/// `1,204,113`.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Messages in a sentence: `180,000`; with one decimal where they are few, if it says anything.
pub(crate) fn messages(x: f64) -> String {
    if x.abs() < 1000.0 {
        let shown = format!("{x:.1}");
        return shown.strip_suffix(".0").map_or(shown.clone(), str::to_string);
    }
    if x >= 1e15 {
        return four_digits(x);
    }
    count(x.round_ties_even() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lopsided_and_open_intervals_show_their_ends() {
        let shown = |low, high| within(&Interval { value: 0.068, low, high }, Unit::Seconds);
        assert_eq!(shown(Some(0.0612), Some(0.0793)), "68.0 (61.2 to 79.3) ms");
        assert_eq!(shown(Some(0.066), Some(0.0701)), "68.0 ± 2.0 ms");
        assert_eq!(shown(Some(0.0612), None), "68.0 (at least 61.2) ms");
        assert_eq!(shown(None, None), "68.00 ms");
        let none_seen = Interval { value: 0.0, low: Some(0.0), high: Some(3.1e-5) };
        assert_eq!(within(&none_seen, Unit::One), "0 (at most 3.100e-5)");
    }

    #[test]
    fn value_and_half_width_share_scale_and_digits() {
        assert_eq!(plus_minus(0.004003, Some(0.000021), Unit::Seconds), "4.003 ± 0.021 ms");
        assert_eq!(plus_minus(0.8, Some(0.0123), Unit::One), "0.800 ± 0.012");
        assert_eq!(plus_minus(120.04, Some(0.34), Unit::PerSecond), "120.04 ± 0.34 /s");
        assert_eq!(plus_minus(5400.0, Some(60.0), Unit::Seconds), "90.0 ± 1.0 min");
    }

    #[test]
    fn a_wide_interval_decides_the_scale() {
        assert_eq!(plus_minus(0.00002, Some(0.003), Unit::Seconds), "0.0 ± 3.0 ms");
    }

    #[test]
    fn degenerate_intervals_print_four_digits() {
        assert_eq!(plus_minus(0.04, None, Unit::Seconds), "40.00 ms");
        assert_eq!(plus_minus(0.04, Some(0.0), Unit::Seconds), "40.00 ± 0 ms");
        assert_eq!(plus_minus(0.0, Some(0.0), Unit::Seconds), "0 ± 0 s");
        assert_eq!(plus_minus(1.2e-6, Some(3e-7), Unit::One), "1.200e-6 ± 3.000e-7");
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_204_113), "1,204,113");
    }

    #[test]
    fn messages_read_well() {
        assert_eq!([180_000.0, 12.5, 7.0].map(messages), ["180,000", "12.5", "7"]);
    }

    #[test]
    fn shares_are_percent() {
        let share = Interval { value: 0.982, low: Some(0.981), high: Some(0.983) };
        assert_eq!(percent(&share), "98.20 ± 0.10 %");
        assert_eq!(percent(&Interval { value: 1.0, low: None, high: None }), "100.0 %");
    }
}
