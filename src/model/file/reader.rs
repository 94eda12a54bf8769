//! Reading TOML values with their places: every question that can be answered wrongly records
//! a diagnostic and yields `None`, so that lowering goes on and all mistakes are found at
//! once. Knows types and units, not what a key means.

use super::context::Context;
use super::suggest::nearest;
use crate::diag::{Diagnostic, code};
use crate::row::backticked;
use crate::units::{Unit, UnitError, format_duration, format_quantity, parse_duration, parse_rate, parse_share};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeValue};

/// A value, its place, and the key it stands at.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub cx: &'a Context<'a>,
    pub value: &'a DeValue<'a>,
    /// Bytes of the value.
    pub span: Range<usize>,
    /// Bytes of the key; for a list element those of the element.
    pub key: Range<usize>,
    /// The key, for messages.
    pub name: &'a str,
}

impl<'a> Node<'a> {
    /// Where to point when the value as a whole is blamed: never at a table of many lines.
    pub(super) fn place(&self) -> Range<usize> {
        if self.value.is_table() { self.key.clone() } else { self.span.clone() }
    }

    /// Records an error at this value.
    pub(super) fn error(&self, code: &'static str, message: impl Into<String>, label: impl Into<String>) {
        self.cx.report(Diagnostic::error(code, message, self.place(), label));
    }

    /// Records an error at this value, which then yields nothing.
    pub(super) fn refuse<T>(
        &self,
        code: &'static str,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Option<T> {
        self.error(code, message, label);
        None
    }

    /// Records that the value is not of the wanted type.
    pub(super) fn wrong_type<T>(&self, wanted: &str) -> Option<T> {
        let (name, is) = (self.name, described(self.value));
        self.refuse(code::WRONG_TYPE, format!("`{name}` is {is}, but {wanted} is wanted"), "")
    }

    /// Records an impossible value unless `ok`; `rule` completes "`key` must ...".
    pub(super) fn require(&self, ok: bool, rule: &str) -> Option<()> {
        if !ok {
            let shown = self.cx.source(&self.span);
            self.error(code::OUT_OF_RANGE, format!("`{}` must {rule}, not {shown}", self.name), "");
        }
        ok.then_some(())
    }

    /// The value if it is written as a number, without a word otherwise.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self.value {
            DeValue::Integer(i) => i64::from_str_radix(&i.as_str().replace('_', ""), i.radix()).ok().map(|i| i as f64),
            DeValue::Float(x) => x.as_str().replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// A value that was read, unless it breaks a rule.
    pub(super) fn keep<T: Copy>(&self, read: Option<T>, holds: impl FnOnce(T) -> bool, rule: &str) -> Option<T> {
        read.filter(|value| self.require(holds(*value), rule).is_some())
    }

    /// A finite number of any sign.
    pub(super) fn number(&self) -> Option<f64> {
        let number = self.as_number().or_else(|| self.wrong_type("a number"));
        self.keep(number, f64::is_finite, "be finite")
    }

    /// A number > 0.
    pub(super) fn positive_number(&self) -> Option<f64> {
        self.keep(self.number(), |x| x > 0.0, "be positive")
    }

    /// A number >= 0.
    pub(super) fn non_negative_number(&self) -> Option<f64> {
        self.keep(self.number(), |x| x >= 0.0, "not be negative")
    }

    /// A number >= 1.
    pub(super) fn at_least_one(&self) -> Option<f64> {
        self.keep(self.number(), |x| x >= 1.0, "be at least 1")
    }

    /// A time >= 0, seconds.
    pub(super) fn duration(&self) -> Option<f64> {
        self.quantity(parse_duration, "a duration such as `40ms`")
    }

    /// A time > 0, seconds.
    pub(super) fn positive_duration(&self) -> Option<f64> {
        self.keep(self.duration(), |x| x > 0.0, "be longer than 0 s")
    }

    /// A rate >= 0, per second.
    pub(super) fn rate(&self) -> Option<f64> {
        self.quantity(parse_rate, "a rate such as `120/s`")
    }

    /// A rate > 0, per second.
    pub(super) fn positive_rate(&self) -> Option<f64> {
        self.keep(self.rate(), |x| x > 0.0, "be above 0 /s")
    }

    /// A rate that may be negative, as on the diagonal of a generator.
    pub(super) fn signed_rate(&self) -> Option<f64> {
        match self.value.as_str().and_then(|text| text.trim().strip_prefix('-')) {
            Some(rest) => parse_rate(rest).map(|x| -x).map_err(|e| self.unit_error(&e, "a rate such as `-3/s`")).ok(),
            None if self.as_number().is_some() => self.number(),
            None => self.rate(),
        }
    }

    fn quantity(&self, parse: fn(&str) -> Result<f64, UnitError>, wanted: &str) -> Option<f64> {
        if let Some(x) = self.as_number() {
            self.require(x.is_finite(), "be finite")?;
            self.require(x >= 0.0, "not be negative")?;
            return Some(x);
        }
        let Some(text) = self.value.as_str() else { return self.wrong_type(wanted) };
        parse(text).map_err(|e| self.unit_error(&e, wanted)).ok()
    }

    fn unit_error(&self, error: &UnitError, wanted: &str) {
        if let UnitError::OutOfRange(x) = error {
            let rule = if *x < 0.0 { "not be negative" } else { "be finite" };
            self.require(false, rule);
            return;
        }
        let message = format!("`{}`: {error}", self.name);
        let found = Diagnostic::error(code::WRONG_UNIT, message, self.place(), format!("{wanted} is wanted"));
        self.cx.report(match reciprocal(error) {
            Some(text) => found.note(text),
            None => found,
        });
    }

    /// A share as number or percent text, finite, of any sign.
    pub(super) fn share(&self) -> Option<f64> {
        let Some(text) = self.value.as_str() else { return self.number() };
        parse_share(text).or_else(|| self.wrong_type("a share such as 0.02 or `2%`"))
    }

    /// A number or percentage in [0, 1].
    pub(super) fn probability(&self) -> Option<f64> {
        self.keep(self.share(), |x| (0.0..=1.0).contains(&x), "be between 0 and 1")
    }

    /// A number or percentage in (0, 1).
    pub(super) fn open_probability(&self) -> Option<f64> {
        self.keep(self.share(), |x| x > 0.0 && x < 1.0, "be between 0 and 1, both excluded")
    }

    /// A number or percentage in (0, 1].
    pub(super) fn positive_probability(&self) -> Option<f64> {
        self.keep(self.share(), |x| x > 0.0 && x <= 1.0, "be above 0 and at most 1")
    }

    /// A number or percentage > 0.
    pub(super) fn positive_share(&self) -> Option<f64> {
        self.keep(self.share(), |x| x > 0.0, "be positive")
    }

    /// A whole number in a range.
    pub(super) fn whole(&self, low: u64, high: u64) -> Option<u64> {
        let DeValue::Integer(digits) = self.value else { return self.wrong_type("a whole number") };
        let value = i128::from_str_radix(&digits.as_str().replace('_', ""), digits.radix()).ok();
        let value = value.filter(|v| (i128::from(low)..=i128::from(high)).contains(v));
        let rule = if value.is_some() { String::new() } else { whole_rule(digits.as_str(), low, high) };
        self.require(value.is_some(), &rule)?;
        value.and_then(|v| u64::try_from(v).ok())
    }

    /// A whole number in `low..=u32::MAX`.
    pub(super) fn count(&self, low: u32) -> Option<u32> {
        self.whole(u64::from(low), u64::from(u32::MAX)).and_then(|n| u32::try_from(n).ok())
    }

    /// A text.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str().or_else(|| self.wrong_type("a text in quotes"))
    }

    /// True or false.
    pub(super) fn flag(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong_type("`true` or `false`"))
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.unknown(code::UNKNOWN_VALUE, &format!("`{text}` is no `{}`", self.name), text, &known);
        None
    }

    /// One special word beside the usual values, which `usual` describes.
    pub(super) fn only_word<T>(&self, word: &str, value: T, usual: &str) -> Option<T> {
        let text = self.text()?;
        if text == word {
            return Some(value);
        }
        let message = format!("`{text}` is no `{}`", self.name);
        let found = Diagnostic::error(code::UNKNOWN_VALUE, message, self.place(), "");
        self.cx.report(found.help(format!("write {usual}, or `\"{word}\"`")));
        None
    }

    /// Records an unknown name with the nearest known one, or all known ones.
    pub(super) fn unknown(&self, code: &'static str, message: &str, name: &str, known: &[&str]) {
        self.cx.report(unknown(code, message.to_string(), self.place(), name, known));
    }

    /// The elements of a list.
    pub(super) fn list(&self) -> Option<Vec<Node<'a>>> {
        let Some(array) = self.value.as_array() else { return self.wrong_type("a list") };
        Some(array.iter().map(|v| Node { value: v.get_ref(), span: v.span(), key: v.span(), ..self.clone() }).collect())
    }

    /// The elements of a list, each read by `read`; every bad element is reported.
    pub(super) fn each<T>(&self, read: impl Fn(&Node<'a>) -> Option<T>) -> Option<Vec<T>> {
        all(self.list()?.iter().map(read))
    }

    /// The entries of a table, each read by `read`; every bad entry is reported.
    pub(super) fn each_entry<T>(&self, read: impl Fn(&Node<'a>) -> Option<T>) -> Option<Vec<T>> {
        all(self.entries()?.iter().map(read))
    }

    /// The entries of a table in file order, whatever their keys.
    pub(super) fn entries(&self) -> Option<Vec<Node<'a>>> {
        let Some(table) = self.value.as_table() else { return self.wrong_type("a table") };
        let mut entries: Vec<Node<'a>> = table.iter().map(|(key, value)| Node::entry(self.cx, key, value)).collect();
        entries.sort_by_key(|entry| entry.key.start);
        Some(entries)
    }

    /// The entry of a table.
    pub(super) fn entry(
        cx: &'a Context<'a>,
        key: &'a Spanned<DeString<'a>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Node<'a> {
        Node { cx, value: value.get_ref(), span: value.span(), key: key.span(), name: key.get_ref().as_ref() }
    }
}

/// All values, or none where one is missing; each is read.
pub(super) fn all<T>(read: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    read.collect::<Vec<_>>().into_iter().collect()
}

/// An unknown name: the nearest known one as help, else all known ones.
pub(super) fn unknown(
    code: &'static str,
    message: String,
    place: Range<usize>,
    name: &str,
    known: &[&str],
) -> Diagnostic {
    let found = Diagnostic::error(code, message, place, "");
    match nearest(name, known) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => found.help("none is defined"),
        None => found.help(listed("the only one is", "known are", known)),
    }
}

/// "the keys `a`, `b`".
pub(in crate::model) fn listed(one: &str, many: &str, names: &[&str]) -> String {
    let lead = if names.len() == 1 { one } else { many };
    format!("{lead} {}", backticked(names)).trim().to_string()
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What a rate is as an interval, and the other way round.
fn reciprocal(error: &UnitError) -> Option<String> {
    match error {
        UnitError::RateForDuration(text) => {
            let rate = parse_rate(text).ok().filter(|rate| *rate > 0.0)?;
            Some(format!("`{text}` is one every {}", format_duration(1.0 / rate)))
        }
        UnitError::DurationForRate(text) => {
            let interval = parse_duration(text).ok().filter(|interval| *interval > 0.0)?;
            Some(format!("one every `{text}` is {}", format_quantity(1.0 / interval, Unit::PerSecond)))
        }
        _ => None,
    }
}

fn whole_rule(digits: &str, low: u64, high: u64) -> String {
    if digits.starts_with('-') || digits.parse::<u64>().is_ok_and(|v| v < low) {
        format!("be at least {low}")
    } else {
        format!("be at most {high}")
    }
}
