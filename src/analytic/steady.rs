//! What every solved station has to say, whatever formula solved it, and why a station may
//! have nothing to say. Knows no model.

use super::law::TimeLaw;
use std::fmt;

/// The station cannot keep up: no steady state exists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unstable {
    /// Work that arrives, in erlangs (mean number of servers it would keep busy).
    pub offered_load: f64,
    /// Servers there are.
    pub servers: u32,
}

impl fmt::Display for Unstable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utilization = self.offered_load / f64::from(self.servers);
        write!(
            f,
            "offered load {:.6} erlangs on {} server{}: utilization {utilization:.6} is not below 1, so no steady state exists",
            self.offered_load,
            self.servers,
            if self.servers == 1 { "" } else { "s" },
        )
    }
}

impl std::error::Error for Unstable {}

/// The steady state of one station. Times in seconds, rates per second; infinite where the
/// moment does not exist (heavy tails); `None` where the formula does not give the number.
#[derive(Debug, Clone)]
pub struct Steady {
    /// Kendall's notation, as `M/M/3/12`.
    pub kendall: String,
    /// Messages offered per second.
    pub arrival_rate: f64,
    /// Messages served per second.
    pub throughput: f64,
    /// Offered work: arrival rate times mean service time, erlangs.
    pub offered_load: f64,
    /// Fraction of servers busy; `None` with unlimited servers.
    pub utilization: Option<f64>,
    /// Share of (accepted) messages that find no free server.
    pub prob_wait: Option<f64>,
    /// Share of messages lost to the full queue; `None` where nothing can be lost.
    pub prob_loss: Option<f64>,
    /// Mean number waiting.
    pub queue_length: f64,
    /// Mean number waiting or in service.
    pub in_system: f64,
    /// Mean service time.
    pub service: f64,
    /// Wait of an accepted message.
    pub wait: Option<Moments>,
    /// Sojourn of an accepted message.
    pub sojourn: Option<Moments>,
    /// Distribution of the wait.
    pub wait_law: Option<TimeLaw>,
    /// Distribution of the sojourn.
    pub sojourn_law: Option<TimeLaw>,
    /// Name of the formula and where to read it.
    pub method: &'static str,
}

/// Mean and variance of a time; infinite where they do not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Seconds.
    pub mean: f64,
    /// Seconds squared; `None` where the formula does not give it.
    pub variance: Option<f64>,
}
