//! Lowers `[drain]`.

use crate::model::file::reader::Node;
use crate::model::study::DrainQuestion;

/// The `[drain]` section.
pub(super) fn drain(_node: &Node<'_>) -> Option<DrainQuestion> {
    Some(DrainQuestion::default())
}
