//! From a station with few places or little patience to its approximations, each as a method of its own name.

use super::finite::FiniteQueue;
use super::fit::in_phases;
use super::methods::{finite_variances, kendall};
use super::two_moments::TwoMoments;
use crate::analytic::matrix::blocks::LevelBlocks;
use crate::analytic::matrix::impatient::ImpatientQueue;
use crate::analytic::matrix::map_ph_c_k::MapPhCK;
use crate::analytic::matrix::phase::{Map, PhaseLaw};
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Discipline, Input, Station, StationFeature};
use crate::analytic::refusal::{ArrivalsWanted, Counted};
use crate::analytic::steady::{Moments, Steady};

/// Most places whose probabilities are computed one by one.
const MOST_PLACES: u64 = 1_000_000;
/// Operations at most for fitted laws: a second or two.
const MOST_WORK: f64 = 3e9;

/// The methods of this module, in the order in which they are tried.
pub const LIMITED: &[Method] = &[
    Method::approximation(MethodId::PhaseFit, phase_fit),
    Method::approximation(MethodId::ChoiKimChae, choi_kim_chae),
    Method::approximation(MethodId::Whitt2005, whitt_2005),
];

/// In order of arrival, with none but these features.
fn plain(station: &Station, features: &[StationFeature]) -> Result<u32, Refusal> {
    station.only(features)?;
    station.served(Discipline::Fcfs)?;
    station.limited_servers()
}

/// The arrivals in phases, perhaps other ones with the same two moments.
fn arrivals(station: &Station) -> Result<Map, Refusal> {
    let rate = station.arrivals.rate();
    match &station.arrivals {
        Input::Poisson(rate) => Map::poisson(*rate),
        Input::Renewal(interval) => Map::renewal(&in_phases(Some(interval), interval.mean(), interval.scv())?),
        Input::Moments { scv, .. } => Map::renewal(&in_phases(None, 1.0 / rate, *scv)?),
        Input::Markov(process) => Map::of(process),
        Input::Batches { .. } => Err(station.arrivals_other_than(ArrivalsWanted::Independent)),
    }
}

/// The service in phases, perhaps another one with the same two moments.
fn service(station: &Station) -> Result<PhaseLaw, Refusal> {
    in_phases(station.service.law(), station.service.mean(), station.service.scv())
}

fn phase_fit(station: &Station) -> Result<Steady, Refusal> {
    let c = plain(station, &[StationFeature::LimitedPlaces])?;
    let places = station.limited_places()?;
    let (map, service) = (arrivals(station)?, service(station)?);
    let states = LevelBlocks::new(map.clone(), service.clone(), c)?.states(places) as f64;
    if 12.0 * states.powi(3) * places as f64 > MOST_WORK {
        return Err(Refusal::Numerics(format!("{places} levels of {states} states take too long")));
    }
    let solved = MapPhCK::new(map, service, c, places)?;
    let method = "PH/PH/c/K of the same two moments (Tijms 2003, app. B)";
    let steady = Steady { number_law: Some(solved.number_law()), ..solved.steady() };
    let (wait, sojourn) = (steady.wait.map(mean_only), steady.sojourn.map(mean_only));
    let kendall = format!("{}/{places}", kendall(station, c));
    Ok(Steady { kendall, method, wait, sojourn, wait_law: None, sojourn_law: None, ..steady })
}

/// Higher moments depend on more than two moments of the laws.
fn mean_only(moments: Moments) -> Moments {
    Moments::of_mean(moments.mean)
}

fn choi_kim_chae(station: &Station) -> Result<Steady, Refusal> {
    let c = plain(station, &[StationFeature::LimitedPlaces])?;
    let places = station.limited_places()?;
    Counted::Places.at_most(places, MOST_PLACES)?;
    let arrival_scv = station.arrivals.scv().ok_or_else(|| station.arrivals_other_than(ArrivalsWanted::Independent))?;
    let (lambda, service) = (station.arrivals.rate(), station.service.mean());
    let queue = finite_variances(TwoMoments { lambda, service, c, arrival_scv, service_scv: station.service.scv() })?;
    let solved = FiniteQueue::new(&queue, places)?;
    let throughput = lambda * solved.prob_accepted();
    let wait = Moments::of_mean(solved.queue_length() / throughput);
    let work = Moments::new(service, queue.service_variance());
    let method = "Choi, Kim and Chae (2005), residual times; times of accepted messages";
    Ok(Steady {
        utilization: Some(throughput * service / f64::from(c)),
        prob_wait: Some(solved.prob_wait()),
        prob_loss: Some(solved.prob_loss()),
        number_law: Some(solved.number_law()),
        ..Steady::carried(format!("{}/{places}", kendall(station, c)), (lambda, throughput), work, wait, method)
    })
}

/// G/G/c+P and G/G/c/K+P by Whitt: messages that give up waiting, the service law replaced by the exponential one of the
/// same mean, arrivals and patience left as they are.
///
/// Formula: that of `map-m-c-impatient`, MAP/M/c/K+P by levels. Arrivals that are of no phase type, or known by rate and
/// scv only, are replaced by those of `phase-fit`; without Poisson arrivals and with one patience for all, the rates
/// at which messages give up are those of Poisson arrivals.
/// Units: rates per second, times in seconds; lost, abandoning and served are shares of all messages.
/// Valid when: first in first out, a message in service is finished; any load. Made for many servers.
/// Accuracy: measured with laws E4, M, H2 (scv 0.25, 1, 4) of arrivals and E4, H2 of services, at loads of 0.7, 1 and 1.3,
/// patience of one and of five services, K = c + 6 and no limit. The share that gives up is off by 0.03 on average
/// (0.07 at most) at one server, 0.01 (0.03) at 4 and 0.003 (0.016) at 20 if patience is exponential, by 0.04
/// (0.10), 0.013 (0.05) and 0.002 (0.02) if it is the same for all: too much where services are regular, too little
/// where they vary, most near load 1. Lq: off by 6 % on average, by 45 % at most; the wait of the served by 0.25
/// services on average at one server of common patience, by 0.1 or less otherwise. With exponential service, common
/// patience and arrivals that are not Poisson: shares by 0.003 on average, by 0.024 at most.
/// Reference: Whitt, Engineering solution of a basic call-center model, Management Science 51 (2005).
fn whitt_2005(station: &Station) -> Result<Steady, Refusal> {
    let c = plain(station, &[StationFeature::Patience, StationFeature::LimitedPlaces])?;
    let patience = station.features.patience.ok_or(Refusal::Missing(StationFeature::Patience))?;
    let (map, mean) = (arrivals(station)?, station.service.mean());
    let solved = ImpatientQueue::new(&map, 1.0 / mean, c, station.places, patience)?.steady(&kendall(station, c));
    let method = "exponential service for any (Whitt 2005), MAP/M/c/K+P by levels; times of served messages";
    Ok(Steady { method, ..solved })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::plan::{plan, plan_by};
    use crate::analytic::problem::{Patience, Work};
    use crate::analytic::testing::{TwoStages, TwoStagesFound, assert_close as close};
    use crate::dist::Dist;
    use crate::model::Servers;

    fn station(arrivals: Dist, service: Dist, c: u32, places: Option<u64>, patience: Option<Patience>) -> Station {
        let plain = Station::new(Input::Renewal(arrivals), Work::Law(service), Servers::Count(c));
        let mut station = Station { places, ..plain };
        station.features.patience = patience;
        station
    }

    fn by(method: MethodId, station: &Station) -> Steady {
        plan_by(station, method).unwrap().answers.remove(0).steady
    }

    fn erlang(k: u32, mean: f64) -> Dist {
        Dist::erlang(k, mean).unwrap()
    }

    fn lognormal(mean: f64, scv: f64) -> Dist {
        Dist::lognormal(mean, scv).unwrap()
    }

    #[test]
    fn laws_in_phases_are_solved_as_they_are() {
        let few = station(erlang(2, 0.5), erlang(3, 1.0), 2, Some(5), None);
        let (fitted, exact) = (by(MethodId::PhaseFit, &few), plan(&few).unwrap());
        assert!(exact.is_exact());
        close(fitted.prob_loss.unwrap(), exact.best().steady.prob_loss.unwrap(), 1e-12);
        let moments = Station {
            arrivals: Input::Moments { rate: 2.0, scv: 0.5 },
            service: Work::Moments { mean: 1.0, scv: 1.0 / 3.0 },
            ..few
        };
        close(by(MethodId::PhaseFit, &moments).wait.unwrap().mean, fitted.wait.unwrap().mean, 1e-9);
        let names: Vec<MethodId> = plan(&moments).unwrap().answers.iter().map(|answer| answer.method.id).collect();
        assert_eq!(names, [MethodId::PhaseFit, MethodId::ChoiKimChae]);
    }

    /// (lost, number waiting) of two stations with lognormal laws, by `lindley run --precision 0.3%`, seed 1: half-widths
    /// 0.0009 and 0.02.
    #[test]
    fn few_places_as_simulated() {
        let four = station(lognormal(0.25, 2.0), lognormal(1.0, 0.5), 4, Some(20), None);
        let (lost, waiting) = (0.06176, 7.370);
        for (method, losses, lengths) in [(MethodId::PhaseFit, 0.003, 0.03), (MethodId::ChoiKimChae, 0.003, 0.08)] {
            let found = by(method, &four);
            assert!((found.prob_loss.unwrap() - lost).abs() < losses, "{found:?}");
            assert!((found.queue_length / waiting - 1.0).abs() < lengths, "{found:?}");
        }
        let twenty = station(lognormal(0.05, 4.0), lognormal(1.0, 0.25), 20, Some(30), None);
        assert!(plan_by(&twenty, MethodId::PhaseFit).is_err()); // too many states
        assert!((by(MethodId::ChoiKimChae, &twenty).prob_loss.unwrap() - 0.10581).abs() < 0.01);
        // Power twin: M/M/c/K, which knows no variability, is further off in both.
        let plain = |c, places| crate::analytic::station::mmck::Mmck::new(f64::from(c), 1.0, c, places);
        assert!((plain(4, 20).prob_loss() - lost).abs() > 0.009);
        assert!((plain(20, 30).prob_loss() - 0.10581).abs() > 0.03);
    }

    /// Shares that give up and numbers waiting, simulated likewise (half-widths 0.001 and 0.02).
    #[test]
    fn common_patience_as_simulated() {
        let time = Some(Patience::Deterministic(1.0));
        let regular = station(erlang(4, 0.25), erlang(4, 1.0), 4, Some(10), time);
        let varied = Dist::hyperexponential_balanced(1.0, 4.0).unwrap();
        let many = station(Dist::Exponential(0.05), varied, 20, Some(120), time);
        for (station, gives_up, waiting) in [(regular, 0.05342, 1.5764), (many, 0.05543, 7.942)] {
            let found = by(MethodId::Whitt2005, &station);
            assert!((found.prob_abandon.unwrap() - gives_up).abs() < 0.045, "{found:?}");
            assert!((found.queue_length / waiting - 1.0).abs() < 0.11, "{found:?}");
            assert!(!plan(&station).unwrap().is_exact());
            // Power twin: twice the patience is another station.
            let mut patient = station.clone();
            patient.features.patience = Some(Patience::Deterministic(2.0));
            assert!((by(MethodId::Whitt2005, &patient).queue_length / waiting - 1.0).abs() > 0.3);
        }
    }

    /// E2/E2/2/6+M, the servers told apart by stage, at three loads: what gives up and is lost, and the twin of another patience.
    #[test]
    fn giving_up_by_a_chain_of_its_own() {
        for lambda in [1.4, 2.0, 2.6] {
            let theta = 0.5;
            let TwoStagesFound { lost, gives_up, .. } = TwoStages { lambda, room: 4, theta }.solve();
            let found = |patience: f64| {
                let patience = Some(Patience::Exponential(patience));
                by(MethodId::Whitt2005, &station(erlang(2, 1.0 / lambda), erlang(2, 1.0), 2, Some(6), patience))
            };
            let near = found(1.0 / theta);
            assert!((near.prob_loss.unwrap() - lost).abs() < 0.0125, "{lambda}: {near:?} {lost}");
            assert!((near.prob_abandon.unwrap() - gives_up).abs() < 0.0175, "{lambda}: {near:?} {gives_up}");
            assert!((found(0.3).prob_abandon.unwrap() - gives_up).abs() > 0.03);
        }
    }

    #[test]
    fn what_no_method_is_for_is_refused() {
        let heavy = station(Dist::pareto(1.0, 1.5).unwrap(), Dist::Exponential(1.0), 2, Some(9), None);
        assert!(plan_by(&heavy, MethodId::PhaseFit).is_err() && plan_by(&heavy, MethodId::ChoiKimChae).is_err());
        let batches = Input::Batches { rate: 1.0, size: crate::dist::Count::constant(3).unwrap() };
        let batches = Station { arrivals: batches, ..station(erlang(2, 1.0), erlang(2, 1.0), 2, Some(9), None) };
        for method in LIMITED {
            assert!(method.solve(&batches).is_err(), "{}", method.id);
        }
        let random =
            Station { discipline: Discipline::Random, ..station(erlang(2, 1.0), erlang(2, 1.0), 2, Some(9), None) };
        assert!(LIMITED.iter().all(|method| method.solve(&random).is_err()));
    }
}
