//! What every solved station has to say, whatever formula solved it, and why a station may
//! have nothing to say.

use super::law::TimeLaw;
use super::law::number::NumberLaw;
use super::problem::Work;
use crate::dist::Dist;
use crate::model::capacity::keeps_up;
use crate::row::{Metric, Statistic};
use crate::units::Unit;

/// The station cannot keep up: no steady state exists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unstable {
    /// Work that arrives, in erlangs (mean number of servers it would keep busy).
    pub offered_load: f64,
    /// Servers there are.
    pub servers: u32,
}

impl Unstable {
    /// Fails where so many servers cannot keep up with that load, or it is none (negative).
    pub(crate) fn unless_kept_up(offered_load: f64, servers: u32) -> Result<(), Unstable> {
        let stable = offered_load >= 0.0 && keeps_up(offered_load, f64::from(servers));
        if stable { Ok(()) } else { Err(Unstable { offered_load, servers }) }
    }
}

/// The steady state of one station. Times in seconds, rates per second; infinite where the
/// moment does not exist (heavy tails); `None` where the formula does not give the number.
#[derive(Debug, Clone, Default)]
pub struct Steady {
    /// Kendall's notation, as `M/M/3/12`.
    pub kendall: String,
    /// Messages offered per second.
    pub arrival_rate: f64,
    /// Messages that leave after service per second, acknowledged or given up.
    pub throughput: f64,
    /// Share of these that are given up after their last attempt.
    pub given_up: f64,
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
    /// law. The variance of the sojourn takes wait and service as independent, which they are in
    /// order of arrival; it is there if both variances are.
    ///
    /// ```
    /// use lindley::analytic::{Moments, Steady};
    /// let (service, wait) = (Moments::new(1.0, 1.0), Moments::of_mean(4.0));
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
        let carried = Steady::carried(kendall, (arrival_rate, arrival_rate), service, wait, method);
        Steady { utilization: servers.map(|c| carried.offered_load / f64::from(c)), ..carried }
    }

    /// A station that serves so many of the messages that arrive per second, from the wait of those:
    /// as [`Steady::served`], without the utilization.
    pub(crate) fn carried(
        kendall: impl Into<String>,
        (arrival_rate, throughput): (f64, f64),
        service: Moments,
        wait: Moments,
        method: &'static str,
    ) -> Steady {
        let sojourn = wait.plus(service);
        Steady {
            kendall: kendall.into(),
            arrival_rate,
            throughput,
            offered_load: arrival_rate * service.mean,
            queue_length: throughput * wait.mean,
            in_system: throughput * sojourn.mean,
            service: service.mean,
            wait: Some(wait),
            sojourn: Some(sojourn),
            method,
            ..Steady::default()
        }
    }

    /// Messages acknowledged per second.
    ///
    /// ```
    /// use lindley::analytic::{Moments, Steady};
    /// // One message in ten is refused by a full queue, one in four of the others fails for good.
    /// let served = Steady { arrival_rate: 10.0, throughput: 9.0, given_up: 0.25, ..Steady::default() };
    /// assert_eq!((served.acknowledged(), served.reliability()), (6.75, 0.675));
    /// ```
    pub fn acknowledged(&self) -> f64 {
        self.throughput * (1.0 - self.given_up)
    }

    /// Share of the messages that arrive which are acknowledged: what simulation estimates as
    /// acked / (published - in flight).
    pub fn reliability(&self) -> f64 {
        self.acknowledged() / self.arrival_rate
    }

    /// A station at which nobody waits, with that service: as [`Steady::carried`].
    pub(crate) fn without_wait(kendall: String, rates: (f64, f64), work: &Work, method: &'static str) -> Steady {
        let service = Moments::new(work.mean(), work.variance());
        Steady {
            prob_wait: Some(0.0),
            wait_law: Some(TimeLaw::Zero),
            sojourn_law: work.law().map(|law| TimeLaw::Service(law.clone())),
            ..Steady::carried(kendall, rates, service, Moments::ZERO, method)
        }
    }

    /// The probability of an event about a time or a number of messages; `None` where the method does not give it, and of
    /// what is no probability.
    ///
    /// ```
    /// use lindley::{analytic::station::mm1::Mm1, row::{Metric, Statistic}};
    /// // An oil change takes 12 minutes, 4 cars come an hour: more than three are there 41 % of the time.
    /// let shop = Mm1::new(4.0, 5.0).unwrap().steady();
    /// assert!((shop.probability(&Metric::InSystem, Statistic::Above(3.0)).unwrap() - 0.4096).abs() < 1e-15);
    /// assert!((shop.probability(&Metric::Wait, Statistic::AtMost(0.0)).unwrap() - 0.2).abs() < 1e-15);
    /// ```
    pub fn probability(&self, metric: &Metric, event: Statistic) -> Option<f64> {
        match metric {
            Metric::Wait => of_time(self.wait_law.as_ref()?, event),
            Metric::Sojourn => of_time(self.sojourn_law.as_ref()?, event),
            Metric::InSystem => self.number_law.as_ref()?.in_system(event),
            Metric::QueueLength => self.number_law.as_ref()?.waiting(event),
            _ => None,
        }
    }
}

fn of_time(law: &TimeLaw, event: Statistic) -> Option<f64> {
    match event {
        Statistic::Above(level) => Some(law.survival(level)),
        Statistic::AtMost(level) => Some(1.0 - law.survival(level)),
        Statistic::Equal(_) | Statistic::Mean | Statistic::Variance | Statistic::Quantile(_) => None,
        Statistic::Max | Statistic::Count | Statistic::Fraction => None,
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

    /// A variance in some unit.
    pub(crate) fn variance(name: impl Into<String>, value: f64, unit: Unit) -> Detail {
        Detail { statistic: Statistic::Variance, ..Detail::mean(name, value, unit) }
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

impl Moments {
    /// Of no time at all.
    pub(crate) const ZERO: Moments = Moments::new(0.0, 0.0);

    /// Both.
    pub const fn new(mean: f64, variance: f64) -> Moments {
        Moments { mean, variance: Some(variance) }
    }

    /// The mean alone.
    pub const fn of_mean(mean: f64) -> Moments {
        Moments { mean, variance: None }
    }

    /// Those of a law.
    pub(crate) fn of(law: &Dist) -> Moments {
        Moments::new(law.mean(), law.variance())
    }

    /// Of a time that a message has with that probability, and else none.
    pub(crate) fn by_chance(self, share: f64) -> Moments {
        let mean = share * self.mean;
        let variance = self.variance.map(|v| share * (v + self.mean * self.mean) - mean * mean);
        Moments { mean, variance }
    }

    /// Of the sum of two independent times.
    pub(crate) fn plus(self, other: Moments) -> Moments {
        let variance = self.variance.zip(other.variance).map(|(own, others)| own + others);
        Moments { mean: self.mean + other.mean, variance }
    }
}
