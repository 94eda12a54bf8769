//! What a station must be for each formula of this module, and its answer as a record. Knows the
//! assumptions, no formula.

use super::arrivals::{BatchArrivals, MOST_PLACES};
use super::bulk::{BulkService, MOST_TOGETHER};
use super::finite::FiniteBatchArrivals;
use super::general::BatchMg1;
use super::size::Sizes;
use crate::analytic::method::{Method, Refusal};
use crate::analytic::problem::{Bulk, Discipline, Input, Station};
use crate::analytic::station::exponential_mean;
use crate::analytic::steady::{Detail, Moments, Steady};
use crate::row::Source;
use crate::units::Unit;

/// In the order in which they are tried.
pub(super) const METHODS: &[Method] = &[
    Method { name: "batch-arrivals", source: Source::Exact, solve: batch_arrivals },
    Method { name: "batch-arrivals-limited", source: Source::Exact, solve: limited },
    Method { name: "batch-arrivals-general", source: Source::Exact, solve: general },
    Method { name: "bulk-service", source: Source::Exact, solve: bulk_service },
];

/// P(N = n) is reported up to this n.
const LISTED: usize = 10;

fn positive(name: &str, rate: f64) -> Result<f64, Refusal> {
    if rate > 0.0 && rate.is_finite() {
        Ok(rate)
    } else {
        Err(Refusal::Invalid(format!("the {name} is {rate}, and must be positive and finite")))
    }
}

/// Batches per second and their sizes.
fn batches(station: &Station) -> Result<(f64, Sizes), Refusal> {
    station.served(Discipline::Fcfs)?;
    let Input::Batches { rate, size } = &station.arrivals else {
        return Err(Refusal::Assumption("messages do not arrive in batches".to_string()));
    };
    let sizes = Sizes::new(size).ok_or_else(|| format!("batches of mean size {} are too long to list", size.mean()))?;
    Ok((positive("batch rate", *rate)?, sizes))
}

fn servers(station: &Station) -> Result<u32, Refusal> {
    match station.c() {
        None => Err(Refusal::Assumption("the number of servers is not limited".to_string())),
        Some(0) => Err(Refusal::Invalid("there is no server".to_string())),
        Some(c) if u64::from(c) > MOST_PLACES => {
            Err(Refusal::Assumption(format!("there are {c} servers, more than {MOST_PLACES}")))
        }
        Some(c) => Ok(c),
    }
}

fn number_details(prob: impl Fn(usize) -> f64) -> impl Iterator<Item = Detail> {
    (0..=LISTED).map(move |n| Detail::fraction(format!("p_n{n}"), prob(n)))
}

fn batch_arrivals(station: &Station) -> Result<Steady, Refusal> {
    let (rate, sizes) = batches(station)?;
    station.only(&[])?;
    let mu = positive("service rate", station.exponential()?)?;
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
    station.only(&["a limit on places"])?;
    let mu = positive("service rate", station.exponential()?)?;
    let c = servers(station)?;
    let Some(places) = station.places else {
        return Err(Refusal::Assumption("there is no limit on places".to_string()));
    };
    if places < u64::from(c) {
        return Err(Refusal::Invalid(format!(
            "{places} places in the system are fewer than the {c} servers among them"
        )));
    }
    let queue = FiniteBatchArrivals::new(rate, sizes, mu, c, places)
        .ok_or_else(|| format!("{places} places are more than {MOST_PLACES}"))?;
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
    positive("mean service time", service.mean())?;
    let queue = BatchMg1::new(rate, sizes, service)?;
    let mut details = vec![
        Detail::mean("batch_rate", rate, Unit::PerSecond),
        Detail::mean("wait_of_batch", queue.first_wait(), Unit::Seconds),
        Detail::mean("sojourn_of_batch", queue.batch_sojourn(), Unit::Seconds),
    ];
    let probabilities = queue.probabilities(LISTED);
    details.extend(number_details(|n| probabilities[n]));
    Ok(Steady {
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
        return Err(Refusal::Assumption("servers take one message at a time".to_string()));
    };
    let Bulk { least, most, .. } = bulk;
    if least == 0 || least > most || most > MOST_TOGETHER {
        return Err(Refusal::Invalid(format!(
            "a service takes at least {least} and at most {most} messages; 1 <= least <= most <= {MOST_TOGETHER} is wanted"
        )));
    }
    Ok(bulk)
}

fn bulk_service(station: &Station) -> Result<Steady, Refusal> {
    let Bulk { least, most, joins } = checked_bulk(station)?;
    station.only(&["bulk service"])?;
    station.single_server()?;
    station.served(Discipline::Fcfs)?;
    let lambda = positive("arrival rate", station.poisson()?)?;
    let mu = positive("service rate", station.exponential()?)?;
    let queue = BulkService::new(lambda, mu, least, most, joins).map_err(|_| {
        let capacity = f64::from(most) * mu;
        Refusal::Unstable(format!(
            "{lambda} messages/s arrive and at most {most} x {mu} = {capacity} messages/s are served; stable with batches \
             of more than {:.6} messages or more than {:.6} services/s",
            lambda / mu,
            lambda / f64::from(most)
        ))
    })?;
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
