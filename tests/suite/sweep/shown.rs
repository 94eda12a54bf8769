//! What a sweep shows: points, statuses, tables, formats; and that its numbers are those of `run`.

use super::bench::{Bench, GRID, MODEL};
use crate::support::{program, text};
use serde_json::Value;

fn plan(bench: &Bench, more: &[&str]) -> Vec<Value> {
    let listed = bench.sweeps(&[&["--dry-run", "--format", "json"], more].concat());
    let plan: Value = serde_json::from_str(&listed).expect("a plan is JSON");
    plan["points"].as_array().expect("points").clone()
}

#[test]
fn the_numbers_of_a_point_are_those_of_run() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out"]);
    let arguments = ["run", "study.toml", "-q", "--format", "csv", "--set", "consumers.workers.servers=2"];
    let rate = "producers.web.arrivals.poisson=60/s";
    let mut run = program();
    let run = run.current_dir(bench.path(".")).args(arguments).args(["--set", rate]).output().expect("starts");
    let mut alone = csv::Reader::from_reader(run.stdout.as_slice());
    let alone: Vec<std::collections::HashMap<String, String>> =
        alone.deserialize().map(|r| r.expect("a row")).collect();
    let swept = bench
        .records("out/table.csv")
        .into_iter()
        .filter(|row| row["consumers.workers.servers"] == "2" && row["producers.web.arrivals.poisson"] == "60/s");
    let swept: Vec<_> = swept.collect();
    assert_eq!(alone.len(), swept.len());
    for (a, b) in alone.iter().zip(&swept) {
        for column in ["scope", "name", "metric", "statistic", "value", "low", "high", "unit", "n", "source", "method"]
        {
            assert_eq!(a[column], b[column], "{a:?}");
        }
        assert_eq!(b["producers.web.arrivals.poisson [1/s]"], "60.0");
    }
}

#[test]
fn seeds_are_common_unless_asked_otherwise() {
    let bench = Bench::new(MODEL, GRID);
    let seeds = |points: &[Value]| {
        points.iter().map(|p| p["seed"].as_u64().expect("a seed")).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(seeds(&plan(&bench, &[])).len(), 1);
    bench.replace("name = \"grid\"", "name = \"grid\"\nseeds = \"independent\"");
    let own = seeds(&plan(&bench, &[]));
    assert!(own.len() >= 35, "a seed per point that is run");
    assert_eq!(own, seeds(&plan(&bench, &[])), "and the same one each time");
}

#[test]
fn unstable_points_are_marked_run_or_skipped() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "mark"]);
    let unstable: Vec<_> =
        bench.records("mark/table.csv").into_iter().filter(|row| row["status"] == "unstable").collect();
    assert_eq!(unstable.len(), 1, "100/s at one server of 10 ms");
    assert!(unstable[0]["message"].contains("utilization 1.00") && unstable[0]["value"].is_empty());
    bench.replace("name = \"grid\"", "on_unstable = \"run\"");
    bench.sweeps(&["-o", "run"]);
    let rows = bench
        .records("run/table.csv")
        .into_iter()
        .filter(|row| row["status"] == "unstable" && !row["value"].is_empty());
    assert!(rows.count() > 10, "it has numbers");
    bench.replace("\"run\"", "\"skip\"");
    bench.sweeps(&["-o", "skip"]);
    assert_eq!(bench.records("skip/points.csv").len(), 39);
}

#[test]
fn failed_points_are_lines_with_a_reason_and_exit_code_5() {
    let sweep = "[[sweep]]\n[sweep.grid]\n\"run.warmup\" = [\"1s\", \"100s\", \"2s\"]\n";
    let bench = Bench::new(&MODEL.replace("messages = 1500", "horizon = \"20s\""), sweep);
    let output = bench.sweep(&["-o", "out"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    let points = bench.records("out/points.csv");
    let statuses: Vec<&str> = points.iter().map(|p| p["status"].as_str()).collect();
    assert_eq!(statuses, ["ok", "failed", "ok"]);
    assert!(points[1]["message"].contains("leaves nothing of a run"));
    assert_eq!(bench.sweep(&["-o", "out"]).status.code(), Some(5), "again, from what is kept");
}

#[test]
fn repeated_points_are_run_once_and_axes_can_be_typed() {
    let bench = Bench::new(MODEL, GRID);
    let points =
        plan(&bench, &["--sweep", "consumers.workers.servers=1,2,1", "--zip", "run.seed,run.messages=1:500,2:600"]);
    let shown: Vec<String> = points
        .iter()
        .map(|p| {
            p["point"]["settings"]
                .as_array()
                .expect("settings")
                .iter()
                .map(|s| s["value"].to_string())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(shown, ["1 1 500", "1 2 600", "2 1 500", "2 2 600"]);
}

#[test]
fn every_format_shows_points_and_no_number_is_nan() {
    let bench = Bench::new(MODEL, GRID);
    for format in ["table", "json", "jsonl", "csv", "markdown"] {
        let shown = bench.sweeps(&["--format", format]);
        assert!(!shown.contains("NaN") && !shown.contains("inf,"), "{format}");
        assert!(shown.contains("orders"), "{format}");
        if format == "table" || format == "markdown" {
            assert!(shown.contains("40 points: 39 run, 1 without a steady state"), "{shown}");
            assert_eq!(shown.lines().filter(|line| line.contains(" ok ")).count(), 39, "{shown}");
        }
    }
    let schema = serde_json::from_slice(&program().args(["schema", "result"]).output().expect("starts").stdout);
    let validator = jsonschema::validator_for(&schema.expect("a schema")).expect("valid");
    let result: Value = serde_json::from_str(&bench.sweeps(&["--format", "json"])).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&result).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let known: Vec<&Value> = result["points"].as_array().expect("points").iter().map(|p| &p["id"]).collect();
    assert!(result["rows"].as_array().expect("rows").iter().all(|row| known.contains(&&row["point"])));
}

#[cfg(feature = "parquet")]
#[test]
fn the_parquet_file_says_what_the_csv_says() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out"]);
    let lines = bench.records("out/table.csv");
    let file = std::fs::File::open(bench.path("out/table.parquet")).expect("a file");
    let reader = SerializedFileReader::new(file).expect("it is Parquet");
    let records: Vec<_> = reader.get_row_iter(None).expect("rows").map(|r| r.expect("a row")).collect();
    assert_eq!(records.len(), lines.len());
    for (record, line) in records.iter().zip(&lines) {
        assert_eq!(record.len(), line.len());
        for (name, cell) in record.get_column_iter() {
            let same = match cell {
                Field::Null => line[name].is_empty(),
                Field::Str(text) => *text == line[name],
                Field::Double(x) => Some(*x) == line[name].parse().ok(),
                Field::Long(x) => Some(*x) == line[name].parse().ok(),
                other => panic!("{name}: {other}"),
            };
            assert!(same, "{name}: {cell} is not {}", line[name]);
        }
    }
}

#[test]
fn the_resolved_study_gives_the_same_points() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out", "-n", "2", "--set", "queues.orders.max_length=50"]);
    std::fs::copy(bench.path("out/study.resolved.toml"), bench.study()).expect("copied");
    bench.sweeps(&["-o", "again"]);
    let table = |folder: &str| std::fs::read(bench.path(folder).join("table.csv")).expect("a table");
    assert!(table("out") == table("again"));
}

#[test]
fn the_shipped_studies_can_be_swept() {
    for (study, points) in [("order-pipeline-knee", 13), ("arrivals-by-consumers", 54), ("service-variability", 48)] {
        let file = format!("models/studies/{study}.toml");
        let output = program().args(["sweep", &file, "--dry-run", "--format", "json"]).output().expect("starts");
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        assert_eq!(plan["points"].as_array().expect("points").len(), points, "{study}");
    }
}
