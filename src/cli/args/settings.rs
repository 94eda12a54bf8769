//! Options that several commands share.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What the command line may say over the model's `[run]` section.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Set a value of the model: `--set consumers.workers.servers=4` (repeatable).
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Master seed of the random streams.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Number of replications; with a precision, the least number.
    #[arg(short = 'n', long)]
    pub replications: Option<u32>,
    /// Relative half-width to reach on every mean wait and sojourn, as `1%`; or on a quantity alone, as
    /// 'orders.wait.p99=2%' (repeatable).
    #[arg(long, value_name = "[QUANTITY=]SHARE")]
    pub precision: Vec<String>,
    /// What to cut off at the start: `auto`, `none` or a time.
    #[arg(long, value_name = "auto|none|TIME")]
    pub warmup: Option<String>,
    /// Messages per replication.
    #[arg(long, value_name = "N", conflicts_with = "horizon")]
    pub messages: Option<u64>,
    /// Simulated time per replication.
    #[arg(long, value_name = "TIME")]
    pub horizon: Option<String>,
    /// Which engine runs.
    #[arg(long, value_enum, default_value_t = EngineArg::Auto)]
    pub engine: EngineArg,
    /// Threads; 0 for all.
    #[arg(short, long, default_value_t = 0)]
    pub jobs: usize,
    /// No progress, no warnings.
    #[arg(short, long)]
    pub quiet: bool,
}

/// Where the result goes.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Form of the result on standard output.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write results, manifest, tables and charts (SVG, PNG) into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Show every row of the table.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// The fastest that can run the model.
    Auto,
    /// Events, one by one: every feature.
    General,
    /// Recursions over messages: first in first out, nothing lost, nothing retried.
    Recursion,
}

impl From<EngineArg> for crate::experiment::EngineChoice {
    fn from(choice: EngineArg) -> Self {
        match choice {
            EngineArg::Auto => Self::Auto,
            EngineArg::General => Self::General,
            EngineArg::Recursion => Self::Recursion,
        }
    }
}

/// Forms of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading.
    Table,
    /// One object: rows, ledger, provenance.
    Json,
    /// One row per line.
    Jsonl,
    /// One row per line, with a header.
    Csv,
    /// A table for documents.
    Markdown,
}
