//! `lindley explain`: every metric, method and system has something to say, from the place where it
//! stands anyway.

use crate::support::{lindley, root, text};
use lindley::analytic::catalog::{self, pages};
use lindley::analytic::page::Page;
use lindley::analytic::plan;
use lindley::row::Metric;

#[test]
fn every_page_has_a_formula_its_validity_and_a_reference() {
    let lacks = |page: &Page| {
        let text = page.text();
        let wanted = ["Formula", "Units:", "Valid when:", "Reference:"];
        let missing: Vec<&str> = wanted.into_iter().filter(|word| !text.contains(word)).collect();
        (!missing.is_empty()).then(|| format!("{}: {missing:?}", page.name))
    };
    let incomplete: Vec<String> = pages().filter_map(lacks).collect();
    assert!(incomplete.is_empty(), "{incomplete:#?}");
    assert!(pages().count() > 60, "{}", pages().count());
}

#[test]
fn names_are_unique_and_every_method_has_its_page() {
    let mut names: Vec<&str> = pages().map(|page| page.name).collect();
    names.sort_unstable();
    let doubled: Vec<&&str> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    let mut methods: Vec<String> = plan::methods().map(|m| m.id.to_string()).collect();
    let without: Vec<&String> = methods.iter().filter(|name| !names.contains(&name.as_str())).collect();
    assert!(without.is_empty(), "methods without a page: {without:?}");
    methods.sort_unstable();
    assert!(methods.windows(2).all(|pair| pair[0] != pair[1]), "{methods:?}");
    let mut systems: Vec<&str> = catalog::systems().map(|s| s.name).collect();
    systems.sort_unstable();
    assert!(systems.windows(2).all(|pair| pair[0] != pair[1]), "{systems:?}");
}

#[test]
fn every_metric_is_explained() {
    for metric in Metric::names() {
        let output = lindley(&["explain", metric]);
        assert_eq!(output.status.code(), Some(0), "{metric}");
        assert!(text(&output.stdout).lines().count() >= 3, "{metric}: {}", text(&output.stdout));
    }
}

/// The numbers that docs/metrics.md gives for 800/s and 1000/s are those of the solver.
#[test]
fn the_example_of_the_metrics_is_what_the_solver_says() {
    let output = lindley(&["solve", "M/M/1", "--arrival-rate", "800/s", "--service-rate", "1000/s", "--format", "csv"]);
    let shown = text(&output.stdout);
    let value = |metric: &str, statistic: &str| -> f64 {
        let line = shown.lines().find(|l| l.contains(&format!(",{metric},{statistic},"))).expect(metric);
        line.split(',').nth(6).expect("a value").parse().expect("a number")
    };
    let near = |x: f64, y: f64| assert!((x / y - 1.0).abs() < 1e-9, "{x} {y}");
    near(value("wait", "mean"), 4e-3);
    near(value("sojourn", "mean"), 5e-3);
    near(value("sojourn", "p99"), 5e-3 * 100f64.ln());
    near(value("in_system", "mean"), 4.0);
    near(value("queue_length", "mean"), 3.2);
    near(value("utilization", "mean"), 0.8);
    near(value("throughput", "mean"), 800.0);
    let document = std::fs::read_to_string(root().join("docs/metrics.md")).expect("the document is there");
    for said in ["0.8 / 200/s = 4 ms", "1 / 200/s = 5 ms", "23.0 ms", "= 3.2 messages", "0.8 / 0.2 = 4 messages"] {
        assert!(document.contains(said), "{said}");
    }
}

#[test]
fn a_name_that_is_none_is_refused_with_the_nearest() {
    let output = lindley(&["explain", "erlang-cc"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("erlang-c"), "{}", text(&output.stderr));
}
