//! M/G/inf: as many servers as messages, a pure delay.

use crate::analytic::law::number::NumberLaw;
use crate::analytic::numeric::poisson;
use crate::analytic::problem::Work;
use crate::analytic::steady::Steady;
use crate::dist::Dist;

/// M/G/inf in steady state.
///
/// Formula: the number in the system is Poisson with mean a = lambda E\[S\]; nobody waits.
/// Units: lambda per second, service in seconds.
/// Valid when: E\[S\] is finite; the service law is otherwise free (insensitivity).
/// Reference: Gross, Shortle, Thompson, Harris (4th ed.), sec. 2.6; Takacs (1962).
///
/// ```
/// use lindley::analytic::station::mginf::MgInf;
/// use lindley::dist::Dist;
/// let delay = MgInf::new(4.0, &Dist::Deterministic(2.5));
/// assert_eq!(delay.in_system(), 10.0);
/// assert!((delay.prob_in_system(0) - (-10.0_f64).exp()).abs() < 1e-18);
/// ```
#[derive(Debug, Clone)]
pub struct MgInf {
    lambda: f64,
    service: Work,
}

impl MgInf {
    /// The delay of arrival rate `lambda` and that service law.
    pub fn new(lambda: f64, service: &Dist) -> MgInf {
        MgInf::of_work(lambda, &Work::Law(service.clone()))
    }

    /// The same, where of the service perhaps only moments are known.
    pub(super) fn of_work(lambda: f64, service: &Work) -> MgInf {
        MgInf { lambda, service: service.clone() }
    }

    /// Mean (and variance) of the number in the system: a = lambda E\[S\].
    pub fn in_system(&self) -> f64 {
        self.lambda * self.service.mean()
    }

    /// Probability of `n` in the system: a^n e^-a / n!.
    pub fn prob_in_system(&self, n: u64) -> f64 {
        poisson::pmf(n, self.in_system())
    }

    /// Everything above in one record.
    pub fn steady(&self) -> Steady {
        let kendall = format!("M/{}/inf", self.service.symbol());
        let method = "M/G/inf, insensitive to the service law (Gross et al., sec. 2.6)";
        let mean = self.in_system();
        Steady {
            number_law: Some(NumberLaw::new(move |n| poisson::pmf(n, mean), move |n| poisson::above(n, mean))),
            ..Steady::without_wait(kendall, (self.lambda, self.lambda), &self.service, method)
        }
    }
}
