//! Options of `lindley validate`.

use clap::Args;
use std::path::PathBuf;

/// Options of `lindley validate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ValidateArgs {
    /// Count how often intervals cover, in every model, by runs of every length and all of their seeds: hours.
    #[arg(long)]
    pub full: bool,
    /// Count it in these models only, by name.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub case: Vec<String>,
    /// Count it by runs of these lengths: few, medium, default, sequential.
    #[arg(long, value_name = "SIZE,...", value_delimiter = ',')]
    pub size: Vec<String>,
    /// Count it with these seeds, first and last [default: 1:1000 of few and medium, 1:300 of default and sequential].
    #[arg(long, value_name = "FIRST:LAST")]
    pub seeds: Option<String>,
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

impl ValidateArgs {
    /// Whether coverage is to be counted, instead of everything being shown in short.
    pub(crate) fn counts(&self) -> bool {
        let ValidateArgs { full, case, size, seeds, shard, out, .. } = self;
        *full || !case.is_empty() || !size.is_empty() || seeds.is_some() || shard.is_some() || out.is_some()
    }
}

const EXAMPLES: &str = "Examples:
  lindley validate                                     two minutes: simulation, theory, intervals, repetition
  lindley validate --case mm1-09 --size few,medium -o coverage.jsonl
  lindley validate --full -o part-2.jsonl --shard 2/8  one of eight processes; then: cat part-*.jsonl > all.jsonl";
