//! `lindley plot` as a user types it: what is written, what is refused, and that nothing is
//! overwritten when something is wrong.

use crate::support::{lindley, text};
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

/// A folder of results of a short run, and its path.
fn results() -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("run").display().to_string();
    let run = ["run", "models/02-mmc.toml", "-n", "4", "--messages", "2000", "--precision", "0.9", "-q", "-o", &path];
    let output = lindley(&run);
    assert!(output.status.success(), "{}", text(&output.stderr));
    (folder, path)
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    text(&output.stderr)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn charts_go_into_a_folder_of_their_own() {
    let (folder, path) = results();
    let before = names(&folder.path().join("run"));
    assert!(lindley(&["plot", &path, "-q"]).status.success());
    let charts = names(&folder.path().join("run/charts"));
    for name in ["percentiles.svg", "ccdf.csv", "warmup.svg", "convergence.svg"] {
        assert!(charts.iter().any(|c| c == name), "{name}: {charts:?}");
    }
    let mut after = names(&folder.path().join("run"));
    after.retain(|n| n != "charts");
    assert_eq!(after, before);
}

#[test]
fn one_chart_is_drawn_and_listed_by_name() {
    let (folder, path) = results();
    let listed = lindley(&["plot", &path, "--list"]);
    assert!(text(&listed.stdout).lines().any(|l| l.starts_with("ccdf ") && l.ends_with("Tail of time")));
    assert!(!folder.path().join("run/charts").exists());
    let out = folder.path().join("one");
    let out_text = out.display().to_string();
    assert!(lindley(&["plot", &path, "--chart", "ccdf", "--svg-only", "-o", &out_text]).status.success());
    assert_eq!(names(&out), ["ccdf.svg"]);
}

#[test]
fn unknown_names_are_answered_with_those_there_are() {
    let (folder, path) = results();
    let out = folder.path().join("out");
    let out_text = out.display().to_string();
    let told = refused(&lindley(&["plot", &path, "--chart", "ccfd", "-o", &out_text]));
    assert!(told.contains("no `ccfd`") && told.contains("there are: ccdf,"), "{told}");
    let told = refused(&lindley(&["plot", &path, "--metric", "orders.wait.p99", "-o", &out_text]));
    assert!(told.contains("one setting"), "{told}");
    assert!(!out.exists());
}

#[test]
fn several_results_are_laid_over_each_other() {
    let (first, a) = results();
    let (_second, b) = results();
    let out = first.path().join("both");
    let out_text = out.display().to_string();
    assert!(lindley(&["plot", &a, &b, "-o", &out_text, "--svg-only"]).status.success());
    assert_eq!(names(&out), ["ccdf.svg", "percentiles.svg"]);
    let svg = std::fs::read_to_string(out.join("ccdf.svg")).expect("it was written");
    assert!(svg.contains("n = 4"), "the caption tells of each result");
    let told = refused(&lindley(&["plot", &a, &a, &a, &a, &a, &a, &a]));
    assert!(told.contains("at most 6"), "{told}");
}

#[test]
fn distributions_are_exported_for_hdr_histogram() {
    let (folder, path) = results();
    let out = folder.path().join("hgrm");
    let out_text = out.display().to_string();
    assert!(lindley(&["plot", &path, "--chart", "ccdf", "--svg-only", "--hgrm", "-o", &out_text]).status.success());
    let name = names(&out).into_iter().find(|n| n.ends_with("-sojourn.hgrm")).expect("there is one of the sojourn");
    let table = std::fs::read_to_string(out.join(name)).expect("it was written");
    let rows: Vec<Vec<f64>> = table
        .lines()
        .skip(2)
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split_whitespace().map(|c| c.parse().expect("a number")).collect())
        .collect();
    assert!(rows.len() > 20 && rows.windows(2).all(|w| w[0][0] <= w[1][0] && w[0][1] < w[1][1] && w[0][2] <= w[1][2]));
    assert_eq!(rows.last().map(|r| r[1]), Some(1.0));
    assert!(rows[..rows.len() - 1].iter().all(|r| (r[3] * (1.0 - r[1]) - 1.0).abs() < 0.01), "1/(1 - p)");
    assert!(table.contains("#[Mean    ="));
}

#[test]
fn broken_folders_are_refused_and_nothing_is_overwritten() {
    let (folder, path) = results();
    let run = folder.path().join("run");
    let whole = std::fs::read_to_string(run.join("results.json")).expect("it was written");
    assert!(lindley(&["plot", &path, "-q", "--svg-only"]).status.success());
    let chart = run.join("charts/ccdf.svg");
    std::fs::write(&chart, "kept").expect("writable");
    let versions =
        [(whole[..whole.len() / 2].to_string(), "truncated"), (whole.replacen("\"seed\"", "\"sead\"", 1), "edited")];
    for (content, word) in versions {
        std::fs::write(run.join("results.json"), content).expect("writable");
        let told = refused(&lindley(&["plot", &path]));
        assert!(told.contains(word), "{told}");
        assert_eq!(std::fs::read_to_string(&chart).expect("still there"), "kept");
    }
    let manifest = std::fs::read_to_string(run.join("manifest.json")).expect("it was written");
    std::fs::write(run.join("manifest.json"), manifest.replace("manifest/2", "manifest/9")).expect("writable");
    assert!(refused(&lindley(&["plot", &path])).contains("another version"));
    assert!(refused(&lindley(&["plot", "nowhere"])).contains("no folder of results"));
}

/// `--metric` takes what `compare --metric` takes: a name may be left out, or the kind of entity said.
#[test]
fn a_metric_of_a_sweep_may_be_written_in_every_form() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let study = folder.path().join("study.toml");
    let model = "[producers.web]\narrivals = { poisson = \"20/s\" }\nqueue = \"orders\"\n[queues.orders]\n\
                 [consumers.workers]\nqueue = \"orders\"\nservers = 2\nservice = \"40ms\"\n\
                 [run]\nmessages = 400\nreplications = 3\n[[sweep]]\n[sweep.grid]\n\"consumers.workers.servers\" = [2, 3]\n";
    std::fs::write(&study, model).expect("writable");
    let (study, out) = (study.display().to_string(), folder.path().join("sweep").display().to_string());
    let swept = lindley(&["sweep", &study, "-q", "-o", &out]);
    assert!(swept.status.success(), "{}", text(&swept.stderr));
    let list = |metric: &str| lindley(&["plot", &out, "--list", "--metric", metric]);
    for (written, meant) in [
        ("wait.p99", "orders.wait.p99"),
        ("orders.wait.p99", "orders.wait.p99"),
        ("queue:orders.utilization.mean", "orders.utilization"),
        ("orders.utilization", "orders.utilization"),
        ("consumer:workers.utilization.mean", "workers.utilization"),
        ("goodput", "system.goodput"),
    ] {
        let listed = list(written);
        assert!(listed.status.success(), "{written}: {}", text(&listed.stderr));
        assert!(text(&listed.stdout).contains(meant), "{written}: {}", text(&listed.stdout));
    }
    assert!(refused(&list("orders.wiat.p99")).contains("there is no `orders.wiat.p99` in these results"));
    assert!(refused(&list("queue:workers.utilization.mean")).contains("there is no"));
}
