//! The numbers of every model and study, bit for bit, as they were recorded in `tests/values`.
//! A change of structure changes none of them; an error that is cured is listed in
//! `changes.csv` with the line of CHANGELOG that names it.
//!
//! `VALUES=record` writes the files anew; `LINDLEY=PROGRAM` asks another build.

use crate::support::{model_files, root, text};
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A command whose rows are recorded: its name, its arguments.
type Case = (String, Vec<String>);

fn case(words: &[&str]) -> Case {
    let stem = |word: &str| word.rsplit('/').next().unwrap_or(word).trim_end_matches(".toml").to_string();
    let name: Vec<String> = words.iter().map(|word| stem(word)).collect();
    (name.join("-"), words.iter().map(|word| (*word).to_string()).collect())
}

/// Every model, simulated and by theory.
fn models() -> Vec<Case> {
    let paths: Vec<String> = model_files().iter().map(|path| path.display().to_string()).collect();
    let each = |path: &String| [case(&["run", path.as_str()]), case(&["solve", path.as_str()])];
    paths.iter().flat_map(each).collect()
}

/// Every study by its command.
fn studies() -> Vec<Case> {
    let study = |name: &str| format!("models/studies/{name}.toml");
    let one = |command: &str, name: &str| case(&[command, &study(name)]);
    let (shared, apart) = (study("priority-one-queue"), study("separate-queues"));
    vec![
        one("sweep", "arrivals-by-consumers"),
        one("sweep", "order-pipeline-knee"),
        one("sweep", "retry-storm"),
        one("sweep", "service-variability"),
        one("size", "ticket-flash-sale"),
        one("size", "cost-front"),
        one("drain", "outage-drain"),
        case(&["compare", &shared, &apart]),
        case(&["gate", &apart, &shared]),
    ]
}

fn result(arguments: &[String]) -> Value {
    let program = std::env::var("LINDLEY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_lindley").to_string());
    let mut command = Command::new(program);
    let output = command.current_dir(root()).args(arguments).args(["--format", "json", "--quiet"]).output();
    let output = output.expect("the program starts");
    let read = serde_json::from_slice(&output.stdout);
    read.unwrap_or_else(|e| panic!("{arguments:?}: {e}\n{}", text(&output.stderr)))
}

/// `orders[paid].wait.p99` with its scope, and the number of its point: `3 queue orders[paid].wait.p99 exact`.
fn subject(row: &Value, points: &HashMap<&str, usize>) -> String {
    let word = |key: &str| row[key].as_str().unwrap_or_default();
    let point =
        row["point"].as_str().map_or(String::new(), |id| format!("{} ", points.get(id).map_or(id.len(), |i| *i)));
    let class = row["class"].as_str().map_or(String::new(), |class| format!("[{class}]"));
    let (scope, name, metric) = (word("scope"), word("name"), word("metric"));
    format!("{point}{scope} {name}{class}.{metric}.{} {}", word("statistic"), word("source"))
}

/// One line a row: what it speaks of, value, low, high, n; numbers as the shortest text that reads back the same.
fn lines(result: &Value) -> Vec<String> {
    let points = result["points"].as_array().map_or(&[][..], Vec::as_slice);
    let points = points.iter().enumerate().filter_map(|(i, point)| Some((point["id"].as_str()?, i))).collect();
    let number = |row: &Value, key: &str| if row[key].is_null() { String::new() } else { row[key].to_string() };
    let line = |row: &Value| {
        let numbers: Vec<String> = ["value", "low", "high", "n"].iter().map(|key| number(row, key)).collect();
        format!("{},{}", subject(row, &points), numbers.join(","))
    };
    result["rows"].as_array().expect("a result has rows").iter().map(line).collect()
}

fn folder() -> PathBuf {
    root().join("tests/values")
}

/// The two columns behind the heading of a small table.
fn table(name: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(folder().join(name)).expect("the table is there");
    let pair = |line: &str| line.split_once(',').map(|(one, other)| (one.to_string(), other.to_string()));
    text.lines().skip(1).filter_map(pair).collect()
}

/// What was recorded, under today's names.
fn recorded(name: &str) -> Vec<String> {
    let kept = fs::read_to_string(folder().join(format!("{name}.csv"))).expect("the case is recorded");
    let names = table("names.csv");
    let renamed = |line: &str| names.iter().fold(line.to_string(), |line, (old, new)| line.replace(old, new));
    kept.lines().filter(|line| !line.is_empty()).map(renamed).collect()
}

/// Lines that differ and are not excused by a cured error, as `changes.csv` has them: the case, or what a line speaks of.
fn unexcused<'l>(name: &str, one: &'l [String], other: &[String], changes: &[(String, String)]) -> Vec<&'l String> {
    let known: std::collections::HashSet<&String> = other.iter().collect();
    let excused =
        |line: &str| changes.iter().any(|(what, _)| what == name || format!("{name}: {line}").starts_with(what));
    one.iter().filter(|line| !known.contains(line) && !excused(line)).collect()
}

fn hold(cases: &[Case]) {
    let changes = table("changes.csv");
    let mut wrong = Vec::new();
    for (name, arguments) in cases {
        let found = lines(&result(arguments));
        if std::env::var("VALUES").is_ok_and(|word| word == "record") {
            fs::write(folder().join(format!("{name}.csv")), found.join("\n") + "\n").expect("it can be written");
        }
        let before = recorded(name);
        wrong.extend(unexcused(name, &before, &found, &changes).iter().map(|line| format!("{name}: - {line}")));
        wrong.extend(unexcused(name, &found, &before, &changes).iter().map(|line| format!("{name}: + {line}")));
    }
    assert!(wrong.is_empty(), "{} lines differ:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

#[test]
fn every_model_yields_the_recorded_numbers() {
    hold(&models());
}

#[test]
#[ignore = "a study: run by `make values`"]
fn every_study_yields_the_recorded_numbers() {
    hold(&studies());
}

#[test]
fn every_cured_error_is_named_in_the_changelog() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).expect("there is a change log");
    let flat = changelog.split_whitespace().collect::<Vec<_>>().join(" ");
    for (what, reason) in table("changes.csv") {
        assert!(flat.contains(&reason), "{what}: CHANGELOG does not say `{reason}`");
    }
}

/// The last bit of a number is a difference.
#[test]
fn a_last_bit_is_seen() {
    let line = |x: f64| vec![format!("queue orders.wait.mean simulation,{},,,", Value::from(x))];
    let next = f64::from_bits(0.04_f64.to_bits() + 1);
    assert_eq!(unexcused("run", &line(0.04), &line(next), &[]).len(), 1);
    assert!(unexcused("run", &line(0.04), &line(0.04), &[]).is_empty());
    let cured = [("run: queue orders.wait".to_string(), "an error".to_string())];
    assert!(unexcused("run", &line(0.04), &line(next), &cured).is_empty());
}
