//! `compare` and `gate`: paired intervals against exact theory, verdicts, exit codes, words.

use crate::support::{keep_study, lindley, model, text};
use lindley::experiment::Options;
use lindley::experiment::comparison::{Alternative, ComparisonRequest, Difference, Gate, GateVerdict, compare};
use lindley::experiment::result::ResultSet;
use lindley::model::{Entities, Model};
use lindley::report::{answered, markdown};
use lindley::row::{Quantity, Row, Source};
use snapbox::{assert_data_eq, file};
use std::sync::atomic::AtomicBool;

pub fn mm1(rate: f64, seed: u64, run: &str) -> Model {
    model(&format!(
        "[producers.web]\narrivals = {{ poisson = \"50/s\" }}\nqueue = \"orders\"\n[queues.orders]\n[consumers.workers]\n\
         queue = \"orders\"\nservice = {{ exponential = {{ rate = \"{rate}/s\" }} }}\n[run]\nseed = {seed}\n{run}\n"
    ))
}

fn alternative(label: &str, model: Model) -> Alternative {
    Alternative {
        label: label.into(),
        file: format!("{label}.toml"),
        model,
        text: "# text\n".into(),
        settings: Vec::new(),
    }
}

pub fn compared(a: Model, b: Model, asked: &ComparisonRequest, jobs: usize) -> ResultSet {
    let labels = if asked.gate.is_some() { ["base", "new"] } else { ["A", "B"] };
    let options = Options { jobs, command: "test".into(), ..Options::default() };
    let sides = [alternative(labels[0], a), alternative(labels[1], b)];
    compare(sides, asked, &options, &AtomicBool::new(false), &|_| {}).expect("the pairs run").result
}

pub fn watching(name: &str) -> ComparisonRequest {
    let quantity = Entities::of(&mm1(100.0, 1, "")).quantity(name).expect("a quantity");
    ComparisonRequest { metrics: vec![quantity], ..ComparisonRequest::default() }
}

pub fn difference<'r>(result: &'r ResultSet, name: &str) -> &'r Difference {
    let all = &result.comparison.as_ref().expect("a comparison").differences;
    all.iter().find(|d| d.quantity().to_string() == name).unwrap_or_else(|| panic!("no {name}"))
}

// ----- the paired interval against theory ---------------------------------------------------

/// Of 100 intervals at 95 % as many as this cover the truth, but with probability 0.0005
/// (binomial: P(X <= 86 | 100, 0.95) = 0.0005).
const TRIALS: u64 = 100;
const FEWEST: usize = 87;

/// Mean waits of M/M/1 at 50/s with service rates 100/s and 125/s: rho / (mu - lambda).
fn exact_difference() -> f64 {
    0.4 / 75.0 - 0.5 / 50.0
}

/// Paired intervals of as many seeds: low and high end, and what pairing bought.
fn intervals(trials: u64) -> Vec<(f64, f64, f64)> {
    let asked = watching("orders.wait.mean");
    let run = "messages = 4000\nreplications = 8";
    let interval = |seed| {
        let result = compared(mm1(100.0, 1000 + seed, run), mm1(125.0, 1000 + seed, run), &asked, 0);
        let d = difference(&result, "orders.wait.mean");
        assert_eq!((d.level, d.headline, d.pairs), (0.95, true, 8), "one headline quantity is not corrected");
        (d.low.expect("low"), d.high.expect("high"), d.pairing.expect("random"))
    };
    (0..trials).map(interval).collect()
}

fn covered(intervals: &[(f64, f64, f64)], truth: f64) -> usize {
    intervals.iter().filter(|(low, high, _)| (*low..=*high).contains(&truth)).count()
}

/// What pairing bought, on average.
fn bought(intervals: &[(f64, f64, f64)]) -> f64 {
    intervals.iter().map(|i| i.2).sum::<f64>() / intervals.len() as f64
}

#[test]
fn the_paired_interval_covers_the_exact_difference_of_two_mm1() {
    let intervals = intervals(TRIALS);
    let right = covered(&intervals, exact_difference());
    assert!(right >= FEWEST, "{right} of {TRIALS} cover");
    // The power twin: a theory that is 3 % of the larger wait off is noticed.
    let wrong = covered(&intervals, exact_difference() - 0.03 * 0.01);
    assert!(wrong < FEWEST, "{wrong} of {TRIALS} cover a wrong theory");
    // Common random numbers pay: the same precision would take independent runs far longer.
    assert!(bought(&intervals) > 2.0, "pairing bought {}", bought(&intervals));
}

/// Of 2000 intervals as many cover, but with probability 0.0005 (binomial: P(X <= 1866) = 0.0005).
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_the_coverage_of_paired_intervals() {
    const MANY: u64 = 2000;
    let intervals = intervals(MANY);
    let [right, less, more] = [0.0, -0.01, 0.01].map(|off| covered(&intervals, exact_difference() + off * 0.01));
    keep_study(
        "paired-coverage",
        "Do paired intervals cover?",
        &format!(
            "The difference of the mean waits of M/M/1 queues at 50/s with 100/s and 125/s is known. Of {MANY} \
             intervals at\n95 % (8 pairs of 4000 messages each) {right} cover it; {less} and {more} cover a theory \
             that is 1 % of the larger wait off.\nThe same precision would take independent runs {:.1} times as \
             long on average.\n",
            bought(&intervals)
        ),
    );
    assert!(right >= 1867 && less.max(more) < right, "{right} {less} {more}");
}

#[test]
fn identical_models_differ_by_exactly_nothing_and_pass() {
    let run = "messages = 5000\nreplications = 3";
    let gate = Some(Gate { worse_by: 0.0, precision: 0.05 });
    let result = compared(
        mm1(100.0, 7, run),
        mm1(100.0, 7, run),
        &ComparisonRequest { gate, ..ComparisonRequest::default() },
        0,
    );
    let comparison = result.comparison.as_ref().expect("a comparison");
    assert!(comparison.differences.iter().filter_map(|d| d.value).all(|value| value == 0.0));
    assert!(
        comparison.differences.iter().filter(|d| d.value.is_some()).all(|d| (d.low, d.high) == (Some(0.0), Some(0.0)))
    );
    assert!(comparison.only.is_empty());
    assert_eq!(result.passed, Some(true));
    assert!(comparison.checks.len() == 2 && comparison.checks.iter().all(|c| c.verdict == GateVerdict::Passed));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let run = "messages = 2000\nreplications = 4";
    let rows = |jobs| compared(mm1(100.0, 3, run), mm1(110.0, 3, run), &ComparisonRequest::default(), jobs).rows;
    assert_eq!(rows(1), rows(3));
}

#[test]
fn headline_intervals_are_corrected_for_their_number_and_others_are_not() {
    let run = "messages = 2000\nreplications = 4";
    let result = compared(mm1(100.0, 3, run), mm1(110.0, 3, run), &ComparisonRequest::default(), 0);
    // Mean and p99 of wait and sojourn of one queue.
    assert_eq!(result.comparison.as_ref().expect("a comparison").headline_level, 1.0 - (1.0 - 0.95) / 4.0);
    assert_eq!(difference(&result, "orders.wait.p99").level, 0.9875);
    assert_eq!(difference(&result, "orders.queue_length.mean").level, 0.95);
    assert!(result.notes.iter().any(|note| note.contains("Bonferroni")), "{:?}", result.notes);
}

#[test]
fn a_precision_brings_more_pairs() {
    let asked = ComparisonRequest { precision: Some(0.02), ..watching("orders.wait.mean") };
    let run = "messages = 2000\nreplications = 4";
    let result = compared(mm1(100.0, 3, run), mm1(110.0, 3, run), &asked, 0);
    let d = difference(&result, "orders.wait.mean");
    assert!(d.pairs > 4, "{}", d.pairs);
    assert!(d.half_width().expect("an interval") <= 0.02 * d.first.expect("a value"));
}

#[test]
fn what_only_one_model_has_is_told_and_classes_are_compared() {
    let study = |name: &str| {
        let mut model = crate::support::shipped(&format!("studies/{name}.toml"));
        model.run.length = lindley::model::RunLength::Messages(4000);
        model.run.replications = 3;
        model
    };
    let result = compared(study("priority-one-queue"), study("separate-queues"), &ComparisonRequest::default(), 0);
    let comparison = result.comparison.as_ref().expect("a comparison");
    assert!(comparison.only.iter().any(|o| o.side == "A" && o.quantity.to_string() == "jobs[urgent].wait.mean"));
    assert!(comparison.only.iter().any(|o| o.side == "B" && o.quantity.to_string() == "urgent-jobs.wait.mean"));
    assert!(difference(&result, "system[urgent].sojourn.mean").headline);
    let sides: Vec<&str> = result.points.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(sides, ["A", "B", "B-A"]);
    assert!(result.rows.iter().all(|row| row.point.as_deref().is_some_and(|p| sides.contains(&p))));
}

#[test]
fn for_throughput_smaller_is_worse() {
    let run = "messages = 3000\nreplications = 4";
    let asked =
        ComparisonRequest { gate: Some(Gate { worse_by: 0.0, precision: 0.05 }), ..watching("system.goodput.mean") };
    let slow = model(
        "[producers.web]\narrivals = { poisson = \"40/s\" }\nqueue = \"orders\"\n[queues.orders]\n[consumers.workers]\n\
         queue = \"orders\"\nservice = { exponential = { rate = \"100/s\" } }\n[run]\n",
    );
    let worse = compared(mm1(100.0, 1, run), slow.clone(), &asked, 0);
    assert_eq!(worse.passed, Some(false));
    let mut base = slow;
    base.run = mm1(100.0, 1, run).run;
    assert_eq!(compared(base, mm1(100.0, 1, run), &asked, 0).passed, Some(true));
}

#[test]
fn the_markdown_of_a_failed_gate() {
    let (base, new) = (mm1(100.0, 5, "messages = 5000\nreplications = 5"), mm1(95.0, 5, ""));
    let target = |text: &str| Entities::of(&base).demand(text).expect("a target");
    let targets = vec![target("orders.wait.p99 < 1s"), target("orders.sojourn.mean <= 15ms")];
    let gate = Some(Gate { worse_by: 0.0, precision: 0.05 });
    let asked = ComparisonRequest { targets, gate, ..ComparisonRequest::default() };
    let mut result = answered(compared(base, new, &asked, 0));
    result.provenance.wall_s = 0.0;
    result.provenance.version = "VERSION".into();
    assert_data_eq!(markdown::render(&result, false), file!["../golden/gate.md"].raw());
}

/// What is printed of a side beside its difference is what is printed of it anywhere else in the result; so values subtract.
#[test]
fn a_side_has_one_value_in_its_row_and_beside_its_difference() {
    let run = "messages = 40000\nreplications = 5";
    let (a, b) = (mm1(100.0, 11, run), mm1(125.0, 11, run));
    let result = compared(a.clone(), b, &ComparisonRequest::default(), 0);
    let row = |side: &str, d: &Difference| {
        let of = |row: &&Row| row.point.as_deref() == Some(side) && row.source == Source::Simulation;
        let found = result
            .rows
            .iter()
            .filter(of)
            .find(|row| row.quantity() == Quantity { scope: Some(d.scope), ..d.quantity() });
        found.and_then(|row| row.value).expect("both have it")
    };
    let close = |x: f64, y: f64| (x - y).abs() <= 1e-9 * y.abs().max(1e-12);
    let differences = &result.comparison.as_ref().expect("a comparison").differences;
    let told: Vec<&Difference> = differences.iter().filter(|d| d.value.is_some()).collect();
    assert!(told.len() > 20);
    for d in told {
        let (first, second) = (d.first.expect("a value"), d.second.expect("a value"));
        assert!(close(first, row("A", d)) && close(second, row("B", d)), "{}: {first} {second}", d.quantity());
        assert!(close(second - first, d.value.expect("told")) || (second - first).abs() < 1e-9, "{}", d.quantity());
    }
    // The power twin: alone, the same run is corrected by control variates, and has another value.
    let alone =
        lindley::experiment::run(&a, &Options::default(), &AtomicBool::new(false), &|_| {}).expect("it runs").result;
    let wait = Entities::of(&a).quantity("orders.wait.mean").expect("a quantity");
    let alone = alone.rows.iter().find(|row| wait.is_of(row)).and_then(|row| row.value).expect("a value");
    assert!(!close(alone, difference(&result, "orders.wait.mean").first.expect("a value")));
}

// ----- the program --------------------------------------------------------------------------

const MM1: &str = "models/01-mm1.toml";
const SHORT: &[&str] = &["-q", "--messages", "12000", "-n", "6"];
/// The same, without the precision that the file asks of a run.
const QUICK: &[&str] = &["-q", "--messages", "12000", "-n", "6", "--precision", "99%"];

fn gate(more: &[&str]) -> (Option<i32>, serde_json::Value, String) {
    let output = lindley(&[&["gate", MM1], more, SHORT, &["--format", "json"]].concat());
    let result = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), result, text(&output.stderr))
}

const SLOWER: &str = "consumers.workers.service={exponential={mean=\"10.8ms\"}}";
const FASTER: &str = "consumers.workers.service={exponential={mean=\"9ms\"}}";

#[test]
fn a_slower_model_fails_and_a_faster_one_passes() {
    let (code, result, stderr) = gate(&["--set-new", SLOWER, "--metric", "orders.wait.mean"]);
    assert_eq!((code, &result["passed"]), (Some(3), &false.into()), "{stderr}");
    assert_eq!(result["comparison"]["checks"][0]["verdict"], "failed");
    assert!(result["answer"]["headline"].as_str().expect("text").starts_with("Failed: 1 of 1"), "{result:#}");
    let (code, result, stderr) = gate(&["--set-new", FASTER, "--metric", "orders.wait.mean"]);
    assert_eq!((code, &result["passed"]), (Some(0), &true.into()), "true means passed: {stderr}");
    // The margin lets a little through.
    let margin = ["--set-new", SLOWER, "--metric", "orders.wait.mean", "--worse-by", "200%"];
    assert_eq!(gate(&margin).0, Some(0));
}

#[test]
fn a_missed_target_fails_even_where_nothing_got_worse() {
    let (code, result, _) = gate(&[MM1, "--target", "orders.wait.mean < 1ms", "--metric", "orders.wait.mean"]);
    assert_eq!((code, &result["passed"]), (Some(3), &false.into()));
    let verdicts: Vec<&str> = result["comparison"]["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter_map(|c| c["verdict"].as_str())
        .collect();
    assert_eq!(verdicts, ["passed", "failed"]);
    let (code, result, _) = gate(&[MM1, "--target", "prob(wait > 10s) < 1%", "--metric", "orders.wait.mean"]);
    assert_eq!((code, &result["passed"]), (Some(0), &true.into()), "{result:#}");
}

#[test]
fn too_imprecise_to_tell_is_exit_code_4_with_what_is_needed() {
    let more = ["--set-new", "consumers.workers.servers=2", "--set-base", "consumers.workers.servers=2"];
    let changed = ["--set-new", "producers.web.arrivals={renewal={gamma={mean=\"12.5ms\",scv=1}}}"];
    let (code, result, stderr) = gate(&[&more[..], &changed[..], &["--metric", "orders.wait.p99"]].concat());
    assert_eq!(code, Some(4), "{stderr}");
    assert_eq!(result.get("passed"), None, "neither passed nor failed");
    assert_eq!(result["comparison"]["checks"][0]["verdict"], "undecided");
    let needed = result["comparison"]["checks"][0]["needed_pairs"].as_u64().expect("a number");
    assert!(needed > 6 && stderr.contains(&format!("-n {needed}")), "{stderr}");
}

#[test]
fn bad_input_is_exit_code_2_and_says_what_is_wrong() {
    let cases: &[(&[&str], &str)] = &[
        (&["compare", MM1], "--set-b"),
        (&["gate", MM1], "--set-new"),
        (&["compare", MM1, "no-such.toml"], "no-such.toml"),
        (&["compare", "no-such.toml", MM1], "no-such.toml"),
        (&["compare", "-", "-"], "standard input"),
        (&["compare", MM1, MM1, "--metric", "orders.wiat.p99"], "did you mean `wait`?"),
        (&["compare", MM1, MM1, "--metric", "ordres.wait.p99"], "did you mean `orders`?"),
        (
            &["compare", MM1, MM1, "--metric", "orders.duplicates.count", "--messages", "500", "-n", "2"],
            "neither model",
        ),
        (&["compare", MM1, MM1, "--level", "150%"], "level"),
        (&["compare", MM1, MM1, "--engine", "recursion"], "general engine"),
        (&["gate", MM1, MM1, "--worse-by", "much"], "--worse-by"),
        (&["gate", MM1, MM1, "--target", "orders.wait.p99 = 5"], "inequality"),
        (&["gate", MM1, MM1, "--target", "wait.p99 < 1s", "--target", "wait.p99 > 2s"], "cannot both hold"),
        (&["compare", MM1, "--set-b", "consumers.workers.servers"], "PATH=VALUE"),
        (&["compare", MM1, "--set-b", "consumers.nobody.servers=2"], "nobody"),
    ];
    for (arguments, said) in cases {
        let output = lindley(arguments);
        let shown = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {shown}");
        assert!(shown.contains(said), "{arguments:?}: {shown}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
    }
}

#[test]
fn the_same_file_twice_is_a_comparison_without_difference() {
    let output = lindley(&[&["compare", MM1, MM1], QUICK].concat());
    assert!(text(&output.stdout).contains("No difference"), "{}", text(&output.stdout));
}

#[test]
fn every_format_prints_and_json_keeps_its_schema() {
    let schema = serde_json::from_slice(&lindley(&["schema", "result"]).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        let output =
            lindley(&[&["compare", MM1, "--set-b", "consumers.workers.servers=2", "--format", format], QUICK].concat());
        let shown = text(&output.stdout);
        assert!(shown.contains("orders") && !shown.contains("NaN") && !shown.contains("inf,"), "{format}: {shown}");
        if format == "csv" {
            assert!(shown.contains("\nA,") && shown.contains("\nB,") && shown.contains("\nB-A,"), "{shown}");
        }
        if format == "json" {
            let result = serde_json::from_str(&shown).expect("JSON");
            let errors: Vec<String> = validator.iter_errors(&result).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
    }
}

#[test]
fn the_folder_holds_both_models_and_the_charts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_str().expect("utf-8");
    let run = [&["compare", MM1, "--set-b", "consumers.workers.servers=2", "-o", path], QUICK].concat();
    let output = lindley(&run);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", text(&output.stderr));
    for name in ["results.json", "model.toml", "model-b.toml", "changes.svg", "changes.csv", "manifest.json"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    let second = std::fs::read_to_string(folder.path().join("model-b.toml")).expect("text");
    assert!(second.contains("servers = 2"), "{second}");
    let again = lindley(&["plot", path, "-o", folder.path().join("again").to_str().expect("utf-8")]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let picture = |place: &str| std::fs::read(folder.path().join(place)).expect("a picture");
    assert_eq!(picture("changes.svg"), picture("again/changes.svg"));
}
