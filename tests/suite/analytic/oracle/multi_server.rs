//! Family 07, by closed forms and roots.

use super::finite::{detail, exact};
use super::{Case, probability};
use lindley::analytic::Steady;
use lindley::analytic::problem::{Input, Station, Work};
use lindley::dist::Dist;
use lindley::model::Servers;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let station = station(case)?;
    let steady = exact(&station);
    if let Some((name, level)) = question.split_once("_p")
        && let Some(p) = probability(level)
    {
        let law = if name == "wq" { &steady.wait_law } else { &steady.sojourn_law };
        return law.as_ref()?.quantile(p);
    }
    match question {
        "ratio_to_MMc" => Some(steady.wait?.mean / memoryless(&station).wait?.mean),
        "sigma" => detail(&steady, "sigma"),
        "p_all_busy" | "p_all_busy_time" => detail(&steady, "all_busy"),
        _ => mean(&steady, question),
    }
}

fn mean(steady: &Steady, question: &str) -> Option<f64> {
    match question {
        "p_wait" | "p_wait_arrival" => steady.prob_wait,
        "rho" | "utilization" | "p_busy_time_avg_util" => steady.utilization,
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "W" => Some(steady.sojourn?.mean),
        "Wq" => Some(steady.wait?.mean),
        "var_Wq" => steady.wait?.variance,
        "var_W" => steady.sojourn?.variance,
        "throughput" => Some(steady.throughput),
        _ => None,
    }
}

/// M/D/c, or renewal arrivals and exponential service; `None` for matrices.
fn station(case: &Case) -> Option<Station> {
    let lambda = case.number("lambda_")?;
    let servers = Servers::Count(case.number("c")? as u32);
    if let Some(service) = case.number("service") {
        return Some(Station::new(Input::Poisson(lambda), Work::Law(Dist::Deterministic(service)), servers));
    }
    let service = Work::Law(Dist::Exponential(1.0 / case.number("mu")?));
    Some(Station::new(Input::Renewal(interval(case, 1.0 / lambda)?), service, servers))
}

fn interval(case: &Case, mean: f64) -> Option<Dist> {
    let law = case.text("interarrival")?.to_ascii_lowercase();
    if let (Some(p), Some(one), Some(two)) = (case.number("p1"), case.number("rate1"), case.number("rate2")) {
        return Dist::hyperexponential(&[p, 1.0 - p], &[1.0 / one, 1.0 / two]).ok();
    }
    if law.starts_with("det") {
        Some(Dist::Deterministic(mean))
    } else if law.starts_with("erlang") {
        Dist::erlang(case.number("k")? as u32, mean).ok()
    } else if law.starts_with("uniform") {
        Dist::uniform(0.0, 2.0 * mean).ok()
    } else {
        None
    }
}

/// The same with Poisson arrivals and exponential service.
fn memoryless(station: &Station) -> Steady {
    let service = Work::Law(Dist::Exponential(station.service.mean()));
    exact(&Station { arrivals: Input::Poisson(station.arrivals.rate()), service, ..station.clone() })
}
