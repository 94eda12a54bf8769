//! Message semantics against closed forms that the solver does not have: priorities (Cobham), a
//! closed population (machine repair), failures that return to the tail (feedback), a limited
//! number of attempts. Each at alpha = 0.001, with a twin on a theory 3 % off that must be rejected.

use crate::support::{model, study};
use lindley::experiment::Study;
use lindley::row::Row;
use lindley::stats::interval::student_quantile;

const REPLICATIONS: u32 = 20;

/// Blocks of all replications, by which intervals of long runs are made.
const BLOCKS: f64 = 60.0;

/// Student's t of a row against a value.
fn t_score(row: &Row, exact: f64) -> f64 {
    let standard_error = row.half_width().expect("an interval") / student_quantile(0.95, BLOCKS - 1.0);
    (row.value.expect("a value") - exact) / standard_error
}

/// The row agrees with the exact value at alpha = 0.001, and not with one 3 % off.
fn agrees(study: &Study, name: &str, class: Option<&str>, exact: f64) {
    let named = |r: &&Row| r.class.as_deref() == class && format!("{}.{}.{}", r.name, r.metric, r.statistic) == name;
    let row = study.result.rows.iter().find(named).unwrap_or_else(|| panic!("no row {name}"));
    let limit = student_quantile(0.999, BLOCKS - 1.0);
    let t = t_score(row, exact);
    assert!(t.abs() < limit, "{name}: {:?} against {exact}, t = {t:.2}", row.value);
    for factor in [0.97, 1.03] {
        let t = t_score(row, exact * factor);
        assert!(t.abs() > limit, "{name}: no power against a factor of {factor}, t = {t:.2}");
    }
}

fn run(body: &str, messages: u64) -> Study {
    study(&model(&format!("{body}\n[run]\nmessages = {messages}\nreplications = {REPLICATIONS}\n")))
}

/// Cobham (1954), M/M/1, lambda 0.3 and 0.4, mu 1: R = 0.7; high R / (1 - 0.3) = 1, low
/// R / ((1 - 0.3)(1 - 0.7)) = 10/3.
#[test]
fn two_priorities_wait_as_cobham_says() {
    let body = "[producers.p]\narrivals = { poisson = \"0.7/s\" }\nqueue = \"q\"\n\
        messages = [{ class = \"high\", weight = 3, priority = 1 }, { class = \"low\", weight = 4, priority = 0 }]\n\
        [queues.q]\npriority_levels = 2\n[consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"1s\" } }";
    let study = run(body, 400_000);
    agrees(&study, "q.wait.mean", Some("high"), 1.0);
    agrees(&study, "q.wait.mean", Some("low"), 10.0 / 3.0);
}

/// M/M/1//5, think 1 s, service 0.5 s: p_k proportional to 5!/(5-k)! 0.5^k.
#[test]
fn a_closed_population_is_machine_repair() {
    let body = "[producers.users]\narrivals = { closed = { population = 5, think = { exponential = { mean = \"1s\" } } } }\n\
        queue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"500ms\" } }";
    let study = run(body, 100_000);
    let weights: Vec<f64> = (0..=5).map(|k| (0..k).map(|i| f64::from(5 - i) * 0.5).product()).collect();
    let total: f64 = weights.iter().sum();
    let length = weights.iter().enumerate().map(|(k, w)| k as f64 * w).sum::<f64>() / total;
    let throughput = 2.0 * (1.0 - weights[0] / total);
    agrees(&study, "q.in_system.mean", None, length);
    agrees(&study, "q.throughput.mean", None, throughput);
    agrees(&study, "q.sojourn.mean", None, length / throughput);
}

/// Failures with probability p to the tail of the queue: an M/M/1 of service rate mu (1 - p)
/// (Takacs 1963 for the mean); lambda 0.5, mu 1, p 0.2: sojourn 1 / (0.8 - 0.5).
#[test]
fn failures_that_return_to_the_tail_are_feedback() {
    let body = "[producers.p]\narrivals = { poisson = \"0.5/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
        service = { exponential = { mean = \"1s\" } }\nfailure = { probability = 0.2 }\n\
        retry = { max_attempts = \"unlimited\", backoff = \"none\", requeue = \"tail\" }";
    let study = run(body, 300_000);
    agrees(&study, "q.sojourn.mean", None, 1.0 / 0.3);
    agrees(&study, "q.attempts.mean", None, 1.25);
    agrees(&study, "c.utilization.mean", None, 0.625);
}

/// At most three attempts, each failing with probability 0.4: 0.064 are dropped, messages take
/// (1 - 0.064) / 0.6 = 1.56 attempts.
#[test]
fn attempts_are_limited() {
    let body = "[producers.p]\narrivals = { poisson = \"0.5/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\nservers = 2\n\
        service = { exponential = { mean = \"1s\" } }\nfailure = { probability = 0.4 }\n\
        retry = { max_attempts = 3, backoff = { fixed = { delay = \"5s\" } } }";
    let study = run(body, 100_000);
    agrees(&study, "q.attempts.mean", None, 1.56);
    agrees(&study, "system.outcome.dropped.fraction", None, 0.064);
}

/// Acknowledgements lost with probability 0.1, no deduplication: each message is processed
/// 1 / 0.9 times, and all but the first are duplicates.
#[test]
fn lost_acknowledgements_make_duplicates() {
    let body = "[producers.p]\narrivals = { poisson = \"0.5/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
        service = { exponential = { mean = \"1s\" } }\nack_loss = { probability = 0.1 }";
    let study = run(body, 100_000);
    agrees(&study, "q.attempts.mean", None, 1.0 / 0.9);
    agrees(&study, "c.utilization.mean", None, 0.5 / 0.9);
    assert_eq!(crate::support::value(&study, "system.reliability.fraction"), 1.0);
}
