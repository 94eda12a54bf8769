//! Loss so rare that only its logarithm can be written.

use crate::analytic::station::erlang::ln_erlang_b;

/// ln of the share of messages lost in M/M/c/K.
///
/// Formula: p_K = B r^m/(1 + B (r + ... + r^m)), B = Erlang B, r = lambda/(c mu), m = K - c, as
/// logarithms; the sum is taken by `expm1`.
/// Units: natural logarithm of a probability.
/// Valid when: lambda, mu > 0, 1 <= c <= K.
/// Reference: Gross et al. (4th ed.), sec. 2.4.
///
/// ```
/// use lindley::analytic::rare::ln_prob_loss;
/// // M/M/1/2 with equal rates: three states, equally likely.
/// assert!((ln_prob_loss(1.0, 1.0, 1, 2).exp() - 1.0 / 3.0).abs() < 1e-15);
/// assert!((ln_prob_loss(0.5, 1.0, 1, 3000) / (-3001.0 * 2_f64.ln()) - 1.0).abs() < 1e-12);
/// ```
pub fn ln_prob_loss(lambda: f64, mu: f64, c: u32, places: u64) -> f64 {
    let room = places.saturating_sub(u64::from(c)) as f64;
    let ln_b = ln_erlang_b(c, lambda / mu);
    let off = lambda / (f64::from(c) * mu) - 1.0;
    let step = off.ln_1p();
    // ln of r + ... + r^m, over r^m for r > 1 so that nothing overflows.
    let ln_sum = match step {
        0.0 => room.ln(),
        s if s < 0.0 => s + (-(room * s).exp_m1()).ln() - (-off).ln(),
        s => s + (-(-room * s).exp_m1()).ln() - off.ln(),
    };
    if step > 0.0 {
        // 1/p = 1/(B r^m) + sum/r^m.
        let (none, sum) = (-ln_b - room * step, ln_sum);
        let large = none.max(sum);
        -(large + ((none - large).exp() + (sum - large).exp()).ln())
    } else {
        ln_b + room * step - (ln_b + ln_sum).exp().ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::mmck::Mmck;

    #[test]
    fn agrees_with_the_station() {
        for (lambda, c, places) in
            [(0.3, 1, 12), (50.0, 100, 100), (3.0, 3, 40), (9.0, 3, 40), (2.9, 3, 3), (9.0, 3, 3)]
        {
            let station = Mmck::new(lambda, 1.0, c, places).prob_loss();
            let log = ln_prob_loss(lambda, 1.0, c, places);
            assert!((log.exp() / station - 1.0).abs() < 1e-12, "{lambda} {c} {places}: {} {station}", log.exp());
        }
    }
}
