//! Family 19: broker specials.

use super::{Case, Said};

/// What the library says to a question of the family; `None`: nothing.
pub fn said(_case: &Case, _question: &str) -> Option<Said> {
    None
}
