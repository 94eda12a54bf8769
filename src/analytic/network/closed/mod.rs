//! Closed and mixed networks: mean value analysis, convolution, approximations, bounds.

pub mod bounds;
pub(crate) mod choice;
pub mod convolution;
mod lattice;
pub mod linearizer;
pub mod mixed;
pub mod mva;
pub mod network;
mod of_classes;
mod of_one_class;
mod parameters;
pub mod schweitzer;
#[cfg(test)]
mod tests;
mod wide;

use crate::analytic::page::Page;
use crate::analytic::system::System;

/// The systems of this module.
pub const SYSTEMS: &[System] =
    &[of_one_class::CLOSED, of_classes::CLOSED_CLASSES, of_classes::MIXED, of_one_class::BOUNDS];

const BOUNDS: &str = include_str!("bounds.rs");
const MVA: &str = include_str!("mva.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "closed-network", source: include_str!("network.rs"), item: "pub struct ClosedNetwork" },
    Page { name: "mva", source: MVA, item: "pub fn mva(" },
    Page { name: "multi-server-mva", source: MVA, item: "pub fn multi_server_mva(" },
    Page { name: "convolution", source: include_str!("convolution.rs"), item: "pub fn convolution(" },
    Page { name: "bard-schweitzer", source: include_str!("schweitzer.rs"), item: "pub fn bard_schweitzer(" },
    Page { name: "linearizer", source: include_str!("linearizer.rs"), item: "pub fn linearizer(" },
    Page { name: "mixed-networks", source: include_str!("mixed.rs"), item: "pub fn mixed(" },
    Page { name: "asymptotic-bounds", source: BOUNDS, item: "pub fn asymptotic(" },
    Page { name: "balanced-job-bounds", source: BOUNDS, item: "pub fn balanced_job(" },
    Page { name: "proportional-bounds", source: BOUNDS, item: "pub fn proportional(" },
    Page { name: "geometric-bounds", source: BOUNDS, item: "pub fn geometric(" },
];
