//! The systems `closed-classes` and `mixed`: networks of several classes as a user describes them.

use super::choice::solve;
use super::mixed::{OpenClasses, mixed as solve_mixed};
use super::network::{ClosedNetwork, Pace};
use super::parameters::{self, METHOD, SERVERS, SPEEDS};
use crate::analytic::Refusal;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::row::{Metric, Source};
use crate::units::Unit;

const TYPES: Parameter = parameter!("types": List(&Word(&[])) => "[]",
    "discipline of each station: ps, fcfs, lcfs-pr, random, inf; none given: ps");
const THINK: Parameter = parameter!("think-times": List(&Time) => "[]",
    "mean time of each closed class outside all stations; none given: 0");
const VISITS: Parameter = parameter!("visits": Matrix(&Number) => "[]",
    "visits of each class (row) to each station (column), to tell mean services apart at fcfs stations");

/// A closed network of several classes.
pub(super) const CLOSED_CLASSES: System = system!("closed-classes":
    "closed network of several classes, each with its own population (BCMP)", closed_classes(&[
    parameter!("demands": Matrix(&Time), "demand of each class (row) at each station (column), seconds"),
    parameter!("populations": List(&Count), "messages of each class"),
    TYPES,
    SERVERS,
    SPEEDS,
    THINK,
    VISITS,
    METHOD,
]));

/// A network of open and closed classes.
pub(super) const MIXED: System = system!("mixed":
    "network of open classes (Poisson) and closed classes (fixed populations) (BCMP)", mixed(&[
    parameter!("open-demands": Matrix(&Time), "demand of each open class (row) at each station (column), seconds"),
    parameter!("arrival-rates": List(&Rate), "arrival rate of each open class"),
    parameter!("demands": Matrix(&Time), "demand of each closed class (row) at each station (column), seconds"),
    parameter!("populations": List(&Count), "messages of each closed class"),
    TYPES,
    SERVERS,
    SPEEDS,
    THINK,
]));

/// The closed part of what is given, checked, with the disciplines.
fn network(given: &Given, stations: usize) -> Result<(ClosedNetwork, Vec<String>), Refusal> {
    let demands = given.matrix("demands");
    let mut paces = parameters::paces(given, stations)?;
    let disciplines = parameters::disciplines(given.words("types"), &mut paces)?;
    let populations = parameters::populations(&given.numbers("populations"))?;
    let think = parameters::think(given.numbers("think-times"), populations.len());
    let network = ClosedNetwork { paces, demands, populations, think };
    if network.classes() > 0 {
        network.check()?;
    } else if !network.demands.is_empty() || !network.think.is_empty() {
        return Err(Refusal::invalid("there are `demands` or `think-times` of closed classes, and no `populations`"));
    }
    Ok((network, disciplines))
}

fn closed_classes(given: &Given) -> Result<SystemAnswer, Refusal> {
    let stations = given.matrix("demands").first().map_or(0, Vec::len);
    let (network, disciplines) = network(given, stations)?;
    Refusal::unless(network.classes() > 0, || "`populations` is empty".to_string())?;
    let visits = visits(given, &network)?;
    let (mut answer, mut method) = (SystemAnswer::exact(""), given.word("method"));
    if let Err(why) = parameters::product_form(&mut answer, &disciplines, &network.demands, &visits) {
        match method {
            "mva" | "convolution" => return Err(why),
            "auto" => method = "linearizer",
            _ => {}
        }
        answer.note(format!("{why}; approximated as if it were processor sharing"));
    }
    let (steady, source, name) = solve(&network, method)?;
    if method == "auto" && source == Source::Approximation {
        answer.note(format!("exact analysis visits {} vectors of populations: approximated", network.vectors()));
    }
    answer.by(source, name);
    parameters::stations(&mut answer, &network, &steady, None);
    parameters::classes(&mut answer, &network, &steady, |r| format!("class{}", r + 1));
    answer.system().mean(Metric::Throughput, steady.throughput.iter().sum());
    parameters::constant(&mut answer, &steady);
    Ok(answer)
}

/// Visits as given: nothing, or above 0 wherever there is a demand.
fn visits(given: &Given, network: &ClosedNetwork) -> Result<Vec<Vec<f64>>, Refusal> {
    let visits = given.matrix("visits");
    if visits.is_empty() {
        return Ok(visits);
    }
    if visits.len() != network.classes() || visits.iter().any(|row| row.len() != network.stations()) {
        return Err(Refusal::invalid("`visits` must have a row a class and a column a station"));
    }
    let pairs = visits.iter().flatten().zip(network.demands.iter().flatten());
    match pairs.clone().find(|(v, d)| !(v.is_finite() && **v >= 0.0) || (**d > 0.0 && **v == 0.0)) {
        Some((v, d)) => Err(Refusal::invalid(format!("{v} visits with a demand of {d} s"))),
        None => Ok(visits),
    }
}

fn mixed(given: &Given) -> Result<SystemAnswer, Refusal> {
    let open = OpenClasses { rates: given.all_finite("arrival-rates")?, demands: given.matrix("open-demands") };
    let stations = open.demands.first().map_or(given.matrix("demands").first().map_or(0, Vec::len), Vec::len);
    let (n, m) = (open.rates.len(), open.demands.len());
    Refusal::unless(n == m, || format!("{n} arrival rates and {m} open demands"))?;
    let sound = open.demands.iter().flatten().all(|x| x.is_finite() && *x >= 0.0);
    Refusal::unless(sound, || "an open demand is infinite or negative".to_string())?;
    let (network, disciplines) = network(given, stations)?;
    let mut answer = SystemAnswer::exact("mixed product form (Baskett et al. 1975)");
    let all: Vec<Vec<f64>> = open.demands.iter().chain(&network.demands).cloned().collect();
    parameters::product_form(&mut answer, &disciplines, &all, &[])?;
    let found = solve_mixed(&network, &open)?;
    for (i, busy) in found.busy_servers.iter().enumerate() {
        let everybody = found.closed.total(i) + found.open.iter().map(|row| row[i]).sum::<f64>();
        answer.station(parameters::name(i)).mean(Metric::InSystem, everybody);
        if let Pace::Servers(c) = network.paces[i] {
            answer.mean(Metric::Utilization, busy / f64::from(c));
        }
    }
    parameters::classes(&mut answer, &network, &found.closed, |r| format!("class{}", open.rates.len() + r + 1));
    open_classes(&mut answer, &open, &found.open);
    answer.note("open classes are numbered first");
    Ok(answer)
}

fn open_classes(answer: &mut SystemAnswer, open: &OpenClasses, numbers: &[Vec<f64>]) {
    for (o, row) in numbers.iter().enumerate() {
        let (class, rate, number) = (format!("class{}", o + 1), open.rates[o], row.iter().sum::<f64>());
        answer.system().class(&class).mean(Metric::Throughput, rate).mean(Metric::InSystem, number);
        if rate > 0.0 {
            answer.mean(Metric::Sojourn, number / rate);
        }
        for (i, l) in row.iter().enumerate() {
            answer.station(parameters::name(i)).class(&class).mean(Metric::InSystem, *l);
            answer.detail("load", rate * open.demands[o][i], Unit::One);
            if rate > 0.0 {
                answer.detail("residence", l / rate, Unit::Seconds);
            }
        }
    }
}
