//! Shards and their merging.

use super::bench::{Bench, GRID, MODEL, assert_same};
use crate::support::text;

fn three_shards(bench: &Bench) {
    for shard in ["1/3", "2/3", "3/3"] {
        bench.sweeps(&["-o", "parts", "--shard", shard]);
    }
}

#[test]
fn three_shards_merge_into_the_bytes_of_the_whole() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "whole"]);
    three_shards(&bench);
    let output = bench.merge(&["parts", "-o", "merged", "-q"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_same(&bench.tables("whole"), &bench.tables("merged"));
    // In any order, and named one by one.
    let named = ["parts/shard-3-of-3", "parts/shard-1-of-3", "parts/shard-2-of-3", "-o", "again", "-q"];
    assert_eq!(bench.merge(&named).status.code(), Some(0));
    assert_same(&bench.tables("whole"), &bench.tables("again"));
    // What is merged is a finished sweep: the same command finds nothing to run.
    bench.sweeps(&["-o", "merged"]);
    assert_same(&bench.tables("whole"), &bench.tables("merged"));
}

#[test]
fn what_an_earlier_merge_left_is_no_shard() {
    let bench = Bench::new(MODEL, GRID);
    bench.sweeps(&["-o", "whole"]);
    three_shards(&bench);
    let merge = |from: &str, to: &str, more: &[&str]| bench.merge(&[&[from, "-o", to, "-q"], more].concat());
    // Into the folder of the shards, and into one beside them: again and again.
    for out in ["parts", "parts/merged"] {
        for _ in 0..2 {
            let output = merge("parts", out, &[]);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            assert_same(&bench.tables("whole"), &bench.tables(out));
        }
        std::fs::remove_file(bench.path(out).join("plan.json")).expect("removed");
        std::fs::remove_file(bench.path(out).join("manifest.json")).expect("removed");
        std::fs::remove_file(bench.path(out).join("journal.jsonl")).expect("removed");
    }
    // New shards of another study, where the old merge still stands.
    assert_eq!(merge("parts", "parts", &[]).status.code(), Some(0));
    bench.sweeps(&["-o", "whole", "--seed", "7", "--force"]);
    for shard in ["1/3", "2/3", "3/3"] {
        bench.sweeps(&["-o", "parts", "--shard", shard, "--seed", "7", "--force"]);
    }
    let output = merge("parts", "parts", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("seed: 1 before, 7 now"), "{}", text(&output.stderr));
    let output = merge("parts", "parts", &["--force"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_same(&bench.tables("whole"), &bench.tables("parts"));
    // A result alone has no shards.
    let output = merge("whole", "whole", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`whole` takes the result (-o), and holds no shards"));
    assert_same(&bench.tables("whole"), &bench.tables("parts"));
}

#[test]
fn points_of_a_merge_replace_those_of_an_earlier_one() {
    let bench = Bench::new(MODEL, GRID);
    three_shards(&bench);
    assert_eq!(bench.merge(&["parts", "-o", "merged", "-q"]).status.code(), Some(0));
    let journal = |folder: &str| std::fs::read_to_string(bench.path(folder).join("journal.jsonl")).expect("a journal");
    let whole = journal("merged");
    // An earlier merge of a point that took longer then, without the points after it.
    let mut earlier: Vec<String> = whole.split_inclusive('\n').take(5).map(String::from).collect();
    let mut line: serde_json::Value = serde_json::from_str(&earlier[4]).expect("a line");
    line["says"]["wall_s"] = 1e6.into();
    earlier[4] = lindley::experiment::sweep::journal::line(&line["says"]).expect("serialises");
    std::fs::write(bench.path("merged/journal.jsonl"), earlier.concat()).expect("written");
    assert_eq!(bench.merge(&["parts", "-o", "merged", "-q"]).status.code(), Some(0));
    assert_eq!(journal("merged"), whole);
}

#[test]
fn missing_unfinished_repeated_and_foreign_shards_are_named() {
    let bench = Bench::new(MODEL, GRID);
    three_shards(&bench);
    let refused = |folders: &[&str], words: &str| {
        let output = bench.merge(&[folders, &["-o", "merged"]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
        assert!(!bench.path("merged").exists());
    };
    let parts = ["parts/shard-1-of-3", "parts/shard-2-of-3", "parts/shard-3-of-3"];
    refused(&[parts[0], parts[2]], "shard 2/3 is missing (12 points)");
    refused(&[parts[0], parts[1], parts[2], parts[1]], "give each shard once");
    refused(&["."], "is no folder of a sweep");
    let journal = bench.path("parts/shard-2-of-3/journal.jsonl");
    let lines = std::fs::read_to_string(&journal).expect("a journal");
    let few: String = lines.split_inclusive('\n').take(4).collect();
    std::fs::write(&journal, few).expect("shortened");
    refused(&parts, "shard 2/3 in `parts/shard-2-of-3` is not finished (3 of 12 points)");
    bench.sweeps(&["-o", "other", "--shard", "2/3", "--seed", "7"]);
    refused(&[parts[0], "other/shard-2-of-3", parts[2]], "different sweeps: seed: 1 before, 7 now");
}

#[test]
fn schedulers_name_the_shard() {
    let bench = Bench::new(MODEL, GRID);
    let dry = ["-o", "x", "--dry-run", "--shard", "auto"];
    let mut command = bench.command(&dry);
    command.env("SLURM_ARRAY_TASK_ID", "4").env("SLURM_ARRAY_TASK_MIN", "1").env("SLURM_ARRAY_TASK_COUNT", "4");
    let output = command.output().expect("starts");
    assert!(
        text(&output.stdout).contains("10 points, 9 to be simulated (shard 4/4 of 40 points)"),
        "{}",
        text(&output.stdout)
    );
    let output = bench.sweep(&dry);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("JOB_COMPLETION_INDEX"));
    assert_eq!(bench.sweep(&["-o", "x", "--shard", "4/3"]).status.code(), Some(2));
}
