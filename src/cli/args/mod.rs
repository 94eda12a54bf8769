//! What the user may type. Only syntax: nothing here opens a file or runs anything.

pub(crate) mod asked;
pub(crate) mod compare;
pub(crate) mod drain;
pub(crate) mod plot;
pub(crate) mod sensitivity;
pub(crate) mod settings;
pub(crate) mod size;
pub(crate) mod solve;
pub(crate) mod sweep;
pub(crate) mod validate;

pub(super) use settings::{EngineArg, Format, Output, Settings};

use asked::AskedArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use compare::{CompareArgs, GateArgs};
use drain::DrainArgs;
use plot::{PlotArgs, ReportArgs};
use sensitivity::SensitivityArgs;
use size::SizeArgs;
use solve::SolveArgs;
use sweep::{MergeArgs, SweepArgs};
use validate::ValidateArgs;

/// Answer capacity questions about message systems before production does.
#[derive(Debug, Parser)]
#[command(name = "lindley", version, max_term_width = 100, arg_required_else_help = true, after_help = EXAMPLES)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub color: colorchoice_clap::Color,
}

const EXAMPLES: &str = "Examples:
  lindley run models/01-mm1.toml                      simulate, with theory beside
  lindley run models/01-mm1.toml --precision 1% -o out  until +-1 %, with charts
  lindley run models/01-mm1.toml --set consumers.workers.servers=2
  lindley solve M/M/3 --arrival-rate 240/s --service-rate 100/s    what theory says
  lindley check models/*.toml --expect                 do the models still say what they said?";

/// Whether an option was given.
pub(super) trait IsGiven {
    fn is_given(&self) -> bool;
}

impl<T> IsGiven for Option<T> {
    fn is_given(&self) -> bool {
        self.is_some()
    }
}

impl<T> IsGiven for Vec<T> {
    fn is_given(&self) -> bool {
        !self.is_empty()
    }
}

impl IsGiven for bool {
    fn is_given(&self) -> bool {
        *self
    }
}

/// Those of the fields whose options were given, as they are typed: `--n-minus-1`.
macro_rules! given {
    ($args:expr; $($field:ident),+ $(,)?) => {{
        let all = [$((stringify!($field), $crate::cli::args::IsGiven::is_given(&$args.$field))),+];
        let typed = all.into_iter().filter(|(_, given)| *given);
        typed.map(|(field, _)| format!("--{}", field.replace('_', "-"))).collect::<Vec<String>>()
    }};
}
pub(super) use given;

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Simulate a model to a precision; theory beside it wherever one exists.
    Run(RunArgs),
    /// Say what theory says: exact, a named approximation or bound, or why there is none.
    Solve(Box<SolveArgs>),
    /// Run a model at many settings: one resumable run, one tidy table.
    Sweep(Box<SweepArgs>),
    /// Join the shards of a sweep into its tables.
    Merge(MergeArgs),
    /// Find the smallest system that meets a target, with confidence.
    Size(Box<SizeArgs>),
    /// Say how large a backlog becomes, when it is gone, and what it takes to be back in time.
    Drain(Box<DrainArgs>),
    /// Say which of two models is better, and by how much, or which of several is the best.
    Compare(CompareArgs),
    /// Pass or fail a change: no worse than before, and within its targets.
    Gate(GateArgs),
    /// Say what matters most: how far a quantity moves with each parameter.
    Sensitivity(SensitivityArgs),
    /// Draw the charts of a folder of results.
    Plot(PlotArgs),
    /// Write one self-contained page (HTML) of a folder of results.
    Report(ReportArgs),
    /// Validate model files; with --expect also what they should yield.
    Check(CheckArgs),
    /// Count how often intervals cover, on models whose numbers are known exactly.
    Validate(ValidateArgs),
    /// Print a JSON Schema (draft-07).
    Schema {
        /// Of what.
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// Say what a metric, a method, a system or the code of a diagnostic means.
    Explain {
        /// What: `wait`, `erlang-c`, `polling`, `unknown-key`; without it, lists everything.
        what: Option<String>,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page (troff).
    Man,
}

/// Which schema to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// The model file.
    Model,
    /// The result of `run --format json`.
    Result,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Model file; `-` reads standard input.
    pub model: String,
    /// Estimate how rare an event is, by splitting: `orders.queue_length > 100`, `system.in_system > 50`, `orders.prob_loss`
    /// (to +-10 % unless --precision says otherwise).
    #[arg(long, value_name = "EVENT")]
    pub rare: Vec<String>,
    /// End after this time on the clock with what is finished, as 30s. What is printed then is not reproducible.
    #[arg(long, value_name = "TIME")]
    pub time_limit: Option<String>,
    #[command(flatten)]
    pub asked: AskedArgs,
    #[command(flatten)]
    pub settings: Settings,
    #[command(flatten)]
    pub output: Output,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Model files; `-` reads standard input.
    #[arg(required = true)]
    pub models: Vec<String>,
    /// Also simulate, and hold the result against `[expect]`.
    #[arg(long)]
    pub expect: bool,
    #[command(flatten)]
    pub settings: Settings,
}
