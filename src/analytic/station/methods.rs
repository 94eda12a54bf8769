//! From a station to its formula: one function a method, which checks what the formula assumes and
//! refuses what it does not know.

use super::erlang_a::ErlangA;
use super::finite_source::FiniteSource;
use super::gimc::Gimc;
use super::impatient::Impatient;
use super::loss::pure_loss;
use super::mdc::Mdc;
use super::mg1::Mg1;
use super::mg1k::Mg1k;
use super::mginf::MgInf;
use super::mm1::Mm1;
use super::mmc::Mmc;
use super::mmck::Mmck;
use super::ttl::Ttl;
use crate::analytic::kendall::symbol;
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Discipline, Input, Patience, Station, StationFeature, Work};
use crate::analytic::refusal::{ArrivalsWanted, Counted, ServiceWanted};
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::dist::Dist;
use crate::model::capacity::keeps_pace;

/// Most servers for which constant service is solved.
const MOST_SERVERS_MDC: u64 = 5000;
/// Most servers for which renewal arrivals are solved.
const MOST_SERVERS_GIMC: u64 = 100_000;
/// Most places for which one server with any service law is solved.
const MOST_PLACES_MG1K: u64 = 3000;
/// Most places for which messages with limited patience are counted state by state.
const MOST_PLACES_IMPATIENT: u64 = 10_000_000;
/// Largest population for which states are counted one by one.
const MOST_STATES: u64 = 50_000_000;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[
    Method::exact(MethodId::Mm1, mm1).with_poisson_departures(),
    Method::exact(MethodId::Mmc, mmc).with_poisson_departures(),
    Method::exact(MethodId::MgInf, mginf).with_poisson_departures(),
    Method::exact(MethodId::ErlangB, loss),
    Method::exact(MethodId::Mmck, mmck),
    Method::exact(MethodId::FiniteSource, finite_source),
    Method::exact(MethodId::ErlangA, erlang_a),
    Method::exact(MethodId::ErlangALimited, erlang_a_limited),
    Method::exact(MethodId::Ttl, ttl),
    Method::exact(MethodId::Mg1, mg1),
    Method::exact(MethodId::Mg1k, mg1k),
    Method::exact(MethodId::Mdc, mdc),
    Method::exact(MethodId::Gimc, gimc),
    Method::exact(MethodId::Ddc, ddc),
    Method::exact(MethodId::PollaczekKhinchine, pollaczek_khinchine),
];

/// First in first out, with none but these features.
fn plain(station: &Station, features: &[StationFeature]) -> Result<(), Refusal> {
    station.only(features)?;
    station.served(Discipline::Fcfs)
}

/// Rates of Poisson arrivals and exponential service.
fn rates(station: &Station) -> Result<(f64, f64), Refusal> {
    Ok((station.poisson()?, station.exponential()?))
}

/// Rates and number of servers of M/M/c but for these features.
fn mmc_with(station: &Station, features: &[StationFeature]) -> Result<(f64, f64, u32), Refusal> {
    plain(station, features)?;
    let (lambda, mu) = rates(station)?;
    Ok((lambda, mu, station.limited_servers()?))
}

fn mm1(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    station.single_server()?;
    let (lambda, mu) = rates(station)?;
    Ok(Mm1::new(lambda, mu)?.steady())
}

fn mmc(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, mu, c) = mmc_with(station, &[])?;
    Ok(Mmc::new(lambda, mu, c)?.steady())
}

fn mginf(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    if let Some(c) = station.c() {
        return Err(Refusal::Assumption(format!("there are {c} servers, not as many as messages")));
    }
    Ok(MgInf::of_work(station.poisson()?, &station.service).steady())
}

fn loss(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[StationFeature::LimitedPlaces])?;
    let (c, lambda) = (station.limited_servers()?, station.poisson()?);
    match station.limited_places()? {
        places if places == u64::from(c) => Ok(pure_loss(lambda, &station.service, c)),
        places => Err(Refusal::Assumption(format!("of {places} places {} are for waiting", places - u64::from(c)))),
    }
}

fn mmck(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, mu, c) = mmc_with(station, &[StationFeature::LimitedPlaces])?;
    Ok(Mmck::new(lambda, mu, c, station.limited_places()?).steady())
}

fn finite_source(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[StationFeature::LimitedPlaces, StationFeature::FinitePopulation])?;
    let (lambda, mu) = rates(station)?;
    let population = station.population.ok_or(Refusal::Missing(StationFeature::FinitePopulation))?;
    Counted::Sources.at_most(population, MOST_STATES)?;
    // With as many servers as sources nobody waits either.
    let c = station.c().unwrap_or(population as u32);
    Ok(FiniteSource::new(lambda, mu, c, station.places, population).steady())
}

/// Rate at which a waiting message gives up, if patience is exponential.
fn abandonment(station: &Station) -> Result<f64, Refusal> {
    match station.features.patience {
        Some(Patience::Exponential(mean)) => Ok(1.0 / mean),
        Some(Patience::Deterministic(time)) => {
            Err(Refusal::Assumption(format!("patience is the same {time} s for all, not exponential")))
        }
        None => Err(Refusal::Missing(StationFeature::Patience)),
    }
}

fn erlang_a(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, mu, c) = mmc_with(station, &[StationFeature::Patience])?;
    Ok(ErlangA::new(lambda, mu, abandonment(station)?, c).steady())
}

fn erlang_a_limited(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, mu, c) = mmc_with(station, &[StationFeature::Patience, StationFeature::LimitedPlaces])?;
    let theta = abandonment(station)?;
    let places = station.limited_places()?;
    Counted::Places.at_most(places, MOST_PLACES_IMPATIENT)?;
    Ok(Impatient::new(lambda, mu, theta, c, places).steady())
}

fn ttl(station: &Station) -> Result<Steady, Refusal> {
    let (lambda, mu, c) = mmc_with(station, &[StationFeature::Patience])?;
    match station.features.patience {
        Some(Patience::Deterministic(time)) => Ok(Ttl::new(lambda, mu, c, time).steady()),
        Some(Patience::Exponential(mean)) => {
            Err(Refusal::Assumption(format!("patience is exponential of mean {mean} s, not the same for all")))
        }
        None => Err(Refusal::Missing(StationFeature::Patience)),
    }
}

fn mg1(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    station.single_server()?;
    let (lambda, law) = (station.poisson()?, station.law()?);
    let kendall = format!("M/{}/1", symbol(law));
    if matches!(law, Dist::Coxian(_) | Dist::PhaseType(_)) {
        // The inversion of a law of few phases takes half a second a quantile, its levels microseconds.
        return Err(Refusal::Better(MethodId::MapPhC));
    }
    Ok(Steady { kendall, ..Mg1::new(lambda, law)?.steady() })
}

fn mg1k(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[StationFeature::LimitedPlaces])?;
    station.single_server()?;
    let (lambda, law) = (station.poisson()?, station.law()?);
    let places = station.limited_places()?;
    Counted::Places.at_most(places, MOST_PLACES_MG1K)?;
    if Mg1k::prob_quiet(lambda, law) < 1e-100 {
        let load = station.offered_load();
        return Err(Refusal::Numerics(format!(
            "at {load} erlangs the server is never idle: the chain has no doubles left"
        )));
    }
    let kendall = format!("M/{}/1/{places}", symbol(law));
    Ok(Steady { kendall, ..Mg1k::new(lambda, law, places as u32).steady() })
}

fn mdc(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    let (c, lambda) = (station.limited_servers()?, station.poisson()?);
    let Dist::Deterministic(service) = station.law()? else {
        return Err(station.service_other_than(ServiceWanted::Constant));
    };
    Counted::Servers.at_most(c.into(), MOST_SERVERS_MDC)?;
    Ok(Mdc::new(lambda, *service, c)?.steady())
}

/// The law of the times between arrivals.
fn interval(station: &Station) -> Result<Dist, Refusal> {
    match &station.arrivals {
        Input::Poisson(rate) => Ok(Dist::Exponential(1.0 / rate)),
        Input::Renewal(interval) => Ok(interval.clone()),
        Input::Markov(process) if process.phases == 1 => Ok(Dist::Exponential(1.0 / process.rate())),
        Input::Moments { .. } | Input::Markov(_) | Input::Batches { .. } => {
            Err(station.arrivals_other_than(ArrivalsWanted::Law))
        }
    }
}

fn gimc(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    let (c, mu, interval) = (station.limited_servers()?, station.exponential()?, interval(station)?);
    Counted::Servers.at_most(c.into(), MOST_SERVERS_GIMC)?;
    let kendall = format!("{}/M/{c}", symbol(&interval));
    Ok(Steady { kendall, ..Gimc::new(&interval, mu, c)?.steady() })
}

/// D/D/c: constant times between arrivals and constant service.
///
/// Formula: wait 0 as long as service / interval <= c: the c-th message before has just left.
/// Units: times in seconds.
/// Valid when: the offered load is at most c; the system starts empty. Above it, see `overload`.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 1.2.
fn ddc(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    let (c, law) = (station.limited_servers()?, station.law()?);
    let (Dist::Deterministic(interval), Dist::Deterministic(service)) = (interval(station)?, law) else {
        return Err(Refusal::Assumption("arrivals and service are not both constant".to_string()));
    };
    let offered_load = service / interval;
    // c messages are in service at most if each leaves by the time the c-th after it arrives.
    if !keeps_pace(offered_load, f64::from(c)) {
        return Err(Unstable { offered_load, servers: c }.into());
    }
    let (kendall, rate) = (format!("D/D/{c}"), 1.0 / interval);
    let method = "D/D/c: regular arrivals find a free server each time";
    let steady = Steady::without_wait(kendall, (rate, rate), &station.service, method);
    Ok(Steady { utilization: Some(steady.offered_load / f64::from(c)), ..steady })
}

/// Poisson arrivals and one server, of whose service only mean and scv are known: the mean wait is
/// exact all the same, its law is not known.
fn pollaczek_khinchine(station: &Station) -> Result<Steady, Refusal> {
    plain(station, &[])?;
    station.single_server()?;
    let lambda = station.poisson()?;
    let Work::Moments { mean, scv } = station.service else {
        return Err(Refusal::Better(MethodId::Mg1));
    };
    let rho = lambda * mean;
    Unstable::unless_kept_up(rho, 1)?;
    let wait = Moments::of_mean(super::mg1::mean_wait(lambda, mean, scv));
    let work = Moments::new(mean, scv * mean * mean);
    let method = "Pollaczek-Khinchine mean (Kleinrock 1975, sec. 5.6)";
    Ok(Steady {
        prob_wait: Some(rho),
        details: vec![Detail::mean("scv_service", scv, crate::units::Unit::One)],
        ..Steady::served("M/G/1", lambda, work, wait, Some(1), method)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Servers;

    fn station(arrivals: Input, service: Dist, c: u32) -> Station {
        Station::new(arrivals, Work::Law(service), Servers::Count(c))
    }

    fn first(station: &Station) -> Option<(MethodId, Steady)> {
        METHODS.iter().find_map(|method| Some((method.id, method.solve(station).ok()?)))
    }

    #[test]
    fn each_station_finds_its_method() {
        let (poisson, exponential) = (Input::Poisson(0.8), Dist::Exponential(1.0));
        let of = |arrivals: &Input, service: &Dist, c| station(arrivals.clone(), service.clone(), c);
        let patient = |patience| {
            let mut station = of(&poisson, &exponential, 2);
            station.features.patience = Some(patience);
            station
        };
        let constant = Dist::Deterministic(1.0);
        let even = Input::Renewal(Dist::Deterministic(1.0));
        let moments = Station::new(poisson.clone(), Work::Moments { mean: 1.0, scv: 4.0 }, Servers::Count(1));
        let cases = [
            ("mm1", of(&poisson, &exponential, 1)),
            ("mmc", of(&poisson, &exponential, 2)),
            ("mginf", Station { servers: Servers::Unlimited, ..of(&poisson, &constant, 1) }),
            ("erlang-b", Station { places: Some(2), ..of(&poisson, &constant, 2) }),
            ("mmck", Station { places: Some(5), ..of(&poisson, &exponential, 2) }),
            ("finite-source", Station { population: Some(5), ..of(&poisson, &exponential, 2) }),
            ("erlang-a", patient(Patience::Exponential(3.0))),
            ("erlang-a-limited", Station { places: Some(6), ..patient(Patience::Exponential(3.0)) }),
            ("ttl", patient(Patience::Deterministic(3.0))),
            ("mg1", of(&poisson, &constant, 1)),
            ("mg1k", Station { places: Some(4), ..of(&poisson, &constant, 1) }),
            ("mdc", of(&poisson, &constant, 2)),
            ("gimc", of(&even, &exponential, 2)),
            ("ddc", of(&even, &constant, 1)),
            ("pollaczek-khinchine", moments),
        ];
        for (name, station) in cases {
            let (found, steady) = first(&station).unwrap_or_else(|| panic!("nothing solves {name}"));
            assert_eq!(found.to_string(), name);
            let little = steady.in_system - steady.queue_length - steady.throughput * steady.service;
            assert!(little.abs() < 1e-9, "{name}: {little}");
        }
    }
}
