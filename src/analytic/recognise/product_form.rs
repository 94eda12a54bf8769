//! A model that is one network of exponential stations, solved as a whole: Jackson's theorem where
//! messages come and go, Gordon and Newell's where a population cycles.

use super::network::{NetworkSource, NetworkStation, ProductFormNetwork};
use crate::analytic::law::number::NumberLaw;
use crate::analytic::network::closed::choice::exact;
use crate::analytic::network::closed::network::{ClosedNetwork, Pace};
use crate::analytic::network::open::jackson::Jackson;
use crate::analytic::network::open::tandem::tandem_sojourn_of_servers;
use crate::analytic::network::open::traffic::throughputs;
use crate::analytic::station::{mginf::MgInf, mmc::Mmc};
use crate::analytic::theory::Solution;
use crate::analytic::{Refusal, Steady, rows};
use crate::dist::Dist;
use crate::model::{Model, Servers};
use crate::row::{Metric, Row, Scope, Statistic};

/// What a station of a network does, per visit; a visit ends when the message leaves the queue for
/// good, failed attempts included.
#[derive(Debug, Clone, Copy)]
struct StationVisit {
    /// Attempts per second.
    attempts: f64,
    wait: f64,
    sojourn: f64,
}

/// The solution of every queue of the network and the rows of the system, or why there is none.
pub(super) fn solve(model: &Model, whole: &ProductFormNetwork) -> Result<(Vec<Solution>, Vec<Row>), Refusal> {
    match whole.source {
        NetworkSource::Open => open(model, whole),
        NetworkSource::Closed { population, think } => closed(model, whole, population, think),
    }
}

const OPEN: &str = "open Jackson network, every station an M/M/c of its own (Jackson 1963)";
const CLOSED: &str = "closed network by convolution (Gordon, Newell 1967; Buzen 1973)";

fn open(model: &Model, whole: &ProductFormNetwork) -> Result<(Vec<Solution>, Vec<Row>), Refusal> {
    let mu: Vec<f64> = whole.stations.iter().map(|place| 1.0 / place.mean_service).collect();
    let servers: Vec<Servers> =
        whole.stations.iter().map(|place| place.servers.map_or(Servers::Unlimited, Servers::Count)).collect();
    let network = Jackson::new(&whole.entry, &whole.routing, &mu, &servers)?.steady;
    let visits = network.nodes.iter().map(|n| StationVisit { attempts: n.lambda, wait: n.wait, sojourn: n.sojourn });
    let solutions = solutions(model, whole, &visits.collect::<Vec<_>>(), "an open network", OPEN);
    let retrying: f64 = network.nodes.iter().zip(&whole.stations).map(|(n, p)| n.lambda * p.failure * p.backoff).sum();
    let sojourn = (network.in_system() + retrying) / network.throughput;
    Ok((solutions, system(network.throughput, sojourn, OPEN)))
}

fn closed(
    model: &Model,
    whole: &ProductFormNetwork,
    population: u32,
    think: f64,
) -> Result<(Vec<Solution>, Vec<Row>), Refusal> {
    let visits = throughputs(&whole.entry, &whole.routing)?;
    // Waiting out a back-off is a delay, like thinking; it needs no station of its own.
    let away: f64 = visits.iter().zip(&whole.stations).map(|(v, p)| v * p.failure * p.backoff).sum();
    let network = ClosedNetwork::single(
        visits.iter().zip(&whole.stations).map(|(v, p)| v * p.mean_service).collect(),
        whole.stations.iter().map(|p| p.servers.map_or(Pace::Delay, Pace::Servers)).collect(),
        population,
    )
    .thinking(think + away);
    let (steady, ..) = exact(&network)?;
    let cycles = steady.throughput[0];
    let visit = |(i, v): (usize, &f64)| {
        let attempts = cycles * v;
        let sojourn = if attempts > 0.0 { steady.in_station[0][i] / attempts } else { 0.0 };
        StationVisit { attempts, wait: (sojourn - whole.stations[i].mean_service).max(0.0), sojourn }
    };
    let visits: Vec<StationVisit> = visits.iter().enumerate().map(visit).collect();
    let solutions = solutions(model, whole, &visits, "a closed network", CLOSED);
    Ok((solutions, system(cycles, steady.response(0) + away, CLOSED)))
}

/// Rows of the system where the network is a tandem whose sojourn has a law; `None` otherwise.
pub(super) fn tandem_rows(whole: &ProductFormNetwork, quantiles: &[f64]) -> Option<Vec<Row>> {
    let order = tandem(whole)?;
    let lambda: f64 = whole.entry.iter().sum();
    let station = |&i: &usize| Some((1.0 / whole.stations[i].mean_service, whole.stations[i].servers?));
    let stations: Vec<(f64, u32)> = order.iter().map(station).collect::<Option<_>>()?;
    let law = tandem_sojourn_of_servers(lambda, &stations).ok()??;
    let method = "tandem of M/M/c with independent sojourns (Reich 1957; Burke 1969)";
    Some(rows::of_whole(lambda, law.mean(), Some(&law), 1.0, method, quantiles))
}

/// The stations in the order in which every message visits them, once each.
fn tandem(whole: &ProductFormNetwork) -> Option<Vec<usize>> {
    let only = |row: &[f64]| match row.iter().filter(|p| **p > 0.0).count() {
        1 => row.iter().position(|p| *p > 0.0),
        _ => None,
    };
    let mut order = vec![only(&whole.entry).filter(|_| whole.source == NetworkSource::Open)?];
    while order.len() < whole.stations.len() {
        let row = &whole.routing[*order.last()?];
        let next = only(row).filter(|next| row[*next] == 1.0 && !order.contains(next))?;
        order.push(next);
    }
    whole.routing[*order.last()?].iter().all(|p| *p == 0.0).then_some(order)
}

fn solutions(
    model: &Model,
    whole: &ProductFormNetwork,
    visits: &[StationVisit],
    kind: &str,
    method: &'static str,
) -> Vec<Solution> {
    let one = |(place, visit): (&NetworkStation, &StationVisit)| {
        let name = &model.queue(place.queue).name;
        let mut rows = of_queue(name, place, *visit, method);
        let numbers = Steady { number_law: number_law(whole, place, *visit), method, ..Steady::default() };
        let events: Vec<_> = model.run.events_at(name).collect();
        rows.extend(rows::events_of(Scope::Queue, name, &numbers, &events));
        let servers = place.servers.map_or("inf".to_string(), |c| c.to_string());
        let kendall = format!("M/M/{servers} in {kind}");
        let choice = format!("{kendall} is solved exactly, the whole model as one product-form network: {method}");
        Solution { queue: place.queue, kendall, choice, rows, wait: None, sojourn: None }
    };
    whole.stations.iter().zip(visits).map(one).collect()
}

/// The law of the number at a station of an open network: that of an M/M/c by itself.
fn number_law(whole: &ProductFormNetwork, place: &NetworkStation, visit: StationVisit) -> Option<NumberLaw> {
    if whole.source != NetworkSource::Open {
        return None;
    }
    match place.servers {
        Some(c) => Some(Mmc::new(visit.attempts, 1.0 / place.mean_service, c).ok()?.number_law()),
        None => MgInf::new(visit.attempts, &Dist::Exponential(place.mean_service)).steady().number_law,
    }
}

fn of_queue(name: &str, place: &NetworkStation, visit: StationVisit, method: &str) -> Vec<Row> {
    let row = |scope, name: &str, metric, value| Row::exact(scope, name, metric, Statistic::Mean, value, method);
    let queue = |metric, value| row(Scope::Queue, name, metric, value);
    let attempts = 1.0 / (1.0 - place.failure);
    let sojourn = attempts * visit.sojourn + (attempts - 1.0) * place.backoff;
    let load = visit.attempts * place.mean_service;
    let mut rows = vec![
        queue(Metric::Wait, attempts * visit.wait),
        queue(Metric::Sojourn, sojourn),
        queue(Metric::Service, place.mean_service),
        queue(Metric::QueueLength, visit.attempts * visit.wait),
        queue(Metric::InSystem, visit.attempts * visit.sojourn),
        queue(Metric::Throughput, visit.attempts / attempts),
        queue(Metric::Attempts, attempts),
        queue(Metric::OfferedLoad, load),
    ];
    if let Some(c) = place.servers {
        let utilization = load / f64::from(c);
        rows.push(queue(Metric::Utilization, utilization));
        rows.push(row(Scope::Consumer, &place.consumer, Metric::Utilization, utilization));
    }
    rows
}

fn system(throughput: f64, sojourn: f64, method: &str) -> Vec<Row> {
    rows::of_whole(throughput, sojourn, None, 1.0, method, &[])
}
