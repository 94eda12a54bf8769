//! Words for what the pointer finds and cells for tables: numbers with their units.

use crate::units::{Unit, duration_scale, significant};

/// Factor and suffix in which a value of that unit reads well.
pub(super) fn scale(v: f64, unit: Unit) -> (f64, &'static str) {
    match unit {
        Unit::Seconds => duration_scale(v),
        Unit::SecondsSquared => (1.0, "s^2"),
        Unit::PerSecond => (1.0, "/s"),
        Unit::One => (1.0, ""),
    }
}

fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_string() } else { format!("{number} {unit}") }
}

/// A number as one would type it: no zeros at the end.
pub(super) fn short(v: f64, digits: u8) -> String {
    let text = significant(v, digits);
    let (number, exponent) = text.split_once('e').map_or((text.as_str(), String::new()), |(n, e)| (n, format!("e{e}")));
    if !number.contains('.') {
        return text;
    }
    format!("{}{exponent}", number.trim_end_matches('0').trim_end_matches('.'))
}

/// `120 /s`, `40 ms`, `8`.
pub(in crate::report) fn plain(v: f64, unit: Unit) -> String {
    let (factor, suffix) = scale(v, unit);
    with_unit(&short(v * factor, 6), suffix)
}

/// At most three digits, for a cell of a map.
pub(in crate::report) fn brief(v: f64, unit: Unit) -> String {
    let (factor, suffix) = scale(v, unit);
    with_unit(&short(v * factor, 3), suffix)
}

/// Two digits, for a half-width.
pub(super) fn rough(v: f64, unit: Unit) -> String {
    let (factor, suffix) = scale(v, unit);
    with_unit(&short(v * factor, 2), suffix)
}

/// `40.03 ms (39.82 to 40.24 ms)`.
pub(super) fn estimate(v: f64, interval: Option<(f64, f64)>, unit: Unit) -> String {
    let (factor, suffix) = scale(v, unit);
    let number = with_unit(&short(v * factor, 4), suffix);
    match interval {
        Some((low, high)) => {
            let to = with_unit(&short(high * factor, 4), suffix);
            format!("{number} ({} to {to})", short(low * factor, 4))
        }
        None => number,
    }
}

/// Parts that say something, a line each.
pub(super) fn lines(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
    said.join("\n")
}

/// The name of a column with the unit of its numbers.
pub(super) fn column(title: &str, unit: Unit) -> String {
    match unit {
        Unit::One => title.to_string(),
        unit => format!("{title} ({unit})"),
    }
}

/// A number in full precision; empty where there is none.
pub(super) fn cell(v: Option<f64>) -> String {
    v.filter(|v| v.is_finite()).map_or(String::new(), |v| v.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_one_would_type_them() {
        assert_eq!(plain(8.0, Unit::One), "8");
        assert_eq!(plain(0.04, Unit::Seconds), "40 ms");
        assert_eq!(plain(120.5, Unit::PerSecond), "120.5 /s");
        assert_eq!(plain(1.25e9, Unit::One), "1.25e9");
        assert_eq!(estimate(0.04, Some((0.0391, 0.0411)), Unit::Seconds), "40 ms (39.1 to 41.1 ms)");
        assert_eq!(estimate(100.0, None, Unit::One), "100");
        assert_eq!(cell(Some(0.1 + 0.2)), "0.30000000000000004");
        assert_eq!(cell(Some(f64::NAN)), "");
    }
}
