//! What a station must be for each formula of this module, and its answer as a record.

use super::arrivals::{BatchArrivals, MOST_PLACES};
use super::bulk::{BulkService, MOST_TOGETHER};
use super::bulk_general::BulkGeneral;
use super::finite::FiniteBatchArrivals;
use super::general::BatchMg1;
use super::size::BatchSizes;
use crate::analytic::kendall::m_or_g;
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Bulk, Discipline, Input, Station, StationFeature};
use crate::analytic::refusal::{ArrivalsWanted, Counted, Instability};
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::units::Unit;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[
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
    let c = station.limited_servers()?;
    Counted::Servers.at_most(c.into(), MOST_PLACES).map(|()| c)
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
    let wait = Moments::new(queue.wait(), queue.wait_variance());
    let service = Moments::new(1.0 / mu, 1.0 / (mu * mu));
    let number = Detail::variance("number", queue.in_system_variance(), Unit::One);
    let mut details = vec![Detail::mean("batch_rate", rate, Unit::PerSecond), number];
    if let Some((mean, _)) = queue.first_wait() {
        details.push(Detail::mean("wait_of_batch", mean, Unit::Seconds));
    }
    details.extend(number_details(|n| queue.prob_in_system(n)));
    let method = "M^X/M/c by cut equations (Gross et al., sec. 3.1; Chaudhry, Templeton 1983)";
    let steady = Steady::served(format!("M^X/M/{c}"), queue.lambda(), service, wait, Some(c), method);
    Ok(Steady { prob_wait: Some(queue.prob_wait()), wait_law, sojourn_law, details, ..steady })
}

fn limited(station: &Station) -> Result<Steady, Refusal> {
    let (rate, sizes) = batches(station)?;
    station.only(&[StationFeature::LimitedPlaces])?;
    let mu = station.exponential()?;
    let c = servers(station)?;
    let places = station.limited_places()?;
    let queue = FiniteBatchArrivals::new(rate, sizes, mu, c, places)
        .ok_or_else(|| Counted::Places.too_many(places, MOST_PLACES))?;
    let mut details = vec![Detail::mean("batch_rate", rate, Unit::PerSecond)];
    details.extend(number_details(|n| queue.prob_in_system(n)));
    let (kendall, rates) = (format!("M^X/M/{c}/{places}"), (queue.lambda(), queue.throughput()));
    let (service, wait) = (Moments::of_mean(1.0 / mu), Moments::of_mean(queue.wait()));
    let method = "M^X/M/c/K by cut equations, batches accepted as far as they fit (Chaudhry, Templeton 1983, sec. 5.2)";
    Ok(Steady {
        offered_load: queue.lambda() / mu,
        utilization: Some(queue.busy() / f64::from(c)),
        prob_wait: Some(queue.prob_wait()),
        prob_loss: Some(queue.prob_loss()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        sojourn: Some(Moments::of_mean(queue.sojourn())),
        details,
        ..Steady::carried(kendall, rates, service, wait, method)
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
    let wait = Moments::new(queue.wait(), queue.wait_variance());
    let kendall = format!("M^X/{}/1", m_or_g(service));
    let method = "M^X/G/1 by Pollaczek-Khinchine for batches (Burke 1975; Chaudhry, Templeton 1983)";
    let steady = Steady::served(kendall, queue.lambda(), Moments::of(service), wait, Some(1), method);
    Ok(Steady { wait_law, sojourn_law, prob_wait: Some(queue.prob_wait()), details, ..steady })
}

/// How messages are served together, and their rate, of one server.
fn bulk(station: &Station) -> Result<(Bulk, f64), Refusal> {
    let bulk = station.features.bulk.ok_or(Refusal::Missing(StationFeature::BulkService))?;
    Counted::ServedTogether.at_most(bulk.most.into(), MOST_TOGETHER.into())?;
    station.only(&[StationFeature::BulkService])?;
    station.single_server()?;
    station.served(Discipline::Fcfs)?;
    Ok((bulk, station.poisson()?))
}

fn bulk_service(station: &Station) -> Result<Steady, Refusal> {
    let (Bulk { least, most, joins }, lambda) = bulk(station)?;
    let mu = station.exponential()?;
    let queue = BulkService::new(lambda, mu, least, most, joins).map_err(|_| too_many(lambda, 1.0 / mu, most))?;
    let (wait_law, sojourn_law) = queue.laws().unzip();
    let (rule, method) = if joins {
        (", arrivals joining", "M/M^[a,b]/1, arrivals join a service with room (Gross et al., sec. 3.2)")
    } else {
        ("", "M/M^[a,b]/1, arrivals wait for the next service (Bailey 1954; Neuts 1967)")
    };
    let service = Moments::new(1.0 / mu, 1.0 / (mu * mu));
    let wait = Moments { mean: queue.wait(), variance: queue.wait_variance() };
    let kendall = format!("M/M^[{least},{most}]/1{rule}");
    Ok(Steady {
        offered_load: lambda / (f64::from(most) * mu),
        utilization: Some(queue.prob_busy()),
        prob_wait: Some(queue.prob_wait()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        wait_law,
        sojourn_law,
        details: vec![
            Detail::fraction("p_busy", queue.prob_busy()),
            Detail::mean("batch", queue.mean_batch(), Unit::One),
            Detail::mean("batch_rate", queue.batch_rate(), Unit::PerSecond),
            Detail::fraction("p_n0", queue.prob_empty()),
            Detail::fraction("root", queue.r),
        ],
        ..Steady::carried(kendall, (lambda, lambda), service, wait, method)
    })
}

fn too_many(lambda: f64, service: f64, most: u32) -> Refusal {
    Instability::Bulk { arrival_rate: lambda, service, most }.into()
}

fn bulk_general(station: &Station) -> Result<Steady, Refusal> {
    let (Bulk { least, most, joins }, lambda) = bulk(station)?;
    let service = station.law()?;
    let name = service.name();
    if joins {
        let why = format!("messages join a service under way, and service is {name}, not exponential");
        return Err(Refusal::Assumption(why));
    }
    let unsolved = || Refusal::Numerics(format!("no roots are found for {name} service of at most {most} messages"));
    let queue = BulkGeneral::new(lambda, service, least, most)
        .map_err(|_| too_many(lambda, service.mean(), most))?
        .ok_or_else(unsolved)?;
    let (mean, wait) = (Moments::of_mean(service.mean()), Moments::of_mean(queue.wait()));
    let method = "M/G^[a,b]/1 by the roots of its generating function (Bailey 1954; Chaudhry, Templeton 1983)";
    Ok(Steady {
        offered_load: lambda * service.mean() / f64::from(most),
        utilization: Some(queue.prob_busy()),
        queue_length: queue.queue_length(),
        in_system: queue.in_system(),
        details: vec![
            Detail::fraction("p_busy", queue.prob_busy()),
            Detail::mean("batch", queue.mean_batch(), Unit::One),
            Detail::mean("batch_rate", queue.batch_rate(), Unit::PerSecond),
            Detail::mean("left_behind", queue.left, Unit::One),
        ],
        ..Steady::carried(format!("M/G^[{least},{most}]/1"), (lambda, lambda), mean, wait, method)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn joining_wants_exponential_service() {
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
