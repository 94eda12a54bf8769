//! What the reader asked to see: a quantity, and the parameters along the axes. Nothing asked is
//! what the targets speak of, or the times of the busiest queue.

use crate::row::Quantity;

/// Which quantity and which parameters to draw; what is left open is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// The quantity.
    pub metric: Option<Quantity>,
    /// Path of the parameter along the horizontal axis.
    pub x: Option<String>,
    /// Path of the parameter along the vertical axis.
    pub y: Option<String>,
}
