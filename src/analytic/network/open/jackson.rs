//! Open Jackson networks.

use super::steady::{NodeSteady, OpenSteady, check, faster, overloads};
use super::traffic::{collected, throughputs};
use crate::analytic::refusal::Refusal;
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
/// assert!((network.steady.in_system() - 4.0 / 3.0).abs() < 1e-15);
/// assert!((network.steady.sojourn() - 4.0 / 3.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Jackson {
    /// Nodes and whole.
    pub steady: OpenSteady,
    /// Mean time to the exit of a message that enters at each node, seconds.
    pub sojourn_from: Vec<f64>,
}

impl Jackson {
    /// The network with arrivals `gamma` from outside, routing probabilities, service rates `mu` of one
    /// server, and servers.
    pub fn new(gamma: &[f64], routing: &[Vec<f64>], mu: &[f64], servers: &[Servers]) -> Result<Jackson, Refusal> {
        let total = check(gamma, mu, servers)?;
        let lambda = throughputs(gamma, routing)?;
        let means: Vec<f64> = mu.iter().map(|mu| 1.0 / mu).collect();
        let loads: Vec<f64> = lambda.iter().zip(&means).map(|(rate, mean)| rate * mean).collect();
        overloads(&loads, servers, |i| faster(&lambda, servers, i))?;
        let node = |i: usize| {
            let (wait, utilization) = wait(lambda[i], mu[i], servers[i]);
            let sojourn = wait + means[i];
            NodeSteady { lambda: lambda[i], visits: lambda[i] / total, utilization, arrival_scv: None, wait, sojourn }
        };
        let nodes: Vec<NodeSteady> = (0..gamma.len()).map(node).collect();
        let sojourns: Vec<f64> = nodes.iter().map(|node| node.sojourn).collect();
        let sojourn_from = collected(&sojourns, routing)?;
        Ok(Jackson { steady: OpenSteady { throughput: total, nodes }, sojourn_from })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::refusal::Instability;
    use crate::analytic::testing::chain_averages;

    /// Oracle: the joint chain of two nodes with feedback, the second with two servers, truncated.
    #[test]
    fn agrees_with_the_joint_chain() {
        let (gamma, mu) = ([0.25, 0.1], [1.0, 0.5]);
        let routing = vec![vec![0.1, 0.4], vec![0.2, 0.0]];
        let network = Jackson::new(&gamma, &routing, &mu, &[Servers::Count(1), Servers::Count(2)]).unwrap();
        let top = 34;
        let average = chain_averages([(0u32, 0u32)], 3000, |&(a, b), to| {
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
        });
        let exact = [average(&|s| f64::from(s.0)), average(&|s| f64::from(s.1))];
        for (node, exact) in network.steady.nodes.iter().zip(exact) {
            assert!((node.in_system() / exact - 1.0).abs() < 1e-8, "{} {exact}", node.in_system());
        }
    }

    /// Conservation: the sojourn by entry, averaged over entries, is the mean sojourn.
    #[test]
    fn sojourns_by_entry_average_to_the_whole() {
        let routing = vec![vec![0.0, 0.7, 0.3], vec![0.0, 0.2, 0.0], vec![0.5, 0.0, 0.0]];
        let servers = [Servers::Count(3), Servers::Unlimited, Servers::Count(1)];
        let network = Jackson::new(&[1.0, 2.0, 0.5], &routing, &[1.0, 0.1, 3.0], &servers).unwrap();
        let from = &network.sojourn_from;
        let average = (from[0] + 2.0 * from[1] + 0.5 * from[2]) / 3.5;
        assert!((average / network.steady.sojourn() - 1.0).abs() < 1e-14);
    }

    #[test]
    fn every_overloaded_node_is_named() {
        let routing = vec![vec![0.0; 3]; 3];
        let refused = Jackson::new(&[1.0, 2.0, 0.5], &routing, &[1.0, 4.0, 0.25], &[Servers::Count(1); 3]);
        let Err(Refusal::Unstable(Instability::Special(why))) = refused else { panic!("stable") };
        assert!(why.contains("node 1:") && why.contains("node 3:") && !why.contains("node 2:"), "{why}");
        assert!(why.contains("at least 3 servers") && why.contains("divided by more than 2.000000"), "{why}");
    }
}
