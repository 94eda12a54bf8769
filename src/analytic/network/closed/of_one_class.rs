//! The systems `closed` and `bounds`: closed networks of one class as a user describes them.

use super::bounds::{Balance, Between};
use super::choice::solve;
use super::convolution::{convolution, marginal};
use super::network::{ClosedNetwork, Pace};
use super::parameters::{self, METHOD, SERVERS, SPEEDS};
use crate::analytic::Refusal;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::row::{Metric, Source, Statistic};
use crate::units::Unit;

/// Steps of all passes that marginals may cost.
const MOST_MARGINAL: f64 = 1e9;

const DEMANDS: Parameter = parameter!("demands": List(&Time) => "[]",
    "demand at each station: visits in a cycle times mean service");
const POPULATION: Parameter = parameter!("population": Count, "messages that cycle");
const THINK: Parameter = parameter!("think-time": Time => "0s", "mean time outside all stations");

/// A closed network of one class.
pub(super) const CLOSED: System = system!("closed":
    "closed network of one class: so many messages cycle among stations (Gordon-Newell)", closed(&[
    DEMANDS,
    parameter!("visits": List(&Number) => "[]",
        "visits to each station in a cycle, with `service-means` instead of `demands`"),
    parameter!("service-means": List(&Time) => "[]", "mean service at each station, with `visits`"),
    SERVERS,
    SPEEDS,
    POPULATION,
    THINK,
    METHOD,
    parameter!("marginal": Count => "0", "number of the station whose distribution is wanted; 0: none"),
]));

/// Bounds of a closed network of one class.
pub(super) const BOUNDS: System = system!("bounds":
    "bounds on a closed network of one class and single servers: asymptotic, balanced job, proportional, geometric",
    bounds(&[DEMANDS, POPULATION, THINK]));

/// Demands, and visits where they are known (without visits a cycle counts as one visit).
fn demands(given: &Given) -> Result<(Vec<f64>, Vec<f64>), Refusal> {
    let (demands, services) = (given.numbers("demands"), given.numbers("service-means"));
    let either = || "either `demands`, or `visits` and `service-means`, must be given".to_string();
    Refusal::unless(demands.is_empty() != services.is_empty(), either)?;
    let (mut visits, n) = (given.all_finite("visits")?, demands.len() + services.len());
    if visits.is_empty() && services.is_empty() {
        visits = vec![1.0; n];
    }
    let m = visits.len();
    Refusal::unless(m == n, || format!("{m} `visits` for {n} stations"))?;
    let products = services.iter().zip(&visits).map(|(s, v)| s * v);
    Ok((if demands.is_empty() { products.collect() } else { demands }, visits))
}

fn closed(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (demands, visits) = demands(given)?;
    let paces = parameters::paces(given, demands.len())?;
    let population = parameters::populations(&[given.number("population")])?[0];
    let network = ClosedNetwork::single(demands, paces, population).thinking(given.number("think-time"));
    network.check()?;
    let (steady, source, method) = solve(&network, given.word("method"))?;
    let mut answer = SystemAnswer::exact(method);
    answer.by(source, method);
    let response = steady.response(0);
    answer.system().mean(Metric::Throughput, steady.throughput[0]);
    answer.mean(Metric::InSystem, steady.throughput[0] * response);
    if network.populations[0] > 0 {
        answer.mean(Metric::Sojourn, response);
        answer.detail("cycle_time", response + network.think[0], Unit::Seconds);
    }
    parameters::constant(&mut answer, &steady);
    parameters::stations(&mut answer, &network, &steady, Some(&visits));
    distribution(&mut answer, &network, given.count("marginal"))?;
    Ok(answer)
}

/// P(k messages) at the station asked for.
fn distribution(answer: &mut SystemAnswer, network: &ClosedNetwork, station: u64) -> Result<(), Refusal> {
    let n = f64::from(network.populations[0]);
    match station as usize {
        0 => return Ok(()),
        i if i > network.stations() => {
            return Err(Refusal::invalid(format!("`marginal` is {i}, and there are {} stations", network.stations())));
        }
        _ if n * n > MOST_MARGINAL => {
            return Err(Refusal::Assumption(format!("the distribution for {n} messages takes {} steps", n * n)));
        }
        _ => {}
    }
    let i = station as usize - 1;
    let p = marginal(network, i)?;
    answer.by(Source::Exact, "marginal distribution by convolution (Buzen 1973)").station(parameters::name(i));
    let mean: f64 = p.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
    let variance = p.iter().enumerate().map(|(k, p)| (k as f64 - mean).powi(2) * p).sum();
    answer.value(Metric::InSystem, Statistic::Variance, variance);
    for (k, p) in p.iter().enumerate() {
        answer.fraction(Metric::Detail(format!("prob_{k}")), *p);
    }
    Ok(())
}

fn bounds(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (demands, think) = (given.numbers("demands"), given.number("think-time"));
    let population = parameters::populations(&[given.number("population")])?[0];
    let network = Balance::new(&demands, population, think)?;
    let mut answer = SystemAnswer::exact("");
    let all = [
        ("asymptotic", "asymptotic bounds (Denning, Buzen 1978)", network.asymptotic()),
        ("balanced_job", "balanced job bounds (Zahorjan et al. 1982)", network.balanced_job()),
        ("proportional", "proportional bounds (Hsieh, Lam 1987)", network.proportional()),
        ("geometric", "geometric bounds (Casale, Muntz, Serazzi 2008)", network.geometric()),
    ];
    for (name, method, throughput) in all {
        answer.by(Source::Bound, method);
        between(&mut answer, &format!("{name}_throughput"), throughput, Unit::PerSecond);
        between(&mut answer, &format!("{name}_response"), network.response(throughput), Unit::Seconds);
    }
    exact(&mut answer, demands, population, think);
    Ok(answer)
}

fn between(answer: &mut SystemAnswer, name: &str, Between { low, high }: Between, unit: Unit) {
    answer.detail(&format!("{name}_low"), low, unit).detail(&format!("{name}_high"), high, unit);
}

/// The truth beside the bounds, where it is cheap.
fn exact(answer: &mut SystemAnswer, demands: Vec<f64>, population: u32, think: f64) {
    let paces = vec![Pace::Servers(1); demands.len()];
    if let Ok(steady) = convolution(&ClosedNetwork::single(demands, paces, population).thinking(think)) {
        answer.by(Source::Exact, "convolution (Buzen 1973)").mean(Metric::Throughput, steady.throughput[0]);
        answer.mean(Metric::Sojourn, steady.response(0));
    }
}
