//! Differences of quantiles, and of random and constant services, against exact theory.

use crate::compare::{compared, difference, watching};
use crate::support::{keep_study, model};
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

/// What differences of a quantile of so many seeds show.
#[derive(Default)]
struct Shown {
    /// How often the interval holds the exact difference, and how often one that is off by four half-widths.
    covered: u64,
    wrong: u64,
    /// Intervals with both ends; of those the mean half-width, and that of independent runs.
    bounded: u64,
    half: f64,
    alone: f64,
}

fn quantiles(p: f64, messages: u64, seeds: u64) -> Shown {
    let name = format!("orders.sojourn.p{}", (1e3 * p).round() / 10.0);
    let exact = -(1.0 - p).ln() * (1.0 / (RATES[1] - 8.0) - 1.0 / (RATES[0] - 8.0));
    let (asked, run) = (watching(&name), format!("messages = {messages}\nreplications = 10"));
    let mut found = Shown::default();
    for seed in 1..=seeds {
        let [a, b] = RATES.map(|rate| loaded(rate, seed, &run));
        let result = compared(a, b, &asked, 0);
        let d = difference(&result, &name);
        let sides = ["A", "B"].map(|side| result.row_at(side, &name).expect("a row"));
        assert!((d.value.expect("value") - (sides[1].value.unwrap() - sides[0].value.unwrap())).abs() < 1e-9);
        let holds = |truth: f64| d.low.is_none_or(|low| low <= truth) && d.high.is_none_or(|high| truth <= high);
        found.covered += u64::from(holds(exact));
        let Some((low, high)) = d.low.zip(d.high) else { continue };
        found.wrong += u64::from(holds(exact + 2.0 * (high - low)));
        found.bounded += 1;
        let [down, up] = [|r: &Row| r.value.unwrap() - r.low.unwrap(), |r: &Row| r.high.unwrap() - r.value.unwrap()];
        // As of independent runs: Zou and Donner (2008).
        let alone = down(sides[1]).hypot(up(sides[0])) + up(sides[1]).hypot(down(sides[0]));
        (found.half, found.alone) = (found.half + (high - low) / 2.0, found.alone + alone / 2.0);
    }
    let mean = |sum: f64| sum / found.bounded as f64;
    Shown { half: mean(found.half), alone: mean(found.alone), ..found }
}

/// Of 200 intervals at 95 % at least 181 cover, but with probability 0.005 (binomial); the twin is off by four half-widths. A
/// difference of what barely suffices for its tail is open at an end: a tenth of them at most.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_differences_of_quantiles() {
    let mut found = String::from(
        "M/M/1 at 0.8 and at 0.85, 200 seeds each, 10 replications a side; *twin* is how many hold a difference that is off by four \
         half-widths.\n\n| quantile | messages a replication | hold it | twin | with both ends | mean half-width, s | of independent runs, s |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (p, messages) in [(0.99, 30_000), (0.999, 120_000)] {
        let Shown { covered, wrong, bounded, half, alone } = quantiles(p, messages, 200);
        let line = format!("| {p} | {messages} | {covered} | {wrong} | {bounded} | {half:.3} | {alone:.3} |\n");
        println!("{line}");
        found += &line;
        assert!(covered >= 181 && wrong < 20 && bounded >= 180 && half <= alone, "{line}");
    }
    keep_study("quantile-differences", "Do intervals of differences of quantiles cover?", &found);
}

/// A short version for every run of the tests.
#[test]
fn differences_of_quantiles_are_those_of_the_pooled_ones_and_cover() {
    let Shown { covered, wrong, bounded, half, alone } = quantiles(0.99, 30_000, 8);
    assert!(covered >= 6 && wrong <= 2 && half <= alone, "{covered} and {wrong} of {bounded}, {half} against {alone}");
}

/// Mean waits of M/M/1 and M/D/1 at load 0.8: rho/(mu - lambda), and half of it.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_random_against_constant_service() {
    let exact = 0.5 * 0.8 / 2.0 - 0.8 / 2.0;
    let mut found = (0, 0);
    for seed in 1..=200 {
        let random = loaded(10.0, seed, "messages = 20000\nreplications = 10");
        let mut constant = random.clone();
        let fixed = "[producers.web]\narrivals = { poisson = \"8/s\" }\nqueue = \"orders\"\n[queues.orders]\n\
            [consumers.workers]\nqueue = \"orders\"\nservice = { deterministic = { value = \"100ms\" } }\n";
        constant.consumers = model(fixed).consumers;
        let result = compared(random, constant, &watching("orders.wait.mean"), 0);
        let d = difference(&result, "orders.wait.mean");
        let (low, high) = (d.low.expect("low"), d.high.expect("high"));
        found.0 += u64::from((low..=high).contains(&exact));
        found.1 += u64::from((low..=high).contains(&(exact - 2.0 * (high - low))));
    }
    let about = format!(
        "Mean waits of M/M/1 and M/D/1 at 0.8, of 200 seeds, 10 replications of 20,000 messages: {} intervals of 95 % hold the exact \
         difference, {} one that is off by four half-widths.\n",
        found.0, found.1
    );
    keep_study(
        "random-against-constant",
        "Do intervals of differences cover where only one side draws services?",
        &about,
    );
    assert!(found.0 >= 181 && found.1 < 20, "{found:?} of 200");
}
