//! What a number speaks of, and its text: `orders[paid].sojourn.p99`, `orders.prob(wait > 50ms)`.

use super::inequality::{Inequality, ONE_SIGN, QuantityError, amount, event};
use super::metric::Metric;
use super::scope::Scope;
use super::statistic::Statistic;
use super::text::as_text;
use crate::units::{Unit, exact_quantity};
use std::fmt;
use std::str::FromStr;

/// What a number speaks of, whatever its source. What is printed can be read back.
///
/// ```
/// use lindley::row::{Quantity, Statistic};
/// let tail: Quantity = "orders[paid].sojourn.p99.9".parse().unwrap();
/// assert_eq!((tail.class.as_deref(), tail.statistic), (Some("paid"), Statistic::Quantile(0.999)));
/// let level: Quantity = "prob(orders.wait > 50ms)".parse().unwrap();
/// assert_eq!(level.to_string(), "orders.prob(wait > 50ms)");
/// let empty: Quantity = "P(orders.in_system = 0)".parse().unwrap();
/// assert_eq!(empty.to_string(), "orders.prob(in_system = 0)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity {
    /// Kind of entity; `None`: the first of that name among queues, consumers and producers.
    pub scope: Option<Scope>,
    /// Queue, consumer, producer or `system`; empty for a station without a name.
    pub name: String,
    /// Message class, or `None` for all.
    pub class: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// Which statistic of it.
    pub statistic: Statistic,
}

impl Quantity {
    /// The unit of its values.
    pub fn unit(&self) -> Unit {
        self.statistic.unit(&self.metric)
    }

    /// Whether its values lie between 0 and 1.
    pub fn is_share(&self) -> bool {
        self.statistic.is_probability() || self.metric.is_share()
    }

    /// The same entity, class and metric, another statistic.
    pub fn with(&self, statistic: Statistic) -> Quantity {
        Quantity { statistic, ..self.clone() }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scope) = self.scope {
            write!(f, "{}:", scope.name())?;
        }
        f.write_str(&self.name)?;
        if let Some(class) = &self.class {
            write!(f, "[{class}]")?;
        }
        if !self.name.is_empty() || self.class.is_some() {
            f.write_str(".")?;
        }
        match self.statistic.event() {
            Some((sign, level)) => {
                write!(f, "prob({} {sign} {})", self.metric, exact_quantity(level, self.metric.unit()))
            }
            None => write!(f, "{}.{}", self.metric, self.statistic),
        }
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Quantity, QuantityError> {
        Written::parse(text)?.quantity()
    }
}

as_text!(Quantity, "Quantity", |text: &str| text.parse::<Quantity>().ok(), ".");

/// A quantity as a person writes it: name, class and statistic may be left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The kind of entity that stands before the name.
    pub scope: Option<Scope>,
    /// Name of the entity; empty where none is written.
    pub name: String,
    /// Message class.
    pub class: Option<String>,
    /// What is measured.
    pub metric: Metric,
    /// Which statistic of it.
    pub statistic: Option<Statistic>,
}

impl Written {
    /// Reads `[NAME[CLASS].]METRIC[.STATISTIC]`, `[NAME[CLASS].]prob(METRIC > LEVEL)`,
    /// `prob([NAME[CLASS].]METRIC > LEVEL)` or, as rows have it, `[NAME[CLASS].]METRIC.prob(> LEVEL)`; the sign may
    /// also be `<=`, and of a number of messages `=`.
    ///
    /// # Errors
    ///
    /// What is not understood.
    pub fn parse(text: &str) -> Result<Written, QuantityError> {
        let text = text.trim();
        let Some((before, inside)) = bracket(text) else { return plain(text) };
        let inside = inside.strip_suffix(')').ok_or("the bracket of `prob(` is not closed")?;
        let (named, sign, level) = event(inside)?;
        // The metric stands in the bracket, or before it, as in rows: `orders.wait.prob(> 0.05)`.
        let outside = before.strip_suffix('.').filter(|_| named.is_empty());
        let written = plain(outside.unwrap_or(&format!("{before}{named}")))?;
        if written.statistic.is_some() || written.metric.having(Statistic::Above(0.0)).is_err() {
            let wrong = "inside `prob(...)` stands a time or a number of messages, as in `prob(wait > 50ms)`";
            return Err(wrong.into());
        }
        let level = amount(level, written.metric.unit())?;
        let statistic = probability(&written.metric, sign, level)?;
        Ok(Written { statistic: Some(statistic), ..written })
    }

    /// The quantity, if it needs nothing that is not written but the only statistic of its metric.
    ///
    /// # Errors
    ///
    /// Where the metric has not that statistic, or has several and none is written.
    pub fn quantity(self) -> Result<Quantity, QuantityError> {
        let Written { scope, name, class, metric, statistic } = self;
        let statistic = match statistic {
            Some(statistic) => metric.having(statistic)?,
            None => metric.usual().ok_or_else(|| {
                format!("`{metric}` has several statistics; say which, as `{metric}.mean` or `{metric}.p99`")
            })?,
        };
        Ok(Quantity { scope, name, class, metric, statistic })
    }
}

/// The probability that a metric lies on that side of a level; of exactly that many where there is no side.
fn probability(metric: &Metric, side: Option<Inequality>, level: f64) -> Result<Statistic, QuantityError> {
    let Some(side) = side else {
        return match metric {
            time if time.is_time() => {
                Err(format!("`{time}` is a time, of which `prob({time} <= ...)` is asked").into())
            }
            whole if whole.is_whole() && level.fract() != 0.0 => {
                Err(format!("`{whole}` is a whole number and never {level}").into())
            }
            _ => Ok(Statistic::Equal(level)),
        };
    };
    let level = match side {
        // Of whole numbers, from 3 on is above 2.
        Inequality::AtLeast | Inequality::Below if metric.is_whole() && level > 0.0 => level.ceil() - 1.0,
        Inequality::AtLeast | Inequality::Below if metric.is_whole() => {
            return Err(format!("`{metric}` is never below 0: nothing is asked by `{side} 0`").into());
        }
        Inequality::AtLeast | Inequality::Below | Inequality::Above | Inequality::AtMost => level,
    };
    Ok(if side.is_upper() { Statistic::AtMost(level) } else { Statistic::Above(level) })
}

/// What stands before `prob(`, its dot included, and what follows.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let opening = ["prob(", "P("].into_iter().find_map(|word| Some((text.rfind(word)?, word)))?;
    let (before, inside) = (&text[..opening.0], &text[opening.0 + opening.1.len()..]);
    (before.is_empty() || (before.ends_with('.') && text.ends_with(')'))).then_some((before, inside))
}

/// `[NAME[CLASS].]METRIC[.STATISTIC]`.
fn plain(text: &str) -> Result<Written, QuantityError> {
    let (scope, text) = Scope::split(text);
    let of = |name: &str, class: Option<&str>, rest: &str| {
        let (metric, statistic) = metric_and_statistic(rest)?;
        Ok(Written { scope, name: name.to_string(), class: class.map(str::to_string), metric, statistic })
    };
    if let Some((name, class, rest)) = class(text) {
        return of(name, Some(class), rest);
    }
    let dots = text.match_indices('.').filter(|(dot, _)| *dot > 0);
    let named = dots.filter_map(|(dot, _)| of(&text[..dot], None, &text[dot + 1..]).ok()).next();
    let read = named.map_or_else(|| of("", None, text).map_err(|why| telling(text, why)), Ok)?;
    // Names hold no white space, but may hold a sign.
    match read.name.contains(char::is_whitespace) {
        true => Err(ONE_SIGN.into()),
        false => Ok(read),
    }
}

/// `NAME`, `CLASS` and what follows of `NAME[CLASS].REST`.
fn class(text: &str) -> Option<(&str, &str, &str)> {
    let (open, close) = (text.find('[')?, text.rfind("].")?);
    (open < close).then(|| (&text[..open], &text[open + 1..close], &text[close + 2..]))
}

/// What is wrong with a text that no reading fits: where it seems to begin with a name, what follows counts.
fn telling(text: &str, why: QuantityError) -> QuantityError {
    let Some((first, rest)) = text.split_once('.') else { return why };
    let named = Metric::parse(first).is_none() && !matches!(first, "outcome" | "detail");
    match metric_and_statistic(rest) {
        Err(inner) if named && Statistic::parse(rest).is_none() => inner,
        _ => why,
    }
}

fn metric_and_statistic(text: &str) -> Result<(Metric, Option<Statistic>), QuantityError> {
    let split = ["outcome.", "detail."].iter().find(|kind| text.starts_with(**kind)).map_or(0, |kind| kind.len());
    // p99.9 has a dot of its own.
    let (name, statistic) = match text[split..].find('.') {
        Some(dot) => (&text[..split + dot], Some(&text[split + dot + 1..])),
        None => (text, None),
    };
    let metric = Metric::parse(name).ok_or_else(|| QuantityError::UnknownMetric(name.to_string()))?;
    let read = |text: &str| Statistic::parse(text).ok_or_else(|| QuantityError::UnknownStatistic(text.to_string()));
    Ok((metric, statistic.map(read).transpose()?))
}
