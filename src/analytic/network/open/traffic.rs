//! Traffic equations: how much passes each node when messages are routed at random.

use crate::analytic::Refusal;
use nalgebra::{DMatrix, DVector};

/// Rounding allowed in a row of routing probabilities.
const ROUNDING: f64 = 1e-9;

/// Why routing probabilities are none.
///
/// Every message must be able to leave: from each node a way leads to one whose row sums to less
/// than 1.
pub fn check_routing(routing: &[Vec<f64>], nodes: usize) -> Result<(), Refusal> {
    let (n, width) = (routing.len(), routing.iter().map(Vec::len).find(|n| *n != nodes).unwrap_or(nodes));
    let shape = || format!("the routing matrix is {n} by {width}, for {nodes} nodes");
    Refusal::unless(n == nodes && width == nodes, shape)?;
    for (i, row) in (1..).zip(routing) {
        if let Some(p) = row.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(Refusal::invalid(format!(
                "row {i} of the routing matrix contains {p}, which is no probability"
            )));
        }
        let sum: f64 = row.iter().sum();
        Refusal::unless(sum <= 1.0 + ROUNDING, || format!("row {i} of the routing matrix sums to {sum}, more than 1"))?;
    }
    let trapped = trapped(routing);
    let list = trapped.iter().map(|i| (i + 1).to_string()).collect::<Vec<_>>().join(", ");
    Refusal::unless(trapped.is_empty(), || {
        format!("messages never leave the network from node {list}: some row on their way must sum to less than 1")
    })
}

/// Nodes from which no way leads out.
fn trapped(routing: &[Vec<f64>]) -> Vec<usize> {
    let leaves = |row: &Vec<f64>| 1.0 - row.iter().sum::<f64>() > ROUNDING;
    let mut free: Vec<bool> = routing.iter().map(leaves).collect();
    loop {
        let next: Vec<usize> = (0..free.len())
            .filter(|i| !free[*i] && routing[*i].iter().zip(&free).any(|(p, free)| *p > 0.0 && *free))
            .collect();
        if next.is_empty() {
            break;
        }
        next.into_iter().for_each(|i| free[i] = true);
    }
    (0..free.len()).filter(|i| !free[*i]).collect()
}

/// Messages per second through each node.
///
/// Formula: lambda_j = gamma_j + sum_i lambda_i P_ij, that is (I - P^T) lambda = gamma.
/// Units: gamma (arrivals from outside) and lambda in messages per second.
/// Valid when: every message can leave the network and every node keeps up, so that as much leaves
/// a node as enters it; `Err` says what is wrong with the routing.
/// Reference: Jackson, Networks of waiting lines (1957); Gross et al. (4th ed.), sec. 4.2.
///
/// ```
/// use lindley::analytic::network::open::traffic::throughputs;
/// // One node, half of the served come back: 1 + lambda/2 = lambda.
/// assert!((throughputs(&[1.0], &[vec![0.5]]).unwrap()[0] - 2.0).abs() < 1e-15);
/// assert!(throughputs(&[1.0], &[vec![1.0]]).unwrap_err().to_string().contains("never leave"));
/// ```
pub fn throughputs(gamma: &[f64], routing: &[Vec<f64>]) -> Result<Vec<f64>, Refusal> {
    let n = gamma.len();
    check_routing(routing, n)?;
    solve(DMatrix::from_fn(n, n, |j, i| f64::from(u8::from(i == j)) - routing[i][j]), gamma)
}

/// Mean of what a message collects from its entry at each node on, given the mean it collects
/// at a visit to each node.
///
/// Formula: t_i = r_i + sum_j P_ij t_j, that is (I - P) t = r.
/// Units: those of r, for instance seconds for sojourn times.
/// Valid when: every message can leave the network.
/// Reference: Kemeny and Snell, Finite Markov Chains (1960), ch. 3.
///
/// ```
/// use lindley::analytic::network::open::traffic::collected;
/// // Two seconds a visit, two visits in the mean.
/// assert!((collected(&[2.0], &[vec![0.5]]).unwrap()[0] - 4.0).abs() < 1e-15);
/// ```
pub fn collected(visit: &[f64], routing: &[Vec<f64>]) -> Result<Vec<f64>, Refusal> {
    let n = visit.len();
    check_routing(routing, n)?;
    solve(DMatrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - routing[i][j]), visit)
}

/// One linear system, its solution improved by one step on the residual.
fn solve(matrix: DMatrix<f64>, right: &[f64]) -> Result<Vec<f64>, Refusal> {
    let right = DVector::from_column_slice(right);
    let lu = matrix.clone().lu();
    let singular = || Refusal::invalid("the traffic equations have no single solution");
    let first = lu.solve(&right).ok_or_else(singular)?;
    let step = lu.solve(&(&right - &matrix * &first)).ok_or_else(singular)?;
    let solution: Vec<f64> = (first + step).iter().map(|x| x.max(0.0)).collect();
    if solution.iter().all(|x| x.is_finite()) { Ok(solution) } else { Err(singular()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: following the messages step by step.
    #[test]
    fn agrees_with_the_sum_over_steps() {
        let routing = vec![vec![0.1, 0.6, 0.0], vec![0.3, 0.0, 0.5], vec![0.2, 0.2, 0.2]];
        let gamma = [1.0, 0.5, 0.0];
        let solved = throughputs(&gamma, &routing).unwrap();
        let mut flow = gamma.to_vec();
        let mut sum = gamma.to_vec();
        for _ in 0..400 {
            flow = (0..3).map(|j| (0..3).map(|i| flow[i] * routing[i][j]).sum()).collect();
            sum.iter_mut().zip(&flow).for_each(|(s, f)| *s += f);
        }
        solved.iter().zip(&sum).for_each(|(a, b)| assert!((a / b - 1.0).abs() < 1e-13, "{a} {b}"));
        // What enters leaves.
        let out: f64 = (0..3).map(|i| solved[i] * (1.0 - routing[i].iter().sum::<f64>())).sum();
        assert!((out - 1.5).abs() < 1e-13);
    }

    #[test]
    fn traps_and_nonsense_are_named() {
        let says = |routing: &[Vec<f64>]| check_routing(routing, 2).unwrap_err().to_string();
        assert!(says(&[vec![0.0, 0.5], vec![0.0, 1.0]]).contains("from node 2:"));
        assert!(says(&[vec![0.0, 1.0], vec![1.0, 0.0]]).contains("from node 1, 2:"));
        assert!(says(&[vec![0.7, 0.7], vec![0.0, 0.0]]).contains("row 1 of the routing matrix sums to 1.4"));
        assert!(says(&[vec![f64::NAN, 0.0], vec![0.0, 0.0]]).contains("no probability"));
        assert!(says(&[vec![0.5], vec![0.0]]).contains("2 by 1, for 2 nodes"));
        assert!(check_routing(&[vec![0.0, 1.0], vec![0.9, 0.0]], 2).is_ok());
    }
}
