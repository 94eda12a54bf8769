//! Family 11: feedback, retry and dead letter, retrial.

use super::{Case, probability};
use lindley::analytic::catalog::find;
use lindley::analytic::system::{Answer, Given};
use lindley::row::Statistic;
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    if case.number("retrial_rate").is_some() { retrial(case, question) } else { retry(case, question) }
}

/// The answer of a named system.
pub fn solve(case: &Case, name: &str, given: BTreeMap<String, Value>) -> Answer {
    let system = find(name).expect("the system is listed");
    let given = Given::read(system.parameters, &given).unwrap_or_else(|why| panic!("{}: {why:?}", case.id));
    (system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", case.id))
}

/// Parameters that every single queue has.
fn queue(case: &Case) -> Option<BTreeMap<String, Value>> {
    let service = 1.0 / case.number("mu")?;
    let mut given: BTreeMap<String, Value> = BTreeMap::new();
    given.insert("arrival-rate".to_string(), Value::Float(case.number("lambda_")?));
    given.insert("service".to_string(), Value::String(format!("M {service}s")));
    given.insert("servers".to_string(), Value::Integer(case.number("c").unwrap_or(1.0) as i64));
    Some(given)
}

fn of(answer: &Answer, metric: &str, statistic: &str) -> Option<f64> {
    answer.get("station", None, metric, statistic)
}

fn retrial(case: &Case, question: &str) -> Option<f64> {
    let mut given = queue(case)?;
    given.insert("retrial-rate".to_string(), Value::Float(case.number("retrial_rate")?));
    given.insert("policy".to_string(), Value::String(case.text("policy")?.to_string()));
    let answer = solve(case, "retrial", given);
    match question {
        "L_orbit" => of(&answer, "detail.in_orbit", "mean"),
        "L" => of(&answer, "in_system", "mean"),
        "W_orbit" => of(&answer, "wait", "mean"),
        "W" => of(&answer, "sojourn", "mean"),
        "p_block" => of(&answer, "prob_wait", "fraction"),
        "p0" => of(&answer, "detail.prob_empty", "fraction"),
        "rho" | "utilization" => of(&answer, "utilization", "mean"),
        _ => None,
    }
}

fn retry(case: &Case, question: &str) -> Option<f64> {
    let mut given = queue(case)?;
    given.insert("failure".to_string(), Value::Float(case.number("p_fail")?));
    let backoff = case.number("mean_backoff").map_or("D 0s".to_string(), |mean| format!("M {mean}s"));
    given.insert("backoff".to_string(), Value::String(backoff));
    given.insert("max-attempts".to_string(), Value::Integer(case.number("max_attempts").unwrap_or(0.0) as i64));
    let to = if question.ends_with("_immediate") { "server" } else { "tail" };
    given.insert("retry-to".to_string(), Value::String(to.to_string()));
    let quantile = question.trim_end_matches("_immediate").trim_end_matches("_tail").strip_prefix("w_p");
    if let Some(p) = quantile.and_then(probability) {
        given.insert("quantiles".to_string(), Value::Array(vec![Value::Float(p)]));
        return of(&solve(case, "retry", given), "sojourn", &Statistic::Quantile(p).to_string());
    }
    let answer = solve(case, "retry", given);
    let detail = |name: &str, statistic| of(&answer, &format!("detail.{name}"), statistic);
    let plain = question.trim_end_matches("_immediate").trim_end_matches("_tail");
    match plain {
        "rho" => of(&answer, "utilization", "mean"),
        "L" | "L_queue" => of(&answer, "in_system", "mean"),
        "Lq" => of(&answer, "queue_length", "mean"),
        "L_backoff" => detail("in_backoff", "mean"),
        "W" | "W_total" => of(&answer, "sojourn", "mean"),
        "Wq" => of(&answer, "wait", "mean"),
        "var_W" => of(&answer, "sojourn", "variance"),
        "var_Wq" => of(&answer, "wait", "variance"),
        "W_per_attempt" => detail("sojourn_per_attempt", "mean"),
        "Wq_per_attempt" => detail("wait_per_attempt", "mean"),
        "mean_attempts" => detail("mean_attempts", "mean"),
        "attempt_rate" => detail("attempt_rate", "mean"),
        "dlq_rate" => detail("dead_letter_rate", "mean"),
        "p_dlq" => detail("prob_dead_letter", "fraction"),
        "p_wait" => of(&answer, "prob_wait", "fraction"),
        "throughput_success" | "throughput" => detail("success_rate", "mean"),
        _ => detail(&format!("prob_attempts_{}", plain.strip_prefix("P_attempts_eq_")?), "fraction"),
    }
}
