//! Family 16: transients.

use super::Case;
use lindley::analytic::catalog::find;
use lindley::analytic::system::{Given, SystemAnswer};
use lindley::analytic::transient::drain;
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let kind = case.id.split('-').next()?;
    match kind {
        "trans" => at_times(case, question),
        "tv" => varying(case, question),
        "drain" => draining(case, question),
        _ => None,
    }
}

/// Solves a named system.
pub fn solve(name: &str, parameters: &[(&str, Value)]) -> SystemAnswer {
    let system = find(name).unwrap_or_else(|| panic!("no system {name}"));
    let given: BTreeMap<String, Value> = parameters.iter().map(|(k, v)| (k.to_string(), v.clone())).collect();
    let given = Given::read(system.parameters, &given).unwrap_or_else(|why| panic!("{name}: {why:?}"));
    (system.solve)(&given).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// A number of the answer that has no metric of its own.
pub fn detail(answer: &SystemAnswer, name: &str) -> Option<f64> {
    answer.get("system", None, &format!("detail.{name}"), "mean")
}

fn count(x: f64) -> Value {
    Value::Integer(x as i64)
}

fn list(numbers: &[f64]) -> Value {
    Value::Array(numbers.iter().map(|&x| Value::Float(x)).collect())
}

/// `EN_t5` as the name of a row.
fn row(question: &str) -> Option<String> {
    let (what, t) = question.rsplit_once("_t")?;
    let what = match what {
        "EN" => "in_system",
        "EQ" => "queue_length",
        "P0" => "prob_empty",
        "P_all_busy" => "prob_all_busy",
        _ => return None,
    };
    Some(format!("{what}_t{t}"))
}

/// The time in `EN_t5`.
fn time(question: &str) -> Option<f64> {
    question.rsplit_once("_t")?.1.replace('_', ".").parse().ok()
}

fn at_times(case: &Case, question: &str) -> Option<f64> {
    let number = |name: &str, default: f64| case.number(name).unwrap_or(default);
    let parameters = [
        ("arrival-rate", Value::Float(case.number("lambda_")?)),
        ("service-rate", Value::Float(number("mu", 1.0))),
        ("servers", count(number("c", 1.0))),
        ("places", count(number("K", 0.0))),
        ("start", count(case.number("n0").or(case.number("initial")).unwrap_or(0.0))),
        ("times", list(&case.numbers("t"))),
    ];
    let answer = solve("transient", &parameters);
    match question {
        "EN_stationary" => detail(&answer, "in_system_stationary"),
        "relaxation_time" => detail(&answer, "relaxation_time"),
        _ => detail(&answer, &row(question)?),
    }
}

/// `3 then 10 on [10,20) then 3`: rates and times of change.
fn steps(text: &str) -> Option<(Vec<f64>, Vec<f64>)> {
    let (mut rates, mut changes) = (Vec::new(), Vec::new());
    for piece in text.split(" then ") {
        let (rate, span) = piece.split_once(" on ").map_or((piece, None), |(rate, span)| (rate, Some(span)));
        rates.push(rate.trim().parse().ok()?);
        for edge in span.into_iter().flat_map(|span| span.trim_matches(['[', ')', ' ']).split(',')) {
            changes.push(edge.trim().parse().ok()?);
        }
    }
    Some((rates, changes))
}

fn varying(case: &Case, question: &str) -> Option<f64> {
    let (rates, changes) = steps(case.text("rate")?)?;
    let level =
        question.strip_prefix("time_EQ_back_to_").map(|level| level.replace('_', ".").parse().expect("a level"));
    let mut parameters = vec![
        ("rates", list(&rates)),
        ("changes", list(&changes)),
        ("service-rate", Value::Float(case.number("mu")?)),
        ("servers", count(case.number("c")?)),
        ("places", count(case.number("K").unwrap_or(0.0))),
        ("start", count(case.number("initial")?)),
    ];
    if let Some(t) = time(question) {
        parameters.extend([("times", list(&[t])), ("horizon", Value::Float(t)), ("sampling", Value::Float(t))]);
        return detail(&solve("time-varying", &parameters), &row(question)?);
    }
    // The answers were read off a curve with a point every 0.05 s, straight lines between.
    parameters.extend([("horizon", Value::Float(case.number("T")?)), ("sampling", Value::Float(0.05))]);
    parameters.push(("levels", list(level.as_slice())));
    let answer = solve("time-varying", &parameters);
    match question {
        "peak_EQ" => detail(&answer, "peak_queue_length"),
        "peak_EQ_time" => detail(&answer, "peak_queue_length_time"),
        "peak_EQ_time_grid0.05" => detail(&answer, "sampled_peak_queue_length_time"),
        _ => detail(&answer, &format!("sampled_time_queue_length_back_to_{}", level?)),
    }
}

fn draining(case: &Case, question: &str) -> Option<f64> {
    let c = case.number("c").unwrap_or(1.0) as u32;
    let time = drain(case.number("lambda_")?, case.number("mu")?, c, case.number("n0")? as u64, 0)?;
    match question {
        "mean_time_to_empty" => Some(time.mean),
        "var_time_to_empty" => time.variance,
        _ => None,
    }
}

/// The exact times of return lie within the error of a chord of the curve of the times read off it.
#[test]
fn returns_read_off_a_curve_are_close_to_the_exact_ones() {
    let parameters = [
        ("rates", list(&[3.0, 10.0, 3.0])),
        ("changes", list(&[10.0, 20.0])),
        ("service-rate", Value::Float(1.0)),
        ("servers", count(5.0)),
        ("horizon", Value::Float(80.0)),
        ("sampling", Value::Float(0.05)),
        ("levels", list(&[10.0, 1.0])),
    ];
    let answer = solve("time-varying", &parameters);
    for level in [10, 1] {
        let name = format!("time_queue_length_back_to_{level}");
        let (exact, read) = (detail(&answer, &name).unwrap(), detail(&answer, &format!("sampled_{name}")).unwrap());
        assert!((exact / read - 1.0).abs() < 1e-5 && exact != read, "{exact} {read}");
    }
}
