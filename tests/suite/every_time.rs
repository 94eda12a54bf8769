//! Runs in which nothing is random and everything that arrives is seen: order statistics of all messages, no histogram.

use crate::support::{model_with, row, study};
use lindley::experiment::Study;
use lindley::row::Basis;

/// A hundred jobs at once, ten workers, ten milliseconds each.
fn jobs(service: &str, more: &str) -> Study {
    let file = format!("t\n{}", "0\n".repeat(100));
    let text = format!(
        "[producers.p]\narrivals = {{ trace = {{ file = \"zeros.csv\", column = \"t\", unit = \"s\" }} }}\nqueue = \"q\"\n\
         [queues.q]\n[consumers.c]\nqueue = \"q\"\nservers = 10\nservice = {service}\n\
         [run]\nquantiles = [0.5, 0.9, 0.95, 0.99]\n{more}"
    );
    study(&model_with(&text, &[("zeros.csv", &file)]))
}

fn milliseconds(study: &Study, name: &str) -> Option<f64> {
    row(study, name).value.map(|x| (x * 1e12).round() / 1e9)
}

/// Ten of them take 10, 20, ... 100 ms: the 50th in order has 50, the 90th 90, the 91st 100.
#[test]
fn all_of_a_known_run_are_ranked() {
    let known = jobs("\"10ms\"", "");
    let sojourns = ["p50", "p90", "p95", "p99", "max"].map(|s| milliseconds(&known, &format!("q.sojourn.{s}")));
    assert_eq!(sojourns, [50.0, 90.0, 100.0, 100.0, 100.0].map(Some));
    let waits = ["p50", "p90", "p95"].map(|s| milliseconds(&known, &format!("q.wait.{s}")));
    assert_eq!(waits, [40.0, 80.0, 90.0].map(Some));
    assert_eq!(milliseconds(&known, "system.sojourn.p90"), Some(90.0));
    let p90 = row(&known, "q.sojourn.p90");
    assert_eq!((&p90.method, p90.n, p90.low), (&Basis::EveryTime { n: 100 }, Some(100), None));
    assert!(p90.how().contains("exact: nearest rank among all 100"), "{}", p90.how());
}

/// Neither a run that draws nor one that ends before its messages do knows all of them.
#[test]
fn what_is_not_all_is_estimated() {
    let estimated = |study: &Study| row(study, "q.sojourn.p50").method != Basis::EveryTime { n: 100 };
    assert!(estimated(&jobs("{ exponential = { mean = \"10ms\" } }", "")));
    let short = jobs("\"10ms\"", "horizon = \"55ms\"\nwarmup = \"none\"\n");
    assert!(estimated(&short) && !matches!(row(&short, "q.sojourn.p50").method, Basis::EveryTime { .. }));
}
