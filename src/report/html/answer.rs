//! The answer in one sentence, with what supports it: the command's own, or made from the numbers.

use super::rows::{busiest, find, share, shown};
use super::sentence::sentence;
use super::targets::judged;
use crate::experiment::result::{ResultSet, StopReason};
use crate::experiment::{Answer, Standing, Status};
use crate::row::{Metric, Scope, Statistic};
use maud::{Markup, html};

/// The question of a result that says none.
pub(super) fn question(set: &ResultSet) -> String {
    match set.points.len() {
        0 => "How long do messages take, how busy are the servers, and what is lost?".to_string(),
        n => format!("How do the numbers change over {n} settings?"),
    }
}

/// The answer, as the first thing on the page.
pub(super) fn answer(set: &ResultSet) -> Markup {
    let answer = set.answer.clone().unwrap_or_else(|| from_numbers(set));
    let badge = set.passed.map(|passed| if passed { ("good", "✓ passed") } else { ("bad", "✗ not passed") });
    html! {
        p.headline dir="auto" { (sentence(&answer.headline)) }
        @if let Some((class, text)) = badge { p { span class={ "badge " (class) } { (text) } } }
        @if !answer.details.is_empty() {
            ul { @for detail in &answer.details { li dir="auto" { (sentence(detail)) } } }
        }
    }
}

fn from_numbers(set: &ResultSet) -> Answer {
    let headline = if set.points.is_empty() { headline(set) } else { settings(set) };
    let details = [targets(set), stopped(set)].into_iter().flatten().collect();
    Answer { question: String::new(), headline, details }
}

/// Times and the busiest servers of a single setting.
fn headline(set: &ResultSet) -> String {
    let scopes = [Scope::System, Scope::Queue, Scope::Station];
    let time = |metric: &Metric, statistic| scopes.iter().find_map(|s| find(set, *s, metric.clone(), statistic));
    let (subject, metric) = match time(&Metric::Sojourn, Statistic::Mean) {
        Some(row) if row.scope != Scope::System => (format!("at `{}` ", row.name), Metric::Sojourn),
        Some(_) => ("from publication to its end ".to_string(), Metric::Sojourn),
        None => ("of waiting ".to_string(), Metric::Wait),
    };
    let mean = time(&metric, Statistic::Mean).map(|r| format!("A message takes {} {subject}on average", shown(r)));
    let p99 = time(&metric, Statistic::Quantile(0.99)).map(|r| format!("99 of 100 take less than {}", shown(r)));
    let busy = busiest(set).first().map(|r| {
        format!("the busiest servers, those of {} `{}`, work {} of the time", r.scope.name(), r.name, share(r))
    });
    let said: Vec<String> = [mean, p99, busy].into_iter().flatten().collect();
    match said.as_slice() {
        [] => "The result has no times and no utilizations.".to_string(),
        many => format!("{}.", many.join("; ")),
    }
}

fn settings(set: &ResultSet) -> String {
    let with = |status| set.points.iter().filter(|p| p.status == status).count();
    let n = set.points.len();
    let others = [(Status::Unstable, "without steady state"), (Status::Failed, "failed")];
    let others = others.into_iter().map(|(s, word)| (with(s), word)).filter(|(k, _)| *k > 0);
    let others: Vec<String> = others.map(|(k, word)| format!("{k} {word}")).collect();
    let rest = if others.is_empty() { String::new() } else { format!(", {}", others.join(", ")) };
    format!("{n} setting{} studied{rest}.", if n == 1 { " was" } else { "s were" })
}

fn targets(set: &ResultSet) -> Option<String> {
    let judged = judged(set);
    let of = |standing| judged.iter().filter(|judged| judged.standing() == standing).count();
    match (judged.len(), of(Standing::Missed), of(Standing::Undecided)) {
        (0, ..) => None,
        (1, 0, 0) => Some("The target is met.".to_string()),
        (n, 0, 0) => Some(format!("All {n} targets are met.")),
        (n, 0, open) => Some(format!("{open} of {n} targets undecided.")),
        (n, missed, 0) => Some(format!("{missed} of {n} targets missed.")),
        (n, missed, open) => Some(format!("{missed} of {n} targets missed, {open} undecided.")),
    }
}

fn stopped(set: &ResultSet) -> Option<String> {
    let n = set.provenance.replications;
    match set.provenance.stop_reason {
        StopReason::Interrupted => Some(format!("The run was interrupted: {n} replications were finished.")),
        StopReason::Budget => Some(format!("The wanted precision was not reached with {n} replications.")),
        _ => None,
    }
}
