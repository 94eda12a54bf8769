//! Stations whose order of service knows neither classes nor sizes: processor sharing, last come first
//! served, random order.

use super::flow::{Flow, product};
use super::parts::{self, OneServer};
use super::processor_sharing::{self, SharedServers};
use super::random_order::{self, RandomOrder};
use super::sharing_variance::variance_general;
use super::{dps, lcfs};
use crate::analytic::kendall::exponential_mean;
use crate::analytic::law::TimeLaw;
use crate::analytic::law::number::NumberLaw;
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Class, Discipline, Station};
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::{ClassSteady, Detail, Moments, Steady, Unstable};
use crate::dist::Dist;
use crate::units::Unit;

/// M/M/c of that discipline: its numbers, from the moments of wait and sojourn.
fn exponential(kendall: &str, rates: (f64, f64, u32), wait: Moments, sojourn: Moments, method: &'static str) -> Steady {
    let (lambda, mu, c) = rates;
    let service = Moments::new(1.0 / mu, 1.0 / (mu * mu));
    let steady = Steady::served(format!("M/M/{c} {kendall}"), lambda, service, wait, Some(c), method);
    let in_system = lambda * sojourn.mean;
    let queue_length = (in_system - steady.offered_load).max(0.0);
    Steady { sojourn: Some(sojourn), in_system, queue_length, ..steady }
}

fn stable_exponential(station: &Station, discipline: Discipline) -> Result<(f64, f64, u32), Refusal> {
    let rates = parts::exponential(station, discipline)?;
    Unstable::unless_kept_up(rates.0 / rates.1, rates.2)?;
    Ok(rates)
}

fn out_of_range() -> Refusal {
    Refusal::Numerics("the rates are outside the range of the numerics".to_string())
}

/// M/G/1 processor sharing and preemptive last come first served: P(N > n) = rho^(n+1), whatever the service law.
fn insensitive(rho: f64) -> NumberLaw {
    NumberLaw::new(move |n| (1.0 - rho) * rho.powf(n as f64), move |n| rho.powf(n as f64 + 1.0))
}

fn slowdown(rho: f64) -> Detail {
    Detail::mean("slowdown", 1.0 / (1.0 - rho), Unit::One)
}

/// M/M/c processor sharing, with its law.
pub(super) fn shared_mmc(station: &Station) -> Result<Steady, Refusal> {
    let rates @ (lambda, mu, c) = stable_exponential(station, Discipline::ProcessorSharing)?;
    let queue = SharedServers::new(lambda, mu, c).ok_or_else(out_of_range)?;
    let mean = queue.sojourn();
    let variance = if c == 1 { processor_sharing::variance(lambda, mu) } else { queue.second_moment() - mean * mean };
    let sojourn = Moments::new(mean, variance);
    let method = "M/M/c processor sharing (Coffman, Muntz, Trotter 1970); all are in service, none waits";
    let steady = exponential("processor sharing", rates, Moments::ZERO, sojourn, method);
    let details = if c == 1 { vec![slowdown(lambda / mu)] } else { Vec::new() };
    // All share the servers from their arrival: no time is spent waiting, nor anybody in a queue.
    Ok(Steady { sojourn_law: Some(queue.sojourn_law()), details, prob_wait: Some(0.0), queue_length: 0.0, ..steady })
}

/// M/G/1 processor sharing, classes alike.
pub(super) fn shared(station: &Station) -> Result<Steady, Refusal> {
    let line = OneServer::read(station, Discipline::ProcessorSharing)?;
    let a = &line.classes[0];
    if let Some(b) = line.classes.iter().find(|class| class.weight != a.weight) {
        let why = format!("the weights of `{}` and `{}` differ: {} and {}", a.name, b.name, a.weight, b.weight);
        return Err(Refusal::Assumption(why));
    }
    let variance = |class: &Class| match (line.classes.len(), class.service.law()) {
        (1, Some(Dist::Deterministic(d))) => Some(processor_sharing::variance_constant(line.lambda, *d)),
        (1, Some(law)) => variance_general(line.lambda, law),
        _ => None,
    };
    let method = "M/G/1 processor sharing, insensitive to the service law (Kleinrock 1976, sec. 4.4)";
    let steady = line.steady("M/G/1 processor sharing", method, |(class, flow)| {
        let sojourn = Moments { mean: flow.mean / (1.0 - line.rho), variance: variance(class) };
        Ok(parts::class(&class.name, flow, Moments::ZERO, 0.0, sojourn))
    })?;
    let number_law = Some(insensitive(line.rho));
    Ok(Steady { details: vec![slowdown(line.rho)], prob_wait: Some(0.0), number_law, ..steady })
}

/// Discriminatory processor sharing of exponential and hyperexponential classes.
pub(super) fn weighted(station: &Station) -> Result<Steady, Refusal> {
    let OneServer { classes, flows, .. } = OneServer::read(station, Discipline::ProcessorSharing)?;
    let mut branches = Vec::new();
    for (k, class) in classes.iter().enumerate() {
        branches.extend(exponentials(class)?.into_iter().map(|(share, mean)| (k, share, mean)));
    }
    let rates: Vec<f64> = branches.iter().map(|&(k, share, _)| classes[k].rate * share).collect();
    let speeds: Vec<f64> = branches.iter().map(|&(_, _, mean)| 1.0 / mean).collect();
    let weights: Vec<f64> = branches.iter().map(|&(k, ..)| classes[k].weight).collect();
    let times = dps::sojourns(&rates, &speeds, &weights).ok_or_else(out_of_range)?;
    let mean = |k: usize| branches.iter().zip(&times).filter(|(b, _)| b.0 == k).map(|(b, w)| b.1 * w).sum::<f64>();
    let answer = |(k, flow): (usize, &Flow)| {
        let sojourn = Moments::of_mean(mean(k));
        let slow = Detail::mean("sojourn_per_service", sojourn.mean / flow.mean, Unit::One);
        ClassSteady { details: vec![slow], ..parts::class(&classes[k].name, flow, Moments::ZERO, 0.0, sojourn) }
    };
    let answers = flows.iter().enumerate().map(answer).collect();
    let method = "discriminatory processor sharing (Fayolle, Mitrani, Iasnogorodski 1980)";
    let kendall = "M/M/1 discriminatory processor sharing".to_string();
    Ok(Steady { prob_wait: Some(0.0), ..parts::together(kendall, &flows, answers, 1, method) })
}

/// A class as (share, mean) of exponential ones.
fn exponentials(class: &Class) -> Result<Vec<(f64, f64)>, Refusal> {
    let law = class.service.law();
    if let Some(mean) = law.and_then(exponential_mean) {
        return Ok(vec![(1.0, mean)]);
    }
    match law {
        Some(Dist::Hyperexponential(h)) => {
            let branches = h.probabilities().iter().copied().zip(h.means().iter().copied());
            Ok(branches.filter(|(share, _)| *share > 0.0).collect())
        }
        _ => Err(Refusal::Assumption(format!(
            "with weights, the service of class `{}` (scv {}) must be exponential or hyperexponential",
            class.name,
            class.service.scv()
        ))),
    }
}

/// M/M/c where messages wait, with the law of the wait.
fn waiting_mmc(kendall: &str, rates: (f64, f64, u32), wait: Moments, method: &'static str) -> Steady {
    let (lambda, mu, c) = rates;
    let sojourn = wait.plus(Flow::exponential(lambda, mu).service());
    let number_law = Mmc::new(lambda, mu, c).ok().map(|queue| queue.number_law());
    let prob_wait = crate::analytic::station::erlang::erlang_c(c, lambda / mu);
    let steady = exponential(kendall, rates, wait, sojourn, method);
    Steady { prob_wait, number_law, queue_length: lambda * wait.mean, ..steady }
}

/// M/G/1 where messages wait.
fn waiting(kendall: &str, flow: &Flow, wait: Moments, method: &'static str) -> Steady {
    let steady = Steady::served(format!("M/G/1 {kendall}"), flow.lambda, flow.service(), wait, Some(1), method);
    Steady { prob_wait: Some(flow.rho()), ..steady }
}

/// M/M/c last come first served.
pub(super) fn lcfs_mmc(station: &Station) -> Result<Steady, Refusal> {
    let rates @ (lambda, mu, c) = stable_exponential(station, Discipline::Lcfs)?;
    let wait = lcfs::wait_mmc(lambda, mu, c).ok_or_else(out_of_range)?;
    let method = "M/M/c last come first served (Cooper 1981, sec. 3.4)";
    let steady = waiting_mmc("last come first served", rates, wait, method);
    Ok(Steady { wait_law: lcfs::wait_law_mmc(lambda, mu, c), ..steady })
}

/// M/G/1 last come first served.
pub(super) fn lcfs_mg1(station: &Station) -> Result<Steady, Refusal> {
    let flow = parts::flow(station, Discipline::Lcfs)?;
    let method = "M/G/1 last come first served (Takagi 1991, sec. 1.3)";
    Ok(waiting("last come first served", &flow, lcfs::wait(&flow), method))
}

/// M/M/c last come first served, interrupting.
pub(super) fn lcfs_interrupting_mmc(station: &Station) -> Result<Steady, Refusal> {
    let rates @ (lambda, mu, c) = stable_exponential(station, Discipline::LcfsPreemptive)?;
    let queue = lcfs::Interrupting::new(lambda, mu, c).ok_or_else(out_of_range)?;
    let mean = queue.sojourn();
    let variance = if c == 1 {
        let flow = Flow::exponential(lambda, mu);
        lcfs::interrupting_sojourn(&flow, &[flow]).variance
    } else {
        Some(queue.second_moment() - mean * mean)
    };
    let method = "M/M/c last come first served, preemptive resume; wait until the first start (Kelly 1979, sec. 3.3)";
    let steady =
        exponential("last come first served, preemptive", rates, Moments::ZERO, Moments { mean, variance }, method);
    Ok(Steady { sojourn_law: Some(queue.sojourn_law()), prob_wait: Some(0.0), ..steady })
}

/// M/G/1 last come first served, interrupting.
pub(super) fn lcfs_interrupting(station: &Station) -> Result<Steady, Refusal> {
    let line = OneServer::read(station, Discipline::LcfsPreemptive)?;
    let (lambda, rho) = (line.lambda, line.rho);
    let method = "M/G/1 last come first served, preemptive resume: a busy period (Kleinrock 1975, sec. 5.8)";
    let steady = line.steady("M/G/1 last come first served, preemptive", method, |(class, flow)| {
        let sojourn = lcfs::interrupting_sojourn(flow, &line.flows);
        Ok(parts::class(&class.name, flow, Moments::ZERO, product(sojourn.mean, rho), sojourn))
    })?;
    let sojourn_law = match station.service.law() {
        Some(&Dist::Deterministic(d)) if station.features.classes.is_empty() => {
            let survival = move |t| super::busy::constant_survival(lambda, d, t);
            Some(TimeLaw::computed(d / (1.0 - rho), "busy period of M/D/1 (Borel 1942)", survival))
        }
        _ => None,
    };
    // One is served, however many were interrupted.
    let number_law = Some(insensitive(rho).waiting_for(1));
    Ok(Steady { details: vec![slowdown(rho)], prob_wait: Some(0.0), sojourn_law, number_law, ..steady })
}

/// M/M/c random order.
pub(super) fn random_mmc(station: &Station) -> Result<Steady, Refusal> {
    let rates @ (lambda, mu, c) = stable_exponential(station, Discipline::Random)?;
    let queue = RandomOrder::new(lambda, mu, c).ok_or_else(out_of_range)?;
    let steady = waiting_mmc("random order", rates, queue.wait(), "M/M/c random order (Riordan 1962, sec. 6.3)");
    Ok(Steady { wait_law: Some(queue.wait_law()), ..steady })
}

/// M/G/1 random order.
pub(super) fn random_mg1(station: &Station) -> Result<Steady, Refusal> {
    let flow = parts::flow(station, Discipline::Random)?;
    Ok(waiting("random order", &flow, random_order::wait(&flow), "M/G/1 random order (Takacs 1963)"))
}
