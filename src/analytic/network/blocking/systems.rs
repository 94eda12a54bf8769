//! The systems `tandem-blocking` and `cycle-blocking` as a user describes them.

use super::decomposition::{MOST_PLACES as MOST_DECOMPOSED, blocking_decomposition};
use super::line::{BlockingLine, BlockingRule, LineSteady, Supply, blocking_after_service, blocking_in_a_cycle};
use super::unlimited::blocking_unlimited;
use crate::analytic::Refusal;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::row::{Metric, Source};

/// States of a chain at most.
const MOST_STATES: usize = 200_000;
/// Places of a station at most.
const MOST_PLACES: f64 = 1e6;

const RULES: &[&str] = &["after-service", "before-service"];
const RULE: Parameter = parameter!("rule": Word(RULES) => "after-service",
    "after-service: a finished message keeps its server until there is room; before-service: service waits for room");
const SERVICE_RATES: Parameter = parameter!("service-rates": List(&Rate), "of each station in a row");

/// Stations in a row with finite buffers.
pub(super) const TANDEM_BLOCKING: System = system!("tandem-blocking":
    "stations in a row with finite buffers between them: a full one blocks the server before it", tandem(&[
    SERVICE_RATES,
    parameter!("buffers": List(&Count),
        "places to wait before each station but the first, the one in service not counted"),
    parameter!("arrival-rate": Rate => "0",
        "Poisson arrivals at the first station; 0: there is always a message (saturated)"),
    parameter!("first-places": Count => "0",
        "places at the first station, the one in service counted; 0: no limit"),
    RULE,
    parameter!("method": Word(&["auto", "chain", "decomposition"]) => "auto",
        "auto (the chain if it has at most 200000 states), chain, decomposition (approximation)"),
]));

/// Stations in a cycle with finite buffers.
pub(super) const CYCLE_BLOCKING: System = system!("cycle-blocking":
    "a closed cycle of stations with finite room, where a full one blocks the server before it", cycle(&[
    SERVICE_RATES,
    parameter!("places": List(&Count), "places of each station, the one in service counted"),
    parameter!("population": Count, "messages that go round"),
    RULE,
]));

fn places(given: &Given, name: &str, least: f64) -> Result<Vec<u32>, Refusal> {
    let places = given.numbers(name);
    let sound = places.iter().all(|n| (least..=MOST_PLACES).contains(n));
    Refusal::unless(sound, || format!("`{name}` is {places:?}, and each lies between {least} and 1e6"))?;
    Ok(places.iter().map(|&n| n as u32).collect())
}

fn rule(given: &Given) -> BlockingRule {
    if given.word("rule") == RULES[0] { BlockingRule::AfterService } else { BlockingRule::BeforeService }
}

fn feed(given: &Given) -> Result<Supply, Refusal> {
    let (rate, first) = (given.number("arrival-rate"), given.number("first-places"));
    match (rate, first) {
        (0.0, 0.0) => Ok(Supply::Saturated),
        (0.0, _) => Err(Refusal::invalid("`first-places` limits arrivals, and `arrival-rate` is 0")),
        (rate, _) if !rate.is_finite() => Err(Refusal::invalid(format!("`arrival-rate` is {rate}"))),
        (rate, first) if first <= MOST_PLACES => Ok(Supply::Poisson { rate, places: first as u32 }),
        (_, first) => Err(Refusal::invalid(format!("`first-places` is {first}, and at most 1e6"))),
    }
}

fn tandem(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (mu, buffers, feed) = (given.all_positive("service-rates")?, places(given, "buffers", 0.0)?, feed(given)?);
    let (n, m) = (mu.len(), buffers.len());
    Refusal::unless(m + 1 == n, || format!("{n} stations have {} buffers between them, not {m}", n - 1))?;
    let line = BlockingLine::tandem(mu, &buffers, feed, rule(given));
    if let Supply::Poisson { rate, places: 0 } = feed {
        return unlimited(&line, rate, given.word("method"));
    }
    // Of each station: numbers 0 to its places, or full and holding a finished message.
    let states: f64 = line.places.iter().map(|&places| f64::from(places) + 2.0).product();
    match given.word("method") {
        "auto" if states > MOST_STATES as f64 && line.rule == BlockingRule::AfterService => approximated(&line),
        "decomposition" if line.rule == BlockingRule::BeforeService => {
            Err(Refusal::Assumption("the decomposition is made for blocking after service".to_string()))
        }
        "decomposition" => approximated(&line),
        _ => Ok(exact(&line, &blocking_after_service(&line, MOST_STATES)?)),
    }
}

fn exact(line: &BlockingLine, steady: &LineSteady) -> SystemAnswer {
    rows(SystemAnswer::exact(format!("Markov chain of {} states (Perros 1994)", steady.states)), line, steady)
}

fn approximated(line: &BlockingLine) -> Result<SystemAnswer, Refusal> {
    if let Some(places) = line.places.iter().find(|&&places| places > MOST_DECOMPOSED) {
        return Err(Refusal::Assumption(format!(
            "the decomposition takes stations of at most {MOST_DECOMPOSED} places, not {places}; the chain (method `chain`) \
             at most {MOST_STATES} states"
        )));
    }
    let mut answer = SystemAnswer::default();
    answer.by(Source::Approximation, "decomposition into pairs of stations (Perros, Altiok 1986)");
    Ok(rows(answer, line, &blocking_decomposition(line)))
}

fn unlimited(line: &BlockingLine, rate: f64, method: &str) -> Result<SystemAnswer, Refusal> {
    if method == "decomposition" {
        return Err(Refusal::Assumption("the decomposition needs a limit: say `first-places`".to_string()));
    }
    Ok(rows(SystemAnswer::exact("matrix-geometric solution (Neuts 1981)"), line, &blocking_unlimited(line, rate)?))
}

fn cycle(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (mu, places) = (given.all_positive("service-rates")?, places(given, "places", 1.0)?);
    let (population, room) = (given.count("population"), places.iter().map(|&n| u64::from(n)).sum::<u64>());
    let (n, m) = (mu.len(), places.len());
    let shape = || format!("a cycle has two stations or more, each with its places: {n} and {m}");
    Refusal::unless(n == m && n >= 2, shape)?;
    let full = || {
        format!(
            "{population} messages in {room} places: 1 at least, and fewer than places, or all servers may be blocked"
        )
    };
    Refusal::unless(population > 0 && population < room, full)?;
    let line = BlockingLine { mu, places, feed: Supply::Cycle, rule: rule(given) };
    let steady = blocking_in_a_cycle(&line, population as u32, MOST_STATES)?;
    Ok(exact(&line, &steady))
}

/// All rows; in a saturated line times begin with the service at the first station.
fn rows(mut answer: SystemAnswer, line: &BlockingLine, steady: &LineSteady) -> SystemAnswer {
    let (x, total) = (steady.throughput, steady.in_station.iter().sum::<f64>());
    answer.system().mean(Metric::Throughput, x).mean(Metric::InSystem, total).mean(Metric::Sojourn, total / x);
    if let Supply::Poisson { rate, .. } = line.feed {
        answer.mean(Metric::ArrivalRate, rate);
    }
    if let Some(loss) = steady.loss {
        answer.fraction(Metric::ProbLoss, loss);
    }
    for i in 0..line.mu.len() {
        answer.station(format!("node{}", i + 1)).mean(Metric::InSystem, steady.in_station[i]);
        answer.mean(Metric::Throughput, x).mean(Metric::Sojourn, steady.in_station[i] / x);
        answer.mean(Metric::Utilization, steady.busy[i]);
        answer.fraction(Metric::Detail("prob_blocked".to_string()), steady.blocked[i]);
    }
    if line.feed == Supply::Saturated {
        answer.system().note("the first station always has a message; times begin with its service");
    }
    answer
}
