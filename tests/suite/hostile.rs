//! The program in the hands of those who get it wrong: folders that are none or are damaged, files that
//! were there before, names full of quotes, questions without an answer.

use crate::support::{lindley, text};
use std::path::{Path, PathBuf};

const QUICK: [&str; 8] = ["-q", "--messages", "2000", "-n", "2", "--set", "run.precision=0.9", "-j1"];
const MODEL: &str = "models/01-mm1.toml";
const RATES: &str = "producers.web.arrivals.poisson=20/s,30/s";

/// A fresh folder.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("folders can be made");
    path
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a plain name")
}

/// The words of a refusal: exit code 2, and nothing on standard output.
fn refused(arguments: &[&str]) -> String {
    ended(arguments, 2)
}

fn ended(arguments: &[&str], code: i32) -> String {
    let output = lindley(arguments);
    let words = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {words}");
    assert!(!words.contains("panicked"), "{arguments:?}: {words}");
    words
}

fn run_into(out: &Path, model: &str) {
    ended(&[&["run", model, "-o", shown(out)], &QUICK[..]].concat(), 0);
}

fn sweep(out: &Path, more: &[&str]) -> std::process::Output {
    lindley(&[&["sweep", MODEL, "--sweep", RATES, "-o", shown(out)], &QUICK[..], more].concat())
}

#[test]
fn what_is_no_folder_of_results_is_said_to_be_what_it_is() {
    let words = refused(&["plot", "Cargo.toml"]);
    assert!(words.contains("`Cargo.toml` is a file"), "{words}");
    assert!(refused(&["plot", "nowhere"]).contains("does not exist"));
    assert!(refused(&["plot", "models"]).contains("manifest.json"));
    let words = refused(&["run", MODEL, "-o", "Cargo.toml"]);
    assert!(words.contains("is a file, and -o names a directory"), "{words}");
}

#[test]
fn a_manifest_that_is_empty_or_cut_off_is_said_to_be_so() {
    let out = folder("manifest");
    run_into(&out, MODEL);
    let manifest = out.join("manifest.json");
    let whole = std::fs::read_to_string(&manifest).expect("written");
    for (content, wanted) in [("", "is empty"), (&whole[..whole.len() / 2], "is truncated"), ("[1,", "is truncated")] {
        std::fs::write(&manifest, content).expect("writable");
        let words = refused(&["plot", shown(&out)]);
        assert!(words.contains(wanted) && words.contains("run the command"), "{words}");
    }
}

#[test]
fn a_used_folder_keeps_nothing_of_the_earlier_result_and_all_of_the_users() {
    let out = folder("used");
    run_into(&out, MODEL);
    assert!(out.join("lifecycle.svg").exists());
    std::fs::write(out.join("notes.txt"), "mine").expect("writable");
    std::fs::write(out.join("lifecycle.csv"), "edited by me").expect("writable");
    let drain = ["drain", "--arrival-rate", "5/s", "--capacity", "9/s", "--outage", "9s", "-q", "-o", shown(&out)];
    ended(&drain, 0);
    assert!(!out.join("lifecycle.svg").exists(), "a chart of the earlier result");
    assert_eq!(std::fs::read_to_string(out.join("notes.txt")).expect("there"), "mine");
    assert_eq!(std::fs::read_to_string(out.join("lifecycle.csv")).expect("there"), "edited by me");
    ended(&["plot", "-q", shown(&out)], 0);
}

#[test]
fn a_file_that_cannot_be_put_in_place_leaves_no_half() {
    let out = folder("blocked");
    std::fs::create_dir(out.join("results.json")).expect("folders can be made");
    let words = ended(&[&["run", MODEL, "-o", shown(&out)], &QUICK[..]].concat(), 1);
    assert!(words.contains("cannot write"), "{words}");
    assert!(!out.join("results.json.part").exists());
}

#[test]
fn a_sweep_is_not_buried_by_another_command() {
    let out = folder("sweep");
    assert_eq!(sweep(&out, &[]).status.code(), Some(0));
    let journal = std::fs::read(out.join("journal.jsonl")).expect("written");
    let words = refused(&[&["run", MODEL, "-o", shown(&out)], &QUICK[..]].concat());
    assert!(words.contains("holds a sweep"), "{words}");
    assert_eq!(std::fs::read(out.join("journal.jsonl")).expect("there"), journal);
    assert_eq!(sweep(&out, &[]).status.code(), Some(0), "and goes on");
    ended(&["plot", "-q", shown(&out)], 0);
}

#[test]
fn force_leaves_nothing_of_the_result_that_was_there() {
    let out = folder("force");
    run_into(&out, MODEL);
    assert!(text(&sweep(&out, &[]).stderr).contains("--force"));
    assert_eq!(sweep(&out, &["--force"]).status.code(), Some(0));
    assert!(!out.join("results.json").exists() && !out.join("lifecycle.svg").exists());
}

#[test]
fn shards_that_are_missing_or_given_twice_are_named() {
    let out = folder("shards");
    for shard in ["1/2", "2/2"] {
        assert_eq!(sweep(&out, &["--shard", shard]).status.code(), Some(0));
    }
    let (all, first) = (folder("merged"), out.join("shard-1-of-2"));
    assert!(refused(&["merge", shown(&first), "-o", shown(&all)]).contains("shard 2/2 is missing"));
    let twice = refused(&["merge", shown(&out), shown(&first), "-o", shown(&all)]);
    assert!(twice.contains("give each shard once"), "{twice}");
    assert_eq!(std::fs::read_dir(&all).expect("there").count(), 0, "nothing is written");
    assert!(refused(&["report", shown(&out), "-o", "never.html"]).contains("lindley merge"));
    for wrong in ["0/3", "4/3", "x", "1/0"] {
        assert!(text(&sweep(&out, &["--shard", wrong]).stderr).contains("is no shard"));
    }
}

#[test]
fn too_many_points_are_refused_at_once_with_their_number() {
    let words = refused(&["sweep", MODEL, "--sweep", "run.seed=1:1000000000:1"]);
    assert!(words.contains("1_000_000_000 points"), "{words}");
    let words = refused(&["sweep", MODEL, "--sweep", "consumers..x=1,2"]);
    assert!(words.contains("is no path: write names with dots"), "{words}");
}

#[test]
fn check_tells_the_unreadable_from_the_wrong_and_reads_the_questions() {
    let words = refused(&["check", "nowhere.toml"]);
    assert!(words.contains("could not be read") && !words.contains("wrong"), "{words}");
    let study = folder("check").join("study.toml");
    let model = std::fs::read_to_string(MODEL).expect("there");
    std::fs::write(&study, format!("{model}\n[[sweep]]\nnam = 1\n[size]\ntarget = 3\n")).expect("writable");
    let words = refused(&["check", shown(&study), MODEL, "nowhere.toml"]);
    assert!(words.contains("`[[sweep]]` has no key `nam`") && words.contains("study.toml:"), "{words}");
    assert!(words.contains("of 3 files, 1 could not be read and 1 is wrong"), "{words}");
}

#[test]
fn the_recorded_command_can_be_pasted() {
    let output =
        lindley(&[&["run", MODEL, "--format", "json", "--set", "model.name=it's <1> $HOME"], &QUICK[..]].concat());
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a result is JSON");
    let command = result["provenance"]["command"].as_str().expect("there");
    assert!(command.starts_with("lindley run models/01-mm1.toml --format json"), "{command}");
    assert!(command.contains(r"'model.name=it'\''s <1> $HOME'"), "{command}");
}

#[test]
fn sizing_what_cannot_be_is_refused_in_words() {
    let rates = ["--arrival-rate", "250/s", "--mean-service", "180ms"];
    let station = |more: &[&str], code: i32| ended(&[&["size", "M/M/c"], &rates[..], more].concat(), code);
    assert!(station(&["-t", "wait.p99 < 1s", "-t", "wait.p99 > 2s"], 2).contains("cannot both hold"));
    assert!(station(&["-t", "sojourn.mean < 1ms"], 2).contains("is impossible"));
    assert!(station(&["-t", "wait.p99 < 0s"], 3).contains("no number of servers"));
    assert!(station(&["-t", "wait.p99 < 1s", "--confidence", "2"], 2).contains("--confidence"));
    let model = |more: &[&str], code: i32| {
        let budget = ["--messages", "2000", "--max-replications", "4"];
        ended(&[&["size", "models/02-mmc.toml", "-q", "-t", "orders.wait.p99 < 1s"], &budget[..], more].concat(), code)
    };
    let words = model(&["--vary", "consumers.wokers.servers=1:4"], 2);
    assert!(words.contains("`consumers.workers.servers`"), "{words}");
    let words = model(&["--vary", "consumers.workers.servers=1:2"], 3);
    assert!(words.contains("2 servers have no steady state"), "{words}");
    assert!(model(&["--vary", "consumers.workers.servers=9:3"], 2).contains("is empty"));
    let words = model(&["--vary", "consumers.workers.servers=5:6", "--burst", "0x"], 2);
    assert!(words.contains("--burst `0x`"), "{words}");
    let words = model(&["--vary", "consumers.workers.servers=5:6", "--burst", "1e300x"], 3);
    assert!(words.contains("nothing in the range") && !words.contains("< 1.000 s\n"), "{words}");
}

#[test]
fn a_negative_share_is_a_mistake_and_no_option() {
    let words = refused(&[&["gate", MODEL, MODEL, "--worse-by", "-5%"], &QUICK[..]].concat());
    assert!(words.contains("--worse-by -5%"), "{words}");
}

#[test]
fn a_precision_that_takes_years_is_refused_at_once() {
    let words = refused(&["run", MODEL, "--precision", "1e-320"]);
    assert!(words.contains("years of computing"), "{words}");
    let words = refused(&["run", MODEL, "--precision", "orders.wait.p99=0.00001%"]);
    assert!(words.contains("years of computing"), "{words}");
}

/// A model whose every name is a trap for quoting.
const TRAPS: &str = r#"[model]
name = "<script>alert(1)</script> | \\ \"q\" ☃"
[producers."we'b<b>|x\""]
arrivals = { poisson = "20/s" }
queue = "or<d>e|rs"
[queues."or<d>e|rs"]
[consumers."=wörk,ers"]
queue = "or<d>e|rs"
service = { exponential = { mean = "10ms" } }
"#;

#[test]
fn hostile_names_stay_names_in_every_form() {
    let out = folder("names");
    let (model, results, page) = (out.join("model.toml"), out.join("results"), out.join("page.html"));
    std::fs::write(&model, TRAPS).expect("writable");
    run_into(&results, shown(&model));
    ended(&["report", shown(&results), "-q", "-o", shown(&page)], 0);
    let page = std::fs::read_to_string(page).expect("written");
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"));
    let rows = std::fs::read(results.join("results.csv")).expect("written");
    let names: Vec<String> =
        csv::Reader::from_reader(&rows[..]).records().map(|r| r.expect("a row")[2].into()).collect();
    assert!(names.iter().any(|n| n == "=wörk,ers") && names.iter().any(|n| n == "or<d>e|rs"));
    let markdown = lindley(&[&["run", shown(&model), "--format", "markdown"], &QUICK[..]].concat());
    assert!(text(&markdown.stdout).contains(r"or\<d>e\|rs"));
    let swept = r#"producers."we'b<b>|x\"".arrivals.poisson=20/s,30/s"#;
    ended(&[&["sweep", shown(&model), "--sweep", swept], &QUICK[..]].concat(), 0);
}
