//! Lowers `[size]`.

use crate::model::file::reader::Node;
use crate::model::study::SizeQuestion;

/// The `[size]` section.
pub(super) fn size(_node: &Node<'_>) -> Option<SizeQuestion> {
    Some(SizeQuestion::default())
}
