//! What the user may type after `sweep` and `merge`. Only syntax.

use super::settings::{Format, Settings};
use clap::Args;
use std::path::PathBuf;

/// Options of `sweep`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SweepArgs {
    /// Study or model file; `-` reads standard input.
    pub study: String,
    /// An axis: `PATH=START:STOP:STEP`, `PATH=lin:START:STOP:N`, `PATH=log:START:STOP:N` or
    /// `PATH=A,B,C` (repeatable; the last one is the fastest). Replaces the blocks of the file.
    #[arg(long = "sweep", value_name = "PATH=VALUES")]
    pub sweep: Vec<String>,
    /// Axes in lockstep: `PATH,PATH=A:B,C:D` gives the settings A:B and C:D (repeatable).
    #[arg(long = "zip", value_name = "PATHS=VALUES")]
    pub zip: Vec<String>,
    #[command(flatten)]
    pub settings: Settings,
    /// Form of the result on standard output.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Keep finished points, tables and charts in this directory; the same command goes on where it ended.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// List the points with an estimate of the time, and run nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Run part I of N, from 1 (`2/8`); `auto` or `auto/N` asks Slurm, Kubernetes or AWS Batch.
    #[arg(long, value_name = "I/N", requires = "out")]
    pub shard: Option<String>,
    /// Throw away what another study left in the directory.
    #[arg(long)]
    pub force: bool,
    /// Stop at the first point that fails.
    #[arg(long)]
    pub fail_fast: bool,
    /// Show every main quantity in the table.
    #[arg(short, long)]
    pub verbose: bool,
}

const EXAMPLES: &str = "Examples:
  lindley sweep models/studies/order-pipeline-knee.toml -o output/knee
  lindley sweep models/02-mmc.toml --sweep consumers.workers.servers=3:8:1 --dry-run
  lindley sweep models/01-mm1.toml --sweep producers.web.arrivals.poisson=lin:50/s:95/s:10
  lindley sweep study.toml -o out --shard 2/8     one of eight processes; then: lindley merge out -o all";

/// Options of `merge`.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Folders of the shards, or the folder they stand in.
    #[arg(required = true)]
    pub shards: Vec<PathBuf>,
    /// Write the tables of the whole sweep into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// Form of the result on standard output.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Throw away what another study left in the directory.
    #[arg(long)]
    pub force: bool,
    /// No messages.
    #[arg(short, long)]
    pub quiet: bool,
    /// Show every main quantity in the table.
    #[arg(short, long)]
    pub verbose: bool,
}
