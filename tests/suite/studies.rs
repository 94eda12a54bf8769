//! The studies of `models/studies/`: every one is valid, and says what it asks and how to run it.

use crate::support::{lindley, root, text};

fn studies() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("models/studies")).expect("models/studies is there");
    let names = entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    names
}

#[test]
fn every_study_is_valid() {
    let names: Vec<String> = studies().into_iter().map(|name| format!("models/studies/{name}")).collect();
    assert!(names.len() >= 2);
    let mut arguments = vec!["check"];
    arguments.extend(names.iter().map(String::as_str));
    let output = lindley(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for name in &names {
        let study = std::fs::read_to_string(root().join(name)).expect("readable");
        if let Err(found) = lindley::model::parse_study(&study) {
            panic!("{}", lindley::diag::render(&found, name, &study, false));
        }
    }
}

#[test]
fn every_study_says_what_it_asks_and_how_to_run_it() {
    for name in studies() {
        let study = std::fs::read_to_string(root().join("models/studies").join(&name)).expect("readable");
        let header: Vec<&str> = study.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(header.len() >= 4, "{name} has no header");
        assert!(header.iter().any(|line| line.contains("lindley ")), "{name} does not say its command");
    }
}
