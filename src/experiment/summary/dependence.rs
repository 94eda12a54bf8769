//! How the messages of a run depend on each other, whether there is a steady state to speak of, and what follows for a
//! number: that it is refused, or open above.

use crate::row::{NoValue, Row};
use crate::stats::Enough;

/// What a mean of steady state takes: what a shorter run shows is chance.
pub(super) const SHORTEST: Enough = Enough { needed: 60.0, ample: 120.0 };

/// What speaks for and against the steady state of a queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct SteadyState {
    /// Independent waits about the median: whether the run is long enough to speak of.
    pub independent: f64,
    /// Messages per second by which the queue grows over the run beyond chance, else 0.
    pub growth: f64,
}

impl SteadyState {
    /// Of what is not doubted.
    pub(super) const CERTAIN: SteadyState = SteadyState { independent: f64::INFINITY, growth: 0.0 };
}

/// How messages of one kind depend on each other, and how long the run is by that measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dependence {
    /// Times that make one independent one.
    pub dispersion: f64,
    /// How many dispersions long the run is.
    pub length: f64,
    /// Number of times.
    pub n: f64,
    /// Whether there is a steady state to speak of.
    pub steady: SteadyState,
}

impl Dependence {
    /// Of what does not depend on the past.
    pub(super) const NONE: Dependence =
        Dependence { dispersion: 1.0, length: f64::INFINITY, n: f64::INFINITY, steady: SteadyState::CERTAIN };

    /// Why a number is refused that takes so many independent waits.
    pub(super) fn refusal(self, needed: f64) -> Option<NoValue> {
        let Dependence { n, steady, .. } = self;
        if steady.growth > 0.0 {
            return Some(NoValue::Grows { per_second: steady.growth });
        }
        let too_short = || NoValue::TooShort { n: n as u64, needed: (n * needed / steady.independent).ceil() as u64 };
        (steady.independent < needed).then(too_short)
    }

    /// The row where the run is long enough for it: refused below what is needed, open above below what is ample.
    pub(super) fn admit(self, row: Row, enough: Enough) -> Row {
        match self.refusal(enough.needed) {
            Some(why) => row.refused(why),
            None if self.steady.independent < enough.ample => Row { high: None, ..row },
            None => row,
        }
    }
}
