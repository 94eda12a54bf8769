//! What a comparison found, in plain sentences with numbers and units.

use super::ranking;
use crate::experiment::Answer;
use crate::experiment::comparison::{Comparison, Difference, GateCheck, GateVerdict, Rule, Side};
use crate::experiment::result::Interval;
use crate::report::numbers::{half_width, plus_minus};
use crate::row::{Metric, Scope, Statistic};
use crate::units::{Unit, format_quantity as amount, four_digits};

/// A number with its half-width, if it has any width.
fn spread(value: f64, half: Option<f64>, unit: Unit) -> String {
    plus_minus(value, half.filter(|half| *half > 0.0), unit)
}

/// Decimals up to the second significant digit of a half-width.
fn digits(half: f64) -> usize {
    (1 - (half.log10() + 1e-9).floor() as i32).clamp(0, 6) as usize
}

/// The size of a relative change, without its sign: `38.1 % ± 4.2 %`.
fn percent(change: &Interval) -> String {
    let value = 100.0 * change.value.abs();
    let Some(half) = half_width(change).map(|half| 100.0 * half).filter(|half| *half > 0.0) else {
        return format!("{} %", four_digits(value));
    };
    let digits = digits(half).min(3);
    format!("{value:.digits$} % ± {half:.digits$} %")
}

/// `p99 wait of queue orders`, `mean sojourn of class urgent in the system`.
fn phrase(d: &Difference) -> String {
    let metric = d.metric.to_string().replace('_', " ");
    let what = match d.statistic {
        Statistic::Fraction => metric,
        Statistic::Max => format!("largest {metric}"),
        Statistic::Count => format!("number of {metric}"),
        statistic => format!("{statistic} {metric}"),
    };
    let place = match d.scope {
        Scope::System => "the system".to_string(),
        scope => format!("{} {}", scope.name(), d.name),
    };
    match &d.class {
        Some(class) => format!("{what} of class {class} in {place}"),
        None => format!("{what} of {place}"),
    }
}

fn comparative(d: &Difference, difference: f64) -> &'static str {
    let time = matches!(d.metric, Metric::Wait | Metric::Sojourn | Metric::Service | Metric::DrainTime);
    match (time && d.statistic != Statistic::Variance, difference < 0.0) {
        (true, true) => "shorter",
        (true, false) => "longer",
        (false, true) => "lower",
        (false, false) => "higher",
    }
}

/// One difference as a sentence: `mean wait of queue orders: 38.1 % ± 4.2 % shorter in B (25.02 ms
/// against 40.40 ms in A)`.
fn sentence(d: &Difference, labels: [&str; 2]) -> String {
    let [first, second] = labels;
    let (Some(a), Some(b), Some(difference)) = (d.first, d.second, d.value) else {
        return format!("{}: {}", phrase(d), d.how());
    };
    let values = format!("{} against {} in {first}", amount(b, d.unit), amount(a, d.unit));
    if difference == 0.0 && d.half_width().is_none_or(|half| half == 0.0) {
        return format!("{}: the same in both, {}", phrase(d), amount(a, d.unit));
    }
    if d.significant != Some(true) {
        let interval = match (d.low, d.high) {
            (Some(low), Some(high)) => {
                format!("{second} - {first} is between {} and {}", amount(low, d.unit), amount(high, d.unit))
            }
            _ => "one pair of replications has no interval".to_string(),
        };
        return format!("{}: no significant difference: {interval} ({values})", phrase(d));
    }
    let how_much = match &d.change {
        Some(change) => percent(change),
        None => amount(difference.abs(), d.unit),
    };
    format!("{}: {how_much} {} in {second} ({values})", phrase(d), comparative(d, difference))
}

/// The question of a comparison and its answer.
pub(super) fn answer(comparison: &Comparison) -> Answer {
    match &comparison.ranking {
        Some(found) => ranking::answer(comparison, found, &names(comparison)),
        None if comparison.judged => gate(comparison),
        None => plain(comparison),
    }
}

/// The answer of a plain comparison.
fn plain(comparison: &Comparison) -> Answer {
    let labels = comparison.labels();
    let headline: Vec<&Difference> = comparison.differences.iter().filter(|d| d.headline).collect();
    let better = |label: &str| headline.iter().filter(|d| d.better.as_deref() == Some(label)).count();
    let (first, second) = (better(labels[0]), better(labels[1]));
    let leading = headline.iter().position(|d| d.better.is_some()).unwrap_or(0);
    let lead =
        headline.get(leading).map_or("the models share no watched quantity".to_string(), |d| sentence(d, labels));
    let of = headline.len();
    let same = headline.iter().all(|d| d.value == Some(0.0));
    let verdict = match (first, second) {
        _ if of == 0 => "Nothing to compare".to_string(),
        (0, 0) if same => "No difference".to_string(),
        (0, 0) => "No significant difference".to_string(),
        (0, n) => format!("{} is better in {n} of {of} headline quantities", labels[1]),
        (n, 0) => format!("{} is better in {n} of {of} headline quantities", labels[0]),
        (m, n) => {
            format!("It depends: {} is better in {m} and {} in {n} of {of} headline quantities", labels[0], labels[1])
        }
    };
    let rest = headline.iter().enumerate().filter(|(i, _)| *i != leading);
    Answer {
        question: format!("Which is better, {}?", names(comparison).join(" or ")),
        headline: format!("{verdict}: {lead}"),
        details: rest.map(|(_, d)| sentence(d, labels)).collect(),
    }
}

/// The answer of a gate.
fn gate(comparison: &Comparison) -> Answer {
    let count = |verdict: GateVerdict| comparison.checks.iter().filter(|c| c.verdict == verdict).count();
    let (failed, unsure, all) = (count(GateVerdict::Failed), count(GateVerdict::Undecided), comparison.checks.len());
    let first =
        |verdict: GateVerdict| comparison.checks.iter().find(|c| c.verdict == verdict).map_or(String::new(), check);
    let headline = match (failed, unsure) {
        (0, 0) => format!("Passed: all {all} checks hold"),
        (0, n) => format!("Undecided: {n} of {all} checks: {}", first(GateVerdict::Undecided)),
        (n, _) => format!("Failed: {n} of {all} checks: {}", first(GateVerdict::Failed)),
    };
    let rank = |c: &&GateCheck| match c.verdict {
        GateVerdict::Failed => 0,
        GateVerdict::Undecided => 1,
        GateVerdict::Passed => 2,
    };
    let mut checks: Vec<&GateCheck> = comparison.checks.iter().collect();
    checks.sort_by_key(rank);
    let skipped = usize::from(failed + unsure > 0);
    Answer {
        question: format!(
            "Is {} no worse than {}, and within its targets?",
            names(comparison)[1],
            names(comparison)[0]
        ),
        headline,
        details: checks.into_iter().skip(skipped).map(check).collect(),
    }
}

/// The finding of a check.
pub(super) fn check(check: &GateCheck) -> String {
    match check.rule {
        Rule::NoWorse => no_worse(check),
        Rule::Target => target(check),
    }
}

fn no_worse(check: &GateCheck) -> String {
    let (Some(base), Some(new)) = (check.base, check.new) else {
        let why = check.missing.as_deref().unwrap_or_default();
        return format!("{}: no values to compare ({why})", check.quantity);
    };
    let worse = if check.larger_is_worse { new - base } else { base - new };
    let values = format!("{} against {} in the base", amount(new, check.unit), amount(base, check.unit));
    let change = match &check.change {
        _ if worse == 0.0 => "unchanged".to_string(),
        Some(change) => format!("{} {}", percent(change), if worse > 0.0 { "worse" } else { "better" }),
        None => format!("changed from {}", amount(base, check.unit)),
    };
    let allowed = match check.limit {
        0.0 => String::new(),
        limit => format!(", allowed {}", amount(limit, check.unit)),
    };
    let straddles = check.low.zip(check.high).is_some_and(|(low, high)| low < 0.0 && high > 0.0);
    let end = match check.verdict {
        GateVerdict::Passed if straddles => " (not beyond the interval)",
        GateVerdict::Undecided => ": too imprecise to tell",
        _ => "",
    };
    format!("{}: {change}, {values}{allowed}{end}{}", check.quantity, more(check.verdict, check.needed_pairs))
}

fn more(verdict: GateVerdict, needed: Option<u64>) -> String {
    match (verdict, needed) {
        (GateVerdict::Undecided, Some(n)) => format!("; about {n} pairs of replications would be enough"),
        (GateVerdict::Undecided, None) => "; no number of replications is predicted to be enough".to_string(),
        _ => String::new(),
    }
}

fn target(check: &GateCheck) -> String {
    let quantity = &check.quantity;
    let Some(value) = check.new else {
        return match &check.missing {
            Some(why) => format!("{quantity}: no value ({why})"),
            None => format!("{quantity}: the result has no such number"),
        };
    };
    let word = match check.verdict {
        GateVerdict::Passed => "met",
        GateVerdict::Failed => "missed",
        GateVerdict::Undecided => "the interval reaches both sides",
    };
    let relation = check.sign();
    let shown = spread(value, check.low.zip(check.high).map(|(low, high)| (high - low) / 2.0), check.unit);
    let limit = amount(check.limit, check.unit);
    let more = more(check.verdict, check.needed_pairs);
    let other = check.written.as_ref().filter(|written| written.quantity != *quantity);
    let written = other.map_or(String::new(), |written| format!("{written}, that is "));
    format!("{written}{quantity}: {shown} {relation} {limit}: {word}{more}")
}

/// `A (orders)`, with the values set on one side only.
fn names(comparison: &Comparison) -> Vec<String> {
    let name = |side: &Side| {
        let set: String = side.settings.iter().map(|set| format!(", {set}")).collect();
        format!("{} ({}{set})", side.label, side.name)
    };
    comparison.sides.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_digits_that_the_interval_justifies() {
        let change =
            |value, half: Option<f64>| Interval { value, low: half.map(|h| value - h), high: half.map(|h| value + h) };
        assert_eq!(percent(&change(-0.381, Some(0.042))), "38.1 % ± 4.2 %");
        assert_eq!(percent(&change(0.381, Some(0.23))), "38 % ± 23 %");
        assert_eq!(percent(&change(0.5, None)), "50.00 %");
        assert_eq!(spread(0.1993, Some(0.01939), Unit::Seconds), "199 ± 19 ms");
        assert_eq!(spread(0.8, Some(0.0), Unit::One), "0.8000");
    }
}
