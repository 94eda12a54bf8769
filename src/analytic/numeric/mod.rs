//! Numerics that several formulas share: Poisson probabilities, roots, quadrature, transforms and their
//! inversion, level crossings, moments, random sums of exponential phases, birth-death laws.

pub mod birth_death;
pub mod closed_transform;
pub(crate) mod crossing;
pub mod exponentials;
pub(crate) mod inversion;
pub(crate) mod kinks;
pub(crate) mod moments;
pub(crate) mod panels;
pub(crate) mod phases;
pub mod poisson;
pub(crate) mod poisson_sum;
pub(crate) mod quadrature;
pub(crate) mod root;
pub(crate) mod stable;
pub mod survival;
pub mod transform;
