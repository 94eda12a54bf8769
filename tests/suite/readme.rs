//! The README is executed: every `lindley` line of its shell blocks runs, the figures it shows
//! come from files that exist.

use crate::support::{program, root, text};

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("README.md is there")
}

/// Lines of the ```sh blocks with their exit codes: 0, or what the comment says (`exit code 3`).
fn commands() -> Vec<(String, i32)> {
    let readme = readme();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks
        .flat_map(str::lines)
        .map(|line| line.split_once(" #").unwrap_or((line, "")))
        .map(|(line, comment)| (line.trim().to_string(), if comment.contains("exit code 3") { 3 } else { 0 }))
        .filter(|(line, _)| !line.is_empty())
        .collect()
}

/// The words of a command line; single quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|w| !w.is_empty());
    words
}

#[test]
fn every_example_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut ran = 0;
    for (line, code) in commands() {
        let line = line.strip_prefix("cargo run --release -- ").map_or(line.clone(), |rest| format!("lindley {rest}"));
        let Some(arguments) = line.strip_prefix("lindley ") else {
            assert!(line == "make test" || line.starts_with("cargo install"), "not known how to check: {line}");
            continue;
        };
        let here = format!("{}/", folder.path().display());
        let arguments = words(arguments).into_iter().map(|word| word.replace("output/", &here));
        let output = program().args(arguments).output().expect("starts");
        assert_eq!(output.status.code(), Some(code), "{line}\n{}", text(&output.stderr));
        ran += 1;
    }
    assert!(ran >= 6, "only {ran} examples were found");
}

/// The model shown is a whole one, and the mistake shown is what that mistake yields.
#[test]
fn the_model_and_the_diagnostic_are_real() {
    let readme = readme();
    let block =
        |fence: &str| readme.split(fence).nth(1).and_then(|rest| rest.split("```").next()).expect(fence).to_string();
    let model = block("```toml\n");
    let no_files = |name: &str| Err(name.into());
    assert!(lindley::model::parse("orders.toml", &model, &no_files).is_ok());
    let broken = model.replace("max_length", "max_lenght");
    let found = lindley::model::parse("orders.toml", &broken, &no_files).expect_err("a mistake");
    let shown = lindley::diag::render(&found, "orders.toml", &broken, false);
    assert_eq!(shown.trim_end(), format!("error[unknown-key]{}", block("```text\nerror[unknown-key]")).trim_end());
}

/// Every line of the result shown is a line of what the first command prints.
#[test]
fn the_result_shown_is_what_the_first_command_prints() {
    let readme = readme();
    let block = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a result is shown");
    let output = program().args(["run", "models/01-mm1.toml", "-q"]).output().expect("starts");
    let printed = text(&output.stdout);
    for line in block.lines() {
        assert!(printed.lines().any(|l| l.trim_end() == line.trim_end()), "not printed: {line}");
    }
}

#[test]
fn every_file_that_the_readme_names_exists() {
    let readme = readme();
    for target in
        readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|t| !t.starts_with("http"))
    {
        assert!(root().join(target.split('#').next().unwrap_or(target)).exists(), "{target}");
    }
}
