//! `lindley explain`: what a metric, a method, a system or a diagnostic means. Each text comes from
//! the one place where it stands anyway: the table of codes, docs/metrics.md, the documentation of
//! the item, the parameters of the system.

use super::failure::Failure;
use super::output::print;
use crate::analytic::catalog::{self, pages};
use crate::analytic::page::Page;
use crate::analytic::system::System;

/// The document that defines the metrics.
const METRICS: &str = include_str!("../../docs/metrics.md");

/// Explains one name, or lists all.
pub(super) fn explain(what: Option<&str>) -> Result<(), Failure> {
    let Some(what) = what else { return print(&index()) };
    let found = [metric(what), method(what), named_system(what), code(what)];
    let texts: Vec<String> = found.into_iter().flatten().collect();
    if texts.is_empty() {
        return Err(Failure::Usage(unknown(what)));
    }
    print(&texts.join("\n"))
}

/// The rows of docs/metrics.md about a metric.
fn metric(name: &str) -> Option<String> {
    let wanted = name.to_lowercase().replace('-', "_");
    let mut text = String::new();
    for line in METRICS.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [names, of, is] = cells[..] else { continue };
        if names.split(',').any(|n| n.trim().trim_matches('`') == wanted) {
            text += &format!("{wanted} ({of}): {is}\n");
        }
    }
    let section = METRICS.split("\n## ").find(|s| s.lines().next().is_some_and(|title| title.trim() == wanted));
    let more = section.and_then(|s| s.split_once('\n')).map(|(_, body)| body.trim());
    (!text.is_empty()).then(|| match more {
        Some(more) => format!("{text}\n{more}\n"),
        None => text,
    })
}

fn method(name: &str) -> Option<String> {
    let page: &Page = pages().find(|page| page.name == name)?;
    Some(format!("{name}\n\n{}\n", page.text()))
}

fn named_system(name: &str) -> Option<String> {
    catalog::find(name).map(describe)
}

/// A system with its parameters.
pub(super) fn describe(system: &System) -> String {
    let mut text = format!("{}: {}\n  lindley solve {}", system.name, system.says, system.name);
    for parameter in system.parameters {
        let default = parameter.default.map_or("required".to_string(), |d| format!("default {d}"));
        text += &format!("\n    -p {}=...  {} ({}; {default})", parameter.name, parameter.says, parameter.kind);
    }
    text + "\n"
}

fn code(name: &str) -> Option<String> {
    crate::diag::explain(name).map(|text| format!("{name}: {text}\n"))
}

/// Every name there is, by kind.
fn index() -> String {
    let list = |title: &str, names: Vec<&str>| format!("{title}\n  {}\n\n", names.join("\n  "));
    let metrics = crate::row::Metric::names().collect();
    let mut methods: Vec<&str> = pages().map(|page| page.name).collect();
    methods.sort_unstable();
    let systems = catalog::systems().map(|system| system.name).collect();
    let codes = crate::diag::CODES.iter().map(|(code, _)| *code).collect();
    list("Metrics", metrics)
        + &list("Methods and formulas", methods)
        + &list("Systems", systems)
        + &list("Diagnostics", codes)
}

fn unknown(what: &str) -> String {
    let near = |name: &&str| strsim::jaro_winkler(name, what) > 0.85;
    let names = pages().map(|p| p.name).chain(catalog::systems().map(|s| s.name)).chain(crate::row::Metric::names());
    let codes = crate::diag::CODES.iter().map(|(code, _)| *code);
    let close: Vec<&str> = names.chain(codes).filter(near).collect();
    let hint = if close.is_empty() { String::new() } else { format!(" (did you mean {}?)", close.join(", ")) };
    format!("nothing here is called `{what}`{hint}; `lindley explain` lists every name")
}
