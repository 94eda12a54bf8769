//! `lindley drain`.

use super::args::drain::DrainArgs;
use super::failure::Failure;
use super::load;

/// Not there yet.
pub fn drain(args: &DrainArgs) -> Result<(), Failure> {
    let study = load::source(args.model.as_deref().unwrap_or("-"))?.study(true)?;
    let _ = study;
    Err(Failure::Usage("`drain` is not there yet".to_string()))
}
