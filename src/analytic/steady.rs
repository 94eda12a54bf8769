//! What every solved station has to say, whatever formula solved it, and why a station may
//! have nothing to say.

use super::law::TimeLaw;
use crate::row::Statistic;
use crate::units::Unit;
use std::fmt;
use std::sync::Arc;

/// The station cannot keep up: no steady state exists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unstable {
    /// Work that arrives, in erlangs (mean number of servers it would keep busy).
    pub offered_load: f64,
    /// Servers there are.
    pub servers: u32,
}

/// The steady state of one station. Times in seconds, rates per second; infinite where the
/// moment does not exist (heavy tails); `None` where the formula does not give the number.
#[derive(Debug, Clone, Default)]
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
    /// Distribution of the number waiting or in service.
    pub number_law: Option<NumberLaw>,
    /// Share of messages that leave before service begins; `None` where nobody does.
    pub prob_abandon: Option<f64>,
    /// One entry a class, where classes differ; the fields above are then averages over them.
    pub classes: Vec<ClassSteady>,
    /// What only this formula has to say.
    pub details: Vec<Detail>,
    /// Name of the formula and where to read it.
    pub method: &'static str,
}

impl Steady {
    /// A station in which every message is served, from its wait: the rest follows from Little's
    /// law. `service` is the mean and variance of the service time; the variance of the sojourn is
    /// left out, as not every formula has wait and service independent.
    ///
    /// ```
    /// use lindley::analytic::{Moments, Steady};
    /// let service = Moments { mean: 1.0, variance: Some(1.0) };
    /// let wait = Moments { mean: 4.0, variance: None };
    /// let mm1 = Steady::served("M/M/1", 0.8, service, wait, Some(1), "M/M/1");
    /// assert!((mm1.queue_length - 3.2).abs() < 1e-15 && (mm1.in_system - 4.0).abs() < 1e-15);
    /// ```
    pub fn served(
        kendall: impl Into<String>,
        arrival_rate: f64,
        service: Moments,
        wait: Moments,
        servers: Option<u32>,
        method: &'static str,
    ) -> Steady {
        let offered_load = arrival_rate * service.mean;
        let sojourn = wait.mean + service.mean;
        Steady {
            kendall: kendall.into(),
            arrival_rate,
            throughput: arrival_rate,
            offered_load,
            utilization: servers.map(|c| offered_load / f64::from(c)),
            queue_length: arrival_rate * wait.mean,
            in_system: arrival_rate * sojourn,
            service: service.mean,
            wait: Some(wait),
            sojourn: Some(Moments { mean: sojourn, variance: None }),
            method,
            ..Steady::default()
        }
    }
}

/// The law of the number of messages at a station, as a function that computes P(N = n).
#[derive(Clone)]
pub struct NumberLaw(Arc<dyn Fn(u64) -> f64 + Send + Sync>);

impl NumberLaw {
    /// The law with these probabilities.
    pub fn new(probability: impl Fn(u64) -> f64 + Send + Sync + 'static) -> NumberLaw {
        NumberLaw(Arc::new(probability))
    }

    /// P(N = n).
    pub fn probability(&self, n: u64) -> f64 {
        (self.0)(n)
    }
}

impl fmt::Debug for NumberLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberLaw")
    }
}

/// The steady state of one class of messages at a station. Times in seconds, rates per second.
#[derive(Debug, Clone, Default)]
pub struct ClassSteady {
    /// Its name.
    pub name: String,
    /// Messages of the class offered per second.
    pub arrival_rate: f64,
    /// Mean number waiting.
    pub queue_length: Option<f64>,
    /// Mean number waiting or in service.
    pub in_system: Option<f64>,
    /// Wait until service first begins.
    pub wait: Option<Moments>,
    /// Sojourn.
    pub sojourn: Option<Moments>,
    /// What only this formula has to say of the class.
    pub details: Vec<Detail>,
}

/// A number that only one formula has, as the root sigma of GI/M/c.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Lower-case name, words joined by `_`; the row's metric is `detail.` and this name.
    pub name: String,
    /// Mean, fraction...
    pub statistic: Statistic,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

impl Detail {
    /// A mean in some unit.
    pub fn mean(name: impl Into<String>, value: f64, unit: Unit) -> Detail {
        Detail { name: name.into(), statistic: Statistic::Mean, value, unit }
    }

    /// A probability or share.
    pub fn fraction(name: impl Into<String>, value: f64) -> Detail {
        Detail { name: name.into(), statistic: Statistic::Fraction, value, unit: Unit::One }
    }
}

/// Mean and variance of a time; infinite where they do not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Seconds.
    pub mean: f64,
    /// Seconds squared; `None` where the formula does not give it.
    pub variance: Option<f64>,
}
