//! The named systems of this module: reads parameters, refuses what is no system, fills the
//! answer.

use super::{ln_at_least, ln_prob_loss, ln_reach_in_busy_cycle, overflow};
use crate::analytic::chain::ChainError;
use crate::analytic::method::Refusal;
use crate::analytic::station::mm1::Mm1;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::row::Metric;
use crate::units::Unit;
use std::f64::consts::LN_10;

const ARRIVAL_RATE: Parameter = parameter!("arrival-rate": Rate, "Poisson arrivals per second");
const SERVICE_RATE: Parameter = parameter!("service-rate": Rate, "services per second and server");
const COUNT: Parameter = parameter!("n": Count, "number of messages in the system that is rare");

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    system!("rare-mm1": "probability of n messages in M/M/1, at all and within a busy cycle", solve_mm1(&[
        ARRIVAL_RATE,
        SERVICE_RATE,
        COUNT,
        parameter!("start": Count => "1", "messages with which the busy cycle begins"),
    ])),
    system!("rare-loss": "probability of loss in M/M/c/K, with its logarithm", solve_loss(&[
        ARRIVAL_RATE,
        SERVICE_RATE,
        parameter!("servers": Count => "1", "number of servers"),
        parameter!("places": Count, "places in the whole system, those in service included"),
    ])),
    system!("rare-tandem":
        "probability that M/M/1 stations in series come to hold n messages in all before they are empty",
        solve_tandem(&[
        ARRIVAL_RATE,
        parameter!("service-rates": List(&Rate), "services per second of each station, in order"),
        COUNT,
        parameter!("start": List(&Count) => "[1]", "messages at each station now; those left out have none"),
    ])),
];

/// Adds a probability and its decimal logarithm.
fn rare(answer: &mut SystemAnswer, name: &str, ln: f64) {
    answer.detail(name, ln.exp(), Unit::One);
    answer.detail(&format!("log10_{name}"), ln / LN_10, Unit::One);
}

fn solve_mm1(given: &Given) -> Result<SystemAnswer, Refusal> {
    let lambda = given.positive("arrival-rate")?;
    let mu = given.positive("service-rate")?;
    let (n, start) = (given.count("n"), given.count("start"));
    let mut answer = SystemAnswer::exact("closed form (Kleinrock I, sec. 3.2; Feller I, sec. XIV.2)");
    Refusal::unless(start >= 1 && start <= n, || {
        format!("start is {start}: a busy cycle that is to reach {n} begins with 1 to {n} messages")
    })?;
    match Mm1::new(lambda, mu) {
        Ok(_) => {
            let at_least = ln_at_least(lambda, mu, n);
            rare(&mut answer, "prob_at_least_n", at_least);
            rare(&mut answer, "prob_exactly_n", at_least + ((mu - lambda) / mu).ln());
        }
        Err(unstable) => {
            answer.note(format!("{unstable}; a busy cycle has an answer all the same"));
        }
    }
    rare(&mut answer, "prob_reach_n_in_busy_cycle", ln_reach_in_busy_cycle(lambda, mu, start, n));
    Ok(answer)
}

fn solve_loss(given: &Given) -> Result<SystemAnswer, Refusal> {
    let lambda = given.positive("arrival-rate")?;
    let mu = given.positive("service-rate")?;
    let (c, places) = (given.count("servers"), given.count("places"));
    Refusal::unless((1..=100_000_000).contains(&c), || format!("servers is {c}, and must be 1 to 10^8"))?;
    Refusal::unless(places >= c, || format!("places is {places}, fewer than the {c} servers: each server is a place"))?;
    let mut answer = SystemAnswer::exact("M/M/c/K in logarithms (Gross et al., sec. 2.4)");
    let ln = ln_prob_loss(lambda, mu, c as u32, places);
    answer.fraction(Metric::ProbLoss, ln.exp());
    answer.detail("log10_prob_loss", ln / LN_10, Unit::One);
    Ok(answer)
}

fn solve_tandem(given: &Given) -> Result<SystemAnswer, Refusal> {
    let lambda = given.positive("arrival-rate")?;
    let mu = given.all_positive("service-rates")?;
    let n = given.count("n");
    let mut start = given.numbers("start");
    Refusal::unless(start.len() <= mu.len(), || {
        format!("start names {} stations, but there are {}", start.len(), mu.len())
    })?;
    start.resize(mu.len(), 0.0);
    let held: f64 = start.iter().sum();
    Refusal::unless(held >= 1.0 && held < n as f64 && n <= 1_000_000, || {
        format!("{held} messages now and n = {n}: wanted are 1 to n - 1 messages and n up to 10^6")
    })?;
    let start: Vec<u32> = start.iter().map(|&x| x as u32).collect();
    let p = overflow(lambda, &mu, &start, n as u32).map_err(|error| match error {
        ChainError::TooLarge(_) => {
            Refusal::Numerics(format!("{n} messages at {} stations are more states than can be solved", mu.len()))
        }
        other => Refusal::Numerics(other.to_string()),
    })?;
    let mut answer = SystemAnswer::exact("first passage of the chain (Grassmann, Taksar, Heyman 1985)");
    rare(&mut answer, "prob_overflow", p.ln());
    Ok(answer)
}
