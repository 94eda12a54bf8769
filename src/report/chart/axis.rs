//! Axes: the range of a quantity, its ticks in readable units, and where a value lies.
//! Knows nothing of drawing.

use crate::units::{duration_scale, four_digits};

/// One axis of a panel; values are in base units (seconds, messages, probabilities).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub title: String,
    pub min: f64,
    pub max: f64,
    pub log: bool,
    /// Value and label.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From zero to `max`, with about `n` ticks at round numbers.
    pub(super) fn linear(title: &str, max: f64, n: usize) -> Axis {
        let max = positive(max);
        Axis { title: title.into(), min: 0.0, max, log: false, ticks: ticks(max, 1.0, n) }
    }

    /// From zero to `max` seconds; ticks and title in the unit that suits.
    pub(super) fn duration(title: &str, max: f64, n: usize) -> Axis {
        let max = positive(max);
        let (scale, unit) = duration_scale(max);
        Axis { title: format!("{title} ({unit})"), min: 0.0, max, log: false, ticks: ticks(max, scale, n) }
    }

    /// Durations over several decades.
    pub(super) fn log_duration(title: &str, min: f64, max: f64) -> Axis {
        let max = positive(max);
        let min = if min > 0.0 { min.min(max / 10.0) } else { max / 1000.0 };
        let decades = (min.log10().ceil() as i32)..=(max.log10().floor() as i32);
        let label = |e: i32| {
            let seconds = power(e);
            // The power itself may lie a hair below the limit of its unit.
            let (scale, unit) = duration_scale(seconds * 1.001);
            (seconds, format!("{} {unit}", tick_label(seconds * scale, seconds * scale)))
        };
        Axis { title: format!("{title} (log)"), min, max, log: true, ticks: decades.map(label).collect() }
    }

    /// 1/(1 - p) on a log scale from p = 0, labelled with the percentiles themselves.
    pub(super) fn percentile(max: f64) -> Axis {
        let max = if max.is_finite() { max.max(10.0) } else { 1e6 };
        let mut ticks = vec![(1.0, "0 %".to_string()), (2.0, "50 %".to_string())];
        for nines in 1..=12 {
            let digits = usize::max(nines, 2) - 2;
            let percent = 100.0 * (1.0 - power(-(nines as i32)));
            ticks.push((power(nines as i32), format!("{percent:.digits$} %")));
        }
        ticks.retain(|t| t.0 <= max * 1.000_001);
        Axis { title: "percentile".into(), min: 1.0, max, log: true, ticks }
    }

    /// A probability on a log scale, down to the decade below `min`.
    pub(super) fn probability(title: &str, min: f64) -> Axis {
        let least = if min > 0.0 { min.max(1e-9) } else { 1e-9 };
        let decade = (least.log10().floor() as i32).min(-1);
        let label = |e: i32| (power(e), format!("{} %", tick_label(power(e + 2), power(e + 2))));
        let ticks = (decade..=0).map(label).collect();
        Axis { title: title.into(), min: power(decade), max: 1.0, log: true, ticks }
    }

    /// Leaves room above the largest value.
    pub(super) fn with_headroom(mut self, share: f64) -> Axis {
        self.max *= 1.0 + share;
        self
    }

    /// Whether a value lies on the axis.
    pub(super) fn holds(&self, v: f64) -> bool {
        let slack = 1e-9 * (self.max - self.min);
        v.is_finite() && v >= self.min - slack && v <= self.max + slack
    }

    /// Where a value lies between the pixels of `min` and `max`; outside values at the ends.
    pub(super) fn pixel(&self, v: f64, from: f64, to: f64) -> f64 {
        let v = v.clamp(self.min, self.max);
        let share = if self.log {
            (v / self.min).ln() / (self.max / self.min).ln()
        } else {
            (v - self.min) / (self.max - self.min)
        };
        from + (to - from) * if share.is_finite() { share } else { 0.0 }
    }
}

/// A usable length of an axis: an axis of nothing reaches to one.
fn positive(max: f64) -> f64 {
    if max.is_finite() && max > f64::MIN_POSITIVE { max } else { 1.0 }
}

/// A power of ten through text, so that it is the nearest double.
fn power(e: i32) -> f64 {
    format!("1e{e}").parse().expect("a power of ten is a number")
}

/// Multiples of 1, 2 or 5 times a power of ten from zero to `max` (times `scale`).
fn ticks(max: f64, scale: f64, n: usize) -> Vec<(f64, String)> {
    let end = max * scale;
    let raw = end / n.max(1) as f64;
    let magnitude = 10f64.powi(raw.log10().floor() as i32);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * magnitude);
    let off = |step: f64| (step / raw).ln().abs();
    let step = steps.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(raw);
    if !(step.is_finite() && step > 0.0) {
        return vec![(0.0, "0".into())];
    }
    let count = (end / step * (1.0 + 1e-9)).floor().min(50.0) as usize;
    (0..=count).map(|i| i as f64 * step).map(|v| (v / scale, tick_label(v, step))).collect()
}

/// A number with the digits its step needs.
fn tick_label(v: f64, step: f64) -> String {
    if v == 0.0 {
        return "0".into();
    }
    if v.abs() >= 1e7 || step < 1e-6 {
        return format!("{v:.1e}").replace(".0e", "e");
    }
    let digits = (-(step.log10() + 1e-9).floor()).clamp(0.0, 8.0) as usize;
    if digits == 0 && v.fract() != 0.0 { four_digits(v) } else { format!("{v:.digits$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|t| t.1.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers_in_readable_units() {
        assert_eq!(labels(&Axis::linear("n", 10.0, 5)), ["0", "2", "4", "6", "8", "10"]);
        let axis = Axis::duration("time", 0.25, 5);
        assert_eq!(labels(&axis), ["0", "50", "100", "150", "200", "250"]);
        assert_eq!(axis.title, "time (ms)");
        assert_eq!(axis.ticks[5].0, 0.25);
        assert_eq!(Axis::duration("time", 3600.0, 6).title, "time (min)");
        assert_eq!(labels(&Axis::linear("n", 0.9, 4)), ["0", "0.2", "0.4", "0.6", "0.8"]);
        assert_eq!(labels(&Axis::duration("time", 5400.0, 4)), ["0", "20", "40", "60", "80"]);
    }

    #[test]
    fn percentiles_are_evenly_spaced_in_nines() {
        let axis = Axis::percentile(1e4);
        assert_eq!(labels(&axis), ["0 %", "50 %", "90 %", "99 %", "99.9 %", "99.99 %"]);
        assert!((axis.pixel(100.0, 0.0, 400.0) - 200.0).abs() < 1e-9);
        assert!((axis.pixel(1000.0, 0.0, 400.0) - 300.0).abs() < 1e-9);
    }

    #[test]
    fn probabilities_are_labelled_in_percent() {
        assert_eq!(labels(&Axis::probability("P", 0.004)), ["0.1 %", "1 %", "10 %", "100 %"]);
        assert_eq!(labels(&Axis::probability("P", 1.0)), ["10 %", "100 %"]);
    }

    #[test]
    fn decades_of_time_change_their_unit() {
        assert_eq!(labels(&Axis::log_duration("t", 0.005, 20.0)), ["10 ms", "100 ms", "1 s", "10 s"]);
    }

    #[test]
    fn no_range_is_too_odd() {
        for max in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300, 1e300, f64::MIN_POSITIVE, 5e-324] {
            for axis in [Axis::linear("n", max, 5), Axis::duration("t", max, 5), Axis::log_duration("t", 0.0, max)] {
                assert!(axis.max > axis.min, "{max}: {axis:?}");
                assert!(axis.pixel(max, 0.0, 100.0).is_finite() || max.is_nan());
            }
            assert!(!Axis::percentile(max).ticks.is_empty());
            assert!(!Axis::probability("P", max).ticks.is_empty());
        }
    }
}
