//! What a method of solution is: which one, what its answer is worth, what leaves the station, and a
//! function that either answers or says why it does not apply.

pub(crate) use super::method_id::{MethodId, UnknownMethod};
use super::mistakes::mistakes;
use super::problem::Station;
pub use super::refusal::Refusal;
use super::steady::Steady;
use crate::row::Source;

/// What is known of the stream of messages that leave a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departures {
    /// A Poisson process: M/M/c without limit (Burke 1956) and M/G/inf (Mirasol 1963).
    Poisson,
    /// Not known to be one.
    Unknown,
}

/// One way to solve a station.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// Which one.
    pub id: MethodId,
    /// Exact, approximation or bound.
    pub source: Source,
    /// What leaves a station that it solves.
    pub departures: Departures,
    /// Solves a station without mistakes, or says why not.
    formula: fn(&Station) -> Result<Steady, Refusal>,
}

/// A method with what it says.
#[derive(Debug, Clone)]
pub struct SolvedStation {
    /// The method.
    pub method: &'static Method,
    /// Its answer.
    pub steady: Steady,
}

impl Method {
    /// Solves the station, or says why not.
    pub fn solve(&self, station: &Station) -> Result<Steady, Refusal> {
        match mistakes(station) {
            none if none.is_empty() => self.apply(station),
            found => Err(Refusal::Invalid(found.join("; "))),
        }
    }

    /// Solves a station whose numbers make sense.
    pub(super) fn apply(&self, station: &Station) -> Result<Steady, Refusal> {
        (self.formula)(station)
    }

    const fn new(id: MethodId, source: Source, formula: fn(&Station) -> Result<Steady, Refusal>) -> Method {
        Method { id, source, departures: Departures::Unknown, formula }
    }

    /// An exact method.
    pub(super) const fn exact(id: MethodId, formula: fn(&Station) -> Result<Steady, Refusal>) -> Method {
        Method::new(id, Source::Exact, formula)
    }

    /// An approximation.
    pub(super) const fn approximation(id: MethodId, formula: fn(&Station) -> Result<Steady, Refusal>) -> Method {
        Method::new(id, Source::Approximation, formula)
    }

    /// A bound.
    pub(super) const fn bound(id: MethodId, formula: fn(&Station) -> Result<Steady, Refusal>) -> Method {
        Method::new(id, Source::Bound, formula)
    }

    /// The same method, of whose stations messages leave as a Poisson process.
    pub(super) const fn with_poisson_departures(self) -> Method {
        Method { departures: Departures::Poisson, ..self }
    }
}
