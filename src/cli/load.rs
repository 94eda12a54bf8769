//! Reads a model file and applies what the command line says over it.

use super::args::Settings;
use super::failure::Failure;
use crate::diag;
use crate::model::{self, Model};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Reads a model; warnings go to standard error unless quiet.
pub fn load(name: &str, settings: &Settings) -> Result<Model, Failure> {
    parse(name, &overlay(&read(name)?, changes(settings)?)?, settings.quiet)
}

/// Reads a model with values set over it, for commands that simulate nothing.
pub fn load_with(name: &str, set: &[String], quiet: bool) -> Result<Model, Failure> {
    parse(name, &overlay(&read(name)?, assignments(set)?)?, quiet)
}

/// Reads the text of a model; errors and, unless quiet, warnings go to standard error.
pub fn parse(name: &str, text: &str, quiet: bool) -> Result<Model, Failure> {
    let shown = if name == "-" { "standard input" } else { name };
    let folder = Path::new(name).parent().map(Path::to_path_buf).unwrap_or_default();
    let companion = |file: &str| read_companion(&folder, file);
    match model::parse(shown, text, &companion) {
        Ok((model, warnings)) => {
            if !quiet && !warnings.is_empty() {
                eprint(&diag::render(&warnings, shown, text, true));
            }
            Ok(model)
        }
        Err(found) => {
            eprint(&diag::render(&found, shown, text, true));
            let errors = found.iter().filter(|d| d.severity == diag::Severity::Error).count();
            Err(Failure::Usage(format!("{errors} error{} in `{shown}`", if errors == 1 { "" } else { "s" })))
        }
    }
}

/// Prints to standard error; colours are stripped where they are not wanted.
fn eprint(text: &str) {
    anstream::eprintln!("{}", text.trim_end());
}

/// The text of a file, or of standard input (`-`).
pub fn read(name: &str) -> Result<String, Failure> {
    let text = if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(name)
    };
    text.map_err(|e| Failure::Usage(format!("cannot read `{name}`: {e}")))
}

/// Companion files are looked for beside the model.
fn read_companion(folder: &Path, file: &str) -> Result<Vec<u8>, String> {
    let path: PathBuf = folder.join(file);
    std::fs::read(&path).map_err(|e| format!("`{}`: {e}", path.display()))
}

type Change = (String, toml_edit::Value);

fn assignments(set: &[String]) -> Result<Vec<Change>, Failure> {
    set.iter().map(|assignment| parse_assignment(assignment)).collect()
}

/// `--set` and the settings of the run, as changes to the model's text.
fn changes(settings: &Settings) -> Result<Vec<Change>, Failure> {
    let mut changes = assignments(&settings.set)?;
    let mut run = |key: &str, value: toml_edit::Value| changes.push((format!("run.{key}"), value));
    for (key, value) in [("seed", settings.seed), ("messages", settings.messages)] {
        let Some(value) = value else { continue };
        let value =
            i64::try_from(value).map_err(|_| Failure::Usage(format!("--{key} {value}: at most {}", i64::MAX)))?;
        run(key, value.into());
    }
    if let Some(n) = settings.replications {
        run("replications", i64::from(n).into());
    }
    for (key, value) in
        [("precision", &settings.precision), ("warmup", &settings.warmup), ("horizon", &settings.horizon)]
    {
        if let Some(value) = value {
            run(key, value.as_str().into());
        }
    }
    Ok(changes)
}

/// The text with changes written into it, so that one parser checks everything and the hash of
/// the model covers it.
fn overlay(text: &str, changes: Vec<Change>) -> Result<String, Failure> {
    if changes.is_empty() { Ok(text.to_string()) } else { apply(text, changes) }
}

fn parse_assignment(assignment: &str) -> Result<Change, Failure> {
    let Some((path, value)) = assignment.split_once('=') else {
        return Err(Failure::Usage(format!("--set {assignment}: write PATH=VALUE, as in consumers.workers.servers=4")));
    };
    // What is not TOML by itself (`40ms`, `120/s`, `drop-head`) is a string.
    let value = value.trim().parse().unwrap_or_else(|_| value.trim().into());
    Ok((path.trim().to_string(), value))
}

/// Lengths of a run exclude one another: setting one removes the others.
const LENGTHS: [&str; 3] = ["messages", "horizon", "drained"];

fn apply(text: &str, changes: Vec<Change>) -> Result<String, Failure> {
    // A text that does not parse is reported by the model parser, with places.
    let Ok(mut document) = text.parse::<toml_edit::DocumentMut>() else { return Ok(text.to_string()) };
    for (path, value) in changes {
        let keys = toml_edit::Key::parse(&path).map_err(|e| Failure::Usage(format!("--set {path}: {e}")))?;
        let Some((last, tables)) = keys.split_last() else { continue };
        let mut item = document.as_item_mut();
        for key in tables {
            let next = item.as_table_like_mut().map(|t| t.entry(key.get()).or_insert_with(toml_edit::table));
            item =
                next.ok_or_else(|| Failure::Usage(format!("--set {path}: `{}` is not inside a table", key.get())))?;
        }
        let table = item.as_table_like_mut();
        let table = table.ok_or_else(|| Failure::Usage(format!("--set {path}: there is no such table")))?;
        if tables.first().is_some_and(|t| t.get() == "run") && LENGTHS.contains(&last.get()) {
            LENGTHS.iter().for_each(|other| drop(table.remove(other)));
        }
        table.insert(last.get(), toml_edit::Item::Value(value));
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, assignment: &str) -> String {
        apply(text, vec![parse_assignment(assignment).unwrap()]).unwrap()
    }

    #[test]
    fn values_keep_their_types_and_units_are_strings() {
        let text = "[consumers.w]\nservers = 1 # one\n";
        assert_eq!(set(text, "consumers.w.servers=4"), "[consumers.w]\nservers = 4\n");
        assert!(set(text, "consumers.w.service=40ms").contains("service = \"40ms\""));
        assert!(set(text, "run.seed=7").contains("[run]\nseed = 7"));
    }

    #[test]
    fn one_length_replaces_another() {
        let text = set("[run]\nmessages = 10\n", "run.horizon=5s");
        assert!(text.contains("horizon") && !text.contains("messages"));
    }

    #[test]
    fn a_path_through_a_number_is_refused() {
        let change = vec![parse_assignment("run.seed.x=1").unwrap()];
        assert!(apply("[run]\nseed = 1\n", change).is_err());
        assert!(parse_assignment("no-equals-sign").is_err());
    }
}
