//! One self-contained page of a result, for people who did not run it.

use super::ReportError;
use crate::experiment::result::Saved;

/// The page.
pub fn page(_saved: &Saved) -> Result<String, ReportError> {
    Ok(String::new())
}
