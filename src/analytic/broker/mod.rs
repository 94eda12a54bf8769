//! What brokers do that textbooks do not: drop-head, prefetch, partitions, joining the shortest queue.

pub mod deterministic;
pub mod drop_head;
pub mod partitions;
pub mod power_of_d;
pub mod prefetch;
pub mod restart;
pub mod round_robin;
pub mod shortest_queue;

use super::method::Method;
use super::page::Page;
use super::system::System;

/// The methods of this module, in the order in which they are tried.
pub const METHODS: &[Method] = &[];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
