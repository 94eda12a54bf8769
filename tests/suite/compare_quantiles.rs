//! Differences of quantiles, and of random and constant services, against exact theory.

use crate::compare::{compared, difference, watching};
use crate::support::model;
use lindley::model::Model;
use lindley::row::Row;

/// M/M/1 at 8/s: a sojourn is exponential of rate mu - 8, its p-quantile -ln(1 - p)/(mu - 8). Loads 0.8 and 0.85.
const RATES: [f64; 2] = [10.0, 8.0 / 0.85];

fn loaded(rate: f64, seed: u64, run: &str) -> Model {
    model(&format!(
        "[producers.web]\narrivals = {{ poisson = \"8/s\" }}\nqueue = \"orders\"\n[queues.orders]\n[consumers.workers]\n\
         queue = \"orders\"\nservice = {{ exponential = {{ rate = \"{rate}/s\" }} }}\n[run]\nseed = {seed}\n{run}\n"
    ))
}

/// Of so many seeds: how often the difference of a quantile is covered, and how often one that is off by four half-widths;
/// the mean half-width, and that of independent runs.
fn quantiles(p: f64, messages: u64, seeds: u64) -> (u64, u64, f64, f64) {
    let name = format!("orders.sojourn.p{}", (1e3 * p).round() / 10.0);
    let exact = -(1.0 - p).ln() * (1.0 / (RATES[1] - 8.0) - 1.0 / (RATES[0] - 8.0));
    let (asked, run) = (watching(&name), format!("messages = {messages}\nreplications = 10"));
    let mut found = (0, 0, 0.0, 0.0);
    for seed in 1..=seeds {
        let [a, b] = RATES.map(|rate| loaded(rate, seed, &run));
        let result = compared(a, b, &asked, 0);
        let d = difference(&result, &name);
        let (low, high) = (d.low.expect("low"), d.high.expect("high"));
        let half = (high - low) / 2.0;
        let sides = ["A", "B"].map(|side| result.row_at(side, &name).expect("a row"));
        let [down, up] = [|r: &Row| r.value.unwrap() - r.low.unwrap(), |r: &Row| r.high.unwrap() - r.value.unwrap()];
        // As of independent runs: Zou and Donner (2008).
        let alone = down(sides[1]).hypot(up(sides[0])) + up(sides[1]).hypot(down(sides[0]));
        assert!((d.value.expect("value") - (sides[1].value.unwrap() - sides[0].value.unwrap())).abs() < 1e-9);
        found.0 += u64::from((low..=high).contains(&exact));
        found.1 += u64::from((low..=high).contains(&(exact + 4.0 * half)));
        found.2 += half / seeds as f64;
        found.3 += alone / 2.0 / seeds as f64;
    }
    println!("p{}: {found:?} of {seeds}", 100.0 * p);
    found
}

/// Of 200 intervals at 95 % at least 181 cover, but with probability 0.005 (binomial); the twin is off by four half-widths.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_the_coverage_of_differences_of_quantiles() {
    for (p, messages) in [(0.99, 30_000), (0.999, 120_000)] {
        let (covered, wrong, half, alone) = quantiles(p, messages, 200);
        assert!(covered >= 181 && wrong < 20, "p{p}: {covered} and {wrong} of 200");
        assert!(half <= alone, "p{p}: {half} against {alone} of independent runs");
    }
}

/// A short version for every run of the tests.
#[test]
fn differences_of_quantiles_are_those_of_the_pooled_ones_and_cover() {
    let (covered, wrong, half, alone) = quantiles(0.99, 30_000, 8);
    assert!(covered >= 6 && wrong <= 2 && half <= alone, "{covered} and {wrong} of 8, {half} against {alone}");
}

/// Mean waits of M/M/1 and M/D/1 at load 0.8: rho/(mu - lambda), and half of it.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_the_coverage_of_random_against_constant_service() {
    let exact = 0.5 * 0.8 / 2.0 - 0.8 / 2.0;
    let mut found = (0, 0);
    for seed in 1..=200 {
        let random = loaded(10.0, seed, "messages = 20000\nreplications = 10");
        let mut constant = random.clone();
        let fixed = "[producers.web]\narrivals = { poisson = \"8/s\" }\nqueue = \"orders\"\n[queues.orders]\n\
            [consumers.workers]\nqueue = \"orders\"\nservice = { constant = \"100ms\" }\n";
        constant.consumers = model(fixed).consumers;
        let result = compared(random, constant, &watching("orders.wait.mean"), 0);
        let d = difference(&result, "orders.wait.mean");
        let (low, high) = (d.low.expect("low"), d.high.expect("high"));
        found.0 += u64::from((low..=high).contains(&exact));
        found.1 += u64::from((low..=high).contains(&(exact - 2.0 * (high - low))));
    }
    println!("M/M/1 against M/D/1: {found:?} of 200");
    assert!(found.0 >= 181 && found.1 < 20, "{found:?} of 200");
}
