//! Intervals of simulations: how long a run is where nobody says it, what is refused, what was never seen, and that the
//! program counts its own coverage.

use crate::support::{lindley, model, row, study, text};
use lindley::experiment::result::StopReason;
use lindley::experiment::{self, Options};
use lindley::row::NoValue;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// M/M/1 with mean service 1 s.
fn mm1(rate: f64, more: &str) -> String {
    format!(
        "[producers.p]\narrivals = {{ poisson = \"{rate}/s\" }}\nqueue = \"q\"\n[queues.q]\n{more}\n[consumers.c]\nqueue = \"q\"\n\
         service = {{ exponential = {{ mean = \"1s\" }} }}\n"
    )
}

// ----- how long ---------------------------------------------------------------------------

#[test]
fn a_run_is_as_long_as_its_numbers_need() {
    for rate in [0.3, 0.8] {
        let study = study(&model(&mm1(rate, "")));
        assert_eq!(study.result.provenance.stop_reason, StopReason::Length);
        for (name, exact) in [("q.sojourn.mean", 1.0), ("q.sojourn.p99", 100_f64.ln())] {
            let row = row(&study, name);
            let (value, exact) = (row.value.expect("it is long enough"), exact / (1.0 - rate));
            assert!(row.half_width().expect("an interval") <= 0.05 * value, "{name}: {row:?}");
            // Twice the half-width is nearly certain; a theory 20 % off is not.
            assert!((value - exact).abs() < 2.0 * row.half_width().unwrap(), "{name}: {row:?} against {exact}");
            assert!((value - 1.2 * exact).abs() > 2.0 * row.half_width().unwrap(), "{name}: no power");
        }
    }
}

#[test]
fn a_run_ends_with_its_budget_of_events_and_says_what_more_would_take() {
    let options = Options { budget: Some(30_000), ..Options::default() };
    let model = model(&mm1(0.95, ""));
    let study = experiment::run(&model, &options, &AtomicBool::new(false), &|_| {}).expect("it runs");
    let provenance = &study.result.provenance;
    assert_eq!(provenance.stop_reason, StopReason::Events);
    assert!(provenance.messages < 400_000, "{}", provenance.messages);
    assert!(study.result.notes.iter().any(|note| note.contains("messages in all")), "{:?}", study.result.notes);
}

#[test]
fn a_length_that_is_given_is_obeyed() {
    let study = study(&model(&format!("{}[run]\nmessages = 5000\nreplications = 4\n", mm1(0.5, ""))));
    assert_eq!(study.result.provenance.messages, 20_000);
    assert_eq!(study.result.provenance.stop_reason, StopReason::Replications);
}

// ----- what is refused, and what was never seen -------------------------------------------

#[test]
fn a_short_run_says_how_long_it_must_be() {
    let study = study(&model(&format!("{}[run]\nmessages = 4000\nreplications = 5\n", mm1(0.9, ""))));
    let mean = row(&study, "q.wait.mean");
    assert!(mean.value.is_some() && mean.low < mean.value && mean.value < mean.high, "{mean:?}");
    let tail = row(&study, "q.wait.p99");
    // About 2,000 independent waits, of 65 messages each, against 20,000 messages.
    let Some(NoValue::TooShort { n, needed }) = tail.refusal else { panic!("{tail:?}") };
    assert!(n < 20_000 && (50_000..500_000).contains(&needed), "{n} {needed}");
}

/// Of runs of M/M/1 at 0.99 with 20,000 messages those that say something are those that have seen no long wait: what they
/// have is a bound. With the two ends that the same numbers have in a run that is long enough, two thirds of them would miss.
#[test]
fn what_is_barely_long_enough_is_bounded_from_below_only() {
    let median = 100.0 * 2_f64.ln();
    let run = |seed: u64| {
        study(&model(&format!("{}[run]\nmessages = 4000\nreplications = 5\nseed = {seed}\n", mm1(0.99, ""))))
    };
    let told: Vec<(f64, f64, Option<f64>)> = (1..=100)
        .filter_map(|seed| {
            let found = run(seed);
            let sojourn = row(&found, "q.sojourn.p50");
            Some((sojourn.value?, sojourn.low?, sojourn.high))
        })
        .collect();
    let covered = told.iter().filter(|(_, low, high)| *low <= median && high.is_none_or(|high| median <= high)).count();
    let open = told.iter().filter(|(.., high)| high.is_none()).count();
    assert!((2..30).contains(&told.len()) && open * 3 >= told.len() * 2, "{open} of {}", told.len());
    assert!(covered + 1 >= told.len(), "{covered} of {}", told.len());
    // The power twin: bounded above by as much as their own value again, they would miss.
    let twin = told.iter().filter(|(value, ..)| median <= 2.0 * value).count();
    assert!(2 * twin < told.len(), "{twin} of {}", told.len());
}

/// M/M/1/K of load 0.2 with places for 15: one message of 3e11 is lost.
#[test]
fn a_loss_that_did_not_happen_has_a_bound_and_one_that_cannot_is_nothing() {
    let limited = "max_length = 14\noverflow = \"reject-publish\"";
    let study = study(&model(&format!("{}[run]\nmessages = 10000\n", mm1(0.2, limited))));
    for name in ["q.prob_loss.fraction", "system.outcome.refused.fraction"] {
        let loss = row(&study, name);
        assert_eq!((loss.value, loss.low), (Some(0.0), Some(0.0)), "{loss:?}");
        assert!(loss.high.is_some_and(|high| (1e-5..1e-2).contains(&high)), "{loss:?}");
    }
    let reliability = row(&study, "system.reliability.fraction");
    assert!(reliability.value == Some(1.0) && reliability.low < Some(1.0) && reliability.high == Some(1.0));
    // Nothing expires here.
    let expired = row(&study, "system.outcome.expired.fraction");
    assert_eq!((expired.value, expired.low, expired.high), (Some(0.0), Some(0.0), Some(0.0)));
}

#[test]
fn what_is_known_fully_is_exact_whatever_its_length() {
    let text = "[producers.p]\narrivals = { renewal = \"1s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
        service = \"500ms\"\n[run]\nmessages = 100\n";
    let study = study(&model(text));
    let tail = row(&study, "q.sojourn.p99.9");
    assert!(tail.value.is_some_and(|value| (value - 0.5).abs() < 0.001) && tail.refusal.is_none(), "{tail:?}");
}

// ----- no steady state --------------------------------------------------------------------

/// Clients that retry at a load of 0.8 keep the queue at more than it can serve: it grows by about two messages a second.
const STORM: &str = "[producers.p]\narrivals = { poisson = \"0.8/s\" }\nqueue = \"q\"\ntimeout = \"3s\"\n\
    retry = { max_attempts = 4, backoff = { exponential = { base = \"100ms\", cap = \"5s\", jitter = \"full\" } } }\n\
    [queues.q]\n[consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"1s\" } }\n";

#[test]
fn a_queue_that_grows_has_no_mean_but_a_rate_of_growth() {
    for seed in 1..=10 {
        let study = study(&model(&format!("{STORM}[run]\nmessages = 4000\nreplications = 5\nseed = {seed}\n")));
        for name in ["q.wait.mean", "q.sojourn.p99", "q.queue_length.mean", "system.sojourn.mean"] {
            let row = row(&study, name);
            let Some(NoValue::Grows { per_second }) = row.refusal else { panic!("{seed}: {row:?}") };
            assert!((1.0..3.0).contains(&per_second), "{seed}: {per_second}");
        }
        // What does grow with the queue is known all the same.
        assert!(row(&study, "q.utilization.mean").value.is_some_and(|busy| busy > 0.99));
    }
}

#[test]
fn what_grows_is_seen_by_the_pilot() {
    let study = study(&model(STORM));
    assert!(study.result.provenance.messages < 3_000_000, "{}", study.result.provenance.messages);
    assert!(matches!(row(&study, "q.wait.mean").refusal, Some(NoValue::Grows { .. })));
    assert!(study.result.notes.iter().all(|note| !note.contains("messages in all")));
}

#[test]
fn a_queue_near_saturation_is_not_said_to_grow() {
    for seed in 1..=20 {
        let study =
            study(&model(&format!("{}[run]\nmessages = 4000\nreplications = 10\nseed = {seed}\n", mm1(0.97, ""))));
        let refusal = &row(&study, "q.wait.mean").refusal;
        assert!(!matches!(refusal, Some(NoValue::Grows { .. })), "{seed}: {refusal:?}");
    }
}

/// A run goes on until each quantity that is named is known as well as was wished, and no longer for any other.
#[test]
fn a_named_precision_is_that_of_its_quantity() {
    let run = |precision: &str| {
        study(&model(&mm1(0.5, "").replace("[queues.q]", &format!("[run]\n{precision}\n[queues.q]"))))
    };
    let reached = |study: &experiment::Study, name: &str| {
        let row = row(study, name);
        row.half_width().expect("an interval") / row.value.expect("a value")
    };
    let tail = run("precision = { \"q.sojourn.p99\" = \"3%\" }");
    assert!(reached(&tail, "q.sojourn.p99") <= 0.03, "{}", reached(&tail, "q.sojourn.p99"));
    assert_eq!(tail.result.provenance.stop_reason, StopReason::Precision);
    // A tail that no pilot has seen is planned for, too.
    let far = run("precision = { \"q.sojourn.p99.99\" = \"15%\" }\nquantiles = [0.9999]");
    assert!(reached(&far, "q.sojourn.p99.99") <= 0.15 && far.result.provenance.replications < 100);
    let mean = run("precision = { \"q.wait.mean\" = \"3%\", \"q.utilization.mean\" = \"5%\" }");
    assert!(reached(&mean, "q.wait.mean") <= 0.03 && reached(&mean, "q.utilization.mean") <= 0.05);
    let (tail, mean) = (tail.result.provenance.messages, mean.result.provenance.messages);
    assert!(tail > 2 * mean, "p99 takes {tail}, the mean {mean}");
    // What is not reported unasked is measured where it is named.
    let level = run("precision = { \"q.prob(wait > 2s)\" = \"10%\" }");
    assert!(reached(&level, "q.wait.prob(> 2)") <= 0.1);
}

#[test]
fn a_precision_of_nothing_is_refused() {
    let path = std::env::temp_dir().join(format!("lindley-precision-{}.toml", std::process::id()));
    std::fs::write(&path, mm1(0.5, "")).expect("it can be written");
    let file = path.to_str().expect("a path");
    for (more, why) in [
        (&["--precision", "q.wait.p99=2%", "--precision", "1%"][..], "one share for all means, or QUANTITY=SHARE"),
        (&["--precision", "nothing.wait.mean=2%"], "nothing"),
        (&["--precision", "q.wait.p99=200%"], "between 0 and 1"),
        (&["--precision", "q.cost.mean=2%"], "no run of this model has"),
        (&["--set", "run.precision={}"], "name a quantity"),
    ] {
        let output = lindley(&[&["run", file, "-q"], more].concat());
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(why), "{more:?}: {said}");
    }
    let output = lindley(&["run", file, "-q", "--precision", "q.wait.mean=5%", "--precision", "q.sojourn.p95=5%"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// A limit on the clock is said, since nobody can repeat the run; without an end by itself the run takes for ever.
#[test]
fn a_time_limit_keeps_what_is_finished() {
    let path = std::env::temp_dir().join(format!("lindley-limit-{}.toml", std::process::id()));
    std::fs::write(&path, mm1(0.5, "")).expect("it can be written");
    let file = path.to_str().expect("a path");
    let long = ["run", file, "-q", "--messages", "20000", "-n", "100000"];
    let limited = lindley(&[&long[..], &["--time-limit", "3s"]].concat());
    let said = text(&limited.stdout);
    assert!(limited.status.code() == Some(0) && said.contains("ended by the time limit of 3"), "{said}");
    let precise = lindley(&[&long[..], &["--time-limit", "3s", "--precision", "0.001%"]].concat());
    assert_eq!(precise.status.code(), Some(4), "{}", text(&precise.stderr));
    let wrong = lindley(&[&long[..], &["--time-limit", "0s"]].concat());
    assert_eq!(wrong.status.code(), Some(2));
}

// ----- coverage, by the program itself ----------------------------------------------------

fn kept(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("lindley-coverage-{}-{name}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

fn validate(more: &[&str]) -> (i32, String) {
    let output = lindley(&[&["validate", "-q", "--case", "mm1-05", "--size", "few"], more].concat());
    (output.status.code().unwrap_or(-1), text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn coverage_is_counted_resumed_and_shared_out() {
    let path = kept("whole");
    let file = path.to_str().expect("a path");
    let (code, table) = validate(&["--seeds", "1:60", "-o", file]);
    assert!(code == 0 && table.contains("| mm1-05 | few | q.wait.mean | 60 |"), "{code}: {table}");
    // A kill tears the last line: its run is done again, no other.
    let whole = std::fs::read_to_string(&path).expect("it was written");
    std::fs::write(&path, &whole[..whole.len() - 20]).expect("it can be torn");
    let (code, again) = validate(&["--seeds", "1:60", "-o", file]);
    assert_eq!((code, &again), (0, &table));
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&std::fs::read_to_string(&path).expect("it is there")), sorted(&whole));
    let parts: Vec<String> = ["1/2", "2/2"]
        .map(|shard| {
            let path = kept(&shard.replace('/', "-"));
            validate(&["--seeds", "1:60", "-o", path.to_str().expect("a path"), "--shard", shard]);
            std::fs::read_to_string(path).expect("it was written")
        })
        .to_vec();
    assert_eq!(sorted(&parts.concat()), sorted(&whole));
}

#[test]
fn a_coverage_that_does_not_hold_is_said_and_wrong_options_are_refused() {
    let path = kept("wrong");
    let line = |seed: u64| {
        format!(
            "{{\"case\":\"mm1-05\",\"size\":\"few\",\"seed\":{seed},\"messages\":1,\"found\":[{{\"value\":2.0,\"low\":1.9,\"high\":2.1}},\
             null,null,null,null,null]}}\n"
        )
    };
    std::fs::write(&path, (1..=60).map(line).collect::<String>()).expect("it can be written");
    let (code, said) = validate(&["--seeds", "1:60", "-o", path.to_str().expect("a path")]);
    assert!(code == 3 && said.contains("**fails**") && said.contains("do not cover"), "{code}: {said}");
    std::fs::write(&path, "{\"case\":3}\n").expect("it can be written");
    let broken = path.to_str().expect("a path");
    for (more, why) in [
        (&["--case", "nothing"][..], "known are mm1-05"),
        (&["--size", "huge"], "known are few"),
        (&["--seeds", "5:1"], "FIRST:LAST"),
        (&["--shard", "3/2"], "--shard"),
        (&["-o", broken], ":1: no run of `validate`"),
    ] {
        let output = lindley(&[&["validate", "-q"], more].concat());
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(why), "{more:?}: {said}");
    }
}
