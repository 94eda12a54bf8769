//! Family 18: approximations and staffing.

use super::Case;
use lindley::analytic::approximate::METHODS;
use lindley::analytic::problem::{Input, Station, Work};
use lindley::analytic::staffing::{halfin_whitt_beta, smallest, square_root_servers};
use lindley::analytic::station::erlang::erlang_b;
use lindley::analytic::station::mmc::Mmc;
use lindley::analytic::station::mmck::Mmck;
use lindley::analytic::{Steady, TimeLaw};
use lindley::model::Servers;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    if case.number("ca2").is_some() {
        approximation(case, question)
    } else if case.number("p_loss_max").is_some() {
        buffer(case, question)
    } else {
        staff(case, question)
    }
}

fn approximation(case: &Case, question: &str) -> Option<f64> {
    let wait = |method: &str| Some(solved(case, method)?.wait?.mean);
    let detail = |method: &str| Some(solved(case, method)?.details.first()?.value);
    match question {
        "rho" => solved(case, "kingman-bound")?.utilization,
        "MMc_Wq" => {
            // With both scv equal to 1 Allen and Cunneen's formula is that of M/M/c.
            let exponential = Station {
                arrivals: Input::Moments { rate: case.number("lambda_")?, scv: 1.0 },
                service: Work::Moments { mean: 1.0 / case.number("mu")?, scv: 1.0 },
                ..station(case)?
            };
            Some(by("allen-cunneen", &exponential)?.wait?.mean)
        }
        "AllenCunneen_Wq" => wait("allen-cunneen"),
        "Sakasegawa_Wq" => wait("sakasegawa"),
        "Kingman_heavy_traffic_Wq" => wait("kingman-heavy-traffic"),
        "Kingman_upper_bound_Wq" => wait("kingman-bound"),
        "Daley_upper_bound_Wq" => wait("daley-bound"),
        "Marshall_lower_bound_Wq" => wait("marshall-bound"),
        "KLB_Wq" => wait("klb"),
        "KLB_g" => detail("klb"),
        "Marchal_Wq" => wait("marchal"),
        "Kimura_Wq" => wait("kimura"),
        "Cosmetatos_Wq" => wait("cosmetatos"),
        "Whitt1993_phi" => detail("whitt-1993"),
        "Whitt1993_Wq" => wait("whitt-1993"),
        _ => None,
    }
}

fn station(case: &Case) -> Option<Station> {
    let arrivals = Input::Moments { rate: case.number("lambda_")?, scv: case.number("ca2")? };
    let service = Work::Moments { mean: 1.0 / case.number("mu")?, scv: case.number("cs2")? };
    Some(Station::new(arrivals, service, Servers::Count(case.number("c")? as u32)))
}

fn solved(case: &Case, method: &str) -> Option<Steady> {
    by(method, &station(case)?)
}

fn by(method: &str, station: &Station) -> Option<Steady> {
    METHODS.iter().find(|m| m.id.to_string() == method)?.solve(station).ok()
}

fn buffer(case: &Case, question: &str) -> Option<f64> {
    let (lambda, mu, c) = (case.number("lambda_")?, case.number("mu")?, case.number("c").unwrap_or(1.0) as u32);
    // With a place fewer than servers, one server can never be used.
    let loss = |k: u64| Mmck::new(lambda, mu, c.min(k as u32), k).prob_loss();
    let places = smallest(u64::from(c), 1 << 50, case.number("p_loss_max")?, |k| Some(loss(k)))?;
    match question {
        "min_K" => Some(places as f64),
        "p_loss" => Some(loss(places)),
        "p_loss_K_minus_1" => Some(if places == 1 { 1.0 } else { loss(places - 1) }),
        _ => None,
    }
}

/// A number of a station by its servers.
type ByServers = Box<dyn Fn(u64) -> Option<f64>>;

/// What a case demands of c servers: the bound, and the value that must not exceed it.
fn demand(case: &Case) -> Option<(f64, ByServers)> {
    let (lambda, mu) = (case.number("lambda_")?, case.number("mu")?);
    let queue = move |c: u64| Mmc::new(lambda, mu, c as u32).ok();
    if let Some(alpha) = case.number("alpha") {
        let t = case.number("T").unwrap_or(0.0);
        return Some((alpha, Box::new(move |c| Some(queue(c)?.wait_law().survival(t)))));
    } else if let Some(bound) = case.number("Wq_max") {
        return Some((bound, Box::new(move |c| Some(queue(c)?.wait()))));
    } else if let Some(bound) = case.number("W_max") {
        return Some((bound, Box::new(move |c| Some(queue(c)?.sojourn()))));
    } else if let Some(bound) = case.number("rho_max") {
        return Some((bound, Box::new(move |c| Some(queue(c)?.utilization()))));
    }
    Some((case.number("p_block_max")?, Box::new(move |c| Some(erlang_b(c as u32, lambda / mu)))))
}

fn staff(case: &Case, question: &str) -> Option<f64> {
    let load = case.number("lambda_")? / case.number("mu")?;
    let (bound, value) = demand(case)?;
    let servers = smallest(0, u64::from(u32::MAX), bound, &value)?;
    match question {
        "min_c" => Some(servers as f64),
        "rho_at_c" => Some(load / servers as f64),
        "halfin_whitt_beta" => halfin_whitt_beta(case.number("alpha")?),
        "halfin_whitt_c" => square_root_servers(load, case.number("alpha")?).map(|c| c as f64),
        name if name.ends_with("_at_c") => value(servers),
        name if name.ends_with("_at_c_minus_1") => Some(value(servers - 1).unwrap_or(f64::INFINITY)),
        _ => None,
    }
}

/// The tail that goes with Kraemer and Langenbach-Belz is that of M/M/1 where both scv are 1.
#[test]
fn the_exponential_tail_is_exact_for_mm1() {
    let station =
        Station::new(Input::Moments { rate: 0.8, scv: 1.0 }, Work::Moments { mean: 1.0, scv: 1.0 }, Servers::Count(1));
    let law: TimeLaw = by("klb", &station).and_then(|steady| steady.wait_law).expect("a law");
    assert!((law.survival(5.0) - 0.8 / std::f64::consts::E).abs() < 1e-14);
}
