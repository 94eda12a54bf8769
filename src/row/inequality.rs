//! Signs of comparison and the amounts behind them, as they are typed.

use super::metric::Metric;
use crate::units::{TextError, Unit, UnitError, parse_duration, parse_rate, parse_share};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which side of a bound is good, and whether the bound itself is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Inequality {
    /// `<`.
    #[serde(rename = "<")]
    Below,
    /// `<=`.
    #[serde(rename = "<=")]
    AtMost,
    /// `>`.
    #[serde(rename = ">")]
    Above,
    /// `>=`.
    #[serde(rename = ">=")]
    AtLeast,
}

impl Inequality {
    const TEXTS: [(&'static str, Inequality); 6] = [
        ("<=", Inequality::AtMost),
        (">=", Inequality::AtLeast),
        ("≤", Inequality::AtMost),
        ("≥", Inequality::AtLeast),
        ("<", Inequality::Below),
        (">", Inequality::Above),
    ];

    /// The sign at the start of a text, and what follows.
    pub fn split(text: &str) -> Option<(Inequality, &str)> {
        let text = text.trim_start();
        Inequality::TEXTS.into_iter().find_map(|(sign, inequality)| Some((inequality, text.strip_prefix(sign)?.trim())))
    }

    /// Whether the bound is an upper one: smaller is better.
    pub fn is_upper(self) -> bool {
        matches!(self, Inequality::Below | Inequality::AtMost)
    }

    /// Whether the bound itself is on the bad side.
    pub fn is_strict(self) -> bool {
        matches!(self, Inequality::Below | Inequality::Above)
    }

    /// Whether a value is on the good side of a bound.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Inequality::Below => value < bound,
            Inequality::AtMost => value <= bound,
            Inequality::Above => value > bound,
            Inequality::AtLeast => value >= bound,
        }
    }

    /// The same of the complement: 1 - x < 1 - b is x > b.
    pub(super) fn mirrored(self) -> Inequality {
        match self {
            Inequality::Below => Inequality::Above,
            Inequality::AtMost => Inequality::AtLeast,
            Inequality::Above => Inequality::Below,
            Inequality::AtLeast => Inequality::AtMost,
        }
    }
}

impl fmt::Display for Inequality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, _) = Inequality::TEXTS.iter().find(|(_, known)| known == self).expect("every sign is listed");
        f.write_str(sign)
    }
}

/// Why a text names no quantity, or is no demand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// There is no metric of that name.
    #[error("`{0}` is no metric; known are {names}", names = Metric::names().collect::<Vec<_>>().join(", "))]
    UnknownMetric(String),
    /// There is no such statistic.
    #[error(
        "`{0}` is no statistic; known are `mean`, `variance`, `max`, `count`, `fraction` and quantiles such as `p99.9`"
    )]
    UnknownStatistic(String),
    /// Another mistake.
    #[error("{0}")]
    Wrong(String),
}

impl From<String> for QuantityError {
    fn from(why: String) -> Self {
        QuantityError::Wrong(why)
    }
}

impl From<TextError> for QuantityError {
    fn from(why: TextError) -> Self {
        QuantityError::Wrong(why.into())
    }
}

impl From<&str> for QuantityError {
    fn from(why: &str) -> Self {
        QuantityError::Wrong(why.to_string())
    }
}

/// What is said of two signs.
pub(super) const ONE_SIGN: &str = "one target has one sign; write two targets for a range";

/// Left side, sign and right side; the sign is the last one, since a class may hold others.
pub(super) fn sides(text: &str) -> Result<(&str, Inequality, &str), QuantityError> {
    let missing = "write an inequality, as `wait.p99 < 1s` or `goodput >= 100/s`";
    let at = text.rfind(['<', '>', '≤', '≥']).ok_or(missing)?;
    let (inequality, limit) = Inequality::split(&text[at..]).ok_or(missing)?;
    let name = text[..at].trim();
    if limit.is_empty() {
        return Err(format!("nothing stands behind `{inequality}`").into());
    }
    if limit.contains('=') { Err(ONE_SIGN.into()) } else { Ok((name, inequality, limit)) }
}

/// What stands inside `prob(...)`: left side, sign (`None`: `=`) and right side. The sign is the last one, as in `sides`.
pub(super) fn event(text: &str) -> Result<(&str, Option<Inequality>, &str), QuantityError> {
    let equal = text.rfind('=').filter(|at| !text[..*at].ends_with(['<', '>']));
    match equal.filter(|at| !text[*at..].contains(['<', '>', '≤', '≥'])) {
        None => sides(text).map(|(name, inequality, level)| (name, Some(inequality), level)),
        Some(at) => match text[at + 1..].trim() {
            "" => Err("nothing stands behind `=`".into()),
            level => Ok((text[..at].trim(), None, level)),
        },
    }
}

/// A number in that unit, finite and not negative.
pub(crate) fn amount(text: &str, unit: Unit) -> Result<f64, QuantityError> {
    let says = |e: UnitError| match unit {
        Unit::Seconds => QuantityError::Wrong(format!("wrong unit: {e}; a time such as 500ms is wanted")),
        _ => QuantityError::Wrong(format!("wrong unit: {e}; a rate such as 100/s is wanted")),
    };
    let value = match unit {
        Unit::Seconds => parse_duration(text).map_err(says)?,
        Unit::PerSecond => parse_rate(text).map_err(says)?,
        Unit::SecondsSquared => bare(text.strip_suffix("s^2").unwrap_or(text).trim())?,
        Unit::One => bare(text)?,
    };
    // Minus zero is zero.
    Ok(value + 0.0)
}

fn bare(text: &str) -> Result<f64, QuantityError> {
    let value = parse_share(&text.replace('_', "")).filter(|x| *x >= 0.0);
    let wrong = || format!("wrong unit: `{text}` is no plain number or percentage that is not negative");
    value.ok_or_else(|| wrong().into())
}
