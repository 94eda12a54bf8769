//! What two-moment formulas take of a station: rates, servers, and the two squared coefficients of
//! variation.

use crate::analytic::station::erlang::erlang_c;

/// A G/G/c station known by means and squared coefficients of variation.
///
/// Formula: a = lambda E\[S\], rho = a/c, scv = variance / mean^2.
/// Units: lambda per second, the mean service in seconds, scv dimensionless.
/// Valid when: 0 < rho < 1 and both scv are finite and not negative; times between arrivals and
/// services are independent of each other.
/// Reference: Whitt, The queueing network analyzer, BSTJ 62 (1983), sec. 2.
///
/// ```
/// use lindley::analytic::approximate::two_moments::TwoMoments;
/// let queue = TwoMoments { lambda: 0.8, service: 1.0, c: 1, arrival_scv: 1.0, service_scv: 1.0 };
/// assert_eq!(queue.rho(), 0.8);
/// assert!((queue.mmc_wait() - 4.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoMoments {
    /// Arrivals per second.
    pub lambda: f64,
    /// Mean service time, seconds.
    pub service: f64,
    /// Servers.
    pub c: u32,
    /// Squared coefficient of variation of the time between arrivals.
    pub arrival_scv: f64,
    /// Squared coefficient of variation of the service time.
    pub service_scv: f64,
}

impl TwoMoments {
    /// c servers of mean service 1 at that utilization.
    #[cfg(test)]
    pub(crate) fn loaded(rho: f64, c: u32, arrival_scv: f64, service_scv: f64) -> TwoMoments {
        TwoMoments { lambda: rho * f64::from(c), service: 1.0, c, arrival_scv, service_scv }
    }

    /// Utilization rho = lambda E\[S\] / c.
    pub fn rho(&self) -> f64 {
        self.lambda * self.service / f64::from(self.c)
    }

    /// Spare share 1 - rho, from c - a so that it keeps its digits near saturation.
    pub fn spare(&self) -> f64 {
        let c = f64::from(self.c);
        (c - self.lambda * self.service) / c
    }

    /// (ca2 + cs2) / 2.
    pub fn variability(&self) -> f64 {
        0.5 * self.arrival_scv + 0.5 * self.service_scv
    }

    /// Probability of a wait in M/M/c of the same load; infinite load: 1.
    pub fn prob_wait(&self) -> f64 {
        erlang_c(self.c, self.lambda * self.service).unwrap_or(1.0)
    }

    /// Mean wait in M/M/c of the same load, seconds: C E\[S\] / (c (1 - rho)).
    pub fn mmc_wait(&self) -> f64 {
        self.prob_wait() * self.service / (f64::from(self.c) * self.spare())
    }

    /// Variance of the time between arrivals, seconds squared.
    pub fn arrival_variance(&self) -> f64 {
        self.arrival_scv / (self.lambda * self.lambda)
    }

    /// Variance of the service time, seconds squared.
    pub fn service_variance(&self) -> f64 {
        self.service_scv * self.service * self.service
    }
}
