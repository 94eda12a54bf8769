//! Parameters of the broker's systems, and the refusal that they share.

use crate::analytic::refusal::{Instability, Refusal};
use crate::analytic::system::{Parameter, parameter};

pub(super) const ARRIVALS: Parameter = parameter!("arrival-rate": Rate, "messages per second, Poisson");
pub(super) const SERVICE_RATE: Parameter =
    parameter!("service-rate": Rate, "messages per second that one server processes, exponential");
pub(super) const SERVERS: Parameter = parameter!("servers": Count => "1", "parallel servers");

/// The refusal of a load at or above capacity.
pub(super) fn overloaded(lambda: f64, capacity: f64, what: &str) -> Refusal {
    Refusal::Unstable(Instability::Special(format!(
        "{lambda} messages arrive per second and {what} process at most {capacity}: utilization {:.6} is not below 1, \
         so no steady state exists; stable with the arrival rate below {capacity} per second",
        lambda / capacity
    )))
}
