//! Checks of the methods as a whole: against chains, each other and their limits.

use super::METHODS;
use crate::analytic::problem::{Input, Retrying, Station, Work};
use crate::analytic::refusal::{Instability, Refusal};
use crate::analytic::steady::Steady;
use crate::analytic::testing::{chain_averages, share};
use crate::dist::Dist;
use crate::model::Servers;

const ONE: Dist = Dist::Exponential(1.0);

fn station(lambda: f64, service: Dist, c: u32, retry: Retrying) -> Station {
    let mut station = Station::new(Input::Poisson(lambda), Work::Law(service), Servers::Count(c));
    station.features.retry = Some(retry);
    station
}

fn retrying(failure: f64, most_attempts: Option<u32>, backoff: Option<Dist>, to_tail: bool) -> Retrying {
    Retrying { failure, most_attempts, backoff, to_tail }
}

fn by(name: &str, station: &Station) -> Result<Steady, Refusal> {
    let method = METHODS.iter().find(|method| method.id.to_string() == name).unwrap();
    method.solve(station)
}

fn detail(steady: &Steady, name: &str) -> f64 {
    steady.details.iter().find(|detail| detail.name == name).unwrap().value
}

/// Oracle: the chain of the queue in its order, a bit a message: on its second and last attempt or not.
fn two_attempts_by_chain(lambda: f64, p: f64) -> (f64, f64) {
    let average = chain_averages([Vec::<bool>::new()], 1000, |queue, to| {
        if queue.len() < 7 {
            to(queue.iter().copied().chain([false]).collect(), lambda);
        }
        if let Some((last, rest)) = queue.split_first() {
            let fails = if *last { 0.0 } else { p };
            to(rest.to_vec(), 1.0 - fails);
            to(rest.iter().copied().chain([true]).collect(), fails);
        }
    });
    (average(&|queue| queue.len() as f64), average(&|queue| share(!queue.is_empty())))
}

#[test]
fn limited_attempts_have_product_form() {
    let (in_system, busy) = two_attempts_by_chain(0.15, 0.5);
    let queue = station(0.15, ONE, 1, retrying(0.5, Some(2), None, true));
    let steady = by("retry-tail", &queue).unwrap();
    assert!((steady.in_system / in_system - 1.0).abs() < 1e-3, "{} {in_system}", steady.in_system);
    assert!((steady.utilization.unwrap() / busy - 1.0).abs() < 1e-4, "{busy}");
    let other = by("retry-tail", &station(0.15, ONE, 1, retrying(0.5, Some(3), None, true)));
    assert!((other.unwrap().in_system / in_system - 1.0).abs() > 0.05);
}

/// A back-off as long as you like changes nothing in the queue; Little's law holds for the whole.
#[test]
fn backoff_only_adds_itself() {
    let none = by("retry-tail", &station(0.4, ONE, 2, retrying(0.3, Some(4), None, true))).unwrap();
    let pause = Some(Dist::Deterministic(7.0));
    let long = by("retry-tail", &station(0.4, ONE, 2, retrying(0.3, Some(4), pause, true))).unwrap();
    assert_eq!(none.in_system, long.in_system);
    let retries = detail(&long, "mean_attempts") - 1.0;
    assert!((detail(&long, "in_backoff") - 0.4 * retries * 7.0).abs() < 1e-14);
    let (a, b) = (none.sojourn.unwrap().mean, long.sojourn.unwrap().mean);
    assert!((b - a - 7.0 * retries).abs() < 1e-13);
    let dead = detail(&long, "prob_dead_letter");
    let average = dead * detail(&long, "sojourn_dead_letter") + (1.0 - dead) * detail(&long, "sojourn_success");
    assert!((average / b - 1.0).abs() < 1e-14);
}

/// Where both apply, general formulas are the special ones; the laws have the moments stated.
#[test]
fn general_methods_contain_the_special_ones() {
    let tail = station(0.3, ONE, 1, retrying(0.5, None, None, true));
    let (a, b) = (by("retry-tail", &tail).unwrap(), by("feedback", &tail).unwrap());
    let flow = by("retry-poisson-flow", &tail).unwrap();
    let (x, y) = (a.sojourn.unwrap(), b.sojourn.unwrap());
    assert!((x.mean / y.mean - 1.0).abs() < 1e-13 && (x.variance.unwrap() / y.variance.unwrap() - 1.0).abs() < 1e-12);
    assert!((flow.sojourn.unwrap().mean / x.mean - 1.0).abs() < 1e-13);
    let held = station(0.3, ONE, 1, retrying(0.5, Some(6), None, false));
    let steady = by("retry-holding", &held).unwrap();
    assert!((steady.sojourn_law.unwrap().mean() / steady.sojourn.unwrap().mean - 1.0).abs() < 1e-12);
}

/// By hand: at the tail, feedback makes 1/(mu - lambda/(1 - p)) of each of 1/(1 - p) attempts; at the
/// server, all attempts are one exponential service of rate 0.8.
#[test]
fn both_places_of_return_by_hand() {
    let with = |to_tail| station(0.5, ONE, 1, retrying(0.2, None, None, to_tail));
    let tail = by("retry-tail", &with(true)).unwrap();
    assert!((tail.sojourn.unwrap().mean - 1.0 / 0.3).abs() < 1e-13);
    let held = by("retry-holding", &with(false)).unwrap();
    assert!((held.sojourn.unwrap().variance.unwrap() - 1.0 / 0.09).abs() < 1e-12);
    assert!((held.sojourn_law.unwrap().quantile(0.5).unwrap() - 2.0_f64.ln() / 0.3).abs() < 1e-12);
    let endless = by("retry-tail", &station(0.5, ONE, 1, retrying(1.0, None, None, true)));
    assert_eq!(endless.unwrap_err(), Instability::EndlessAttempts.into());
    assert!(by("retry-tail", &station(0.5, ONE, 1, retrying(1.0, Some(1), None, true))).is_ok());
}

/// By hand: service always 1 s, two attempts at p = 1/2: X is 1 or 2; lambda = 1/2, rho = 3/4,
/// Wq = (1/2)(5/2)/(2/4) = 5/2.
#[test]
fn holding_by_hand() {
    let queue = station(0.5, Dist::Deterministic(1.0), 1, retrying(0.5, Some(2), None, false));
    let steady = by("retry-holding", &queue).unwrap();
    assert!((steady.wait.unwrap().mean - 2.5).abs() < 1e-14);
    assert!((steady.sojourn.unwrap().mean - 4.0).abs() < 1e-14);
    // A pause of 0.1 s that the server waits for: X is 1 or 2.1.
    let queue =
        station(0.5, Dist::Deterministic(1.0), 1, retrying(0.5, Some(2), Some(Dist::Deterministic(0.1)), false));
    let wait = by("retry-holding", &queue).unwrap().wait.unwrap().mean;
    let (mean, second) = (1.55, 0.5 * (1.0 + 2.1 * 2.1));
    assert!((wait / (0.5 * second / (2.0 * (1.0 - 0.5 * mean))) - 1.0).abs() < 1e-13);
}
