//! Family 17: rare events.

use super::Case;
use super::transient::{detail, solve};
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    match case.id.split('-').nth(1)? {
        "mm1" => mm1(case, question),
        "tandem" => tandem(case, question),
        _ => loss(case, question),
    }
}

fn count(x: f64) -> Value {
    Value::Integer(x as i64)
}

fn list(numbers: &[f64]) -> Value {
    Value::Array(numbers.iter().map(|&x| Value::Float(x)).collect())
}

fn mm1(case: &Case, question: &str) -> Option<f64> {
    let parameters = [
        ("arrival-rate", Value::Float(case.number("lambda_")?)),
        ("service-rate", Value::Float(case.number("mu")?)),
        ("n", count(case.number("n")?)),
    ];
    let answer = solve("rare-mm1", &parameters);
    let (log, plain) = question.strip_prefix("log10_").map_or(("", question), |plain| ("log10_", plain));
    let name = match plain {
        "P_N_ge_n" => "prob_at_least_n",
        "P_N_eq_n" => "prob_exactly_n",
        "P_reach_n_in_busy_cycle" => "prob_reach_n_in_busy_cycle",
        _ => return None,
    };
    detail(&answer, &format!("{log}{name}"))
}

fn loss(case: &Case, question: &str) -> Option<f64> {
    let c = case.number("c").unwrap_or(1.0);
    let parameters = [
        ("arrival-rate", Value::Float(case.number("offered_load").or(case.number("lambda_"))?)),
        ("service-rate", Value::Float(case.number("mu").unwrap_or(1.0))),
        ("servers", count(c)),
        ("places", count(case.number("K").unwrap_or(c))),
    ];
    let answer = solve("rare-loss", &parameters);
    match question {
        "p_loss" => answer.get("system", None, "prob_loss", "fraction"),
        "log10_p_loss" => detail(&answer, "log10_prob_loss"),
        _ => None,
    }
}

fn tandem(case: &Case, question: &str) -> Option<f64> {
    let parameters = [
        ("arrival-rate", Value::Float(case.number("lambda_")?)),
        ("service-rates", list(&[case.number("mu1")?, case.number("mu2")?])),
        ("n", count(case.number("n")?)),
        ("start", Value::Array(case.numbers("start").into_iter().map(count).collect())),
    ];
    let answer = solve("rare-tandem", &parameters);
    match question {
        "P_overflow" => detail(&answer, "prob_overflow"),
        "log10_P_overflow" => detail(&answer, "log10_prob_overflow"),
        _ => None,
    }
}
