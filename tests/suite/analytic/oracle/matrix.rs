//! Family 07, by matrix-analytic methods.

use super::{Case, probability};
use lindley::analytic::catalog::find;
use lindley::analytic::system::{Answer, Given};
use lindley::row::Statistic;
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let answer = solved(case, question)?;
    let name = &answer.rows[0].name;
    let says = |metric: &str, statistic: &str| answer.get(name, None, metric, statistic);
    if let Some((which, percent)) = question.split_once("_p")
        && let Some(p) = probability(percent)
    {
        let metric = if which == "wq" { "wait" } else { "sojourn" };
        return says(metric, &Statistic::Quantile(p).to_string());
    }
    if let Some(n) = question.strip_prefix("P_N_eq_") {
        return says(&format!("detail.prob_in_system_{n}"), "fraction");
    }
    match question {
        "rho" | "utilization" => says("utilization", "mean"),
        "lambda_eff" | "throughput" => says("throughput", "mean"),
        "L" => says("in_system", "mean"),
        "Lq" => says("queue_length", "mean"),
        "W" => says("sojourn", "mean"),
        "Wq" => says("wait", "mean"),
        "var_Wq" => says("wait", "variance"),
        "var_W" => says("sojourn", "variance"),
        "p_wait_arrival" | "p_wait" => says("prob_wait", "fraction"),
        "p_loss" => says("prob_loss", "fraction"),
        "p_all_busy_time" => says("detail.all_busy", "fraction"),
        "p0" => says("detail.prob_empty", "fraction"),
        "caudal_sp_R" => says("detail.decay", "mean"),
        _ => None,
    }
}

/// The case by the very command a user would give.
fn solved(case: &Case, question: &str) -> Option<Answer> {
    let matrix = |rows: Vec<Vec<f64>>| Value::try_from(rows).expect("numbers");
    case.params.get("D0")?;
    let mut given = BTreeMap::new();
    for (name, key) in [("d0", "D0"), ("d1", "D1"), ("s", "S")] {
        given.insert(name.to_string(), matrix(case.matrix(key)));
    }
    given.insert("beta".to_string(), Value::try_from(case.numbers("beta")).expect("numbers"));
    for (name, key) in [("servers", "c"), ("places", "K")] {
        given.extend(case.number(key).map(|x| (name.to_string(), Value::Integer(x as i64))));
    }
    let levels = question.strip_prefix("P_N_eq_").map_or(0, |n| n.parse().expect("a count"));
    given.insert("levels".to_string(), Value::try_from([levels]).expect("numbers"));
    let percent = question.split_once("_p").and_then(|(_, percent)| probability(percent));
    given.insert("quantiles".to_string(), Value::try_from(percent.map_or(vec![], |p| vec![p])).expect("numbers"));
    let system = find("map-ph").expect("the system is listed");
    let given = Given::read(system.parameters, &given).unwrap_or_else(|why| panic!("{}: {why:?}", case.id));
    Some((system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", case.id)))
}
