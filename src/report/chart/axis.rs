//! Axes: the range of a quantity, its ticks in readable units, and where a value lies.

use super::canvas::{Anchor, Canvas, GRID, Position, TEXT, text_width};
use super::forms::Scale;
use super::say;
use crate::units::{Unit, duration_scale, four_digits};

/// Size of tick labels.
const SMALL: f64 = 11.0;

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
        Axis { title: title.into(), min: 0.0, max, log: false, ticks: ticks((0.0, max), 1.0, n, false) }
    }

    /// From zero to `max` seconds; ticks and title in the unit that suits.
    pub(super) fn duration(title: &str, max: f64, n: usize) -> Axis {
        let max = positive(max);
        let (scale, unit) = duration_scale(max);
        let ticks = ticks((0.0, max), scale, n, false);
        Axis { title: format!("{title} ({unit})"), min: 0.0, max, log: false, ticks }
    }

    /// Durations over several decades.
    pub(super) fn log_duration(title: &str, min: f64, max: f64) -> Axis {
        let max = positive(max);
        let min = if min > 0.0 { min.min(max / 10.0) } else { max / 1000.0 };
        let decades = (min.log10().ceil() as i32)..=(max.log10().floor() as i32);
        let label = |e: i32| (power(e), log_label(power(e), Unit::Seconds));
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

    /// Around the values from `range.0` to `range.1`, with about `n` ticks. Starts at zero unless
    /// that leaves the lower part of the axis empty.
    pub(super) fn around(scale: &Scale, range: (f64, f64), n: usize) -> Axis {
        Axis::fitted(scale, range, 0.4, (n, false))
    }

    /// As [`Axis::around`], for a parameter: closer to its values; `whole` allows only whole ticks.
    pub(super) fn across(scale: &Scale, range: (f64, f64), n: usize, whole: bool) -> Axis {
        Axis::fitted(scale, range, 0.12, (n, whole))
    }

    fn fitted(scale: &Scale, range: (f64, f64), near: f64, (n, whole): (usize, bool)) -> Axis {
        // Beyond, sums and products of the ends overflow.
        let range = (range.0.clamp(-1e300, 1e300), range.1.clamp(-1e300, 1e300));
        let (min, max) = padded(range, near);
        if scale.log {
            return Axis::decades(scale, range);
        }
        let (factor, unit) = say::scale(min.abs().max(max.abs()), scale.unit);
        let title = if unit.is_empty() { scale.title.clone() } else { format!("{} ({unit})", scale.title) };
        Axis { title, min, max, log: false, ticks: ticks((min, max), factor, n, whole) }
    }

    fn decades(scale: &Scale, range: (f64, f64)) -> Axis {
        let max = positive(range.1);
        let min = if range.0 > 0.0 { range.0.clamp(max * 1e-15, max) } else { max / 1e3 };
        let pad = (max / min).powf(0.06).max(1.1);
        let (min, max) = (min / pad, max * pad);
        let title = match scale.unit {
            Unit::PerSecond => format!("{} (/s, log)", scale.title),
            Unit::SecondsSquared => format!("{} (s^2, log)", scale.title),
            Unit::Seconds | Unit::One => format!("{} (log)", scale.title),
        };
        let ticks = log_ticks(min, max).into_iter().map(|v| (v, log_label(v, scale.unit))).collect();
        Axis { title, min, max, log: true, ticks }
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

    /// The ticks that lie on the axis.
    pub(super) fn shown(&self) -> impl DoubleEndedIterator<Item = &(f64, String)> {
        self.ticks.iter().filter(|tick| self.holds(tick.0))
    }

    /// Draws the grid lines of an upright axis between two corners, with labels at the left.
    pub(super) fn rows(&self, canvas: &Canvas, (left, bottom): Position, (right, top): Position) {
        for (value, label) in self.shown() {
            let y = self.pixel(*value, bottom, top);
            canvas.line(&[(left, y), (right, y)], GRID, 1.0);
            canvas.text(label, (left - 7.0, y), SMALL, TEXT, Anchor::Right);
        }
    }

    /// Draws the grid lines of a lying axis between two corners, with labels `drop` below where there is room.
    pub(super) fn columns(&self, canvas: &Canvas, (left, bottom): Position, (right, top): Position, drop: f64) {
        let mut free = f64::NEG_INFINITY;
        for (value, label) in self.shown() {
            let (x, half) = (self.pixel(*value, left, right), text_width(label, SMALL) / 2.0);
            canvas.line(&[(x, top), (x, bottom)], GRID, 1.0);
            if x - half > free {
                canvas.text(label, (x, bottom + drop), SMALL, TEXT, Anchor::Centre);
                free = x + half + 6.0;
            }
        }
    }

    /// Where a value lies between the pixels of `min` and `max`; outside values at the ends.
    pub(super) fn pixel(&self, v: f64, from: f64, to: f64) -> f64 {
        self.free(v.clamp(self.min, self.max), from, to)
    }

    /// As [`Axis::pixel`], but outside values lie outside.
    pub(super) fn free(&self, v: f64, from: f64, to: f64) -> f64 {
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

/// A range with some air around its values; from zero where they start below that share of the largest.
fn padded((min, max): (f64, f64), near: f64) -> (f64, f64) {
    let size = min.abs().max(max.abs());
    if !(size.is_finite() && size > 1e-300) {
        return (0.0, 1.0);
    }
    // Differences that doubles can barely tell apart are no range.
    let width = if max - min > 1e-9 * size { max - min } else { 0.2 * size };
    let pad = 0.07 * width;
    match (min, max) {
        _ if min >= 0.0 && min <= near * max => (0.0, max + 0.06 * max),
        _ if max - min <= 1e-9 * size => (min - width / 2.0, max + width / 2.0),
        _ if min >= 0.0 => ((min - pad).max(0.0), max + pad),
        _ => (min - pad, max + pad),
    }
}

/// Multiples of 1, 2 or 5 times a power of ten between two values (times `scale`).
fn ticks((min, max): (f64, f64), scale: f64, n: usize, whole: bool) -> Vec<(f64, String)> {
    let (start, end) = (min * scale, max * scale);
    let raw = (end - start) / n.max(1) as f64;
    let magnitude = 10f64.powi(raw.log10().floor() as i32);
    let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * magnitude);
    let off = |step: f64| (step / raw).ln().abs();
    let step = steps.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(raw);
    let step = if whole { step.max(1.0) } else { step };
    if !(step.is_finite() && step > 0.0) {
        return vec![(0.0, "0".into())];
    }
    let first = (start / step - 1e-9).ceil();
    let count = (end / step + 1e-9 - first).floor().clamp(0.0, 50.0) as usize;
    let at = |i: usize| (first + i as f64) * step;
    (0..=count).map(at).map(|v| (v / scale, tick_label(v, step))).collect()
}

/// Powers of ten, with their multiples of 2 and 5 over few decades; over less than one, round numbers.
fn log_ticks(min: f64, max: f64) -> Vec<f64> {
    let decades = (max / min).log10();
    let every = (decades / 8.0).ceil().max(1.0) as i32;
    let exponents = (min.log10().floor() as i32)..=(max.log10().ceil() as i32);
    let multiples: &[f64] = if decades < 2.7 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let powers = exponents.filter(|e| e.rem_euclid(every) == 0);
    let round = powers.flat_map(|e| multiples.iter().map(move |m| m * power(e)));
    let inside: Vec<f64> = round.filter(|v| (min..=max).contains(v)).collect();
    if inside.len() > 1 { inside } else { ticks((min, max), 1.0, 4, false).into_iter().map(|t| t.0).collect() }
}

/// A tick of a log axis: durations carry their own unit.
fn log_label(v: f64, unit: Unit) -> String {
    let short = |v: f64| Some(trimmed(v)).filter(|text| !text.contains('e')).unwrap_or_else(|| tick_label(v, v));
    if unit != Unit::Seconds {
        return short(v);
    }
    // A power of ten may lie a hair below the limit of its unit.
    let (scale, unit) = duration_scale(v * 1.001);
    format!("{} {unit}", short(v * scale))
}

/// Three digits at most, without zeros at the end.
fn trimmed(v: f64) -> String {
    let text = crate::units::significant(v, 3);
    if !text.contains('.') || text.contains('e') {
        return text.replace(".00e", "e");
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A number with the digits its step needs.
fn tick_label(v: f64, step: f64) -> String {
    if v == 0.0 {
        return "0".into();
    }
    if v.abs() >= 1e7 || step < 1e-6 {
        let digits = (v.abs().log10().floor() - step.log10().floor()).clamp(1.0, 12.0) as usize;
        return format!("{v:.digits$e}").replace(".0e", "e");
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
