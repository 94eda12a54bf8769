//! What a station must be for each formula of this module, and its answer as a record.

use super::arrivals::{BatchArrivals, MOST_PLACES};
use super::bulk::{BulkService, MOST_TOGETHER};
use super::bulk_general::BulkGeneral;
use super::finite::FiniteBatchArrivals;
use super::general::BatchMg1;
use super::size::BatchSizes;
use crate::analytic::kendall::exponential_mean;
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Bulk, Discipline, Input, Station, StationFeature};
use crate::analytic::refusal::{ArrivalsWanted, Counted, Instability};
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;

/// In the order in which they are tried.
pub(super) const METHODS: &[Method] = &[
    Method::exact(MethodId::BatchArrivals, batch_arrivals),
    Method::exact(MethodId::BatchArrivalsLimited, limited),
    Method::exact(MethodId::BatchArrivalsGeneral, general),
    Method::exact(MethodId::BulkService, bulk_service),
    Method::exact(MethodId::BulkServiceGeneral, bulk_general),
];

/// P(N = n) is reported up to this n.
const LISTED: usize = 10;

/// Batches per second and their sizes.
fn batches(station: &Station) -> Result<(f64, BatchSizes), Refusal> {
    station.served(Discipline::Fcfs)?;
    let Input::Batches { rate, size } = &station.arrivals else {
        return Err(station.arrivals_other_than(ArrivalsWanted::Batches));
    };
    let sizes =
        BatchSizes::new(size).ok_or_else(|| format!("batches of mean size {} are too long to list", size.mean()))?;
    Ok((*rate, sizes))
}

fn servers(station: &Station) -> Result<u32, Refusal> {
    match station.limited_servers()? {
        c if u64::from(c) > MOST_PLACES => {
            Err(Refusal::TooLarge { what: Counted::Servers, is: c.into(), most: MOST_PLACES })
        }
        c => Ok(c),
    }
}

fn number_details(prob: impl Fn(usize) -> f64) -> impl Iterator<Item = Detail> {
    (0..=LISTED).map(move |n| Detail::fraction(format!("p_n{n}"), prob(n)))
}

fn batch_arrivals(station: &Station) -> Result<Steady, Refusal> {
    let (rate, sizes) = batches(station)?;
    station.only(&[])?;
    let mu = station.exponential()?;
    let c = servers(station)?;
    let queue = BatchArrivals::new(rate, sizes, mu, c)?;
    let (wait_law, sojourn_law) = queue.laws();
    let wait = Moments { mean: queue.wait(), variance: Some(queue.wait_variance()) };
    let service = Moments { mean: 1.0 / mu, variance: Some(1.0 / (mu * mu)) };
    let sojourn = Moments { mean: queue.sojourn(), variance: wait.variance.map(|v| v + 1.0 / (mu * mu)) };
    let mut details = vec![
        Detail::mean("batch_rate", rate, Unit::PerSecond),
        Detail {
            statistic: crate::row::Statistic::Variance,
            ..Detail::mean("number", queue.in_system_variance(), Unit::One)
        },
    ];
    if let Some((mean, _)) = queue.first_wait() {
        details.push(Detail::mean("wait_of_batch", mean, Unit::Seconds));
    }
    details.extend(number_details(|n| queue.prob_in_system(n)));
    Ok(Steady {
        prob_wait: Some(queue.prob_wait()),
        sojourn: Some(sojourn),
        wait_law,
        sojourn_law,
        details,
        ..Steady::served(
            format!("M^X/M/{c}"),
            queue.lambda(),
            service,
            wait,
            Some(c),
            "M^X/M/c by cut equations (Gross et al., sec. 3.1; Chaudhry, Templeton 1983)",
        )
    })
}

fn limited(station: &Station) -> Result<Steady, Refusal> {
    let (rate, sizes) = batches(station)?;
    station.only(&[StationFeature::LimitedPlaces])?;
    let mu = station.exponential()?;
    let c = servers(station)?;
    let places = station.limited_places()?;
    let queue = FiniteBatchArrivals::new(rate, sizes, mu, c, places).ok_or(Refusal::TooLarge {
        what: Counted::Places,
        is: places,
        most: MOST_PLACES,
    })?;
    let mut details = vec![Detail::mean("batch_rate", rate, Unit::PerSecond)];
    details.extend(number_details(|n| queue.prob_in_system(n)));
    Ok(Steady {
        kendall: format!("M^X/M/{c}/{places}"),
        arrival_rate: queue.lambda(),
        throughput: queue.throughput(),
        offered_load: queue.lambda() / mu,
        utilization: Some(queue.busy() / f64::from(c)),
        prob_wait: Some(queue.prob_wait()),
        prob_loss: Some(queue.prob_loss()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        service: 1.0 / mu,
        wait: Some(Moments { mean: queue.wait(), variance: None }),
        sojourn: Some(Moments { mean: queue.sojourn(), variance: None }),
        details,
        method: "M^X/M/c/K by cut equations, batches accepted as far as they fit (Chaudhry, Templeton 1983, sec. 5.2)",
        ..Steady::default()
    })
}

fn general(station: &Station) -> Result<Steady, Refusal> {
    let (rate, sizes) = batches(station)?;
    station.only(&[])?;
    station.single_server()?;
    let service = station.law()?;
    let queue = BatchMg1::new(rate, sizes, service)?;
    let mut details = vec![
        Detail::mean("batch_rate", rate, Unit::PerSecond),
        Detail::mean("wait_of_batch", queue.first_wait(), Unit::Seconds),
        Detail::mean("sojourn_of_batch", queue.batch_sojourn(), Unit::Seconds),
    ];
    let probabilities = queue.probabilities(LISTED);
    details.extend(number_details(|n| probabilities[n]));
    let (wait_law, sojourn_law) = queue.laws().unzip();
    Ok(Steady {
        wait_law,
        sojourn_law,
        prob_wait: Some(queue.prob_wait()),
        sojourn: Some(Moments { mean: queue.sojourn(), variance: Some(queue.sojourn_variance()) }),
        details,
        ..Steady::served(
            if exponential_mean(service).is_some() { "M^X/M/1" } else { "M^X/G/1" },
            queue.lambda(),
            Moments { mean: service.mean(), variance: Some(service.variance()) },
            Moments { mean: queue.wait(), variance: Some(queue.wait_variance()) },
            Some(1),
            "M^X/G/1 by Pollaczek-Khinchine for batches (Burke 1975; Chaudhry, Templeton 1983)",
        )
    })
}

fn checked_bulk(station: &Station) -> Result<Bulk, Refusal> {
    let Some(bulk) = station.features.bulk else {
        return Err(Refusal::Missing(StationFeature::BulkService));
    };
    if bulk.most > MOST_TOGETHER {
        let (is, most) = (bulk.most.into(), MOST_TOGETHER.into());
        return Err(Refusal::TooLarge { what: Counted::ServedTogether, is, most });
    }
    Ok(bulk)
}

fn bulk_service(station: &Station) -> Result<Steady, Refusal> {
    let Bulk { least, most, joins } = checked_bulk(station)?;
    station.only(&[StationFeature::BulkService])?;
    station.single_server()?;
    station.served(Discipline::Fcfs)?;
    let lambda = station.poisson()?;
    let mu = station.exponential()?;
    let queue = BulkService::new(lambda, mu, least, most, joins).map_err(|_| too_many(lambda, 1.0 / mu, most))?;
    let (wait_law, sojourn_law) = queue.laws().unzip();
    let variance = queue.wait_variance();
    let rule = if joins { ", arrivals joining" } else { "" };
    Ok(Steady {
        kendall: format!("M/M^[{least},{most}]/1{rule}"),
        arrival_rate: lambda,
        throughput: lambda,
        offered_load: lambda / (f64::from(most) * mu),
        utilization: Some(queue.prob_busy()),
        prob_wait: Some(queue.prob_wait()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        service: 1.0 / mu,
        wait: Some(Moments { mean: queue.wait(), variance }),
        sojourn: Some(Moments { mean: queue.sojourn(), variance: variance.map(|v| v + 1.0 / (mu * mu)) }),
        wait_law,
        sojourn_law,
        details: vec![
            Detail::fraction("p_busy", queue.prob_busy()),
            Detail::mean("batch", queue.mean_batch(), Unit::One),
            Detail::mean("batch_rate", queue.batch_rate(), Unit::PerSecond),
            Detail::fraction("p_n0", queue.prob_empty()),
            Detail::fraction("root", queue.root()),
        ],
        method: if joins {
            "M/M^[a,b]/1, arrivals join a service with room (Gross et al., sec. 3.2)"
        } else {
            "M/M^[a,b]/1, arrivals wait for the next service (Bailey 1954; Neuts 1967)"
        },
        ..Steady::default()
    })
}

/// Why a bulk server cannot keep up.
fn too_many(lambda: f64, service: f64, most: u32) -> Refusal {
    Instability::Bulk { arrival_rate: lambda, service, most }.into()
}

fn bulk_general(station: &Station) -> Result<Steady, Refusal> {
    let Bulk { least, most, joins } = checked_bulk(station)?;
    station.only(&[StationFeature::BulkService])?;
    station.single_server()?;
    station.served(Discipline::Fcfs)?;
    let lambda = station.poisson()?;
    let service = station.law()?;
    if joins {
        return Err(Refusal::Assumption(format!(
            "messages join a service under way, and service is {}, not exponential",
            service.name()
        )));
    }
    let queue = BulkGeneral::new(lambda, service, least, most)
        .map_err(|_| too_many(lambda, service.mean(), most))?
        .ok_or_else(|| {
            Refusal::Numerics(format!("no roots are found for {} service of at most {most} messages", service.name()))
        })?;
    Ok(Steady {
        kendall: format!("M/G^[{least},{most}]/1"),
        arrival_rate: lambda,
        throughput: lambda,
        offered_load: lambda * service.mean() / f64::from(most),
        utilization: Some(queue.prob_busy()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        service: service.mean(),
        wait: Some(Moments { mean: queue.wait(), variance: None }),
        sojourn: Some(Moments { mean: queue.sojourn(), variance: None }),
        details: vec![
            Detail::fraction("p_busy", queue.prob_busy()),
            Detail::mean("batch", queue.mean_batch(), Unit::One),
            Detail::mean("batch_rate", queue.batch_rate(), Unit::PerSecond),
            Detail::mean("left_behind", queue.left_behind(), Unit::One),
        ],
        method: "M/G^[a,b]/1 by the roots of its generating function (Bailey 1954; Chaudhry, Templeton 1983)",
        ..Steady::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::plan;
    use crate::analytic::problem::{Features, Work};
    use crate::dist::{Count, Dist};
    use crate::model::Servers;

    fn batches_of(rate: f64, size: u32, service: Dist, c: u32) -> Station {
        let arrivals = Input::Batches { rate, size: Count::constant(size).unwrap() };
        Station::new(arrivals, Work::Law(service), Servers::Count(c))
    }

    fn bulk(lambda: f64, service: Dist, least: u32, most: u32, joins: bool) -> Station {
        let bulk = Some(Bulk { most, least, joins });
        let plain = Station::new(Input::Poisson(lambda), Work::Law(service), Servers::Count(1));
        Station { features: Features { bulk, ..Features::default() }, ..plain }
    }

    #[test]
    fn no_feature_is_passed_over_in_silence() {
        let setup = Features { setup: Some(Dist::Exponential(1.0)), ..Features::default() };
        let both = Station { features: setup, ..batches_of(0.1, 3, Dist::Exponential(1.0), 1) };
        let room = Station { places: Some(7), ..bulk(1.0, Dist::Exponential(1.0), 1, 4, true) };
        for station in [both, room] {
            for method in METHODS {
                assert!(
                    method
                        .solve(&station)
                        .is_err_and(|why| why.is_foreign() || matches!(why, Refusal::Arrivals { .. })),
                    "{}",
                    method.id
                );
            }
        }
    }

    #[test]
    fn nonsense_and_overload_are_told_apart() {
        use MethodId::{BatchArrivals, BatchArrivalsLimited, BulkService};
        let by = |id, station: &Station| plan::method(id).solve(station);
        let one = Dist::Exponential(1.0);
        for rate in [f64::NAN, -1.0, 0.0] {
            assert!(matches!(by(BatchArrivals, &batches_of(rate, 3, one.clone(), 1)), Err(Refusal::Invalid(_))));
            assert!(matches!(by(BulkService, &bulk(rate, one.clone(), 1, 4, true)), Err(Refusal::Invalid(_))));
        }
        assert!(matches!(by(BatchArrivals, &batches_of(0.1, 3, one.clone(), 0)), Err(Refusal::Invalid(_))));
        assert!(matches!(batch_arrivals(&batches_of(1.0, 3, one.clone(), 2)), Err(Refusal::Unstable(_))));
        assert!(matches!(general(&batches_of(1.0, 3, Dist::Deterministic(1.0), 1)), Err(Refusal::Unstable(_))));
        let few = Station { places: Some(1), ..batches_of(0.1, 3, one.clone(), 2) };
        assert!(matches!(by(BatchArrivalsLimited, &few), Err(Refusal::Invalid(_))));
        for (least, most) in [(0, 4), (5, 4)] {
            assert!(matches!(by(BulkService, &bulk(1.0, one.clone(), least, most, false)), Err(Refusal::Invalid(_))));
        }
        let why = bulk_service(&bulk(8.0, one.clone(), 1, 4, false)).unwrap_err();
        assert_eq!(why, Instability::Bulk { arrival_rate: 8.0, service: 1.0, most: 4 }.into());
        let joining = bulk(1.0, Dist::Deterministic(1.0), 1, 4, true);
        assert!(matches!(bulk_general(&joining), Err(Refusal::Assumption(_))));
    }

    #[test]
    fn an_overloaded_station_with_limited_places_has_an_answer() {
        let station = Station { places: Some(6), ..batches_of(3.0, 4, Dist::Exponential(1.0), 2) };
        let steady = limited(&station).unwrap();
        assert!(steady.prob_loss.unwrap() > 0.8 && steady.utilization.unwrap() > 0.9);
    }

    #[test]
    fn the_record_obeys_littles_law() {
        for steady in [
            batch_arrivals(&batches_of(0.3, 4, Dist::Exponential(1.0), 2)).unwrap(),
            general(&batches_of(0.15, 4, Dist::Deterministic(1.0), 1)).unwrap(),
            bulk_service(&bulk(3.0, Dist::Exponential(1.0), 2, 4, true)).unwrap(),
            bulk_general(&bulk(3.0, Dist::Deterministic(1.0), 2, 4, false)).unwrap(),
        ] {
            let (wait, sojourn) = (steady.wait.unwrap().mean, steady.sojourn.unwrap().mean);
            assert!((steady.queue_length - steady.arrival_rate * wait).abs() < 1e-12, "{}", steady.kendall);
            assert!((steady.in_system / steady.arrival_rate - sojourn).abs() < 1e-12, "{}", steady.kendall);
        }
    }
}
