//! From a station with an orbit to the formula that solves it, every assumption checked first.

use super::retrial::{MmcRetrial, Policy};
use super::retrial_general::mg1_in_orbit;
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Discipline, Orbit, Station, StationFeature};
use crate::analytic::refusal::Instability;
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::dist::Dist;
use crate::units::Unit;

const RETRIAL: &str = "M/M/c retrial, level by level (Falin and Templeton 1997, ch. 2)";
const RETRIAL_GENERAL: &str = "M/G/1 retrial (Falin and Templeton 1997, sec. 1.3)";

/// The orbit of a station, its rate of arrivals and its servers.
fn orbit_of(station: &Station) -> Result<(f64, Orbit, Policy, u32), Refusal> {
    let orbit = station.features.orbit.ok_or(Refusal::Missing(StationFeature::Orbit))?;
    let c = station.limited_servers()?;
    station.served(Discipline::Fcfs)?;
    station.only(&[StationFeature::Orbit, StationFeature::LimitedPlaces])?;
    if let Some(waiting) = station.places.map(|places| places - u64::from(c)).filter(|waiting| *waiting > 0) {
        return Err(Refusal::Assumption(format!("{waiting} messages may wait besides the orbit")));
    }
    let policy = if orbit.constant { Policy::Constant } else { Policy::Classical };
    Ok((station.poisson()?, orbit, policy, c))
}

/// The record of a retrial queue: the wait is the time in orbit.
fn orbiting(lambda: f64, service: &Dist, c: u32, in_orbit: f64, blocked: f64, method: &'static str) -> Steady {
    let (service, wait) = (Moments::of_mean(service.mean()), Moments::of_mean(in_orbit / lambda));
    let details = vec![
        Detail::mean("in_orbit", in_orbit, Unit::One),
        Detail::mean("orbit_time", in_orbit / lambda, Unit::Seconds),
        Detail::fraction("prob_block", blocked),
    ];
    let steady = Steady::served(format!("M/./{c} with an orbit"), lambda, service, wait, Some(c), method);
    Steady { prob_wait: Some(blocked), details, ..steady }
}

pub(super) fn retrial(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, orbit, policy, c) = orbit_of(station)?;
    let mu = station.exponential()?;
    let queue = MmcRetrial::new(lambda, mu, c, orbit.rate, policy)?;
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
        Refusal::from(Instability::Orbit { utilization: rho, limit, arrival_rate: lambda })
    })?;
    let mut steady = orbiting(lambda, service, c, in_orbit, rho, RETRIAL_GENERAL);
    steady.details.push(Detail::fraction("prob_idle", 1.0 - rho));
    Ok(steady)
}
