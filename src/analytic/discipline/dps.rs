//! Discriminatory processor sharing: all are served at once, in shares by the weights of their classes.

use nalgebra::{DMatrix, DVector};

/// Mean sojourns in M/M/1 with discriminatory processor sharing, one a class, seconds.
///
/// Formula (linear equations): W_k (1 - sum_j lambda_j g_j/(mu_j g_j + mu_k g_k)) -
/// sum_j lambda_j g_j W_j/(mu_j g_j + mu_k g_k) = 1/mu_k, with weights g_j: with n_j of each class,
/// a message of class k is served at rate g_k/sum_j n_j g_j.
/// Units: rates per second; weights only matter relative to each other.
/// Valid when: Poisson arrivals, exponential service, sum lambda_j/mu_j < 1. A hyperexponential class is
/// as many classes of one weight. `None` where the equations have no positive solution.
/// Reference: Fayolle, Mitrani, Iasnogorodski, Sharing a processor among many job classes (1980), sec. 3;
/// Altman, Avrachenkov, Ayesta, A survey on discriminatory processor sharing (2006), (3).
///
/// ```
/// use lindley::analytic::discipline::dps::sojourns;
/// // Equal weights: 1/(1-rho) times the service.
/// let times = sojourns(&[0.2, 0.3], &[1.0, 1.0], &[7.0, 7.0]).unwrap();
/// assert!((times[0] - 2.0).abs() < 1e-14 && (times[1] - 2.0).abs() < 1e-14);
/// ```
pub fn sojourns(lambda: &[f64], mu: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let n = lambda.len();
    if mu.len() != n || weights.len() != n {
        return None;
    }
    let share = |k: usize, j: usize| lambda[j] * weights[j] / (mu[j] * weights[j] + mu[k] * weights[k]);
    let matrix = DMatrix::from_fn(n, n, |k, j| {
        let own = if k == j { 1.0 - (0..n).map(|i| share(k, i)).sum::<f64>() } else { 0.0 };
        own - share(k, j)
    });
    let right = DVector::from_fn(n, |k, _| 1.0 / mu[k]);
    let times = matrix.lu().solve(&right)?;
    times.iter().all(|w| *w > 0.0 && w.is_finite()).then(|| times.iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;

    #[test]
    fn agrees_with_a_chain() {
        let (lambda, mu, weights, most) = ([0.2, 0.15], [1.0, 0.6], [3.0, 1.0], 20u32);
        let average = chain_averages([(0u32, 0u32)], 100_000, |&(a, b), to| {
            let (x, y) = (weights[0] * f64::from(a), weights[1] * f64::from(b));
            to(((a + 1).min(most), b), lambda[0]);
            to((a, (b + 1).min(most)), lambda[1]);
            if a > 0 {
                to((a - 1, b), mu[0] * x / (x + y));
            }
            if b > 0 {
                to((a, b - 1), mu[1] * y / (x + y));
            }
        });
        let counts = [average(&|s| f64::from(s.0)), average(&|s| f64::from(s.1))];
        let times = sojourns(&lambda, &mu, &weights).unwrap();
        let equal = sojourns(&lambda, &mu, &[1.0, 1.0]).unwrap();
        for k in [0, 1] {
            assert!((lambda[k] * times[k] / counts[k] - 1.0).abs() < 1e-5, "{k}: {times:?} {counts:?}");
            // Power twin: equal weights are told apart.
            assert!((lambda[k] * equal[k] / counts[k] - 1.0).abs() > 1e-2, "{k}");
        }
    }

    /// Work is conserved: sum rho_k W_k / mu_k... with exponential service the work is sum L_k/mu_k.
    #[test]
    fn work_is_that_of_any_order() {
        let (lambda, mu) = ([0.2, 0.1, 0.3], [1.0, 0.4, 2.0]);
        let rho: f64 = (0..3).map(|k| lambda[k] / mu[k]).sum();
        let work: f64 = (0..3).map(|k| lambda[k] / (mu[k] * mu[k])).sum::<f64>() / (1.0 - rho);
        for weights in [[1.0, 1.0, 1.0], [1.0, 5.0, 20.0], [1e6, 1.0, 1e-6]] {
            let times = sojourns(&lambda, &mu, &weights).unwrap();
            let sum: f64 = (0..3).map(|k| lambda[k] * times[k] / mu[k]).sum();
            assert!((sum / work - 1.0).abs() < 1e-10, "{weights:?}: {sum} {work}");
        }
    }

    /// Weights far apart are preemptive priority.
    #[test]
    fn extreme_weights_are_priorities() {
        use super::super::{flow::Flow, preemptive::PreemptiveResume};
        let (lambda, mu) = ([0.3, 0.4], [1.0, 0.9]);
        let times = sojourns(&lambda, &mu, &[1e9, 1.0]).unwrap();
        let priority = PreemptiveResume::new(&[0, 1].map(|k| Flow::exponential(lambda[k], mu[k])));
        for k in [0, 1] {
            assert!((times[k] / priority.sojourn(k).unwrap().mean - 1.0).abs() < 1e-7, "{k}");
        }
        assert_eq!(sojourns(&[1.0], &[0.5, 1.0], &[1.0]), None);
        assert_eq!(sojourns(&[2.0], &[0.5], &[1.0]), None);
    }
}
