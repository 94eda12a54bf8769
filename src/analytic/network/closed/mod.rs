//! Closed and mixed networks: mean value analysis, convolution, approximations, bounds.

use crate::analytic::page::Page;
use crate::analytic::system::System;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[];

/// What `explain` says of this module.
pub const PAGES: &[Page] = &[];
