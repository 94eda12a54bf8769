//! `drain`: fluid limits, simulation, measured recovery.

use crate::support::{lindley, model, row, shipped, study, text};
use lindley::experiment::Options;
use lindley::experiment::drain::rows::Recoveries;
use lindley::experiment::drain::watch::{Watched, Window};
use lindley::experiment::study::watch;
use lindley::model::Model;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub fn json(arguments: &[&str]) -> (Value, Option<i32>) {
    let output = lindley(&[&["drain"], arguments, &["--format", "json", "-q"]].concat());
    let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", text(&output.stderr)));
    (value, output.status.code())
}

/// The first value of a metric and statistic.
pub fn number(result: &Value, metric: &str, statistic: &str) -> Option<f64> {
    let rows = result["rows"].as_array().expect("rows");
    rows.iter().find(|r| r["metric"] == metric && r["statistic"] == statistic)?["value"].as_f64()
}

fn watched(model: &Model, from: f64, until: f64) -> Vec<Watched> {
    let window = Window { from, until, queues: vec![0], grid: Arc::from([]) };
    let study = watch(model, Some(window), &Options::default(), &AtomicBool::new(false), &|_| {}).expect("runs");
    study.watched.into_iter().map(|mut queues| queues.remove(0)).collect()
}

// ----- without a file ------------------------------------------------------------------------

#[test]
fn an_outage_by_rates_is_arithmetic() {
    let (result, code) = json(&["--arrival-rate", "250/s", "--capacity", "300/s", "--outage", "12min"]);
    assert_eq!((number(&result, "backlog_peak", "mean"), code), (Some(180_000.0), Some(0)));
    assert_eq!(number(&result, "drain_time", "mean"), Some(3600.0));
    assert_eq!(number(&result, "detail.recovery_from_begin", "mean"), Some(4320.0));
    assert_eq!(number(&result, "detail.total_delay", "mean"), Some(180_000.0 * 4320.0 / 2.0));
    assert_eq!(number(&result, "detail.oldest_age_at_peak", "mean"), Some(720.0));
    assert!(result["answer"]["headline"].as_str().is_some_and(|said| said.contains("180,000 messages")));
    // What it takes: 250 + 180000/1800.
    let within = ["--arrival-rate", "250/s", "--capacity", "300/s", "--outage", "12min", "--recover-within", "30min"];
    let (result, code) = json(&within);
    assert_eq!((number(&result, "detail.capacity_needed", "mean"), code), (Some(350.0), Some(3)));
    assert_eq!(result["passed"], false);
}

/// (options, peak, drain time, lost to length, lost to age), each by hand.
#[test]
fn throttling_bursts_limits_and_servers_by_hand() {
    let cases: [(&str, f64, f64, f64, f64); 7] = [
        ("--capacity 300/s --outage 60s --throttle 40%", 60.0 * 130.0, 7800.0 / 50.0, 0.0, 0.0),
        ("--capacity 300/s --slowdown 2 --for 60s", 60.0 * 100.0, 6000.0 / 50.0, 0.0, 0.0),
        ("--capacity 300/s --burst 3x --for 15s", 15.0 * 450.0, 6750.0 / 50.0, 0.0, 0.0),
        ("--capacity 300/s --extra 150/s --for 10s --start-backlog 500", 1500.0, 30.0, 0.0, 0.0),
        ("--capacity 300/s --outage 12min --max-length 100_000", 100_000.0, 2000.0, 80_000.0, 0.0),
        ("--capacity 300/s --outage 12min --retention 8min", 120_000.0, 2400.0, 0.0, 60_000.0),
        ("--servers 54 --mean-service 180ms --outage 12min", 180_000.0, 3600.0, 0.0, 0.0),
    ];
    for (options, peak, time, overflowed, expired) in cases {
        let options: Vec<&str> = ["--arrival-rate", "250/s"].into_iter().chain(options.split(' ')).collect();
        let (result, _) = json(&options);
        let close = |metric: &str, expected: f64| {
            let value = number(&result, metric, "mean").unwrap_or(0.0);
            assert!((value - expected).abs() <= 1e-9 * expected.max(1.0), "{options:?} {metric}: {value}, {expected}");
        };
        close("backlog_peak", peak);
        close("drain_time", time);
        close("detail.messages_overflowed", overflowed);
        close("detail.messages_expired", expired);
    }
}

#[test]
fn a_lasting_overload_says_how_fast_it_grows_and_what_it_loses() {
    let overload = "--arrival-rate 1200/s --capacity 900/s --start-backlog 2300000";
    let endless = ["detail.messages_overflowed", "detail.messages_expired"];
    for (limit, rate, lost, said) in [
        ("", "", [None, None], "so the backlog grows by 300/s"),
        (
            " --max-length 3_000_000",
            "detail.overflow_rate",
            [None, Some(0.0)],
            "from 38.89 min on 300/s find the queue full",
        ),
        (" --retention 1h", "detail.expiry_rate", [Some(0.0), None], "300/s grow too old"),
    ] {
        let options = format!("{overload}{limit}");
        let (result, code) = json(&options.split(' ').collect::<Vec<_>>());
        let headline = result["answer"]["headline"].as_str().expect("a headline");
        assert!(code == Some(3) && headline.contains(said), "{options}: {headline}");
        let seen = number(&result, rate, "mean");
        assert!(rate.is_empty() || seen.is_some_and(|seen| (seen - 300.0).abs() < 1e-9), "{options}: {seen:?}");
        // What never ends has no number.
        assert_eq!(endless.map(|name| number(&result, name, "mean")), lost, "{options}");
    }
}

#[test]
fn what_never_drains_is_no_and_says_what_would() {
    for capacity in ["240/s", "250/s"] {
        let (result, code) = json(&["--arrival-rate", "250/s", "--capacity", capacity, "--outage", "12min"]);
        assert_eq!((code, number(&result, "drain_time", "mean")), (Some(3), None));
        assert_eq!(result["passed"], false);
        assert!(result["answer"]["headline"].as_str().is_some_and(|said| said.contains("capacity above 250/s")));
    }
}

/// The published passage times, through the command line: the same oracle that the library answers to.
#[test]
fn the_drain_cases_of_the_oracle() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../oracle/cases.json")).expect("the oracle is a list of cases");
    let mut seen = 0;
    for case in cases.iter().filter(|case| case["id"].as_str().is_some_and(|id| id.starts_with("drain-"))) {
        let of = |name: &str| case["params"][name].as_f64().expect("a parameter").to_string();
        let (result, code) =
            json(&["--arrival-rate", &of("lambda_"), "--capacity", &of("mu"), "--start-backlog", &of("n0")]);
        for (statistic, answer) in [("mean", "mean_time_to_empty"), ("variance", "var_time_to_empty")] {
            let (value, expected) = (number(&result, "drain_time", statistic), case["answers"][answer].as_f64());
            let (value, expected) = (value.expect("a value"), expected.expect("an answer"));
            assert!((value / expected - 1.0).abs() < 1e-12, "{answer}: {value} {expected}");
        }
        assert_eq!(code, Some(0));
        seen += 1;
    }
    assert!(seen > 0, "the oracle has a case of draining");
}

#[test]
fn bad_input_is_exit_2_with_the_option_named() {
    let rates = ["--arrival-rate", "250/s", "--capacity", "300/s"];
    let wrong: [(&[&str], &str); 12] = [
        (&["--outage", "0"], "--outage"),
        (&["--outage", "-5s"], "--outage"),
        (&["--outage", "NaN"], "--outage"),
        (&["--outage", "5/s"], "a rate"),
        (&["--outage", "5 parsecs"], "parsecs"),
        (&[], "nothing happens"),
        (&["--outage", "5s", "--burst", "3x"], "exclude"),
        (&["--burst", "3x"], "--for"),
        (&["--outage", "5s", "--throttle", "140%"], "--throttle"),
        (&["--outage", "5s", "--recover-within", "0"], "--recover-within"),
        (&["--outage", "5s", "--max-length", "-1"], "--max-length"),
        (&["--outage", "5s", "--consumer", "x"], "no file"),
    ];
    for (options, said) in wrong {
        let output = lindley(&[&["drain"], &rates[..], options].concat());
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{options:?}");
        assert!(text(&output.stderr).contains(said), "{options:?}: {}", text(&output.stderr));
    }
    let of_models: [(&[&str], &str); 6] = [
        (&["models/04-e-ticketing.toml", "--outage", "5min"], "`desk-workers`, `lookup-workers`"),
        (&["models/04-e-ticketing.toml", "--outage", "5min", "--consumer", "nobody"], "nobody"),
        (&["models/02-mmc.toml", "--outage", "5min", "--horizon", "2min"], "horizon"),
        (&["models/02-mmc.toml"], "no disruption"),
        (&["models/02-mmc.toml", "--outage", "5s", "--capacity", "3/s"], "--set"),
        (&["models/02-mmc.toml", "--outage", "5s", "--messages", "300"], "--horizon"),
    ];
    for (options, said) in of_models {
        let output = lindley(&[&["drain"], options].concat());
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(text(&output.stderr).contains(said), "{options:?}: {}", text(&output.stderr));
    }
}

// ----- the fluid limit -----------------------------------------------------------------------

/// An M/M/1 at load 0.8 with `n` times the rates, down for 5 s: the fluid says 400 n messages and 20 s.
fn scaled(n: u32) -> Model {
    model(&format!(
        "[producers.p]\narrivals = {{ poisson = {} }}\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
         service = {{ exponential = {{ mean = {} }} }}\n\
         [disruptions.outage]\nconsumer = \"c\"\nat = \"5s\"\nfor = \"5s\"\nservers_down = \"all\"\n\
         [run]\nhorizon = \"60s\"\nwarmup = \"none\"\nreplications = 20\n",
        80 * n,
        0.01 / f64::from(n)
    ))
}

/// Whether the simulated means agree with the fluid of that capacity, within what theory says of their
/// scatter: var T = B (v + m^2), busy periods of mean m and variance v; an offset of a few messages remains.
fn agrees(seen: &[Watched], n: u32, capacity: f64) -> bool {
    let (n, replications) = (f64::from(n), seen.len() as f64);
    let mean = |of: &dyn Fn(&Watched) -> f64| seen.iter().map(of).sum::<f64>() / replications;
    let (backlog, slack) = (400.0 * n, (capacity - 80.0) * n);
    let (m, v) = (1.0 / slack, (capacity + 80.0) * n / slack.powi(3));
    let spread = (backlog * (v + m * m) / replications).sqrt();
    let time = mean(&|w| w.drain_time().expect("recovers")) - backlog / slack;
    let peak = mean(&|w| w.peak) - backlog;
    time.abs() < 3.5 * spread + 8.0 / slack && peak.abs() < 3.5 * (backlog / replications).sqrt() + 8.0
}

#[test]
fn the_simulated_course_becomes_the_fluid_as_the_rates_grow() {
    for n in [1, 4, 16, 32] {
        let seen = watched(&scaled(n), 5.0, 10.0);
        assert!(agrees(&seen, n, 100.0), "{n}");
        if n >= 16 {
            assert!(!agrees(&seen, n, 103.0), "{n}: a capacity 3 % too high is noticed");
            assert!(!agrees(&seen, n, 97.0), "{n}: one too low as well");
        }
    }
}

/// Half of ten servers down, through the command: peak and drain time within a few percent of the fluid,
/// which the band contains; one server more than needed is not asked for.
#[test]
fn a_throttled_model_beside_its_fluid() {
    let file = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
    let text = "[producers.p]\narrivals = { poisson = \"160/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
        servers = 10\nservice = { exponential = { mean = \"50ms\" } }\n";
    std::fs::write(file.path(), text).expect("written");
    let path = file.path().to_str().expect("utf-8");
    let (result, code) = json(&[path, "--throttle", "50%", "--for", "30s", "--recover-within", "30s", "-n", "20"]);
    // 60/s too many for 30 s, then 40/s of slack, five servers back at once.
    let recovery = &result["recovery"];
    let fluid = &recovery["fluid"];
    assert_eq!(fluid["peak"], 1800.0);
    assert!((fluid["drain_time"].as_f64().expect("drains") - 1795.0 / 40.0).abs() < 1e-9);
    let simulated = &recovery["simulated"];
    assert!((simulated["peak"]["value"].as_f64().expect("a peak") / 1800.0 - 1.0).abs() < 0.06, "{simulated}");
    assert!((simulated["drain_time"]["value"].as_f64().expect("a time") / 44.9 - 1.0).abs() < 0.15);
    assert_eq!((code, &result["passed"], &simulated["recovered"]), (Some(3), &Value::from(false), &Value::from(1.0)));
    let best = recovery["remedies"].as_array().expect("remedies").iter().find(|remedy| remedy["answer"] == true);
    let servers = best.expect("some size is back in time")["amount"].as_f64().expect("a number");
    assert!((10.0..=13.0).contains(&servers) && servers > 10.0, "{servers}");
}

// ----- a measured flash sale -------------------------------------------------------------------

/// Measured: 197 ready messages at 34.05 s, none ready for the first time 1.629 s after the burst.
const MEASURED: (f64, f64, f64) = (197.0, 34.05, 1.629);

#[test]
fn the_replayed_flash_sale_recovers_as_measured() {
    let (result, code) = json(&["models/15-rabbitmq-trace-j.toml"]);
    let of = |metric: &str| number(&result, metric, "mean").unwrap_or_else(|| panic!("{metric}"));
    let (peak, at, time) = MEASURED;
    let near = |value: f64, measured: f64| (value / measured - 1.0).abs() < 0.1;
    assert!(
        near(of("backlog_peak"), peak) && near(of("drain_time"), time),
        "{} {}",
        of("backlog_peak"),
        of("drain_time")
    );
    assert!((of("detail.backlog_peak_time") - at).abs() < 0.5);
    assert_eq!(code, Some(0));
}

/// The same instants taken from the trace itself: the definition is that of the measurement.
#[test]
fn the_trace_itself_says_so_by_the_same_definition() {
    let model = shipped("15-rabbitmq-trace-j.toml");
    let seen = &watched(&model, 20.0, 35.0)[0];
    let unslowed =
        Model { consumers: vec![lindley::model::Consumer { turnaround: None, ..model.consumers[0].clone() }], ..model };
    let wrong = &watched(&unslowed, 20.0, 35.0)[0];
    let near = |w: &Watched| (w.drain_time().expect("recovers") / MEASURED.2 - 1.0).abs() < 0.1;
    assert!(near(seen) && !near(wrong), "without the turnaround it is not what was measured");
}

/// Schedule and laws instead of the recording; `service` in milliseconds.
fn flash_sale(service: f64) -> Vec<Watched> {
    let text = format!(
        "[producers.p]\narrivals = {{ schedule = {{ pieces = [{{ for = \"20s\", rate = \"20/s\" }}, {{ for = \"15s\", rate = \
         \"150/s\" }}, {{ for = \"25s\", rate = \"20/s\" }}], repeat = false }} }}\nqueue = \"q\"\n[queues.q]\n[consumers.c]\n\
         queue = \"q\"\nservers = 2\nservice = {{ exponential = {{ mean = \"{service}ms\" }} }}\nturnaround = \"453us\"\n\
         [run]\nhorizon = \"60s\"\nwarmup = \"none\"\nreplications = 200\n"
    );
    watched(&model(&text), 20.0, 35.0)
}

/// Whether a value lies between the 5 % and the 95 % quantile over replications.
fn in_band(seen: &[Watched], value: f64, of: impl Fn(&Watched) -> f64) -> bool {
    let mut values: Vec<f64> = seen.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    (values[10]..=values[189]).contains(&value)
}

#[test]
fn the_measured_flash_sale_lies_in_the_band_of_its_model() {
    let seen = flash_sale(14.7);
    let time = |w: &Watched| w.drain_time().unwrap_or(f64::INFINITY);
    assert!(in_band(&seen, MEASURED.0, |w| w.peak) && in_band(&seen, MEASURED.2, time));
    let slower = flash_sale(17.5);
    assert!(!in_band(&slower, MEASURED.0, |w| w.peak) && !in_band(&slower, MEASURED.2, time));
}

// ----- rows ------------------------------------------------------------------------------------

/// A disruption in a model yields its rows in a plain run; what did not recover has no drain time.
#[test]
fn a_run_of_a_disrupted_model_says_whether_it_recovered() {
    let recovered = study(&scaled(1));
    assert_eq!(row(&recovered, "q.recovered.fraction").value, Some(1.0));
    assert!(row(&recovered, "q.drain_time.mean").value.is_some_and(|t| t > 10.0 && t < 30.0));
    assert!(row(&recovered, "q.drain_time.p95").value.is_some());
    let mut short = scaled(1);
    short.run.length = lindley::model::RunLength::Horizon(14.0);
    let stuck = study(&short);
    assert_eq!(row(&stuck, "q.recovered.fraction").value, Some(0.0));
    let time = row(&stuck, "q.drain_time.mean");
    assert!(time.value.is_none() && time.how().contains("20 of 20") && time.how().contains("at least 4"), "{time:?}");
    let all = Recoveries::of(&stuck.watched, 0, 0.95).expect("watched");
    assert_eq!(all.recovered(), (0, 20));
}

/// A number of replications that is said is kept, be it the one that a run has by default; where nothing is
/// said, as many are run as their length allows.
#[test]
fn a_default_that_is_written_out_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.toml");
    let name = path.to_str().expect("utf-8");
    let replications = |run: &str, options: &[&str]| {
        let station = "[producers.p]\narrivals = { poisson = \"80/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\n\
            queue = \"q\"\nservice = { exponential = { mean = \"10ms\" } }\n";
        std::fs::write(&path, format!("{station}{run}")).expect("written");
        let (result, _) = json(&[&[name, "--outage", "5s"], options].concat());
        result["provenance"]["replications"].as_u64()
    };
    assert_eq!(replications("", &[]), Some(40));
    assert_eq!(replications("[run]\nseed = 1\n", &[]), Some(40));
    assert_eq!(replications("[run]\nreplications = 10\n", &[]), Some(10));
    assert_eq!(replications("", &["-n", "10"]), Some(10));
    assert_eq!(replications("", &["--set", "run.replications=10"]), Some(10));
    assert_eq!(replications("[run]\nreplications = 12\n", &[]), Some(12));
}

/// A `[drain]` section asks what the options ask; its mistakes have places.
#[test]
fn the_section_asks_the_same_as_the_options() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.toml");
    let station = "[producers.p]\narrivals = { poisson = \"80/s\" }\nqueue = \"q\"\n[queues.q]\n[consumers.c]\nqueue = \"q\"\n\
        service = { exponential = { mean = \"10ms\" } }\n[run]\nreplications = 4\n";
    std::fs::write(&path, format!("{station}[drain]\noutage = \"5s\"\nat = \"5s\"\n")).expect("written");
    let name = path.to_str().expect("utf-8");
    let (by_section, _) = json(&[name]);
    std::fs::write(&path, station).expect("written");
    let (by_options, _) = json(&[name, "--outage", "5s", "--at", "5s"]);
    assert_eq!(by_section["recovery"], by_options["recovery"]);
    std::fs::write(&path, format!("{station}[drain]\nouttage = \"5s\"\nfor = \"x\"\n")).expect("written");
    let output = lindley(&["drain", name]);
    let said = text(&output.stderr);
    assert!(
        output.status.code() == Some(2) && said.contains("did you mean `outage`") && said.contains(":12:"),
        "{said}"
    );
}
