//! Broken model files in `tests/ui` and what is printed about each. `SNAPSHOTS=overwrite`
//! rewrites the expected texts; read them before committing.

use lindley::diag::{CODES, Diagnostic, render};
use lindley::model::parse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// Every model file of the folder, sorted.
fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
    cases.sort();
    cases
}

fn data_file(name: &str) -> Result<Vec<u8>, lindley::units::TextError> {
    std::fs::read(folder().join(name)).map_err(|_| "no such file".into())
}

/// What is found in a file, and its text.
fn found(case: &Path) -> (String, Vec<Diagnostic>) {
    let text = std::fs::read_to_string(case).unwrap();
    let name = case.file_name().unwrap().to_str().unwrap();
    let found = match parse(name, &text, &data_file) {
        Ok((model, warnings)) => [warnings, lindley::experiment::unmeasured(&model, &text)].concat(),
        Err(found) => found,
    };
    (text, found)
}

#[test]
fn each_file_is_reported_as_expected() {
    let assert = snapbox::Assert::new().action_env("SNAPSHOTS").redact_with(snapbox::Redactions::new());
    let mut wrong = Vec::new();
    for case in cases() {
        let (text, found) = found(&case);
        let printed = render(&found, case.file_name().unwrap().to_str().unwrap(), &text, false);
        let expected = snapbox::Data::read_from(&case.with_extension("stderr"), Some(snapbox::data::DataFormat::Text));
        let name = case.display().to_string();
        if let Err(difference) = assert.try_eq(Some(&name), printed.into(), expected.raw()) {
            wrong.push(difference.to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_expected_text_has_its_file_and_says_something() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "stderr") {
            assert!(path.with_extension("toml").exists(), "{} is never compared", path.display());
            assert!(std::fs::metadata(&path).unwrap().len() > 0, "{} is empty", path.display());
        }
    }
}

#[test]
fn each_code_is_shown_by_some_file_and_explained() {
    let shown: BTreeSet<&str> = cases().iter().flat_map(|case| found(case).1).map(|d| d.code).collect();
    let explained: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    let unexplained: Vec<_> = shown.difference(&explained).collect();
    let unshown: Vec<_> = explained.difference(&shown).collect();
    assert!(unexplained.is_empty(), "codes without explanation: {unexplained:?}");
    assert!(unshown.is_empty(), "codes without a file in tests/ui: {unshown:?}");
}

#[test]
fn everything_is_in_file_order_and_inside_the_text() {
    for case in cases() {
        let (text, found) = found(&case);
        let starts: Vec<usize> = found.iter().map(|d| d.labels[0].span.start).collect();
        assert!(starts.is_sorted(), "{}", case.display());
        assert!(found.iter().flat_map(|d| &d.labels).all(|label| label.span.end <= text.len()), "{}", case.display());
    }
}

#[test]
fn messages_follow_the_house_style() {
    for case in cases() {
        for d in found(&case).1 {
            let name = case.display();
            assert!(!d.message.ends_with('.'), "{name}: {}", d.message);
            assert!(!d.message.starts_with(char::is_uppercase), "{name}: {}", d.message);
        }
    }
}
