//! Quantities with units: how durations and rates are read from text and printed. Inside the library a
//! duration is an `f64` in seconds and a rate an `f64` per second; this file is the only place where
//! other units exist.

use std::fmt;

/// Unit of a reported number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Seconds squared: variances of times.
    #[serde(rename = "s^2")]
    SecondsSquared,
    /// Per second.
    #[serde(rename = "1/s")]
    PerSecond,
    /// Dimensionless: counts, fractions, erlangs.
    #[serde(rename = "1")]
    One,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Seconds => "s",
            Unit::SecondsSquared => "s^2",
            Unit::PerSecond => "1/s",
            Unit::One => "1",
        })
    }
}

/// Why a text that a person wrote cannot be read, or leads to nothing: a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TextError(String);

impl TextError {
    /// The same of what is named before it.
    ///
    /// ```
    /// let why = lindley::units::TextError::from("a rate is wanted");
    /// assert_eq!(why.about("arrivals").to_string(), "arrivals: a rate is wanted");
    /// ```
    pub fn about(self, what: impl fmt::Display) -> TextError {
        TextError(format!("{what}: {self}"))
    }
}

impl From<String> for TextError {
    fn from(why: String) -> TextError {
        TextError(why)
    }
}

impl From<&str> for TextError {
    fn from(why: &str) -> TextError {
        TextError(why.to_string())
    }
}

impl From<UnitError> for TextError {
    fn from(why: UnitError) -> TextError {
        TextError(why.to_string())
    }
}

impl From<TextError> for String {
    fn from(TextError(why): TextError) -> String {
        why
    }
}

/// Why a text is not a quantity of the wanted kind.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UnitError {
    /// No number at the start of the text.
    #[error("`{0}` does not start with a number")]
    NotANumber(String),
    /// The number is followed by a unit that does not exist; the known ones are listed.
    #[error("`{unit}` is not a unit; known are {known}")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
        /// What would have been understood.
        known: &'static str,
    },
    /// A rate was given where a duration is wanted.
    #[error("`{0}` is a rate, a duration is wanted")]
    RateForDuration(String),
    /// A duration was given where a rate is wanted.
    #[error("`{0}` is a duration, a rate is wanted")]
    DurationForRate(String),
    /// Not finite, or below zero.
    #[error("{0} is negative or not finite")]
    OutOfRange(f64),
}

const DURATIONS: &str = "ns, us, ms, s, min, h, d";
const RATES: &str = "/s, /min, /h, /d (and 1/ns, 1/us, 1/ms)";

fn seconds_in(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-9,
        "us" | "µs" | "μs" => 1e-6,
        "ms" => 1e-3,
        "s" | "sec" | "second" | "seconds" => 1.0,
        "min" | "m" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    })
}

/// Splits `1_200.5e3 ms` into the number and what follows it.
fn split_number(text: &str) -> Result<(f64, &str), UnitError> {
    let text = text.trim();
    let is_part = |(i, c): (usize, char)| {
        c.is_ascii_digit()
            || matches!(c, '.' | '_')
            || (matches!(c, '+' | '-') && (i == 0 || matches!(text.as_bytes()[i - 1], b'e' | b'E')))
            || (matches!(c, 'e' | 'E')
                && text[i + 1..].starts_with(|d: char| d.is_ascii_digit() || d == '-' || d == '+'))
    };
    let end = text.char_indices().find(|&at| !is_part(at)).map_or(text.len(), |(i, _)| i);
    let number = text[..end].replace('_', "");
    let value = number.parse().map_err(|_| UnitError::NotANumber(text.to_string()))?;
    Ok((value, text[end..].trim()))
}

fn non_negative(x: f64) -> Result<f64, UnitError> {
    if x.is_finite() && x >= 0.0 { Ok(x) } else { Err(UnitError::OutOfRange(x)) }
}

/// Reads a share as percent or as a number; `None` where it is neither, or not finite.
///
/// ```
/// use lindley::units::parse_share;
/// // Through text, so that 99.9 % is the double nearest to 0.999.
/// assert_eq!((parse_share("99.9%"), parse_share(" 0.05 "), parse_share("much")), (Some(0.999), Some(0.05), None));
/// ```
pub fn parse_share(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = text.strip_suffix('%').map_or(text.to_string(), |percent| format!("{}e-2", percent.trim()));
    number.parse().ok().filter(|x: &f64| x.is_finite())
}

/// Reads a duration; the result is in seconds, finite and not negative.
///
/// A number without a unit is seconds.
///
/// ```
/// use lindley::units::parse_duration;
/// assert_eq!(parse_duration("40ms").unwrap(), 0.04);
/// assert_eq!(parse_duration("2 min").unwrap(), 120.0);
/// assert!(parse_duration("40/s").is_err());
/// assert!(parse_duration("-1s").is_err());
/// ```
pub fn parse_duration(text: &str) -> Result<f64, UnitError> {
    let (value, unit) = split_number(text)?;
    if unit.contains('/') || unit.starts_with("per ") {
        return Err(UnitError::RateForDuration(text.trim().to_string()));
    }
    let scale = if unit.is_empty() { Some(1.0) } else { seconds_in(unit) };
    match scale {
        Some(scale) => non_negative(value * scale),
        None => Err(UnitError::UnknownUnit { unit: unit.to_string(), known: DURATIONS }),
    }
}

/// Reads a rate; the result is per second, finite and not negative.
///
/// A number without a unit is per second.
///
/// ```
/// use lindley::units::parse_rate;
/// assert_eq!(parse_rate("1_200/s").unwrap(), 1200.0);
/// assert_eq!(parse_rate("90/min").unwrap(), 1.5);
/// assert_eq!(parse_rate("120 per hour").unwrap(), 120.0 / 3600.0);
/// assert!(parse_rate("40ms").is_err());
/// ```
pub fn parse_rate(text: &str) -> Result<f64, UnitError> {
    let (value, unit) = split_number(text)?;
    if unit.is_empty() {
        return non_negative(value);
    }
    let Some(per) = unit.strip_prefix('/').or_else(|| unit.strip_prefix("per ")) else {
        return Err(match seconds_in(unit) {
            Some(_) => UnitError::DurationForRate(text.trim().to_string()),
            None => UnitError::UnknownUnit { unit: unit.to_string(), known: RATES },
        });
    };
    match seconds_in(per.trim()) {
        Some(scale) => non_negative(value / scale),
        None => Err(UnitError::UnknownUnit { unit: unit.to_string(), known: RATES }),
    }
}

/// The factor from seconds and the name of the unit in which a duration is best printed.
///
/// ```
/// use lindley::units::duration_scale;
/// assert_eq!(duration_scale(0.04), (1e3, "ms"));
/// assert_eq!(duration_scale(0.0), (1.0, "s"));
/// ```
pub fn duration_scale(seconds: f64) -> (f64, &'static str) {
    match seconds.abs() {
        0.0 => (1.0, "s"),
        x if x < 1e-6 => (1e9, "ns"),
        x if x < 1e-3 => (1e6, "us"),
        x if x < 1.0 => (1e3, "ms"),
        x if x < 600.0 => (1.0, "s"),
        x if x < 7200.0 => (1.0 / 60.0, "min"),
        x if x < 172_800.0 => (1.0 / 3600.0, "h"),
        _ => (1.0 / 86_400.0, "d"),
    }
}

/// Prints a duration in the unit that keeps the number between 1 and 1000.
///
/// ```
/// use lindley::units::format_duration;
/// assert_eq!(format_duration(0.04), "40.00 ms");
/// assert_eq!(format_duration(0.0), "0 s");
/// assert_eq!(format_duration(90.0), "90.00 s");
/// assert_eq!(format_duration(7200.0), "2.000 h");
/// ```
pub fn format_duration(seconds: f64) -> String {
    let (scale, unit) = duration_scale(seconds);
    format!("{} {unit}", four_digits(seconds * scale))
}

/// Prints a duration without needless zeros, for sentences.
///
/// ```
/// use lindley::units::short_duration;
/// assert_eq!(short_duration(720.0), "12 min");
/// assert_eq!(short_duration(1.629), "1.629 s");
/// assert_eq!(short_duration(0.0), "0 s");
/// ```
pub fn short_duration(seconds: f64) -> String {
    let (scale, unit) = duration_scale(seconds);
    format!("{} {unit}", without_zeros(&four_digits(seconds * scale)))
}

/// Prints a rate without needless zeros, for sentences.
///
/// ```
/// use lindley::units::short_rate;
/// assert_eq!(short_rate(250.0), "250/s");
/// assert_eq!(short_rate(1e9), "1.000e9/s");
/// ```
pub fn short_rate(per_second: f64) -> String {
    format!("{}/s", without_zeros(&four_digits(per_second)))
}

fn without_zeros(number: &str) -> &str {
    let fraction = number.contains('.') && !number.contains('e');
    if fraction { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// Prints a number with four significant digits, in scientific form when very large or small.
///
/// ```
/// use lindley::units::four_digits;
/// assert_eq!(four_digits(3.14159), "3.142");
/// assert_eq!(four_digits(0.0), "0");
/// assert_eq!(four_digits(1.25e-7), "1.250e-7");
/// ```
pub fn four_digits(x: f64) -> String {
    significant(x, 4)
}

/// Prints a number with that many significant digits, in scientific form when very large or small.
///
/// ```
/// use lindley::units::significant;
/// assert_eq!(significant(2.0 / 3.0, 6), "0.666667");
/// assert_eq!(significant(1.25e-7, 2), "1.2e-7");
/// ```
pub fn significant(x: f64, digits: u8) -> String {
    let (size, after) = (x.abs(), i32::from(digits) - 1);
    if size == 0.0 {
        "0".to_string()
    } else if !(1e-4..1e7).contains(&size) {
        format!("{x:.*e}", after.max(0) as usize)
    } else {
        let decimals = (after - size.log10().floor() as i32).clamp(0, 4 + after) as usize;
        format!("{x:.decimals$}")
    }
}

/// Prints a number with its unit: durations scaled, rates per second, counts bare.
///
/// ```
/// use lindley::units::{format_quantity, Unit};
/// assert_eq!(format_quantity(120.0, Unit::PerSecond), "120.0 /s");
/// assert_eq!(format_quantity(0.8, Unit::One), "0.8000");
/// ```
pub fn format_quantity(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => format_duration(value),
        Unit::SecondsSquared => format!("{} s^2", four_digits(value)),
        Unit::PerSecond => format!("{} /s", four_digits(value)),
        Unit::One => four_digits(value),
    }
}

/// Prints a number with its unit so that reading the text gives back the same number to the last bit.
///
/// ```
/// use lindley::units::{Unit, exact_quantity};
/// assert_eq!(exact_quantity(0.05, Unit::Seconds), "50ms");
/// assert_eq!(exact_quantity(90.0, Unit::Seconds), "90s");
/// assert_eq!(exact_quantity(1.0 / 3.0, Unit::Seconds), "0.3333333333333333s");
/// assert_eq!(exact_quantity(100.0, Unit::PerSecond), "100/s");
/// assert_eq!(exact_quantity(1e-6, Unit::One), "0.000001");
/// ```
pub fn exact_quantity(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => exact_duration(value),
        Unit::SecondsSquared => format!("{}s^2", exact_number(value)),
        Unit::PerSecond => format!("{}/s", exact_number(value)),
        Unit::One => exact_number(value),
    }
}

fn exact_number(x: f64) -> String {
    if x == 0.0 || (1e-6..1e15).contains(&x.abs()) { format!("{x}") } else { format!("{x:e}") }
}

/// In the usual unit where few digits say it, else in seconds.
fn exact_duration(seconds: f64) -> String {
    let (scale, unit) = duration_scale(seconds);
    let short = format!("{:.12e}", seconds * scale).parse::<f64>().map(|x| format!("{}{unit}", exact_number(x)));
    short.ok().filter(|text| parse_duration(text) == Ok(seconds)).unwrap_or(format!("{}s", exact_number(seconds)))
}
