//! Messages that split: fork and join, split and merge, k of n. Knows no other network.

pub mod two_branches;

use super::method::Method;
use super::page::Page;
use super::system::System;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
