//! How the numbers came about, item by item, after the STRESS guidelines for reporting discrete-event
//! simulations (Monks et al. 2019); the command and the model that reproduce them.

use crate::experiment::result::{EngineUsed, Provenance, ResultSet, Saved, StopReason, TheoryCheck, WarmupMethod};
use crate::report::distinct::distinct;
use crate::report::numbers::count;
use crate::row::{Metric, Row};
use crate::units::{format_duration, four_digits};
use maud::{Markup, html};

/// The table, the command, the model.
pub(super) fn checklist(saved: &Saved) -> Markup {
    let p = &saved.result.provenance;
    html! {
        (table(&items(&saved.result)))
        @if !p.command.is_empty() {
            h3 { "The command that made it" }
            pre.scroll tabindex="0" { code { (p.command) } }
        }
        @if !saved.model.is_empty() {
            details.print {
                summary { "The model, with everything that was set (" (saved.model.lines().count()) " lines)" }
                pre.scroll tabindex="0" { code { (saved.model) } }
            }
        }
    }
}

fn table(items: &[(&'static str, String)]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="How this was made" {
            table.items {
                caption { "Checklist for reporting simulations (STRESS-DES)" }
                tbody { @for (item, text) in items { tr { th scope="row" { (item) } td dir="auto" { (text) } } } }
            }
        }
    }
}

/// Item and what is to say; items without anything to say are left out.
fn items(set: &ResultSet) -> Vec<(&'static str, String)> {
    let p = &set.provenance;
    let simulated = p.replications > 0;
    let all = [
        ("Purpose", set.answer.as_ref().map(|a| a.question.clone())),
        ("Model", Some(p.model.clone())),
        ("Outputs", Some(outputs(set))),
        ("Settings", (!set.points.is_empty()).then(|| count(set.points.len() as u64))),
        ("Start", simulated.then(|| "empty and idle".to_string())),
        ("Warm-up", simulated.then(|| warmup(p))),
        ("Run length", simulated.then(|| length(p))),
        ("Replications", simulated.then(|| replications(p))),
        ("Intervals", simulated.then(|| intervals(p))),
        ("Random numbers", p.seed.map(random)),
        ("Theory", theory(set)),
        ("Engine", Some(engine(p))),
        ("Software", Some(format!("lindley {}", p.version))),
        ("Run time", Some(time(p))),
        ("Model hash (SHA-256)", Some(p.model_hash.clone())),
    ];
    all.into_iter().filter_map(|(item, text)| Some((item, text.filter(|t| !t.is_empty())?))).collect()
}

fn outputs(set: &ResultSet) -> String {
    let plain = set.rows.iter().filter(|row| !matches!(row.metric, Metric::Outcome(_) | Metric::Detail(_)));
    distinct(plain.map(|row| row.metric.to_string())).join(", ").replace('_', " ")
}

fn warmup(p: &Provenance) -> String {
    let (mean, max) = (format_duration(p.warmup.mean_s), format_duration(p.warmup.max_s));
    match p.warmup.method {
        WarmupMethod::None => "none: nothing is cut off".to_string(),
        WarmupMethod::Fixed => format!("the first {mean} of each replication are cut off"),
        WarmupMethod::Auto if p.warmup.settled => format!("{mean} cut off on average, {max} at most"),
        WarmupMethod::Auto => format!("the second half of the runs differs from the first; {mean} cut off"),
    }
}

fn length(p: &Provenance) -> String {
    let n = f64::from(p.replications.max(1));
    let each = count((p.messages as f64 / n).round() as u64);
    let simulated = format_duration(p.simulated_s / n);
    format!("{each} messages published in each replication on average, {simulated} of simulated time")
}

fn replications(p: &Provenance) -> String {
    let why = match p.stop_reason {
        StopReason::Replications => "as asked",
        StopReason::Length => "of the length that 5 % on means and p99 takes",
        StopReason::Events => "of the length that the budget of events allows",
        StopReason::Targets => "of the length that deciding the targets takes",
        StopReason::Precision => "until the wanted precision was reached",
        StopReason::Budget => "the budget; the wanted precision was not reached",
        StopReason::Time => "finished when the time limit was over",
        StopReason::Interrupted => "finished when interrupted",
        StopReason::Deterministic => "enough: nothing is random",
        StopReason::Solved => "solved",
    };
    format!("{} independent, {why}", count(p.replications.into()))
}

fn intervals(p: &Provenance) -> String {
    if p.replications < 2 {
        return "none: one replication".to_string();
    }
    format!("{} % confidence, Student's t over replications", four_digits(100.0 * p.level).trim_end_matches(".00"))
}

fn random(seed: u64) -> String {
    format!(
        "seed {seed}; xoshiro256++, one stream per replication, part of the model and purpose, so that variants share \
         their random numbers"
    )
}

fn theory(set: &ResultSet) -> Option<String> {
    let method = |c: &TheoryCheck| set.rows.get(c.theory).map_or(String::new(), Row::how);
    let methods = distinct(set.validation.iter().map(method));
    (!methods.is_empty()).then(|| methods.join("; "))
}

fn engine(p: &Provenance) -> String {
    match p.engine {
        EngineUsed::General => format!("discrete events, {} executed", count(p.events)),
        other => other.name().to_string(),
    }
}

fn time(p: &Provenance) -> String {
    let cpu = p.cpu_s.map_or(String::new(), |cpu| format!(", {} of processor time", format_duration(cpu)));
    if p.wall_s > 0.0 { format!("{}{cpu}", format_duration(p.wall_s)) } else { String::new() }
}
