//! What the user may type after `sensitivity`. Only syntax.

use super::compare::PairedRun;
use clap::Args;

const EXAMPLES: &str = "Examples:
  lindley sensitivity models/02-mmc.toml --metric orders.wait.mean
  lindley sensitivity MODEL.toml --metric orders.wait.p99 --metric system.throughput -o out
  lindley sensitivity MODEL.toml --vary consumers.workers.servers --vary producers.web.arrivals.poisson=100/s:140/s";

const METRIC: &str = "What shall be moved (repeatable): orders.wait.p99. Without it what the targets of the model speak of, or else the mean \
                      sojourn in the system";

/// Options of `sensitivity`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("metrics", |arg| arg.visible_alias("of").help(METRIC)))]
#[command(mut_arg("level", |arg| arg.help("Confidence of each interval by itself: `95%`")))]
pub(crate) struct SensitivityArgs {
    /// Model file; `-` reads standard input.
    pub model: String,
    /// Move only this parameter, or between two values (repeatable). Without it every number of the model file is moved.
    #[arg(long, value_name = "PATH[=LOW:HIGH]")]
    pub vary: Vec<String>,
    /// By which share of its value a parameter is moved each way; whole numbers are moved by one.
    #[arg(long, value_name = "SHARE", default_value = "2%")]
    pub step: String,
    #[command(flatten)]
    pub run: PairedRun,
}
