//! How a system recovers from a disruption: by theory as a fluid, and by simulation. Pure data here;
//! what fills it stands beside.

pub(crate) mod course;
pub(crate) mod error;
pub(crate) mod impact;
pub(crate) mod inflow;
pub mod rows;
pub(crate) mod scenario;
pub(crate) mod search;
pub(crate) mod subject;
pub(crate) mod theory;
pub mod watch;

pub use error::DrainError;

use super::estimate::Interval;
use crate::model::study::drain::Incident;
use serde::{Deserialize, Serialize};

/// How a system recovers from a disruption. Times in seconds, on the clock of the run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Recovery {
    /// What disrupts it.
    pub disruption: RecoveryFrom,
    /// The queue that is looked at; null where there is no model.
    pub queue: Option<String>,
    /// Begin of the disruption.
    pub from: f64,
    /// Its end.
    pub until: f64,
    /// End of the picture, and of every replication.
    pub end: f64,
    /// The course as a fluid; null where the course is not that of a fluid.
    pub fluid: Option<FluidCourse>,
    /// Why there is none.
    pub no_fluid: Option<NoFluid>,
    /// The simulated course; null where nothing was simulated.
    pub simulated: Option<SimulatedCourse>,
    /// How long recovery may take from the end of the disruption.
    pub target: Option<f64>,
    /// Arrivals per second in the long run.
    pub load: f64,
    /// Messages served per second at most.
    pub capacity: f64,
    /// The least capacity that drains within the target by the fluid; null without a target or where none does.
    pub capacity_needed: Option<f64>,
    /// The same in servers; null where they are not known.
    pub servers_needed: Option<u32>,
    /// The drain time with Poisson arrivals and exponential services: its mean, and between what it lies nine
    /// times in ten; null where that is not known.
    pub by_chance: Option<Interval>,
    /// What the remedies are counted in.
    pub measure: RemedyMeasure,
    /// How much of it there is.
    pub present: f64,
    /// With this much or less it never drains; where clients publish again, it need not; null: none is enough.
    pub boundary: Option<f64>,
    /// Drain time against the measure, ascending.
    pub remedies: Vec<Remedy>,
    /// The fluid drain time in closer steps of the measure, where it drains.
    pub curve: Vec<Step>,
}

/// What a system recovers from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecoveryFrom {
    /// Messages that wait at the start.
    #[default]
    Backlog,
    /// What was asked for.
    Incident {
        /// What happens.
        what: Incident,
        /// At which consumer or producer; null where there is no model, or nobody in particular.
        whom: Option<String>,
    },
    /// Disruptions of the model, by name.
    Disruptions(Vec<String>),
}

/// Why the course of a backlog is not that of a fluid with the rates of its model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoFluid {
    /// Clients publish again what is not answered in time, so that arrivals depend on the wait.
    Retries {
        /// Whose clients.
        producer: String,
        /// How long they wait, seconds.
        timeout: f64,
        /// Publications of a request at most; null: without limit.
        attempts: Option<u32>,
        /// Arrivals per second where every request is published as often as that; null: without limit.
        most: Option<f64>,
    },
    /// Members of a closed population publish when they have their answer.
    Closed {
        /// The producer.
        producer: String,
    },
    /// It says that the backlog is soon gone, and no replication recovered.
    Contradicted {
        /// What it said, seconds.
        drain_time: f64,
        /// Replications.
        replications: u32,
    },
}

/// What remedies are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RemedyMeasure {
    /// Servers.
    #[default]
    Servers,
    /// Messages served per second.
    Capacity,
}

impl RemedyMeasure {
    /// `servers` or `capacity`.
    pub fn name(self) -> &'static str {
        match self {
            RemedyMeasure::Servers => "servers",
            RemedyMeasure::Capacity => "capacity",
        }
    }
}

/// A point of the fluid drain time against the measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// Servers, or capacity.
    pub amount: f64,
    /// Seconds.
    pub drain_time: f64,
}

/// A backlog as a fluid.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FluidCourse {
    /// Where the slope changes, until the end of the picture.
    pub corners: Vec<Corner>,
    /// Largest backlog, messages; null if it grows without end.
    pub peak: Option<f64>,
    /// When.
    pub peak_at: f64,
    /// From the end of the disruption until nothing waits; null if never.
    pub drain_time: Option<f64>,
    /// Total delay until then, message-seconds.
    pub delay: Option<f64>,
    /// Age of the oldest message at the peak.
    pub oldest: f64,
    /// Wait of a message that joins at the peak, with the full capacity from then on; null if there is no peak.
    pub wait: Option<f64>,
    /// Messages turned away by a full queue; null if that never ends.
    pub overflowed: Option<f64>,
    /// Messages that grew too old; null if that never ends.
    pub expired: Option<f64>,
    /// What is lost without end.
    pub endless: Option<EndlessLoss>,
}

/// What a queue in lasting overload loses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndlessLoss {
    /// From when on.
    pub since: f64,
    /// Messages per second that find the queue full.
    pub overflowing: f64,
    /// Messages per second that grow too old.
    pub expiring: f64,
}

/// A point of a course.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Corner {
    /// When.
    pub time: f64,
    /// Messages waiting.
    pub backlog: f64,
}

/// A backlog as simulated: ready messages over replications.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SimulatedCourse {
    /// Replications.
    pub replications: u32,
    /// Instants.
    pub time: Vec<f64>,
    /// Mean over replications.
    pub mean: Vec<f64>,
    /// Median.
    pub median: Vec<f64>,
    /// 5 % quantile.
    pub low: Vec<f64>,
    /// 95 % quantile.
    pub high: Vec<f64>,
    /// Mean backlog before the disruption: back at this level means recovered.
    pub level: f64,
    /// Largest backlog from the disruption on, mean over replications.
    pub peak: Option<Interval>,
    /// When it was reached.
    pub peak_at: Option<Interval>,
    /// From the end of the disruption until the backlog was first back at its level; null where some
    /// replications did not recover.
    pub drain_time: Option<Interval>,
    /// At least this long, where some did not.
    pub at_least: Option<f64>,
    /// Share of replications that recovered before the end.
    pub recovered: f64,
    /// Share that recovered within the target; null without one.
    pub in_time: Option<f64>,
}

/// What one size of the system would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Remedy {
    /// Servers, or capacity.
    pub amount: f64,
    /// Drain time as a fluid; null: never.
    pub fluid: Option<f64>,
    /// Simulated mean drain time; null where not simulated, or where some replications did not recover.
    pub simulated: Option<Interval>,
    /// Share of simulated replications that recovered; null where not simulated.
    pub recovered: Option<f64>,
    /// Whether it is what there is.
    pub present: bool,
    /// Whether it is the least that recovers within the target.
    pub answer: bool,
}
