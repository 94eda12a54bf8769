//! Service laws without moments: what a run says of numbers that are infinite, or whose estimates vary without bound.

use lindley::experiment::result::StopReason;
use lindley::experiment::{self, Options, Study};
use lindley::model::Model;
use lindley::row::{Basis, Metric, NoValue, Row, Scope, Source, Statistic};
use std::sync::atomic::AtomicBool;

/// A station at 0.6 of its capacity, of this service.
fn study(service: &str, servers: u32) -> Study {
    seeded(service, servers, 1)
}

fn seeded(service: &str, servers: u32, seed: u32) -> Study {
    let text = format!(
        "[producers.p]\narrivals = {{ poisson = \"{}/s\" }}\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
         servers = {servers}\nservice = {service}\n[run]\nmessages = 30_000\nreplications = 3\nseed = {seed}\n",
        0.6 * f64::from(servers)
    );
    let model = Model::from_toml(&text).expect("a model");
    experiment::run(&model, &Options::default(), &AtomicBool::new(false), &|_| {}).expect("runs")
}

fn pareto(alpha: f64) -> String {
    format!("{{ pareto = {{ minimum = \"{}s\", alpha = {alpha} }} }}", (alpha - 1.0) / alpha)
}

fn row(study: &Study, metric: Metric, statistic: Statistic) -> &Row {
    let is = |row: &&Row| (row.scope, &row.metric, row.statistic) == (Scope::Queue, &metric, statistic);
    study.result.rows.iter().find(is).expect("the row")
}

/// Whether the mean wait is told, and whether with an interval.
fn mean_wait(study: &Study) -> (bool, bool) {
    let row = row(study, Metric::Wait, Statistic::Mean);
    (row.value.is_some(), row.half_width().is_some())
}

/// The wait of M/G/1 has the moments below alpha - 1: a mean from alpha = 2 on, a variance from 3 on.
#[test]
fn means_and_intervals_need_moments() {
    let found = [1.8, 2.0, 2.5, 3.0, 3.2].map(|alpha| mean_wait(&study(&pareto(alpha), 1)));
    assert_eq!(found, [(false, false), (false, false), (true, false), (true, false), (true, true)]);
    // The same law cut off has every moment.
    let bounded = "{ bounded_pareto = { low = \"500ms\", high = \"100s\", alpha = 1.8 } }";
    assert_eq!(mean_wait(&study(bounded, 1)), (true, true));
}

/// Two of four servers are to spare, so that a long wait takes two long services at once.
#[test]
fn spare_servers_give_moments_back() {
    assert_eq!(mean_wait(&study(&pareto(2.2), 4)), (true, true));
    assert_eq!(mean_wait(&study(&pareto(1.4), 4)), (false, false));
}

#[test]
fn the_reason_is_said_and_quantiles_stay() {
    let study = study(&pareto(1.8), 1);
    let refused = |metric, statistic| row(&study, metric, statistic).refusal.clone();
    for metric in [Metric::Wait, Metric::Sojourn, Metric::QueueLength, Metric::InSystem] {
        assert_eq!(refused(metric, Statistic::Mean), Some(NoValue::NoSuchMoment));
    }
    assert_eq!(refused(Metric::Wait, Statistic::Variance), Some(NoValue::NoSuchMoment));
    let median = row(&study, Metric::Sojourn, Statistic::Quantile(0.5));
    assert!(
        median.value.is_some() && median.low.is_some() && median.high.is_none(),
        "waits without a mean: open above"
    );
    let utilization = row(&study, Metric::Utilization, Statistic::Mean);
    assert!(utilization.value.is_some() && utilization.low.is_none(), "{utilization:?}");
    let service = row(&study, Metric::Service, Statistic::Mean);
    assert!(matches!(service.method, Basis::HeavyTailed { index: 1.8, .. }), "{service:?}");
}

/// Of the runs that tell it the p99 of waits without a mean is above its lower end in 85 % or more (of 40 a one-sided 97.5 % misses
/// more than 6 with probability 4e-5). The twin: most numbers themselves are too low, so that an even interval about them would miss.
#[test]
fn quantiles_of_waits_without_a_mean_are_bounded_from_below() {
    let of = |seed| {
        let study = seeded(&pareto(1.5), 1, seed);
        let is = |row: &&Row| {
            (row.scope, &row.metric, row.statistic) == (Scope::Queue, &Metric::Wait, Statistic::Quantile(0.99))
        };
        let rows: Vec<&Row> = study.result.rows.iter().filter(is).collect();
        let exact = rows.iter().find(|row| row.source == Source::Exact).and_then(|row| row.value).expect("told");
        let simulated = rows.iter().find(|row| row.source == Source::Simulation).expect("a row");
        assert!(simulated.high.is_none(), "{simulated:?}");
        Some((simulated.low?, simulated.value?, exact))
    };
    // Some runs are refused: too short for how much messages depend on each other.
    let found: Vec<(f64, f64, f64)> = (1..=80).filter_map(of).collect();
    let held = found.iter().filter(|(low, _, exact)| low <= exact).count();
    let twin = found.iter().filter(|(_, value, exact)| value < exact).count();
    let told = found.len();
    assert!(
        told >= 40 && 100 * held >= 85 * told && 10 * twin > 6 * told,
        "of {told} {held} hold it, {twin} are below it"
    );
}

/// What never has an interval is no reason to go on: neither where nobody says how long a run is, nor where a precision is
/// wished that cannot be reached.
#[test]
fn no_run_goes_on_for_an_interval_that_there_is_not() {
    let study = |run: &str| {
        let text = format!(
            "[producers.p]\narrivals = {{ poisson = \"0.5/s\" }}\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
             service = {}\n[run]\n{run}\n",
            pareto(2.5)
        );
        let model = Model::from_toml(&text).expect("a model");
        experiment::run(&model, &Options::default(), &AtomicBool::new(false), &|_| {}).expect("runs").result.provenance
    };
    let plain = study("");
    assert!(plain.stop_reason == StopReason::Length && plain.replications < 100, "{plain:?}");
    let wished = study("precision = \"1%\"\nmessages = 20_000\nreplications = 3");
    assert!(wished.stop_reason == StopReason::Budget && wished.replications == 3, "{wished:?}");
}
