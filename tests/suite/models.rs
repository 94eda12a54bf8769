//! Every model of `models/` says in `[expect]` what a run yields; here they are held to it.
//! The RabbitMQ replays are among them: measured waits within 5 %, tails within 2 % to 7 %.

use crate::support::{model_files, shipped, study, text};
use lindley::experiment::{Standing, verdict};
use lindley::model::{Expectation, Model};

#[test]
fn every_model_yields_what_it_expects() {
    for path in model_files() {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let model = shipped(&name);
        assert!(!model.expectations.is_empty(), "{name} expects nothing");
        let study = study(&model);
        let defects: Vec<&String> = study.result.notes.iter().filter(|n| n.contains("defect of lindley")).collect();
        assert!(defects.is_empty(), "{name}: {defects:?}");
        for verdict in verdict::expectations(&model.expectations, &study.result) {
            println!("{name}: {verdict}");
            assert_eq!(verdict.standing, Standing::Met, "{name}: {verdict}");
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

/// A model with one of its features taken away, and the expectations that must notice.
struct Twin {
    file: &'static str,
    without: fn(&mut Model),
    broken: &'static [&'static str],
}

const TAILS: &[&str] = &["work.wait.mean", "work.sojourn.p95", "work.sojourn.p99"];

fn without_overheads(model: &mut Model) {
    model.consumers[0].turnaround = None;
    model.consumers[0].latency = 0.0;
}

const TWINS: &[Twin] = &[
    Twin {
        file: "04-e-ticketing.toml",
        without: |model| model.consumers[0].ack_loss = 0.0,
        broken: &["desk.attempts.mean", "desk-workers.duplicates.count"],
    },
    Twin {
        file: "04-e-ticketing.toml",
        without: |model| model.consumers[0].deduplicate = false,
        broken: &["desk-workers.utilization.mean"],
    },
    Twin {
        file: "06-distributed-orders.toml",
        without: |model| model.consumers[0].retry.max_attempts = Some(4),
        broken: &["system.outcome.dead_lettered.fraction", "system.reliability.fraction"],
    },
    Twin {
        file: "07-event-driven-shop.toml",
        without: |model| model.consumers[1].publish.as_mut().expect("it publishes").probability = 1.0,
        broken: &["shipping.wait.mean", "shipping.arrival_rate.mean"],
    },
    Twin {
        file: "08-platform-task-queue.toml",
        without: |model| model.consumers[0].retry.max_attempts = Some(4),
        broken: &["system.outcome.dead_lettered.fraction", "system.reliability.fraction"],
    },
    Twin { file: "09-rabbitmq-trace-a1.toml", without: without_overheads, broken: TAILS },
    Twin { file: "10-rabbitmq-trace-a2.toml", without: without_overheads, broken: TAILS },
    Twin { file: "11-rabbitmq-trace-b1.toml", without: without_overheads, broken: TAILS },
    Twin { file: "12-rabbitmq-trace-c1.toml", without: without_overheads, broken: TAILS },
    Twin {
        file: "15-rabbitmq-trace-j.toml",
        without: without_overheads,
        broken: &["work.backlog_peak.max", "work.wait.mean", "work.sojourn.p95"],
    },
    Twin {
        file: "13-outage.toml",
        without: |model| model.disruptions.clear(),
        broken: &["orders.backlog_peak.max", "orders.queue_length.mean"],
    },
    Twin {
        file: "14-retry-storm.toml",
        without: |model| model.producers[0].client.as_mut().expect("it has clients").max_attempts = Some(1),
        broken: &[
            "system.goodput.mean",
            "system.throughput.mean",
            "web.arrival_rate.mean",
            "web.prob_abandon.fraction",
        ],
    },
];

/// What a model expects is broken without the feature of which it speaks.
#[test]
fn expectations_miss_what_is_taken_away() {
    for twin in TWINS {
        let mut model = shipped(twin.file);
        (twin.without)(&mut model);
        // What is not measured any more has no value that could be right.
        let is_measured = |e: &Expectation| lindley::experiment::measured(&model, &e.quantity).is_ok();
        let (kept, gone): (Vec<_>, Vec<_>) = model.expectations.clone().into_iter().partition(is_measured);
        model.expectations = kept;
        let verdicts = verdict::expectations(&model.expectations, &study(&model).result);
        let is_gone = |name: &str| gone.iter().any(|e| e.quantity.to_string().contains(name));
        for name in twin.broken.iter().filter(|name| !is_gone(name)) {
            let verdict = verdicts.iter().find(|verdict| verdict.to_string().contains(name)).expect("it is expected");
            println!("{}: {verdict}", twin.file);
            assert_eq!(verdict.standing, Standing::Missed, "{} holds all the same: {verdict}", twin.file);
        }
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
