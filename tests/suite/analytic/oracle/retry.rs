//! Family 11: feedback, retry and dead letter, retrial.

use super::{Case, probability};
use lindley::analytic::catalog::find;
use lindley::analytic::plan::plan;
use lindley::analytic::problem::{Input, Orbit, Retrying, Work};
use lindley::analytic::system::{Given, SystemAnswer};
use lindley::analytic::{Station, Steady};
use lindley::dist::Dist;
use lindley::model::Servers;
use std::collections::BTreeMap;
use toml::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    if case.number("retrial_rate").is_some() { retrial(case, question) } else { retry(case, question) }
}

/// The answer of a named system.
pub fn solve(case: &Case, name: &str, given: BTreeMap<String, Value>) -> SystemAnswer {
    let system = find(name).expect("the system is listed");
    let given = Given::read(system.parameters, &given).unwrap_or_else(|why| panic!("{}: {why:?}", case.id));
    (system.solve)(&given).unwrap_or_else(|why| panic!("{}: {why}", case.id))
}

/// The station of a case, without what is special about it.
fn station(case: &Case) -> Option<Station> {
    let service = Work::Law(Dist::Exponential(1.0 / case.number("mu")?));
    let servers = Servers::Count(case.number("c").unwrap_or(1.0) as u32);
    Some(Station::new(Input::Poisson(case.number("lambda_")?), service, servers))
}

fn solved(case: &Case, station: &Station) -> Steady {
    plan(station).unwrap_or_else(|why| panic!("{}: {why}", case.id)).best().steady.clone()
}

fn detail(steady: &Steady, name: &str) -> Option<f64> {
    Some(steady.details.iter().find(|detail| detail.name == name)?.value)
}

fn retrial(case: &Case, question: &str) -> Option<f64> {
    let mut station = station(case)?;
    let constant = case.text("policy")? == "constant";
    station.features.orbit = Some(Orbit { rate: case.number("retrial_rate")?, constant });
    let steady = solved(case, &station);
    match question {
        "L_orbit" => detail(&steady, "in_orbit"),
        "L" => Some(steady.in_system),
        "W_orbit" => Some(steady.wait?.mean),
        "W" => Some(steady.sojourn?.mean),
        "p_block" => steady.prob_wait,
        "p0" => detail(&steady, "prob_empty"),
        "rho" | "utilization" => steady.utilization,
        _ => None,
    }
}

fn retry(case: &Case, question: &str) -> Option<f64> {
    let mut station = station(case)?;
    station.features.retry = Some(Retrying {
        failure: case.number("p_fail")?,
        most_attempts: case.number("max_attempts").map(|most| most as u32),
        backoff: case.number("mean_backoff").map(Dist::Exponential),
        to_tail: !question.ends_with("_immediate"),
    });
    let steady = solved(case, &station);
    let plain = question.trim_end_matches("_immediate").trim_end_matches("_tail");
    if let Some(p) = plain.strip_prefix("w_p").and_then(probability) {
        return steady.sojourn_law?.quantile(p);
    }
    match plain {
        "rho" => steady.utilization,
        "L" | "L_queue" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "L_backoff" => detail(&steady, "in_backoff"),
        "W" | "W_total" => Some(steady.sojourn?.mean),
        "Wq" => Some(steady.wait?.mean),
        "var_W" => steady.sojourn?.variance,
        "var_Wq" => steady.wait?.variance,
        "W_per_attempt" => detail(&steady, "sojourn_per_attempt"),
        "Wq_per_attempt" => detail(&steady, "wait_per_attempt"),
        "mean_attempts" => detail(&steady, "mean_attempts"),
        "attempt_rate" => detail(&steady, "attempt_rate"),
        "dlq_rate" => detail(&steady, "dead_letter_rate"),
        "p_dlq" => detail(&steady, "prob_dead_letter"),
        "p_wait" => steady.prob_wait,
        "throughput_success" | "throughput" => detail(&steady, "success_rate"),
        _ => detail(&steady, &format!("prob_attempts_{}", plain.strip_prefix("P_attempts_eq_")?)),
    }
}
