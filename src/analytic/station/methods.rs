//! From a station to its formula: one function a method, which checks what the formula assumes
//! and refuses, in words, what it does not know. Knows no formula itself.

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
use crate::analytic::letters::symbol;
use crate::analytic::method::{Method, Refusal};
use crate::analytic::problem::{Discipline, Input, Patience, Station, Work};
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::dist::Dist;
use crate::row::Source;

/// Most servers for which constant service is solved.
const MOST_SERVERS_MDC: u32 = 5000;
/// Most servers for which renewal arrivals are solved.
const MOST_SERVERS_GIMC: u32 = 100_000;
/// Most places for which one server with any service law is solved.
const MOST_PLACES_MG1K: u32 = 3000;
/// Largest population or number of places for which states are counted one by one.
const MOST_STATES: u64 = 50_000_000;

/// The methods, in the order in which they are tried.
pub(super) const METHODS: &[Method] = &[
    exact("mm1", mm1),
    exact("mmc", mmc),
    exact("mginf", mginf),
    exact("erlang-b", loss),
    exact("mmck", mmck),
    exact("finite-source", finite_source),
    exact("erlang-a", erlang_a),
    exact("erlang-a-limited", erlang_a_limited),
    exact("ttl", ttl),
    exact("mg1", mg1),
    exact("mg1k", mg1k),
    exact("mdc", mdc),
    exact("gimc", gimc),
    exact("ddc", ddc),
    exact("pollaczek-khinchine", pollaczek_khinchine),
];

const fn exact(name: &'static str, solve: fn(&Station) -> Result<Steady, Refusal>) -> Method {
    Method { name, source: Source::Exact, solve }
}

type Solved = Result<Steady, Refusal>;

/// A positive finite number of that name.
fn positive(name: &str, x: f64) -> Result<f64, Refusal> {
    if x > 0.0 && x.is_finite() {
        Ok(x)
    } else {
        Err(Refusal::Invalid(format!("the {name} is {x}: it must be above 0 and finite")))
    }
}

/// First in first out, with none but these features, and numbers that make sense.
fn plain(station: &Station, features: &[&str]) -> Result<(), Refusal> {
    positive("arrival rate", station.arrivals.rate())?;
    positive("mean service time", station.service.mean())?;
    if station.c() == Some(0) {
        return Err(Refusal::Invalid("there is no server: at least one is needed".to_string()));
    }
    if let (Some(places), Some(c)) = (station.places, station.c())
        && places < u64::from(c)
    {
        return Err(Refusal::Invalid(format!(
            "{places} places in the whole system are fewer than the {c} servers, whose messages count"
        )));
    }
    if station.population == Some(0) {
        return Err(Refusal::Invalid("a population of 0 sends nothing: at least one source is needed".to_string()));
    }
    station.only(features)?;
    station.served(Discipline::Fcfs)?;
    Ok(())
}

fn servers(station: &Station) -> Result<u32, Refusal> {
    station.c().ok_or_else(|| Refusal::Assumption("the number of servers is not limited".to_string()))
}

/// Rates of Poisson arrivals and exponential service.
fn rates(station: &Station) -> Result<(f64, f64), Refusal> {
    Ok((positive("arrival rate", station.poisson()?)?, positive("service rate", station.exponential()?)?))
}

fn mm1(station: &Station) -> Solved {
    plain(station, &[])?;
    station.single_server()?;
    let (lambda, mu) = rates(station)?;
    Ok(Mm1::new(lambda, mu)?.steady())
}

fn mmc(station: &Station) -> Solved {
    plain(station, &[])?;
    let ((lambda, mu), c) = (rates(station)?, servers(station)?);
    Ok(Mmc::new(lambda, mu, c)?.steady())
}

fn mginf(station: &Station) -> Solved {
    plain(station, &[])?;
    if let Some(c) = station.c() {
        return Err(Refusal::Assumption(format!("there are {c} servers, not as many as messages")));
    }
    let (lambda, law) = (station.poisson()?, station.law()?);
    let kendall = format!("M/{}/inf", symbol(law));
    Ok(Steady { kendall, ..MgInf::new(lambda, law).steady() })
}

fn loss(station: &Station) -> Solved {
    plain(station, &["a limit on places"])?;
    let (c, lambda, law) = (servers(station)?, station.poisson()?, station.law()?);
    match station.places {
        Some(places) if places == u64::from(c) => Ok(pure_loss(lambda, law, c)),
        Some(places) => {
            Err(Refusal::Assumption(format!("of {places} places {} are for waiting", places - u64::from(c))))
        }
        None => Err(Refusal::Assumption("the places for waiting are not limited".to_string())),
    }
}

fn mmck(station: &Station) -> Solved {
    plain(station, &["a limit on places"])?;
    let ((lambda, mu), c) = (rates(station)?, servers(station)?);
    let places = station.places.ok_or_else(|| "the number of places is not limited".to_string())?;
    Ok(Mmck::new(lambda, mu, c, places).steady())
}

fn finite_source(station: &Station) -> Solved {
    plain(station, &["a limit on places", "a finite population"])?;
    let (lambda, mu) = rates(station)?;
    let population = station.population.ok_or_else(|| "the population is not finite".to_string())?;
    if population > MOST_STATES {
        return Err(Refusal::Assumption(format!(
            "a population of {population} is above {MOST_STATES}: take it as infinite"
        )));
    }
    // With as many servers as sources nobody waits either.
    let c = station.c().unwrap_or(population as u32);
    Ok(FiniteSource::new(lambda, mu, c, station.places, population).steady())
}

/// Rate at which a waiting message gives up, if patience is exponential.
fn abandonment(station: &Station) -> Result<f64, Refusal> {
    match station.features.patience {
        Some(Patience::Exponential(mean)) => Ok(1.0 / positive("mean patience", mean)?),
        Some(Patience::Deterministic(time)) => {
            Err(Refusal::Assumption(format!("patience is the same {time} s for all, not exponential")))
        }
        None => Err(Refusal::Assumption("messages have endless patience".to_string())),
    }
}

fn erlang_a(station: &Station) -> Solved {
    plain(station, &["patience"])?;
    let ((lambda, mu), c) = (rates(station)?, servers(station)?);
    Ok(ErlangA::new(lambda, mu, abandonment(station)?, c).steady())
}

fn erlang_a_limited(station: &Station) -> Solved {
    plain(station, &["patience", "a limit on places"])?;
    let ((lambda, mu), c) = (rates(station)?, servers(station)?);
    let theta = abandonment(station)?;
    match station.places {
        Some(places) if places <= MOST_STATES => Ok(Impatient::new(lambda, mu, theta, c, places).steady()),
        Some(places) => {
            Err(Refusal::Assumption(format!("{places} places are above {MOST_STATES}: leave the limit out")))
        }
        None => Err(Refusal::Assumption("the number of places is not limited".to_string())),
    }
}

fn ttl(station: &Station) -> Solved {
    plain(station, &["patience"])?;
    let ((lambda, mu), c) = (rates(station)?, servers(station)?);
    match station.features.patience {
        Some(Patience::Deterministic(time)) => Ok(Ttl::new(lambda, mu, c, positive("time to live", time)?).steady()),
        Some(Patience::Exponential(mean)) => {
            Err(Refusal::Assumption(format!("patience is exponential of mean {mean} s, not the same for all")))
        }
        None => Err(Refusal::Assumption("messages have no time to live".to_string())),
    }
}

fn mg1(station: &Station) -> Solved {
    plain(station, &[])?;
    station.single_server()?;
    let (lambda, law) = (station.poisson()?, station.law()?);
    let kendall = format!("M/{}/1", symbol(law));
    if matches!(law, Dist::Coxian(_) | Dist::PhaseType(_)) {
        // The inversion of a law of few phases takes half a second a quantile, its levels microseconds.
        return Err(Refusal::Assumption(format!("{kendall} is of phase type, which `map-ph-c` solves")));
    }
    Ok(Steady { kendall, ..Mg1::new(lambda, law)?.steady() })
}

fn mg1k(station: &Station) -> Solved {
    plain(station, &["a limit on places"])?;
    station.single_server()?;
    let (lambda, law) = (station.poisson()?, station.law()?);
    let symbol = symbol(law);
    match station.places {
        Some(places) if places > u64::from(MOST_PLACES_MG1K) => {
            Err(Refusal::Assumption(format!("{places} places are more than the {MOST_PLACES_MG1K} this is solved for")))
        }
        Some(_) if Mg1k::prob_quiet(lambda, law) < 1e-100 => {
            let load = station.offered_load();
            Err(Refusal::Assumption(format!(
                "at {load} erlangs the server is never idle: the chain has no doubles left"
            )))
        }
        Some(places) => {
            let kendall = format!("M/{symbol}/1/{places}");
            Ok(Steady { kendall, ..Mg1k::new(lambda, law, places as u32).steady() })
        }
        None => Err(Refusal::Assumption("the number of places is not limited".to_string())),
    }
}

fn mdc(station: &Station) -> Solved {
    plain(station, &[])?;
    let (c, lambda) = (servers(station)?, station.poisson()?);
    match station.law()? {
        Dist::Deterministic(_) if c > MOST_SERVERS_MDC => {
            Err(Refusal::Assumption(format!("{c} servers are more than the {MOST_SERVERS_MDC} this is solved for")))
        }
        Dist::Deterministic(service) => Ok(Mdc::new(lambda, *service, c)?.steady()),
        other => {
            Err(Refusal::Assumption(format!("service is {} with scv {}, not constant", other.name(), other.scv())))
        }
    }
}

/// The law of the times between arrivals.
fn interval(station: &Station) -> Result<Dist, Refusal> {
    match &station.arrivals {
        Input::Poisson(rate) => Ok(Dist::Exponential(1.0 / rate)),
        Input::Renewal(interval) => Ok(interval.clone()),
        Input::Moments { scv, .. } => {
            Err(Refusal::Assumption(format!("of the arrivals only rate and scv {scv} are known, not their law")))
        }
        Input::Markov(process) if process.phases == 1 => Ok(Dist::Exponential(1.0 / process.rate())),
        Input::Markov(_) => Err(Refusal::Assumption("times between arrivals are not independent".to_string())),
        Input::Batches { .. } => Err(Refusal::Assumption("arrivals come in batches".to_string())),
    }
}

fn gimc(station: &Station) -> Solved {
    plain(station, &[])?;
    let (c, mu, interval) = (servers(station)?, station.exponential()?, interval(station)?);
    if c > MOST_SERVERS_GIMC {
        return Err(Refusal::Assumption(format!(
            "{c} servers are more than the {MOST_SERVERS_GIMC} this is solved for"
        )));
    }
    let kendall = format!("{}/M/{c}", symbol(&interval));
    Ok(Steady { kendall, ..Gimc::new(&interval, positive("service rate", mu)?, c)?.steady() })
}

/// D/D/c: constant times between arrivals and constant service.
///
/// Formula: wait 0 as long as service / interval <= c: the c-th message before has just left.
/// Units: times in seconds.
/// Valid when: the offered load is at most c; the system starts empty. Above it, see `overload`.
/// Reference: Kleinrock, Queueing Systems I (1975), sec. 1.2.
fn ddc(station: &Station) -> Solved {
    plain(station, &[])?;
    let (c, law) = (servers(station)?, station.law()?);
    let (Dist::Deterministic(interval), Dist::Deterministic(service)) = (interval(station)?, law) else {
        return Err(Refusal::Assumption("arrivals and service are not both constant".to_string()));
    };
    let offered_load = service / interval;
    // c messages are in service at most if each leaves by the time the c-th after it arrives.
    if offered_load > f64::from(c) {
        return Err(Unstable { offered_load, servers: c }.into());
    }
    let never = Moments { mean: 0.0, variance: Some(0.0) };
    let work = Moments { mean: *service, variance: Some(0.0) };
    let method = "D/D/c: regular arrivals find a free server each time";
    Ok(Steady {
        prob_wait: Some(0.0),
        wait_law: Some(crate::analytic::TimeLaw::Zero),
        sojourn: Some(work),
        sojourn_law: Some(crate::analytic::TimeLaw::Service(law.clone())),
        ..Steady::served(format!("D/D/{c}"), 1.0 / interval, work, never, Some(c), method)
    })
}

/// Poisson arrivals and one server, of whose service only mean and scv are known: the mean wait is
/// exact all the same, its law is not known.
fn pollaczek_khinchine(station: &Station) -> Solved {
    plain(station, &[])?;
    station.single_server()?;
    let lambda = station.poisson()?;
    let Work::Moments { mean, scv } = station.service else {
        return Err(Refusal::Assumption("the law of the service is known: `mg1` gives more".to_string()));
    };
    if scv.is_nan() || scv < 0.0 {
        return Err(Refusal::Invalid(format!("the scv of the service is {scv}: it must not be negative")));
    }
    let rho = lambda * mean;
    if rho >= 1.0 {
        return Err(Unstable { offered_load: rho, servers: 1 }.into());
    }
    let wait = Moments { mean: super::mg1::mean_wait(lambda, mean, scv), variance: None };
    let work = Moments { mean, variance: Some(scv * mean * mean) };
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

    fn first(station: &Station) -> Option<(&'static str, Steady)> {
        METHODS.iter().find_map(|method| Some((method.name, (method.solve)(station).ok()?)))
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
            assert_eq!(found, name);
            let little = steady.in_system - steady.queue_length - steady.throughput * steady.service;
            assert!(little.abs() < 1e-9, "{name}: {little}");
        }
    }

    #[test]
    fn refusals_speak_of_what_is_wrong() {
        let plain = station(Input::Poisson(3.0), Dist::Exponential(1.0), 2);
        assert!(matches!(mmc(&plain), Err(Refusal::Unstable(why)) if why.contains("at least 4 servers")));
        let small = Station { places: Some(1), ..plain.clone() };
        assert!(matches!(mmck(&small), Err(Refusal::Invalid(why)) if why.contains("1 places")));
        let retries = {
            let mut station = plain.clone();
            station.features.setup = Some(Dist::Exponential(1.0));
            station
        };
        for method in METHODS {
            assert!(matches!((method.solve)(&retries), Err(Refusal::Assumption(_))), "{}", method.name);
        }
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let bad = station(Input::Poisson(rate), Dist::Exponential(1.0), 2);
            for method in METHODS {
                assert!(matches!((method.solve)(&bad), Err(Refusal::Invalid(_))), "{} {rate}", method.name);
            }
        }
        let none = station(Input::Poisson(1.0), Dist::Exponential(1.0), 0);
        assert!(METHODS.iter().all(|method| matches!((method.solve)(&none), Err(Refusal::Invalid(_)))));
    }
}
