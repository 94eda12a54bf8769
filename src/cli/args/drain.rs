//! What the user may type after `drain`. Only syntax.

use super::settings::{Output, Settings};
use clap::Args;

/// Options of `drain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DrainArgs {
    /// Model or study file; without it, rates are given as options.
    pub model: Option<String>,
    #[command(flatten)]
    pub incident: IncidentArgs,
    #[command(flatten)]
    pub rates: RateArgs,
    /// How long recovery may take from the end of the disruption; says what that would need.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub recover_within: Option<String>,
    #[command(flatten)]
    pub settings: Settings,
    #[command(flatten)]
    pub output: Output,
}

/// What happens, over the `[drain]` section of a study.
#[derive(Debug, Args)]
#[command(next_help_heading = "The disruption")]
pub(crate) struct IncidentArgs {
    /// No server takes a message for so long.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub outage: Option<String>,
    /// Share of the capacity that is left meanwhile, as 40% (with --outage or --for).
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true)]
    pub throttle: Option<String>,
    /// Services take that many times as long.
    #[arg(long, value_name = "FACTOR", allow_hyphen_values = true)]
    pub slowdown: Option<String>,
    /// That many times as many messages arrive, as 3x.
    #[arg(long, value_name = "FACTOR", allow_hyphen_values = true)]
    pub burst: Option<String>,
    /// That many more messages arrive per second.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub extra: Option<String>,
    /// How long a throttling, slowdown or burst lasts.
    #[arg(long = "for", value_name = "TIME", allow_hyphen_values = true)]
    pub lasts: Option<String>,
    /// An outage puts messages in service back into their queue.
    #[arg(long)]
    pub requeue: bool,
    /// When it begins; chosen by default.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Begin of something that the model itself does, as a burst of its schedule.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// ... and its end.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Whose servers fail or slow down; needed where a model has several.
    #[arg(long, value_name = "NAME")]
    pub consumer: Option<String>,
    /// Who publishes more; needed where a model has several.
    #[arg(long, value_name = "NAME")]
    pub producer: Option<String>,
}

/// The station, where there is no model.
#[derive(Debug, Args)]
#[command(next_help_heading = "The station, without a model")]
pub(crate) struct RateArgs {
    /// Messages per second that arrive.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub arrival_rate: Option<String>,
    /// Messages per second that are served at most, all servers together.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub capacity: Option<String>,
    /// Number of servers, instead of a capacity.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub servers: Option<String>,
    /// ... and their mean service time.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub mean_service: Option<String>,
    /// Messages that wait at the start.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub start_backlog: Option<String>,
    /// Most messages that may wait; what is too much is lost.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub max_length: Option<String>,
    /// Longest time a message is kept; what is older is lost.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with = "message_ttl")]
    pub retention: Option<String>,
    /// Longest time a message may wait; what is older expires.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub message_ttl: Option<String>,
}

const EXAMPLES: &str = "Examples:
  lindley drain --arrival-rate 250/s --capacity 300/s --outage 12min
  lindley drain --arrival-rate 250/s --servers 54 --mean-service 180ms --outage 12min --throttle 40% --recover-within 30min
  lindley drain --arrival-rate 250/s --capacity 300/s --burst 3x --for 15s --max-length 5000
  lindley drain models/08-platform-task-queue.toml --outage 5min --recover-within 10min -o out
  lindley drain models/studies/outage-drain.toml";
