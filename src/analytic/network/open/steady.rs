//! What the solution of an open network says, and the checks that all of them share.

use crate::analytic::refusal::Refusal;
use crate::model::Servers;
use crate::model::capacity::{keeps_up, servers_for};

/// The steady state of an open network.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSteady {
    /// Messages that enter the network, and leave it, per second.
    pub throughput: f64,
    /// The nodes, in order.
    pub nodes: Vec<NodeSteady>,
}

impl OpenSteady {
    /// Mean number in the network.
    pub fn in_system(&self) -> f64 {
        self.nodes.iter().map(NodeSteady::in_system).sum()
    }

    /// Mean time from entry to exit, seconds.
    pub fn sojourn(&self) -> f64 {
        self.in_system() / self.throughput
    }
}

/// One node of a network, every visit taken for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeSteady {
    /// Messages per second through it.
    pub lambda: f64,
    /// Mean visits of a message that enters the network.
    pub visits: f64,
    /// Fraction of servers busy; `None` with unlimited servers.
    pub utilization: Option<f64>,
    /// Squared coefficient of variation of the times between arrivals, where an approximation goes by it.
    pub arrival_scv: Option<f64>,
    /// Mean wait of one visit, seconds.
    pub wait: f64,
    /// Mean sojourn of one visit, seconds.
    pub sojourn: f64,
}

impl NodeSteady {
    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.lambda * self.wait
    }

    /// Mean number waiting or in service.
    pub fn in_system(&self) -> f64 {
        self.lambda * self.sojourn
    }
}

/// The rate of all arrivals, once lengths and rates are found to make sense.
pub(super) fn check(gamma: &[f64], mu: &[f64], servers: &[Servers]) -> Result<f64, Refusal> {
    let (n, m, s) = (gamma.len(), mu.len(), servers.len());
    let lengths = || format!("there are {n} arrival rates, {m} services and {s} numbers of servers");
    Refusal::unless(n > 0 && m == n && s == n, lengths)?;
    all_finite("arrival rate", gamma)?;
    let served = mu.iter().all(|rate| *rate > 0.0 && rate.is_finite());
    Refusal::unless(served, || format!("service rates are {mu:?}/s, and must be finite and positive"))?;
    served_and_visited(gamma, servers)
}

/// Fails unless the numbers are finite and not negative.
pub(super) fn all_finite<'x>(what: &str, numbers: impl IntoIterator<Item = &'x f64>) -> Result<(), Refusal> {
    match numbers.into_iter().find(|x| !(**x >= 0.0 && x.is_finite())) {
        Some(bad) => Err(Refusal::Invalid(format!("one {what} is {bad}, and must be finite and not negative"))),
        None => Ok(()),
    }
}

/// The rate of all arrivals, if there are any, and a server at every node.
pub(super) fn served_and_visited(rates: &[f64], servers: &[Servers]) -> Result<f64, Refusal> {
    Refusal::unless(!servers.contains(&Servers::Count(0)), || "a node has 0 servers".to_string())?;
    let total: f64 = rates.iter().sum();
    Refusal::unless(total > 0.0, || "nothing arrives: every arrival rate is 0".to_string())?;
    Ok(total)
}

/// Fails with every node whose load (erlangs) is too much for its servers; `remedy` adds to what would
/// stabilise node i.
pub(super) fn overloads(loads: &[f64], servers: &[Servers], remedy: impl Fn(usize) -> String) -> Result<(), Refusal> {
    let mut said = Vec::new();
    let mut worst: f64 = 0.0;
    for (i, servers) in servers.iter().enumerate() {
        let Servers::Count(c) = *servers else { continue };
        let load = loads[i];
        let rho = load / f64::from(c);
        worst = worst.max(rho);
        if !keeps_up(load, f64::from(c)) {
            said.push(format!(
                "node {}: offered load {load:.6} erlangs on {c} servers, utilization {rho:.6}, stable with at least \
                 {:.0} servers{}",
                i + 1,
                servers_for(load),
                remedy(i)
            ));
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    said.push(format!("the whole network is stable with every arrival rate divided by more than {worst:.6}"));
    Err(Refusal::unstable(said.join("; ")))
}

/// What else than servers helps node i of that throughput.
pub(super) fn faster(lambda: &[f64], servers: &[Servers], i: usize) -> String {
    let c = if let Servers::Count(c) = servers[i] { f64::from(c) } else { f64::INFINITY };
    format!(" or a mean service time below {:.6} s", c / lambda[i])
}
