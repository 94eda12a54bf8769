//! What a method of solution is: a name, what its answer is worth, and a function that either
//! answers or says why it does not apply. Knows no particular method.

use super::problem::Station;
use super::steady::{Steady, Unstable};
use crate::row::Source;

/// One way to solve a station.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    /// Its name, as `explain` knows it.
    pub name: &'static str,
    /// Exact, approximation or bound.
    pub source: Source,
    /// Solves the station, or says why not.
    pub solve: fn(&Station) -> Result<Steady, Refusal>,
}

/// Why a method gives no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// An assumption of the method does not hold: which, in words and numbers.
    Assumption(String),
    /// The method applies, and its answer is that no steady state exists: why, and what would
    /// make one.
    Unstable(String),
    /// The parameters are no system at all (a negative rate, a place too few): why.
    Invalid(String),
}

impl From<String> for Refusal {
    fn from(reason: String) -> Refusal {
        Refusal::Assumption(reason)
    }
}

impl From<Unstable> for Refusal {
    fn from(unstable: Unstable) -> Refusal {
        let Unstable { offered_load, servers } = unstable;
        let factor = offered_load / f64::from(servers);
        Refusal::Unstable(format!(
            "{unstable}; stable with at least {:.0} servers, or with the arrival rate or the mean service time \
             divided by more than {factor:.6}",
            offered_load.floor() + 1.0,
        ))
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Refusal::Assumption(why) | Refusal::Unstable(why) | Refusal::Invalid(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for Refusal {}
