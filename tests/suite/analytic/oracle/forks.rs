//! Family 14: fork-join, split-merge.

use super::{Case, probability};
use lindley::analytic::catalog::find;
use lindley::analytic::system::{Given, SystemAnswer};
use lindley::row::Statistic;
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let (answer, name) = solved(case, question)?;
    let says = |name: &str, metric: &str| answer.get(name, None, metric, "mean");
    if let Some(branch) = question.strip_prefix("W_branch") {
        return says(&format!("branch{branch}"), "sojourn");
    }
    if let Some((which, percent)) = question.split_once("_p")
        && let Some(p) = probability(percent)
    {
        let metric = if which == "wq" { "wait" } else { "sojourn" };
        return answer.get(name, None, metric, &Statistic::Quantile(p).to_string());
    }
    match question {
        "W" => says(name, "sojourn"),
        "L" => says(name, "in_system"),
        "Wq" => says(name, "wait"),
        "Lq" => says(name, "queue_length"),
        "rho" | "utilization" => says(name, "utilization"),
        "max_stable_lambda" => says(name, "detail.max_stable_arrival_rate"),
        "mean_service" | "E_service" | "ES" => says(name, "service"),
        "scv_service" => says(name, "detail.service_scv"),
        "throughput" => case.number("lambda_"),
        _ => None,
    }
}

/// Split-merge where there is a `k` of equal branches, else fork-join of those with their rates.
fn solved(case: &Case, question: &str) -> Option<(SystemAnswer, &'static str)> {
    let splits = case.id.contains("split");
    let rates = match case.params.get("mu") {
        Some(mu) if mu.is_array() => case.numbers("mu"),
        _ => vec![case.number("mu")?; case.number("k").or(case.number("n"))? as usize],
    };
    let mut given = BTreeMap::new();
    given.insert("arrival-rate".to_string(), Value::Float(case.number("lambda_")?));
    given.insert("service-rates".to_string(), Value::try_from(rates).expect("numbers"));
    if splits {
        let percent = question.split_once("_p").and_then(|(_, percent)| probability(percent));
        let quantiles = percent.map_or(vec![], |p| vec![p]);
        given.insert("quantiles".to_string(), Value::try_from(quantiles).expect("numbers"));
    }
    let (system, name) = if splits { ("split-merge", "split-merge") } else { ("fork-join", "system") };
    let system = find(system).expect("the system is listed");
    let given = Given::read(system.parameters, &given).unwrap_or_else(|why| panic!("{}: {why:?}", case.id));
    let answer = (system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", case.id));
    Some((answer, name))
}
