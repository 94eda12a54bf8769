//! Stations that serve by size, solved by `by_size`.

use super::by_size::{SizeBased, SizeOrder};
use super::flow::Flow;
use super::parts::{self, OneServer};
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Class, Discipline, Station};
use crate::analytic::steady::{Detail, Steady};
use crate::dist::Dist;
use crate::units::Unit;

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

/// The discipline, and its name.
fn kind(order: SizeOrder) -> (Discipline, &'static str) {
    match order {
        SizeOrder::Sjf => (Discipline::Sjf, "SJF"),
        SizeOrder::Psjf => (Discipline::Psjf, "PSJF"),
        SizeOrder::Srpt => (Discipline::Srpt, "SRPT"),
        SizeOrder::Fb => (Discipline::Fb, "FB"),
    }
}

fn method(order: SizeOrder) -> &'static str {
    match order {
        SizeOrder::Sjf => "M/G/1 shortest job first (Phipps 1956); ties first in first out",
        SizeOrder::Psjf => {
            "M/G/1 preemptive shortest job first (Harchol-Balter 2013, sec. 32.3); wait until the first start"
        }
        SizeOrder::Srpt => {
            "M/G/1 shortest remaining processing time (Schrage, Miller 1966); wait until the first start"
        }
        SizeOrder::Fb => {
            "M/G/1 foreground-background (Kleinrock 1976, sec. 4.6); every message is served when it arrives"
        }
    }
}

/// M/G/1 in that order.
pub(super) fn solve(station: &Station, order: SizeOrder) -> Result<Steady, Refusal> {
    let (discipline, name) = kind(order);
    let line = OneServer::read(station, discipline)?;
    let queue = SizeBased::new(order, line.lambda, &whole(&line.classes, line.lambda)?)?;
    let answer = |(class, flow): (&Class, &Flow)| {
        let times = match class.service.law() {
            Some(law) if line.classes.len() > 1 => queue.times_of(law)?,
            _ => queue.times()?,
        };
        Ok(parts::class(&class.name, flow, times.wait, times.sojourn.mean - flow.mean, times.sojourn))
    };
    let steady = line.steady(format!("M/G/1 {name}"), method(order), answer)?;
    let details = queue.slowdown().map(|slow| Detail::mean("slowdown", slow, Unit::One)).into_iter().collect();
    let prob_wait = match order {
        SizeOrder::Sjf => Some(line.rho),
        SizeOrder::Fb => Some(0.0),
        SizeOrder::Psjf | SizeOrder::Srpt => None,
    };
    Ok(Steady { details, prob_wait, ..steady })
}
