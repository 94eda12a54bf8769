//! Variance of the sojourn under processor sharing for service laws whose wait first in first out is
//! known in closed form.

use super::sizes::breaks;
use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::quadrature::RULE;
use crate::analytic::station::mg1::Mg1;
use crate::dist::Dist;

/// Variance of the sojourn in M/G/1 with processor sharing, seconds squared; `None` where the law of
/// the wait first in first out has no closed form, and without a steady state.
///
/// Formula: Var T = Var S/(1-rho)^2 + 2/(1-rho)^2 times the integral over t of P(Wq > t) a(t), where Wq is the
/// wait first in first out and a(t) the integral of P(S > u) over u > t.
/// Units: lambda per second, times in seconds.
/// Valid when: rho < 1; exponential, Erlang and hyperexponential service. Relative error 1e-9.
/// Reference: Ott (1984); Zwart and Boxma, Sojourn time asymptotics in the M/G/1 processor sharing
/// queue (2000), (2.9).
///
/// ```
/// use lindley::analytic::discipline::sharing_variance::variance_general;
/// use lindley::dist::Dist;
/// // M/M/1: (2+rho)/(2-rho) W^2.
/// let variance = variance_general(0.5, &Dist::Exponential(1.0)).unwrap();
/// assert!((variance - 20.0 / 3.0).abs() < 1e-8);
/// ```
pub fn variance_general(lambda: f64, law: &Dist) -> Option<f64> {
    let queue = Mg1::new(lambda, law).ok()?;
    let (wait, _) = match law {
        Dist::Exponential(_) | Dist::Erlang(_) | Dist::Hyperexponential(_) => queue.laws()?,
        _ => return None,
    };
    let left = 1.0 - queue.utilization();
    Some((law.variance() + 2.0 * covered(&wait, law)?) / (left * left))
}

/// Integral of P(wait > t) times the integral of P(S > u) beyond t, by panels between
/// quantiles and doublings, each cut in four.
fn covered(wait: &TimeLaw, law: &Dist) -> Option<f64> {
    let mut ends = vec![0.0];
    for &x in &breaks(law).ok()? {
        let last = ends[ends.len() - 1];
        ends.extend((1..=4).map(|i| last + 0.25 * f64::from(i) * (x - last)));
    }
    let (mut sum, mut beyond) = (0.0, 0.0);
    for pair in ends.windows(2).rev() {
        let (width, t) = (pair[1] - pair[0], RULE.points(pair[0], pair[1]));
        let s = t.map(|t| law.survival(t));
        let (parts, whole) = (RULE.integrals(width, &s), RULE.integral(width, &s));
        let values = std::array::from_fn(|i| wait.survival(t[i]) * (beyond + (whole - parts[i])));
        sum += RULE.integral(width, &values);
        beyond += whole;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::super::processor_sharing::{variance, variance_constant};
    use super::*;

    #[test]
    fn special_laws_and_the_limit_of_many_stages() {
        for lambda in [0.2, 0.9] {
            let general = variance_general(lambda, &Dist::Exponential(1.0)).unwrap();
            assert!((general / variance(lambda, 1.0) - 1.0).abs() < 1e-10, "{lambda}: {general}");
            // The error falls as 1/k: extrapolated to no variance at all.
            let [a, b] = [100, 200].map(|k| variance_general(lambda, &Dist::erlang(k, 1.0).unwrap()).unwrap());
            let constant = variance_constant(lambda, 1.0);
            assert!(((2.0 * b - a) / constant - 1.0).abs() < 2e-3, "{lambda}: {a} {b} {constant}");
            assert!((a / constant - 1.0).abs() > 4e-3, "{lambda}");
        }
        assert_eq!(variance_general(0.5, &Dist::lognormal(1.0, 1.0).unwrap()), None);
        assert_eq!(variance_general(1.5, &Dist::Exponential(1.0)), None);
        // Equal branches are exponential service again.
        let law = Dist::hyperexponential(&[0.3, 0.7], &[2.0, 2.0]).unwrap();
        assert!((variance_general(0.4, &law).unwrap() / variance(0.4, 0.5) - 1.0).abs() < 1e-9);
    }
}
