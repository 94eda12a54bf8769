//! Disruptions and client timeouts in the simulation: traces computed by hand, common random numbers,
//! conservation whatever goes wrong, and what theory says of a model that changes over time.

use crate::support::{model, row, study, value};
use lindley::model::{Model, State};
use lindley::rng::Streams;
use lindley::sim::probe::{ClientEvent, Departure, Probe, Silent};
use lindley::sim::{Engine, Finished, Network, RunPlan, Stop};
use proptest::prelude::*;

/// What a run said, in order.
#[derive(Default)]
struct Heard {
    /// (wait, sojourn, deliveries) of each served message.
    departures: Vec<(f64, f64, u16)>,
    /// When each message was published.
    published: Vec<f64>,
    /// Most servers taken at once.
    busiest: u32,
    /// What clients did and heard.
    clients: Vec<(f64, ClientEvent)>,
    /// When a message was acknowledged for which nobody waited.
    in_vain: Vec<f64>,
    /// Messages acknowledged.
    acked: usize,
}

impl Heard {
    fn count(&self, of: impl Fn(&ClientEvent) -> bool) -> usize {
        self.clients.iter().filter(|(_, event)| of(event)).count()
    }
}

impl Probe for Heard {
    fn published(&mut self, now: f64, _source: u32) {
        self.published.push(now);
    }
    fn departed(&mut self, _now: f64, d: &Departure) {
        self.departures.push((d.wait, d.sojourn, d.attempts));
    }
    fn busy(&mut self, _now: f64, _pool: u32, level: u32) {
        self.busiest = self.busiest.max(level);
    }
    fn client(&mut self, now: f64, _source: u32, event: ClientEvent) {
        self.clients.push((now, event));
    }
    fn in_vain(&mut self, now: f64) {
        self.in_vain.push(now);
    }
    fn ended(&mut self, _now: f64, outcome: State, _class: u16, _age: f64) {
        self.acked += usize::from(outcome == State::Acked);
    }
}

fn simulate(model: &Model, end: f64) -> (Heard, Finished) {
    let network = Network::compile(model);
    let mut heard = Heard::default();
    let plan = RunPlan { stop: Stop::Horizon(end), tick: 1e9 };
    let done = Engine::new(&network, &Streams::new(7, 0), &mut heard).run(&plan);
    (heard, done)
}

/// A message a second, from second 1; each takes half a second.
fn clockwork(servers: u32, service: &str, rest: &str) -> Model {
    model(&format!(
        "[producers.web]\narrivals = {{ renewal = 1 }}\nqueue = \"orders\"\n[queues.orders]\n\
         [consumers.workers]\nqueue = \"orders\"\nservers = {servers}\nservice = \"{service}\"\n{rest}\n\
         [run]\nhorizon = \"1h\"\n"
    ))
}

fn outage(rest: &str) -> String {
    format!("[disruptions.outage]\nconsumer = \"workers\"\n{rest}\n")
}

fn waits(model: &Model, end: f64) -> Vec<f64> {
    simulate(model, end).0.departures.iter().map(|d| d.0).collect()
}

/// Down from 2.25 to 4.25. The second message (arrived at 2) is finished at 2.5; the third starts at
/// 4.25, the fourth at 4.75, the fifth at 5.25, the sixth finds an idle server.
#[test]
fn a_stop_lets_the_message_in_service_finish() {
    let text = outage("at = 2.25\nfor = 2\nservers_down = \"all\"");
    assert_eq!(waits(&clockwork(1, "500ms", &text), 7.0), [0.0, 0.0, 1.25, 0.75, 0.25, 0.0]);
}

/// The same as a crash: the second message is back at the head at 2.25 and starts again at 4.25, so
/// all that follow are half a second later than after a stop.
#[test]
fn a_crash_returns_the_message_in_service_to_the_head() {
    let text = outage("at = 2.25\nfor = 2\nservers_down = \"all\"\nrequeue = true");
    let (heard, done) = simulate(&clockwork(1, "500ms", &text), 7.75);
    let expected = [
        (0.0, 0.5, 1),
        (2.0, 2.75, 2),
        (1.75, 2.25, 1),
        (1.25, 1.75, 1),
        (0.75, 1.25, 1),
        (0.25, 0.75, 1),
        (0.0, 0.5, 1),
    ];
    assert_eq!(heard.departures, expected);
    assert_eq!(done.created, 7);
}

/// Two servers, 1.5 s each, one of them to be down from 3.25 to 6.5. At 3.25 the messages of 2 and 3
/// are in work; the server that is free first, at 3.5, goes down. The other one takes the message of
/// 4 at 4.5 and that of 5 at 6; at 6.5 the first is back and takes that of 6; that of 7 starts at 7.5.
#[test]
fn a_part_of_the_servers_goes_down_when_it_is_free() {
    let text = outage("at = 3.25\nfor = 3.25\nservers_down = 1");
    let (heard, _) = simulate(&clockwork(2, "1500ms", &text), 9.6);
    let waits: Vec<f64> = heard.departures.iter().map(|d| d.0).collect();
    assert_eq!(waits, [0.0, 0.0, 0.0, 0.5, 1.0, 0.5, 0.5, 0.0]);
}

/// Of two servers one crashes at 3.25: the message of 2, which has been in work for longest, goes
/// back and starts again at 4.5, when the message of 3 is done, before that of 4.
#[test]
fn a_crash_takes_the_message_that_was_delivered_first() {
    let text = outage("at = 3.25\nfor = 1000\nservers_down = 1\nrequeue = true");
    let (heard, _) = simulate(&clockwork(2, "1500ms", &text), 7.6);
    assert_eq!(heard.departures, [(0.0, 1.5, 1), (0.0, 1.5, 1), (1.25, 4.0, 2), (2.0, 3.5, 1)]);
}

/// Two servers, 100 s each, that crash one after the other, at 10 and at 20; one comes back at 30. The messages of 1
/// and 2 return to their places before that of 3, in whatever order they come: they run 30..130 and 130..230.
#[test]
fn crashes_in_a_row_return_messages_to_their_places() {
    let crash = |name: &str, at: u32, lasts: u32| {
        format!(
            "[disruptions.{name}]\nconsumer = \"workers\"\nat = {at}\nfor = {lasts}\nservers_down = 1\nrequeue = true\n"
        )
    };
    let (heard, _) = simulate(&clockwork(2, "100s", &(crash("first", 10, 20) + &crash("second", 20, 1000))), 231.0);
    assert_eq!(heard.departures, [(20.0, 129.0, 2), (110.0, 228.0, 2)]);
}

/// Services that begin between 1.5 and 3.5 take three times as long: that of 2 ends at 3.2 instead of
/// 2.4, that of 3 begins at 3.2 and ends at 4.4, that of 4 begins at 4.4 at the old pace.
#[test]
fn a_slowdown_stretches_services_that_begin_meanwhile() {
    let text = outage("at = 1.5\nfor = 2\nslowdown = 3");
    let (heard, _) = simulate(&clockwork(1, "400ms", &text), 5.5);
    let expected = [(0.0, 0.4), (0.0, 1.2), (0.2, 1.4), (0.4, 0.8), (0.0, 0.4)];
    for (d, (wait, sojourn)) in heard.departures.iter().zip(expected) {
        assert!((d.0 - wait).abs() < 1e-12 && (d.1 - sojourn).abs() < 1e-12, "{d:?}");
    }
    assert_eq!(heard.departures.len(), 5);
}

/// At one instant: the arrival of 2 is served, then the outage begins; it ends before the observer
/// looks and after the arrival of 4, which waits for nobody but the message of 3.
#[test]
fn a_disruption_begins_and_ends_after_everything_else_at_its_instant() {
    let text = outage("at = 2\nfor = 2\nservers_down = \"all\"");
    assert_eq!(waits(&clockwork(1, "500ms", &text), 5.9), [0.0, 0.0, 1.0, 0.5, 0.0]);
}

/// Two outages that touch are one outage: no message slips through between them; two that overlap add up.
#[test]
fn outages_of_one_consumer_add_up() {
    let two = |first: &str, second: &str| {
        let text = format!(
            "[disruptions.a]\nconsumer = \"workers\"\n{first}\n[disruptions.b]\nconsumer = \"workers\"\n{second}\n"
        );
        simulate(&clockwork(2, "500ms", &text), 12.0).0.departures
    };
    let once = |text: &str| simulate(&clockwork(2, "500ms", &outage(text)), 12.0).0.departures;
    let whole = once("at = 2.25\nfor = 4\nservers_down = \"all\"");
    let touching = two("at = 2.25\nfor = 2\nservers_down = \"all\"", "at = 4.25\nfor = 2\nservers_down = \"all\"");
    assert_eq!(touching, whole);
    let halves = two("at = 2.25\nfor = 4\nservers_down = 1", "at = 2.25\nfor = 4\nservers_down = 1");
    assert_eq!(halves, whole);
    let more_than_all = two("at = 2.25\nfor = 4\nservers_down = 2", "at = 3\nfor = 2\nservers_down = \"all\"");
    assert_eq!(more_than_all, whole);
    // The power twin: one server alone serves a message a second without delay.
    assert_ne!(once("at = 2.25\nfor = 4\nservers_down = 1"), whole);
}

/// Servers without limit stop too, and take everything that waits when they are back.
#[test]
fn servers_without_limit_can_all_be_down() {
    let text = outage("at = 2.25\nfor = 2\nservers_down = \"all\"\nrequeue = true");
    let mut model = clockwork(1, "500ms", &text);
    model.consumers[0].servers = lindley::model::Servers::Unlimited;
    assert_eq!(waits(&model, 5.7), [0.0, 2.0, 1.25, 0.25, 0.0]);
}

/// With automatic acknowledgement the broker has forgotten what a crashed server held.
#[test]
fn what_a_crash_takes_is_lost_without_acknowledgements() {
    let text = format!("ack = \"auto\"\n{}", outage("at = 2.25\nfor = 2\nservers_down = \"all\"\nrequeue = true"));
    let (_, done) = simulate(&clockwork(1, "500ms", &text), 10.0);
    assert_eq!(done.ended[State::Lost as usize], 1);
}

/// A burst has a stream of its own: the producer's own messages come when they come without it, and
/// services are drawn in the same order. The number of additional messages is Poisson with mean 400.
#[test]
fn a_burst_leaves_every_other_number_alone() {
    let text = |rest: &str| {
        format!(
            "[producers.web]\narrivals = {{ poisson = \"20/s\" }}\nqueue = \"orders\"\n[queues.orders]\n\
             [consumers.workers]\nqueue = \"orders\"\nservers = 8\nservice = {{ exponential = {{ mean = \"100ms\" }} }}\n\
             {rest}\n[run]\nhorizon = \"60s\"\n"
        )
    };
    let burst = "[disruptions.flash]\nproducer = \"web\"\nat = \"20s\"\nfor = \"20s\"\nfactor = 2\n";
    let (calm, _) = simulate(&model(&text("")), 60.0);
    let (flash, _) = simulate(&model(&text(burst)), 60.0);
    let extra: Vec<f64> = flash.published.iter().copied().filter(|t| !calm.published.contains(t)).collect();
    assert_eq!(flash.published.len(), calm.published.len() + extra.len());
    assert!(extra.iter().all(|t| (20.0..40.0).contains(t)));
    // Five standard deviations of a Poisson number of mean 400.
    assert!((extra.len() as f64 - 400.0).abs() < 5.0 * 20.0, "{}", extra.len());
}

/// While servers are down utilization counts busy over configured ones: half the time down, half the work.
#[test]
fn utilization_is_of_the_configured_servers() {
    let text = outage("at = 10\nfor = 10\nservers_down = \"all\"");
    let mut model = clockwork(2, "1s", &text);
    model.run.length = lindley::model::RunLength::Horizon(20.0);
    let study = study(&model);
    // One server busy from 1 to 10, and the message of 10 until 11: 10 of 2 x 20 server seconds.
    assert!((value(&study, "workers.utilization.mean") - 0.25).abs() < 1e-12);
    // Those of 11 to 20.
    assert_eq!(row(&study, "orders.backlog_peak.max").value, Some(10.0));
}

/// The fluid limit: 500/s onto 1000/s of capacity, down for 20 s: a backlog of 10,000 at the end of
/// the outage, gone after 10,000 / 500/s = 20 s. Nearly constant times make the fluctuations small.
#[test]
fn a_backlog_grows_and_drains_as_a_fluid_does() {
    let text = "[producers.web]\narrivals = { poisson = \"500/s\" }\nqueue = \"orders\"\n[queues.orders]\n\
         [consumers.workers]\nqueue = \"orders\"\nservers = 10\nservice = { exponential = { mean = \"10ms\" } }\n\
         [disruptions.outage]\nconsumer = \"workers\"\nat = \"20s\"\nfor = \"20s\"\nservers_down = \"all\"\n\
         [run]\nhorizon = \"100s\"\n";
    let study = study(&model(text));
    let peak = value(&study, "orders.backlog_peak.max");
    assert!((peak / 10_000.0 - 1.0).abs() < 0.03, "{peak}");
    // The area of a triangle of 10,000 messages over 40 s, plus a little before and after.
    let area = value(&study, "orders.queue_length.mean") * 100.0;
    assert!((area / 200_000.0 - 1.0).abs() < 0.05, "{area}");
}

#[test]
fn theory_says_that_the_model_changes_over_time() {
    let text = outage("at = 2\nfor = 2\nservers_down = \"all\"");
    let theory = lindley::analytic::theory(&clockwork(1, "500ms", &text));
    assert!(theory.solutions.is_empty());
    let reasons = &theory.broken[0].reasons;
    assert!(reasons.contains(&"the model changes over time: disruption `outage`".to_string()), "{reasons:?}");
}

#[test]
fn a_run_with_disruptions_keeps_its_start() {
    let disrupted = clockwork(1, "500ms", &outage("at = 2\nfor = 2\nservers_down = \"all\""));
    assert_eq!(disrupted.run.warmup, lindley::model::Warmup::None);
    assert_eq!(disrupted.run.replications, 1);
    assert_eq!(clockwork(1, "500ms", "").run.warmup, lindley::model::Warmup::Auto);
}

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

prop_compose! {
    fn a_disruption()(
        at in 0.0f64..50.0, lasts in 0.01f64..30.0, pool in 0usize..3, kind in 0u8..5, servers in 1u32..4, all in any::<bool>(),
        factor in 0.1f64..4.0
    ) -> String {
        let consumer = ["ca", "cb", "cc"][pool];
        let servers = if all || pool == 2 { "\"all\"".to_string() } else { servers.to_string() };
        let effect = match kind {
            0 => format!("consumer = \"{consumer}\"\nservers_down = {servers}"),
            1 | 2 => format!("consumer = \"{consumer}\"\nservers_down = {servers}\nrequeue = true"),
            3 => format!("consumer = \"{consumer}\"\nslowdown = {factor}"),
            _ => format!("producer = \"p\"\nextra = {}", factor * 40.0),
        };
        format!("at = {at}\nfor = {lasts}\n{effect}\n")
    }
}

/// Three pools, two of them on one queue and one without limit, with everything that a queue and a consumer can have.
fn busy_system(disruptions: &[String], closed: bool, client: &str) -> String {
    let arrivals = if closed {
        "{ closed = { population = 9, think = { exponential = { mean = \"50ms\" } } } }"
    } else {
        "{ poisson = 60 }"
    };
    let named: String = disruptions.iter().enumerate().map(|(i, d)| format!("[disruptions.d{i}]\n{d}")).collect();
    format!(
        "[producers.p]\narrivals = {arrivals}\nqueue = \"a\"\n{client}\
         [queues.a]\nmessage_ttl = \"300ms\"\ndead_letter = \"b\"\npriority_levels = 2\n[queues.b]\nmax_length = 20\n\
         [consumers.ca]\nqueue = \"a\"\nservers = 3\nservice = {{ exponential = {{ mean = \"40ms\" }} }}\n\
         failure = {{ probability = 0.2 }}\nretry = {{ max_attempts = 3, backoff = {{ fixed = {{ delay = \"50ms\" }} }} }}\n\
         turnaround = \"2ms\"\nlatency = \"5ms\"\npublish = {{ queue = \"b\", probability = 0.5 }}\n\
         [consumers.cb]\nqueue = \"a\"\nservers = 3\nack = \"auto\"\nservice = \"30ms\"\n\
         [consumers.cc]\nqueue = \"b\"\nservers = \"unlimited\"\nack_loss = {{ probability = 0.1 }}\nservice = \"100ms\"\n\
         {named}[run]\nhorizon = \"60s\"\n"
    )
}

prop_compose! {
    fn a_client()(there in any::<bool>(), timeout in 0.01f64..2.0, attempts in 1u8..5, backoff in any::<bool>()) -> String {
        let backoff = if backoff { "{ fixed = { delay = \"50ms\", jitter = \"full\" } }" } else { "\"none\"" };
        if !there { return String::new(); }
        format!("timeout = {timeout}\nretry = {{ max_attempts = {attempts}, backoff = {backoff} }}\n")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn every_message_is_accounted_for_whatever_goes_wrong(
        disruptions in prop::collection::vec(a_disruption(), 0..6), closed in any::<bool>(), client in a_client(), seed in any::<u64>()
    ) {
        let model = model(&busy_system(&disruptions, closed, &client));
        let network = Network::compile(&model);
        let plan = RunPlan { stop: Stop::Horizon(60.0), tick: 1.0 };
        let mut heard = Heard::default();
        let done = Engine::new(&network, &Streams::new(seed, 0), &mut heard).run(&plan);
        prop_assert_eq!(done.created, done.ended.iter().sum::<u64>() + done.in_flight);
        prop_assert_eq!(done, Engine::new(&network, &Streams::new(seed, 0), &mut Silent).run(&plan));
        if client.is_empty() {
            prop_assert!(heard.clients.is_empty() && heard.in_vain.is_empty());
            return Ok(());
        }
        // Every publication is the first of a request or a retry; every acknowledgement an answer or in vain.
        let requests = heard.count(|e| *e == ClientEvent::Requested);
        let retries = heard.count(|e| *e == ClientEvent::Retried);
        let answered = heard.count(|e| matches!(e, ClientEvent::Answered { .. }));
        let given_up = heard.count(|e| matches!(e, ClientEvent::GaveUp { .. }));
        prop_assert_eq!(heard.published.len(), requests + retries);
        prop_assert_eq!(heard.acked, answered + heard.in_vain.len());
        prop_assert!(answered + given_up <= requests);
    }

    /// When all disruptions are over and nothing arrives any more, the system empties and every request is over:
    /// no server and no timer is lost.
    #[test]
    fn all_servers_come_back(disruptions in prop::collection::vec(a_disruption(), 1..6), client in a_client(), seed in any::<u64>()) {
        let text = busy_system(&disruptions, false, &client)
            .replace("{ poisson = 60 }", "{ schedule = { pieces = [{ for = 60, rate = 60 }] } }")
            .replace("horizon = \"60s\"", "drained = true");
        let network = Network::compile(&model(&text));
        let mut heard = Heard::default();
        let done = Engine::new(&network, &Streams::new(seed, 0), &mut heard).run(&RunPlan { stop: Stop::Drained, tick: 1.0 });
        prop_assert_eq!(done.in_flight, 0);
        let over = heard.count(|e| matches!(e, ClientEvent::Answered { .. } | ClientEvent::GaveUp { .. }));
        prop_assert_eq!(heard.count(|e| *e == ClientEvent::Requested), over);
    }
}
