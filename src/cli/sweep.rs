//! `lindley sweep`.

use super::args::sweep::{MergeArgs, SweepArgs};
use super::failure::Failure;

/// Not there yet.
pub fn sweep(_args: &SweepArgs) -> Result<(), Failure> {
    Err(Failure::Usage("`sweep` is not there yet".to_string()))
}

/// Not there yet.
pub fn merge(_args: &MergeArgs) -> Result<(), Failure> {
    Err(Failure::Usage("`merge` is not there yet".to_string()))
}
