//! What a folder keeps: kills, torn and edited lines, changed studies, a second process.

use super::bench::{Bench, GRID, MODEL, assert_same};
use crate::support::text;
use std::fs;
use std::time::{Duration, Instant};

/// Finished points in a journal that is being written.
fn finished(bench: &Bench, folder: &str) -> usize {
    let text = fs::read(bench.path(folder).join("journal.jsonl")).unwrap_or_default();
    text.iter().filter(|byte| **byte == b'\n').count().saturating_sub(1)
}

/// Waits until the journal grows or the process ends; says whether it still runs.
fn until_it_grows(bench: &Bench, child: &mut std::process::Child, from: usize) -> bool {
    let start = Instant::now();
    while finished(bench, "killed") <= from {
        if child.try_wait().expect("waited").is_some() {
            return false;
        }
        assert!(start.elapsed() < Duration::from_secs(120), "the sweep makes no progress");
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

#[cfg(unix)]
#[test]
fn ten_kills_lose_nothing_and_count_nothing_twice() {
    // Long enough points that ten kills, each after some progress, come before the end.
    let bench = Bench::new(&MODEL.replace("1500", "120000"), GRID);
    bench.sweeps(&["-o", "whole"]);
    let mut hits = 0;
    let mut random = u64::from(std::process::id());
    for _ in 0..10 {
        let before = finished(&bench, "killed");
        let mut child =
            bench.command(&["-o", "killed", "-j", "2"]).stdout(std::process::Stdio::null()).spawn().expect("starts");
        if until_it_grows(&bench, &mut child, before) {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            std::thread::sleep(Duration::from_micros((random >> 33) % 20_000));
        }
        child.kill().expect("killed");
        let status = child.wait().expect("ends");
        hits += usize::from(status.code().is_none() && finished(&bench, "killed") < 35);
    }
    assert!(hits >= 5, "only {hits} kills came before the end");
    assert!(!bench.path("killed/manifest.json").exists(), "it was finished before the last kill");
    bench.sweeps(&["-o", "killed"]);
    assert_same(&bench.tables("whole"), &bench.tables("killed"));
    assert_eq!(finished(&bench, "killed"), finished(&bench, "whole"));
}

#[test]
fn one_thread_and_two_write_the_same_bytes_and_a_finished_sweep_runs_nothing() {
    let bench = Bench::new(MODEL, GRID);
    let first = bench.sweeps(&["-o", "one", "-j", "1", "--format", "csv"]);
    bench.sweeps(&["-o", "two", "-j", "2"]);
    assert_same(&bench.tables("one"), &bench.tables("two"));
    let journal = fs::read(bench.path("one/journal.jsonl")).expect("a journal");
    assert_eq!(bench.sweeps(&["-o", "one", "--format", "csv"]), first);
    assert_eq!(fs::read(bench.path("one/journal.jsonl")).expect("a journal"), journal);
    // Power: another seed is seen in the tables.
    bench.sweeps(&["-o", "three", "--seed", "2"]);
    assert!(bench.tables("one")[0] != bench.tables("three")[0]);
}

#[test]
fn a_torn_line_is_dropped_and_its_point_run_again() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out"]);
    let whole = bench.tables("out");
    let path = bench.path("out/journal.jsonl");
    let bytes = fs::read(&path).expect("a journal");
    fs::write(&path, &bytes[..bytes.len() - 700]).expect("torn");
    let mut loud = bench.command(&["-o", "out"]);
    let output = loud.args(["--color", "never"]).output().expect("starts");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_same(&whole, &bench.tables("out"));
}

#[test]
fn an_edited_line_is_refused_and_nothing_is_touched() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out"]);
    let path = bench.path("out/journal.jsonl");
    let edited = fs::read_to_string(&path).expect("a journal").replacen("\"replications\":3", "\"replications\":4", 1);
    fs::write(&path, &edited).expect("edited");
    let before = bench.tables("out");
    let output = bench.sweep(&["-o", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("journal.jsonl` is not what was written"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&path).expect("a journal"), edited);
    assert_same(&before, &bench.tables("out"));
    bench.sweeps(&["-o", "out", "--force"]);
    assert_same(&before, &bench.tables("out"));
}

#[test]
fn a_changed_study_is_refused_with_what_changed_unless_forced() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out"]);
    let before = bench.tables("out");
    let refused = |more: &[&str], word: &str| {
        let output = bench.sweep(&[&["-o", "out"], more].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(word), "{}", text(&output.stderr));
        assert_same(&before, &bench.tables("out"));
    };
    refused(&["-n", "4"], "replications: 3 before, 4 now");
    refused(&["--seed", "9"], "seed: 1 before, 9 now");
    bench.replace("[1, 5]", "[1, 6]");
    refused(&[], "points: 40 before, 48 now");
    bench.sweeps(&["-o", "out", "--force"]);
    assert_eq!(bench.records("out/points.csv").len(), 48);
}

#[test]
fn folders_of_other_versions_and_other_commands_are_refused() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "out"]);
    let plan = bench.path("out/plan.json");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text_of = fs::read_to_string(&plan).expect("a plan");
    fs::write(&plan, text_of.replacen(&version, "\"version\": \"0.0.9\"", 1)).expect("edited");
    let output = bench.sweep(&["-o", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("of 0.0.9; this writes"), "{}", text(&output.stderr));
    // Whatever its journal looks like.
    fs::write(bench.path("out/journal.jsonl"), "{}\n").expect("written");
    let output = bench.merge(&["out", "-o", "all"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("another version of lindley"), "{}", text(&output.stderr));
    fs::create_dir(bench.path("other")).expect("made");
    fs::write(bench.path("other/manifest.json"), "{}").expect("written");
    let output = bench.sweep(&["-o", "other"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("holds other results"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(bench.path("other/manifest.json")).expect("there"), "{}");
}

#[test]
fn two_processes_in_one_folder_are_refused() {
    let bench = Bench::new(MODEL, GRID);
    fs::create_dir(bench.path("out")).expect("made");
    let lock = fs::File::create(bench.path("out/lock")).expect("made");
    lock.lock().expect("locked");
    let output = bench.sweep(&["-o", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("another process"), "{}", text(&output.stderr));
    lock.unlock().expect("unlocked");
    bench.sweeps(&["-o", "out"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_finished_points_and_the_same_command_goes_on() {
    let bench = Bench::new(&MODEL.replace("1500", "30000"), GRID);
    let mut child = bench.command(&["-o", "killed"]).stdout(std::process::Stdio::null()).spawn().expect("starts");
    assert!(until_it_grows(&bench, &mut child, 0), "it ended at once");
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    assert_eq!(child.wait().expect("ends").code(), Some(130));
    assert!((1..35).contains(&finished(&bench, "killed")));
    assert!(!bench.path("killed/table.csv").exists());
}
