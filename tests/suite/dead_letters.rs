//! Dead letters that come back: what goes round by expiry and overflow alone is dropped, what a consumer rejects
//! goes on. Traces computed by hand.

use crate::support::{model, study, value};
use lindley::experiment::{Study, StudyError};
use lindley::model::State;
use lindley::rng::Streams;
use lindley::sim::probe::Probe;
use lindley::sim::{Engine, Network, RunPlan, Stop};

/// A message a second into `a`, from second 1.
fn run(queues: &str, horizon: &str) -> Study {
    study(&model(&format!(
        "[producers.p]\narrivals = {{ renewal = \"1s\" }}\nqueue = \"a\"\n{queues}\n\
         [run]\nhorizon = \"{horizon}\"\nwarmup = \"none\"\nreplications = 1\n"
    )))
}

/// Dropped, in flight.
fn ends(study: &Study) -> (u64, u64) {
    let ledger = &study.result.ledger;
    assert!(ledger.balances());
    assert_eq!(ledger.published, ledger.dropped + ledger.in_flight, "nothing else happens");
    (ledger.dropped, ledger.in_flight)
}

fn offered(study: &Study, queue: &str, horizon: f64) -> f64 {
    (value(study, &format!("{queue}.arrival_rate.mean")) * horizon).round()
}

#[test]
fn what_expires_at_once_into_its_own_queue_is_dropped_at_once() {
    let study = run("[queues.a]\nmessage_ttl = \"0s\"\ndead_letter = \"a\"", "10.5s");
    assert_eq!(ends(&study), (10, 0));
    assert_eq!(offered(&study, "a", 10.5), 10.0);
    assert_eq!(value(&study, "a.prob_abandon.fraction"), 1.0);
}

/// The message of second 10 is in `a` until 10.1 and in `b` until 10.2.
#[test]
fn two_queues_with_a_time_to_live_are_passed_once() {
    let queues = "[queues.a]\nmessage_ttl = \"100ms\"\ndead_letter = \"b\"\n[queues.b]\nmessage_ttl = \"100ms\"\ndead_letter = \"a\"";
    let study = run(queues, "10.15s");
    assert_eq!(ends(&study), (9, 1));
    assert_eq!((offered(&study, "a", 10.15), offered(&study, "b", 10.15)), (10.0, 10.0));
}

/// `a` leads into the cycle of `b` and `c`, and is not part of it.
#[test]
fn a_way_into_a_cycle_ends_where_the_cycle_closes() {
    let queue =
        |name: &str, next: &str| format!("[queues.{name}]\nmessage_ttl = \"100ms\"\ndead_letter = \"{next}\"\n");
    let study = run(&(queue("a", "b") + &queue("b", "c") + &queue("c", "b")), "10.5s");
    assert_eq!(ends(&study), (10, 0));
    assert_eq!(["a", "b", "c"].map(|q| offered(&study, q, 10.5)), [10.0; 3]);
}

/// Served 100 ms, rejected, 1 s in `wait`, and so on: from second 100 every 1.1 s, ten times up to 110.0.
#[test]
fn what_a_consumer_rejects_goes_round_as_long_as_it_does() {
    let text = "[producers.p]\narrivals = { renewal = \"100s\" }\nqueue = \"work\"\n[queues.work]\ndead_letter = \"wait\"\n\
        [queues.wait]\nmessage_ttl = \"1s\"\ndead_letter = \"work\"\n\
        [consumers.c]\nqueue = \"work\"\nservice = \"100ms\"\nfailure = { probability = 1 }\n\
        [run]\nhorizon = \"110.05s\"\nwarmup = \"none\"\nreplications = 1\n";
    let study = study(&model(text));
    assert_eq!(ends(&study), (0, 1));
    assert_eq!((offered(&study, "work", 110.05), offered(&study, "wait", 110.05)), (10.0, 10.0));
}

/// The message of 1 is served and rejected at 11. That of 2 expires in `a` at 4 and in `wait` at 5: dropped. So do
/// those of 3 to 8, up to 11; that of 9 starts at 11. That of 1 is back at 12, expires at 14 and would come to `wait`
/// a second time since it was rejected: dropped. Those of 10 to 17 are dropped from 13 to 20. In flight: 9, 18, 19, 20.
/// Rejected without end, by services and times to live that take no time: an error, and no run that never ends.
#[test]
fn a_round_that_takes_no_time_is_an_error() {
    let text = "[producers.web]\narrivals = { poisson = \"80/s\" }\nqueue = \"orders\"\n[queues.orders]\ndead_letter = \"dl\"\n\
                [queues.dl]\nmessage_ttl = \"0s\"\ndead_letter = \"orders\"\n[consumers.workers]\nqueue = \"orders\"\n\
                service = \"0s\"\nfailure = { probability = 1 }\n[run]\nhorizon = \"20s\"\nwarmup = \"none\"\nreplications = 1";
    let model = lindley::model::Model::from_toml(text).expect("it is a model");
    match lindley::prelude::simulate(&model) {
        Err(StudyError::Standstill { at }) => assert!(at > 0.0 && at < 1.0, "{at}"),
        other => panic!("{:?}", other.map(|result| result.rows)),
    }
}

#[test]
fn a_rejection_counts_until_the_next_round() {
    let queues = "[queues.a]\nmessage_ttl = \"2s\"\ndead_letter = \"wait\"\n\
        [queues.wait]\nmessage_ttl = \"1s\"\ndead_letter = \"a\"\n\
        [consumers.c]\nqueue = \"a\"\nservice = \"10s\"\nfailure = { probability = 1 }\n";
    assert_eq!(ends(&run(queues, "20.5s")), (16, 4));
}

/// Each message that comes pushes one out of `a`, which pushes one out of `b`, which has been in `a` before. The time to
/// live keeps the queues from parking their messages.
#[test]
fn full_queues_push_messages_round_once() {
    let queue = |name: &str, next: &str, overflow: &str| {
        format!(
            "[queues.{name}]\nmessage_ttl = \"1h\"\nmax_length = 1\noverflow = \"{overflow}\"\ndead_letter = \"{next}\"\n"
        )
    };
    for overflow in ["drop-head", "reject-publish-dlx"] {
        let study = run(&(queue("a", "b", overflow) + &queue("b", "a", overflow)), "10.5s");
        assert_eq!(ends(&study), (8, 2), "{overflow}");
        assert_eq!((offered(&study, "a", 10.5), offered(&study, "b", 10.5)), (10.0, 9.0), "{overflow}");
    }
}

/// How often a message reached a queue.
#[derive(Default)]
struct Offered(u64);

impl Probe for Offered {
    fn offered(&mut self, _now: f64, _queue: u32) {
        self.0 += 1;
    }
}

/// Three thousand queues hand every message on at the instant at which it comes.
#[test]
fn a_long_chain_of_queues_is_passed_at_one_instant() {
    let last = 3_000;
    for overflow in ["drop-head", "reject-publish-dlx"] {
        let chain: String = (0..last)
            .map(|i| {
                format!("[queues.q{i}]\nmessage_ttl = \"1h\"\nmax_length = 0\noverflow = \"{overflow}\"\ndead_letter = \"q{}\"\n", i + 1)
            })
            .collect();
        let text = format!(
            "[producers.p]\narrivals = {{ renewal = \"1s\" }}\nqueue = \"q0\"\n{chain}[queues.q{last}]\n[run]\nhorizon = \"3.5s\"\n"
        );
        let network = Network::compile(&model(&text));
        let plan = RunPlan { stop: Stop::Horizon(3.5), tick: 1.0 };
        let mut offered = Offered::default();
        let done = Engine::new(&network, &Streams::new(1, 0), &mut offered).run(&plan);
        assert_eq!((done.created, done.ended[State::DeadLettered as usize]), (3, 3), "{overflow}");
        assert_eq!(offered.0, 3 * (last + 1), "{overflow}");
    }
}
