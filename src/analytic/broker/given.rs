//! Parameters of the broker's systems, and their checks. Knows no formula.

use crate::analytic::method::Refusal;
use crate::analytic::system::{Given, Kind, Parameter};

pub(super) const ARRIVALS: Parameter =
    Parameter { name: "arrival-rate", kind: Kind::Rate, default: None, says: "messages per second, Poisson" };
pub(super) const SERVICE_RATE: Parameter = Parameter {
    name: "service-rate",
    kind: Kind::Rate,
    default: None,
    says: "messages per second that one server processes, exponential",
};
pub(super) const SERVERS: Parameter =
    Parameter { name: "servers", kind: Kind::Count, default: Some("1"), says: "parallel servers" };

pub(super) fn invalid<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Invalid(why.into()))
}

/// A positive and finite number.
pub(super) fn positive(given: &Given, name: &str) -> Result<f64, Refusal> {
    match given.number(name) {
        x if x > 0.0 && x.is_finite() => Ok(x),
        x => invalid(format!("`{name}` is {x}, and must be positive and finite")),
    }
}

/// A whole number from 1 on.
pub(super) fn counted(given: &Given, name: &str) -> Result<u32, Refusal> {
    match u32::try_from(given.count(name)) {
        Ok(n) if n > 0 => Ok(n),
        _ => invalid(format!("`{name}` is {}, and must lie between 1 and {}", given.count(name), u32::MAX)),
    }
}

/// A list, not empty, of positive and finite numbers.
pub(super) fn all_positive(given: &Given, name: &str) -> Result<Vec<f64>, Refusal> {
    let list = given.numbers(name);
    if list.is_empty() {
        return invalid(format!("`{name}` is an empty list"));
    }
    match list.iter().find(|x| !(**x > 0.0 && x.is_finite())) {
        Some(x) => invalid(format!("`{name}` has {x}, and all must be positive and finite")),
        None => Ok(list),
    }
}

/// The refusal of a load at or above capacity.
pub(super) fn overloaded(lambda: f64, capacity: f64, what: &str) -> Refusal {
    Refusal::Unstable(format!(
        "{lambda} messages arrive per second and {what} process at most {capacity}: utilization {:.6} is not below 1, \
         so no steady state exists; stable with the arrival rate below {capacity} per second",
        lambda / capacity
    ))
}
