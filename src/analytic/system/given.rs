//! Parameters of a named system, as given: read by kind with their units, every mistake
//! reported at once.

use crate::analytic::kendall;
use crate::analytic::mistakes::in_range;
use crate::analytic::refusal::Refusal;
use crate::dist::Dist;
use crate::row::backticked;
use crate::units::{TextError, parse_duration, parse_rate};
use std::collections::BTreeMap;
use toml::Value;

/// A parameter of a system.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Lower-case words joined by `-`.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Its value where it is not given, as the user would write it; `None`: must be given.
    pub default: Option<&'static str>,
    /// What it is, one line.
    pub says: &'static str,
}

/// What values a parameter takes. Times may be written `40ms`, rates `120/s`; bare numbers are
/// seconds and per second. Lists are written `[1, 2]`, matrices `[[1, 0], [0, 1]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A rate >= 0.
    Rate,
    /// A time >= 0.
    Time,
    /// Any number.
    Number,
    /// A probability.
    Share,
    /// A whole number >= 0.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A law by Kendall's letter and its mean (and scv): `"M 1s"`, `"E4 40ms"`, `"LN 40ms 2.25"`.
    Law,
    /// A list of any of the above.
    List(&'static Kind),
    /// A list of lists of any of the above, all of one length.
    Matrix(&'static Kind),
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Kind::Rate => f.write_str("rate"),
            Kind::Time => f.write_str("time"),
            Kind::Number => f.write_str("number"),
            Kind::Share => f.write_str("probability"),
            Kind::Count => f.write_str("whole number"),
            Kind::Word([]) => f.write_str("word"),
            Kind::Word(words) => f.write_str(&words.join(" | ")),
            Kind::Law => f.write_str("law"),
            Kind::List(inner) => write!(f, "list of {inner}"),
            Kind::Matrix(Kind::Number) => f.write_str("matrix"),
            Kind::Matrix(inner) => write!(f, "matrix of {inner}"),
        }
    }
}

/// One value, read.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// Rates, times, numbers, shares and counts.
    Number(f64),
    /// A word.
    Word(String),
    /// A law.
    Law(Box<Dist>),
    /// A list.
    List(Vec<Item>),
}

/// The parameters of a system, all there and all of the right kind.
#[derive(Debug, Clone)]
pub struct Given {
    values: BTreeMap<&'static str, Item>,
}

impl Given {
    /// Reads what is given against what a system wants; every mistake in one list.
    pub fn read(parameters: &[Parameter], given: &BTreeMap<String, Value>) -> Result<Given, Vec<String>> {
        let mut mistakes: Vec<String> = given
            .keys()
            .filter(|key| parameters.iter().all(|p| p.name != key.as_str()))
            .map(|key| {
                format!("there is no parameter `{key}`; known: {}", backticked(parameters.iter().map(|p| p.name)))
            })
            .collect();
        let mut values = BTreeMap::new();
        for parameter in parameters {
            let text = parameter.default.map(|d| d.parse().unwrap_or_else(|_| Value::String(d.to_string())));
            match given.get(parameter.name).cloned().or(text) {
                None => mistakes.push(format!("`{}` is missing: {}", parameter.name, parameter.says)),
                Some(value) => match item(parameter.kind, &value) {
                    Ok(item) => drop(values.insert(parameter.name, item)),
                    Err(why) => mistakes.push(format!("`{}` is {value}: {why}", parameter.name)),
                },
            }
        }
        if mistakes.is_empty() { Ok(Given { values }) } else { Err(mistakes) }
    }

    fn item(&self, name: &str) -> &Item {
        self.values.get(name).expect("a system asks for the parameters it lists, and all of those are read")
    }

    /// A rate (per second), time (seconds), number, share or count; 0 for other kinds.
    pub fn number(&self, name: &str) -> f64 {
        number(self.item(name))
    }

    /// A number that must be positive and finite.
    pub fn positive(&self, name: &str) -> Result<f64, Refusal> {
        let x = self.number(name);
        Refusal::unless(positive(x), || format!("`{name}` is {x}, and must be positive and finite")).map(|()| x)
    }

    /// A number that must be finite and not negative.
    pub fn finite(&self, name: &str) -> Result<f64, Refusal> {
        let x = self.number(name);
        Refusal::unless(finite(x), || format!("`{name}` is {x}, and must be finite and not negative")).map(|()| x)
    }

    /// A list, not empty, of positive and finite numbers.
    pub fn all_positive(&self, name: &str) -> Result<Vec<f64>, Refusal> {
        let list = self.all(name, positive, "positive and finite")?;
        Refusal::unless(!list.is_empty(), || format!("`{name}` is an empty list")).map(|()| list)
    }

    /// A list of finite numbers that are not negative.
    pub fn all_finite(&self, name: &str) -> Result<Vec<f64>, Refusal> {
        self.all(name, finite, "finite and not negative")
    }

    fn all(&self, name: &str, holds: fn(f64) -> bool, wanted: &str) -> Result<Vec<f64>, Refusal> {
        let list = self.numbers(name);
        match list.iter().find(|x| !holds(**x)) {
            Some(x) => Err(Refusal::invalid(format!("`{name}` has {x}, and all must be {wanted}"))),
            None => Ok(list),
        }
    }

    /// A whole number from 1 on.
    pub fn counted(&self, name: &str) -> Result<u32, Refusal> {
        let (n, most) = (self.count(name), u32::MAX);
        let small = u32::try_from(n).ok().filter(|n| *n > 0);
        small.ok_or_else(|| Refusal::invalid(format!("`{name}` is {n}, and must lie between 1 and {most}")))
    }

    /// A count.
    pub fn count(&self, name: &str) -> u64 {
        self.number(name) as u64
    }

    /// A word.
    pub fn word(&self, name: &str) -> &str {
        match self.item(name) {
            Item::Word(word) => word,
            _ => "",
        }
    }

    /// A law, or the exponential of mean 0 for other kinds.
    pub fn law(&self, name: &str) -> Dist {
        match self.item(name) {
            Item::Law(law) => (**law).clone(),
            _ => Dist::Exponential(0.0),
        }
    }

    /// A list of numbers.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        items(self.item(name)).iter().map(number).collect()
    }

    /// A list of laws.
    pub fn laws(&self, name: &str) -> Vec<Dist> {
        let law = |item: &Item| if let Item::Law(law) = item { Some((**law).clone()) } else { None };
        items(self.item(name)).iter().filter_map(law).collect()
    }

    /// A list of words.
    pub fn words(&self, name: &str) -> Vec<String> {
        let word = |item: &Item| if let Item::Word(word) = item { Some(word.clone()) } else { None };
        items(self.item(name)).iter().filter_map(word).collect()
    }

    /// A matrix, by rows.
    pub fn matrix(&self, name: &str) -> Vec<Vec<f64>> {
        items(self.item(name)).iter().map(|row| items(row).iter().map(number).collect()).collect()
    }
}

fn positive(x: f64) -> bool {
    x > 0.0 && x.is_finite()
}

fn finite(x: f64) -> bool {
    x >= 0.0 && x.is_finite()
}

fn number(item: &Item) -> f64 {
    if let Item::Number(x) = item { *x } else { 0.0 }
}

fn items(item: &Item) -> &[Item] {
    if let Item::List(items) = item { items } else { &[] }
}

fn item(kind: Kind, value: &Value) -> Result<Item, TextError> {
    match kind {
        Kind::Rate => at_least_zero(match value {
            Value::String(text) => parse_rate(text).map_err(|e| e.to_string())?,
            other => plain(other)?,
        }),
        Kind::Time => at_least_zero(match value {
            Value::String(text) => parse_duration(text).map_err(|e| e.to_string())?,
            other => plain(other)?,
        }),
        Kind::Number => plain(value).map(Item::Number),
        Kind::Share => match plain(value)? {
            p if (0.0..=1.0).contains(&p) => Ok(Item::Number(p)),
            _ => Err("a probability lies in [0, 1]".into()),
        },
        Kind::Count => match plain(value)? {
            n if n >= 0.0 && n.fract() == 0.0 && n <= 9e15 => Ok(Item::Number(n)),
            _ => Err("a whole number >= 0 is wanted".into()),
        },
        Kind::Word(words) => match value.as_str() {
            Some(word) if words.is_empty() || words.contains(&word) => Ok(Item::Word(word.to_string())),
            _ => Err(format!("one of {} is wanted", words.join(", ")).into()),
        },
        Kind::Law => match value.as_str() {
            Some(text) => kendall::law_of_text(text).map(|law| Item::Law(Box::new(law))),
            None => Err("a law is written as letter, mean and perhaps scv: \"LN 40ms 2.25\"".into()),
        },
        Kind::List(inner) => list_of(*inner, value),
        Kind::Matrix(inner) => matrix(*inner, list(value)?),
    }
}

fn list_of(inner: Kind, value: &Value) -> Result<Item, TextError> {
    list(value)?.iter().map(|v| item(inner, v)).collect::<Result<_, _>>().map(Item::List)
}

fn matrix(inner: Kind, rows: &[Value]) -> Result<Item, TextError> {
    let rows: Vec<Item> = rows.iter().map(|row| list_of(inner, row)).collect::<Result<_, _>>()?;
    let width = rows.first().map_or(0, |row| items(row).len());
    if rows.iter().all(|row| items(row).len() == width) {
        Ok(Item::List(rows))
    } else {
        Err("the rows of a matrix have the same length".into())
    }
}

fn list(value: &Value) -> Result<&[Value], TextError> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| "a list is wanted, as [1, 2]".into())
}

fn plain(value: &Value) -> Result<f64, TextError> {
    let number = match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match number {
        Some(x) if !x.is_nan() => Ok(x),
        _ => Err("a number is wanted".into()),
    }
}

fn at_least_zero(x: f64) -> Result<Item, TextError> {
    match x {
        _ if x < 0.0 => Err("it must not be negative".into()),
        _ if x.is_finite() && x != 0.0 && !in_range(x) => {
            Err("rates and times lie between 1e-100 and 1e100: is the unit right?".into())
        }
        _ => Ok(Item::Number(x)),
    }
}
