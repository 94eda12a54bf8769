//! `lindley report`: writes one self-contained page of a folder of results.

use super::args::plot::ReportArgs;
use super::failure::Failure;
use super::folder;
use crate::report::html;

/// Writes the page.
pub fn report(args: &ReportArgs) -> Result<(), Failure> {
    let saved = folder::read(&args.results)?;
    folder::write_file(&args.out, html::page(&saved)?.as_bytes())
}
