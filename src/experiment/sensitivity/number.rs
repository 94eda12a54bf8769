//! The parameters of a model file: numbers in its text, with their units. Knows TOML, not what a key means.

use crate::units::{Unit, parse_duration, parse_rate, parse_share, significant};
use toml_edit::{DocumentMut, Item, Key, Value};

/// Sections that say how long to run and what to ask, and nothing of the system.
const QUESTIONS: [&str; 8] = ["model", "run", "targets", "expect", "study", "sweep", "size", "drain"];

/// A number of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FileNumber {
    /// Path, as `producers.web.arrivals.poisson`.
    pub path: String,
    /// The number as it stands in the file, before its unit.
    number: f64,
    /// What stands behind it: `ms`, `/s`, `%` or nothing.
    suffix: String,
    /// Its value in SI units.
    pub value: f64,
    /// Unit of that.
    pub unit: Unit,
    /// Whether it is written as a whole number without a unit.
    pub is_integer: bool,
}

impl FileNumber {
    /// Every number of the file that says something of the system, in the order of the file.
    pub(super) fn all(text: &str) -> Vec<FileNumber> {
        let Ok(document) = text.parse::<DocumentMut>() else { return Vec::new() };
        let mut found = Vec::new();
        for (key, item) in document.iter().filter(|(key, _)| !QUESTIONS.contains(key)) {
            collect(item, &mut vec![shown(key)], &mut found);
        }
        found
    }

    /// The number that a text says: `40ms`, `120/min`, `2%`, `0.5`.
    pub(super) fn read(path: &str, value: &Value) -> Option<FileNumber> {
        let path = path.to_string();
        let plain = |number: f64, is_integer| FileNumber {
            path: path.clone(),
            number,
            suffix: String::new(),
            value: number,
            unit: Unit::One,
            is_integer,
        };
        match value {
            Value::Integer(number) => Some(plain(*number.value() as f64, true)),
            Value::Float(number) => Some(plain(*number.value(), false)).filter(|p| p.number.is_finite()),
            Value::String(text) => with_unit(text.value()).map(|(number, suffix, value, unit)| FileNumber {
                path: path.clone(),
                number,
                suffix,
                value,
                unit,
                is_integer: false,
            }),
            _ => None,
        }
    }

    /// As it stands in the file.
    pub(super) fn text(&self) -> String {
        self.text_times(1.0)
    }

    /// The value times a factor, as it would stand in the file.
    pub(super) fn text_times(&self, factor: f64) -> String {
        format!("{}{}", self.number_text(self.number * factor), self.suffix)
    }

    /// The value times a factor, for the text of a model.
    pub(super) fn times(&self, factor: f64) -> Value {
        match self.suffix.is_empty() {
            true => Value::from(self.number_text(self.number * factor).parse::<f64>().unwrap_or(self.number * factor)),
            false => Value::from(self.text_times(factor)),
        }
    }

    /// A whole number with so much added.
    pub(super) fn plus(&self, n: i64) -> i64 {
        self.number as i64 + n
    }

    /// Twelve digits: 10.3, not 10.299999999999999.
    fn number_text(&self, number: f64) -> String {
        let text = significant(number, 12);
        text.parse::<f64>().map_or(text, |number| number.to_string())
    }
}

fn collect(item: &Item, path: &mut Vec<String>, found: &mut Vec<FileNumber>) {
    if let Some(value) = item.as_value().filter(|value| !value.is_inline_table()) {
        return found.extend(FileNumber::read(&path.join("."), value));
    }
    for (key, inner) in item.as_table_like().into_iter().flat_map(|table| table.iter()) {
        path.push(shown(key));
        collect(inner, path, found);
        path.pop();
    }
}

/// A key as a path writes it: with dots it stands in quotes.
fn shown(key: &str) -> String {
    Key::new(key).display_repr().into_owned()
}

/// Number, unit as written, and value and unit in SI; where digits stand in what follows the number (`1e3ms`), the SI value in
/// place of both.
fn with_unit(text: &str) -> Option<(f64, String, f64, Unit)> {
    let text = text.trim();
    let at = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_')))?;
    let (number, suffix) = (text[..at].replace('_', "").parse::<f64>().ok()?, text[at..].to_string());
    let (value, unit) = match (suffix.trim(), parse_duration(text), parse_rate(text)) {
        ("%", ..) => (parse_share(text)?, Unit::One),
        (_, Ok(seconds), _) => (seconds, Unit::Seconds),
        (_, _, Ok(rate)) => (rate, Unit::PerSecond),
        _ => return None,
    };
    match suffix.contains(|c: char| c.is_ascii_digit()) {
        false => Some((number, suffix, value, unit)),
        true if unit == Unit::Seconds => Some((value, "s".to_string(), value, unit)),
        true => Some((value, "/s".to_string(), value, unit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[model]\nname = \"x\"\n[producers.web]\narrivals = { poisson = \"120/min\" }\nqueue = \"orders\"\n\
                        [queues.orders]\nmax_length = 10\nmessage_ttl = \"90min\"\n[queues.\"a.b\"]\n\
                        [consumers.w]\nqueue = \"orders\"\nservers = 4\nservice = { lognormal = { mean = \"40ms\", scv = 2.25 } }\n\
                        failure = { probability = \"2%\" }\n[run]\nseed = 7\n";

    #[test]
    fn the_numbers_of_the_system_are_found_with_their_units_and_those_of_the_run_are_not() {
        let told: Vec<(String, f64, Unit)> =
            FileNumber::all(TEXT).into_iter().map(|p| (p.path, p.value, p.unit)).collect();
        let expected = [
            ("producers.web.arrivals.poisson", 2.0, Unit::PerSecond),
            ("queues.orders.max_length", 10.0, Unit::One),
            ("queues.orders.message_ttl", 5400.0, Unit::Seconds),
            ("consumers.w.servers", 4.0, Unit::One),
            ("consumers.w.service.lognormal.mean", 0.04, Unit::Seconds),
            ("consumers.w.service.lognormal.scv", 2.25, Unit::One),
            ("consumers.w.failure.probability", 0.02, Unit::One),
        ];
        assert_eq!(told, expected.map(|(path, value, unit)| (path.to_string(), value, unit)));
    }

    #[test]
    fn a_moved_value_keeps_the_unit_in_which_it_is_written() {
        let of = |text: &str| FileNumber::read("p", &Value::from(text)).unwrap();
        assert_eq!(of("40ms").text_times(1.02), "40.8ms");
        assert_eq!(of("120/min").text_times(0.98), "117.6/min");
        assert_eq!(of("2%").text_times(1.5), "3%");
        assert!(FileNumber::read("p", &Value::from("orders")).is_none());
        assert!(FileNumber::read("p", &Value::from("4")).is_none(), "a name");
    }
}
