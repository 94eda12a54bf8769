//! Families 08 and 09: priorities and other disciplines.

use super::Case;

/// What the library says to a question of the family; `None`: nothing.
pub fn value(_case: &Case, _question: &str) -> Option<f64> {
    None
}
