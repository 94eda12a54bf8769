//! Every model of `models/` says in `[expect]` what a run yields; here they are held to it.
//! The RabbitMQ replays are among them: measured waits within 5 %, tails within 7 %.

use crate::support::{model_files, shipped, study, text, value};
use lindley::experiment::verdict;

#[test]
fn every_model_yields_what_it_expects() {
    for path in model_files() {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let model = shipped(&name);
        assert!(!model.expectations.is_empty(), "{name} expects nothing");
        let study = study(&model);
        for verdict in verdict::expectations(&model.expectations, &study.result) {
            println!("{name}: {verdict}");
            assert!(verdict.passed, "{name}: {verdict}");
        }
    }
}

#[test]
fn models_are_numbered_and_explained() {
    for (i, path) in model_files().iter().enumerate() {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        assert!(name.starts_with(&format!("{:02}-", i + 1)), "{name} is number {}", i + 1);
        let header = std::fs::read_to_string(path).expect("readable");
        assert!(header.lines().take_while(|l| l.starts_with('#')).count() >= 3, "{name} has no header");
    }
}

/// The power twin of the replays: without the broker's overheads the same model misses.
#[test]
fn a_replay_without_turnaround_and_latency_is_off() {
    for (name, measured) in [("10-rabbitmq-trace-a2.toml", 71.798e-3), ("12-rabbitmq-trace-c1.toml", 20.133e-3)] {
        let mut model = shipped(name);
        model.consumers[0].turnaround = None;
        model.consumers[0].latency = 0.0;
        let wait = value(&study(&model), "work.wait.mean");
        assert!((wait / measured - 1.0).abs() > 0.05, "{name}: {wait} is within 5 % of {measured} all the same");
    }
}

/// The expectations of the replays are the figures of the traces they carry.
#[test]
fn replays_expect_what_was_measured() {
    for (run, expected) in [("a1", 10.047), ("a2", 71.798), ("b1", 14.010), ("c1", 20.133)] {
        let path = crate::support::root().join(format!("models/traces/rabbitmq-{run}.csv.gz"));
        let file = std::fs::File::open(path).expect("the trace is carried");
        let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(file));
        let waits: Vec<f64> = reader
            .records()
            .map(|r| r.expect("a row"))
            .map(|r| r[2].parse::<f64>().expect("t_start") - r[0].parse::<f64>().expect("t_pub"))
            .collect();
        let mean = waits.iter().sum::<f64>() / waits.len() as f64 / 1e3;
        assert!((mean - expected).abs() < 1e-3, "{run}: {mean} ms");
    }
}

#[test]
fn check_expect_answers_by_its_exit_code() {
    let good = crate::support::lindley(&["check", "models/10-rabbitmq-trace-a2.toml", "--expect"]);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stderr));
    let bad = crate::support::lindley(&[
        "check",
        "models/10-rabbitmq-trace-a2.toml",
        "--expect",
        "--set",
        "consumers.workers.servers=2",
    ]);
    assert_eq!(bad.status.code(), Some(3), "{}", text(&bad.stdout));
    assert!(text(&bad.stdout).contains("BROKEN"));
}
