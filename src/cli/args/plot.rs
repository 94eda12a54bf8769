//! What the user may type after `plot` and `report`. Only syntax.

use clap::Args;
use std::path::PathBuf;

/// Options of `plot`.
#[derive(Debug, Args)]
#[command(after_help = PLOT_EXAMPLES)]
pub(crate) struct PlotArgs {
    /// Folders of results; of several, percentiles and tails are laid over each other.
    #[arg(required = true)]
    pub results: Vec<PathBuf>,
    /// Write the charts into this directory; by default `charts` in the folder of the (first) results.
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Draw this chart only (repeatable); the names are those of --list.
    #[arg(long = "chart", value_name = "NAME")]
    pub charts: Vec<String>,
    /// List the charts that the results have, and write nothing.
    #[arg(long)]
    pub list: bool,
    /// Which quantity of a sweep to draw, as `orders.wait.p99`.
    #[arg(long, value_name = "QUANTITY")]
    pub metric: Option<String>,
    /// Path of the parameter along the horizontal axis.
    #[arg(long, value_name = "PATH")]
    pub x: Option<String>,
    /// Path of the parameter along the vertical axis of a map.
    #[arg(long, value_name = "PATH")]
    pub y: Option<String>,
    /// Also write each distribution of times in the format of HdrHistogram (values in ms).
    #[arg(long)]
    pub hgrm: bool,
    /// SVG only: neither PNG nor CSV.
    #[arg(long)]
    pub svg_only: bool,
    /// Say nothing.
    #[arg(short, long)]
    pub quiet: bool,
}

const PLOT_EXAMPLES: &str = "Examples:
  lindley plot out                                  every chart, into out/charts
  lindley plot out --list                           which charts there are
  lindley plot out --chart heat_map --metric orders.wait.p95 --x consumers.workers.servers
  lindley plot before after -o both                 two runs laid over each other";

/// Options of `report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
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
