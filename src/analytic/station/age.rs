//! Age of information behind an M/M/1 queue: how old the newest news of a sender is.

use crate::model::capacity::keeps_up;

/// Mean age of information, and mean peak age, of updates through M/M/1, seconds.
///
/// Formula: age = (1/mu) (1 + 1/rho + rho^2/(1-rho)), peak age = 1/(mu-lambda) + 1/lambda.
/// Units: lambda and mu per second.
/// Valid when: 0 < lambda < mu, first in first out; the age is smallest at rho = 0.53.
/// Reference: Kaul, Yates, Gruteser, Real-time status: how often should one update? (2012).
///
/// ```
/// use lindley::analytic::station::age::age_of_information;
/// assert_eq!(age_of_information(0.5, 1.0), Some((3.5, 4.0)));
/// assert_eq!(age_of_information(1.0, 1.0), None);
/// ```
pub fn age_of_information(lambda: f64, mu: f64) -> Option<(f64, f64)> {
    let rho = lambda / mu;
    let stable = lambda > 0.0 && keeps_up(rho, 1.0);
    let age = (1.0 + 1.0 / rho + rho * rho / (1.0 - rho)) / mu;
    stable.then(|| (age, 1.0 / (mu - lambda) + 1.0 / lambda))
}
