//! What the user may type after `solve`. Only syntax.

use super::asked::AskedArgs;
use super::settings::Format;
use clap::{Args, ValueEnum};

/// Options of `solve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SolveArgs {
    /// Kendall's notation A/S/c[/K[/N]][+P], a model file, the name of a system (see --list), or a
    /// file that names one (`system = "polling"`).
    #[arg(required_unless_present = "list")]
    pub what: Option<String>,
    /// List the named systems with their parameters, and the methods for stations.
    #[arg(long)]
    pub list: bool,
    /// Form of the result on standard output.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Quantiles of the times, as 0.5,0.99.
    #[arg(long, value_delimiter = ',', value_name = "P,P...")]
    pub quantiles: Vec<f64>,
    /// Solve by this method only (see --list).
    #[arg(long, value_name = "NAME")]
    pub method: Option<String>,
    #[command(flatten)]
    pub asked: AskedArgs,
    /// A table over the number of servers of a notation with c, one line each: M/M/c --servers 1:10, or 4:32:4.
    #[arg(long, value_name = "LOW:HIGH[:STEP]")]
    pub servers: Option<String>,
    /// Set a value of a model file (repeatable).
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Set a parameter of a named system, as queues=3 or 'service-rates=[1, 2]' (repeatable).
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Also say why each method that was not used does not apply.
    #[arg(short, long)]
    pub verbose: bool,
    /// No warnings.
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub station: StationArgs,
}

/// What is said of a station beside Kendall's notation.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The station, beside Kendall's notation")]
pub(crate) struct StationArgs {
    /// Messages per second that arrive, as 240/s (of one idle source where the population is finite).
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub arrival_rate: Option<String>,
    /// Messages per second that one busy server completes.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true, conflicts_with = "mean_service")]
    pub service_rate: Option<String>,
    /// Mean service time, as 10ms.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub mean_service: Option<String>,
    /// Squared coefficient of variation of the times between arrivals.
    #[arg(long, value_name = "SCV", allow_hyphen_values = true)]
    pub arrival_scv: Option<f64>,
    /// Squared coefficient of variation of the service time.
    #[arg(long, value_name = "SCV", allow_hyphen_values = true)]
    pub service_scv: Option<f64>,
    /// Mean patience of +M, or the time to live of +D.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub mean_patience: Option<String>,
    /// The arrival process in full, as in a model file: '{ mmpp = ... }', or a file with `arrivals = ...`.
    #[arg(long, value_name = "TOML|FILE")]
    pub arrivals: Option<String>,
    /// The service law in full, as in a model file: '{ lognormal = ... }', or a file with `service = ...`.
    #[arg(long, value_name = "TOML|FILE")]
    pub service: Option<String>,
    /// Who is served next; fcfs by default.
    #[arg(long, value_enum)]
    pub discipline: Option<OrderArg>,
    /// A class as name, rate and law, most urgent first: 'urgent 0.3/s M 1s' (w=2 for a weight; repeatable).
    #[arg(long, value_name = "CLASS")]
    pub class: Vec<String>,
    /// Messages come in batches: 5, geometric:5, poisson:5 or uniform:1-9 (the rate is that of messages).
    #[arg(long, value_name = "SIZE")]
    pub batch: Option<String>,
    /// The server takes up to this many messages at once.
    #[arg(long, value_name = "N")]
    pub bulk: Option<u32>,
    /// ... and starts with no fewer than this many.
    #[arg(long, value_name = "N", requires = "bulk", default_value_t = 1)]
    pub bulk_least: u32,
    /// ... and messages join a service in progress while there is room.
    #[arg(long, requires = "bulk")]
    pub bulk_joins: bool,
    /// The server takes vacations when it finds nothing: their law, as 'M 2s'.
    #[arg(long, value_name = "LAW")]
    pub vacation: Option<String>,
    /// ... only one at a time: back from it, the server waits for work.
    #[arg(long, requires = "vacation")]
    pub vacation_once: bool,
    /// The server is switched off when idle and needs this time to start, as 'D 4s'.
    #[arg(long, value_name = "LAW")]
    pub setup: Option<String>,
    /// An idle server starts when this many wait (N-policy).
    #[arg(long, value_name = "N")]
    pub threshold: Option<u32>,
    /// The server fails at this rate while it works.
    #[arg(long, value_name = "RATE", requires = "repair")]
    pub failure_rate: Option<String>,
    /// ... and is repaired in this time, as 'M 2s'.
    #[arg(long, value_name = "LAW", requires = "failure_rate")]
    pub repair: Option<String>,
    /// ... and fails when idle, too.
    #[arg(long, requires = "failure_rate")]
    pub fails_idle: bool,
    /// ... and the interrupted service then...
    #[arg(long, value_enum, requires = "failure_rate", default_value_t = Interrupted::Resume)]
    pub after_repair: Interrupted,
    /// An attempt fails with this probability, and the message comes back.
    #[arg(long, value_name = "P")]
    pub retry_probability: Option<f64>,
    /// ... this many attempts in all, then it is a dead letter.
    #[arg(long, value_name = "N", requires = "retry_probability")]
    pub max_attempts: Option<u32>,
    /// ... after this time, as 'M 5s'.
    #[arg(long, value_name = "LAW", requires = "retry_probability")]
    pub backoff: Option<String>,
    /// ... to the tail of the queue, or at once, keeping its server.
    #[arg(long, value_enum, requires = "retry_probability", default_value_t = Return::Tail)]
    pub retry_to: Return,
    /// Messages that find no server free try again from an orbit at this rate, instead of waiting.
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub orbit_rate: Option<String>,
    /// ... each by itself, or the orbit as a whole.
    #[arg(long, value_enum, requires = "orbit_rate", default_value_t = OrbitPolicy::Classical)]
    pub orbit: OrbitPolicy,
    /// A full station drops its oldest waiting message instead of the new one.
    #[arg(long)]
    pub drop_head: bool,
}

/// Disciplines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderArg {
    /// First come, first served.
    Fcfs,
    /// Last come, first served, without interruption.
    Lcfs,
    /// Last come, first served, interrupting.
    LcfsPr,
    /// Random order.
    Random,
    /// Processor sharing (by weights, with classes).
    Ps,
    /// Shortest remaining processing time.
    Srpt,
    /// Shortest job first.
    Sjf,
    /// Shortest job first, interrupting.
    Psjf,
    /// Foreground-background: least served first.
    Fb,
    /// By class, without interruption.
    Priority,
    /// By class, interrupting.
    PriorityPreemptive,
}

/// What becomes of an interrupted service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Interrupted {
    /// It goes on where it was.
    Resume,
    /// It starts again, with a new time.
    RepeatDifferent,
    /// It starts again, with the same time.
    RepeatIdentical,
}

/// Where a failed message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Return {
    /// To the tail of the queue.
    Tail,
    /// Nowhere: it keeps its server.
    Head,
}

/// How an orbit tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrbitPolicy {
    /// Each message at the given rate.
    Classical,
    /// The whole orbit at the given rate.
    Constant,
}

const EXAMPLES: &str = "Examples:
  lindley solve M/M/3 --arrival-rate 240/s --service-rate 100/s
  lindley solve M/LN/1 --arrival-rate 70/s --mean-service 10ms --service-scv 2.25 --quantiles 0.5,0.99
  lindley solve G/G/4 --arrival-rate 300/s --mean-service 12ms --arrival-scv 2 --service-scv 0.5
  lindley solve M/M/10+D --arrival-rate 12/s --mean-service 1s --mean-patience 250ms
  lindley solve M/M/1 --discipline srpt --arrival-rate 0.8/s --service-rate 1/s
  lindley solve models/01-mm1.toml
  lindley solve fork-join -p arrival-rate=0.5/s -p 'service-rates=[1, 1]'
  lindley solve --list";
