//! What the user may type after `compare` and `gate`. Only syntax.

use clap::Args;
use std::path::PathBuf;

/// Options of `compare`.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Model file.
    pub a: String,
    /// The other one.
    pub b: String,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Options of `gate`.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Model file as it is.
    pub base: String,
    /// Model file as it would be.
    pub new: String,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
