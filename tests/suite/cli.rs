//! The program as a user meets it: exit codes, streams, formats, files.

use crate::support::{lindley, program, text};
use std::io::Write;
use std::process::Stdio;

const QUICK: &[&str] = &["-q", "--messages", "20000", "-n", "4", "--set", "run.precision=0.5"];

fn run_quick(model: &str, more: &[&str]) -> std::process::Output {
    lindley(&[&["run", model], QUICK, more].concat())
}

#[test]
fn json_validates_against_the_schema_that_the_program_prints() {
    let schema = serde_json::from_slice(&lindley(&["schema", "result"]).stdout).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    for model in ["models/01-mm1.toml", "models/06-distributed-orders.toml", "models/09-rabbitmq-trace-a1.toml"] {
        let output = if model.contains("trace") {
            lindley(&["run", model, "-q", "--format", "json"])
        } else {
            run_quick(model, &["--format", "json"])
        };
        let mut result: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a result is JSON");
        let errors: Vec<String> = validator.iter_errors(&result).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{model}: {errors:?}");
        // The validator can fail.
        result["rows"][0]["unit"] = "furlong".into();
        assert!(!validator.is_valid(&result));
    }
}

#[test]
fn results_go_to_stdout_and_nothing_else() {
    let output = run_quick("models/01-mm1.toml", &["--format", "csv"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stdout)
            .starts_with("point,scope,name,class,metric,statistic,value,low,high,level,unit,n,source,method")
    );
    assert_eq!(text(&output.stderr), "", "quiet is quiet");
}

#[test]
fn every_format_prints_and_no_number_is_nan() {
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        let output = run_quick("models/08-platform-task-queue.toml", &["--format", format]);
        let shown = text(&output.stdout);
        assert!(shown.contains("tasks"), "{format}");
        assert!(!shown.contains("NaN") && !shown.contains("inf,"), "{format}");
    }
}

#[test]
fn a_wrong_model_is_exit_code_2_with_the_place() {
    let mut child = program().args(["run", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let broken = b"[queues.q]\nmax_lenght = 3\n[consumers.c]\nqueue = \"p\"\nservice = \"40/s\"\n";
    child.stdin.take().expect("piped").write_all(broken).expect("written");
    let output = child.wait_with_output().expect("ends");
    let shown = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(shown.contains("max_length") && shown.contains(":2:1"), "{shown}");
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn wrong_usage_is_exit_code_2_and_a_missing_file_says_which() {
    assert_eq!(lindley(&["run"]).status.code(), Some(2));
    assert_eq!(lindley(&["fly", "models/01-mm1.toml"]).status.code(), Some(2));
    let output = lindley(&["run", "models/no-such.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no-such.toml"));
}

#[test]
fn a_missed_target_is_exit_code_3_and_a_missed_precision_4() {
    let missed = run_quick("models/01-mm1.toml", &["--set", "targets.\"orders.wait.p99\"=1ms"]);
    assert_eq!(missed.status.code(), Some(3), "{}", text(&missed.stderr));
    assert!(text(&missed.stdout).contains("missed"));
    let met = run_quick("models/01-mm1.toml", &["--set", "targets.\"orders.wait.p99\"=10s"]);
    assert_eq!(met.status.code(), Some(0), "{}", text(&met.stderr));
    let imprecise = lindley(&[
        "run",
        "models/01-mm1.toml",
        "-q",
        "--messages",
        "2000",
        "--precision",
        "0.1%",
        "--set",
        "run.max_replications=12",
    ]);
    assert_eq!(imprecise.status.code(), Some(4), "{}", text(&imprecise.stderr));
}

#[test]
fn the_output_directory_holds_results_curves_and_charts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("deep/er");
    let output = run_quick("models/06-distributed-orders.toml", &["-o", path.to_str().expect("utf-8")]);
    assert!(output.status.code().is_some_and(|c| c == 0 || c == 3), "{}", text(&output.stderr));
    for name in ["results.json", "results.csv", "manifest.json", "queue_length.csv", "tails.csv", "transitions.csv"] {
        assert!(path.join(name).is_file(), "{name}");
    }
    for chart in ["queue_length", "percentiles", "ccdf", "lifecycle"] {
        assert!(std::fs::read(path.join(format!("{chart}.png"))).expect(chart).starts_with(b"\x89PNG"));
        assert!(std::fs::read_to_string(path.join(format!("{chart}.svg"))).expect(chart).contains("</svg>"));
    }
}

#[test]
fn standard_output_that_is_closed_early_is_no_failure() {
    let mut child = program().args(["explain"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn explain_schema_completions_and_man_print() {
    for arguments in [
        &["explain", "unknown-key"][..],
        &["explain"],
        &["schema", "model"],
        &["schema", "result"],
        &["completions", "bash"],
        &["man"],
    ] {
        let output = lindley(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stdout.len() > 40, "{arguments:?}");
    }
    assert_eq!(lindley(&["explain", "no-such-code"]).status.code(), Some(2));
}

/// Ctrl-C keeps what is finished and exits 130.
#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_finished() {
    let mut child = program()
        .args([
            "run",
            "models/01-mm1.toml",
            "--format",
            "json",
            "-q",
            "-n",
            "100000",
            "--messages",
            "20000",
            "--set",
            "run.max_replications=100000",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    let mut output = Vec::new();
    std::io::Read::read_to_end(&mut child.stdout.take().expect("piped"), &mut output).expect("read");
    assert_eq!(child.wait().expect("ends").code(), Some(130));
    let result: serde_json::Value = serde_json::from_slice(&output).expect("a whole result");
    assert_eq!(result["provenance"]["stop_reason"], "interrupted");
    assert!(result["provenance"]["replications"].as_u64().expect("a number") > 1);
}
