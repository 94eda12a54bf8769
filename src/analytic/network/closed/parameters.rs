//! What users say of closed networks, turned into the nouns of theory, and the rows that all these systems
//! share.

use super::choice::METHODS;
use super::network::{ClosedNetwork, ClosedSteady, Pace};
use crate::analytic::Refusal;
use crate::analytic::system::{Given, Parameter, SystemAnswer, parameter};
use crate::row::Metric;
use crate::units::Unit;

/// Messages of one class at most.
const MOST_MESSAGES: f64 = 4e9;

pub(super) const SERVERS: Parameter = parameter!("servers": List(&Number) => "[]",
    "servers of each station, inf for a delay; none given: one each");
pub(super) const SPEEDS: Parameter = parameter!("load-dependent": Matrix(&Number) => "[]",
    "a row a station: its speed with 1, 2, ... messages, the last holding above; zeros: by `servers`");
pub(super) const METHOD: Parameter = parameter!("method": Word(METHODS) => "auto",
    "auto (exact where possible), mva, convolution, bard-schweitzer, linearizer");

/// Stations from numbers of servers (none given: one each; infinite: a delay) and rows of speeds
/// (none given, or a row of zeros: by servers).
pub(super) fn paces(given: &Given, stations: usize) -> Result<Vec<Pace>, Refusal> {
    let (servers, speeds) = (given.numbers("servers"), given.matrix("load-dependent"));
    let lengths = [("servers", servers.len()), ("load-dependent", speeds.len())];
    if let Some((name, length)) = lengths.into_iter().find(|(_, length)| *length > 0 && *length != stations) {
        return Err(Refusal::invalid(format!("`{name}` has {length} entries for {stations} stations")));
    }
    let station = |i: usize| match speeds.get(i) {
        Some(row) if row.iter().any(|&x| x != 0.0) => Ok(Pace::Rates(row.clone())),
        _ => pace(servers.get(i).copied().unwrap_or(1.0), i),
    };
    (0..stations).map(station).collect()
}

fn pace(servers: f64, i: usize) -> Result<Pace, Refusal> {
    match servers {
        c if c == f64::INFINITY => Ok(Pace::Delay),
        c if c >= 1.0 && c.fract() == 0.0 && c <= 1e9 => Ok(Pace::Servers(c as u32)),
        c => Err(Refusal::invalid(format!("node{} has {c} servers: a whole number from 1, or inf, is wanted", i + 1))),
    }
}

/// Populations as whole numbers that fit.
pub(super) fn populations(given: &[f64]) -> Result<Vec<u32>, Refusal> {
    let sound = given.iter().all(|n| (0.0..=MOST_MESSAGES).contains(n));
    Refusal::unless(sound, || format!("populations are {given:?}, and each lies between 0 and 4e9"))?;
    Ok(given.iter().map(|&n| n as u32).collect())
}

/// The rows of each station over all closed classes; `visits` is how often a message of the only
/// class comes there in a cycle, where that is known.
pub(super) fn stations(
    answer: &mut SystemAnswer,
    network: &ClosedNetwork,
    steady: &ClosedSteady,
    visits: Option<&[f64]>,
) {
    for (i, pace) in network.paces.iter().enumerate() {
        let (number, busy) = (steady.total(i), steady.busy_servers(network, i));
        answer.station(name(i)).mean(Metric::InSystem, number);
        match pace {
            Pace::Delay => drop(answer.mean(Metric::QueueLength, 0.0)),
            Pace::Servers(c) => {
                let waiting = (number - busy).max(0.0);
                answer.mean(Metric::Utilization, busy / f64::from(*c)).mean(Metric::QueueLength, waiting);
            }
            Pace::Rates(_) => drop(answer.mean(Metric::Utilization, busy)),
        }
        if let Some(visits) = visits {
            times(answer, network, steady, i, visits[i]);
        }
    }
}

/// Throughput and times of the only class at a station.
fn times(answer: &mut SystemAnswer, network: &ClosedNetwork, steady: &ClosedSteady, i: usize, visits: f64) {
    let residence = steady.residence(0, i);
    answer.mean(Metric::Throughput, steady.throughput[0] * visits).detail("residence", residence, Unit::Seconds);
    if visits > 0.0 && steady.throughput[0] > 0.0 {
        let service = network.demands[0][i] / visits;
        answer.mean(Metric::Sojourn, residence / visits);
        if !matches!(network.paces[i], Pace::Rates(_)) {
            answer.mean(Metric::Service, service).mean(Metric::Wait, (residence / visits - service).max(0.0));
        }
    }
}

/// The rows of each closed class: of the system, and of each station.
pub(super) fn classes(
    answer: &mut SystemAnswer,
    network: &ClosedNetwork,
    steady: &ClosedSteady,
    named: impl Fn(usize) -> String,
) {
    for r in 0..network.classes() {
        let response = steady.response(r);
        answer.system().class(named(r)).mean(Metric::Throughput, steady.throughput[r]).mean(Metric::Sojourn, response);
        answer.mean(Metric::InSystem, steady.throughput[r] * response);
        answer.detail("cycle_time", response + network.think[r], Unit::Seconds);
        for i in 0..network.stations() {
            answer.station(name(i)).class(named(r)).mean(Metric::InSystem, steady.in_station[r][i]);
            answer.detail("residence", steady.residence(r, i), Unit::Seconds);
            answer.detail("load", steady.throughput[r] * network.demands[r][i], Unit::One);
        }
    }
}

/// Stations are numbered from 1.
pub(super) fn name(i: usize) -> String {
    format!("node{}", i + 1)
}

/// Think times, of which none given means 0 for all.
pub(super) fn think(given: Vec<f64>, classes: usize) -> Vec<f64> {
    if given.is_empty() { vec![0.0; classes] } else { given }
}

/// Disciplines under which service may be of any law and differ by class, and first in first out.
const DISCIPLINES: &[&str] = &["fcfs", "ps", "lcfs-pr", "inf", "is", "delay", "random"];

/// Disciplines as given (none: processor sharing), in lower case; delays among them become so.
pub(super) fn disciplines(given: Vec<String>, paces: &mut [Pace]) -> Result<Vec<String>, Refusal> {
    if given.is_empty() {
        return Ok(vec!["ps".to_string(); paces.len()]);
    }
    if given.len() != paces.len() {
        return Err(Refusal::invalid(format!("`types` has {} entries for {} stations", given.len(), paces.len())));
    }
    let lower: Vec<String> = given.iter().map(|word| word.to_lowercase().replace('_', "-")).collect();
    for (word, pace) in lower.iter().zip(paces) {
        match word.as_str() {
            "inf" | "is" | "delay" => *pace = Pace::Delay,
            word if DISCIPLINES.contains(&word) => {}
            word => return Err(Refusal::invalid(format!("`{word}` is none of the types {}", DISCIPLINES.join(", ")))),
        }
    }
    Ok(lower)
}

/// Whether the network has product form; where it depends on what was not said, a note says so.
/// With visits given, first in first out (and in random order) needs one mean service for all classes.
pub(super) fn product_form(
    answer: &mut SystemAnswer,
    disciplines: &[String],
    demands: &[Vec<f64>],
    visits: &[Vec<f64>],
) -> Result<(), Refusal> {
    let queue = |i: &usize| disciplines[*i] == "fcfs" || disciplines[*i] == "random";
    for i in (0..disciplines.len()).filter(queue) {
        let used = |r: &usize| demands[*r][i] > 0.0;
        let visited = |r: usize| visits.get(r).map_or(1.0, |row| row[i]);
        let mut services = (0..demands.len()).filter(used).map(|r| demands[r][i] / visited(r));
        let Some(first) = services.next() else { continue };
        let Some(other) = services.find(|s| (s / first - 1.0).abs() > 1e-9) else { continue };
        if !visits.is_empty() {
            return Err(Refusal::Assumption(format!(
                "{} serves first in first out (or in random order), and its mean service differs by class \
                 ({first} s, {other} s): there is no product form",
                name(i),
            )));
        }
        answer.note(format!(
            "{}: demands differ by class; taken as different numbers of visits with one exponential service time, \
             else there is no product form (say `visits`)",
            name(i),
        ));
    }
    Ok(())
}

/// The row of the normalising constant, where the method has it.
pub(super) fn constant(answer: &mut SystemAnswer, steady: &ClosedSteady) {
    if let Some(ln_constant) = steady.ln_constant {
        answer.detail("ln_normalising_constant", ln_constant, Unit::One);
    }
}
