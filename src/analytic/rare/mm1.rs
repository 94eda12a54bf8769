//! Large numbers in M/M/1, as logarithms.

/// ln P(N >= n) in M/M/1.
///
/// Formula: n ln rho; P(N = n) is (1 - rho) times that power.
/// Units: natural logarithm of a probability.
/// Valid when: 0 < rho = lambda/mu < 1.
/// Reference: Kleinrock I (1975), sec. 3.2.
///
/// ```
/// use lindley::analytic::rare::ln_at_least;
/// assert!((ln_at_least(0.5, 1.0, 20).exp() / 0.5_f64.powi(20) - 1.0).abs() < 1e-14);
/// ```
pub fn ln_at_least(lambda: f64, mu: f64, n: u64) -> f64 {
    if n == 0 { 0.0 } else { n as f64 * ln_ratio(lambda, mu) }
}

/// ln (a/b), accurate also near 1.
fn ln_ratio(a: f64, b: f64) -> f64 {
    let off = (a - b) / b;
    if off.abs() < 0.5 { off.ln_1p() } else { (a / b).ln() }
}

/// ln of the probability that M/M/1, with `from` messages now, holds n before it is empty.
///
/// Formula: gambler's ruin, (r^from - 1)/(r^n - 1) with r = mu/lambda; from/n at r = 1.
/// Units: natural logarithm of a probability.
/// Valid when: lambda, mu > 0 (stable or not), 1 <= from <= n.
/// Reference: Feller I (3rd ed. 1968), sec. XIV.2; Parekh, Walrand, A quick simulation method for
/// excessive backlogs in networks of queues (1989).
///
/// ```
/// use lindley::analytic::rare::ln_reach_in_busy_cycle;
/// // Twice as fast served as arriving: 1/(2^3 - 1).
/// assert!((ln_reach_in_busy_cycle(1.0, 2.0, 1, 3).exp() - 1.0 / 7.0).abs() < 1e-15);
/// ```
pub fn ln_reach_in_busy_cycle(lambda: f64, mu: f64, from: u64, n: u64) -> f64 {
    let step = ln_ratio(mu, lambda);
    let (from, n) = (from as f64, n as f64);
    if step == 0.0 {
        return (from / n).ln();
    }
    // ln |e^x - 1|, which for large x is x + ln(1 - e^{-x}).
    let ln_grown = |x: f64| if x > 0.0 { x + (-(-x).exp_m1()).ln() } else { (-x.exp_m1()).ln() };
    ln_grown(from * step) - ln_grown(n * step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Generator;

    #[test]
    fn ruin_agrees_with_the_chain_and_does_not_overflow() {
        for (lambda, mu, from, n) in [(0.5, 1.0, 1, 20), (0.9, 1.0, 3, 200), (1.0, 1.0, 2, 50), (1.3, 1.0, 1, 30)] {
            let moves = (1..n).flat_map(|i| [(i, i + 1, lambda), (i, i - 1, mu)]);
            let q = Generator::from_transitions(n + 1, moves).unwrap();
            let only = |at: usize| (0..=n).map(|s| s == at).collect::<Vec<_>>();
            let h = q.hits_before(&only(n), &only(0)).unwrap()[from];
            let closed = ln_reach_in_busy_cycle(lambda, mu, from as u64, n as u64).exp();
            assert!((closed / h - 1.0).abs() < 1e-12, "{lambda} {n}: {closed} {h}");
        }
        let deep = ln_reach_in_busy_cycle(0.5, 1.0, 1, 100_000);
        assert!((deep / (-100_000.0 * 2_f64.ln()) - 1.0).abs() < 1e-9);
        assert!((ln_reach_in_busy_cycle(2.0, 1.0, 1, 100_000).exp() - 0.5).abs() < 1e-15);
    }
}
