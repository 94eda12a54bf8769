//! Families 04 and 05: finite populations and abandonment.

use super::{Case, probability};
use lindley::analytic::Steady;
use lindley::analytic::problem::{Input, Patience, Station, Work};
use lindley::analytic::station::METHODS;
use lindley::analytic::station::erlang_a::ErlangA;
use lindley::dist::Dist;
use lindley::model::Servers;

/// The answer of the first method of single stations that applies.
pub fn exact(station: &Station) -> Steady {
    let solved = METHODS.iter().find_map(|method| method.solve(station).ok());
    solved.unwrap_or_else(|| panic!("no method solves {station:?}"))
}

/// A number that only one formula has.
pub fn detail(steady: &Steady, name: &str) -> Option<f64> {
    Some(steady.details.iter().find(|detail| detail.name == name)?.value)
}

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let steady = exact(&station(case)?);
    if let Some((name, level)) = question.rsplit_once("_p")
        && let Some(p) = probability(level)
    {
        let law = if name.starts_with("wq") { &steady.wait_law } else { &steady.sojourn_law };
        return law.as_ref()?.quantile(p);
    }
    means(&steady, question).or_else(|| within(case, question))
}

fn station(case: &Case) -> Option<Station> {
    let population = case.number("N").map(|n| n as u64);
    let lambda = case.number("lambda_").or(case.number("lambda_per_source"))?;
    let service = Work::Law(Dist::Exponential(1.0 / case.number("mu")?));
    let servers = Servers::Count(case.number("c")? as u32);
    let places = case.number("K").map(|k| k as u64);
    let mut station = Station { population, places, ..Station::new(Input::Poisson(lambda), service, servers) };
    station.features.patience = case
        .number("theta")
        .map(|theta| Patience::Exponential(1.0 / theta))
        .or(case.number("ttl").map(Patience::Deterministic));
    Some(station)
}

fn means(steady: &Steady, question: &str) -> Option<f64> {
    match question {
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "throughput" => Some(steady.throughput),
        "utilization" => steady.utilization,
        "W" | "W_served" => Some(steady.sojourn?.mean),
        "Wq" | "Wq_served" => Some(steady.wait?.mean),
        "var_Wq" | "var_Wq_served" => steady.wait?.variance,
        "Wq_all" => detail(steady, "wait_all"),
        "Wq_abandoned" => detail(steady, "wait_abandoned"),
        "p0" => detail(steady, "prob_empty"),
        "p_wait_arrival" => detail(steady, "prob_wait_of_arrivals"),
        "p_wait" => steady.prob_wait,
        "p_blocked_arrival" => steady.prob_loss,
        "p_abandon" | "p_expire" => steady.prob_abandon,
        "expire_rate" => detail(steady, "expire_rate"),
        _ => None,
    }
}

/// Probabilities of times up to T, which the question names.
fn within(case: &Case, question: &str) -> Option<f64> {
    let (lambda, mu, theta) = (case.number("lambda_")?, case.number("mu")?, case.number("theta")?);
    let queue = ErlangA::new(lambda, mu, theta, case.number("c")? as u32);
    let time = |prefix: &str| question.strip_prefix(prefix)?.parse::<f64>().ok();
    if let Some(t) = time("P_served_within_") {
        Some(queue.served_within(t))
    } else if let Some(t) = time("P_W_all_gt_") {
        Some(queue.wait_all_survival(t))
    } else {
        Some(queue.offered_survival(time("P_offered_wait_gt_")?))
    }
}
