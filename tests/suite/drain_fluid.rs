//! The fluid of `drain` where it is easily wrong: limits in lasting overload, disruptions of the model itself, clients
//! that publish again, numbers too large.

use crate::drain::{json, number};
use serde_json::Value;

/// Lasting overload that a limit holds: what is lost per second, from when on, and no wait beyond the retention. With
/// 1,500,000 there, 3000/s coming and 900/s served for an hour at most the oldest is an hour old after 73.8 minutes.
#[test]
fn what_a_limit_takes_in_lasting_overload_has_a_rate() {
    let overload = ["--start-backlog", "1500000", "--arrival-rate", "3000/s", "--capacity", "900/s"];
    let close = |result: &Value, metric: &str, expected: f64| {
        let value = number(result, metric, "mean").unwrap_or(f64::NAN);
        assert!((value / expected - 1.0).abs() < 1e-9, "{metric}: {value}, {expected}");
    };
    let (aged, code) = json(&[&overload[..], &["--retention", "1h"]].concat());
    assert_eq!((code, number(&aged, "detail.messages_expired", "mean")), (Some(3), None));
    close(&aged, "detail.wait_at_peak", 3600.0);
    close(&aged, "detail.expiry_rate", 2100.0);
    close(&aged, "detail.lost_from", 5000.0 / 3.0 + (3600.0 - 5000.0 / 3.0) / 0.7);
    let said = aged["answer"]["headline"].as_str().expect("a sentence");
    assert!(said.contains("from 73.81 min on 2100/s grow too old") && said.contains("capacity above 3000/s"), "{said}");
    let (full, code) = json(&[&overload[..], &["--max-length", "2000000"]].concat());
    assert_eq!((code, number(&full, "detail.messages_overflowed", "mean")), (Some(3), None));
    close(&full, "detail.overflow_rate", 2100.0);
    close(&full, "detail.lost_from", 500_000.0 / 2100.0);
    close(&full, "detail.wait_at_peak", 2e6 / 900.0);
    // Overload needs no other incident: a thousand places are full after 1000/300 s.
    let (lasting, code) = json(&["--arrival-rate", "1200/s", "--capacity", "900/s", "--max-length", "1000"]);
    assert_eq!(code, Some(3));
    close(&lasting, "detail.overflow_rate", 300.0);
    close(&lasting, "detail.lost_from", 1000.0 / 300.0);
    let (drains, _) =
        json(&["--arrival-rate", "250/s", "--capacity", "300/s", "--outage", "12min", "--retention", "8min"]);
    assert_eq!(number(&drains, "detail.expiry_rate", "mean"), None);
}

/// A moment that is finite and too large for a number is refused as such; only what has no end is infinite.
#[test]
fn what_overflows_is_not_infinite() {
    let backlog = |rate: &str, capacity: &str| {
        json(&["--arrival-rate", rate, "--capacity", capacity, "--start-backlog", "100"]).0
    };
    let refusal = |result: &Value, statistic: &str| {
        let rows = result["rows"].as_array().expect("rows");
        let of = |r: &&Value| r["metric"] == "drain_time" && r["statistic"] == statistic && r["refusal"].is_string();
        rows.iter().find(of).map(|r| r["refusal"].clone())
    };
    let tiny = backlog("1e-120/s", "2e-120/s");
    assert_eq!(refusal(&tiny, "p95"), Some("beyond_precision".into()));
    assert_eq!(refusal(&tiny, "variance"), Some("beyond_precision".into()));
    assert_eq!(refusal(&tiny, "mean"), None);
    assert_eq!(refusal(&backlog("3/s", "2/s"), "mean"), Some("infinite".into()));
}

/// The disruptions of a model are in the fluid beside it, also where a window is named.
#[test]
fn a_named_window_has_the_disruptions_of_the_model_in_its_fluid() {
    let of = |options: &[&str]| {
        let (result, _) = json(&[&["models/13-outage.toml", "-n", "4"], options].concat());
        (result["recovery"]["fluid"].clone(), result["recovery"]["simulated"].clone())
    };
    let (fluid, simulated) = of(&["--from", "10min", "--until", "22min"]);
    // 25/s for 720 s; 12 servers that come back take one each, then 5/s of slack.
    assert_eq!(fluid["peak"], 18_000.0);
    assert!((fluid["drain_time"].as_f64().expect("drains") - 17_988.0 / 5.0).abs() < 1e-6);
    let near = |of: &Value, wanted: f64| (of["value"].as_f64().expect("a mean") / wanted - 1.0).abs() < 0.05;
    assert!(near(&simulated["peak"], 18_000.0) && near(&simulated["drain_time"], 17_988.0 / 5.0), "{simulated}");
    assert_eq!(fluid["peak"], of(&[]).0["peak"]);
}

/// Clients that publish again make arrivals depend on the wait: no fluid beside, no size offered that does not help.
/// With one attempt the same outage is a plain one.
#[test]
fn a_retry_storm_has_no_fluid_beside_and_no_false_remedy() {
    let (storm, code) = json(&["models/14-retry-storm.toml", "-n", "4"]);
    let recovery = &storm["recovery"];
    assert_eq!((code, &recovery["fluid"], &recovery["boundary"]), (Some(3), &Value::Null, &Value::from(28.0)));
    assert_eq!(recovery["no_fluid"]["retries"]["most"], 280.0);
    assert_eq!(recovery["simulated"]["recovered"], 0.0);
    let others: Vec<&Value> = recovery["remedies"].as_array().expect("remedies").iter().skip(1).collect();
    assert!(others.iter().all(|r| r["amount"].as_f64() > Some(28.0) && r["recovered"] == 1.0), "{others:?}");
    assert!(!others.is_empty());
    let once = ["models/14-retry-storm.toml", "-n", "4", "--set", "producers.web.retry.max_attempts=1"];
    let (plain, code) = json(&once);
    // 70/s for 30 s; ten idle servers, then 30/s of slack.
    let drained = plain["recovery"]["fluid"]["drain_time"].as_f64().expect("drains");
    assert!(code == Some(0) && (drained - 2090.0 / 30.0).abs() < 1e-9, "{drained}");
}
