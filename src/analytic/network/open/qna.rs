//! General open networks by decomposition: each node as a GI/G/c of its own whose arrivals have a variability
//! that follows from all others.

use super::steady::{NodeSteady, OpenSteady, all_finite, check, faster, overloads};
use super::traffic::throughputs;
use crate::analytic::refusal::Refusal;
use crate::analytic::station::mmc::Mmc;
use crate::model::Servers;
use nalgebra::{DMatrix, DVector};

/// What a network is made of, a value a node.
#[derive(Debug, Clone, PartialEq)]
pub struct QnaNetwork {
    /// Arrivals from outside, per second.
    pub gamma: Vec<f64>,
    /// Squared coefficient of variation of the times between those.
    pub arrival_scv: Vec<f64>,
    /// Routing probabilities, a row a node.
    pub routing: Vec<Vec<f64>>,
    /// Mean service time, seconds.
    pub service: Vec<f64>,
    /// Squared coefficient of variation of the service time.
    pub service_scv: Vec<f64>,
    /// Servers.
    pub servers: Vec<Servers>,
    /// Whether services that follow each other at once at a node are taken as one.
    pub merge_feedback: bool,
}

/// An open network of GI/G/c nodes, by Whitt's Queueing Network Analyzer: an approximation.
///
/// Formula: rates from the traffic equations; squared coefficients of variation of arrivals from
/// ca_j = a_j + sum_i ca_i b_ij with b_ij = w_j p_ij q_ij (1 - rho_i^2),
/// a_j = 1 + w_j (p_0j c0_j - 1 + sum_i p_ij ((1 - q_ij) + q_ij rho_i^2 x_i)),
/// x_i = 1 + (max(cs_i, 0.2) - 1)/sqrt(c_i), w_j = 1/(1 + 4 (1-rho_j)^2 (v_j - 1)), v_j = 1/sum_i p_ij^2,
/// q_ij routing, p_ij the share of j's arrivals that comes from i. Then Wq = g (ca + cs)/2 Wq(M/M/c), with
/// one server and ca < 1 g = exp(-2 (1-rho)(1-ca)^2/(3 rho (ca + cs))) (Kraemer, Langenbach-Belz), else 1.
/// Units: rates per second, times in seconds.
/// Valid when: renewal arrivals from outside, Markov routing, no limits, rho < 1; exact where every scv is
/// 1 (Jackson), and for M/G/1 alone. A message that returns at once to its node is, if asked for,
/// taken as one longer service. A delay (infinite servers) passes variability on unchanged.
/// Reference: Whitt, The Queueing Network Analyzer, Bell System Tech. J. 62 (1983), eq. (24) to (29), (44).
///
/// ```
/// use lindley::analytic::network::open::qna::{QnaNetwork, qna};
/// use lindley::model::Servers;
/// // M/D/1: half the wait of M/M/1.
/// let network = QnaNetwork { gamma: vec![0.5], arrival_scv: vec![1.0], routing: vec![vec![0.0]], service: vec![1.0],
///     service_scv: vec![0.0], servers: vec![Servers::Count(1)], merge_feedback: true };
/// assert!((qna(&network).unwrap().nodes[0].wait - 0.5).abs() < 1e-15);
/// ```
pub fn qna(network: &QnaNetwork) -> Result<OpenSteady, Refusal> {
    let total = sensible(network)?;
    let lambda = throughputs(&network.gamma, &network.routing)?;
    let loads: Vec<f64> = lambda.iter().zip(&network.service).map(|(rate, mean)| rate * mean).collect();
    overloads(&loads, &network.servers, |i| faster(&lambda, &network.servers, i))?;
    let merged = if network.merge_feedback { merged(network) } else { network.clone() };
    let flow = throughputs(&merged.gamma, &merged.routing)?;
    let scvs = variability(&merged, &flow)?;
    let node = |i: usize| {
        let wait = if flow[i] > 0.0 { flow[i] * node_wait(&merged, i, flow[i], scvs[i]) / lambda[i] } else { 0.0 };
        NodeSteady {
            lambda: lambda[i],
            visits: lambda[i] / total,
            utilization: utilization(loads[i], network.servers[i]),
            arrival_scv: Some(scvs[i]),
            wait,
            sojourn: wait + network.service[i],
        }
    };
    Ok(OpenSteady { throughput: total, nodes: (0..lambda.len()).map(node).collect() })
}

fn utilization(load: f64, servers: Servers) -> Option<f64> {
    if let Servers::Count(c) = servers { Some(load / f64::from(c)) } else { None }
}

fn sensible(spec: &QnaNetwork) -> Result<f64, Refusal> {
    let (n, a, s) = (spec.gamma.len(), spec.arrival_scv.len(), spec.service_scv.len());
    let lengths = || format!("for {n} nodes there are {a} scv of arrivals and {s} of services");
    Refusal::unless(a == n && s == n, lengths)?;
    all_finite("scv", spec.arrival_scv.iter().chain(&spec.service_scv))?;
    let mu: Vec<f64> = spec.service.iter().map(|mean| 1.0 / mean).collect();
    check(&spec.gamma, &mu, &spec.servers)
}

/// The network in which a message stays at a node for all services that follow each other there.
fn merged(spec: &QnaNetwork) -> QnaNetwork {
    let mut spec = spec.clone();
    for i in 0..spec.gamma.len() {
        let again = spec.routing[i][i];
        if again == 0.0 {
            continue;
        }
        spec.service[i] /= 1.0 - again;
        spec.service_scv[i] = again + (1.0 - again) * spec.service_scv[i];
        spec.routing[i].iter_mut().for_each(|p| *p /= 1.0 - again);
        spec.routing[i][i] = 0.0;
    }
    spec
}

/// Squared coefficients of variation of the arrivals at each node.
fn variability(spec: &QnaNetwork, lambda: &[f64]) -> Result<Vec<f64>, Refusal> {
    let n = lambda.len();
    let rho = |i: usize| utilization(lambda[i] * spec.service[i], spec.servers[i]).unwrap_or(0.0);
    let (mut matrix, mut right) = (DMatrix::identity(n, n), DVector::from_element(n, 1.0));
    for j in (0..n).filter(|j| lambda[*j] > 0.0) {
        let outside = spec.gamma[j] / lambda[j];
        let share = |i: usize| lambda[i] * spec.routing[i][j] / lambda[j];
        let streams = 1.0 / (outside * outside + (0..n).map(|i| share(i) * share(i)).sum::<f64>());
        let weight = 1.0 / (1.0 + 4.0 * (1.0 - rho(j)).powi(2) * (streams - 1.0));
        let mut own = outside * spec.arrival_scv[j] - 1.0;
        for i in 0..n {
            let (p, q, busy) = (share(i), spec.routing[i][j], rho(i) * rho(i));
            own += p * ((1.0 - q) + q * busy * departure_term(spec, i));
            matrix[(j, i)] -= weight * p * q * (1.0 - busy);
        }
        right[j] = 1.0 + weight * own;
    }
    let singular = || Refusal::invalid("the equations of variability have no single solution");
    let solved = matrix.lu().solve(&right).ok_or_else(singular)?;
    Ok(solved.iter().map(|scv| scv.max(0.0)).collect())
}

/// x_i = 1 + (max(cs_i, 0.2) - 1)/sqrt(c_i).
fn departure_term(spec: &QnaNetwork, i: usize) -> f64 {
    match spec.servers[i] {
        Servers::Count(c) => 1.0 + (spec.service_scv[i].max(0.2) - 1.0) / f64::from(c).sqrt(),
        Servers::Unlimited => 1.0,
    }
}

/// Mean wait at node i.
fn node_wait(spec: &QnaNetwork, i: usize, lambda: f64, arrival_scv: f64) -> f64 {
    let Servers::Count(c) = spec.servers[i] else { return 0.0 };
    let (mean, service_scv) = (spec.service[i], spec.service_scv[i]);
    let Ok(queue) = Mmc::new(lambda, 1.0 / mean, c) else { return f64::INFINITY };
    let both = arrival_scv + service_scv;
    let plain = 0.5 * both * queue.wait();
    if c > 1 || arrival_scv >= 1.0 || both == 0.0 {
        return plain;
    }
    let rho = lambda * mean;
    plain * (-2.0 * (1.0 - rho) * (1.0 - arrival_scv).powi(2) / (3.0 * rho * both)).exp()
}

#[cfg(test)]
mod tests {
    use super::super::jackson::Jackson;
    use super::*;

    fn spec(scv: f64) -> QnaNetwork {
        QnaNetwork {
            gamma: vec![1.0, 0.2, 0.0],
            arrival_scv: vec![scv; 3],
            routing: vec![vec![0.2, 0.5, 0.3], vec![0.0, 0.0, 0.9], vec![0.1, 0.0, 0.0]],
            service: vec![0.5, 2.0, 0.4],
            service_scv: vec![scv; 3],
            servers: vec![Servers::Count(1), Servers::Count(3), Servers::Count(2)],
            merge_feedback: true,
        }
    }

    /// Two nodes in a row.
    fn tandem(lambda: f64, service_scv: [f64; 2]) -> QnaNetwork {
        QnaNetwork {
            gamma: vec![lambda, 0.0],
            arrival_scv: vec![1.0; 2],
            routing: vec![vec![0.0, 1.0], vec![0.0, 0.0]],
            service: vec![1.0; 2],
            service_scv: service_scv.to_vec(),
            servers: vec![Servers::Count(1); 2],
            merge_feedback: true,
        }
    }

    #[test]
    fn exponential_networks_are_jackson() {
        for merge_feedback in [true, false] {
            let spec = QnaNetwork { merge_feedback, ..spec(1.0) };
            let mu: Vec<f64> = spec.service.iter().map(|mean| 1.0 / mean).collect();
            let jackson = Jackson::new(&spec.gamma, &spec.routing, &mu, &spec.servers).unwrap().steady;
            let steady = qna(&spec).unwrap();
            for (a, b) in steady.nodes.iter().zip(&jackson.nodes) {
                assert!((a.arrival_scv.unwrap() - 1.0).abs() < 1e-14);
                assert!((a.wait / b.wait - 1.0).abs() < 1e-13, "{} {}", a.wait, b.wait);
            }
            assert!((steady.sojourn() / jackson.sojourn() - 1.0).abs() < 1e-13);
        }
    }

    /// By hand: deterministic tandem, M arrivals: ca_2 = 1 + rho^2 (max(0, 0.2) - 1) at rho = 0.5.
    #[test]
    fn departures_smooth_a_tandem() {
        let steady = qna(&tandem(0.5, [0.0, 1.0])).unwrap();
        assert!((steady.nodes[1].arrival_scv.unwrap() - 0.8).abs() < 1e-14);
        assert!((steady.nodes[0].wait - 0.5).abs() < 1e-14);
        let g = (-2.0 * 0.5 * 0.04 / (3.0 * 0.5 * 1.8_f64)).exp();
        assert!((steady.nodes[1].wait - 0.9 * g).abs() < 1e-14);
    }

    #[test]
    fn splitting_makes_poisson() {
        let mut spec = spec(4.0);
        spec.routing = vec![vec![0.0, 0.001, 0.0], vec![0.0; 3], vec![0.0; 3]];
        spec.gamma = vec![1.0, 0.0, 0.0];
        let scv = qna(&spec).unwrap().nodes[1].arrival_scv.unwrap();
        assert!((scv - 1.0).abs() < 0.004, "{scv}");
        spec.routing[0][1] = 1.0;
        assert!(qna(&spec).unwrap().nodes[1].arrival_scv.unwrap() > 3.9);
    }

    /// Against the chain of M/E4/1 followed by an exponential server: some per cent, and nearer than Jackson.
    #[test]
    fn close_to_an_exact_tandem() {
        use crate::analytic::testing::chain_averages;
        let (lambda, top) = (0.6, 19);
        let average = chain_averages([(0u32, 0u32, 0u32)], 3000, |&(n, stage, m), to| {
            if n < top {
                to((n + 1, if n == 0 { 4 } else { stage }, m), lambda);
            }
            match stage {
                0 => {}
                1 if m < top => to((n - 1, if n > 1 { 4 } else { 0 }, m + 1), 4.0),
                1 => to((n - 1, if n > 1 { 4 } else { 0 }, m), 4.0),
                _ => to((n, stage - 1, m), 4.0),
            }
            if m > 0 {
                to((n, stage, m - 1), 1.0);
            }
        });
        let exact = average(&|s| f64::from(s.2));
        let node = qna(&tandem(lambda, [0.25, 1.0])).unwrap().nodes[1];
        let error = (node.lambda * node.sojourn / exact - 1.0).abs();
        assert!(error < 0.05 && error < 0.5 * (1.5 / exact - 1.0).abs(), "{error} {exact}");
    }
}
