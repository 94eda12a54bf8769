//! What was found, before it is printed.

use crate::cli::failure::Failure;
use crate::experiment::Curves;
use crate::experiment::result::{ResultSet, Saved};

/// What was found, ready to print, and how the command ends.
pub(super) struct FoundSize {
    pub saved: Saved,
    pub end: Result<(), Failure>,
}

/// A result without curves or model.
pub(super) fn alone(result: ResultSet) -> Saved {
    Saved { result, curves: Curves::default(), model: String::new() }
}
