//! Fork-join of more than two branches: approximations and bounds, each under its own name.

/// Harmonic number H_n = 1 + 1/2 + ... + 1/n.
///
/// Units: none. Reference: Abramowitz and Stegun, 6.3.2.
///
/// ```
/// assert_eq!(lindley::analytic::fork::approximations::harmonic(3), 11.0 / 6.0);
/// ```
pub fn harmonic(n: usize) -> f64 {
    (1..=n).rev().map(|i| 1.0 / i as f64).sum()
}

/// Nelson and Tantawi's approximation of the mean sojourn of n equal branches M/M/1, all needed.
///
/// Formula: W = (H_n/H_2 + 4/11 (1 - H_n/H_2) rho) (12 - rho)/8 / (mu - lambda).
/// Units: rates per second, time in seconds. Valid when: n >= 2, lambda < mu; exact for n = 2, within
/// 5 % of simulation for n <= 32.
/// Reference: Nelson and Tantawi, Approximate analysis of fork/join synchronization in parallel
/// queues, IEEE Trans. Computers 37 (1988) 739.
///
/// ```
/// use lindley::analytic::fork::approximations::nelson_tantawi;
/// assert_eq!(nelson_tantawi(2, 0.5, 1.0), 2.875);
/// ```
pub fn nelson_tantawi(n: usize, lambda: f64, mu: f64) -> f64 {
    let rho = lambda / mu;
    let growth = harmonic(n) / 1.5;
    (growth + 4.0 / 11.0 * (1.0 - growth) * rho) * (12.0 - rho) / 8.0 / (mu - lambda)
}

/// Varki, Merchant and Chen's approximation of the mean sojourn of n equal branches M/M/1, all needed.
///
/// Formula: W = 1/mu (H_n + rho/(2 (1 - rho)) (sum over i = 1..n of 1/(i - rho) +
/// (1 - 2 rho) sum of 1/(i (i - rho)))), which is the middle of the lower bound by stages and the
/// upper bound H_n/(mu - lambda) by independent branches.
/// Units: rates per second, time in seconds. Valid when: lambda < mu; exact for n = 1, 7 % low at worst for n = 2.
/// Reference: Varki, Merchant, Chen, The M/M/1 fork-join queue with variable sub-tasks (2008).
///
/// ```
/// use lindley::analytic::fork::approximations::varki_merchant_chen;
/// assert!((varki_merchant_chen(1, 0.5, 1.0) - 2.0).abs() < 1e-15);
/// ```
pub fn varki_merchant_chen(n: usize, lambda: f64, mu: f64) -> f64 {
    let rho = lambda / mu;
    let sum = |term: &dyn Fn(f64) -> f64| (1..=n).map(|i| term(i as f64)).sum::<f64>();
    let (plain, divided) = (sum(&|i| 1.0 / (i - rho)), sum(&|i| 1.0 / (i * (i - rho))));
    (harmonic(n) + rho / (2.0 * (1.0 - rho)) * (plain + (1.0 - 2.0 * rho) * divided)) / mu
}

/// Lower bound of the mean time until `need` of n equal branches are done, the rest cancelled.
///
/// Formula: W >= sum over j = 0..need-1 of 1/((n - j) mu - lambda); exact for need = 1.
/// Units: rates per second, time in seconds. Valid when: lambda < (n - need + 1) mu.
/// Reference: Joshi, Liu, Soljanin, On the delay-storage trade-off in content download from coded
/// distributed storage systems, IEEE J. Sel. Areas Commun. 32 (2014) 989, theorem 2; Varki et al. (2008).
///
/// ```
/// use lindley::analytic::fork::approximations::stages_bound;
/// assert_eq!(stages_bound(3, 1, 1.0, 1.0), 0.5); // M/M/1 of rate 3
/// ```
pub fn stages_bound(n: usize, need: usize, lambda: f64, mu: f64) -> f64 {
    (0..need).map(|j| 1.0 / ((n - j) as f64 * mu - lambda)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Varki et al. is the middle of no queue and independent branches, and near the exact two branches; Nelson
    /// and Tantawi lie between.
    #[test]
    fn approximations_lie_between_no_queue_and_independent_branches() {
        for rho in [0.01, 0.1, 0.5, 0.9] {
            for n in [2, 3, 5, 8, 20, 30] {
                let (low, high) = (stages_bound(n, n, rho, 1.0), harmonic(n) / (1.0 - rho));
                assert!((varki_merchant_chen(n, rho, 1.0) / (0.5 * (low + high)) - 1.0).abs() < 1e-13, "{n} {rho}");
                let w = nelson_tantawi(n, rho, 1.0);
                assert!(low <= w && w <= high * (1.0 + 1e-12), "{n} {rho}: {low} {w} {high}");
            }
            let ratio = varki_merchant_chen(2, rho, 1.0) / nelson_tantawi(2, rho, 1.0);
            assert!((ratio - 1.0).abs() < 0.08, "{rho}: {ratio}");
        }
    }
}
