//! `lindley size`: the smallest system that meets its targets. Reads the question; finds nothing itself.

mod notation;

use super::args::size::SizeArgs;
use super::failure::Failure;
use super::output::print_result;
use super::{folder, load};
use crate::analytic::kendall::Notation;
use crate::experiment::Curves;
use crate::experiment::result::{ResultSet, Saved};

/// What was found, ready to print, and how the command ends.
struct Found {
    saved: Saved,
    end: Result<(), Failure>,
}

/// Finds what is asked, prints it, and answers by the exit code.
pub fn size(args: &SizeArgs) -> Result<(), Failure> {
    if let Some(folder) = &args.out {
        folder::prepare(folder)?;
    }
    let is_file = std::path::Path::new(&args.what).exists();
    let found = if Notation::is_meant(&args.what) && !is_file { notation::size(args)? } else { model(args)? };
    if let Some(folder) = &args.out {
        folder::save(&found.saved, folder, args.settings.quiet)?;
    }
    print_result(&found.saved.result, args.format, args.verbose)?;
    found.end
}

fn model(args: &SizeArgs) -> Result<Found, Failure> {
    let _ = load::source(&args.what)?;
    Err(Failure::Usage("not there yet".into()))
}

/// A result without curves or model.
fn alone(result: ResultSet) -> Saved {
    Saved { result, curves: Curves::default(), model: String::new() }
}
