//! Rare events by splitting, against exact probabilities; beside each the same test on a wrong theory, which fails.

use crate::support::{lindley, model, text};
use lindley::experiment::{self, Options};
use lindley::model::{Entities, Model};
use lindley::row::Row;
use std::sync::atomic::AtomicBool;

/// A queue with messages at a rate, whatever stands under the queue, and its consumer.
fn station(rate: f64, queue: &str, consumer: &str) -> Model {
    model(&format!(
        "[producers.p]\narrivals = {{ poisson = \"{rate}/s\" }}\nqueue = \"q\"\n[queues.q]\n{queue}\n[consumers.c]\nqueue = \"q\"\n\
         {consumer}\n[run]\nprecision = 0.15\n"
    ))
}

const EXPONENTIAL: &str = "service = { exponential = { mean = \"1s\" } }";

/// The rows of a rare quantity: its probability, and that of a busy cycle.
fn rare(model: &Model, quantity: &str) -> [Row; 2] {
    let quantity = Entities::of(model).quantity(quantity).expect("a quantity");
    let found = experiment::rare::run(model, &[quantity], &Options::default(), &AtomicBool::new(false));
    let rows: Vec<Row> = found.expect("it can be estimated").rows;
    [rows[0].clone(), rows[1].clone()]
}

/// How many standard errors a probability is away from an estimate.
fn away(row: &Row, exact: f64) -> f64 {
    let value = row.value.expect("it was seen");
    (value - exact).abs() / (row.half_width().expect("an interval") / 1.96)
}

/// The estimate agrees with the probability, and not with another by half of it.
fn agrees(row: &Row, exact: f64) {
    assert!(away(row, exact) < 3.3, "{row:?} against {exact:e}");
    assert!(away(row, 1.5 * exact) > 3.3, "{row:?} has no power against {exact:e}");
    assert!(row.half_width().unwrap() <= 0.15 * row.value.unwrap(), "{row:?}");
}

#[test]
fn a_long_queue_of_mm1_and_a_busy_cycle_that_reaches_it() {
    let [steady, cycle] = rare(&station(0.5, "", EXPONENTIAL), "q.prob(in_system > 19)");
    agrees(&steady, 0.5_f64.powi(20));
    // Gambler's ruin: from one message to 20 before none (Feller I, sec. XIV.2).
    agrees(&cycle, (2.0 - 1.0) / (2_f64.powi(20) - 1.0));
}

#[test]
fn ready_messages_of_several_servers() {
    // M/M/3 at 1.2 erlangs: P(more than 24 ready) = P(wait) rho^25.
    let (a, rho) = (1.2_f64, 0.4_f64);
    let all = 1.0 + a + a * a / 2.0 + a.powi(3) / 6.0 / (1.0 - rho);
    let busy = a.powi(3) / 6.0 / (1.0 - rho) / all;
    let [steady, _] = rare(&station(a, "", &format!("servers = 3\n{EXPONENTIAL}")), "q.prob(queue_length > 14)");
    agrees(&steady, busy * rho.powi(15));
}

#[test]
fn the_loss_of_a_full_queue() {
    // M/M/1/12 at 0.3: (1 - rho) rho^12/(1 - rho^13).
    let exact = 0.7 * 0.3_f64.powi(12) / (1.0 - 0.3_f64.powi(13));
    agrees(&rare(&station(0.3, "max_length = 11", EXPONENTIAL), "q.prob_loss")[0], exact);
}

#[test]
fn the_loss_of_many_servers() {
    // Erlang's recursion of 40 servers at 15 erlangs.
    let exact = (1..=40).fold(1.0, |b: f64, c| 15.0 * b / (f64::from(c) + 15.0 * b));
    let [loss, cycle] = rare(&station(15.0, "max_length = 0", &format!("servers = 40\n{EXPONENTIAL}")), "q.prob_loss");
    agrees(&loss, exact);
    assert!(cycle.value.is_some() || cycle.refusal.is_some());
}

#[test]
fn services_that_remember_how_long_they_have_lasted() {
    // M/E2/1 at 0.5: stages come in pairs and are served at 2/s, so 2 p(k+1) = (0.5 + 2) p(k) - 0.5 p(k-2), in stages.
    let mut stages = vec![0.5, 0.125];
    for k in 1..60 {
        let two_before = if k >= 2 { stages[k - 2] } else { 0.0 };
        stages.push((2.5 * stages[k] - 0.5 * two_before) / 2.0);
    }
    // More than 12 messages are at least 25 stages.
    let exact: f64 = stages[25..].iter().sum();
    let service = "service = { erlang = { k = 2, mean = \"1s\" } }";
    agrees(&rare(&station(0.5, "", service), "q.prob(in_system > 12)")[0], exact);
}

/// Two stations in series at 0.1/s and 0.45/s each: a busy cycle that reaches 20 messages in all (Glasserman, Heidelberger,
/// Shahabuddin, Zajic 1999; solved as a linear system).
const TANDEM: &str = "[producers.p]\narrivals = { poisson = \"0.1/s\" }\nqueue = \"a\"\n[queues.a]\n[queues.b]\n[consumers.c]\nqueue = \"a\"\n\
     service = { exponential = { rate = \"0.45/s\" } }\npublish = { queue = \"b\" }\n[consumers.d]\nqueue = \"b\"\n\
     service = { exponential = { rate = \"0.45/s\" } }\n[run]\nprecision = 0.15\n";

#[test]
fn a_busy_cycle_of_two_stations_in_series() {
    agrees(&rare(&model(TANDEM), "system.prob(in_system > 19)")[1], 5.951_121_474_901_689e-12);
}

#[test]
fn a_seed_gives_the_same_numbers_on_any_number_of_threads() {
    let model = station(0.3, "max_length = 5", EXPONENTIAL);
    let quantity = Entities::of(&model).quantity("q.prob_loss").expect("a quantity");
    let of = |jobs| {
        let options = Options { jobs, ..Options::default() };
        experiment::rare::run(&model, std::slice::from_ref(&quantity), &options, &AtomicBool::new(false))
            .expect("it runs")
            .rows
    };
    assert_eq!(of(1), of(2));
}

#[test]
fn what_cannot_be_estimated_is_refused_with_the_reason() {
    let folder = std::env::temp_dir().join(format!("lindley-rare-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("tandem.toml");
    std::fs::write(&file, TANDEM).expect("a file");
    let refused = |event: &str, code: i32, why: &str| {
        let output = lindley(&["run", file.to_str().expect("a path"), "--rare", event]);
        assert_eq!(output.status.code(), Some(code), "{event}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(why), "{event}: {}", text(&output.stderr));
    };
    refused("a.wait > 3s", 2, "cannot be estimated as a rare event");
    refused("a.prob_loss", 2, "of a queue with `max_length`");
    refused("nowhere.in_system > 3", 2, "nowhere");
    refused("a.in_system > three", 2, "three");
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}
