//! Family 12, closed and mixed networks.

use super::Case;
use lindley::analytic::catalog::find;
use lindley::analytic::system::{Given, SystemAnswer};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let (answer, open) = answer(case)?;
    Asked { answer, open }.value(question)
}

struct Asked {
    answer: SystemAnswer,
    /// Number of open classes, which come first.
    open: usize,
}

/// The first parameter of these names that is there, as the text of a parameter of ours.
fn text(case: &Case, names: &[&str]) -> Option<String> {
    let value = names.iter().map(|name| &case.params[*name]).find(|value| !value.is_null())?;
    Some(value.to_string())
}

/// The answer of a system to parameters written as on the command line.
pub fn ask(system: &str, parameters: Vec<(&str, String)>) -> SystemAnswer {
    let system = find(system).unwrap_or_else(|| panic!("no system `{system}`"));
    let value = |text: &str| text.parse().unwrap_or_else(|_| toml::Value::String(text.to_string()));
    let map: BTreeMap<String, toml::Value> =
        parameters.iter().map(|(name, text)| (name.to_string(), value(text))).collect();
    let given = Given::read(system.parameters, &map).unwrap_or_else(|why| panic!("{}: {why:?}", system.name));
    (system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", system.name))
}

fn answer(case: &Case) -> Option<(SystemAnswer, usize)> {
    let mut given = Vec::new();
    let mut take = |ours: &'static str, theirs: &[&str]| {
        let found = text(case, theirs);
        given.extend(found.map(|text| (ours, text)));
    };
    take("servers", &["servers", "c"]);
    take("load-dependent", &["rates", "load_dependent", "mu_n", "alpha"]);
    if case.params["N"].is_array() {
        take("populations", &["N"]);
        take("types", &["types"]);
        take("think-times", &["Z", "think"]);
        let rates = text(case, &["lambdas", "lambda_", "lambda_open"]);
        if rates.is_none() {
            take("demands", &["demands_class_by_node", "demands", "D"]);
            return Some((ask("closed-classes", given), 0));
        }
        return Some(mixed(case, given));
    }
    if !case.params["N"].is_number() {
        return None;
    }
    take("population", &["N"]);
    take("think-time", &["Z", "think"]);
    take("demands", &["demands", "D"]);
    take("visits", &["visits", "V"]);
    take("service-means", &["service_means", "service", "S"]);
    Some((ask("closed", given), 0))
}

/// Open classes are those with an arrival rate (as many rows of demands first), or rows of their own.
fn mixed(case: &Case, mut given: Vec<(&'static str, String)>) -> (SystemAnswer, usize) {
    let list = |names: &[&str]| text(case, names).unwrap_or_else(|| "[]".to_string());
    let rates = list(&["lambdas", "lambda_", "lambda_open"]);
    let rates = if rates.starts_with('[') { rates } else { format!("[{rates}]") };
    let open = rates.matches(',').count() + 1;
    given.push(("arrival-rates", rates));
    let all: Vec<Value> = match &case.params["demands_class_by_node"] {
        Value::Array(rows) => rows.clone(),
        _ => Vec::new(),
    };
    if all.len() > open {
        given.push(("open-demands", Value::from(all[..open].to_vec()).to_string()));
        given.push(("demands", Value::from(all[open..].to_vec()).to_string()));
    } else {
        given.push(("open-demands", list(&["demands_open", "open_demands", "demands_open_class_by_node"])));
        given.push(("demands", list(&["demands_closed", "closed_demands", "demands_closed_class_by_node", "demands"])));
    }
    (ask("mixed", given), open)
}

/// The row of a mean or share, whatever its statistic.
pub fn row(answer: &SystemAnswer, name: &str, class: Option<&str>, metric: &str) -> Option<f64> {
    ["mean", "fraction"].iter().find_map(|statistic| answer.get(name, class, metric, statistic))
}

impl Asked {
    fn value(&self, question: &str) -> Option<f64> {
        let get = |name: &str, class, metric| row(&self.answer, name, class, metric);
        let parts: Vec<&str> = question.split('_').collect();
        match parts[..] {
            ["throughput"] | ["X"] => get("system", None, "throughput"),
            ["cycle", "time"] => get("system", None, "detail.cycle_time"),
            ["R"] | ["response"] => get("system", None, "sojourn"),
            ["logG"] | ["ln", "G"] | ["log", "G"] => get("system", None, "detail.ln_normalising_constant"),
            ["G"] => get("system", None, "detail.ln_normalising_constant").map(f64::exp),
            [what, class, node] if node.starts_with("node") => get(node, Some(&self.class(class)), metric_of(what)?),
            [what, class] if class.contains("class") || class.starts_with("open") || class.starts_with("closed") => {
                let metric = if matches!(what, "X" | "throughput") { "throughput" } else { metric_of(what)? };
                let metric = if metric == "detail.residence" { "sojourn" } else { metric };
                get("system", Some(&self.class(class)), metric)
            }
            [what, node] => {
                let node = if node.starts_with("node") { node.to_string() } else { format!("node{node}") };
                get(&node, None, if what == "X" { "throughput" } else { metric_of(what)? })
            }
            _ => None,
        }
    }

    /// `class2`; `open1` and `closed1` where classes are told apart so.
    fn class(&self, name: &str) -> String {
        let number = |text: &str| if text.is_empty() { Some(1) } else { text.parse::<usize>().ok() };
        let closed = name.strip_prefix("closed").and_then(number).map(|n| n + self.open);
        match closed.or_else(|| name.strip_prefix("open").and_then(number)) {
            Some(n) => format!("class{n}"),
            None => name.to_string(),
        }
    }
}

fn metric_of(what: &str) -> Option<&'static str> {
    Some(match what {
        "L" | "Q" => "in_system",
        "R" | "W" => "detail.residence",
        "util" | "U" | "rho" => "utilization",
        "X" => "throughput",
        _ => return None,
    })
}
