//! What several tests need: models from text, studies of them, the program itself.

use lindley::experiment::{self, Options, Study};
use lindley::model::Model;
use lindley::row::{Row, Source};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::AtomicBool;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The model of a text; panics with the rendered diagnostics.
pub fn model(text: &str) -> Model {
    parse("test.toml", text)
}

/// The model of a text whose data files are texts, too.
pub fn model_with(text: &str, files: &[(&str, &str)]) -> Model {
    let read = |name: &str| {
        let file = files.iter().find(|file| file.0 == name);
        file.map(|file| file.1.as_bytes().to_vec()).ok_or_else(|| "no such file".into())
    };
    match lindley::model::parse("test.toml", text, &read) {
        Ok((model, _)) => model,
        Err(found) => panic!("{}", lindley::diag::render(&found, "test.toml", text, false)),
    }
}

/// A model of `models/`.
pub fn shipped(name: &str) -> Model {
    let text = std::fs::read_to_string(root().join("models").join(name)).expect("the model is there");
    parse(name, &text)
}

fn parse(name: &str, text: &str) -> Model {
    let folder = root().join("models");
    let files = |file: &str| std::fs::read(folder.join(file)).map_err(|e| e.to_string().into());
    match lindley::model::parse(name, text, &files) {
        Ok((model, _)) => model,
        Err(found) => panic!("{}", lindley::diag::render(&found, name, text, false)),
    }
}

pub fn study(model: &Model) -> Study {
    study_with_jobs(model, 0)
}

pub fn study_with_jobs(model: &Model, jobs: usize) -> Study {
    let options = Options { jobs, command: "test".to_string(), ..Options::default() };
    experiment::run(model, &options, &AtomicBool::new(false), &|_| {}).expect("the study runs")
}

/// The simulated row `entity.metric.statistic`.
pub fn row<'s>(study: &'s Study, name: &str) -> &'s Row {
    let named = |r: &&Row| {
        r.source == Source::Simulation
            && r.class.is_none()
            && format!("{}.{}.{}", r.name, r.metric, r.statistic) == name
    };
    study.result.rows.iter().find(named).unwrap_or_else(|| panic!("no row {name}"))
}

pub fn value(study: &Study, name: &str) -> f64 {
    row(study, name).value.unwrap_or_else(|| panic!("{name} has no value"))
}

/// Runs the program in the project's folder.
pub fn lindley(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("the program starts")
}

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lindley"));
    command.current_dir(root()).env_remove("NO_COLOR").env("COLUMNS", "100");
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every model of `models/`, in order.
pub fn model_files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("models")).expect("models/ is there");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    files.sort();
    files
}

/// Writes what a long study found to `docs/studies`, with its date, version and command.
pub fn keep_study(name: &str, title: &str, found: &str) {
    let today = Command::new("date").args(["-u", "+%F"]).output().expect("`date` says the day");
    let about = format!("lindley {}, {}, by `make study`.", env!("CARGO_PKG_VERSION"), text(&today.stdout).trim());
    let folder = root().join("docs/studies");
    std::fs::create_dir_all(&folder).expect("docs can be written");
    std::fs::write(folder.join(format!("{name}.md")), format!("# {title}\n\n{about}\n\n{found}")).expect("written");
}
