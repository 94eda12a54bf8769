//! Numerics that several formulas share: Poisson probabilities, roots, transform inversion,
//! random sums of exponential phases, birth-death laws. Knows no queue and no model.

use super::page::Page;

pub mod birth_death;
pub mod invert;
pub(crate) mod kinks;
pub(crate) mod panels;
pub mod phases;
pub mod poisson;
pub(crate) mod root;
pub(crate) mod stable;
pub mod transform;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
