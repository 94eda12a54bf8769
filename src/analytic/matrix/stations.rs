//! From a station to its solution in phases: what is of phase type, and what else is there.

use super::impatient::ImpatientQueue;
use super::map_ph_c::MapPhC;
use super::map_ph_c_k::MapPhCK;
use super::phase::{Map, PhaseLaw};
use crate::analytic::law::number::NumberLaw;
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Discipline, Input, Patience, Station, StationFeature};
use crate::analytic::refusal::{ArrivalsWanted, ServiceWanted};
use crate::analytic::steady::Steady;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[Method::exact(MethodId::MapPhC, unlimited), Method::exact(MethodId::MapPhCK, limited)];

/// The methods of this module for messages that give up waiting.
pub const IMPATIENT: &[Method] = &[Method::exact(MethodId::MapMcImpatient, impatient)];

fn unlimited(station: &Station) -> Result<Steady, Refusal> {
    station.only(&[])?;
    let (map, service, servers) = parts(station)?;
    let queue = MapPhC::new(map, service, servers)?;
    Ok(ordered(queue.steady(), queue.number_law(), station.discipline))
}

fn limited(station: &Station) -> Result<Steady, Refusal> {
    station.only(&[StationFeature::LimitedPlaces])?;
    let places = station.limited_places()?;
    let (map, service, servers) = parts(station)?;
    let queue = MapPhCK::new(map, service, servers, places)?;
    Ok(ordered(queue.steady(), queue.number_law(), station.discipline))
}

fn impatient(station: &Station) -> Result<Steady, Refusal> {
    station.only(&[StationFeature::Patience, StationFeature::LimitedPlaces])?;
    station.served(Discipline::Fcfs)?;
    let patience = station.features.patience.ok_or(Refusal::Missing(StationFeature::Patience))?;
    let (c, mu, map) = (station.limited_servers()?, station.exponential()?, arrivals(station)?);
    if let Patience::Deterministic(_) = patience {
        station.poisson()?;
    }
    Ok(ImpatientQueue::new(&map, mu, c, station.places, patience)?.steady(&format!("{}/M/{c}", map.letter)))
}

/// Arrivals, service and servers, in phases.
fn parts(station: &Station) -> Result<(Map, PhaseLaw, u32), Refusal> {
    in_order(station.discipline)?;
    let c = station.limited_servers()?;
    let service = PhaseLaw::of(station.law()?).ok_or_else(|| station.service_other_than(ServiceWanted::PhaseType))?;
    Ok((arrivals(station)?, service, c))
}

/// Arrivals in phases.
fn arrivals(station: &Station) -> Result<Map, Refusal> {
    match &station.arrivals {
        Input::Poisson(rate) => Map::poisson(*rate),
        Input::Renewal(interval) => match PhaseLaw::of(interval) {
            Some(law) => Map::renewal(&law),
            None => Err(station.arrivals_other_than(ArrivalsWanted::PhaseType)),
        },
        Input::Markov(process) => Map::of(process),
        Input::Moments { .. } | Input::Batches { .. } => Err(station.arrivals_other_than(ArrivalsWanted::Law)),
    }
}

/// Orders that do not look at service times and do not interrupt leave the counts alone.
fn in_order(discipline: Discipline) -> Result<(), Refusal> {
    match discipline {
        Discipline::Fcfs | Discipline::Lcfs | Discipline::Random => Ok(()),
        is => Err(Refusal::Discipline { is, wanted: Discipline::Fcfs }),
    }
}

/// Only first come, first served has the laws and variances of the times.
fn ordered(mut steady: Steady, numbers: NumberLaw, discipline: Discipline) -> Steady {
    steady.number_law = Some(numbers);
    if discipline != Discipline::Fcfs {
        (steady.wait_law, steady.sojourn_law) = (None, None);
        steady.wait.iter_mut().chain(steady.sojourn.iter_mut()).for_each(|moments| moments.variance = None);
    }
    steady
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::Work;
    use crate::analytic::station::{mg1::Mg1, mmc::Mmc};
    use crate::analytic::testing::assert_close as close;
    use crate::dist::Dist;
    use crate::model::Servers;

    fn station(arrivals: Input, service: Dist, c: u32) -> Station {
        Station::new(arrivals, Work::Law(service), Servers::Count(c))
    }

    #[test]
    fn one_phase_is_erlang_c() {
        for (lambda, c) in [(0.5, 1), (0.999, 1), (1.5, 2), (9.9, 10), (40.0, 50), (95.0, 100)] {
            let solved = unlimited(&station(Input::Poisson(lambda), Dist::Exponential(1.0), c)).unwrap();
            let exact = Mmc::new(lambda, 1.0, c).unwrap();
            close(solved.prob_wait.unwrap(), exact.prob_wait(), 1e-10);
            close(solved.wait.unwrap().mean, exact.wait(), 1e-10);
            close(solved.wait.unwrap().variance.unwrap(), exact.wait_variance(), 1e-10);
            let (own, law) = (solved.wait_law.unwrap(), exact.wait_law());
            let (own_sojourn, sojourn) = (solved.sojourn_law.unwrap(), exact.sojourn_law());
            for p in [0.5, 0.99, 0.999, 1.0 - 1e-9] {
                let exact = law.quantile(p).unwrap();
                assert!((own.quantile(p).unwrap() - exact).abs() <= 1e-10 * exact, "{lambda} {c} {p}");
                close(own_sojourn.quantile(p).unwrap(), sojourn.quantile(p).unwrap(), 1e-10);
            }
        }
    }

    #[test]
    fn one_server_is_pollaczek_khinchine() {
        let laws = [
            Dist::erlang(3, 1.0),
            Dist::hyperexponential_balanced(1.0, 10.0),
            Dist::coxian_fit(1.0, 2.0),
            Dist::coxian(&[3.0, 1.0, 0.5], &[0.5, 0.3]),
        ];
        for law in laws.map(Result::unwrap) {
            for rho in [0.01, 0.5, 0.9, 0.9999] {
                let lambda = rho / law.mean();
                let solved = unlimited(&station(Input::Poisson(lambda), law.clone(), 1)).unwrap();
                let exact = Mg1::new(lambda, &law).unwrap();
                close(solved.wait.unwrap().mean, exact.wait(), 1e-9);
                close(solved.wait.unwrap().variance.unwrap(), exact.wait_variance(), 1e-9);
                close(solved.prob_wait.unwrap(), rho, 1e-10);
                if matches!(law, Dist::Coxian(_)) {
                    continue; // its waits are inverted numerically, which takes long and shows less
                }
                let (own, wait) = (solved.wait_law.unwrap(), exact.laws().unwrap().0);
                for p in [0.95, 0.999] {
                    let exact = wait.quantile(p).unwrap();
                    assert!((own.quantile(p).unwrap() - exact).abs() <= 1e-8 * exact, "{} {rho} {p}", law.name());
                }
            }
        }
    }

    /// GI/M/c: wait exponential with sigma = A*(c mu (1 - sigma)), here for E2 by its root.
    #[test]
    fn renewal_arrivals_have_the_root_of_takacs() {
        let (c, rho) = (3.0, 0.8);
        let rate = 2.0 * c * rho;
        let mut sigma: f64 = 0.5;
        for _ in 0..500 {
            sigma = (rate / (rate + c * (1.0 - sigma))).powi(2);
        }
        let arrivals = Input::Renewal(Dist::erlang(2, 2.0 / rate).unwrap());
        let solved = unlimited(&station(arrivals, Dist::Exponential(1.0), 3)).unwrap();
        let prob = solved.prob_wait.unwrap();
        close(solved.wait.unwrap().mean, prob / (c * (1.0 - sigma)), 1e-11);
        close(solved.wait_law.unwrap().survival(2.0), prob * (-2.0 * c * (1.0 - sigma)).exp(), 1e-10);
        assert_eq!(solved.kendall, "E2/M/3");
        close(solved.details.iter().find(|d| d.name == "decay").unwrap().value, sigma, 1e-12);
    }

    #[test]
    fn messages_that_give_up_are_exact_where_service_is_exponential() {
        let patient = |arrivals, service, patience| {
            let mut asked = station(arrivals, service, 3);
            asked.places = Some(8);
            asked.features.patience = Some(patience);
            impatient(&asked)
        };
        let exponential = Dist::Exponential(1.0);
        let (fixed, random) = (Patience::Deterministic(0.5), Patience::Exponential(0.5));
        let e2 = Input::Renewal(Dist::erlang(2, 0.3).unwrap());
        assert_eq!(patient(Input::Poisson(3.0), exponential.clone(), fixed).unwrap().kendall, "M/M/3/8+D");
        assert_eq!(patient(e2.clone(), exponential.clone(), random).unwrap().kendall, "E2/M/3/8+M");
        assert!(patient(e2.clone(), exponential, fixed).is_err());
        assert!(patient(e2, Dist::erlang(2, 1.0).unwrap(), random).is_err());
    }

    #[test]
    fn what_is_not_in_phases_is_refused() {
        let plain = |service| unlimited(&station(Input::Poisson(0.5), service, 1));
        let constant = plain(Dist::Deterministic(1.0));
        assert!(matches!(constant, Err(Refusal::Service { wanted: ServiceWanted::PhaseType, .. })));
        assert!(matches!(plain(Dist::Exponential(3.0)), Err(Refusal::Unstable(_))));
        let three = |rate| station(Input::Poisson(rate), Dist::Exponential(1.0), 3);
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(METHODS[0].solve(&three(rate)), Err(Refusal::Invalid(_))), "{rate}");
        }
        let small = Station { places: Some(2), ..three(1.0) };
        assert!(matches!(METHODS[1].solve(&small), Err(Refusal::Invalid(_))) && unlimited(&small).is_err());
    }
}
