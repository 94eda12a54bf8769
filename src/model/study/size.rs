//! The `[size]` section of a study, as written. Pure data.

/// The `[size]` section.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SizeQuestion {}
