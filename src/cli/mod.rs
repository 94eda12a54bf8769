//! The command line: the only layer that opens files and prints. Results go to standard
//! output, everything else to standard error.

#[macro_use]
mod failure;
mod args;
mod asked;
mod check;
mod compare;
mod deliver;
mod drain;
mod explain;
mod folder;
mod gate;
mod leftover;
mod load;
mod output;
mod plot;
mod progress;
mod report;
mod run;
mod saved;
mod sensitivity;
mod size;
mod solve;
mod sweep;
mod validate;

use args::{Cli, Command, SchemaOf};
use clap::{CommandFactory, Parser};
use failure::Failure;
use output::{print, print_bytes};
use std::process::ExitCode;

/// Runs the program on the process arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.write_global();
    match execute(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            anstream::eprintln!("lindley: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn execute(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(args) => run::run(&args),
        Command::Solve(args) => solve::solve(&args),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Merge(args) => sweep::merge(&args),
        Command::Size(args) => size::size(&args),
        Command::Drain(args) => drain::drain(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Gate(args) => gate::gate(&args),
        Command::Sensitivity(args) => sensitivity::sensitivity(&args),
        Command::Plot(args) => plot::plot(&args),
        Command::Report(args) => report::report(&args),
        Command::Check(args) => check::check(&args),
        Command::Validate(args) => validate::validate(&args),
        Command::Schema { of } => print(&schema(of)),
        Command::Explain { what } => explain::explain(what.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "lindley", &mut script);
            print_bytes(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|e| Failure::Runtime(e.to_string()))?;
            print_bytes(&page)
        }
    }
}

fn schema(of: SchemaOf) -> String {
    let schema = match of {
        SchemaOf::Model => crate::model::file::schema::schema(),
        SchemaOf::Result => crate::report::schema::result_schema(),
    };
    format!("{schema:#}\n")
}
