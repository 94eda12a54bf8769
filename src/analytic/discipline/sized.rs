//! Stations that serve by size, solved by `by_size`.

use super::by_size::{SizeBased, SizeOrder};
use super::flow::{Flow, Load};
use super::parts;
use super::times::SizeTimes;
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Class, Discipline, Station, StationFeature};
use crate::analytic::steady::{ClassSteady, Detail, Steady};
use crate::dist::Dist;
use crate::units::Unit;

/// Shortest job first.
pub(super) fn sjf(station: &Station) -> Result<Steady, Refusal> {
    let method = "M/G/1 shortest job first (Phipps 1956); ties first in first out";
    solve(station, Discipline::Sjf, SizeOrder::Sjf, "SJF", method)
}

/// Preemptive shortest job first.
pub(super) fn psjf(station: &Station) -> Result<Steady, Refusal> {
    let method = "M/G/1 preemptive shortest job first (Harchol-Balter 2013, sec. 32.3); wait until the first start";
    solve(station, Discipline::Psjf, SizeOrder::Psjf, "PSJF", method)
}

/// Shortest remaining processing time.
pub(super) fn srpt(station: &Station) -> Result<Steady, Refusal> {
    let method = "M/G/1 shortest remaining processing time (Schrage, Miller 1966); wait until the first start";
    solve(station, Discipline::Srpt, SizeOrder::Srpt, "SRPT", method)
}

/// Foreground-background.
pub(super) fn fb(station: &Station) -> Result<Steady, Refusal> {
    let method = "M/G/1 foreground-background (Kleinrock 1976, sec. 4.6); every message is served when it arrives";
    solve(station, Discipline::Fb, SizeOrder::Fb, "FB", method)
}

/// The law of the sizes of all classes together.
fn whole(classes: &[Class], lambda: f64) -> Result<Dist, Refusal> {
    let law = |class: &Class| match class.service.law() {
        Some(law) => Ok((class.rate / lambda, law.clone())),
        None => Err(Refusal::Assumption(format!("of the service of `{}` only mean and scv are known", class.name))),
    };
    let mut parts = classes.iter().map(law).collect::<Result<Vec<_>, _>>()?;
    if parts.len() == 1 {
        return Ok(parts.remove(0).1);
    }
    Dist::mixture(parts).map_err(|why| Refusal::Invalid(why.to_string()))
}

fn solve(
    station: &Station,
    discipline: Discipline,
    order: SizeOrder,
    letters: &str,
    method: &'static str,
) -> Result<Steady, Refusal> {
    station.single_server()?;
    let lambda = parts::rate(station, discipline, &[StationFeature::Classes])?;
    let (classes, flows) = parts::classes(station, lambda);
    let load = Load::of(&flows);
    parts::stable(load.rho, 1)?;
    let queue = SizeBased::new(order, lambda, &whole(&classes, lambda)?)?;
    let mut answers = Vec::new();
    for (class, flow) in classes.iter().zip(&flows) {
        let times = match class.service.law() {
            Some(law) if classes.len() > 1 => queue.times_of(law)?,
            _ => queue.times()?,
        };
        answers.push(of_class(class, flow, times));
    }
    let steady = parts::together(format!("M/G/1 {letters}"), &flows, answers, 1, method);
    let classes = if station.features.classes.is_empty() { Vec::new() } else { steady.classes };
    let details = queue.slowdown().map(|slow| Detail::mean("slowdown", slow, Unit::One)).into_iter().collect();
    let prob_wait = match order {
        SizeOrder::Sjf => Some(load.rho),
        SizeOrder::Fb => Some(0.0),
        SizeOrder::Psjf | SizeOrder::Srpt => None,
    };
    Ok(Steady { classes, details, prob_wait, ..steady })
}

fn of_class(class: &Class, flow: &Flow, times: SizeTimes) -> ClassSteady {
    parts::class(&class.name, flow, times.wait, times.sojourn.mean - flow.mean, times.sojourn)
}
