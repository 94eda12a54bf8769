//! The same seed gives the same bytes, whatever the number of threads; other streams stay put
//! when an entity is added; the stopping rule runs the number of replications it should.

use crate::support::{lindley, model, study, study_with_jobs, text, value};
use lindley::experiment::result::StopReason;

/// A result as JSON without what must differ: times and the command.
fn comparable(bytes: &[u8]) -> serde_json::Value {
    let mut result: serde_json::Value = serde_json::from_slice(bytes).expect("a result is JSON");
    for key in ["wall_s", "cpu_s", "command"] {
        result["provenance"].as_object_mut().expect("an object").remove(key);
    }
    result
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    for name in ["models/04-e-ticketing.toml", "models/06-distributed-orders.toml"] {
        let run = |jobs: &str| {
            let output = lindley(&["run", name, "--format", "json", "-q", "-j", jobs, "--messages", "20000"]);
            assert!(output.status.success() || output.status.code() == Some(3), "{}", text(&output.stderr));
            comparable(&output.stdout)
        };
        assert_eq!(run("1").to_string(), run("2").to_string());
    }
}

const BASE: &str = "[producers.p]\narrivals = { poisson = \"80/s\" }\nqueue = \"q\"\n[queues.q]\n\
    [consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"10ms\" } }\n[run]\nhorizon = \"500s\"\nreplications = 4\n";

#[test]
fn an_added_entity_leaves_the_other_streams_alone() {
    // Without a warm-up cut, which looks at every queue.
    let base = format!("{BASE}warmup = \"none\"\n");
    let alone = study(&model(&base));
    let other = "[producers.z]\narrivals = { poisson = \"10/s\" }\nqueue = \"y\"\n[queues.y]\n[consumers.x]\nqueue = \"y\"\nservice = \"1ms\"\n";
    let beside = study(&model(&format!("{other}{base}")));
    assert_eq!(value(&alone, "q.arrival_rate.mean"), value(&beside, "q.arrival_rate.mean"));
    assert_eq!(value(&alone, "q.wait.max"), value(&beside, "q.wait.max"));
}

#[test]
fn another_seed_gives_other_numbers() {
    let one = study(&model(BASE));
    let two = study(&model(&format!("{BASE}seed = 2\n")));
    assert_ne!(value(&one, "q.wait.mean"), value(&two, "q.wait.mean"));
}

#[test]
fn replications_are_as_many_as_asked_for_or_as_precision_needs() {
    let fixed = study(&model(BASE));
    assert_eq!(
        (fixed.result.provenance.replications, fixed.result.provenance.stop_reason),
        (4, StopReason::Replications)
    );
    let precise = study(&model(&format!("{BASE}precision = 0.05\n")));
    assert_eq!(precise.result.provenance.stop_reason, StopReason::Precision);
    for name in ["q.wait.mean", "q.sojourn.mean", "system.sojourn.mean"] {
        let row = crate::support::row(&precise, name);
        assert!(row.half_width().unwrap() / row.value.unwrap() <= 0.05, "{name}");
    }
    let tight = study(&model(&format!("{BASE}precision = 0.001\nmax_replications = 6\n")));
    assert_eq!((tight.result.provenance.replications, tight.result.provenance.stop_reason), (6, StopReason::Budget));
}

#[test]
fn a_model_without_randomness_is_run_once() {
    let text = "[producers.p]\narrivals = { renewal = \"1s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\nservice = \"500ms\"\n\
        [run]\nhorizon = \"100s\"\n";
    let study = study_with_jobs(&model(text), 1);
    assert_eq!(
        (study.result.provenance.replications, study.result.provenance.stop_reason),
        (1, StopReason::Deterministic)
    );
    assert_eq!(crate::support::row(&study, "q.sojourn.mean").low, None, "one replication has no interval");
}

#[test]
fn a_quantile_without_a_tail_is_refused_with_the_reason() {
    let few = study(&model(&BASE.replace("500s", "20s")));
    let row = crate::support::row(&few, "q.wait.p99.9");
    assert_eq!(row.value, None);
    assert!(matches!(row.refusal, Some(lindley::row::NoValue::TooShort { .. })), "{row:?}");
    assert!(few.result.notes.iter().any(|n| n.contains("refused")));
}
