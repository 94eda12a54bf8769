//! Entry point: hands the arguments to [`lindley::cli`] and returns its exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    lindley::cli::main()
}
