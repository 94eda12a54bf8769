//! M/G/inf: as many servers as messages, a pure delay.

use crate::analytic::law::TimeLaw;
use crate::analytic::numeric::poisson;
use crate::analytic::steady::{Moments, Steady};
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
    service: Dist,
}

impl MgInf {
    /// The delay of arrival rate `lambda` and that service law.
    pub fn new(lambda: f64, service: &Dist) -> MgInf {
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
        let mean = self.service.mean();
        Steady {
            kendall: String::new(),
            arrival_rate: self.lambda,
            throughput: self.lambda,
            offered_load: self.in_system(),
            utilization: None,
            prob_wait: Some(0.0),
            prob_loss: None,
            queue_length: 0.0,
            in_system: self.in_system(),
            service: mean,
            wait: Some(Moments { mean: 0.0, variance: Some(0.0) }),
            sojourn: Some(Moments { mean, variance: Some(self.service.variance()) }),
            wait_law: Some(TimeLaw::Zero),
            sojourn_law: Some(TimeLaw::Service(self.service.clone())),
            method: "M/G/inf, insensitive to the service law (Gross et al., sec. 2.6)",
            ..Steady::default()
        }
    }
}
