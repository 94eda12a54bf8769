//! M/G/1 with an orbit.

use super::retrial::Policy;
use crate::dist::Dist;
use crate::model::capacity::keeps_up;

/// Mean number in orbit of the M/G/1 retrial queue; `None` where it is unstable.
///
/// Formula: with rho = lambda E\[S\] and m = lambda^2 E\[S^2\]/2,
/// classical: (m + rho lambda/theta)/(1-rho); constant: (m + rho (1-q))/(q-rho), q = theta/(lambda+theta).
/// Units: lambda and theta per second, number dimensionless; infinite where the variance of the service is.
/// Valid when: one server, Poisson arrivals, exponential retrials, rho < 1 (classical) or
/// rho < theta/(lambda+theta) (constant).
/// Reference: Falin and Templeton, Retrial Queues (1997), sec. 1.3; constant: from the embedded
/// chain, D(z) = d K(z) q (z-1)/(z - K(z)(q + (1-q) z)), Farahmand (1990).
///
/// ```
/// use lindley::analytic::retry::{retrial::Policy, retrial_general::mg1_in_orbit};
/// use lindley::dist::Dist;
/// // lambda = 1/s, S = 0.5 s: m = 1/8, (1/8 + 1/2)/(1/2) = 1.25.
/// let orbit = mg1_in_orbit(1.0, &Dist::Deterministic(0.5), 1.0, Policy::Classical);
/// assert!((orbit.unwrap() - 1.25).abs() < 1e-15);
/// ```
pub fn mg1_in_orbit(lambda: f64, service: &Dist, theta: f64, policy: Policy) -> Option<f64> {
    let mean = service.mean();
    let rho = lambda * mean;
    let m = 0.5 * lambda * lambda * (service.variance() + mean * mean);
    let first_refused = lambda / (lambda + theta);
    match policy {
        Policy::Classical => keeps_up(rho, 1.0).then(|| (m + rho * lambda / theta) / (1.0 - rho)),
        Policy::Constant => {
            let slack = 1.0 - first_refused - rho;
            keeps_up(first_refused + rho, 1.0).then(|| (m + rho * first_refused) / slack)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::testing::chain_averages;

    /// Oracle: the chain of Erlang-2 service, (stage in service or 0, orbit).
    #[test]
    fn agrees_with_the_chain_of_stages_up_to_saturation() {
        let (lambda, theta) = (0.4, 2.0);
        for policy in [Policy::Classical, Policy::Constant] {
            let average = chain_averages([(0u32, 0u32)], 1000, |&(stage, j), to| {
                let retrials = if policy == Policy::Classical { f64::from(j) * theta } else { theta };
                match stage {
                    0 => {
                        to((2, j), lambda);
                        if j > 0 {
                            to((2, j - 1), retrials);
                        }
                    }
                    _ => {
                        to((stage - 1, j), 2.0);
                        to((stage, (j + 1).min(150)), lambda);
                    }
                }
            });
            let exact = average(&|s| f64::from(s.1));
            let formula = mg1_in_orbit(lambda, &Dist::erlang(2, 1.0).unwrap(), theta, policy).unwrap();
            assert!((formula / exact - 1.0).abs() < 1e-10, "{policy:?}: {formula} {exact}");
            let other = mg1_in_orbit(lambda, &Dist::Exponential(1.0), theta, policy).unwrap();
            assert!((other / exact - 1.0).abs() > 0.05);
        }
        assert_eq!(mg1_in_orbit(1.0, &Dist::Exponential(1.0), 1.0, Policy::Classical), None);
        assert_eq!(mg1_in_orbit(0.5, &Dist::Exponential(1.0), 0.5, Policy::Constant), None);
    }
}
