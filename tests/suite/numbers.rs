//! What is asked most: P(N = n), P(N > n), P(empty), P(wait <= t); by theory, by simulation beside it, as targets.

use crate::support::{lindley, model, study, text};
use lindley::analytic::station::mm1::Mm1;
use lindley::experiment::{self, EngineChoice, Options, Study};
use lindley::model::Model;
use lindley::row::{Metric, Row, Source, Statistic};
use lindley::stats::interval::student_quantile;
use proptest::prelude::*;
use serde_json::Value;
use std::sync::atomic::AtomicBool;

fn json(arguments: &[&str]) -> (i32, Value) {
    let output = lindley(&[arguments, &["--format", "json"]].concat());
    let result = serde_json::from_slice(&output.stdout);
    let code = output.status.code().expect("a code");
    (code, result.unwrap_or_else(|e| panic!("{arguments:?}: {e}: {}", text(&output.stderr))))
}

/// The row of a metric and statistic, at a point where there are points.
fn found<'v>(result: &'v Value, point: Option<&str>, metric: &str, statistic: &str) -> &'v Value {
    let rows = result["rows"].as_array().expect("rows");
    let is = |r: &&Value| r["metric"] == metric && r["statistic"] == statistic && r["point"].as_str() == point;
    rows.iter().find(is).unwrap_or_else(|| panic!("no {metric} {statistic} at {point:?}"))
}

#[track_caller]
fn close(row: &Value, wanted: f64) {
    let value = row["value"].as_f64().unwrap_or_else(|| panic!("no value: {row}"));
    assert!((value - wanted).abs() < 1e-12 * wanted.abs().max(1e-3), "{value} instead of {wanted}");
}

// ----- theory -------------------------------------------------------------------------------

const SHOP: [&str; 5] = ["M/M/1", "--arrival-rate", "4/h", "--mean-service", "12min"];

#[test]
fn cars_at_the_mechanic() {
    let asked = ["--levels", "0,1,3", "--within", "0s,20min"];
    let (code, result) = json(&[&["solve"], &SHOP[..], &asked].concat());
    assert_eq!(code, 0);
    let row = |metric, statistic| found(&result, None, metric, statistic);
    close(row("in_system", "prob(= 0)"), 0.2);
    close(row("in_system", "prob(= 1)"), 0.16);
    close(row("in_system", "prob(> 3)"), 0.4096);
    close(row("wait", "prob(<= 0)"), 0.2);
    // mu - lambda is one an hour.
    close(row("wait", "prob(<= 1200)"), 1.0 - 0.8 * (-1.0_f64 / 3.0).exp());
    close(row("sojourn", "prob(<= 1200)"), 1.0 - (-1.0_f64 / 3.0).exp());
}

#[test]
fn what_a_method_does_not_give_is_refused_in_its_row() {
    let station = ["M/M/2+D", "--arrival-rate", "3/s", "--service-rate", "1/s", "--mean-patience", "2s"];
    let (code, result) = json(&[&["solve"], &station[..], &["--levels", "2", "--within", "1s"]].concat());
    let row = found(&result, None, "in_system", "prob(> 2)");
    assert!(code == 0 && row["value"].is_null() && row["refusal"] == "not_given", "{row}");
    assert!(found(&result, None, "wait", "prob(<= 1)")["value"].as_f64().is_some_and(|p| p > 0.1 && p < 0.9));
    for wrong in [&["--within", "soon"][..], &["--levels", "-1"], &["--levels", "1.5"]] {
        let output = lindley(&[&["solve"], &SHOP[..], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}

/// One line for each number of servers; below three there is no steady state.
#[test]
fn a_table_over_the_servers() {
    let station = ["M/M/c", "--servers", "1:10", "--arrival-rate", "2.5/s", "--service-rate", "1/s"];
    let (code, result) = json(&[&["solve"], &station[..], &["--levels", "5", "--within", "2s"]].concat());
    let points = result["points"].as_array().expect("points");
    assert_eq!((code, points.len()), (0, 10));
    let status: Vec<&str> = points.iter().filter_map(|point| point["status"].as_str()).collect();
    assert_eq!(&status[..3], ["unstable", "unstable", "ok"]);
    // c = 3: Erlang C is 0.7022 at 2.5 erlangs, slack one half.
    let (b2, a) = (2.5 * 2.5 / 2.0 / (1.0 + 2.5 + 2.5 * 2.5 / 2.0), 2.5);
    let b3 = a * b2 / (3.0 + a * b2);
    let erlang_c = b3 / (1.0 - a / 3.0 * (1.0 - b3));
    close(found(&result, Some("c=3"), "wait", "prob(<= 2)"), 1.0 - erlang_c * (-1.0_f64).exp());
    close(found(&result, Some("c=3"), "in_system", "prob(> 5)"), erlang_c * (a / 3.0_f64).powi(3));
    let table = lindley(&[&["solve"], &station[..], &["--levels", "5", "--within", "2s"]].concat());
    let table = text(&table.stdout);
    assert!(table.contains("prob(in_system > 5)") && table.contains("c=10"), "{table}");
    for wrong in [["M/M/c", "--servers", "0:3"], ["M/M/c", "--servers", "3:1"], ["M/M/2", "--servers", "1:3"]] {
        let rest = ["--arrival-rate", "2.5/s", "--service-rate", "1/s"];
        assert_eq!(lindley(&[&["solve"], &wrong[..], &rest].concat()).status.code(), Some(2), "{wrong:?}");
    }
}

// ----- targets ------------------------------------------------------------------------------

/// The least number of servers for a target, and the target as it is printed.
fn servers(target: &str) -> (f64, String) {
    let station = ["size", "M/M/c", "--arrival-rate", "100/h", "--mean-service", "3min", "--target", target];
    let (code, result) = json(&station);
    assert_eq!(code, 0, "{target}");
    let answer = found(&result, None, "servers", "count")["value"].as_f64().expect("an answer");
    (answer, result["sizing"]["targets"][0]["text"].as_str().expect("a text").to_string())
}

/// A call centre: 5 erlangs, 80 % within 20 s. The smallest numbers are found here from Erlang's recursion.
#[test]
fn stations_are_sized_for_levels_of_service() {
    let (a, mu) = (5.0_f64, 1.0 / 180.0);
    let erlang_c = |c: u32| {
        let b = (1..=c).fold(1.0, |b, n| a * b / (f64::from(n) + a * b));
        b / (1.0 - a / f64::from(c) * (1.0 - b))
    };
    let late = |c: u32| erlang_c(c) * (-(f64::from(c) * mu - a * mu) * 20.0).exp();
    let wanted = (6..).find(|&c| late(c) < 0.2).expect("some number is enough");
    let (within, canonical) = servers("prob(wait <= 20s) > 80%");
    assert_eq!((within, servers("prob(wait > 20s) < 20%").0), (f64::from(wanted), f64::from(wanted)));
    assert_eq!(canonical, "prob(wait > 20s) < 0.2");
    assert_eq!(servers(&canonical), (within, canonical.clone()));
    // P(N > 10) = C rho^(11 - c) for c <= 11.
    let many = |c: u32| erlang_c(c) * (a / f64::from(c)).powi(11 - c as i32);
    let wanted = (6..12).find(|&c| many(c) < 0.05).expect("some number is enough");
    assert_eq!(servers("prob(in_system > 10) < 5%").0, f64::from(wanted));
    // P(waiting > 2) = C rho^3.
    let waiting = |c: u32| erlang_c(c) * (a / f64::from(c)).powi(3);
    let wanted = (6..).find(|&c| waiting(c) < 0.05).expect("some number is enough");
    assert_eq!(servers("prob(queue_length > 2) < 5%").0, f64::from(wanted));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever row theory prints of a level can be demanded as it is printed, and means the same.
    #[test]
    fn printed_rows_can_be_demanded(n in 0_u32..9, ms in 1_u32..5000, metric in 0_usize..3) {
        let (metric, statistic) = [
            (Metric::InSystem, Statistic::Above(f64::from(n))),
            (Metric::InSystem, Statistic::Equal(f64::from(n))),
            (Metric::Wait, Statistic::AtMost(f64::from(ms) / 1000.0)),
        ][metric].clone();
        let steady = Mm1::new(0.8, 1.0).expect("it is stable").steady();
        let value = steady.probability(&metric, statistic).expect("it is given");
        let row = Row::exact(lindley::row::Scope::Station, "shop", metric, statistic, value, "M/M/1");
        let mut quantity = row.quantity();
        quantity.scope = None;
        for (sign, off) in [("<", 1e-3), (">", -1e-3)] {
            let typed = format!("{quantity} {sign} {}", value + off);
            let demand: lindley::row::Demand = typed.parse().expect("it was printed");
            let again: lindley::row::Demand = demand.to_string().parse().expect("it was printed");
            prop_assert_eq!(&demand, &again);
            let demanded = steady.probability(&demand.quantity.metric, demand.quantity.statistic).expect("given");
            prop_assert!(demand.holds(demanded), "{} {}", typed, demanded);
        }
    }
}

// ----- simulation ---------------------------------------------------------------------------

/// One queue that asks for numbers.
fn queue(arrivals: &str, consumer: &str, limit: &str, asked: &[&str]) -> Model {
    let targets: String = asked.iter().map(|quantity| format!("\"q.{quantity}\" = 0.999\n")).collect();
    model(&format!(
        "[producers.p]\narrivals = {arrivals}\nqueue = \"q\"\n[queues.q]\n{limit}\n[consumers.c]\nqueue = \"q\"\n{consumer}\n\
         [targets]\n{targets}[run]\nmessages = 100000\nreplications = 10\n"
    ))
}

const ASKED: [&str; 6] = [
    "prob(in_system = 0)",
    "prob(in_system = 2)",
    "prob(in_system > 1)",
    "prob(in_system > 3)",
    "prob(queue_length > 0)",
    "prob(queue_length > 2)",
];

/// A simulated number, its standard error, and what theory says.
struct Pair {
    name: String,
    simulated: f64,
    error: f64,
    theory: f64,
}

fn pairs(name: &str, study: &Study) -> Vec<Pair> {
    let rows = &study.result.rows;
    let of = |check: &lindley::experiment::result::TheoryCheck| {
        let (simulated, theory) = (&rows[check.simulated], &rows[check.theory]);
        let asked = simulated.statistic.is_probability() && !simulated.metric.is_time();
        asked.then(|| Pair {
            name: format!("{name} {} {}", simulated.metric, simulated.statistic),
            simulated: simulated.value.expect("it is long enough"),
            error: simulated.half_width().expect("it has an interval") / student_quantile(0.95, 59.0),
            theory: theory.value.expect("theory gives it"),
        })
    };
    study.result.validation.iter().filter_map(of).collect()
}

/// Familywise alpha of 0.001 over all pairs; the power twin is theory 3 % off, which most pairs must reject.
#[test]
fn shares_of_time_are_those_of_theory() {
    let exponential = |mean: &str, servers: u32| {
        format!("servers = {servers}\nservice = {{ exponential = {{ mean = \"{mean}\" }} }}")
    };
    let poisson = |rate: f64| format!("{{ poisson = \"{rate}/s\" }}");
    let constant = "service = \"1s\"".to_string();
    let models = [
        ("M/M/1", queue(&poisson(0.7), &exponential("1s", 1), "", &ASKED)),
        ("M/M/3", queue(&poisson(2.1), &exponential("1s", 3), "", &ASKED)),
        ("M/M/2/5", queue(&poisson(2.2), &exponential("1s", 2), "max_length = 3", &ASKED)),
        ("M/D/1", queue(&poisson(0.7), &constant, "", &ASKED)),
        ("M/D/3", queue(&poisson(2.3), "servers = 3\nservice = \"1s\"", "", &ASKED)),
        ("M/D/inf", queue(&poisson(2.0), "servers = \"unlimited\"\nservice = \"1s\"", "", &ASKED[..4])),
        ("E2/M/1", queue("{ renewal = { erlang = { k = 2, mean = \"1s\" } } }", &exponential("750ms", 1), "", &ASKED)),
    ];
    let mut all: Vec<Pair> = Vec::new();
    for (name, model) in &models {
        let found = pairs(name, &study(model));
        assert!(found.len() >= 4, "{name}: {}", found.len());
        all.extend(found);
    }
    let limit = student_quantile(1.0 - 0.001 / all.len() as f64, 59.0);
    let off = |factor: f64| -> Vec<&str> {
        let t = |p: &Pair| (p.simulated - factor * p.theory) / p.error;
        all.iter().filter(|p| t(p).abs() > limit).map(|p| p.name.as_str()).collect()
    };
    assert_eq!(off(1.0), Vec::<&str>::new());
    for factor in [0.97, 1.03] {
        assert!(off(factor).len() * 2 > all.len(), "no power: {} of {}", off(factor).len(), all.len());
    }
}

/// The wrong load is seen in the law of the number, too: three half-widths are six standard errors.
#[test]
fn another_load_has_another_law() {
    let model = queue("{ poisson = \"0.8/s\" }", "service = { exponential = { mean = \"1s\" } }", "", &ASKED[..4]);
    let study = study(&model);
    for n in [1, 3] {
        let found = crate::support::row(&study, &format!("q.in_system.prob(> {n})"));
        let (value, half) = (found.value.expect("a share"), found.half_width().expect("an interval"));
        let off = |rho: f64| (value - Mm1::new(rho, 1.0).expect("it is stable").prob_above(n)).abs() / half;
        assert!(off(0.8) < 3.0 && off(0.76) > 3.0 && off(0.84) > 3.0, "{found:?}");
    }
}

fn run(model: &Model, engine: EngineChoice) -> Vec<Row> {
    let options = Options { jobs: 1, engine, ..Options::default() };
    let study = experiment::run(model, &options, &AtomicBool::new(false), &|_| {}).expect("it runs");
    let simulated = study.result.rows.into_iter();
    simulated.filter(|r| r.source == Source::Simulation && r.statistic.is_probability()).collect()
}

/// Both engines spend the same time at every number, batches that arrive at one instant included.
#[test]
fn both_engines_count_alike() {
    let batches = "{ batch = { arrivals = { poisson = \"0.2/s\" }, size = 3 } }";
    for (arrivals, servers) in
        [("{ poisson = \"0.8/s\" }", 1), ("{ poisson = \"2.4/s\" }", 3), (batches, 1), (batches, 4)]
    {
        let consumer = format!("servers = {servers}\nservice = {{ exponential = {{ mean = \"1s\" }} }}");
        let model = queue(arrivals, &consumer, "", &ASKED);
        let [events, messages] = [EngineChoice::General, EngineChoice::Recursion].map(|engine| run(&model, engine));
        assert_eq!((events.len(), messages.len()), (ASKED.len(), ASKED.len()));
        for (a, b) in events.iter().zip(&messages) {
            let near = |x: Option<f64>, y: Option<f64>| (x.unwrap() - y.unwrap()).abs() < 1e-9;
            assert!(near(a.value, b.value) && near(a.low, b.low) && near(a.high, b.high), "{a:?} {b:?}");
        }
    }
}

fn station_file(name: &str, targets: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("lindley-numbers-{}-{name}.toml", std::process::id()));
    let body = "[producers.p]\narrivals = { poisson = \"80/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
        service = { exponential = { mean = \"10ms\" } }\n[run]\nmessages = 50000\nreplications = 6\n";
    std::fs::write(&path, format!("{body}{targets}")).expect("the file can be written");
    path
}

/// P(N > 3) is 0.4096, P(wait <= 10 ms) is 1 - 0.8 e^{-0.2} = 0.345.
#[test]
fn targets_of_a_model_are_met_and_missed() {
    let met = "[targets]\n\"q.prob(in_system > 3)\" = \"45%\"\n\"prob(wait <= 10ms)\" = \"30%\"\n\
        \"q.prob(in_system = 0)\" = \"> 15%\"\n";
    let missed = "[targets]\n\"q.prob(in_system > 3)\" = \"35%\"\n\"prob(wait <= 10ms)\" = \"40%\"\n";
    for (name, targets, code, misses) in [("met", met, 0, 0), ("missed", missed, 3, 2)] {
        let file = station_file(name, targets);
        let output = lindley(&["run", file.to_str().expect("text"), "-q"]);
        let words = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words}");
        assert_eq!(words.matches(": missed\n").count(), misses, "{words}");
    }
}

#[test]
fn a_run_shows_the_levels_that_it_is_asked_for() {
    let file = station_file("levels", "");
    let file = file.to_str().expect("text");
    let output = lindley(&["run", file, "-q", "--levels", "0,3", "--within", "10ms"]);
    let table = text(&output.stdout);
    for shown in ["prob(= 0)", "prob(> 3)", "prob(<= 10ms)", "0.2", "0.4096"] {
        assert!(table.contains(shown), "{shown}: {table}");
    }
    let (_, solved) = json(&["solve", file, "--levels", "3", "--within", "10ms", "-q"]);
    close(found(&solved, None, "in_system", "prob(> 3)"), 0.4096);
    close(found(&solved, None, "wait", "prob(<= 0.01)"), 1.0 - 0.8 * (-0.2_f64).exp());
}
