//! Where overload begins, against utilizations computed by hand.

use super::{codes, station};

/// The border lies at utilization 1, and only where a steady state is asked for.
#[test]
fn stability_is_judged_at_utilization_one() {
    let service = "{ exponential = { mean = \"40ms\" } }";
    let at = |rate: &str, rest: &str| codes(&station(&format!("{{ poisson = \"{rate}\" }}"), service, rest));
    assert!(at("24.99/s", "").is_empty());
    assert_eq!(at("25/s", ""), ["unstable-queue"]);
    assert!(at("25/s", "servers = 2").is_empty());
    assert!(at("250/s", "servers = \"unlimited\"").is_empty());
    assert!(at("250/s", "[run]\nwarmup = \"none\"").is_empty());
    assert_eq!(at("250/s", "[run]\nwarmup = \"10s\""), ["unstable-queue"]);
    // A server that is always busy and never late.
    assert!(codes(&station("{ renewal = 1 }", "1", "")).is_empty());
    assert_eq!(codes(&station("{ renewal = 1 }", "1.01", "")), ["unstable-queue"]);
    // A queue that may lose messages always has a steady state.
    for limit in ["max_length = 10", "message_ttl = \"1s\""] {
        let text =
            station("{ poisson = 250 }", service, "").replace("[queues.orders]", &format!("[queues.orders]\n{limit}"));
        assert!(codes(&text).is_empty(), "{limit}");
    }
}

/// 10 /s with failure 1/2 and at most 2 deliveries: 15 deliveries /s; 1/4 is dead-lettered.
#[test]
fn dead_letters_and_retries_load_the_queues_they_reach() {
    let text = |retried: &str, dead: &str| {
        format!(
            r#"
            [producers.web]
            arrivals = {{ poisson = 10 }}
            queue = "orders"
            [queues.orders]
            dead_letter = "parking"
            [queues.parking]
            [consumers.workers]
            queue = "orders"
            service = {{ exponential = {{ mean = "{retried}" }} }}
            failure = {{ probability = 0.5 }}
            retry = {{ max_attempts = 2 }}
            [consumers.clerk]
            queue = "parking"
            service = {{ exponential = {{ mean = "{dead}" }} }}
            "#
        )
    };
    assert!(codes(&text("66ms", "399ms")).is_empty());
    assert_eq!(codes(&text("67ms", "399ms")), ["unstable-queue"]);
    assert_eq!(codes(&text("66ms", "401ms")), ["unstable-queue"]);
}

#[test]
fn feedback_is_summed() {
    // Each message returns with probability 1/2: 10 /s become 20 /s.
    let publish = "publish = { queue = \"orders\", probability = 0.5 }";
    let text =
        |mean: &str| station("{ poisson = 10 }", &format!("{{ exponential = {{ mean = \"{mean}\" }} }}"), publish);
    assert!(codes(&text("49.9ms")).is_empty());
    assert_eq!(codes(&text("50.1ms")), ["unstable-queue"]);
}
