//! Family 12, open networks.

use super::Case;
use super::retry::solve;
use lindley::analytic::system::SystemAnswer;
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let list = |name: &str| case.params[name].is_array();
    match () {
        () if list("gamma") && list("routing") => jackson(case, question),
        () if list("lambdas") && list("demands_class_by_node") && !list("N") => bcmp(case, question),
        () => None,
    }
}

fn floats(values: Vec<f64>) -> Value {
    Value::Array(values.into_iter().map(Value::Float).collect())
}

fn table(rows: Vec<Vec<f64>>) -> Value {
    Value::Array(rows.into_iter().map(floats).collect())
}

fn words(case: &Case, name: &str) -> Value {
    let list = case.params[name].as_array().into_iter().flatten();
    let word = |x: &serde_json::Value| x.as_str().map_or_else(|| x.to_string(), str::to_string);
    Value::Array(list.map(word).map(Value::String).collect())
}

fn jackson(case: &Case, question: &str) -> Option<f64> {
    let given = BTreeMap::from([
        ("gamma".to_string(), floats(case.numbers("gamma"))),
        ("routing".to_string(), table(case.matrix("routing"))),
        ("mu".to_string(), floats(case.numbers("mu"))),
        ("servers".to_string(), words(case, "c")),
    ]);
    let answer = solve(case, "jackson", given);
    let (name, node) = question.rsplit_once('_')?;
    let node = if node == "total" { "system" } else { node };
    answer.get(node, None, metric(name)?, "mean")
}

fn metric(name: &str) -> Option<&'static str> {
    Some(match name {
        "lambda" => "arrival_rate",
        "L" => "in_system",
        "Lq" => "queue_length",
        "W" => "sojourn",
        "Wq" => "wait",
        "rho" | "util" => "utilization",
        "visits" => "detail.visits",
        _ => return None,
    })
}

fn bcmp(case: &Case, question: &str) -> Option<f64> {
    let given = BTreeMap::from([
        ("arrival-rates".to_string(), floats(case.numbers("lambdas"))),
        ("demands".to_string(), table(case.matrix("demands_class_by_node"))),
        ("types".to_string(), words(case, "types")),
        ("servers".to_string(), words(case, if case.params["servers"].is_array() { "servers" } else { "c" })),
    ]);
    let answer: SystemAnswer = solve(case, "bcmp-open", given);
    let mut parts = question.split('_');
    let (quantity, mut class, mut node) = (parts.next()?, None, "system");
    for part in parts {
        match (part.strip_prefix("class"), part.strip_prefix("node")) {
            (Some(k), _) => class = Some(k),
            (_, Some(n)) => node = n,
            _ => {}
        }
    }
    let name = match (quantity, node) {
        ("L", _) => "in_system",
        ("Lq", _) => "queue_length",
        ("rho" | "util", _) => "utilization",
        ("W", "system") => "sojourn",
        ("W" | "R", _) => "detail.residence",
        _ => return None,
    };
    answer.get(node, class, name, "mean")
}
