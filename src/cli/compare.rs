//! `lindley compare`.

use super::args::compare::CompareArgs;
use super::failure::Failure;

/// Not there yet.
pub fn compare(_args: &CompareArgs) -> Result<(), Failure> {
    Err(Failure::Usage("`compare` is not there yet".to_string()))
}
