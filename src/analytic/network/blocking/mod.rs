//! Tandems with finite buffers, where a full one blocks the server before it.

pub mod decomposition;
pub mod line;
mod pair;
mod systems;
#[cfg(test)]
mod tests;
pub mod unlimited;

use crate::analytic::page::Page;
use crate::analytic::system::System;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[systems::TANDEM_BLOCKING, systems::CYCLE_BLOCKING];

const LINE: &str = include_str!("line.rs");

const PAIRS: &str = include_str!("decomposition.rs");

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "blocking-after-service", source: LINE, item: "pub fn blocking_after_service(" },
    Page { name: "blocking-in-a-cycle", source: LINE, item: "pub fn blocking_in_a_cycle(" },
    Page { name: "blocking-unlimited", source: include_str!("unlimited.rs"), item: "pub fn blocking_unlimited(" },
    Page { name: "blocking-decomposition", source: PAIRS, item: "pub fn blocking_decomposition(" },
];
