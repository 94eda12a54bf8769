//! What the start of a run does to the mean queue length: the bias that is left by each way to cut it off, exact by a chain and
//! measured in runs.

use crate::support::{keep_study, model, row, study};
use std::fmt::Write;

/// The mean number of waiting messages of M/M/1, which begins empty, at each of so many steps of its uniformized chain: up with
/// probability rho/(1 + rho), else down. A time t is (1 + rho) t steps, in mean services, but for their scatter.
fn mean_levels(rho: f64, steps: usize) -> Vec<f64> {
    let (up, down) = (rho / (1.0 + rho), 1.0 / (1.0 + rho));
    let states = (30.0 / (1.0 / rho).ln()).ceil() as usize + 2;
    let mut at = vec![0.0; states];
    at[0] = 1.0;
    let mut next = at.clone();
    let mut step = || {
        let mean = (2..states).map(|n| (n - 1) as f64 * at[n]).sum();
        for n in 1..states - 1 {
            next[n] = up * at[n - 1] + down * at[n + 1];
        }
        next[0] = down * (at[0] + at[1]);
        next[states - 1] = up * at[states - 2];
        std::mem::swap(&mut at, &mut next);
        mean
    };
    (0..steps).map(|_| step()).collect()
}

/// How far the mean queue length over a time is from that of the steady state, relative to it, where a share `cut` is cut off.
fn exact_bias(levels: &[f64], rho: f64, cut: f64) -> f64 {
    let kept = &levels[(cut * levels.len() as f64) as usize..];
    kept.iter().sum::<f64>() / kept.len() as f64 / (rho * rho / (1.0 - rho)) - 1.0
}

/// The chain over the time in which so many messages come.
fn levels(rho: f64, messages: u64) -> Vec<f64> {
    mean_levels(rho, ((1.0 + rho) * messages as f64 / rho) as usize)
}

/// What runs of M/M/1 say of the mean queue length, relative to its exact steady state: the mean over runs, its standard
/// error, the median half-width, and the share of the runs that say something.
fn measured(rho: f64, run: &str, seeds: u64) -> [f64; 4] {
    let text = |seed: u64| {
        format!(
            "[producers.p]\narrivals = {{ poisson = \"{rho}/s\" }}\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
             service = {{ exponential = {{ mean = \"1s\" }} }}\n[run]\nseed = {seed}\n{run}\n"
        )
    };
    let exact = rho * rho / (1.0 - rho);
    let one = |seed: u64| {
        let study = study(&model(&text(seed)));
        let length = row(&study, "q.queue_length.mean");
        length.value.map(|value| (value / exact - 1.0, length.half_width().unwrap_or(f64::INFINITY) / exact))
    };
    let runs: Vec<(f64, f64)> = (1..=seeds).filter_map(one).collect();
    let n = runs.len() as f64;
    let mean = runs.iter().map(|run| run.0).sum::<f64>() / n;
    let variance = runs.iter().map(|run| (run.0 - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let mut halves: Vec<f64> = runs.iter().map(|run| run.1).collect();
    halves.sort_by(f64::total_cmp);
    [mean, (variance / n).sqrt(), halves[halves.len() / 2], n / seeds as f64]
}

/// The time in which so many messages come at a rate.
fn horizon(messages: u64, rho: f64) -> f64 {
    messages as f64 / rho
}

/// Fifty replications of M/M/1 at 0.9 over the time of 400 messages have the mean of the chain, with nothing cut off and with a
/// quarter; the twin is the mean of steady state, which they do not have.
#[test]
fn the_start_of_mm1_is_that_of_the_chain() {
    let chain = levels(0.9, 400);
    for (warmup, cut) in [("\"none\"", 0.0), ("\"111.1s\"", 0.25)] {
        let run = format!("horizon = \"{}s\"\nreplications = 50\nwarmup = {warmup}", horizon(400, 0.9));
        let [mean, error, ..] = measured(0.9, &run, 40);
        let exact = exact_bias(&chain, 0.9, cut);
        assert!((mean - exact).abs() < 3.3 * error, "{warmup}: {mean} +- {error} against {exact}");
        assert!(mean.abs() > 3.3 * error, "{warmup}: {mean} +- {error} has no power");
    }
}

/// Where nine of ten runs say something, what the start leaves in their mean is less than a quarter of their half-width.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_the_warm_up() {
    let mut found = String::from(
        "What the empty start of M/M/1 leaves in the mean queue length, in percent of it. *Exact* is by the chain, with the given share of each \
         replication cut off. *Run* is what a run does by itself, over 800 seeds with its standard error; *half-width* is the median \
         one of these runs, *told* the share of them that are not refused.\n\n\
         | load | replications | exact, none | 1/16 | 1/8 | 1/4 | 1/2 | run | half-width | told |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for rho in [0.5, 0.8, 0.9, 0.95, 0.99] {
        for (replications, messages) in [(5, 4_000), (10, 20_000)] {
            let run = format!("horizon = \"{}s\"\nreplications = {replications}", horizon(messages, rho));
            let [mean, error, half, told] = measured(rho, &run, 800).map(|x| 100.0 * x);
            let chain = levels(rho, messages);
            let exact = [0.0, 1.0 / 16.0, 0.125, 0.25, 0.5].map(|cut| 100.0 * exact_bias(&chain, rho, cut));
            let exact = exact.map(|bias| format!("{bias:.2}")).join(" | ");
            writeln!(
                found,
                "| {rho} | {replications} of {messages} | {exact} | {mean:.2} ± {error:.2} | {half:.1} | {told:.0} % |"
            )
            .expect("a string");
            println!("{}", found.lines().last().unwrap_or_default());
            assert!(told < 90.0 || mean.abs() < 0.25 * half + 3.3 * error, "{rho}, {messages}: {mean} of {half}");
        }
    }
    keep_study("warm-up", "What does the start of a run leave in its mean?", &found);
}
