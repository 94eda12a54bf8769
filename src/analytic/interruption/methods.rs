//! What a station must be for each formula of this module, and its answer as a record. Knows the
//! assumptions, no formula.

use super::breakdown::BreakdownQueue;
use super::fleet::{Fleet, MOST_SERVERS};
use super::start::StartQueue;
use super::vacation::VacationQueue;
use crate::analytic::method::{Method, Refusal};
use crate::analytic::problem::{AfterRepair, Breakdowns, Discipline, Station};
use crate::analytic::station::exponential_mean;
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::dist::Dist;
use crate::row::Source;
use crate::units::Unit;

/// In the order in which they are tried.
pub(super) const METHODS: &[Method] = &[
    Method { name: "vacation", source: Source::Exact, solve: vacation },
    Method { name: "set-up", source: Source::Exact, solve: late_start },
    Method { name: "breakdowns", source: Source::Exact, solve: breakdowns },
    Method { name: "fleet", source: Source::Exact, solve: fleet },
];

/// Refuses a rate that is no rate > 0.
pub(super) fn positive(name: &str, rate: f64) -> Result<f64, Refusal> {
    if rate > 0.0 && rate.is_finite() {
        Ok(rate)
    } else {
        Err(Refusal::Invalid(format!("the {name} is {rate}, and must be positive and finite")))
    }
}

/// Refuses a law without a finite mean.
pub(super) fn finite_mean(name: &str, law: &Dist) -> Result<(), Refusal> {
    let mean = law.mean();
    if mean.is_finite() && mean >= 0.0 {
        Ok(())
    } else {
        Err(Refusal::Invalid(format!("the mean {name} is {mean} s, and must be finite")))
    }
}

/// Arrival rate and service law of a plain M/G/1 but for one feature.
fn mg1<'s>(station: &'s Station, features: &[&str]) -> Result<(f64, &'s Dist), Refusal> {
    station.only(features)?;
    station.single_server()?;
    station.served(Discipline::Fcfs)?;
    let lambda = positive("arrival rate", station.poisson()?)?;
    let service = station.law()?;
    finite_mean("service time", service)?;
    Ok((lambda, service))
}

fn letter(law: &Dist) -> &'static str {
    if exponential_mean(law).is_some() { "M" } else { "G" }
}

fn moments(mean: f64, variance: impl Into<Option<f64>>) -> Moments {
    Moments { mean, variance: variance.into() }
}

fn vacation(station: &Station) -> Result<Steady, Refusal> {
    let Some(vacation) = &station.features.vacation else {
        return Err(Refusal::Assumption("the station has no vacations".to_string()));
    };
    let (lambda, service) = mg1(station, &["vacations"])?;
    finite_mean("vacation", &vacation.length)?;
    if vacation.length.mean() == 0.0 {
        return Err(Refusal::Invalid("vacations have mean 0: leave them out".to_string()));
    }
    let queue = VacationQueue::new(lambda, service, &vacation.length, vacation.repeated)?;
    let kind = if vacation.repeated { "repeated" } else { "single" };
    Ok(Steady {
        wait_law: queue.wait_law(),
        prob_wait: Some(queue.prob_wait()),
        sojourn: Some(moments(queue.sojourn(), queue.sojourn_variance())),
        details: vec![
            Detail::mean("extra_wait", queue.extra_wait(), Unit::Seconds),
            Detail::fraction("p_vacation", queue.prob_away()),
            Detail::fraction("p_n0", queue.prob_empty()),
        ],
        ..Steady::served(
            format!("M/{}/1 with {kind} vacations", letter(service)),
            lambda,
            moments(service.mean(), service.variance()),
            moments(queue.wait(), queue.wait_variance()),
            Some(1),
            "M/G/1 with vacations by decomposition (Fuhrmann, Cooper 1985; Levy, Yechiali 1975)",
        )
    })
}

fn late_start(station: &Station) -> Result<Steady, Refusal> {
    let features = &station.features;
    if features.setup.is_none() && features.threshold.is_none() {
        return Err(Refusal::Assumption("the station has neither set-up times nor a start threshold".to_string()));
    }
    let (lambda, service) = mg1(station, &["set-up times", "a start threshold"])?;
    let setup = features.setup.clone().unwrap_or(Dist::Deterministic(0.0));
    finite_mean("set-up time", &setup)?;
    let threshold = features.threshold.unwrap_or(1);
    if threshold == 0 {
        return Err(Refusal::Invalid(
            "the server starts when 0 messages wait; the threshold is at least 1".to_string(),
        ));
    }
    let queue = StartQueue::new(lambda, service, threshold, &setup)?;
    Ok(Steady {
        wait_law: queue.wait_law(),
        prob_wait: Some(queue.prob_wait()),
        sojourn: Some(moments(queue.sojourn(), queue.sojourn_variance())),
        details: vec![
            Detail::mean("extra_wait", queue.extra_wait(), Unit::Seconds),
            Detail::fraction("p_setup", queue.prob_setup()),
            Detail::fraction("p_n0", queue.prob_empty()),
            Detail::mean("start_rate", queue.start_rate(), Unit::PerSecond),
            Detail::mean("busy_period", queue.busy_period(), Unit::Seconds),
        ],
        ..Steady::served(
            format!(
                "M/{}/1 that starts with {threshold} message(s) and a set-up of {} s",
                letter(service),
                setup.mean()
            ),
            lambda,
            moments(service.mean(), service.variance()),
            moments(queue.wait(), queue.wait_variance()),
            Some(1),
            "M/G/1 with set-up and threshold by decomposition (Welch 1964; Yadin, Naor 1963)",
        )
    })
}

fn failing(station: &Station) -> Result<&Breakdowns, Refusal> {
    let Some(failing) = &station.features.breakdowns else {
        return Err(Refusal::Assumption("the station has no breakdowns".to_string()));
    };
    if !(failing.rate >= 0.0 && failing.rate.is_finite()) {
        return Err(Refusal::Invalid(format!("the failure rate is {}, and must be finite and >= 0", failing.rate)));
    }
    finite_mean("repair time", &failing.repair)?;
    Ok(failing)
}

fn breakdowns(station: &Station) -> Result<Steady, Refusal> {
    let failing = failing(station)?;
    let (lambda, service) = mg1(station, &["breakdowns"])?;
    let queue = BreakdownQueue::new(lambda, service, failing).map_err(|unstable| too_much(unstable, failing))?;
    let completion = queue.completion();
    let whole = moments(completion.mean, Some(completion.variance()));
    Ok(Steady {
        service: service.mean(),
        offered_load: lambda * service.mean(),
        utilization: Some(queue.effective_rho()),
        prob_wait: Some(queue.prob_wait()),
        sojourn: Some(moments(queue.sojourn(), queue.sojourn_variance())),
        details: vec![
            Detail::fraction("availability", queue.availability()),
            Detail::fraction("p_down", queue.prob_down()),
            Detail::fraction("p_n0", queue.prob_empty()),
            Detail::fraction("effective_rho", queue.effective_rho()),
            Detail::mean("completion", completion.mean, Unit::Seconds),
            Detail::mean("failures_per_message", completion.failures, Unit::One),
        ],
        ..Steady::served(
            format!("M/{}/1 with breakdowns", letter(service)),
            lambda,
            whole,
            moments(queue.wait(), queue.wait_variance()),
            Some(1),
            "M/G/1 with breakdowns by completion times (Gaver 1962; Avi-Itzhak, Naor 1963)",
        )
    })
}

/// Why failures leave no steady state.
fn too_much(unstable: crate::analytic::steady::Unstable, failing: &Breakdowns) -> Refusal {
    let load = unstable.offered_load;
    if load.is_finite() {
        return Refusal::Unstable(format!(
            "with failures and repairs a message occupies the server so long that the load is {load:.6}, not below 1; \
             stable if the arrival rate were divided by more than {load:.6}"
        ));
    }
    Refusal::Unstable(format!(
        "a service that starts again with the same time has an infinite mean completion time at {} failures/s, as its \
         tail falls too slowly; stable at no arrival rate: bound the service time or resume the work",
        failing.rate
    ))
}

fn fleet(station: &Station) -> Result<Steady, Refusal> {
    let failing = failing(station)?;
    station.only(&["breakdowns"])?;
    station.served(Discipline::Fcfs)?;
    let lambda = positive("arrival rate", station.poisson()?)?;
    let mu = positive("service rate", station.exponential()?)?;
    let c = match station.c() {
        None => return Err(Refusal::Assumption("the number of servers is not limited".to_string())),
        Some(0) => return Err(Refusal::Invalid("there is no server".to_string())),
        Some(c) if c > MOST_SERVERS => {
            return Err(Refusal::Assumption(format!("there are {c} servers, more than {MOST_SERVERS}")));
        }
        Some(c) => c,
    };
    let repair = exponential_mean(&failing.repair).ok_or_else(|| {
        format!("repairs are {} with scv {}, not exponential", failing.repair.name(), failing.repair.scv())
    })?;
    if failing.after == AfterRepair::RepeatIdentical {
        return Err(Refusal::Assumption("interrupted work repeats with the same time".to_string()));
    }
    let queue = Fleet::new(lambda, mu, c, failing.rate, 1.0 / repair, failing.when_idle)?;
    Ok(of_fleet(&queue, lambda, mu, c))
}

fn of_fleet(queue: &Fleet, lambda: f64, mu: f64, c: u32) -> Steady {
    let availability = queue.availability();
    let mut details = vec![
        Detail::fraction("availability", availability),
        Detail::fraction("p_down", 1.0 - availability),
        Detail::fraction("p_n0", queue.prob_empty()),
        Detail::fraction("effective_rho", queue.effective_rho()),
        Detail::mean("servers_up", queue.mean_up(), Unit::One),
    ];
    details.extend((0..=c).map(|k| Detail::fraction(format!("p_up_{k}"), queue.prob_up(k))));
    Steady {
        kendall: format!("M/M/{c} with breakdowns"),
        arrival_rate: lambda,
        throughput: lambda,
        offered_load: lambda / mu,
        utilization: Some(queue.busy() / f64::from(c)),
        prob_wait: Some(queue.prob_wait()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        service: 1.0 / mu,
        // Time not in service, interruptions included.
        wait: Some(moments(queue.queue_length() / lambda, None)),
        sojourn: Some(moments(queue.sojourn(), None)),
        details,
        method: "M/M/c with breakdowns, matrix-geometric (Mitrany, Avi-Itzhak 1968; Neuts, Lucantoni 1979)",
        ..Steady::default()
    }
}
