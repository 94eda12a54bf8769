//! What the engine remembers of a disruption.

use crate::model::{Disruption, Effect};
use crate::rng::{Purpose, Stream, Streams};

/// A disruption during a run.
#[derive(Debug, Clone)]
pub(super) struct DisruptionState {
    pub active: bool,
    pub burst: Option<BurstState>,
}

/// The messages that a burst publishes: a source of its own, so that the producer's numbers stay as they are.
#[derive(Debug, Clone)]
pub(super) struct BurstState {
    pub arrivals: Stream,
    pub choice: Stream,
    pub published: u32,
}

impl DisruptionState {
    /// A disruption that has not begun.
    pub(super) fn new(disruption: &Disruption, streams: &Streams) -> DisruptionState {
        // No entity has a blank in its name, so this one is nobody's.
        let open = |purpose| streams.open(&format!("disruption {}", disruption.name), purpose);
        let burst = || BurstState { arrivals: open(Purpose::Arrivals), choice: open(Purpose::Choice), published: 0 };
        DisruptionState { active: false, burst: matches!(disruption.effect, Effect::Burst { .. }).then(burst) }
    }

    /// Its streams.
    pub(super) fn streams(&mut self) -> impl Iterator<Item = &mut Stream> {
        self.burst.iter_mut().flat_map(|burst| [&mut burst.arrivals, &mut burst.choice])
    }
}
