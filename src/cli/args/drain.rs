//! What the user may type after `drain`. Only syntax.

use clap::Args;
use std::path::PathBuf;

/// Options of `drain`.
#[derive(Debug, Args)]
pub struct DrainArgs {
    /// Model or study file; without it, rates are given as options.
    pub model: Option<String>,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
