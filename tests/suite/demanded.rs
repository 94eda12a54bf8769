//! What targets, expectations and questions speak of is measured, or refused before anything is simulated.

use crate::support::{lindley, model, model_files, study, text};
use lindley::experiment::measured;
use lindley::model::{Model, RunLength};
use lindley::row::{Metric, Quantity, Row, Scope, Source, Statistic};
use std::path::{Path, PathBuf};

const SHOP: &str = "[producers.web]\narrivals = { poisson = \"80/s\" }\nqueue = \"orders\"\n\
    messages = [{ class = \"paid\", weight = 1 }, { class = \"free\", weight = 1 }]\n[queues.orders]\n\
    [consumers.workers]\nqueue = \"orders\"\nservice = { exponential = { mean = \"10ms\" } }\n\
    [run]\nmessages = 40000\nreplications = 3\nquantiles = [0.5, 0.99]\n";

/// The shop with more sections, as a file for the program.
fn shop(name: &str, more: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("lindley-demanded-{}-{name}.toml", std::process::id()));
    std::fs::write(&path, format!("{SHOP}{more}")).expect("the file can be written");
    path
}

/// Exit code, and everything that is printed.
fn said(arguments: &[&str], file: &Path) -> (i32, String) {
    let file = file.to_str().expect("the path is text");
    let arguments: Vec<&str> = arguments.iter().map(|a| if *a == "FILE" { file } else { a }).collect();
    let out = lindley(&arguments);
    (out.status.code().unwrap_or(-1), text(&out.stdout) + &text(&out.stderr))
}

fn simulated(study: &lindley::experiment::Study) -> Vec<&Row> {
    study.result.rows.iter().filter(|row| row.source == Source::Simulation).collect()
}

fn found<'r>(rows: &[&'r Row], quantity: &str) -> Option<&'r Row> {
    let quantity: Quantity = quantity.parse().expect("it is a quantity");
    rows.iter().find(|row| quantity.is_of(row)).copied()
}

// ----- asked, therefore measured ------------------------------------------------------------

#[test]
fn what_targets_and_expectations_speak_of_is_measured() {
    let more = "[targets]\n\"orders.prob(wait > 50ms)\" = 0.9\n\"orders.wait.p97\" = \"9s\"\n\"wait.prob(> 0.03)\" = 0.9\n\
        [expect]\n\"orders[paid].prob(sojourn > 20ms)\" = { value = 0.5, within = \"99%\" }\n\
        \"orders.wait.p96\" = { value = \"100ms\", within = \"99%\" }\n";
    let asked = study(&model(&format!("{SHOP}{more}")));
    let rows = simulated(&asked);
    for quantity in ["orders.prob(wait > 50ms)", "orders.prob(wait > 30ms)", "orders[paid].prob(sojourn > 20ms)"] {
        let row = found(&rows, quantity).unwrap_or_else(|| panic!("no {quantity}"));
        assert!(row.value.is_some_and(|share| share > 0.0 && share < 1.0) && row.low.is_some(), "{row:?}");
    }
    assert!(found(&rows, "orders.wait.p97").is_some() && found(&rows, "orders.wait.p96").is_some());
    assert_eq!(asked.result.passed, Some(true));
    // What is measured anyway is the same to the last bit.
    let plain = study(&model(SHOP));
    for row in simulated(&plain) {
        assert!(rows.contains(&row), "{row:?}");
    }
}

#[test]
fn a_share_and_the_quantile_that_says_the_same_agree() {
    let more = "[targets]\n\"orders.prob(wait > 50ms)\" = 0.9\n";
    let study = study(&model(&format!("{SHOP}{more}")));
    let share = found(&simulated(&study), "orders.prob(wait > 50ms)").and_then(|row| row.value).expect("a share");
    // M/M/1: P(W > t) = rho e^{-(mu - lambda) t}.
    assert!((share - 0.8 * (-1.0_f64).exp()).abs() < 0.1, "{share}");
}

#[test]
fn run_gate_compare_and_check_know_a_level_outside_of_the_quantiles() {
    let easy = shop("easy", "[targets]\n\"orders.prob(wait > 50ms)\" = 0.9\n\"orders.wait.p97\" = \"9s\"\n");
    let (code, words) = said(&["run", "FILE", "-q"], &easy);
    assert!(code == 0 && !words.contains("no value"), "{code}: {words}");
    let (code, words) = said(&["sweep", "FILE", "-q", "--sweep", "run.seed=1,2"], &easy);
    assert!(code == 0 && !words.contains("no value"), "{code}: {words}");
    let (code, words) =
        said(&["compare", "FILE", "FILE", "-q", "-n", "3", "--metric", "orders.prob(wait > 50ms)"], &easy);
    assert!(code == 0 && words.contains("prob(wait > 50ms)") || words.contains("prob(> 0.05)"), "{code}: {words}");
    let expected = shop("expected", "[expect]\n\"orders.prob(wait > 50ms)\" = { value = 0.3, within = \"90%\" }\n");
    let (code, words) = said(&["check", "FILE", "--expect", "-q"], &expected);
    assert!(code == 0 && words.contains(": ok"), "{code}: {words}");
}

// ----- never measured, therefore refused ----------------------------------------------------

#[test]
fn what_no_run_has_is_refused_before_anything_is_simulated() {
    let plain = shop("plain", "");
    for target in ["orders[paid].prob(in_system > 3) < 5%", "system.cost < 3", "orders.backlog_peak.p90 < 9"] {
        let same = ["gate", "FILE", "FILE", "-q", "-n", "3", "--target", target];
        let sized = ["size", "FILE", "-q", "--vary", "consumers.workers.servers=1:4", "--target", target];
        for (code, words) in [said(&same, &plain), said(&sized, &plain)] {
            assert!(code == 2 && words.contains("no run of this model has"), "{code}: {words}");
        }
    }
    let (code, words) =
        said(&["compare", "FILE", "FILE", "-q", "--metric", "orders[paid].prob(in_system > 3)"], &plain);
    assert!(code == 2 && words.contains("neither model has"), "{code}: {words}");
}

/// Every number that some model might have.
fn thinkable(model: &Model, rows: &[&Row]) -> Vec<Quantity> {
    use Statistic::{Above, AtMost, Count, Equal, Fraction, Max, Mean, Quantile, Variance};
    let [low, high] = [Quantile(0.5), Quantile(0.95)];
    let statistics = [Mean, Variance, Max, Count, Fraction, low, high, Above(0.05), AtMost(2.0), Equal(1.0)];
    let plain = Metric::names().filter_map(Metric::parse);
    let metrics: Vec<Metric> = plain.chain(rows.iter().map(|row| row.metric.clone())).collect();
    let classes: Vec<Option<String>> = [None].into_iter().chain(model.classes.iter().cloned().map(Some)).collect();
    let mut entities = vec![(Scope::System, "system".to_string())];
    entities.extend(model.queues.iter().map(|q| (Scope::Queue, q.name.clone())));
    entities.extend(model.consumers.iter().map(|c| (Scope::Consumer, c.name.clone())));
    entities.extend(model.producers.iter().map(|p| (Scope::Producer, p.name.clone())));
    let mut all = Vec::new();
    for (scope, name) in entities {
        for metric in &metrics {
            for (class, statistic) in classes.iter().flat_map(|class| statistics.map(|s| (class.clone(), s))) {
                let (name, metric) = (name.clone(), metric.clone());
                all.push(Quantity { scope: Some(scope), name, class, metric, statistic });
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

/// What a model is said to measure is what its runs have, for every thinkable number of every shipped model.
#[test]
fn what_is_said_to_be_measured_is_what_runs_have() {
    for file in model_files() {
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        let mut model = crate::support::shipped(name);
        model.run.replications = 1;
        model.run.precision = None;
        if let RunLength::Messages(n) = &mut model.run.length {
            *n = (*n).min(2_000);
        }
        model.run.quantiles = vec![0.5, 0.95];
        (model.targets, model.expectations) = (Vec::new(), Vec::new());
        let first = study(&model);
        let thinkable = thinkable(&model, &simulated(&first));
        model.run.demanded = thinkable.iter().filter(|quantity| measured(&model, quantity).is_ok()).cloned().collect();
        let asked = study(&model);
        let rows = simulated(&asked);
        for quantity in &thinkable {
            let there = rows.iter().any(|row| quantity.is_of(row));
            // A row that never has a value is as good as none.
            let never = quantity.metric == Metric::Utilization;
            assert!(measured(&model, quantity).is_ok() == there || (there && never), "{name}: {quantity}: {there}");
        }
    }
}

// ----- judged as written --------------------------------------------------------------------

#[test]
fn a_gate_knows_that_the_bound_itself_may_be_on_the_bad_side() {
    let plain = shop("strict", "");
    let gate = |target: &str| said(&["gate", "FILE", "FILE", "-q", "-n", "3", "--target", target], &plain);
    let (code, words) = gate("system.reliability > 1");
    assert!(code == 3 && words.contains("> 1"), "{code}: {words}");
    let (code, words) = gate("system.reliability >= 1");
    // However many are seen that succeed: the next one may fail.
    assert!(code == 4 && words.contains(">= 1"), "{code}: {words}");
}

#[test]
fn a_sizing_knows_that_the_service_itself_may_be_on_the_bad_side() {
    let (code, words) = said(
        &["size", "M/D/c", "--arrival-rate", "10/s", "--mean-service", "10ms", "--target", "sojourn.mean < 10ms"],
        &PathBuf::new(),
    );
    assert!(code == 2 && words.contains("is impossible"), "{code}: {words}");
}

#[test]
fn one_broken_expectation_is_singular() {
    let one = shop("one", "[expect]\n\"orders.wait.mean\" = { value = \"9s\", within = \"1%\" }\n");
    let (code, words) = said(&["check", "FILE", "--expect", "-q"], &one);
    assert!(code == 3 && words.contains("1 expectation BROKEN") && words.contains("1 expectation broken"), "{words}");
}
