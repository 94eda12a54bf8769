//! The output directory: which files, and what the manifest says of them.

use super::sample;
use lindley::experiment::result::{Curves, LifecycleReport, ResultSet, Saved};
use lindley::report::bundle::{File, bundle};
use sha2::{Digest, Sha256};

fn saved(result: ResultSet, curves: Curves) -> Saved {
    Saved { result, curves, model: "[model]\n".to_string() }
}

fn names(files: &[File]) -> Vec<&str> {
    files.iter().map(|f| f.0.as_str()).collect()
}

fn content<'a>(files: &'a [File], name: &str) -> &'a [u8] {
    &files.iter().find(|f| f.0 == name).unwrap_or_else(|| panic!("no `{name}`")).1
}

#[test]
fn a_full_study_has_every_file() {
    let files = bundle(&saved(sample::result(), sample::curves())).expect("vectors take everything");
    let tables = ["results.json", "results.csv", "tails.csv", "transitions.csv", "curves.json", "model.toml"];
    let charts = ["queue_length", "percentiles", "ccdf", "comparison", "warmup", "convergence", "lifecycle"];
    let charts = charts.iter().flat_map(|c| [format!("{c}.png"), format!("{c}.svg"), format!("{c}.csv")]);
    let wanted: Vec<String> =
        tables.iter().map(|t| t.to_string()).chain(charts).chain(["manifest.json".to_string()]).collect();
    assert_eq!(names(&files), wanted);
    assert!(content(&files, "ccdf.png").starts_with(b"\x89PNG\r\n"));
}

#[test]
fn the_manifest_has_the_checksum_of_every_other_file() {
    let files = bundle(&saved(sample::result(), sample::curves())).expect("vectors take everything");
    let manifest: serde_json::Value = serde_json::from_slice(content(&files, "manifest.json")).expect("valid JSON");
    assert_eq!(manifest["provenance"]["seed"], 42);
    let listed = manifest["files"].as_array().expect("a list");
    assert_eq!(listed.len(), files.len() - 1);
    for entry in listed {
        let bytes = content(&files, entry["name"].as_str().expect("a name"));
        let hash: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            (entry["sha256"].as_str(), entry["bytes"].as_u64()),
            (Some(hash.as_str()), Some(bytes.len() as u64))
        );
    }
}

#[test]
fn an_empty_study_has_no_empty_chart() {
    let mut set = sample::result();
    set.validation.clear();
    set.lifecycle = LifecycleReport::default();
    let files = bundle(&saved(set.clone(), Curves::default())).expect("vectors take everything");
    assert_eq!(names(&files), ["results.json", "results.csv", "curves.json", "model.toml", "manifest.json"]);
}

#[test]
fn curves_are_tidy_tables() {
    let files = bundle(&saved(sample::result(), sample::curves())).expect("vectors take everything");
    let lines = |name: &str| String::from_utf8_lossy(content(&files, name)).lines().count();
    assert_eq!(lines("queue_length.csv"), 1 + 2 * 100);
    assert_eq!(lines("tails.csv"), 1 + 3 * 121);
    assert_eq!(lines("transitions.csv"), 1 + 10);
    let text = String::from_utf8_lossy(content(&files, "transitions.csv")).into_owned();
    assert!(text.contains("delayed,ready,51200,1.0,1.0,1.0,0.412"), "{text}");
}
