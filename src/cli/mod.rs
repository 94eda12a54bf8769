//! The command line: the only layer that opens files and prints.

use std::process::ExitCode;

/// Runs the program on the process arguments.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
