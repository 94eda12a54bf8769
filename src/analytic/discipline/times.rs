//! The times of one message under a discipline that interrupts.

use crate::analytic::steady::Moments;

/// Wait until service first begins, and sojourn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeTimes {
    /// Wait until the first start, seconds.
    pub wait: Moments,
    /// Sojourn, seconds.
    pub sojourn: Moments,
}
