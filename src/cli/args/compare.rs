//! What the user may type after `compare` and `gate`, and what every command that runs models side by side takes. Only syntax.

use super::settings::{Output, Settings};
use clap::Args;

const COMPARE_EXAMPLES: &str = "Examples:
  lindley compare models/studies/priority-one-queue.toml models/studies/separate-queues.toml
  lindley compare models/02-mmc.toml --set-b consumers.workers.servers=5     one model, changed
  lindley compare A.toml B.toml --metric orders.wait.p99 --precision 2%      until B - A is known to 2 %
  lindley compare A.toml B.toml C.toml --metric orders.wait.p99               which of several is the best
  lindley compare models/02-mmc.toml --or consumers.workers.servers=4 --or consumers.workers.servers=5 --metric wait.mean
Exit code of three models or more: 0 one is the best; 4 it cannot be told.";

/// Options of `compare`.
#[derive(Debug, Args)]
#[command(after_help = COMPARE_EXAMPLES, mut_arg("verbose", |arg| arg.help("Show every quantity")))]
pub(crate) struct CompareArgs {
    /// Model file; `-` reads standard input.
    pub a: String,
    /// The other one; may be left out where `--set-a` or `--set-b` tell the two apart.
    pub b: Option<String>,
    /// More of them: then `--metric` names the one quantity by which the best is told.
    pub more: Vec<String>,
    /// One more model: A with this value set (repeatable).
    #[arg(long, value_name = "PATH=VALUE")]
    pub or: Vec<String>,
    /// Set a value in A only (repeatable).
    #[arg(long, value_name = "PATH=VALUE")]
    pub set_a: Vec<String>,
    /// Set a value in B only (repeatable).
    #[arg(long, value_name = "PATH=VALUE")]
    pub set_b: Vec<String>,
    #[command(flatten)]
    pub run: PairedRun,
}

const GATE_EXAMPLES: &str = "Examples:
  lindley gate base.toml new.toml --target 'orders.sojourn.p99 < 500ms'
  lindley gate base.toml new.toml --metric orders.wait.p99 --worse-by 5% --format markdown
Exit code: 0 passed; 3 worse, or a target missed; 4 too imprecise to tell.";

/// Options of `gate`.
#[derive(Debug, Args)]
#[command(after_help = GATE_EXAMPLES, mut_arg("verbose", |arg| arg.help("Show every quantity")))]
pub(crate) struct GateArgs {
    /// Model file as it is; `-` reads standard input.
    pub base: String,
    /// Model file as it would be; may be left out where `--set-new` says what changes.
    pub new: Option<String>,
    /// What the new model must meet (repeatable): 'orders.sojourn.p99 < 500ms'.
    #[arg(long = "target", value_name = "INEQUALITY")]
    pub targets: Vec<String>,
    /// How much worse than the base a watched quantity may be, as a share of the base value.
    #[arg(long, value_name = "SHARE", default_value = "0%", allow_hyphen_values = true)]
    pub worse_by: String,
    /// Set a value in the base only (repeatable).
    #[arg(long, value_name = "PATH=VALUE")]
    pub set_base: Vec<String>,
    /// Set a value in the new model only (repeatable).
    #[arg(long, value_name = "PATH=VALUE")]
    pub set_new: Vec<String>,
    #[command(flatten)]
    pub run: PairedRun,
}

/// What is watched, how sure the answer shall be, how the pairs are run.
#[derive(Debug, Args)]
pub(crate) struct PairedRun {
    /// Watch this quantity in place of the usual ones (repeatable): orders.wait.p99.
    #[arg(long = "metric", value_name = "QUANTITY")]
    pub metrics: Vec<String>,
    /// Confidence with which all watched intervals hold at once: `95%`.
    #[arg(long, value_name = "SHARE")]
    pub level: Option<String>,
    #[command(flatten)]
    pub settings: Settings,
    #[command(flatten)]
    pub output: Output,
}
