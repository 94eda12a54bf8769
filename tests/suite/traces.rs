//! Runs without randomness, held against traces computed by hand: the order of simultaneous
//! events, priorities, limits, time to live, retries, latency and turnaround.

use crate::support::{model, study, value};

fn deterministic(producer: &str, queue: &str, consumer: &str, horizon: &str) -> lindley::model::Model {
    model(&format!(
        "[producers.p]\n{producer}\nqueue = \"q\"\n[queues.q]\n{queue}\n[consumers.c]\nqueue = \"q\"\n{consumer}\n\
         [run]\nhorizon = \"{horizon}\"\nwarmup = \"none\"\nreplications = 1\n"
    ))
}

const EVERY_SECOND: &str = "arrivals = { renewal = \"1s\" }";

#[test]
fn a_server_freed_at_t_takes_the_message_that_arrives_at_t() {
    // Arrivals at 1, 2, ..., 10; service 1 s: each ends exactly when the next arrives.
    let study = study(&deterministic(EVERY_SECOND, "", "service = \"1s\"", "10.5s"));
    assert_eq!(value(&study, "q.wait.max"), 0.0);
    assert_eq!(value(&study, "q.prob_wait.fraction"), 0.0);
    assert_eq!(study.result.ledger.acked, 9);
    assert_eq!(study.result.ledger.in_flight, 1);
}

#[test]
fn an_overloaded_server_builds_the_backlog_that_arithmetic_says() {
    // Arrivals at 1..10, service 2 s: starts at 1, 3, 5, 7, 9; message n waits n - 1 seconds.
    let study = study(&deterministic(EVERY_SECOND, "", "service = \"2s\"", "10s"));
    // Ended by 10: services 1-3, 3-5, 5-7, 7-9 with waits 0, 1, 2, 3.
    assert_eq!(study.result.ledger.acked, 4);
    assert_eq!(value(&study, "q.wait.mean"), 1.5);
    assert_eq!(value(&study, "q.wait.max"), 3.0);
    // Ready just after the arrival at 10: 6 to 10, as 5 is being served.
    assert_eq!(value(&study, "q.backlog_peak.max"), 5.0);
    assert_eq!(value(&study, "c.utilization.mean"), 0.9);
}

#[test]
fn a_full_queue_refuses_the_newest_or_drops_the_oldest() {
    let refuse = "max_length = 1\noverflow = \"reject-publish\"";
    let kept = study(&deterministic(EVERY_SECOND, refuse, "service = \"2.5s\"", "10.6s"));
    // Refused are 3, 5, 7, 8, 10; served to the end by 10.6 are 1, 2, 4 with waits 0, 1.5, 2.
    let dropping =
        study(&deterministic(EVERY_SECOND, "max_length = 1\noverflow = \"drop-head\"", "service = \"2.5s\"", "10.6s"));
    assert_eq!((kept.result.ledger.refused, kept.result.ledger.dropped, kept.result.ledger.acked), (5, 0, 3));
    assert!((value(&kept, "q.wait.mean") - 3.5 / 3.0).abs() < 1e-12);
    // Dropped are 2, 4, 6, 7, 9; served to the end are 1, 3, 5 with waits 0, 0.5, 1.
    let lost = &dropping.result.ledger;
    assert_eq!((lost.refused, lost.dropped, lost.acked), (0, 5, 3));
    assert!((value(&dropping, "q.wait.mean") - 0.5).abs() < 1e-12);
}

#[test]
fn a_message_expires_at_the_head_when_its_time_is_over() {
    // Message 1 is served 1..11; messages 2, 3, ... expire 1.5 s after they came.
    let study = study(&deterministic(EVERY_SECOND, "message_ttl = \"1.5s\"", "service = \"10s\"", "6.2s"));
    // At 6.2: message 2 expired at 3.5, 3 at 4.5, 4 at 5.5; 5 and 6 are ready, 1 is served.
    assert_eq!(study.result.ledger.expired, 3);
    assert_eq!(study.result.ledger.in_flight, 3);
}

#[test]
fn failures_are_retried_with_backoff_and_then_parked() {
    let text = "[producers.p]\narrivals = { schedule = { pieces = [{ for = \"1s\", rate = \"50/s\" }], repeat = false } }\nqueue = \"q\"\n\
        [queues.q]\ndead_letter = \"dead\"\n[queues.dead]\n[consumers.c]\nqueue = \"q\"\nservers = \"unlimited\"\nservice = \"100ms\"\n\
        failure = { probability = 1 }\n\
        retry = { max_attempts = 3, backoff = { exponential = { base = \"1s\", factor = 3, cap = \"1min\", jitter = \"none\" } } }\n\
        [run]\ndrained = true\nwarmup = \"none\"\nreplications = 1\n";
    let study = study(&model(text));
    assert_eq!(study.result.ledger.dead_lettered, study.result.ledger.published);
    // Three services and back-offs of 1 s and 3 s.
    assert!((value(&study, "q.sojourn.mean") - 4.3).abs() < 1e-9);
    assert_eq!(value(&study, "q.attempts.mean"), 3.0);
    let delayed = study.result.lifecycle.times.iter().find(|t| t.state == "delayed").unwrap();
    assert!((delayed.mean_s.unwrap().value - 2.0).abs() < 1e-9);
}

#[test]
fn latency_delays_idle_starts_and_turnaround_busy_ones() {
    // Arrivals every second, service 0.2: always idle, so every message starts 10 ms late.
    let idle = study(&deterministic(
        EVERY_SECOND,
        "",
        "service = \"200ms\"\nlatency = \"10ms\"\nturnaround = \"50ms\"",
        "100s",
    ));
    assert!((value(&idle, "q.wait.mean") - 0.01).abs() < 1e-9);
    // Two at once: the second waits for service and turnaround; latency has long passed.
    let pairs = "arrivals = { batch = { arrivals = { renewal = \"1s\" }, size = 2 } }";
    let busy =
        study(&deterministic(pairs, "", "service = \"200ms\"\nlatency = \"10ms\"\nturnaround = \"50ms\"", "100.9s"));
    assert!((value(&busy, "q.wait.max") - 0.26).abs() < 1e-9);
    assert!((value(&busy, "q.wait.mean") - 0.135).abs() < 1e-9);
}

#[test]
fn the_higher_priority_goes_first_and_equals_in_order() {
    // 4 at once per 10 s, one server, 1 s each; classes by turns of a choice: all highs before all lows.
    let text = "[producers.p]\narrivals = { batch = { arrivals = { renewal = \"10s\" }, size = 6 } }\nqueue = \"q\"\n\
        messages = [{ class = \"high\", weight = 0.5, priority = 1 }, { class = \"low\", weight = 0.5, priority = 0 }]\n\
        [queues.q]\npriority_levels = 2\n[consumers.c]\nqueue = \"q\"\nservice = \"1s\"\n\
        [run]\nhorizon = \"10000s\"\nwarmup = \"none\"\nreplications = 1\n";
    let study = study(&model(text));
    let mean = |class: &str| {
        let row = study.result.rows.iter().find(|r| {
            r.name == "q"
                && r.class.as_deref() == Some(class)
                && r.metric.to_string() == "wait"
                && r.statistic.to_string() == "mean"
        });
        row.and_then(|r| r.value).expect("a wait by class")
    };
    assert!(mean("high") < 2.0 && mean("low") > 3.0, "{} {}", mean("high"), mean("low"));
    // Work conservation: the order changes who waits, not how long all wait: 0 + 1 + ... + 5 per batch.
    assert!((value(&study, "q.wait.mean") - 2.5).abs() < 1e-9);
}

#[test]
fn a_fanout_copies_and_a_chain_keeps_the_birth_time() {
    let text = "[producers.p]\narrivals = { renewal = \"1s\" }\nexchange = \"e\"\n[exchanges.e]\nkind = \"fanout\"\n\
        bindings = [{ queue = \"a\" }, { queue = \"b\" }]\n[queues.a]\n[queues.b]\n[queues.c]\n\
        [consumers.ca]\nqueue = \"a\"\nservice = \"100ms\"\npublish = { queue = \"c\" }\n\
        [consumers.cb]\nqueue = \"b\"\nservice = \"500ms\"\n[consumers.cc]\nqueue = \"c\"\nservice = \"200ms\"\n\
        [run]\nhorizon = \"100.9s\"\nwarmup = \"none\"\nreplications = 1\n";
    let study = study(&model(text));
    assert_eq!(study.result.ledger.published, 200, "one publication, two copies");
    assert_eq!(study.result.ledger.acked, 200);
    // a then c: 300 ms; b: 500 ms.
    assert!((value(&study, "system.sojourn.mean") - 0.4).abs() < 1e-9);
    assert!((value(&study, "c.sojourn.mean") - 0.2).abs() < 1e-9);
}
