//! Numbers that are the same quantity wherever they are printed: reliability and throughput of simulation and of theory,
//! with requests that are given up and messages that die; and what no steady state says by the exit code.

use crate::support::{lindley, model, row, shipped, study, text, value};
use lindley::experiment::Study;
use lindley::row::{Row, Source};

/// 70/s; one in five is rejected and dead-lettered.
fn rejecting() -> Study {
    study(&model(
        "[producers.p]\narrivals = { poisson = \"70/s\" }\nqueue = \"q\"\n[queues.q]\ndead_letter = \"dead\"\n\
         [queues.dead]\n[consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"10ms\" } }\n\
         failure = { probability = 0.2 }\nretry = { max_attempts = 1 }\n[run]\nmessages = 50_000\n",
    ))
}

fn theory<'s>(study: &'s Study, name: &str) -> &'s Row {
    let named = |r: &&Row| r.source == Source::Exact && format!("{}.{}.{}", r.name, r.metric, r.statistic) == name;
    study.result.rows.iter().find(named).unwrap_or_else(|| panic!("no theory of {name}"))
}

/// Half-widths between simulation and a number; Student's 99.99 % quantile is 2.4 times the 95 % one at 9 degrees.
fn off(simulated: &Row, wanted: f64) -> f64 {
    let half = simulated.half_width().expect("an interval");
    (simulated.value.expect("a value") - wanted).abs() / half
}

/// What is rejected leaves after service, too: 70/s, of which 56/s are acknowledged.
#[test]
fn throughput_counts_what_is_dead_lettered_after_service() {
    let study = rejecting();
    let (queue, exact) = (row(&study, "q.throughput.mean"), theory(&study, "q.throughput.mean"));
    assert!((exact.value.expect("a value") - 70.0).abs() < 1e-9);
    assert!(off(queue, 70.0) < 2.4, "{queue:?}");
    assert!(off(queue, 70.0 * 0.97) > 2.4, "3 % less is noticed");
    assert!(off(queue, 56.0) > 10.0, "what is acknowledged is another number");
    let acknowledged = row(&study, "system.throughput.mean");
    assert!(off(acknowledged, 56.0) < 2.4 && off(acknowledged, 70.0) > 10.0, "{acknowledged:?}");
}

/// Theory says of a queue that refuses and a consumer that rejects what simulation counts: acked / (published - in flight).
#[test]
fn reliability_is_that_of_the_ledger() {
    let study = rejecting();
    let ledger = &study.result.ledger;
    let whole = ledger.acked as f64 / (ledger.published - ledger.in_flight) as f64;
    let reliability = row(&study, "system.reliability.fraction");
    assert!(
        off(reliability, whole) < 1.0 && off(reliability, 0.8) < 2.4 && off(reliability, 0.83) > 2.4,
        "{reliability:?}"
    );
    // M/M/1/5 at load 1: five places waiting and one in service are equally likely, each 1/7.
    let loss = study_of_loss();
    let exact = theory(&loss, "system.reliability.fraction").value.expect("a value");
    assert!((exact - 6.0 / 7.0).abs() < 1e-12, "{exact}");
    assert!(off(row(&loss, "system.reliability.fraction"), exact) < 2.4);
}

fn study_of_loss() -> Study {
    study(&model(
        "[producers.p]\narrivals = { poisson = \"100/s\" }\nqueue = \"q\"\n[queues.q]\nmax_length = 5\n\
         overflow = \"reject-publish\"\n[consumers.c]\nqueue = \"q\"\nservice = { exponential = { mean = \"10ms\" } }\n\
         [run]\nmessages = 50_000\n",
    ))
}

/// Requests that their clients gave up count as not acknowledged, whatever became of their messages. Of those that are
/// over after five minutes of the storm the first minute's are answered: 60/291.65 (see the model).
#[test]
fn requests_that_were_given_up_are_not_reliable() {
    let storm = study(&shipped("14-retry-storm.toml"));
    let (system, clients) = (row(&storm, "system.reliability.fraction"), row(&storm, "web.reliability.fraction"));
    assert_eq!((system.value, system.low), (clients.value, clients.low), "one producer: the same number");
    assert!(off(system, 60.0 / 291.65) < 3.0, "{system:?}");
    let acked = value(&storm, "system.outcome.acked.fraction");
    assert!(acked == 1.0 && off(system, acked) > 10.0, "what ends in the broker is acknowledged, for nobody");
    assert_eq!(storm.result.lifecycle.reliability.map(|r| r.value), system.value);
    let printed = lindley(&["run", "models/14-retry-storm.toml", "-q"]);
    let printed = text(&printed.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "% of the requests that are over, abandoned ones included, ";
    assert!(printed.split(said).nth(1).is_some_and(|rest| rest.contains(" in flight outcome")), "{printed}");
}

/// Beside a producer whose clients give up one whose messages are all acknowledged: requests and messages count once each.
/// A client waits 1 s, a message takes 3 s: nothing is answered. After 10.5 s the requests of seconds 1 to 9 are over, and
/// so are the messages of the other producer, of seconds 1 to 10, each of which takes 100 ms: 10 of 19.
#[test]
fn clients_and_messages_are_counted_together() {
    let both = study(&model(
        "[producers.ask]\narrivals = { renewal = \"1s\" }\nqueue = \"slow\"\ntimeout = \"1s\"\n\
         [producers.tell]\narrivals = { renewal = \"1s\" }\nqueue = \"fast\"\n[queues.slow]\n[queues.fast]\n\
         [consumers.s]\nqueue = \"slow\"\nservers = 20\nservice = \"3s\"\n[consumers.f]\nqueue = \"fast\"\nservice = \"100ms\"\n\
         [run]\nhorizon = \"10.5s\"\nwarmup = \"none\"\nreplications = 1\n",
    ));
    assert!((value(&both, "system.reliability.fraction") - 10.0 / 19.0).abs() < 1e-12);
    assert_eq!(value(&both, "ask.reliability.fraction"), 0.0);
    // Seven of the slow messages are acknowledged all the same, by second 10.
    assert_eq!(both.result.ledger.acked, 17);
}

/// Clients that publish again overload a station that could bear them once: no steady state is no (exit code 3), as
/// `solve` says it. With patience enough the same station is fine.
#[test]
fn a_run_whose_queue_grows_is_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.toml");
    let run = |timeout: &str| {
        let text = format!(
            "[producers.p]\narrivals = {{ poisson = \"80/s\" }}\nqueue = \"q\"\ntimeout = \"{timeout}\"\n\
             retry = {{ max_attempts = 4 }}\n[queues.q]\n[consumers.c]\nqueue = \"q\"\nservers = 10\n\
             service = {{ exponential = {{ mean = \"100ms\" }} }}\n[run]\nmessages = 50_000\n"
        );
        std::fs::write(&path, text).expect("written");
        lindley(&["run", path.to_str().expect("utf-8")])
    };
    let grows = run("60ms");
    assert_eq!(grows.status.code(), Some(3));
    let said = text(&grows.stderr);
    assert!(said.contains("no steady state: queue `q` grows by"), "{said}");
    assert_eq!(run("60s").status.code(), Some(0));
}
