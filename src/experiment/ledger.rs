//! What became of every message.

use crate::stats::accumulators;
use serde::{Deserialize, Serialize};

accumulators! {
    /// What became of every message, summed over replications, warm-up included:
    /// `published = acked + dead_lettered + expired + dropped + refused + unroutable + lost + in_flight`.
    ///
    /// A message that an exchange copies to several queues counts once per copy; one that its
    /// consumer publishes onward stays the same message (further copies count as published).
    #[derive(Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[allow(missing_docs)] // the names are the outcomes of the product's glossary
    pub struct Ledger {
        pub published: u64,
        pub acked: u64,
        pub dead_lettered: u64,
        pub expired: u64,
        pub dropped: u64,
        pub refused: u64,
        pub unroutable: u64,
        pub lost: u64,
        pub in_flight: u64,
    }
}

impl Ledger {
    /// Whether every message is accounted for.
    pub fn balances(&self) -> bool {
        let ended = self.acked + self.dead_lettered + self.expired + self.dropped;
        self.published == ended + self.refused + self.unroutable + self.lost + self.in_flight
    }
}
