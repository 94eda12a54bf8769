//! Family 07, by matrix-analytic methods.

use super::{Case, probability};
use lindley::analytic::Steady;
use lindley::analytic::matrix::map_ph_c::MapPhC;
use lindley::analytic::matrix::map_ph_c_k::MapPhCK;
use lindley::analytic::matrix::phase::{Map, PhaseLaw};

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    let n = question.strip_prefix("P_N_eq_").map_or(0, |n| n.parse().expect("a count"));
    let (steady, prob_in_system) = solved(case, n)?;
    if let Some((which, percent)) = question.split_once("_p")
        && let Some(p) = probability(percent)
    {
        return if which == "wq" { steady.wait_law } else { steady.sojourn_law }?.quantile(p);
    }
    let detail = |name: &str| steady.details.iter().find(|detail| detail.name == name).map(|detail| detail.value);
    match question {
        "rho" | "utilization" => steady.utilization,
        "lambda_eff" | "throughput" => Some(steady.throughput),
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "W" => Some(steady.sojourn?.mean),
        "Wq" => Some(steady.wait?.mean),
        "var_Wq" => steady.wait?.variance,
        "var_W" => steady.sojourn?.variance,
        "p_wait_arrival" | "p_wait" => steady.prob_wait,
        "p_loss" => steady.prob_loss,
        "p_all_busy_time" => detail("all_busy"),
        "p0" => detail("prob_empty"),
        "caudal_sp_R" => detail("decay"),
        _ => question.starts_with("P_N_eq_").then_some(prob_in_system),
    }
}

/// The steady state of the case, and P(N = n).
fn solved(case: &Case, n: u64) -> Option<(Steady, f64)> {
    case.params.get("D0")?;
    let map = Map::from_matrices(&case.matrix("D0"), &case.matrix("D1")).expect("a process");
    let service = PhaseLaw::from_matrix(&case.numbers("beta"), &case.matrix("S")).expect("a law");
    let servers = case.number("c").unwrap_or(1.0) as u32;
    if let Some(places) = case.number("K") {
        let queue = MapPhCK::new(map, service, servers, places as u64).expect("a queue");
        return Some((queue.steady(), queue.prob_in_system(n)));
    }
    let queue = MapPhC::new(map, service, servers).expect("a stable queue");
    Some((queue.steady(), queue.prob_in_system(n)))
}
