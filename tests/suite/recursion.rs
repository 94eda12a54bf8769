//! Recursions against the event-driven engine: the same streams, hence the same messages, hence the
//! same numbers up to the rounding of sums. And which models are refused, in words.

use crate::support::{lindley, model, study, text};
use lindley::experiment::result::EngineUsed;
use lindley::experiment::{self, EngineChoice, Options, Study};
use lindley::model::Model;
use std::sync::atomic::AtomicBool;

fn run(model: &Model, engine: EngineChoice) -> Study {
    let options = Options { jobs: 1, engine, ..Options::default() };
    experiment::run(model, &options, &AtomicBool::new(false), &|_| {}).expect("the study runs")
}

/// One queue: arrivals, service, servers, and how to run it.
fn station(arrivals: &str, service: &str, servers: &str, run: &str) -> String {
    format!(
        "[producers.web]\narrivals = {arrivals}\nqueue = \"orders\"\n[queues.orders]\n\
         [consumers.workers]\nqueue = \"orders\"\nservers = {servers}\nservice = {service}\n[run]\nreplications = 2\n{run}\n"
    )
}

const EXPONENTIAL: &str = "{ exponential = { mean = \"1s\" } }";

fn poisson(rate: f64) -> String {
    format!("{{ poisson = \"{rate}/s\" }}")
}

/// Every number of a JSON value with its path.
fn numbers(path: &str, value: &serde_json::Value, found: &mut Vec<(String, f64)>) {
    match value {
        serde_json::Value::Number(n) => found.push((path.to_string(), n.as_f64().expect("a double"))),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| numbers(&format!("{path}[{i}]"), item, found));
        }
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(key, item)| numbers(&format!("{path}.{key}"), item, found));
        }
        _ => {}
    }
}

/// Everything a study says: rows, intervals, ledger, life of messages, warm-up, charts. Without what
/// depends on the clock on the wall.
fn said(study: &Study) -> Vec<(String, f64)> {
    let mut result = serde_json::to_value(&study.result).expect("a result is JSON");
    let provenance = result["provenance"].as_object_mut().expect("an object");
    ["wall_s", "cpu_s"].iter().for_each(|key| drop(provenance.remove(*key)));
    let mut found = Vec::new();
    numbers("result", &result, &mut found);
    numbers("curves", &serde_json::to_value(&study.curves).expect("curves are JSON"), &mut found);
    found
}

/// The first number that differs by more than rounding, if any. Intervals of what hardly varies (a
/// constant service time as a difference of clock readings) have the rounding of the number itself.
fn difference(one: &Study, other: &Study) -> Option<String> {
    let (one, other) = (said(one), said(other));
    let scale = one.iter().map(|n| n.1.abs()).fold(0.0, f64::max);
    let apart = |(a, b): &(&(String, f64), &(String, f64))| {
        a.0 != b.0 || (a.1 - b.1).abs() > 1e-9 * a.1.abs().max(b.1.abs()) + 1e-16 * scale
    };
    if one.len() != other.len() {
        return Some(format!("{} numbers against {}", one.len(), other.len()));
    }
    one.iter().zip(&other).find(apart).map(|(a, b)| format!("{a:?} {b:?}"))
}

#[track_caller]
fn agree(text: &str) {
    let model = model(text);
    let (general, recursion) = (run(&model, EngineChoice::General), run(&model, EngineChoice::Recursion));
    assert_eq!(recursion.result.provenance.engine, EngineUsed::Recursion);
    assert_eq!(general.result.provenance.engine, EngineUsed::General);
    assert_eq!(general.result.ledger, recursion.result.ledger);
    assert!(recursion.result.ledger.balances() && recursion.result.ledger.published > 0);
    assert_eq!(difference(&general, &recursion), None, "{text}");
}

#[test]
fn one_server_and_several() {
    for (servers, rate) in [(1, 0.9), (1, 0.3), (2, 1.8), (5, 4.6), (17, 15.0), (300, 200.0)] {
        agree(&station(&poisson(rate), EXPONENTIAL, &servers.to_string(), "messages = 20000"));
    }
}

#[test]
fn more_servers_than_a_tournament_holds_and_servers_without_limit() {
    agree(&station(&poisson(4900.0), EXPONENTIAL, "5000", "messages = 30000"));
    agree(&station(&poisson(30.0), EXPONENTIAL, "\"unlimited\"", "messages = 20000"));
}

#[test]
fn services_of_every_kind() {
    for service in [
        "\"1s\"",
        "{ lognormal = { mean = \"1s\", scv = 4.0 } }",
        "{ erlang = { k = 3, mean = \"1s\" } }",
        "{ uniform = { low = \"500ms\", high = \"1500ms\" } }",
        "{ hyperexponential = { mean = \"1s\", scv = 9.0 } }",
    ] {
        agree(&station(&poisson(0.8), service, "1", "messages = 10000"));
        agree(&station(&poisson(2.4), service, "3", "messages = 10000"));
    }
}

#[test]
fn arrivals_of_every_kind() {
    for arrivals in [
        "{ mmpp = { rates = [\"0.3/s\", \"3/s\"], stays = [\"100s\", \"20s\"] } }",
        "{ batch = { arrivals = { poisson = \"0.2/s\" }, size = { geometric = { mean = 4 } } } }",
        "{ renewal = { gamma = { mean = \"1250ms\", scv = 3.0 } } }",
        "{ schedule = { pieces = [{ for = \"100s\", rate = \"0.2/s\" }, { for = \"50s\", rate = \"1.5/s\" }], repeat = true } }",
        "{ sinusoid = { mean = \"0.7/s\", amplitude = 0.8, period = \"500s\", phase = \"20s\" } }",
    ] {
        agree(&station(arrivals, EXPONENTIAL, "1", "messages = 20000"));
        agree(&station(arrivals, EXPONENTIAL, "2", "horizon = \"10000s\""));
    }
}

#[test]
fn simultaneous_events() {
    for (arrivals, service, servers) in [
        ("{ renewal = \"1s\" }", "\"1s\"", "1"),
        ("{ renewal = \"1s\" }", "\"2s\"", "2"),
        ("{ renewal = \"1s\" }", "\"500ms\"", "1"),
        ("{ batch = { arrivals = { renewal = \"2s\" }, size = 6 } }", "\"1s\"", "3"),
        (
            "{ batch = { arrivals = { renewal = \"4s\" }, size = 6 } }",
            "{ empirical = { values = [\"1s\", \"2s\"] } }",
            "3",
        ),
    ] {
        for run in ["messages = 5000", "horizon = \"3000s\"", "horizon = \"3000s\"\nwarmup = \"100s\""] {
            agree(&station(arrivals, service, servers, run));
        }
    }
}

#[test]
fn every_way_to_end() {
    let busy = poisson(0.95);
    for run in
        ["messages = 1", "messages = 7", "messages = 512", "messages = 513", "messages = 40000", "horizon = \"1s\""]
    {
        agree(&station(&busy, EXPONENTIAL, "1", &format!("{run}\nseed = 3")));
        agree(&station(&busy, EXPONENTIAL, "2", &format!("{run}\nseed = 3")));
    }
    agree(&station(&busy, EXPONENTIAL, "1", "horizon = \"20000s\"\nwarmup = \"1000s\""));
    agree(&station(&busy, EXPONENTIAL, "1", "horizon = \"20000s\"\nwarmup = \"none\""));
    let day =
        "{ schedule = { pieces = [{ for = \"100s\", rate = \"0.2/s\" }, { for = \"900s\", rate = \"2.5/s\" }] } }";
    agree(&station(day, EXPONENTIAL, "2", "drained = true"));
}

/// The backlog grows throughout: lanes of times must grow with it.
#[test]
fn overload_and_its_drain() {
    let day = "{ schedule = { pieces = [{ for = \"20000s\", rate = \"2/s\" }, { for = \"40000s\", rate = \"0.1/s\" }], repeat = true } }";
    agree(&station(day, EXPONENTIAL, "1", "horizon = \"100000s\"\nwarmup = \"none\""));
    agree(&station(day, EXPONENTIAL, "1", "horizon = \"19000s\""));
}

#[test]
fn independent_queues_share_the_end_of_the_run() {
    let mut text = String::new();
    for (name, rate, servers) in [("a", "0.7/s", 1), ("b", "40/s", 50), ("c", "0.01/s", 3)] {
        text += &format!(
            "[producers.{name}]\narrivals = {{ poisson = \"{rate}\" }}\nqueue = \"{name}\"\n[queues.{name}]\n\
             [consumers.of-{name}]\nqueue = \"{name}\"\nservers = {servers}\nservice = {EXPONENTIAL}\n"
        );
    }
    agree(&format!("{text}[run]\nmessages = 50000\nreplications = 2\n"));
    agree(&format!("{text}[run]\nhorizon = \"1000s\"\nreplications = 2\n"));
}

/// The power twin: another seed, or a rate changed by a millionth, must be told apart.
#[test]
fn other_numbers_are_told_apart() {
    let base = station(&poisson(0.9), EXPONENTIAL, "2", "messages = 5000");
    let general = run(&model(&base), EngineChoice::General);
    let seed = run(&model(&format!("{base}seed = 2\n")), EngineChoice::Recursion);
    assert!(difference(&general, &seed).is_some());
    let rate = run(&model(&base.replace("0.9/s", "0.9000009/s")), EngineChoice::Recursion);
    assert!(difference(&general, &rate).is_some());
}

#[test]
fn the_fastest_engine_is_taken_unless_told_otherwise() {
    let plain = model(&station(&poisson(0.9), EXPONENTIAL, "1", "messages = 1000"));
    assert_eq!(study(&plain).result.provenance.engine, EngineUsed::Recursion);
    let failing = station(&poisson(0.9), EXPONENTIAL, "1", "messages = 1000")
        .replace("service =", "failure = { probability = 0.1 }\nservice =");
    assert_eq!(study(&model(&failing)).result.provenance.engine, EngineUsed::General);
}

/// Each feature that a recursion does not know is refused by name.
#[test]
fn what_does_not_fit_is_refused_in_words() {
    let base = station(&poisson(0.9), EXPONENTIAL, "1", "messages = 1000");
    for (from, to, why) in [
        ("[queues.orders]", "[queues.orders]\nmax_length = 10", "queue `orders` has a limit"),
        ("[queues.orders]", "[queues.orders]\nmessage_ttl = \"10s\"", "has a time to live"),
        ("[queues.orders]", "[queues.orders]\npriority_levels = 3", "has priorities"),
        ("service =", "failure = { probability = 0.1 }\nservice =", "consumer `workers` may fail"),
        ("service =", "ack_loss = { probability = 0.1 }\nservice =", "may lose acknowledgements"),
        ("service =", "turnaround = \"1ms\"\nservice =", "has a turnaround"),
        ("service =", "latency = \"1ms\"\nservice =", "has a delivery latency"),
        (EXPONENTIAL, "\"0s\"", "may take no time"),
        (
            "[queues.orders]",
            "[producers.app]\narrivals = { poisson = \"0.05/s\" }\nqueue = \"orders\"\n[queues.orders]",
            "several producers",
        ),
        (
            "[run]",
            "[disruptions.outage]\nconsumer = \"workers\"\nat = 1\nfor = 2\nservers_down = \"all\"\n[run]",
            "disruption `outage` takes servers down",
        ),
        ("[queues.orders]", "timeout = \"10s\"\n[queues.orders]", "stop waiting after a timeout"),
        ("[run]", "[consumers.more]\nqueue = \"orders\"\nservice = \"1s\"\n[run]", "several consumers"),
    ] {
        let changed = base.replacen(from, to, 1);
        assert_ne!(changed, base);
        let options = Options { engine: EngineChoice::Recursion, ..Options::default() };
        let refused = experiment::run(&model(&changed), &options, &AtomicBool::new(false), &|_| {});
        let error = refused.expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn the_program_refuses_with_the_code_for_wrong_usage() {
    let refused = lindley(&["run", "models/06-distributed-orders.toml", "--engine", "recursion", "-q"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("--engine general"), "{}", text(&refused.stderr));
    let run = |engine: &str| {
        let output = lindley(&[
            "run",
            "models/01-mm1.toml",
            "--engine",
            engine,
            "-q",
            "--messages",
            "5000",
            "--precision",
            "90%",
            "--format",
            "json",
        ]);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("a result is JSON")
    };
    assert_eq!(run("auto")["provenance"]["engine"], "recursion");
    assert_eq!(run("general")["provenance"]["engine"], "general");
}
