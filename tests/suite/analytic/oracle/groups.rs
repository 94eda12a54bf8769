//! Family 10: batches, bulk service, linger, vacations, set-up, breakdowns.

use super::{Case, probability};
use lindley::analytic::catalog::find;
use lindley::analytic::problem::{AfterRepair, Breakdowns, Bulk, Features, Input, Vacation, Work};
use lindley::analytic::system::{Given, SystemAnswer};
use lindley::analytic::{Method, Refusal, Station, Steady, batch, interruption, station};
use lindley::dist::{Count, Dist};
use lindley::model::Servers;
use std::collections::BTreeMap;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    if case.number("linger").is_some() {
        return linger(case, question);
    }
    let station = station_of(case)?;
    let steady = solved(&station, &case.id)?;
    common(question, &steady).or_else(|| special(question, &station, &steady))
}

/// By the first method that applies.
fn solved(station: &Station, id: &str) -> Option<Steady> {
    let methods = batch::METHODS.iter().chain(interruption::METHODS).chain(station::METHODS);
    let try_one = |method: &Method| match method.solve(station) {
        Ok(steady) => Some(steady),
        Err(why @ (Refusal::Unstable(_) | Refusal::Invalid(_))) => panic!("{id}: {}: {why}", method.id),
        Err(_) => None,
    };
    methods.into_iter().find_map(try_one)
}

fn law(word: &str, mean: f64) -> Option<Dist> {
    Some(match word {
        "exp" | "M" => Dist::Exponential(mean),
        "det" | "D" => Dist::Deterministic(mean),
        word => Dist::erlang(word.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()?, mean).unwrap(),
    })
}

/// A law named by one parameter, with its mean in `mean_` of the same name.
fn named(case: &Case, name: &str) -> Option<Dist> {
    law(case.text(name)?, case.number(&format!("mean_{name}"))?)
}

fn service(case: &Case) -> Option<Dist> {
    let rate = case.number("mu").or_else(|| case.number("mu_batch"));
    let exponential = || rate.map(|mu| Dist::Exponential(1.0 / mu));
    named(case, "service")
        .or_else(exponential)
        .or_else(|| case.number("service").map(Dist::Deterministic))
        .or_else(|| case.number("mean_service").map(Dist::Exponential))
}

/// Batch sizes: an object of size and probability, or the mean of a geometric law.
fn sizes(case: &Case) -> Option<Count> {
    let sizes = case.params["batch"].as_object()?;
    let pair = |(size, p): (&String, &serde_json::Value)| Some((size.parse::<u32>().ok()?, p.as_f64()?));
    match sizes.iter().map(pair).collect::<Option<Vec<_>>>() {
        Some(pairs) => {
            let (values, weights): (Vec<u32>, Vec<f64>) = pairs.into_iter().unzip();
            Some(Count::choice(&values, &weights).unwrap())
        }
        None => {
            let number = |name: &str| sizes.get(name).and_then(serde_json::Value::as_f64);
            let success = number("geometric").or(number("p")).or(number("geometric_p"));
            let mean = number("mean").or(number("geometric_mean")).or(success.map(|p| 1.0 / p))?;
            Some(Count::geometric(mean).unwrap())
        }
    }
}

fn features(case: &Case) -> Features {
    let truth = |name: &str| case.params[name].as_bool();
    let bulk = case.number("b").map(|b| Bulk {
        most: b as u32,
        least: case.number("a_min").map_or(1, |a| a as u32),
        joins: truth("arrivals_join_batch_in_service").unwrap_or(false),
    });
    let repair = case.number("repair_rate").map(|eta| Dist::Exponential(1.0 / eta)).or_else(|| named(case, "repair"));
    let identical = case.params.to_string().contains("identical");
    let different = case.params.to_string().contains("repeat");
    let after = match (identical, different) {
        (true, _) => AfterRepair::RepeatIdentical,
        (false, true) => AfterRepair::RepeatDifferent,
        _ => AfterRepair::Resume,
    };
    let failing =
        |(rate, repair)| Breakdowns { rate, repair, when_idle: !truth("fail_only_when_busy").unwrap_or(false), after };
    let single = case.id.contains("single") || case.params.to_string().contains("single");
    Features {
        bulk,
        vacation: named(case, "vacation").map(|length| Vacation { length, repeated: !single }),
        setup: named(case, "setup"),
        threshold: case.number("N").or(case.number("N_policy")).or(case.number("threshold")).map(|n| n as u32),
        breakdowns: case.number("failure_rate").zip(repair).map(failing),
        ..Features::default()
    }
}

fn station_of(case: &Case) -> Option<Station> {
    let arrivals = match case.number("lambda_batches") {
        Some(rate) => Input::Batches { rate, size: sizes(case)? },
        None => Input::Poisson(case.number("lambda_")?),
    };
    let servers = Servers::Count(case.number("c").map_or(1, |c| c as u32));
    let places = case.number("K").map(|k| k as u64);
    let plain = Station::new(arrivals, Work::Law(service(case)?), servers);
    Some(Station { places, features: features(case), ..plain })
}

/// Answers that every station has.
fn common(question: &str, steady: &Steady) -> Option<f64> {
    if let Some((which, percent)) = question.split_once("_p")
        && let (true, Some(p)) = (which.starts_with('w'), probability(percent))
    {
        let law = if which == "wq" { &steady.wait_law } else { &steady.sojourn_law };
        return law.as_ref()?.quantile(p);
    }
    match question {
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "Wq" => Some(steady.wait?.mean),
        "W" => Some(steady.sojourn?.mean),
        "var_Wq" => steady.wait?.variance,
        "var_W" => steady.sojourn?.variance,
        "E_Wq2" => Some(steady.wait?.variance? + steady.wait?.mean.powi(2)),
        "rho" | "utilization" => steady.utilization,
        "lambda_messages" => Some(steady.arrival_rate),
        "throughput" => Some(steady.throughput),
        "p_wait" | "p_wait_message" => steady.prob_wait,
        "p_loss" | "p_loss_message" => steady.prob_loss,
        _ => None,
    }
}

fn detail(steady: &Steady, name: &str) -> Option<f64> {
    Some(steady.details.iter().find(|detail| detail.name == name)?.value)
}

/// Answers that one formula has, under its own name or the oracle's.
fn special(question: &str, station: &Station, steady: &Steady) -> Option<f64> {
    if let Some(n) = question.strip_prefix("P_N_eq_") {
        return probability_of(station, n.parse().expect("a count"));
    }
    let own = match question {
        "p0" | "p_N0" | "P_N0" => "p_n0",
        "mean_batch" => "batch",
        "Wq_first" | "Wq_batch" | "Wq_first_of_batch" => "wait_of_batch",
        "mean_completion" => "completion",
        "var_N" => "number",
        "mean_up" | "mean_servers_up" => "servers_up",
        "p_setup" | "p_vacation" | "extra_wait" | "availability" | "p_down" | "effective_rho" | "p_busy"
        | "batch_rate" => question,
        other => other,
    };
    detail(steady, own)
}

fn probability_of(station: &Station, n: usize) -> Option<f64> {
    let Input::Batches { rate, size } = &station.arrivals else { return None };
    let sizes = batch::size::BatchSizes::new(size)?;
    let c = station.c()?;
    match (station.exponential(), station.places) {
        (Ok(mu), None) => Some(batch::arrivals::BatchArrivals::new(*rate, sizes, mu, c).ok()?.prob_in_system(n)),
        (Ok(mu), Some(places)) => {
            Some(batch::finite::FiniteBatchArrivals::new(*rate, sizes, mu, c, places)?.prob_in_system(n))
        }
        _ => Some(batch::general::BatchMg1::new(*rate, sizes, station.law().ok()?).ok()?.probabilities(n)[n]),
    }
}

fn linger(case: &Case, question: &str) -> Option<f64> {
    let size = question.strip_prefix("P_batch_size_");
    let mut given = BTreeMap::new();
    given.insert("arrival-rate".to_string(), case.number("lambda_")?.into());
    given.insert("batch-size".to_string(), (case.number("b")? as i64).into());
    given.insert("linger".to_string(), case.number("linger")?.into());
    if let Some(k) = size {
        given.insert("sizes".to_string(), toml::Value::Array(vec![k.parse::<i64>().ok()?.into()]));
    }
    let answer = solved_linger(&given, &case.id);
    let mean = |metric: &str| answer.get("system", None, metric, "mean");
    match question {
        "mean_batch" => mean("detail.batch"),
        "mean_linger_wait_per_message" => mean("wait"),
        "p_close_by_timeout" => answer.get("system", None, "detail.p_timeout", "fraction"),
        "p_close_by_size" => Some(1.0 - answer.get("system", None, "detail.p_timeout", "fraction")?),
        "mean_open_time" => mean("detail.open_time"),
        "batch_rate" => mean("detail.batch_rate"),
        _ => answer.get("system", None, &format!("detail.p_size_{}", size?), "fraction"),
    }
}

fn solved_linger(given: &BTreeMap<String, toml::Value>, id: &str) -> SystemAnswer {
    let system = find("linger").expect("the system exists");
    let given = Given::read(system.parameters, given).unwrap_or_else(|why| panic!("{id}: {why:?}"));
    (system.solve)(&given).unwrap_or_else(|why| panic!("{id}: {why}"))
}
