//! A comparison of models as text: the answer, the best of several, the checks of a gate, the differences. The cells are
//! shared with Markdown.

use super::grid::{Align, Grid, paragraph};
use super::ranking;
use crate::experiment::comparison::{Comparison, Difference, GateCheck, GateVerdict, Only, Rule, Side};
use crate::experiment::result::{Interval, ResultSet};
use crate::report::numbers::{percent, plus_minus, scale_for};
use crate::row::{Metric, Relevance, Statistic};
use crate::units::{Unit, four_digits};

/// The blocks of a comparison, below the heading.
pub(super) fn blocks(set: &ResultSet, comparison: &Comparison, width: u16, verbose: bool) -> Vec<String> {
    let mut blocks =
        vec![comparison.sides.iter().map(|side| paragraph(&side.label, &described(side), width)).collect()];
    if let Some(answer) = &set.answer {
        let details = answer.details.iter().map(|detail| paragraph("-", detail, width));
        blocks.push(std::iter::once(paragraph("", &answer.headline, width)).chain(details).collect());
    }
    blocks.push(ranking::block(comparison, width));
    blocks.push(checks(comparison, width));
    if verbose || comparison.checks.is_empty() {
        blocks.push(differences(comparison, verbose));
        blocks.push(only_blocks(comparison, width, verbose));
    }
    blocks
}

/// `orders (models/a.toml), consumers.workers.servers = 5`.
pub(crate) fn described(side: &Side) -> String {
    let set: String = side.settings.iter().map(|set| format!(", {set}")).collect();
    format!("{} ({}){set}", side.name, side.file)
}

// ----- checks -------------------------------------------------------------------------------

/// Headings of [`check_rows`].
pub(crate) const CHECK_HEADER: [&str; 6] = ["", "check", "base", "new", "change", "limit"];

/// Rows of the table of checks; the sign of the verdict first.
pub(crate) fn check_rows(comparison: &Comparison, sign: fn(GateVerdict) -> &'static str) -> Vec<Vec<String>> {
    let cells = |check: &GateCheck| {
        let value = |value: Option<f64>| value.map_or("-".to_string(), |v| plus_minus(v, None, check.unit));
        vec![
            sign(check.verdict).to_string(),
            match check.rule {
                Rule::NoWorse => format!("{} no worse", check.quantity),
                Rule::Target => format!("{} target", check.quantity),
            },
            value(check.base),
            judged(check).unwrap_or_else(|| value(check.new)),
            check.change.as_ref().map_or(String::new(), signed_percent),
            limit(check),
        ]
    };
    comparison.checks.iter().map(cells).collect()
}

/// The new value with its interval, where a target is judged by it.
fn judged(check: &GateCheck) -> Option<String> {
    let half = (check.high? - check.low?) / 2.0;
    (check.rule == Rule::Target).then(|| plus_minus(check.new.unwrap_or(0.0), Some(half), check.unit))
}

fn limit(check: &GateCheck) -> String {
    let shown = plus_minus(check.limit, None, check.unit);
    match (check.rule, check.larger_is_worse) {
        (Rule::NoWorse, larger_is_worse) => {
            let share = check.base.filter(|base| *base != 0.0).map_or(0.0, |base| check.limit / base.abs());
            format!("{}{} %", if larger_is_worse { "+" } else { "-" }, four_digits(100.0 * share))
        }
        (Rule::Target, _) => format!("{} {shown}", check.sign()),
    }
}

fn word(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Passed => "✓ passed",
        GateVerdict::Failed => "✗ FAILED",
        GateVerdict::Undecided => "? undecided",
    }
}

fn checks(comparison: &Comparison, width: u16) -> String {
    if comparison.checks.is_empty() {
        return String::new();
    }
    let align = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Right, Align::Right];
    let header = CHECK_HEADER.iter().map(ToString::to_string).collect();
    Grid::new(header, align.to_vec()).within(width).rows(check_rows(comparison, word)).print()
}

// ----- differences --------------------------------------------------------------------------

/// The name of a quantity, the statistic left out where there is no other.
pub(crate) fn named(d: &Difference) -> String {
    let only = match d.metric {
        Metric::Wait | Metric::Sojourn | Metric::Service => false,
        _ => matches!(d.statistic, Statistic::Mean | Statistic::Fraction),
    };
    let full = d.quantity().to_string();
    let short = full.rsplit_once('.').filter(|_| only).map(|(short, _)| short.to_string());
    short.unwrap_or(full)
}

/// Headings of [`difference_row`].
pub(crate) fn difference_header(comparison: &Comparison) -> Vec<String> {
    let [a, b] = [0, 1].map(|i| comparison.sides.get(i).map_or("", |side| side.label.as_str()));
    let names = ["quantity", a, b, &format!("{b} - {a}"), "change", "better", "pairing"];
    names.iter().map(ToString::to_string).collect()
}

/// The cells of one difference.
pub(crate) fn difference_row(d: &Difference, name: String) -> Vec<String> {
    let (Some(first), Some(second), Some(value)) = (d.first, d.second, d.value) else {
        return vec![name, String::new(), String::new(), d.how(), String::new(), String::new(), String::new()];
    };
    let scale = scale_for(first.abs().max(second.abs()), None, d.unit);
    vec![
        name,
        scale.print(first),
        scale.print(second),
        signed(value, d.half_width(), d.unit),
        d.change.as_ref().map_or(String::new(), signed_percent),
        better(d),
        d.pairing.map_or(String::new(), |ratio| format!("{} x", rounded(ratio))),
    ]
}

fn better(d: &Difference) -> String {
    match (&d.better, d.significant) {
        (Some(label), _) => label.clone(),
        (None, Some(true)) => "differs".to_string(),
        (None, _) if d.value == Some(0.0) => "same".to_string(),
        (None, _) => "unclear".to_string(),
    }
}

pub(super) fn rounded(ratio: f64) -> String {
    if ratio < 9.95 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}

pub(crate) fn signed(value: f64, half: Option<f64>, unit: Unit) -> String {
    if value == 0.0 && half.is_none_or(|half| half == 0.0) {
        return "0".to_string();
    }
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", plus_minus(value, half, unit))
}

/// `+3.0 ± 0.4 %`.
pub(crate) fn signed_percent(change: &Interval) -> String {
    let half = change.low.zip(change.high).map(|(low, high)| 50.0 * (high - low));
    if change.value == 0.0 && half.is_none_or(|half| half == 0.0) {
        return "0 %".to_string();
    }
    let sign = if change.value > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(change))
}

fn differences(comparison: &Comparison, verbose: bool) -> String {
    let headline = comparison.differences.iter().filter(|d| d.headline);
    let rows = headline.map(|d| difference_row(d, named(d))).collect();
    let mut out = block("Headline quantities", comparison, rows);
    let rest: Vec<&Difference> =
        comparison.differences.iter().filter(|d| !d.headline && (verbose || is_key(d))).collect();
    let mut rows: Vec<Vec<String>> = rest.iter().map(|d| difference_row(d, named(d))).collect();
    if !verbose {
        rows.iter_mut().filter_map(|row| row.last_mut()).for_each(String::clear);
    }
    let title = if verbose { "Everything else" } else { "Beside them (verbose output has every quantity)" };
    let second = block(title, comparison, rows);
    if !second.is_empty() {
        out += "\n";
        out += &second;
    }
    out
}

fn block(title: &str, comparison: &Comparison, rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let align = std::iter::once(Align::Left).chain([Align::Right; 4]).chain([Align::Left, Align::Right]);
    let table = Grid::new(difference_header(comparison), align.collect()).rows(rows);
    format!("{title}\n{}", table.without_empty_columns().print())
}

/// Whether a difference belongs to the short table.
pub(crate) fn is_key(d: &Difference) -> bool {
    d.class.is_none() && Relevance::of(d.scope, &d.metric, d.statistic) == Relevance::Usual
}

// ----- what only one has --------------------------------------------------------------------

fn only_blocks(comparison: &Comparison, width: u16, verbose: bool) -> String {
    comparison.sides.iter().map(|side| only_block(comparison, &side.label, width, verbose)).collect()
}

fn only_block(comparison: &Comparison, label: &str, width: u16, verbose: bool) -> String {
    let only: Vec<&Only> = comparison.only.iter().filter(|o| o.side == label).collect();
    if only.is_empty() {
        return String::new();
    }
    if !verbose {
        return paragraph(&format!("only in {label}:"), &entities(&only), width);
    }
    let value = |o: &Only| o.value.map_or("-".to_string(), |v| plus_minus(v, None, o.unit));
    let rows = only.iter().map(|o| vec![o.quantity.to_string(), value(o)]).collect();
    let table = Grid::new(vec!["quantity".into(), label.into()], vec![Align::Left, Align::Right]);
    format!("Only in {label}\n{}\n", table.rows(rows).print())
}

/// `jobs (24 quantities), pool (4 quantities)`.
pub(crate) fn entities(only: &[&Only]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for o in only {
        let name = o.quantity.name.clone();
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, n)) => *n += 1,
            None => counts.push((name, 1)),
        }
    }
    let counted = |(name, n): &(String, usize)| format!("{name} ({n} quantit{})", if *n == 1 { "y" } else { "ies" });
    counts.iter().map(counted).collect::<Vec<_>>().join(", ")
}
