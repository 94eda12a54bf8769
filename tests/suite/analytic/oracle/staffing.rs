//! Family 18: approximations and staffing.

use super::Case;
use lindley::analytic::approximate::METHODS;
use lindley::analytic::problem::{Input, Station, Work};
use lindley::analytic::staffing::{SYSTEMS, halfin_whitt_beta};
use lindley::analytic::system::{Answer, Given};
use lindley::analytic::{Steady, TimeLaw};
use lindley::model::Servers;
use toml::{Table, Value};

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
    (METHODS.iter().find(|m| m.name == method)?.solve)(station).ok()
}

fn answer(name: &str, parameters: Table) -> Option<Answer> {
    let system = SYSTEMS.iter().find(|system| system.name == name)?;
    let given = Given::read(system.parameters, &parameters.into_iter().collect()).expect("known parameters");
    (system.solve)(&given).ok()
}

fn rates(case: &Case) -> Option<Table> {
    let mut table = Table::new();
    table.insert("arrival-rate".to_string(), Value::Float(case.number("lambda_")?));
    table.insert("service-rate".to_string(), Value::Float(case.number("mu")?));
    Some(table)
}

fn buffer(case: &Case, question: &str) -> Option<f64> {
    let mut table = rates(case)?;
    table.insert("servers".to_string(), Value::Integer(case.number("c").unwrap_or(1.0) as i64));
    table.insert("loss-at-most".to_string(), Value::Float(case.number("p_loss_max")?));
    let answer = answer("buffer-size", table)?;
    match question {
        "min_K" => answer.get("system", None, "detail.places", "count"),
        "p_loss" => answer.get("system", None, "prob_loss", "fraction"),
        "p_loss_K_minus_1" => answer.get("system", None, "detail.prob_loss_with_one_fewer", "fraction"),
        _ => None,
    }
}

/// The target of a case: word, bound, and what else it needs.
fn target(case: &Case, table: &mut Table) -> Option<()> {
    let mut set = |name: &str, value: Value| drop(table.insert(name.to_string(), value));
    if let Some(alpha) = case.number("alpha") {
        set("at-most", Value::Float(alpha));
        set("above", Value::Float(case.number("T").unwrap_or(0.0)));
        return Some(());
    }
    let means =
        [("Wq_max", "wait-mean"), ("W_max", "sojourn-mean"), ("rho_max", "utilization"), ("p_block_max", "loss")];
    let (bound, word) = means.iter().find_map(|(name, word)| Some((case.number(name)?, *word)))?;
    set("target", Value::String(word.to_string()));
    set("at-most", Value::Float(bound));
    Some(())
}

fn staff(case: &Case, question: &str) -> Option<f64> {
    let mut table = rates(case)?;
    target(case, &mut table)?;
    let answer = answer("staffing", table)?;
    let get = |metric: &str, statistic: &str| answer.get("system", None, metric, statistic);
    match question {
        "min_c" => get("detail.servers", "count"),
        "rho_at_c" => get("detail.load_per_server", "mean"),
        "halfin_whitt_beta" => {
            get("detail.square_root_beta", "mean").or_else(|| halfin_whitt_beta(case.number("alpha")?))
        }
        "halfin_whitt_c" => get("detail.square_root_servers", "count"),
        name if name.ends_with("_at_c") => get("detail.achieved", "mean"),
        name if name.ends_with("_at_c_minus_1") => get("detail.achieved_with_one_fewer", "mean"),
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
