//! Lowers the values of an axis (`range`, `linspace`, `logspace`, `values`, a plain list) and the
//! laws of drawn parameters: numbers or texts with units, finite, ascending, counted without being
//! made.

use crate::diag::code;
use crate::model::file::overlay::Change;
use crate::model::file::reader::Node;
use crate::model::study::sweep::{AxisValues, Literal, NumberForm, ParamLaw, SweepAxis};
use crate::units::{parse_duration, parse_rate};
use toml::de::DeValue;

/// Forms of an axis.
pub(in crate::model::file) const FORMS: &[&str] = &["range", "linspace", "logspace", "values"];
/// Laws of a drawn parameter.
pub(in crate::model::file) const LAWS: &[&str] = &["uniform", "loguniform", "integers", "choice"];

/// A number of steps may miss its whole by rounding: `[0, 1, 0.1]` has 11 values.
const ROUNDING: f64 = 1e-9;

/// The path that is the key of an entry.
pub(super) fn path(node: &Node<'_>) -> Option<String> {
    let written = Change::at(node.name, true).map_err(|why| node.error(code::UNKNOWN_KEY, why, ""));
    if node.value.as_table().is_some_and(|t| t.keys().all(|k| !is_form(k.get_ref()))) && !node.name.contains('.') {
        // An unquoted dotted key is a table within a table.
        let label = "write the path in quotes, because of its dots";
        return node.refuse(code::UNKNOWN_KEY, format!("`{}` is no path", node.name), label);
    }
    written.ok().map(|_| node.name.to_string())
}

fn is_form(key: &str) -> bool {
    FORMS.contains(&key) || LAWS.contains(&key)
}

/// One axis: its path and its values.
pub(super) fn axis(node: &Node<'_>) -> Option<SweepAxis> {
    let path = path(node)?;
    let values = if node.value.is_array() { AxisValues::List(literals(node)?) } else { form(node)? };
    Some(SweepAxis { path, place: node.key.clone(), values })
}

fn form(node: &Node<'_>) -> Option<AxisValues> {
    let form = node.variant("an axis", FORMS)?;
    match form.name {
        "range" => range(&form),
        "linspace" => linspace(&form),
        "logspace" => logspace(&form),
        _ => literals(&form).map(AxisValues::List),
    }
}

/// A list of at least one value.
fn literals(node: &Node<'_>) -> Option<Vec<Literal>> {
    let literals = node.each(literal)?;
    node.require(!literals.is_empty(), "have at least one value")?;
    Some(literals)
}

/// A value as it stands in the text.
fn literal(node: &Node<'_>) -> Option<Literal> {
    if node.as_number().is_some() {
        node.number()?;
    }
    node.cx.text.get(node.span.clone()).map(|text| text.trim().to_string())
}

/// The values of a spacing or a law by their names, the last `optional` of which may be missing.
fn parts<'a>(node: &Node<'a>, names: &[&'static str], optional: usize) -> Option<Vec<Node<'a>>> {
    let parts = node.list()?;
    if !(names.len() - optional..=names.len()).contains(&parts.len()) {
        let (name, wanted) = (node.name, names.join(", "));
        let message = format!("`{name}` is written `[{wanted}]`, and {} values stand here", parts.len());
        return node.refuse(code::OUT_OF_RANGE, message, "");
    }
    Some(parts.into_iter().zip(names).map(|(part, name)| Node { name, ..part }).collect())
}

/// `[start, stop, step]`, the stop included; whole numbers stay whole.
fn range(node: &Node<'_>) -> Option<AxisValues> {
    let parts = parts(node, &["start", "stop", "step"], 1)?;
    if parts.iter().all(|part| matches!(part.value, DeValue::Integer(_))) {
        return whole_range(&parts);
    }
    let Some(step) = parts.get(2) else {
        let message = "a `range` of numbers that are not whole needs a step: `[start, stop, step]`";
        return node.refuse(code::MISSING_KEY, message, "");
    };
    let (start, stop, scale) = ends(&parts[0], &parts[1])?;
    let step_size = amount(step, scale)?;
    step.require(step_size > 0.0, "be positive")?;
    let steps = (stop - start) / step_size * (1.0 + ROUNDING);
    step.require(steps < u64::MAX as f64 / 2.0, "be a step that is not lost in rounding")?;
    Some(AxisValues::Linear { start, step: step_size, count: steps as u64 + 1, scale: broken(scale) })
}

/// The form of numbers that need not stay whole.
fn broken(scale: NumberForm) -> NumberForm {
    if scale == NumberForm::Integer { NumberForm::Plain } else { scale }
}

fn whole_range(parts: &[Node<'_>]) -> Option<AxisValues> {
    let numbers: Vec<i128> = parts.iter().map(integer).collect::<Option<_>>()?;
    let (start, stop, step) = (numbers[0], numbers[1], numbers.get(2).copied().unwrap_or(1));
    parts[parts.len() - 1].require(step > 0, "be positive")?;
    parts[1].require(stop >= start, &format!("not be below `start` = {start}"))?;
    let count = (stop - start) / step + 1;
    Some(AxisValues::Whole {
        start: i64::try_from(start).ok()?,
        step: i64::try_from(step).ok()?,
        count: u64::try_from(count).ok()?,
    })
}

fn integer(node: &Node<'_>) -> Option<i128> {
    let DeValue::Integer(digits) = node.value else { return node.wrong_type("a whole number") };
    let value = i64::from_str_radix(&digits.as_str().replace('_', ""), digits.radix()).ok();
    node.require(value.is_some(), "fit into 64 bits")?;
    value.map(i128::from)
}

/// `[start, stop, count]`.
fn linspace(node: &Node<'_>) -> Option<AxisValues> {
    let parts = parts(node, &["start", "stop", "count"], 0)?;
    let (start, stop, scale) = ends(&parts[0], &parts[1])?;
    let count = parts[2].whole(2, u64::MAX)?;
    let step = (stop - start) / (count - 1) as f64;
    let scale = if step.fract() == 0.0 { scale } else { broken(scale) };
    Some(AxisValues::Linear { start, step, count, scale })
}

/// `[start, stop, count]`: the ends themselves, not exponents.
fn logspace(node: &Node<'_>) -> Option<AxisValues> {
    let parts = parts(node, &["start", "stop", "count"], 0)?;
    let (start, stop, scale) = ends(&parts[0], &parts[1])?;
    parts[0].require(start > 0.0, "be positive in a `logspace`")?;
    let count = parts[2].whole(2, u64::MAX)?;
    Some(AxisValues::Log { start, stop, count, scale: broken(scale) })
}

/// Two ends of one kind, the second above the first.
fn ends(low: &Node<'_>, high: &Node<'_>) -> Option<(f64, f64, NumberForm)> {
    let (a, scale) = end(low)?;
    let (b, other) = end(high)?;
    if kind(scale) != kind(other) {
        return high.refuse(code::WRONG_UNIT, format!("the ends are a {} and a {}", kind(scale), kind(other)), "");
    }
    let scale = if scale == NumberForm::Integer { other } else { scale };
    high.require(b > a, &format!("be above `{}` = {}", low.name, low.cx.source(&low.span)))?;
    high.require((b - a).is_finite(), "be finite together with the start")?;
    Some((a, b, scale))
}

fn kind(scale: NumberForm) -> &'static str {
    match scale {
        NumberForm::Plain | NumberForm::Integer => "number",
        NumberForm::Time => "duration",
        NumberForm::Rate => "rate",
    }
}

/// A number, or a text that is a duration or a rate.
fn end(node: &Node<'_>) -> Option<(f64, NumberForm)> {
    if matches!(node.value, DeValue::Integer(_)) {
        return Some((integer(node)? as f64, NumberForm::Integer));
    }
    if node.as_number().is_some() {
        return Some((node.number()?, NumberForm::Plain));
    }
    let Some(text) = node.value.as_str() else { return node.wrong_type("a number, a duration or a rate") };
    if parse_duration(text).is_ok() {
        return Some((node.duration()?, NumberForm::Time));
    }
    if text.contains('/') || text.contains("per ") {
        return Some((node.rate()?, NumberForm::Rate));
    }
    Some((node.duration()?, NumberForm::Time))
}

/// A step in the kind of its ends.
fn amount(node: &Node<'_>, scale: NumberForm) -> Option<f64> {
    match scale {
        NumberForm::Time => node.duration(),
        NumberForm::Rate => {
            let known = node.value.as_str().is_none_or(|text| parse_rate(text).is_ok());
            if known { node.rate() } else { node.wrong_type("a rate such as `120/s`") }
        }
        NumberForm::Plain | NumberForm::Integer => node.number(),
    }
}

/// The law of a drawn parameter.
pub(super) fn law(node: &Node<'_>) -> Option<ParamLaw> {
    let law = node.variant("a drawn parameter", LAWS)?;
    if law.name == "choice" {
        return literals(&law).map(ParamLaw::Choice);
    }
    let parts = parts(&law, &["low", "high"], 0)?;
    if law.name == "integers" {
        let (low, high) = (integer(&parts[0])?, integer(&parts[1])?);
        parts[1].require(high >= low, "not be below `low`")?;
        return Some(ParamLaw::Integers(i64::try_from(low).ok()?, i64::try_from(high).ok()?));
    }
    let (low, high, scale) = ends(&parts[0], &parts[1])?;
    if law.name == "uniform" {
        return Some(ParamLaw::Uniform(low, high, broken(scale)));
    }
    parts[0].require(low > 0.0, "be positive in a `loguniform`")?;
    Some(ParamLaw::LogUniform(low, high, broken(scale)))
}
