//! Lowers `[[sweep]]` blocks.

use crate::model::file::reader::Node;
use crate::model::study::SweepBlock;

/// The blocks of `[[sweep]]`.
pub(super) fn sweeps(node: &Node<'_>) -> Option<Vec<SweepBlock>> {
    node.each(|_| Some(SweepBlock::default()))
}
