//! The `[drain]` section of a study, as written. Pure data.

/// The `[drain]` section.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrainQuestion {}
