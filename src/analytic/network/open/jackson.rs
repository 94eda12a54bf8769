//! Open Jackson networks. Knows no parameters' names.

use super::traffic::{collected, throughputs};
use crate::analytic::station::mmc::Mmc;
use crate::model::Servers;

/// An open Jackson network in steady state.
///
/// Formula: with lambda from the traffic equations, node i is an M/M/c_i of its own (M/M/inf for a
/// pure delay), although its arrivals need not be Poisson; L = sum L_i, W = L / sum gamma; visits
/// v_i = lambda_i / sum gamma.
/// Units: rates per second, times in seconds.
/// Valid when: Poisson arrivals from outside, exponential service at every node, first in first out
/// (or any order blind to service times), routing by fixed probabilities, no limits, lambda_i < c_i mu_i.
/// Reference: Jackson, Jobshop-like queueing systems (1963); Gross et al. (4th ed.), sec. 4.2.
///
/// ```
/// use lindley::analytic::network::open::jackson::Jackson;
/// use lindley::model::Servers;
/// // Two M/M/1 in a row, rho = 1/2 and 1/4.
/// let routing = [vec![0.0, 1.0], vec![0.0, 0.0]];
/// let network = Jackson::new(&[1.0, 0.0], &routing, &[2.0, 4.0], &[Servers::Count(1); 2]).unwrap();
/// assert!((network.in_system() - 4.0 / 3.0).abs() < 1e-15);
/// assert!((network.sojourn() - 4.0 / 3.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Jackson {
    gamma: f64,
    nodes: Vec<Node>,
    from: Vec<f64>,
}

/// One node of a network, every visit taken for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Messages per second through it.
    pub lambda: f64,
    /// Mean visits of a message that enters the network.
    pub visits: f64,
    /// Fraction of servers busy; `None` with unlimited servers.
    pub utilization: Option<f64>,
    /// Mean wait of one visit, seconds.
    pub wait: f64,
    /// Mean sojourn of one visit, seconds.
    pub sojourn: f64,
}

impl Node {
    /// Mean number waiting.
    pub fn queue_length(&self) -> f64 {
        self.lambda * self.wait
    }

    /// Mean number waiting or in service.
    pub fn in_system(&self) -> f64 {
        self.lambda * self.sojourn
    }
}

/// Why a network has no steady state, or is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkError {
    /// The parameters describe no network: why.
    Invalid(String),
    /// Some nodes cannot keep up: which, and what would help.
    Unstable(String),
}

impl Jackson {
    /// The network with arrivals `gamma` from outside, routing probabilities, service rates `mu` of one
    /// server, and servers.
    pub fn new(gamma: &[f64], routing: &[Vec<f64>], mu: &[f64], servers: &[Servers]) -> Result<Jackson, NetworkError> {
        let total = check(gamma, mu, servers)?;
        let lambda = throughputs(gamma, routing).map_err(NetworkError::Invalid)?;
        let means: Vec<f64> = mu.iter().map(|mu| 1.0 / mu).collect();
        let loads: Vec<f64> = lambda.iter().zip(&means).map(|(rate, mean)| rate * mean).collect();
        overloads(&loads, servers, |i| faster(&lambda, servers, i))?;
        let node = |i: usize| {
            let (wait, utilization) = wait(lambda[i], mu[i], servers[i]);
            Node { lambda: lambda[i], visits: lambda[i] / total, utilization, wait, sojourn: wait + means[i] }
        };
        let nodes: Vec<Node> = (0..gamma.len()).map(node).collect();
        let sojourns: Vec<f64> = nodes.iter().map(|node| node.sojourn).collect();
        let from = collected(&sojourns, routing).map_err(NetworkError::Invalid)?;
        Ok(Jackson { gamma: total, nodes, from })
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Messages that enter the network, and leave it, per second.
    pub fn throughput(&self) -> f64 {
        self.gamma
    }

    /// Mean number in the network.
    pub fn in_system(&self) -> f64 {
        self.nodes.iter().map(Node::in_system).sum()
    }

    /// Mean time from entry to exit, seconds.
    pub fn sojourn(&self) -> f64 {
        self.in_system() / self.gamma
    }

    /// Mean time to the exit of a message that enters at each node, seconds.
    pub fn sojourn_from(&self) -> &[f64] {
        &self.from
    }
}

/// Mean wait and utilization of a node that keeps up.
fn wait(lambda: f64, mu: f64, servers: Servers) -> (f64, Option<f64>) {
    match servers {
        Servers::Unlimited => (0.0, None),
        Servers::Count(_) if lambda == 0.0 => (0.0, Some(0.0)),
        Servers::Count(c) => {
            let rho = lambda / (mu * f64::from(c));
            Mmc::new(lambda, mu, c).map_or((f64::INFINITY, Some(rho)), |queue| (queue.wait(), Some(rho)))
        }
    }
}

/// The rate of all arrivals, once lengths and rates are found to make sense.
pub(super) fn check(gamma: &[f64], mu: &[f64], servers: &[Servers]) -> Result<f64, NetworkError> {
    let invalid = |why: String| Err(NetworkError::Invalid(why));
    let n = gamma.len();
    if n == 0 || mu.len() != n || servers.len() != n {
        let (m, s) = (mu.len(), servers.len());
        return invalid(format!("there are {n} arrival rates, {m} services and {s} numbers of servers"));
    }
    if let Some(bad) = gamma.iter().find(|rate| !(**rate >= 0.0 && rate.is_finite())) {
        return invalid(format!("an arrival rate is {bad}/s, and must be finite and not negative"));
    }
    if let Some(bad) = mu.iter().find(|rate| !(**rate > 0.0 && rate.is_finite())) {
        return invalid(format!("a service rate is {bad}/s, and must be finite and positive"));
    }
    if servers.contains(&Servers::Count(0)) {
        return invalid("a node has 0 servers".to_string());
    }
    let total: f64 = gamma.iter().sum();
    if total > 0.0 { Ok(total) } else { invalid("nothing arrives: every arrival rate is 0".to_string()) }
}

/// Fails with every node whose load (erlangs) is too much for its servers; `remedy` adds to what would
/// stabilise node i.
pub(super) fn overloads(
    loads: &[f64],
    servers: &[Servers],
    remedy: impl Fn(usize) -> String,
) -> Result<(), NetworkError> {
    let mut said = Vec::new();
    let mut worst: f64 = 0.0;
    for (i, servers) in servers.iter().enumerate() {
        let Servers::Count(c) = *servers else { continue };
        let load = loads[i];
        let rho = load / f64::from(c);
        worst = worst.max(rho);
        if rho >= 1.0 {
            said.push(format!(
                "node {}: offered load {load:.6} erlangs on {c} servers, utilization {rho:.6}, stable with at least \
                 {:.0} servers{}",
                i + 1,
                load.floor() + 1.0,
                remedy(i)
            ));
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    said.push(format!("the whole network is stable with every arrival rate divided by more than {worst:.6}"));
    Err(NetworkError::Unstable(said.join("; ")))
}

/// What else than servers helps node i of that throughput.
pub(super) fn faster(lambda: &[f64], servers: &[Servers], i: usize) -> String {
    let c = if let Servers::Count(c) = servers[i] { f64::from(c) } else { f64::INFINITY };
    format!(" or a mean service time below {:.6} s", c / lambda[i])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Chain;

    /// Oracle: the joint chain of two nodes with feedback, the second with two servers, truncated.
    #[test]
    fn agrees_with_the_joint_chain() {
        let (gamma, mu) = ([0.25, 0.1], [1.0, 0.5]);
        let routing = vec![vec![0.1, 0.4], vec![0.2, 0.0]];
        let network = Jackson::new(&gamma, &routing, &mu, &[Servers::Count(1), Servers::Count(2)]).unwrap();
        let top = 34;
        let chain = Chain::explore([(0u32, 0u32)], 3000, |&(a, b), to| {
            if a < top {
                to((a + 1, b), gamma[0]);
            }
            if b < top {
                to((a, b + 1), gamma[1]);
            }
            if a > 0 {
                to((a - 1, b), mu[0] * 0.5);
                if b < top {
                    to((a - 1, b + 1), mu[0] * 0.4);
                }
            }
            if b > 0 {
                let rate = mu[1] * f64::from(b.min(2));
                to((a, b - 1), rate * 0.8);
                if a < top {
                    to((a + 1, b - 1), rate * 0.2);
                }
            }
        })
        .unwrap();
        let p = chain.stationary().unwrap();
        let exact = [chain.expect(&p, |s| f64::from(s.0)), chain.expect(&p, |s| f64::from(s.1))];
        for (node, exact) in network.nodes().iter().zip(exact) {
            assert!((node.in_system() / exact - 1.0).abs() < 1e-8, "{} {exact}", node.in_system());
        }
    }

    /// Conservation: the sojourn by entry, averaged over entries, is the mean sojourn.
    #[test]
    fn sojourns_by_entry_average_to_the_whole() {
        let routing = vec![vec![0.0, 0.7, 0.3], vec![0.0, 0.2, 0.0], vec![0.5, 0.0, 0.0]];
        let servers = [Servers::Count(3), Servers::Unlimited, Servers::Count(1)];
        let network = Jackson::new(&[1.0, 2.0, 0.5], &routing, &[1.0, 0.1, 3.0], &servers).unwrap();
        let from = network.sojourn_from();
        let average = (from[0] + 2.0 * from[1] + 0.5 * from[2]) / 3.5;
        assert!((average / network.sojourn() - 1.0).abs() < 1e-14);
    }

    #[test]
    fn every_overloaded_node_is_named() {
        let routing = vec![vec![0.0; 3]; 3];
        let refused = Jackson::new(&[1.0, 2.0, 0.5], &routing, &[1.0, 4.0, 0.25], &[Servers::Count(1); 3]);
        let Err(NetworkError::Unstable(why)) = refused else { panic!("stable") };
        assert!(why.contains("node 1:") && why.contains("node 3:") && !why.contains("node 2:"), "{why}");
        assert!(why.contains("at least 3 servers") && why.contains("divided by more than 2.000000"), "{why}");
    }
}
