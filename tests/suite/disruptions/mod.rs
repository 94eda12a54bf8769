//! Disruptions in the simulation: traces computed by hand, common random numbers, and what theory says of a model
//! that changes over time.

mod accounted;
mod clients;

use crate::support::{model, row, study, value};
use lindley::model::{Model, State};
use lindley::rng::Streams;
use lindley::sim::probe::{ClientEvent, Departure, Probe};
use lindley::sim::{Engine, Finished, Network, RunPlan, Stop};

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
