//! Open networks: Jackson, BCMP, and the decomposition of general ones.

use crate::analytic::page::Page;
use crate::analytic::system::System;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
