//! Rare events by splitting, against exact probabilities; beside each the same test on a wrong theory, which fails.

use crate::support::{keep_study, lindley, model, text};
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
    let one = |seed: u64| {
        let mut model = station(0.3, "max_length = 11", EXPONENTIAL);
        model.run.seed = seed;
        let [loss, _] = rare(&model, "q.prob_loss");
        (loss.value.expect("it was seen"), loss.half_width().expect("an interval") / 1.96)
    };
    // Five seeds together: of one alone a distance beyond 3.3 is rare, and seed 1 has one of 3.4.
    let (sum, variance) = (1..=5).map(one).fold((0.0, 0.0), |(s, v), (value, error)| (s + value, v + error * error));
    let away = |exact: f64| (sum / 5.0 - exact).abs() / (variance.sqrt() / 5.0);
    assert!(
        away(exact) < 3.3 && away(1.1 * exact) > 3.3,
        "{} and {} from a tenth more",
        away(exact),
        away(1.1 * exact)
    );
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

/// P(more than N messages) of M/G/1, from P(so many arrivals or more during a service): the chain at departures, whose numbers are
/// those of any time, level by level without subtraction (Ramaswami 1988).
fn more_than(n: usize, rho: f64, arrivals_at_least: impl Fn(usize) -> f64) -> f64 {
    let mut levels = vec![1.0 - rho];
    for j in 1..n + 400 {
        let up = |i: usize| levels[i] * arrivals_at_least(j + 1 - i);
        let crossing = levels[0] * arrivals_at_least(j) + (1..j).map(up).sum::<f64>();
        levels.push(crossing / (1.0 - arrivals_at_least(1)));
    }
    levels[n + 1..].iter().sum()
}

/// P(k or more arrivals at 1/s during a service of 0.5 s).
fn constant(k: usize) -> f64 {
    let mut term = (-0.5_f64).exp();
    (1..k).for_each(|i| term *= 0.5 / i as f64);
    (k.max(1)..k + 40).fold(f64::from(u8::from(k == 0)), |sum, i| {
        term *= 0.5 / i as f64;
        sum + term
    })
}

/// The same of services that are exponential of rate 2 p1/0.5 s with probability p1, else of 2 (1 - p1)/0.5 s: scv 4.
fn two_phases(k: usize) -> f64 {
    let p = 0.5 * (1.0 + 0.6_f64.sqrt());
    [p, 1.0 - p].iter().map(|p| p * (1.0 / (1.0 + 4.0 * p)).powi(k as i32)).sum()
}

const CONSTANT: &str = "service = { deterministic = { value = \"500ms\" } }";
const TWO_PHASES: &str = "service = { hyperexponential = { mean = \"500ms\", scv = 4.0 } }";

#[test]
fn services_that_are_all_the_same_or_sometimes_long() {
    agrees(&rare(&station(1.0, "", CONSTANT), "q.prob(in_system > 9)")[0], more_than(9, 0.5, constant));
    agrees(&rare(&station(1.0, "", TWO_PHASES), "q.prob(in_system > 30)")[0], more_than(30, 0.5, two_phases));
}

/// Down to 1e-12, to 10 %: of ten seeds each, at most two intervals of 95 % miss (all ten hold with probability 0.6, eight or more
/// with 0.99), and none is beyond four standard errors.
#[test]
#[ignore = "a study: run by `make study`"]
fn study_of_rare_levels_of_general_services() {
    let mut found =
        String::from("| service | event | exact | intervals that hold it | mean estimate |\n|---|---|---|---|---|\n");
    let one = |service: &str, n: usize, seed: u64| {
        let mut model = station(1.0, "", service);
        (model.run.seed, model.run.precision) = (seed, Some(lindley::model::Precision::Means(0.1)));
        let [row, _] = rare(&model, &format!("q.prob(in_system > {n})"));
        row
    };
    for (name, service, n, exact) in [
        ("constant", CONSTANT, 21, more_than(21, 0.5, constant)),
        ("hyperexponential, scv 4", TWO_PHASES, 102, more_than(102, 0.5, two_phases)),
    ] {
        let rows: Vec<Row> = (1..=10).map(|seed| one(service, n, seed)).collect();
        let held = rows.iter().filter(|row| away(row, exact) <= 1.96).count();
        assert!(rows.iter().all(|row| away(row, exact) < 4.0) && held >= 8, "{name}: {held} of 10");
        assert!(rows.iter().all(|row| away(row, 1.5 * exact) > 3.0), "{name} has no power");
        let value = rows.iter().map(|row| row.value.expect("seen")).sum::<f64>() / 10.0;
        found += &format!("| {name} | more than {n} | {exact:.4e} | {held} of 10 | {value:.4e} |\n");
    }
    println!("{found}");
    keep_study("rare-levels", "Does splitting find levels of M/G/1 at 0.5 down to 1e-12?", &found);
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

/// A queue of a million messages is as rare as 1e-301000: said when the budget is spent, with how far it went.
#[test]
fn what_is_too_far_for_the_budget_is_refused() {
    let model = station(0.5, "", EXPONENTIAL);
    let quantity = Entities::of(&model).quantity("q.prob(in_system > 1000000)").expect("a quantity");
    let options = Options { budget: Some(2_000_000), ..Options::default() };
    let found = experiment::rare::run(&model, &[quantity], &options, &AtomicBool::new(false));
    let why = found.expect_err("too far").to_string();
    assert!(why.contains("is too far: the budget of events ended at"), "{why}");
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
    refused("a.in_system > -1", 2, "`-1` is no plain number or percentage that is not negative");
    refused("a.in_system > 1e308", 2, "from 0 to a million");
    let late =
        lindley(&["run", file.to_str().expect("a path"), "--rare", "system.in_system > 40", "--time-limit", "20ms"]);
    assert_eq!(late.status.code(), Some(4), "{}", text(&late.stderr));
    assert!(text(&late.stderr).contains("within the time limit"), "{}", text(&late.stderr));
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}
