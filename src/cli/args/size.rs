//! What the user may type after `size`. Only syntax.

use super::settings::{Output, Settings};
use super::solve::StationArgs;
use clap::Args;

/// Options of `size`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SizeArgs {
    /// Model or study file (`-` reads standard input), or Kendall's notation with `c` or `K` free: M/M/c, M/M/1/K.
    pub what: String,
    /// What must hold: 'orders.wait.p99 < 1s', 'prob(wait > 50ms) < 5%', 'utilization < 80%' (repeatable).
    #[arg(short, long = "target", value_name = "INEQUALITY")]
    pub target: Vec<String>,
    /// What may be changed, and how far: consumers.workers.servers=1:200, or with a step 4:32:4 (repeatable).
    #[arg(long, value_name = "PATH=LOW:HIGH[:STEP]")]
    pub vary: Vec<String>,
    /// Look for the largest value instead: `arrival-rate` beside a notation, else `PATH=LOW:HIGH:STEP` (the step may be left out).
    #[arg(long, value_name = "WHAT")]
    pub largest: Option<String>,
    /// What the system costs: 'consumers.a.servers*0.12/h', or 'workers*0.12/h' (repeatable, summed).
    #[arg(long, value_name = "PARAMETER*PRICE")]
    pub cost: Vec<String>,
    /// The targets must hold with one server fewer, of any pool or of that consumer.
    #[arg(long, value_name = "CONSUMER", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub n_minus_1: Option<String>,
    /// The targets must hold with more load: 2x, PRODUCER=2x, or for a while 3x:30s (repeatable).
    #[arg(long, value_name = "FACTORx[:TIME]")]
    pub burst: Vec<String>,
    /// Confidence of each decision: 95% or 0.95.
    #[arg(long, value_name = "SHARE")]
    pub confidence: Option<String>,
    /// Most replications spent on one candidate.
    #[arg(long, value_name = "N")]
    pub max_replications: Option<u32>,
    /// Also find the front of cost against the first target, over all combinations.
    #[arg(long)]
    pub front: bool,
    /// Quantiles of the times to report beside those of the targets, as 0.5,0.99.
    #[arg(long, value_delimiter = ',', value_name = "P,P...")]
    pub quantiles: Vec<f64>,
    /// Beside a notation: solve by this method only (`lindley solve --list` names them).
    #[arg(long, value_name = "NAME")]
    pub method: Option<crate::analytic::MethodId>,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub settings: Settings,
    #[command(flatten)]
    pub station: StationArgs,
}

const EXAMPLES: &str = "Examples:
  lindley size M/M/c --arrival-rate 250/s --mean-service 180ms --target 'wait.p99 < 1s'
  lindley size M/M/1/K --arrival-rate 90/s --service-rate 100/s --target 'prob_loss < 1e-6'
  lindley size M/M/8 --mean-service 20ms --largest arrival-rate --target 'sojourn.p95 < 100ms'
  lindley size models/02-mmc.toml --target 'orders.wait.p99 < 50ms' --n-minus-1 --burst 1.5x -o out
  lindley size MODEL.toml --vary consumers.a.servers=1:10 --vary consumers.b.servers=1:8 \\
      --cost 'a*0.12/h' --cost 'b*0.20/h' --target 'system.sojourn.p95 < 2s' --front";
