//! The steady state of a station as rows, the language in which simulation is compared with theory.

use super::law::TimeLaw;
use super::method::SolvedStation;
use super::problem::Station;
use super::steady::{ClassSteady, Detail, Moments, Steady};
use crate::row::{Metric, NoValue, Row, Scope, Statistic};

/// A metric and what is asked of it: the probability of a level.
pub(super) type AskedEvent = (Metric, Statistic);

/// One row; a value that does not exist becomes null and the method says so.
fn row(scope: Scope, name: &str, metric: Metric, statistic: Statistic, value: f64, method: &str) -> Row {
    let row = Row::exact(scope, name, metric, statistic, value, method);
    if value.is_finite() { row } else { row.refused(none(value)) }
}

/// Why a value that is no number does not exist.
fn none(value: f64) -> NoValue {
    if value.is_nan() { NoValue::BeyondPrecision } else { NoValue::NoSuchMoment }
}

/// Mean, variance and quantiles of a time.
fn of_time(
    scope: Scope,
    name: &str,
    metric: &Metric,
    moments: Option<Moments>,
    law: Option<&TimeLaw>,
    method: &str,
    quantiles: &[f64],
) -> Vec<Row> {
    let Some(moments) = moments else { return Vec::new() };
    let mut rows = vec![row(scope, name, metric.clone(), Statistic::Mean, moments.mean, method)];
    if let Some(variance) = moments.variance {
        rows.push(row(scope, name, metric.clone(), Statistic::Variance, variance, method));
    }
    // A method that gives no law gives no quantiles; one whose numerics fail says so in a row.
    for (law, &p) in law.into_iter().flat_map(|law| quantiles.iter().map(move |p| (law, p))) {
        let row = |value| Row::exact(scope, name, metric.clone(), Statistic::Quantile(p), value, law.method());
        rows.push(law.quantile(p).map_or_else(|| row(0.0).refused(NoValue::NoQuantile), row));
    }
    rows
}

/// Rows of a station under a name, its classes and details included.
pub(super) fn of(scope: Scope, name: &str, steady: &Steady, quantiles: &[f64]) -> Vec<Row> {
    let of_time = |metric, moments, law: &Option<TimeLaw>| {
        of_time(scope, name, &metric, moments, law.as_ref(), steady.method, quantiles)
    };
    let mut rows = of_time(Metric::Wait, steady.wait, &steady.wait_law);
    rows.extend(of_time(Metric::Sojourn, steady.sojourn, &steady.sojourn_law));
    let means = [
        (Metric::Service, Some(steady.service)),
        (Metric::QueueLength, Some(steady.queue_length)),
        (Metric::InSystem, Some(steady.in_system)),
        (Metric::Utilization, steady.utilization),
        (Metric::ArrivalRate, Some(steady.arrival_rate)),
        (Metric::Throughput, Some(steady.throughput)),
        (Metric::OfferedLoad, Some(steady.offered_load)),
    ];
    let shares = [
        (Metric::ProbWait, steady.prob_wait),
        (Metric::ProbLoss, steady.prob_loss),
        (Metric::ProbAbandon, steady.prob_abandon),
    ];
    let mut push = |metric, statistic, value: Option<f64>| {
        rows.extend(value.map(|value| row(scope, name, metric, statistic, value, steady.method)));
    };
    means.into_iter().for_each(|(metric, value)| push(metric, Statistic::Mean, value));
    shares.into_iter().for_each(|(metric, value)| push(metric, Statistic::Fraction, value));
    rows.extend(steady.details.iter().map(|detail| of_detail(scope, name, detail, steady.method)));
    rows.extend(steady.classes.iter().flat_map(|class| of_class(scope, name, class, steady)));
    rows
}

fn of_detail(scope: Scope, name: &str, detail: &Detail, method: &str) -> Row {
    let metric = Metric::Detail(detail.name.clone());
    Row { unit: detail.unit, ..row(scope, name, metric, detail.statistic, detail.value, method) }
}

fn of_class(scope: Scope, name: &str, class: &ClassSteady, steady: &Steady) -> Vec<Row> {
    let mut rows = of_time(scope, name, &Metric::Wait, class.wait, None, steady.method, &[]);
    rows.extend(of_time(scope, name, &Metric::Sojourn, class.sojourn, None, steady.method, &[]));
    let means = [
        (Metric::ArrivalRate, Some(class.arrival_rate)),
        (Metric::QueueLength, class.queue_length),
        (Metric::InSystem, class.in_system),
    ];
    let mean =
        |(metric, value): (Metric, Option<f64>)| Some(row(scope, name, metric, Statistic::Mean, value?, steady.method));
    rows.extend(means.into_iter().filter_map(mean));
    rows.extend(class.details.iter().map(|detail| of_detail(scope, name, detail, steady.method)));
    rows.iter_mut().for_each(|row| row.class = Some(class.name.clone()));
    rows
}

/// Rows of a station as a method solved it, by the worth of the method.
pub(super) fn of_solved(scope: Scope, name: &str, solved: &SolvedStation, quantiles: &[f64]) -> Vec<Row> {
    let mut rows = of(scope, name, &solved.steady, quantiles);
    rows.iter_mut().for_each(|row| row.source = solved.method.source);
    rows
}

/// The probabilities of events by every method that gives them; of those that none gives, that the first does not.
pub(super) fn of_events(scope: Scope, name: &str, answers: &[SolvedStation], events: &[AskedEvent]) -> Vec<Row> {
    let by = |solved: &SolvedStation, event: &AskedEvent| {
        let rows = events_of(scope, name, &solved.steady, std::slice::from_ref(event)).into_iter();
        rows.map(|row| Row { source: solved.method.source, ..row }).collect::<Vec<Row>>()
    };
    let of = |event: &AskedEvent| {
        let all: Vec<Row> = answers.iter().flat_map(|solved| by(solved, event)).collect();
        let given: Vec<Row> = all.iter().filter(|row| row.refusal != Some(NoValue::NotGiven)).cloned().collect();
        if given.is_empty() { all.into_iter().take(1).collect() } else { given }
    };
    events.iter().flat_map(of).collect()
}

/// The probabilities of events at a solved station.
pub(super) fn events_of(scope: Scope, name: &str, steady: &Steady, events: &[AskedEvent]) -> Vec<Row> {
    let of = |(metric, statistic): &AskedEvent| {
        let law = match metric {
            Metric::Wait => steady.wait_law.as_ref(),
            Metric::Sojourn => steady.sojourn_law.as_ref(),
            _ => None,
        };
        let method = law.map_or(steady.method, TimeLaw::method);
        match steady.probability(metric, *statistic) {
            Some(value) => row(scope, name, metric.clone(), *statistic, value, method),
            None => Row::exact(scope, name, metric.clone(), *statistic, 0.0, method).refused(NoValue::NotGiven),
        }
    };
    events.iter().map(of).collect()
}

/// Rows of a queue and its consumer.
pub(super) fn of_station(queue: &str, consumer: &str, solved: &SolvedStation, quantiles: &[f64]) -> Vec<Row> {
    let steady = &solved.steady;
    let mut rows = of_solved(Scope::Queue, queue, solved, quantiles);
    let consumer = |value| row(Scope::Consumer, consumer, Metric::Utilization, Statistic::Mean, value, steady.method);
    rows.extend(steady.utilization.map(consumer));
    rows
}

/// What can be said of a station without steady state: rates and load; of its times, that they grow.
pub(super) fn without_steady_state(name: &str, station: &Station, why: &str) -> Vec<Row> {
    let scope = Scope::Station;
    let value = |metric, value| row(scope, name, metric, Statistic::Mean, value, "definition");
    let none = |metric| value(metric, 0.0).refused(NoValue::NoSteadyState(why.to_string()));
    let mut rows = vec![none(Metric::Wait), none(Metric::Sojourn), none(Metric::QueueLength), none(Metric::InSystem)];
    rows.push(value(Metric::ArrivalRate, station.arrivals.rate()));
    rows.push(value(Metric::Service, station.service.mean()));
    rows.push(value(Metric::OfferedLoad, station.offered_load()));
    rows
}

/// Rows of a model that consists of this one station.
pub(super) fn of_system(steady: &Steady, quantiles: &[f64]) -> Vec<Row> {
    let (scope, name) = (Scope::System, "system");
    let mut rows =
        of_time(scope, name, &Metric::Sojourn, steady.sojourn, steady.sojourn_law.as_ref(), steady.method, quantiles);
    rows.push(row(scope, name, Metric::Throughput, Statistic::Mean, steady.acknowledged(), steady.method));
    rows.push(row(scope, name, Metric::Reliability, Statistic::Fraction, steady.reliability(), steady.method));
    rows
}

/// Rows of a model of several stations: what passes through per second, how long it takes (with its
/// law, where known), and which share is served.
pub(super) fn of_whole(
    throughput: f64,
    sojourn: f64,
    law: Option<&TimeLaw>,
    reliability: f64,
    method: &str,
    quantiles: &[f64],
) -> Vec<Row> {
    let (scope, name) = (Scope::System, "system");
    let sojourn = Some(Moments::of_mean(sojourn));
    let mut rows = of_time(scope, name, &Metric::Sojourn, sojourn, law, method, quantiles);
    rows.push(row(scope, name, Metric::Throughput, Statistic::Mean, throughput, method));
    rows.push(row(scope, name, Metric::Reliability, Statistic::Fraction, reliability, method));
    rows
}
