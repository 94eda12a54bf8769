//! What a station must be for each formula of this module, and its answer as a record.

use super::breakdown::BreakdownQueue;
use super::fleet::{Fleet, MOST_SERVERS};
use super::start::StartQueue;
use super::vacation::VacationQueue;
use crate::analytic::kendall::{exponential_mean, m_or_g};
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{AfterRepair, Breakdowns, Discipline, Station, StationFeature};
use crate::analytic::refusal::{Counted, Instability};
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::dist::Dist;
use crate::model::capacity::keeps_up;
use crate::units::Unit;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[
    Method::exact(MethodId::Vacation, vacation),
    Method::exact(MethodId::SetUp, late_start),
    Method::exact(MethodId::Breakdowns, breakdowns),
    Method::exact(MethodId::Fleet, fleet),
];

/// Arrival rate and service law of a plain M/G/1 but for one feature.
fn mg1<'s>(station: &'s Station, features: &[StationFeature]) -> Result<(f64, &'s Dist), Refusal> {
    station.only(features)?;
    station.single_server()?;
    station.served(Discipline::Fcfs)?;
    let lambda = station.poisson()?;
    Ok((lambda, station.law()?))
}

fn vacation(station: &Station) -> Result<Steady, Refusal> {
    let vacation = station.features.vacation.as_ref().ok_or(Refusal::Missing(StationFeature::Vacations))?;
    let (lambda, service) = mg1(station, &[StationFeature::Vacations])?;
    let queue = VacationQueue::new(lambda, service, &vacation.length, vacation.repeated)?;
    let kind = if vacation.repeated { "repeated" } else { "single" };
    let kendall = format!("M/{}/1 with {kind} vacations", m_or_g(service));
    let method = "M/G/1 with vacations by decomposition (Fuhrmann, Cooper 1985; Levy, Yechiali 1975)";
    let wait = Moments::new(queue.wait(), queue.wait_variance());
    let (wait_law, sojourn_law) = queue.laws();
    Ok(Steady {
        prob_wait: Some(queue.prob_wait()),
        wait_law,
        sojourn_law,
        details: vec![
            Detail::mean("extra_wait", queue.extra_wait(), Unit::Seconds),
            Detail::fraction("p_vacation", queue.prob_away()),
            Detail::fraction("p_n0", queue.prob_empty()),
        ],
        ..Steady::served(kendall, lambda, Moments::of(service), wait, Some(1), method)
    })
}

fn late_start(station: &Station) -> Result<Steady, Refusal> {
    let features = &station.features;
    if features.setup.is_none() && features.threshold.is_none() {
        return Err(Refusal::Missing(StationFeature::SetUpTimes));
    }
    let (lambda, service) = mg1(station, &[StationFeature::SetUpTimes, StationFeature::StartThreshold])?;
    let setup = features.setup.clone().unwrap_or(Dist::Deterministic(0.0));
    let threshold = features.threshold.unwrap_or(1);
    let queue = StartQueue::new(lambda, service, threshold, &setup)?;
    let kendall =
        format!("M/{}/1 that starts with {threshold} message(s) and a set-up of {} s", m_or_g(service), setup.mean());
    let method = "M/G/1 with set-up and threshold by decomposition (Welch 1964; Yadin, Naor 1963)";
    let wait = Moments::new(queue.wait(), queue.wait_variance());
    let (wait_law, sojourn_law) = queue.laws();
    Ok(Steady {
        prob_wait: Some(queue.prob_wait()),
        wait_law,
        sojourn_law,
        details: vec![
            Detail::mean("extra_wait", queue.extra_wait(), Unit::Seconds),
            Detail::fraction("p_setup", queue.prob_setup()),
            Detail::fraction("p_n0", queue.prob_empty()),
            Detail::mean("start_rate", queue.start_rate(), Unit::PerSecond),
            Detail::mean("busy_period", queue.busy_period(), Unit::Seconds),
        ],
        ..Steady::served(kendall, lambda, Moments::of(service), wait, Some(1), method)
    })
}

fn failing(station: &Station) -> Result<&Breakdowns, Refusal> {
    station.features.breakdowns.as_ref().ok_or(Refusal::Missing(StationFeature::Breakdowns))
}

fn breakdowns(station: &Station) -> Result<Steady, Refusal> {
    let failing = failing(station)?;
    let (lambda, service) = mg1(station, &[StationFeature::Breakdowns])?;
    let queue = BreakdownQueue::new(lambda, service, failing).map_err(|unstable| too_much(unstable, failing))?;
    let completion = queue.completion();
    let whole = Moments::new(completion.mean, completion.variance());
    let wait = Moments { mean: queue.wait(), variance: queue.wait_variance() };
    let (wait_law, sojourn_law) = queue.laws().unzip();
    let kendall = format!("M/{}/1 with breakdowns", m_or_g(service));
    let method = "M/G/1 with breakdowns by completion times (Gaver 1962; Avi-Itzhak, Naor 1963)";
    Ok(Steady {
        wait_law,
        sojourn_law,
        service: service.mean(),
        offered_load: lambda * service.mean(),
        utilization: Some(queue.effective_rho()),
        prob_wait: Some(queue.prob_wait()),
        details: vec![
            Detail::fraction("availability", queue.availability()),
            Detail::fraction("p_down", queue.prob_down()),
            Detail::fraction("p_n0", queue.prob_empty()),
            Detail::fraction("effective_rho", queue.effective_rho()),
            Detail::mean("completion", completion.mean, Unit::Seconds),
            Detail::mean("completion_second_moment", completion.second, Unit::One),
            Detail::mean("failures_per_message", completion.failures, Unit::One),
            Detail::mean("failure_rate", lambda * completion.failures, Unit::PerSecond),
        ],
        ..Steady::served(kendall, lambda, whole, wait, Some(1), method)
    })
}

fn too_much(unstable: crate::analytic::steady::Unstable, failing: &Breakdowns) -> Refusal {
    let load = unstable.offered_load;
    if load.is_finite() {
        return Instability::Interruptions { load }.into();
    }
    Instability::EndlessRepetition { failure_rate: failing.rate }.into()
}

fn fleet(station: &Station) -> Result<Steady, Refusal> {
    let failing = failing(station)?;
    station.only(&[StationFeature::Breakdowns])?;
    station.served(Discipline::Fcfs)?;
    let lambda = station.poisson()?;
    let mu = station.exponential()?;
    let c = station.limited_servers()?;
    Counted::Servers.at_most(c.into(), MOST_SERVERS.into())?;
    let repair = exponential_mean(&failing.repair).ok_or_else(|| {
        format!("repairs are {} with scv {}, not exponential", failing.repair.name(), failing.repair.scv())
    })?;
    let eta = 1.0 / repair;
    if !eta.is_finite() {
        return Err(Refusal::Assumption("repairs take no time: leave the failures out".to_string()));
    }
    if failing.after == AfterRepair::RepeatIdentical {
        return Err(Refusal::Assumption("interrupted work repeats with the same time".to_string()));
    }
    let queue = Fleet::new(lambda, mu, c, failing.rate, eta, failing.when_idle).map_err(|unstable| {
        if keeps_up(unstable.offered_load, f64::from(c)) {
            Refusal::Numerics("the rates lie too far apart for the matrices of the fleet".to_string())
        } else {
            Refusal::from(unstable)
        }
    })?;
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
    let (service, wait) = (Moments::of_mean(1.0 / mu), Moments::of_mean(queue.queue_length() / lambda));
    let method = "M/M/c with breakdowns, matrix-geometric (Mitrany, Avi-Itzhak 1968; Neuts, Lucantoni 1979)";
    Steady {
        offered_load: lambda / mu,
        utilization: Some(queue.busy() / f64::from(c)),
        prob_wait: Some(queue.prob_wait()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        sojourn: Some(Moments::of_mean(queue.sojourn())),
        details,
        ..Steady::carried(format!("M/M/{c} with breakdowns"), (lambda, lambda), service, wait, method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::{Features, Input, Vacation, Work};
    use crate::model::Servers;

    fn station(lambda: f64, service: Dist, features: Features) -> Station {
        Station { features, ..Station::new(Input::Poisson(lambda), Work::Law(service), Servers::Count(1)) }
    }

    fn down(rate: f64, repair: Dist) -> Features {
        let breakdowns = Breakdowns { rate, repair, when_idle: true, after: AfterRepair::Resume };
        Features { breakdowns: Some(breakdowns), ..Features::default() }
    }

    fn away(length: Dist) -> Features {
        Features { vacation: Some(Vacation { length, repeated: true }), ..Features::default() }
    }

    #[test]
    fn what_has_no_moment_is_infinite() {
        let heavy = Dist::pareto(0.2, 1.5).unwrap();
        let steady = breakdowns(&station(0.5, heavy.clone(), down(0.1, Dist::Exponential(1.0)))).unwrap();
        assert_eq!(steady.sojourn.unwrap().mean, f64::INFINITY);
        let steady = vacation(&station(0.5, Dist::Exponential(1.0), away(heavy))).unwrap();
        assert_eq!(steady.wait.unwrap().mean, f64::INFINITY);
    }

    #[test]
    fn one_server_of_a_fleet_is_the_breakdown_queue() {
        let one = station(0.5, Dist::Exponential(1.0), down(0.1, Dist::Exponential(2.0)));
        let (a, b) = (breakdowns(&one).unwrap(), fleet(&one).unwrap());
        assert!((a.in_system / b.in_system - 1.0).abs() < 1e-11);
        let of = |steady: &Steady, name: &str| steady.details.iter().find(|d| d.name == name).unwrap().value;
        for name in ["availability", "p_down", "p_n0", "effective_rho"] {
            assert!((of(&a, name) / of(&b, name) - 1.0).abs() < 1e-10, "{name}");
        }
    }
}
