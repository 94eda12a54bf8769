//! Numerics that several formulas share: Poisson probabilities, roots, transform inversion,
//! random sums of exponential phases. Knows no queue and no model.

use super::page::Page;

pub mod invert;
pub mod phases;
pub mod poisson;
pub(crate) mod root;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
