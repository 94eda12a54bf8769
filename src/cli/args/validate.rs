//! Options of `lindley validate`.

use clap::Args;
use std::path::PathBuf;

/// Options of `lindley validate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ValidateArgs {
    /// Which models, by name; all of them where none is given.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub case: Vec<String>,
    /// How long the runs are: few, medium, default, sequential.
    #[arg(long, value_name = "SIZE,...", value_delimiter = ',', default_value = "medium")]
    pub size: Vec<String>,
    /// Seeds, first and last.
    #[arg(long, value_name = "FIRST:LAST", default_value = "1:100")]
    pub seeds: String,
    /// Which of several processes this is: `2/8`, or `auto` in a job array.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Keep every run in this file; what stands there is not run again.
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Threads; 0 for all.
    #[arg(short, long, default_value_t = 0)]
    pub jobs: usize,
    /// No progress.
    #[arg(short, long)]
    pub quiet: bool,
}

const EXAMPLES: &str = "Examples:
  lindley validate                                     100 runs of every model
  lindley validate --case mm1-09 --size few,medium --seeds 1:1000 -o coverage.jsonl
  lindley validate -o part-2.jsonl --shard 2/8         one of eight processes; then: cat part-*.jsonl > all.jsonl";
