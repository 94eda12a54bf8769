//! `lindley size`: the smallest system that meets its targets. Reads the question; finds nothing itself.

mod found;
mod model;
mod notation;

use super::args::size::SizeArgs;
use super::failure::Failure;
use super::folder;
use super::output::print_result;
use crate::analytic::kendall::Notation;

/// Finds what is asked, prints it, and answers by the exit code.
pub fn size(args: &SizeArgs) -> Result<(), Failure> {
    if let Some(folder) = &args.out {
        folder::prepare(folder)?;
    }
    let is_file = std::path::Path::new(&args.what).exists();
    let found = if Notation::is_meant(&args.what) && !is_file { notation::size(args)? } else { model::size(args)? };
    if let Some(folder) = &args.out {
        folder::save(&found.saved, folder, args.settings.quiet)?;
    }
    print_result(&found.saved.result, args.format, args.verbose)?;
    found.end
}
