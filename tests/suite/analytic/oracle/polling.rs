//! Family 15: polling.

use super::Case;
use lindley::analytic::catalog::find;
use lindley::analytic::system::{Given, SystemAnswer};
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let answer = answer(case)?;
    let of = |name: &str, metric: &str| answer.get(name, None, metric, "mean");
    if let Some((metric, queue)) = question.rsplit_once('_')
        && queue.parse::<usize>().is_ok()
    {
        return of(queue, metric_named(metric)?);
    }
    match question {
        "rho_total" | "rho" => of("system", "utilization"),
        "mean_cycle" => of("system", "detail.cycle"),
        "pseudo_conservation" | "pcl_sum" | "weighted_wait" | "sum_rho_Wq" => {
            of("system", "detail.pseudo_conservation")
        }
        "Lq_total" => of("system", "queue_length"),
        "L_total" => of("system", "in_system"),
        _ => of("1", metric_named(question.trim_end_matches("_per_queue"))?),
    }
}

fn metric_named(name: &str) -> Option<&'static str> {
    Some(match name {
        "Wq" => "wait",
        "W" => "sojourn",
        "Lq" => "queue_length",
        "L" => "in_system",
        _ => return None,
    })
}

fn letter(word: &str) -> &str {
    match word {
        "exp" => "M",
        "det" => "D",
        "erlang2" => "E2",
        "erlang3" => "E3",
        "erlang4" => "E4",
        other => other,
    }
}

/// A law as the system reads it.
fn law(word: &str, mean: f64) -> String {
    format!("{} {mean:e}s", letter(word))
}

fn list<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Value {
    Value::Array(values.into_iter().map(Into::into).collect())
}

fn answer(case: &Case) -> Option<SystemAnswer> {
    let system = find("polling").expect("the system exists");
    let given = Given::read(system.parameters, &parameters(case)?).unwrap_or_else(|why| panic!("{}: {why:?}", case.id));
    Some((system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", case.id)))
}

fn parameters(case: &Case) -> Option<BTreeMap<String, Value>> {
    let mut given = BTreeMap::new();
    let discipline = case.text("discipline").unwrap_or(if case.id.contains("gated") { "gated" } else { "exhaustive" });
    let discipline = if discipline.contains("limited") { "1-limited" } else { discipline };
    given.insert("discipline".to_string(), discipline.into());
    let (rates, services, switchovers) = match case.number("N") {
        Some(n) => {
            let service = law(case.text("service")?, case.number("mean_service")?);
            let switchover = law(case.text("switchover")?, case.number("mean_switchover")?);
            (vec![case.number("lambda_per_queue")?; n as usize], vec![service], vec![switchover])
        }
        None => {
            let rates = case.params.as_object()?.keys().find(|key| key.starts_with("switch_rates"))?;
            let exponential = |rate: f64| law("exp", 1.0 / rate);
            let laws = |name: &str| case.numbers(name).into_iter().map(exponential).collect();
            (case.numbers("lambdas"), laws("mus"), laws(rates))
        }
    };
    given.insert("arrival-rates".to_string(), list(rates));
    given.insert("services".to_string(), list(services));
    given.insert("switchovers".to_string(), list(switchovers));
    Some(given)
}
