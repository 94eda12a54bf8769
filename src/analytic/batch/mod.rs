//! Messages in groups: batch arrivals, bulk service, linger. Knows no network.

pub mod arrivals;
pub mod bulk;
pub mod general;
mod levels;
pub mod linger;
pub mod size;

use super::method::Method;
use super::page::Page;
use super::system::System;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
