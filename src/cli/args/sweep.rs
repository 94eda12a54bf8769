//! What the user may type after `sweep` and `merge`. Only syntax.

use clap::Args;
use std::path::PathBuf;

/// Options of `sweep`.
#[derive(Debug, Args)]
pub struct SweepArgs {
    /// Study or model file; `-` reads standard input.
    pub study: String,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Options of `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Folders of the shards.
    #[arg(required = true)]
    pub shards: Vec<PathBuf>,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
