//! What theory is asked: one station with everything that may be special about it. The
//! command line and the reading of models both speak in these nouns, and every method says from
//! them whether it applies.

use super::kendall::{exponential_mean, symbol};
use crate::dist::{Count, Dist};
use crate::model::{MarkovArrivals, Servers};

/// One station: what arrives, how it is served, and every feature that a formula must know of.
#[derive(Debug, Clone)]
pub struct Station {
    /// How messages arrive.
    pub arrivals: Input,
    /// How long service takes.
    pub service: Work,
    /// Parallel servers.
    pub servers: Servers,
    /// K: places in the whole system, those in service included; `None`: no limit.
    pub places: Option<u64>,
    /// N: sources of a finite population; the arrival rate is then that of one idle source.
    pub population: Option<u64>,
    /// Who is served next.
    pub discipline: Discipline,
    /// Everything else; by default nothing.
    pub features: Features,
}

/// How messages arrive.
#[derive(Debug, Clone)]
pub enum Input {
    /// Poisson, per second.
    Poisson(f64),
    /// Independent times between arrivals.
    Renewal(Dist),
    /// Independent times between arrivals of which only rate and scv are known (the G of G/G/c).
    Moments {
        /// Per second.
        rate: f64,
        /// Squared coefficient of variation of the time between arrivals.
        scv: f64,
    },
    /// A Markovian arrival process, MMPP among them.
    Markov(MarkovArrivals),
    /// Batches at the instants of a Poisson process.
    Batches {
        /// Batches per second.
        rate: f64,
        /// Messages in a batch.
        size: Count,
    },
}

impl Input {
    /// Messages per second.
    pub fn rate(&self) -> f64 {
        match self {
            Input::Poisson(rate) | Input::Moments { rate, .. } => *rate,
            Input::Renewal(interval) => 1.0 / interval.mean(),
            Input::Markov(process) => process.rate(),
            Input::Batches { rate, size } => rate * size.mean(),
        }
    }

    /// The rate, if it is a Poisson process in whatever form.
    pub fn poisson_rate(&self) -> Option<f64> {
        match self {
            Input::Poisson(rate) => Some(*rate),
            Input::Renewal(interval) => exponential_mean(interval).map(|mean| 1.0 / mean),
            Input::Markov(process) if process.phases == 1 => Some(process.rate()),
            Input::Moments { .. } | Input::Markov(_) | Input::Batches { .. } => None,
        }
    }

    /// Squared coefficient of variation of the time between arrivals, where they are independent.
    pub fn scv(&self) -> Option<f64> {
        match self {
            Input::Poisson(_) => Some(1.0),
            Input::Renewal(interval) => Some(interval.scv()),
            Input::Moments { scv, .. } => Some(*scv),
            Input::Markov(_) | Input::Batches { .. } => None,
        }
    }
}

/// How long service takes.
#[derive(Debug, Clone)]
pub enum Work {
    /// A law.
    Law(Dist),
    /// Only mean and scv are known (the G of G/G/c).
    Moments {
        /// Seconds.
        mean: f64,
        /// Squared coefficient of variation.
        scv: f64,
    },
}

impl Work {
    /// Mean, seconds.
    pub fn mean(&self) -> f64 {
        match self {
            Work::Law(law) => law.mean(),
            Work::Moments { mean, .. } => *mean,
        }
    }

    /// Squared coefficient of variation.
    pub fn scv(&self) -> f64 {
        match self {
            Work::Law(law) => law.scv(),
            Work::Moments { scv, .. } => *scv,
        }
    }

    /// Variance, seconds squared.
    pub(crate) fn variance(&self) -> f64 {
        match self {
            Work::Law(law) => law.variance(),
            Work::Moments { mean, scv } => scv * mean * mean,
        }
    }

    /// Kendall's letter for it: G where only moments are known.
    pub(crate) fn symbol(&self) -> String {
        self.law().map_or("G".to_string(), symbol)
    }

    /// The law, if it is known.
    pub fn law(&self) -> Option<&Dist> {
        match self {
            Work::Law(law) => Some(law),
            Work::Moments { .. } => None,
        }
    }
}

/// Who is served next, and whether service is interrupted for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Discipline {
    /// First come, first served.
    #[default]
    Fcfs,
    /// Last come, first served, without interruption.
    Lcfs,
    /// Last come, first served, interrupting; the interrupted resumes where it was.
    LcfsPreemptive,
    /// Any of those waiting, equally likely.
    Random,
    /// All at once, in equal shares (or by weights, with classes).
    ProcessorSharing,
    /// Shortest remaining processing time, interrupting.
    Srpt,
    /// Shortest job first, without interruption.
    Sjf,
    /// Shortest job first by its whole size, interrupting.
    Psjf,
    /// Foreground-background: the one that has been served least.
    Fb,
    /// By class, first class first, without interruption.
    Priority,
    /// By class, first class first, interrupting; the interrupted resumes where it was.
    PriorityPreemptive,
}

/// What may be special about a station; `None` and empty: it is not.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// Classes, the most urgent first. Their rates sum to the station's arrival rate.
    pub classes: Vec<Class>,
    /// Messages leave when they have waited this long.
    pub patience: Option<Patience>,
    /// A full station drops its oldest waiting message instead of the new one.
    pub drop_head: bool,
    /// Servers take several messages at once.
    pub bulk: Option<Bulk>,
    /// The server goes away when the station is empty.
    pub vacation: Option<Vacation>,
    /// The server is switched off when the station is empty, and needs this time to start.
    pub setup: Option<Dist>,
    /// The server starts only when this many wait, and then works until the station is empty.
    pub threshold: Option<u32>,
    /// The server fails and is repaired.
    pub breakdowns: Option<Breakdowns>,
    /// Messages come back after service.
    pub retry: Option<Retrying>,
    /// Messages that find no server try again later, from an orbit, instead of waiting.
    pub orbit: Option<Orbit>,
}

/// A feature that a station may have, by which a method says whether it knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StationFeature {
    /// Classes of messages.
    Classes,
    /// Messages that leave without service.
    Patience,
    /// The oldest waiting message is dropped for a new one.
    DropHead,
    /// Several messages are served at once.
    BulkService,
    /// Vacations of the server.
    Vacations,
    /// Set-up times of the server.
    SetUpTimes,
    /// A number of waiting messages with which service starts.
    StartThreshold,
    /// Breakdowns of the server.
    Breakdowns,
    /// Messages that come back after service.
    Retries,
    /// Messages that try again from an orbit.
    Orbit,
    /// A finite population of sources.
    FinitePopulation,
    /// A limit on places.
    LimitedPlaces,
}

/// One class of messages.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Poisson arrivals per second.
    pub rate: f64,
    /// Its service.
    pub service: Work,
    /// Its weight under discriminatory processor sharing (1 unless said otherwise).
    pub weight: f64,
}

/// How long messages wait at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Patience {
    /// Exponential with that mean, seconds.
    Exponential(f64),
    /// This long, seconds: a time to live that ends when service begins.
    Deterministic(f64),
}

/// Bulk service: one server takes up to `most` messages, whose common service time does not
/// depend on how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Most messages served together.
    pub most: u32,
    /// Fewest messages with which service begins.
    pub least: u32,
    /// Whether messages that arrive during service join it while there is room (Gross and Harris)
    /// or wait for the next (Bailey).
    pub joins: bool,
}

/// Vacations of a server that finds the station empty.
#[derive(Debug, Clone)]
pub struct Vacation {
    /// Length of one.
    pub length: Dist,
    /// Whether the server takes another one when it comes back to an empty station.
    pub repeated: bool,
}

/// Failures of the server.
#[derive(Debug, Clone)]
pub struct Breakdowns {
    /// Failures per second of working time, exponential.
    pub rate: f64,
    /// Time to repair.
    pub repair: Dist,
    /// Whether an idle server fails too.
    pub when_idle: bool,
    /// What becomes of the service that was interrupted.
    pub after: AfterRepair,
}

/// What becomes of an interrupted service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterRepair {
    /// It goes on where it was.
    Resume,
    /// It starts again, with a newly drawn time.
    RepeatDifferent,
    /// It starts again, with the same time.
    RepeatIdentical,
}

/// Messages that fail and come back.
#[derive(Debug, Clone)]
pub struct Retrying {
    /// Probability that an attempt fails.
    pub failure: f64,
    /// Attempts in all, the first included; then the message is a dead letter. `None`: no limit.
    pub most_attempts: Option<u32>,
    /// Time between attempts; `None`: none.
    pub backoff: Option<Dist>,
    /// Whether the message joins the tail of the queue again or keeps its server.
    pub to_tail: bool,
}

/// An orbit of messages that found no server free.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orbit {
    /// Attempts per second.
    pub rate: f64,
    /// Whether that is the rate of the whole orbit (constant) or of each message in it (classical).
    pub constant: bool,
}

impl Station {
    /// The plain station: first in first out, without limit, nothing special.
    pub fn new(arrivals: Input, service: Work, servers: Servers) -> Station {
        Station {
            arrivals,
            service,
            servers,
            places: None,
            population: None,
            discipline: Discipline::default(),
            features: Features::default(),
        }
    }

    /// Number of servers, if limited.
    pub fn c(&self) -> Option<u32> {
        match self.servers {
            Servers::Count(c) => Some(c),
            Servers::Unlimited => None,
        }
    }

    /// Offered work: arrival rate times mean service time, erlangs.
    pub fn offered_load(&self) -> f64 {
        self.arrivals.rate() * self.service.mean()
    }

    /// The features that are present.
    pub fn present(&self) -> Vec<StationFeature> {
        use StationFeature::{
            Breakdowns, BulkService, Classes, DropHead, FinitePopulation, LimitedPlaces, Orbit, Patience, Retries,
            SetUpTimes, StartThreshold, Vacations,
        };
        let f = &self.features;
        let all = [
            (Classes, !f.classes.is_empty()),
            (Patience, f.patience.is_some()),
            (DropHead, f.drop_head),
            (BulkService, f.bulk.is_some()),
            (Vacations, f.vacation.is_some()),
            (SetUpTimes, f.setup.is_some()),
            (StartThreshold, f.threshold.is_some()),
            (Breakdowns, f.breakdowns.is_some()),
            (Retries, f.retry.is_some()),
            (Orbit, f.orbit.is_some()),
            (FinitePopulation, self.population.is_some()),
            (LimitedPlaces, self.places.is_some()),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(feature, _)| feature).collect()
    }
}
