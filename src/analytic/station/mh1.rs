//! M/H_n/1: hyperexponential service. The transform is rational with simple real poles, so wait and
//! sojourn are mixtures of n exponentials with positive weights.

use crate::analytic::law::TimeLaw;
use crate::dist::bisect::{bisect, half};

/// Laws of the wait and of the sojourn in M/H_n/1, for branches (probability, mean).
///
/// Formula: the n rates x_k solve lambda sum_i p_i / (mu_i - x) = 1, one below each mu_i; with
/// D_k = lambda sum_i p_i / (mu_i - x_k)^2, P(wait > t) = sum_k (1-rho)/(x_k D_k) e^{-x_k t};
/// for the sojourn each weight is multiplied by 1 + x_k/lambda.
/// Units: lambda per second, means in seconds.
/// Valid when: lambda E\[S\] < 1, first in first out. Relative error about 1e-12.
/// Reference: Takagi, Queueing Analysis 1 (1991), sec. 1.2; residues of Pollaczek-Khinchine.
///
/// ```
/// use lindley::analytic::station::mh1::hyperexponential_laws;
/// let (wait, sojourn) = hyperexponential_laws(0.5, &[(1.0, 1.0)]); // one branch is M/M/1
/// assert!((wait.survival(2.0) - 0.5 / std::f64::consts::E).abs() < 1e-14);
/// assert!((sojourn.survival(2.0) - 1.0 / std::f64::consts::E).abs() < 1e-14);
/// ```
pub fn hyperexponential_laws(lambda: f64, branches: &[(f64, f64)]) -> (TimeLaw, TimeLaw) {
    let branches = distinct_rates(branches);
    let rho = lambda * branches.iter().map(|(p, mu)| p / mu).sum::<f64>();
    let mut below = 0.0;
    let mut wait = Vec::new();
    for (_, mu) in &branches {
        let x = pole(lambda, &branches, below, *mu);
        let slope = lambda * branches.iter().map(|(p, mu)| p / ((mu - x) * (mu - x))).sum::<f64>();
        wait.push(((1.0 - rho) / (x * slope), x));
        below = *mu;
    }
    let sojourn = wait.iter().map(|(weight, x)| (weight * (1.0 + x / lambda), *x)).collect();
    (TimeLaw::exponentials(wait), TimeLaw::exponentials(sojourn))
}

/// (probability, rate) in ascending order of rate, equal rates joined, impossible ones left out.
fn distinct_rates(branches: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut rates: Vec<(f64, f64)> = branches.iter().filter(|b| b.0 > 0.0).map(|(p, mean)| (*p, 1.0 / mean)).collect();
    rates.sort_by(|a, b| a.1.total_cmp(&b.1));
    rates.dedup_by(|next, kept| {
        let same = next.1 - kept.1 <= 1e-12 * kept.1;
        if same {
            kept.0 += next.0;
        }
        same
    });
    rates
}

/// The root between two neighbouring rates, by bisection: the sum rises from below 1 to infinity.
fn pole(lambda: f64, rates: &[(f64, f64)], low: f64, high: f64) -> f64 {
    let excess = |x: f64| lambda * rates.iter().map(|(p, mu)| p / (mu - x)).sum::<f64>() - 1.0;
    // Not a number counts as too low.
    let above = |x: f64| excess(x) > 0.0;
    let (low, high) = bisect(low, high, half, |x| !above(x));
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_rho_and_to_one() {
        let branches = [(0.7, 0.2), (0.2, 1.0), (0.1, 5.0)];
        let rho = 0.8;
        let lambda = rho / 0.84;
        let (wait, sojourn) = hyperexponential_laws(lambda, &branches);
        assert!((wait.survival(0.0) - rho).abs() < 1e-12);
        assert!((sojourn.survival(0.0) - 1.0).abs() < 1e-12);
        // Pollaczek-Khinchine: E[S^2] = 2 sum p m^2.
        let second = 2.0 * (0.7 * 0.04 + 0.2 + 0.1 * 25.0);
        assert!((wait.mean() / (lambda * second / (2.0 * 0.2)) - 1.0).abs() < 1e-12);
        assert!((sojourn.mean() / (wait.mean() + 0.84) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn equal_and_impossible_branches_are_joined() {
        let (wait, _) = hyperexponential_laws(0.5, &[(0.5, 1.0), (0.5, 1.0), (0.0, 9.0)]);
        assert!((wait.survival(1.0) - 0.5 * (-0.5_f64).exp()).abs() < 1e-14);
    }
}
