//! What the tests of sweeps share: a study in a folder of its own, and the tables of a sweep.

use crate::support::{program, text};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Files that must be the same bytes whatever happened on the way.
pub const TABLES: [&str; 6] =
    ["table.csv", "table.parquet", "points.csv", "summary.csv", "study.resolved.toml", "plan.json"];

pub const MODEL: &str = r#"
[model]
name = "swept"
[producers.web]
arrivals = { poisson = "50/s" }
queue = "orders"
[queues.orders]
[consumers.workers]
queue = "orders"
servers = 1
service = { exponential = { mean = "10ms" } }
[run]
messages = 1500
replications = 3
[targets]
"orders.wait.mean" = "12ms"
"#;

/// Forty points, five of which have no steady state.
pub const GRID: &str = r#"
[[sweep]]
name = "grid"
[sweep.grid]
"consumers.workers.servers" = { range = [1, 5] }
"producers.web.arrivals.poisson" = { linspace = ["30/s", "100/s", 8] }
"#;

/// A study file in a folder of its own.
pub struct Bench {
    folder: TempDir,
    study: PathBuf,
}

impl Bench {
    pub fn new(model: &str, sweep: &str) -> Bench {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let study = folder.path().join("study.toml");
        std::fs::write(&study, format!("{model}{sweep}")).expect("written");
        Bench { folder, study }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn study(&self) -> &Path {
        &self.study
    }

    /// Changes the study.
    pub fn replace(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(&self.study).expect("read");
        assert!(text.contains(from), "{from}");
        std::fs::write(&self.study, text.replace(from, to)).expect("written");
    }

    /// `lindley sweep STUDY -q ...`, run in the folder.
    pub fn command(&self, more: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(self.folder.path()).args(["sweep", "study.toml", "-q"]).args(more);
        command
    }

    pub fn sweep(&self, more: &[&str]) -> Output {
        self.command(more).output().expect("the program starts")
    }

    /// As [`Bench::sweep`], and it must succeed.
    pub fn sweeps(&self, more: &[&str]) -> String {
        let output = self.sweep(more);
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// `lindley merge ...`, run in the folder.
    pub fn merge(&self, more: &[&str]) -> Output {
        program().current_dir(self.folder.path()).arg("merge").args(more).output().expect("the program starts")
    }

    /// The bytes of every table of a sweep's folder.
    pub fn tables(&self, folder: &str) -> Vec<Vec<u8>> {
        let read = |name: &&str| std::fs::read(self.path(folder).join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        TABLES.iter().map(read).collect()
    }

    /// Lines of a table as records by column.
    pub fn records(&self, file: &str) -> Vec<std::collections::HashMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path(file)).expect("a table");
        reader.deserialize().map(|record| record.expect("a record")).collect()
    }
}

/// Everything equal, named file by file.
pub fn assert_same(a: &[Vec<u8>], b: &[Vec<u8>]) {
    for (i, name) in TABLES.iter().enumerate() {
        assert!(a[i] == b[i], "{name} differs");
    }
}
