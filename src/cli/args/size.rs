//! What the user may type after `size`. Only syntax.

use clap::Args;
use std::path::PathBuf;

/// Options of `size`.
#[derive(Debug, Args)]
pub struct SizeArgs {
    /// Model or study file, or Kendall's notation with `c` free.
    pub what: String,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
