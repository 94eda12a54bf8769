//! The charts of a sizing.

use crate::experiment::result::ResultSet;
use crate::report::chart::Chart;

/// The charts that have something to show.
pub(super) fn charts(_set: &ResultSet) -> Vec<Chart> {
    Vec::new()
}
