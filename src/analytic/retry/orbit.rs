//! From a station with an orbit to the formula that solves it, every assumption checked first.
//! Knows no network.

use super::methods::{invalid, one, sensible};
use super::retrial::{MmcRetrial, Policy, RetrialError};
use super::retrial_general::mg1_in_orbit;
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Discipline, Orbit, Station};
use crate::analytic::steady::{Detail, Steady};
use crate::dist::Dist;
use crate::units::Unit;

const RETRIAL: &str = "M/M/c retrial, level by level (Falin and Templeton 1997, ch. 2)";
const RETRIAL_GENERAL: &str = "M/G/1 retrial (Falin and Templeton 1997, sec. 1.3)";

/// The orbit of a station, its rate of arrivals and its servers.
fn orbit_of(station: &Station) -> Result<(f64, Orbit, Policy, u32), Refusal> {
    let Some(orbit) = station.features.orbit else {
        return Err(Refusal::Assumption("there is no orbit".to_string()));
    };
    sensible(station)?;
    if !(orbit.rate > 0.0 && orbit.rate.is_finite()) {
        return invalid(format!("the retrial rate is {}/s, and must be positive and finite", orbit.rate));
    }
    let Some(c) = station.c() else {
        return Err(Refusal::Assumption("the number of servers is not limited, so no message is blocked".to_string()));
    };
    station.served(Discipline::Fcfs)?;
    station.only(&["an orbit", "a limit on places"])?;
    match station.places {
        Some(places) if places < u64::from(c) => {
            return invalid(format!("there are {places} places for {c} servers"));
        }
        Some(places) if places > u64::from(c) => {
            return Err(Refusal::Assumption(format!("{} messages may wait besides the orbit", places - u64::from(c))));
        }
        _ => {}
    }
    let policy = if orbit.constant { Policy::Constant } else { Policy::Classical };
    Ok((station.poisson()?, orbit, policy, c))
}

/// The record of a retrial queue: the wait is the time in orbit.
fn orbiting(lambda: f64, service: &Dist, c: u32, in_orbit: f64, blocked: f64, method: &'static str) -> Steady {
    let (service, wait) = (one(service.mean()), one(in_orbit / lambda));
    let mut steady = Steady::served(format!("M/./{c} with an orbit"), lambda, service, wait, Some(c), method);
    steady.prob_wait = Some(blocked);
    steady.details = vec![
        Detail::mean("in_orbit", in_orbit, Unit::One),
        Detail::mean("orbit_time", in_orbit / lambda, Unit::Seconds),
        Detail::fraction("prob_block", blocked),
    ];
    steady
}

pub(super) fn retrial(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, orbit, policy, c) = orbit_of(station)?;
    let mu = station.exponential()?;
    let queue = MmcRetrial::new(lambda, mu, c, orbit.rate, policy).map_err(|error| match error {
        RetrialError::Unstable(why) => Refusal::Unstable(why),
        RetrialError::TooLong => Refusal::Assumption(
            "so near to saturation, with so slow retrials or so many servers, the orbit has too many states to be summed".to_string(),
        ),
    })?;
    let mut steady = orbiting(lambda, &Dist::Exponential(1.0 / mu), c, queue.in_orbit(), queue.prob_block(), RETRIAL);
    steady.details.extend([
        Detail::fraction("prob_idle", queue.prob_idle()),
        Detail::fraction("prob_empty", queue.prob_empty()),
        Detail::mean("in_orbit_variance", queue.in_orbit_variance(), Unit::One),
    ]);
    Ok(steady)
}

pub(super) fn retrial_general(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, orbit, policy, c) = orbit_of(station)?;
    station.single_server()?;
    let service = station.law()?;
    let rho = lambda * service.mean();
    let in_orbit = mg1_in_orbit(lambda, service, orbit.rate, policy).ok_or_else(|| {
        let limit = if orbit.constant { orbit.rate / (lambda + orbit.rate) } else { 1.0 };
        Refusal::Unstable(format!(
            "utilization {rho:.6} is not below {limit:.6}, so the orbit grows without end; stable with a mean \
             service time below {:.6} s",
            limit / lambda
        ))
    })?;
    let mut steady = orbiting(lambda, service, c, in_orbit, rho, RETRIAL_GENERAL);
    steady.details.push(Detail::fraction("prob_idle", 1.0 - rho));
    Ok(steady)
}
