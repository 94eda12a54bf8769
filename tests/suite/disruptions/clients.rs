//! Clients that stop waiting: traces computed by hand, retries that outlive an outage, rows of clients.

use super::simulate;
use crate::support::{model, study, value};
use lindley::model::Model;
use lindley::sim::probe::ClientEvent;

/// A message a second, each takes 1.5 s of one server; clients wait 2 s, twice. The message of 1 is answered
/// at 2.5, that of 2 at 4, the instant its client would stop waiting. That of 3 starts at 4 and is abandoned at
/// 5, that of 4 starts at 5.5 and is abandoned at 6, that of 5 at 7. The second message for 3, published at 5
/// after the one that arrives then, is still in the queue at 7: its client gives up.
#[test]
fn clients_stop_waiting_publish_again_and_give_up() {
    use ClientEvent::{Answered, GaveUp, Retried, TimedOut};
    let text = "[producers.web]\narrivals = { renewal = 1 }\nqueue = \"orders\"\n[queues.orders]\n[consumers.workers]\n\
         queue = \"orders\"\nservice = \"1500ms\"\n[run]\nhorizon = \"1h\"\nwarmup = \"none\"\n";
    let mut model = model(text);
    let patient = |max_attempts| lindley::model::Client { max_attempts, ..lindley::model::Client::new(2.0) };
    model.producers[0].client = Some(patient(Some(2)));
    let (heard, done) = simulate(&model, 7.05);
    let events: Vec<(f64, ClientEvent)> =
        heard.clients.iter().copied().filter(|(_, event)| *event != ClientEvent::Requested).collect();
    let expected = [
        (2.5, Answered { attempts: 1, age: 1.5 }),
        (4.0, Answered { attempts: 1, age: 2.0 }),
        (5.0, TimedOut),
        (5.0, Retried),
        (6.0, TimedOut),
        (6.0, Retried),
        (7.0, TimedOut),
        (7.0, TimedOut),
        (7.0, GaveUp { attempts: 2 }),
        (7.0, Retried),
    ];
    assert_eq!(events, expected);
    assert_eq!(heard.in_vain, [5.5, 7.0]);
    assert_eq!(heard.published, [1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 6.0, 6.0, 7.0, 7.0]);
    assert_eq!((done.created, done.in_flight), (10, 6));
    // The system's sojourn of what is served counts from the first publication.
    model.producers[0].client = Some(patient(Some(1)));
    assert_eq!(simulate(&model, 7.05).0.count(|e| *e == Retried), 0);
}

/// Members of a closed population go on thinking when they are answered or give up. Two members, a think time of
/// 1 s, a service of 3 s, a timeout of 2 s: both publish at 1; both give up at 3, think, and publish at 4, when
/// the first of the old messages is done; the second takes the server until 7, for nobody, while both have
/// given up again at 6 and publish at 7.
#[test]
fn members_of_a_population_give_up_and_go_on() {
    let text = "[producers.web]\narrivals = { closed = { population = 2, think = \"1s\" } }\nqueue = \"orders\"\n\
         timeout = \"2s\"\n[queues.orders]\n[consumers.workers]\nqueue = \"orders\"\nservice = \"3s\"\n[run]\nhorizon = \"1h\"\n";
    let (heard, _) = simulate(&model(text), 7.5);
    assert_eq!(heard.published, [1.0, 1.0, 4.0, 4.0, 7.0, 7.0]);
    assert_eq!(heard.in_vain, [4.0, 7.0]);
    assert_eq!(heard.count(|e| matches!(e, ClientEvent::GaveUp { .. })), 4);
}

/// Ten servers of 10/s each, requests at a load of `load`, servers down from 50 s to 65 s; what is measured is the
/// minute that begins 135 s after they are back.
fn storm(load: f64, client: &str, outage: bool) -> Model {
    let outage = if outage {
        "[disruptions.outage]\nconsumer = \"workers\"\nat = 50\nfor = 15\nservers_down = \"all\"\n"
    } else {
        ""
    };
    model(&format!(
        "[producers.web]\narrivals = {{ poisson = {} }}\nqueue = \"orders\"\n{client}\n[queues.orders]\n\
         [consumers.workers]\nqueue = \"orders\"\nservers = 10\nservice = {{ exponential = {{ mean = \"100ms\" }} }}\n\
         {outage}[run]\nhorizon = 260\nwarmup = 200\nreplications = 3\n",
        100.0 * load
    ))
}

const FOUR_ATTEMPTS: &str = "timeout = \"2s\"\n\
    retry = { max_attempts = 4, backoff = { exponential = { base = \"100ms\", factor = 2, cap = \"5s\", jitter = \"full\" } } }";

/// Five relative standard deviations of the number of requests in three replications of a minute.
fn scatter(load: f64) -> f64 {
    5.0 / (3.0 * 60.0 * 100.0 * load).sqrt()
}

/// Metastability. A load of 0.7 leaves a reserve of 30/s, so without retries the 1,050 messages of the outage are gone
/// 35 s later. With four attempts every request that finds more than 2 s of work before it becomes four messages,
/// 280/s onto 100/s: the queue grows without end although the cause is gone, and all that is served is served in vain.
/// Where four times the load is below the capacity the same clients do no harm for good.
#[test]
fn retries_keep_an_outage_alive_after_its_end() {
    let goodput = |load: f64, client: &str, outage: bool| {
        let study = study(&storm(load, client, outage));
        (value(&study, "system.goodput.mean") / (100.0 * load), value(&study, "system.throughput.mean"))
    };
    let (share, throughput) = goodput(0.7, FOUR_ATTEMPTS, true);
    assert!(share < 0.01, "{share} of the requests are answered");
    assert!((throughput / 100.0 - 1.0).abs() < 0.02, "{throughput}: the servers are busy all the time");
    // The same system without the outage, its twins without retries and without clients, and a load of 0.2.
    for (load, client, outage) in
        [(0.7, FOUR_ATTEMPTS, false), (0.7, "timeout = \"2s\"", true), (0.7, "", true), (0.2, FOUR_ATTEMPTS, true)]
    {
        let (share, throughput) = goodput(load, client, outage);
        assert!((share - 1.0).abs() < scatter(load), "load {load}, {client:?}: {share}");
        assert!((throughput / (100.0 * load) - 1.0).abs() < scatter(load), "load {load}, {client:?}: {throughput}");
    }
}

/// The rows of a producer whose clients stop waiting.
#[test]
fn clients_have_rows_of_their_own() {
    let study = study(&storm(0.7, FOUR_ATTEMPTS, true));
    assert!((value(&study, "web.attempts.mean") - 4.0).abs() < 1e-9, "every request is published four times");
    assert!((value(&study, "web.prob_abandon.fraction") - 1.0).abs() < 0.01);
    let published = value(&study, "web.arrival_rate.mean");
    assert!((published / 280.0 - 1.0).abs() < scatter(0.7), "{published}");
    let requests = value(&study, "web.detail.requests.count") / 60.0;
    assert!((requests / 70.0 - 1.0).abs() < scatter(0.7), "{requests}");
    assert!(study.result.notes.iter().all(|note| !note.contains("replications ended")), "{:?}", study.result.notes);
    let calm = crate::support::study(&storm(0.7, FOUR_ATTEMPTS, false));
    assert!((value(&calm, "web.attempts.mean") - 1.0).abs() < 0.01);
    let (client, system) = (value(&calm, "web.sojourn.mean"), value(&calm, "system.sojourn.mean"));
    assert!((client / system - 1.0).abs() < 0.01, "{client} {system}");
}

#[test]
fn theory_says_that_clients_publish_again() {
    let reasons = |client: &str| {
        let theory = lindley::analytic::theory(&storm(0.7, client, false));
        theory.broken.iter().flat_map(|b| b.reasons.clone()).collect::<Vec<_>>()
    };
    assert_eq!(reasons(FOUR_ATTEMPTS), ["clients of `web` publish again what is not answered within 2.000 s"]);
    // Without retries the queue does not notice.
    assert!(reasons("timeout = \"2s\"").is_empty());
}
