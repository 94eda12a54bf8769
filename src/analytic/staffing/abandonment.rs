//! The share of messages that give up waiting in M/M/c+M, as far as staffing needs it. Knows no model.

use crate::analytic::station::erlang::ln_erlang_b;

/// Share of messages that leave before service begins when each is ready to wait an exponential time.
///
/// Formula: P(abandon) = theta E\[(N - c)^+\] / lambda, N the birth-death chain with births lambda and
/// deaths min(n, c) mu + (n - c)^+ theta.
/// Units: rates per second. Valid when: lambda, mu > 0, theta >= 0; 1 for no servers; with theta = 0 nobody
/// leaves (0), though the queue may then be unstable.
/// Numerics: positive terms only, from the likeliest count outwards; those below c by Erlang B.
/// Reference: Garnett, Mandelbaum, Reiman, Designing a call center with impatient customers,
/// M&SOM 4 (2002), sec. 2.
///
/// ```
/// use lindley::analytic::staffing::prob_abandon;
/// // theta = mu: N is Poisson of mean lambda/mu = 1, E[(N-1)^+] = 1/e.
/// assert!((prob_abandon(1.0, 1.0, 1.0, 1) - (-1.0_f64).exp()).abs() < 1e-15);
/// ```
pub fn prob_abandon(lambda: f64, mu: f64, theta: f64, c: u32) -> f64 {
    if c == 0 {
        return 1.0;
    } else if theta == 0.0 {
        return 0.0;
    }
    let capacity = f64::from(c) * mu;
    let death = |waiting: f64| capacity + waiting * theta;
    let mode = ((lambda - capacity) / theta).floor().max(0.0);
    // Weights of c + k messages, and k times them; those up to c sum to 1/B of the weight of c.
    let (mut total, mut waiting) = (0.0, 0.0);
    let (mut k, mut weight) = (mode, 1.0);
    loop {
        if k > 0.0 {
            total += weight;
            waiting += k * weight;
        }
        k += 1.0;
        weight *= lambda / death(k);
        if k * weight <= 1e-24 * waiting || weight == 0.0 {
            break;
        }
    }
    (k, weight) = (mode, 1.0);
    while k > 0.0 && weight > 1e-30 {
        weight *= death(k) / lambda;
        k -= 1.0;
        total += if k > 0.0 { weight } else { 0.0 };
        waiting += k * weight;
    }
    if k == 0.0 {
        total += weight * (-ln_erlang_b(c, lambda / mu)).exp();
    }
    theta * waiting / total / lambda
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::chain::Chain;

    #[test]
    fn agrees_with_the_chain() {
        for (lambda, mu, theta, c) in [(0.8, 1.0, 0.3, 1), (5.0, 1.0, 2.0, 4), (9.0, 1.0, 0.25, 6), (3.0, 0.5, 0.1, 12)]
        {
            let chain = Chain::explore([0u32], 400, |&n, to| {
                if n < 200 {
                    to(n + 1, lambda);
                }
                to(n.saturating_sub(1), f64::from(n.min(c)) * mu + f64::from(n.saturating_sub(c)) * theta);
            })
            .unwrap();
            let p = chain.stationary().unwrap();
            let left = theta * chain.expect(&p, |&n| f64::from(n.saturating_sub(c))) / lambda;
            let found = prob_abandon(lambda, mu, theta, c);
            assert!((found / left - 1.0).abs() < 1e-11, "{lambda} {c}: {found} {left}");
        }
    }

    #[test]
    fn deep_overload_is_fluid() {
        let found = prob_abandon(2000.0, 1.0, 1e-3, 1000);
        assert!((found - 0.5).abs() < 1e-9, "{found}");
        assert!(prob_abandon(100.0, 1.0, 1.0, 300) < 1e-50);
        assert_eq!(prob_abandon(1.0, 1.0, 0.0, 1), 0.0);
    }
}
