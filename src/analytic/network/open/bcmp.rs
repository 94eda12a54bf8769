//! Open product-form networks with several classes.

use super::steady::{all_finite, overloads, served_and_visited};
use crate::analytic::refusal::Refusal;
use crate::analytic::station::erlang::erlang_c;
use crate::model::Servers;

/// An open multi-class BCMP network in steady state.
///
/// Formula: with demands D_kn = visits x mean service of class k at node n, load a_n = sum_k lambda_k D_kn:
/// time of class k at node n R_kn = D_kn / (1 - a_n) with one server, D_kn (1 + C(c, a_n)/(c - a_n)) with
/// c, D_kn at a delay; L_kn = lambda_k R_kn, W_k = sum_n R_kn.
/// Units: rates per second, demands and times in seconds.
/// Valid when: Poisson arrivals, fixed routing probabilities, every a_n < c_n, and each node is one of:
/// FCFS with exponential service of one mean for all classes; PS or LCFS-PR with any service laws (PS with
/// c servers: each of n messages served at rate min(1, c/n)); infinite servers with any laws.
/// Reference: Baskett, Chandy, Muntz, Palacios, J. ACM 22 (1975); Lavenberg, Computer Performance
/// Modeling Handbook (1983), ch. 3.
///
/// ```
/// use lindley::analytic::network::open::bcmp::Bcmp;
/// use lindley::model::Servers;
/// let network = Bcmp::new(&[1.0, 2.0], &[vec![0.1], vec![0.2]], &[Servers::Count(1)]).unwrap();
/// assert!((network.utilization(0).unwrap() - 0.5).abs() < 1e-15);
/// assert!((network.in_system(1, 0) - 0.8).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Bcmp {
    lambda: Vec<f64>,
    demands: Vec<Vec<f64>>,
    servers: Vec<Servers>,
    loads: Vec<f64>,
    /// R_kn / D_kn.
    slowdown: Vec<f64>,
}

impl Bcmp {
    /// The network with arrival rates `lambda` of the classes, their `demands` (a row a class, a column a
    /// node), and servers (unlimited: a delay).
    pub fn new(lambda: &[f64], demands: &[Vec<f64>], servers: &[Servers]) -> Result<Bcmp, Refusal> {
        check(lambda, demands, servers)?;
        let load = |n: usize| lambda.iter().zip(demands).map(|(rate, row)| rate * row[n]).sum();
        let loads: Vec<f64> = (0..servers.len()).map(load).collect();
        overloads(&loads, servers, |_| String::new())?;
        let slowdown = loads.iter().zip(servers).map(|(load, servers)| slowdown(*load, *servers)).collect();
        let (lambda, demands) = (lambda.to_vec(), demands.to_vec());
        Ok(Bcmp { lambda, demands, servers: servers.to_vec(), loads, slowdown })
    }

    /// Load of node n, erlangs.
    pub fn load(&self, n: usize) -> f64 {
        self.loads[n]
    }

    /// Fraction of the servers of node n that are busy; `None` for a delay.
    pub fn utilization(&self, n: usize) -> Option<f64> {
        match self.servers[n] {
            Servers::Count(c) => Some(self.loads[n] / f64::from(c)),
            Servers::Unlimited => None,
        }
    }

    /// Mean time that a message of class k spends at node n, all visits together, seconds.
    pub fn residence(&self, k: usize, n: usize) -> f64 {
        self.demands[k][n] * self.slowdown[n]
    }

    /// Mean number of class k at node n.
    pub fn in_system(&self, k: usize, n: usize) -> f64 {
        self.lambda[k] * self.residence(k, n)
    }

    /// Mean number of class k waiting at node n (not in service), meaningful where there is a queue.
    pub fn queue_length(&self, k: usize, n: usize) -> f64 {
        self.lambda[k] * self.demands[k][n] * (self.slowdown[n] - 1.0)
    }

    /// Mean time of class k in the network, seconds.
    pub fn sojourn(&self, k: usize) -> f64 {
        (0..self.servers.len()).map(|n| self.residence(k, n)).sum()
    }

    /// Mean number at node n, of all classes.
    pub fn at_node(&self, n: usize) -> f64 {
        self.loads[n] * self.slowdown[n]
    }

    /// Mean number in the network.
    pub fn total(&self) -> f64 {
        (0..self.servers.len()).map(|n| self.at_node(n)).sum()
    }
}

/// R/D at a node of that load.
fn slowdown(load: f64, servers: Servers) -> f64 {
    match servers {
        Servers::Unlimited => 1.0,
        Servers::Count(1) => 1.0 / (1.0 - load),
        Servers::Count(_) if load == 0.0 => 1.0,
        Servers::Count(c) => 1.0 + erlang_c(c, load).map_or(f64::INFINITY, |wait| wait / (f64::from(c) - load)),
    }
}

fn check(lambda: &[f64], demands: &[Vec<f64>], servers: &[Servers]) -> Result<f64, Refusal> {
    let (classes, nodes, k) = (lambda.len(), servers.len(), demands.len());
    let empty = || "a network has at least one class and one node".to_string();
    Refusal::unless(classes > 0 && nodes > 0, empty)?;
    let shape = || format!("the demands have {k} rows, not all of {nodes}, for {classes} classes and {nodes} nodes");
    Refusal::unless(k == classes && demands.iter().all(|row| row.len() == nodes), shape)?;
    all_finite("rate or demand", lambda.iter().chain(demands.iter().flatten()))?;
    served_and_visited(lambda, servers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::network::shared_station;
    use crate::analytic::refusal::Instability;

    /// Oracle: the chain of two classes at one processor-sharing node of two servers.
    #[test]
    fn agrees_with_the_chain_of_two_classes() {
        let (lambda, mean) = ([0.5, 0.4], [1.0, 2.0]);
        let network = Bcmp::new(&lambda, &[vec![mean[0]], vec![mean[1]]], &[Servers::Count(2)]).unwrap();
        let arrive = |(a, b): (u32, u32)| if a + b < 42 { lambda } else { [0.0; 2] };
        let exact = shared_station(arrive, |n| f64::from(n.min(2)), mean);
        for (k, exact) in exact.into_iter().enumerate() {
            assert!((network.in_system(k, 0) / exact - 1.0).abs() < 1e-6, "{} {exact}", network.in_system(k, 0));
        }
    }

    #[test]
    fn classes_of_one_kind_are_one_class() {
        let split = Bcmp::new(&[0.5, 0.4], &[vec![1.0, 3.0], vec![1.0, 3.0]], &[Servers::Count(1), Servers::Unlimited]);
        let whole = Bcmp::new(&[0.9], &[vec![1.0, 3.0]], &[Servers::Count(1), Servers::Unlimited]);
        let (split, whole) = (split.unwrap(), whole.unwrap());
        assert!((split.total() / whole.total() - 1.0).abs() < 1e-14);
        assert!((split.sojourn(0) / whole.sojourn(0) - 1.0).abs() < 1e-14);
    }

    #[test]
    fn overload_and_shapes_are_refused() {
        let network = |lambda: &[f64]| Bcmp::new(lambda, &[vec![0.5, 0.1]], &[Servers::Count(1); 2]);
        let Err(Refusal::Unstable(Instability::Special(why))) = network(&[3.0]) else { panic!("stable") };
        assert!(why.contains("node 1: offered load 1.5") && why.contains("at least 2 servers"), "{why}");
        assert!(matches!(network(&[1.0, 1.0]), Err(Refusal::Invalid(_))));
        assert!(matches!(network(&[-1.0]), Err(Refusal::Invalid(_))));
    }
}
