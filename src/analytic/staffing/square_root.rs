//! The square-root rule of Halfin and Whitt.

use crate::dist::bisect::{bisect, half};
use std::f64::consts::{SQRT_2, TAU};

/// Halfin and Whitt's delay function: the limit of the probability of a wait.
///
/// Formula: alpha = 1 / (1 + beta Phi(beta) / phi(beta)), where c = a + beta sqrt(a).
/// Units: dimensionless. Valid when: beta > 0, in the limit of a large offered load a.
/// Reference: Halfin and Whitt, Heavy-traffic limits for queues with many exponential servers,
/// Operations Research 29 (1981), prop. 1.
///
/// ```
/// use lindley::analytic::staffing::halfin_whitt_delay;
/// assert!((halfin_whitt_delay(0.5060544689891807) - 0.5).abs() < 1e-15);
/// ```
pub fn halfin_whitt_delay(beta: f64) -> f64 {
    let density = (-0.5 * beta * beta).exp() / TAU.sqrt();
    let below = 0.5 * libm::erfc(-beta / SQRT_2);
    density / (density + beta * below)
}

/// The margin beta at which that probability of a wait is reached; `None` outside (0, 1).
///
/// Formula: root of alpha(beta) = alpha, by bisection.
/// Units: dimensionless. Valid when: 0 < alpha < 1. Reference: Halfin and Whitt (1981).
///
/// ```
/// use lindley::analytic::staffing::halfin_whitt_beta;
/// assert!((halfin_whitt_beta(0.2).unwrap() - 1.0615162754187175).abs() < 1e-14);
/// assert_eq!(halfin_whitt_beta(1.0), None);
/// ```
pub fn halfin_whitt_beta(alpha: f64) -> Option<f64> {
    if !(alpha > 0.0 && alpha < 1.0) {
        return None;
    }
    let (low, high) = bisect(0.0, 38.0, half, |beta| halfin_whitt_delay(beta) > alpha);
    Some(0.5 * (low + high))
}

/// Servers by the square-root rule, so that about the share alpha of messages waits.
///
/// Formula: c = ceil(a + beta sqrt(a)), beta from alpha by the delay function.
/// Units: a in erlangs. Valid when: 0 < alpha < 1; an approximation, often exact to the server.
/// Reference: Halfin and Whitt (1981); Kolesar and Green (1998).
///
/// ```
/// use lindley::analytic::staffing::square_root_servers;
/// assert_eq!(square_root_servers(100.0, 0.2), Some(111));
/// ```
pub fn square_root_servers(a: f64, alpha: f64) -> Option<u64> {
    Some((a + halfin_whitt_beta(alpha)? * a.sqrt()).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::station::erlang::erlang_c;

    #[test]
    fn erlang_c_converges_to_the_delay_function() {
        for alpha in [0.01, 0.2, 0.5, 0.9] {
            let beta = halfin_whitt_beta(alpha).unwrap();
            assert!((halfin_whitt_delay(beta) / alpha - 1.0).abs() < 1e-13);
            // a such that a + beta sqrt(a) is the whole number c.
            let error = |c: u32| {
                let root = 0.5 * ((beta * beta + 4.0 * f64::from(c)).sqrt() - beta);
                (erlang_c(c, root * root).unwrap() / alpha - 1.0).abs()
            };
            // The error falls as 1/sqrt(c): by 31.6 from a thousand servers to a million.
            assert!(error(1_000_000) < error(1000) / 25.0, "{alpha}: {} {}", error(1_000_000), error(1000));
        }
        assert!(halfin_whitt_beta(1e-300).unwrap() > 36.0);
        assert!(halfin_whitt_beta(1.0 - 1e-12).unwrap() < 1e-11);
        assert_eq!(halfin_whitt_beta(f64::NAN), None);
    }
}
