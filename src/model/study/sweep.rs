//! One `[[sweep]]` block of a study, as written. Pure data.

/// One `[[sweep]]` block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SweepBlock {}
