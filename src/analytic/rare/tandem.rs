//! Overflow of stations in series.

use crate::analytic::chain::{Chain, ChainError};

/// Probability that M/M/1 stations in series, holding `start` messages now, come to hold n in all
/// before they are empty.
///
/// Formula: first passage of the Markov chain of the numbers at each station; by elimination without
/// subtraction, so that the relative error is about 1e-13 whatever the probability.
/// Units: a probability.
/// Valid when: rates > 0, stable or not; the states, one for each way to place fewer than n
/// messages, must not exceed 10^6.
/// Reference: Parekh, Walrand (1989); Glasserman, Kou, Analysis of an importance sampling estimator
/// for tandem queues (1995); Grassmann, Taksar, Heyman (1985).
///
/// ```
/// use lindley::analytic::rare::overflow;
/// // One station: gambler's ruin.
/// assert!((overflow(1.0, &[2.0], &[1], 3).unwrap() - 1.0 / 7.0).abs() < 1e-15);
/// let rare = overflow(0.1, &[0.45, 0.45], &[1, 0], 20).unwrap();
/// assert!((rare / 5.951121474901689e-12 - 1.0).abs() < 1e-9);
/// ```
pub fn overflow(lambda: f64, mu: &[f64], start: &[u32], n: u32) -> Result<f64, ChainError> {
    let held = |state: &[u32]| state.iter().sum::<u32>();
    if held(start) >= n {
        return Ok(1.0);
    }
    let stations = mu.len();
    let chain = Chain::explore([start.to_vec()], 1_000_000, |state: &Vec<u32>, to| {
        if held(state) == 0 || held(state) == n {
            return;
        }
        let mut arrived = state.clone();
        arrived[0] += 1;
        to(arrived, lambda);
        for i in (0..stations).filter(|&i| state[i] > 0) {
            let mut moved = state.clone();
            moved[i] -= 1;
            if i + 1 < stations {
                moved[i + 1] += 1;
            }
            to(moved, mu[i]);
        }
    })?;
    let which = |total: u32| chain.states().iter().map(|state| held(state) == total).collect::<Vec<bool>>();
    Ok(chain.generator().hits_before(&which(n), &which(0))?[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Iterates h = P h from 0 upwards: nothing is subtracted, but it takes long.
    fn iterated(lambda: f64, mu: [f64; 2], n: usize) -> f64 {
        let total = lambda + mu[0] + mu[1];
        let mut h = vec![vec![0.0; n + 1]; n + 1];
        (0..=n).for_each(|i| h[i][n - i] = 1.0);
        for _ in 0..20_000 {
            for s in 1..n {
                for i in 0..=s {
                    let j = s - i;
                    let first = if i > 0 { h[i - 1][j + 1] } else { h[i][j] };
                    let second = if j > 0 { h[i][j - 1] } else { h[i][j] };
                    h[i][j] = (lambda * h[i + 1][j] + mu[0] * first + mu[1] * second) / total;
                }
            }
        }
        h[1][0]
    }

    #[test]
    fn agrees_with_iteration_and_keeps_its_digits() {
        for (lambda, mu, n) in
            [(0.1, [0.45, 0.45], 20), (0.2, [0.5, 0.3], 12), (0.3, [0.3, 0.4], 9), (0.5, [0.2, 0.3], 6)]
        {
            let (a, b) = (overflow(lambda, &mu, &[1, 0], n as u32).unwrap(), iterated(lambda, mu, n));
            assert!((a / b - 1.0).abs() < 1e-11, "{n}: {a} {b}");
        }
        let p = overflow(0.1, &[0.45, 0.45], &[1, 0], 100).unwrap();
        let q = overflow(0.1, &[0.45, 0.45], &[1, 0], 99).unwrap();
        // Almost geometric with ratio lambda/mu, times n for two equal bottlenecks.
        assert!((p / q / (0.1 / 0.45) * 99.0 / 100.0 - 1.0).abs() < 1e-2, "{}", p / q);
        assert!(overflow(0.1, &[0.3, 0.4, 0.5], &[1, 0, 0], 30).unwrap() > 0.0);
    }
}
