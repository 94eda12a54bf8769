//! What the user may type after `sensitivity`. Only syntax.

use super::settings::{Output, Settings};
use clap::Args;

const EXAMPLES: &str = "Examples:
  lindley sensitivity models/02-mmc.toml --metric orders.wait.mean
  lindley sensitivity MODEL.toml --metric orders.wait.p99 --metric system.throughput -o out
  lindley sensitivity MODEL.toml --vary consumers.workers.servers --vary producers.web.arrivals.poisson=100/s:140/s";

/// Options of `sensitivity`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SensitivityArgs {
    /// Model file; `-` reads standard input.
    pub model: String,
    /// What shall be moved (repeatable): orders.wait.p99. Without it what the targets of the model speak of, or else the mean
    /// sojourn in the system.
    #[arg(long = "metric", visible_alias = "of", value_name = "QUANTITY")]
    pub metrics: Vec<String>,
    /// Move only this parameter, or between two values (repeatable). Without it every number of the model file is moved.
    #[arg(long, value_name = "PATH[=LOW:HIGH]")]
    pub vary: Vec<String>,
    /// By which share of its value a parameter is moved each way; whole numbers are moved by one.
    #[arg(long, value_name = "SHARE", default_value = "2%")]
    pub step: String,
    /// Confidence of each interval by itself: `95%`.
    #[arg(long, value_name = "SHARE")]
    pub level: Option<String>,
    #[command(flatten)]
    pub settings: Settings,
    #[command(flatten)]
    pub output: Output,
}
