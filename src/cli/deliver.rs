//! How a result leaves a command: said in sentences, saved, printed.

use super::args::Output;
use super::failure::Failure;
use super::folder;
use super::output::print_result;
use crate::experiment::result::{ResultSet, Saved};
use crate::report::answered;

/// Says in sentences what a result answers, writes its directory if one is wanted, and prints it.
pub(super) fn deliver(saved: Saved, output: &Output, quiet: bool) -> Result<ResultSet, Failure> {
    let saved = Saved { result: answered(saved.result), ..saved };
    if let Some(out) = &output.out {
        folder::save(&saved, out, quiet)?;
    }
    print_result(&saved.result, output.format, output.verbose)?;
    Ok(saved.result)
}
