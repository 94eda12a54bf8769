//! Families 08 and 09: priorities and other disciplines.

use super::{Case, probability};
use lindley::analytic::discipline::METHODS;
use lindley::analytic::discipline::by_size::{SizeBased, SizeOrder};
use lindley::analytic::discipline::processor_sharing::{given_size, variance_given_size};
use lindley::analytic::kendall::law;
use lindley::analytic::problem::{Class, Discipline, Input, Station, Work};
use lindley::analytic::station::mg1::Mg1;
use lindley::analytic::station::mmc::Mmc;
use lindley::analytic::{ClassSteady, Steady};
use lindley::dist::Dist;
use lindley::model::Servers;
use serde_json::Value;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(case: &Case, question: &str) -> Option<f64> {
    if case.family.starts_with("08") { of_priorities(case, question) } else { of_disciplines(case, question) }
}

/// Kendall's notation of the case, which names its discipline.
fn kendall(case: &Case) -> String {
    let list: Vec<Value> = serde_json::from_str(include_str!("../../../oracle/cases.json")).expect("valid JSON");
    let own = list.iter().find(|v| v["id"] == case.id.as_str()).expect("the case is in the list");
    own["kendall"].as_str().expect("a notation").to_string()
}

/// The first method of the module that answers.
fn solved(case: &Case, station: &Station) -> Option<Steady> {
    let mut refusals = Vec::new();
    for method in METHODS {
        match method.solve(station) {
            Ok(steady) => return Some(steady),
            Err(why) => refusals.push(format!("{}: {why}", method.id)),
        }
    }
    panic!("{}: {refusals:#?}", case.id);
}

/// A service law by the name the oracle gives it: exp, det, h2, e4, erlang4, lognormal...
fn service(value: &Value) -> Dist {
    let number = |name: &str| value[name].as_f64();
    let mean = number("mean").or(number("mean_service")).or(number("mu").map(|mu| 1.0 / mu)).expect("a mean");
    let name = value["service"].as_str().unwrap_or("exp").to_lowercase();
    let stages = number("k").map(|k| format!("E{k}"));
    let letter = match name.as_str() {
        "exp" | "exponential" | "m" => "M",
        "det" | "deterministic" | "d" | "constant" => "D",
        "h2" | "hyperexponential" => "H2",
        "ln" | "lognormal" => "LN",
        "gamma" => "Gamma",
        "uniform" | "u" => "U",
        "erlang" if stages.is_some() => stages.as_deref().expect("just seen"),
        other => &other.replace("erlang", "E").replace(['-', '_'], ""),
    };
    // The oracle's H2 has balanced means and scv 4 where it says no more.
    let scv = number("scv").or((letter == "H2").then_some(4.0));
    law(letter, mean, scv).unwrap_or_else(|why| panic!("{value}: {why}"))
}

/// Classes of an M/G/1 or M/M/c station, in the order of the case.
fn classes(case: &Case) -> Vec<Class> {
    let class = |(i, rate, law, weight): (usize, f64, Dist, f64)| Class {
        name: format!("class{}", i + 1),
        rate,
        service: Work::Law(law),
        weight,
    };
    if let Some(list) = case.params["classes"].as_array() {
        let rate = |v: &Value| v["lambda_"].as_f64().expect("a rate");
        let weight = |v: &Value| v["weight"].as_f64().or(v["g"].as_f64()).unwrap_or(1.0);
        return list.iter().enumerate().map(|(i, v)| class((i, rate(v), service(v), weight(v)))).collect();
    }
    let (rates, one) = (case.numbers("lambdas"), case.number("mu"));
    let or = |name: &str, default: f64| {
        if case.params[name].is_array() { case.numbers(name) } else { vec![default; rates.len()] }
    };
    let (speeds, weights) = (or("mus", one.unwrap_or(f64::NAN)), or("weights", 1.0));
    let parts = rates.iter().zip(&speeds).zip(&weights).enumerate();
    parts.map(|(i, ((rate, mu), weight))| class((i, *rate, Dist::Exponential(1.0 / mu), *weight))).collect()
}

fn with_classes(case: &Case, discipline: Discipline) -> Station {
    let classes = classes(case);
    let rate = classes.iter().map(|class| class.rate).sum();
    let servers = Servers::Count(case.number("c").map_or(1, |c| c as u32));
    let mut station = Station::new(Input::Poisson(rate), classes[0].service.clone(), servers);
    (station.discipline, station.features.classes) = (discipline, classes);
    station
}

fn of_priorities(case: &Case, question: &str) -> Option<f64> {
    let kendall = kendall(case).to_lowercase();
    let preemptive = kendall.contains("preemptive") && !kendall.contains("non-preemptive");
    let discipline = if preemptive { Discipline::PriorityPreemptive } else { Discipline::Priority };
    let steady = solved(case, &with_classes(case, discipline))?;
    of_class(&steady, question).or_else(|| of_all(&steady, question))
}

/// Questions such as `Wq_class2`.
fn of_class(steady: &Steady, question: &str) -> Option<f64> {
    let (metric, number) = question.rsplit_once("_class")?;
    let class: &ClassSteady = steady.classes.get(number.parse::<usize>().ok()?.checked_sub(1)?)?;
    let (wait, sojourn) = (class.wait?, class.sojourn?);
    let detail = |name: &str| class.details.iter().find(|detail| detail.name == name).map(|detail| detail.value);
    match metric {
        "W" => Some(sojourn.mean),
        "var_W" => sojourn.variance,
        "E_W2" => Some(sojourn.variance? + sojourn.mean * sojourn.mean),
        "L" => class.in_system,
        "Lq" => class.queue_length,
        "Wq" | "first_wait" => Some(wait.mean),
        "var_Wq" | "var_first_wait" => wait.variance,
        "E_Wq2" => Some(wait.variance? + wait.mean * wait.mean),
        "W_minus_S" => detail("not_in_service").or(Some(wait.mean)),
        "p_wait" => detail("prob_wait").or(steady.prob_wait),
        "slowdown" => detail("sojourn_per_service"),
        "lambda" | "throughput" => Some(class.arrival_rate),
        _ => None,
    }
}

/// Questions about all messages.
fn of_all(steady: &Steady, question: &str) -> Option<f64> {
    let (wait, sojourn) = (steady.wait?, steady.sojourn?);
    let detail = |name: &str| steady.details.iter().find(|detail| detail.name == name).map(|detail| detail.value);
    if let Some((which, percent)) = question.split_once("_p")
        && let Some(p) = probability(percent)
    {
        let law = if which == "wq" { &steady.wait_law } else { &steady.sojourn_law };
        return law.as_ref()?.quantile(p);
    }
    match question {
        "rho" | "utilization" => steady.utilization,
        "L" => Some(steady.in_system),
        "Lq" => Some(steady.queue_length),
        "W" | "W_all" | "W_avg" => Some(sojourn.mean),
        "Wq" | "Wq_all" => Some(wait.mean),
        "var_W" => sojourn.variance,
        "var_Wq" => wait.variance,
        "E_W2" => Some(sojourn.variance? + sojourn.mean * sojourn.mean),
        "E_Wq2" => Some(wait.variance? + wait.mean * wait.mean),
        "p_wait" => steady.prob_wait,
        "slowdown" | "mean_slowdown" => detail("slowdown"),
        _ => None,
    }
}

/// The discipline that a case or the end of a question's name speaks of.
fn discipline(text: &str) -> Option<Discipline> {
    let text = text.to_lowercase();
    let known = [
        ("preemptive-resume priority", Discipline::PriorityPreemptive),
        ("srpt", Discipline::Srpt),
        ("psjf", Discipline::Psjf),
        ("sjf", Discipline::Sjf),
        ("fb", Discipline::Fb),
        ("las", Discipline::Fb),
        ("lcfs preemptive", Discipline::LcfsPreemptive),
        ("lcfs-pr", Discipline::LcfsPreemptive),
        ("lcfs_pr", Discipline::LcfsPreemptive),
        ("lcfs", Discipline::Lcfs),
        ("random", Discipline::Random),
        ("ros", Discipline::Random),
        ("ps", Discipline::ProcessorSharing),
        ("processor sharing", Discipline::ProcessorSharing),
        ("processor-sharing", Discipline::ProcessorSharing),
        ("fcfs", Discipline::Fcfs),
    ];
    known.into_iter().find(|(name, _)| text.contains(name)).map(|(_, discipline)| discipline)
}

/// Service of a case without classes.
fn plain_service(case: &Case) -> Dist {
    match case.number("service") {
        Some(constant) => Dist::Deterministic(constant),
        None => service(&case.params),
    }
}

fn of_disciplines(case: &Case, question: &str) -> Option<f64> {
    let lower = question.to_lowercase();
    if case.params["classes"].is_array() || case.params["lambdas"].is_array() {
        let steady = solved(case, &with_classes(case, discipline(&kendall(case))?))?;
        return of_class(&steady, question).or_else(|| of_all(&steady, question));
    }
    let (lambda, law, c) = (case.number("lambda_")?, plain_service(case), case.number("c").map_or(1, |c| c as u32));
    // `W_SRPT`, `var_Wq_fcfs`: the question names the discipline.
    let words = ["_srpt", "_psjf", "_sjf", "_fb", "_las", "_fcfs", "_ps", "_lcfs", "_ros"];
    let cut = words.iter().filter_map(|word| lower.find(word)).min();
    let kendall = kendall(case);
    let (metric, named) = cut.map_or((question, kendall.as_str()), |at| question.split_at(at));
    let discipline = discipline(named)?;
    if let Some(size) = metric.strip_prefix("E_T_given_size_x") {
        return given(discipline, lambda, &law, size.replace('_', ".").parse().ok()?);
    }
    if let Some(size) = metric.strip_prefix("var_T_given_size_x") {
        let x = size.replace('_', ".").parse().ok()?;
        return Some(variance_given_size(lambda * law.mean(), 1.0 / law.mean(), x));
    }
    let station = Station::new(Input::Poisson(lambda), Work::Law(law.clone()), Servers::Count(c));
    if discipline == Discipline::Fcfs {
        return of_all(&first_in_first_out(lambda, &law, c)?, metric);
    }
    of_all(&solved(case, &Station { discipline, ..station })?, metric)
}

fn first_in_first_out(lambda: f64, law: &Dist, c: u32) -> Option<Steady> {
    match c {
        1 => Mg1::new(lambda, law).ok().map(|queue| queue.steady()),
        c => Mmc::new(lambda, 1.0 / law.mean(), c).ok().map(|queue| queue.steady()),
    }
}

/// Mean sojourn of a message of that size.
fn given(discipline: Discipline, lambda: f64, law: &Dist, x: f64) -> Option<f64> {
    let rho = lambda * law.mean();
    let by_size = |order| Some(SizeBased::new(order, lambda, law).ok()?.given_size(x).sojourn.mean);
    match discipline {
        Discipline::ProcessorSharing | Discipline::LcfsPreemptive => Some(given_size(rho, x)),
        Discipline::Srpt => by_size(SizeOrder::Srpt),
        Discipline::Psjf => by_size(SizeOrder::Psjf),
        Discipline::Sjf => by_size(SizeOrder::Sjf),
        Discipline::Fb => by_size(SizeOrder::Fb),
        _ => None,
    }
}
