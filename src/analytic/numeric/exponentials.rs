//! Sums of exponential times whose rates may be close to each other.

/// P(W + S > t) for an exponential service S after a wait W that is 0, or exponential with probability
/// C: the sojourn in M/M/c.
///
/// Formula: with d = c mu - lambda,
/// e^{-mu t} + C mu (e^{-mu t} - e^{-d t})/(d - mu), the fraction being t e^{-mu t} at d = mu.
/// Units: t in seconds, `slack` = d and `mu` per second. Valid when: t >= 0.
/// Numerics: (e^{-x} - e^{-y})/(y - x) is taken as e^{-min} (1 - e^{-|y-x|})/|y-x|, by `exp_m1`.
/// Reference: Gross et al. (4th ed.), sec. 2.3.
///
/// ```
/// use lindley::analytic::numeric::exponentials::sojourn_survival;
/// // M/M/1 with lambda = 1/s, mu = 2/s: the sojourn is exponential of rate 1/s.
/// assert!((sojourn_survival(0.5, 1.0, 2.0, 1.0) - (-1.0_f64).exp()).abs() < 1e-15);
/// ```
pub fn sojourn_survival(prob_wait: f64, slack: f64, mu: f64, t: f64) -> f64 {
    let gap = (slack - mu).abs() * t;
    let average = if gap == 0.0 { 1.0 } else { -(-gap).exp_m1() / gap };
    let waited = prob_wait * mu * t * (-slack.min(mu) * t).exp() * average;
    (-mu * t).exp() + waited
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sojourn_is_continuous_where_the_textbook_formula_is_not() {
        let at = sojourn_survival(0.4, 1.0, 1.0, 2.0);
        assert!((at - (-2.0_f64).exp() * (1.0 + 0.4 * 2.0)).abs() < 1e-15);
        for slack in [1.0 + 1e-12, 1.0 - 1e-12, 1.0 + 1e-7] {
            assert!((sojourn_survival(0.4, slack, 1.0, 2.0) / at - 1.0).abs() < 1e-6);
        }
    }
}
