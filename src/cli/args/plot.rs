//! What the user may type after `plot` and `report`. Only syntax.

use clap::Args;
use std::path::PathBuf;

/// Options of `plot`.
#[derive(Debug, Args)]
pub struct PlotArgs {
    /// Folder of results.
    pub results: PathBuf,
    /// Write results, tables and charts into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Options of `report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Folder of results, as `-o` of the other commands writes it.
    pub results: PathBuf,
    /// The page to write.
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    pub out: PathBuf,
    /// Title of the page [default: the name of the model].
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Say nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
}
