//! `lindley size`.

use super::args::size::SizeArgs;
use super::failure::Failure;
use super::load;

/// Not there yet.
pub fn size(args: &SizeArgs) -> Result<(), Failure> {
    let study = load::source(&args.what)?.study(true)?;
    let _ = study;
    Err(Failure::Usage("`size` is not there yet".to_string()))
}
