//! Why a method gives no answer, by type: whoever decides looks at the variants. The sentences are
//! made in `report::refusal`.

use super::method_id::MethodId;
use super::problem::{Discipline, StationFeature};
use super::steady::Unstable;

/// Why a method gives no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The station has features that the method does not know.
    Features(Vec<StationFeature>),
    /// The station lacks the feature that the method is for.
    Missing(StationFeature),
    /// The station serves in another order than the method assumes.
    Discipline {
        /// The order of the station.
        is: Discipline,
        /// The order that the method assumes.
        wanted: Discipline,
    },
    /// The number of servers is not limited.
    UnlimitedServers,
    /// There are this many servers, and the method is for one.
    NotOneServer(u32),
    /// Arrivals are other than the method assumes.
    Arrivals {
        /// What they are.
        are: ArrivalsAre,
        /// What the method assumes.
        wanted: ArrivalsWanted,
    },
    /// Service is other than the method assumes.
    Service {
        /// What it is.
        is: ServiceIs,
        /// What the method assumes.
        wanted: ServiceWanted,
    },
    /// A number is larger than the method is made for.
    TooLarge {
        /// Which number.
        what: Counted,
        /// How large it is.
        is: u64,
        /// The largest for which the method answers.
        most: u64,
    },
    /// Another method answers the same, and better.
    Better(MethodId),
    /// An assumption of this one method does not hold: which.
    Assumption(String),
    /// The method applies, and double precision or memory do not suffice: for what.
    Numerics(String),
    /// The method applies, and its answer is that no steady state exists.
    Unstable(Instability),
    /// The parameters are no system at all (a negative rate, a place too few): why.
    Invalid(String),
}

impl Refusal {
    /// No steady state exists, for a reason of this one system: which, and what would make one.
    pub fn unstable(why: String) -> Refusal {
        Refusal::Unstable(Instability::Special(why))
    }

    /// The parameters are no system: why.
    pub fn invalid(why: impl Into<String>) -> Refusal {
        Refusal::Invalid(why.into())
    }

    /// Fails as [`Invalid`](Refusal::Invalid) unless the parameters meet a condition: which.
    pub(super) fn unless(holds: bool, why: impl FnOnce() -> String) -> Result<(), Refusal> {
        if holds { Ok(()) } else { Err(Refusal::Invalid(why())) }
    }

    /// Whether it only says that the method is meant for stations of another kind.
    pub fn is_foreign(&self) -> bool {
        use Refusal::{Discipline, Features, Missing, UnlimitedServers};
        matches!(self, Features(_) | Missing(_) | Discipline { .. } | UnlimitedServers)
    }
}

impl From<String> for Refusal {
    fn from(assumption: String) -> Refusal {
        Refusal::Assumption(assumption)
    }
}

impl From<Unstable> for Refusal {
    fn from(unstable: Unstable) -> Refusal {
        Refusal::Unstable(Instability::Servers(unstable))
    }
}

impl From<Instability> for Refusal {
    fn from(overload: Instability) -> Refusal {
        Refusal::Unstable(overload)
    }
}

/// What the arrivals of a station are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ArrivalsAre {
    /// A Poisson process.
    Poisson,
    /// Independent times between arrivals of this law.
    Renewal {
        /// The law's name.
        law: &'static str,
        /// Its squared coefficient of variation.
        scv: f64,
    },
    /// Known by rate and squared coefficient of variation only.
    Moments {
        /// The squared coefficient of variation.
        scv: f64,
    },
    /// A Markovian process of this many phases.
    Markovian {
        /// How many.
        phases: usize,
    },
    /// Batches.
    Batches {
        /// Mean number of messages in one.
        mean: f64,
    },
}

/// What a method assumes of arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalsWanted {
    /// A Poisson process.
    Poisson,
    /// Times between arrivals that do not depend on each other.
    Independent,
    /// A known law of the times between arrivals.
    Law,
    /// A law of phase type.
    PhaseType,
    /// Batches.
    Batches,
}

/// What the service of a station is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ServiceIs {
    /// A law.
    Law {
        /// Its name.
        name: &'static str,
        /// Its squared coefficient of variation.
        scv: f64,
    },
    /// Known by mean and squared coefficient of variation only.
    Moments {
        /// The squared coefficient of variation.
        scv: f64,
    },
}

/// What a method assumes of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceWanted {
    /// Exponential.
    Exponential,
    /// Always the same.
    Constant,
    /// A known law.
    Law,
    /// A law of phase type.
    PhaseType,
}

/// What may be too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Servers.
    Servers,
    /// Places in the system.
    Places,
    /// Places for waiting.
    WaitingPlaces,
    /// Messages served together.
    ServedTogether,
    /// Attempts of a message.
    Attempts,
    /// Sources of a finite population.
    Sources,
}

impl Counted {
    /// The refusal of so many, where at most `most` can be solved.
    pub(super) fn too_many(self, is: u64, most: u64) -> Refusal {
        Refusal::TooLarge { what: self, is, most }
    }

    /// Refuses more than `most`.
    pub(super) fn at_most(self, is: u64, most: u64) -> Result<(), Refusal> {
        if is > most { Err(self.too_many(is, most)) } else { Ok(()) }
    }
}

/// Why no steady state exists, and what would make one.
#[derive(Debug, Clone, PartialEq)]
pub enum Instability {
    /// More work arrives than the servers can do.
    Servers(Unstable),
    /// All attempts of the messages are more work than the servers can do.
    Attempts {
        /// The work of all attempts.
        load: Unstable,
        /// Attempts of a message, on average.
        mean: f64,
        /// Attempts per second.
        rate: f64,
    },
    /// Every attempt fails and attempts have no limit.
    EndlessAttempts,
    /// More messages arrive than are served together.
    Bulk {
        /// Messages per second.
        arrival_rate: f64,
        /// Mean service time, seconds.
        service: f64,
        /// Most messages served together.
        most: u32,
    },
    /// With failures and repairs a message occupies the server for too long.
    Interruptions {
        /// The load, completion times counted.
        load: f64,
    },
    /// A service that starts again with the same time never ends, on average.
    EndlessRepetition {
        /// Failures per second of work.
        failure_rate: f64,
    },
    /// Messages come to the orbit faster than they leave it.
    Orbit {
        /// Share of time that the server would be busy.
        utilization: f64,
        /// What that share must stay below.
        limit: f64,
        /// Messages per second.
        arrival_rate: f64,
    },
    /// A class, with those above it, brings more work than the servers can do.
    Class(UnstableClass),
    /// Of this one system: why, and what would make one.
    Special(String),
}

impl From<String> for Instability {
    fn from(why: String) -> Instability {
        Instability::Special(why)
    }
}

/// The most urgent class without a steady state.
#[derive(Debug, Clone, PartialEq)]
pub struct UnstableClass {
    /// Its name.
    pub class: String,
    /// The work that it brings with those above it, erlangs.
    pub load: f64,
    /// Servers there are.
    pub servers: u32,
    /// It has a steady state with its arrival rate below this, per second.
    pub stable_below: f64,
    /// All classes have one with at least this many servers.
    pub servers_for_all: f64,
    /// The classes above it: name, mean wait and mean sojourn, seconds.
    pub stable: Vec<(String, f64, f64)>,
}
