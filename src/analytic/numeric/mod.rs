//! Numerics that several formulas share: Poisson probabilities, roots, quadrature, transforms and their
//! inversion, moments, random sums of exponential phases, birth-death laws. Knows no model.

use super::page::Page;

pub mod birth_death;
pub mod exponentials;
pub mod inversion;
pub(crate) mod kinks;
pub mod moments;
pub(crate) mod panels;
pub mod phases;
pub mod poisson;
pub mod pollaczek_khinchine;
pub(crate) mod quadrature;
pub(crate) mod root;
pub(crate) mod stable;
pub mod survival;
pub mod transform;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
