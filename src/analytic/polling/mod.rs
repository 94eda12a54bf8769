//! One server that goes round many queues.

use super::method::Method;
use super::page::Page;
use super::system::System;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
