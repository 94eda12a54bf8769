//! `lindley gate`.

use super::args::compare::GateArgs;
use super::failure::Failure;

/// Not there yet.
pub fn gate(_args: &GateArgs) -> Result<(), Failure> {
    Err(Failure::Usage("`gate` is not there yet".to_string()))
}
