//! One server that goes round many queues.

pub mod conservation;
pub mod cyclic;
mod systems;

use super::page::Page;
use super::system::System;

/// The systems of this module.
pub const SYSTEMS: &[System] = systems::SYSTEMS;

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[
    Page { name: "polling", source: include_str!("cyclic.rs"), item: "pub fn mean_waits(" },
    Page { name: "pseudo-conservation", source: include_str!("conservation.rs"), item: "pub fn weighted_wait(" },
    Page { name: "polling-1-limited", source: include_str!("conservation.rs"), item: "pub fn one_limited(" },
];
