//! Stations that serve their classes in order of urgency, solved by the formulas of `cobham`,
//! `preemptive` and `many_servers`.

use super::cobham::NonPreemptive;
use super::flow::{Flow, Load};
use super::many_servers::{NonPreemptiveMmc, PreemptiveMmc};
use super::parts;
use super::preemptive::PreemptiveResume;
use super::unequal::PriorityMgc;
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Class, Discipline, Station, StationFeature};
use crate::analytic::refusal::{Instability, UnstableClass};
use crate::analytic::steady::{ClassSteady, Detail, Moments, Steady};
use crate::model::capacity::servers_for;
use crate::units::Unit;

/// A station with classes: what arrives, and on how many servers.
struct Prioritised {
    classes: Vec<Class>,
    flows: Vec<Flow>,
    servers: u32,
}

impl Prioritised {
    fn read(station: &Station, discipline: Discipline) -> Result<Prioritised, Refusal> {
        let lambda = parts::rate(station, discipline, &[StationFeature::Classes])?;
        let (classes, flows) = parts::classes(station, lambda);
        Ok(Prioritised { classes, flows, servers: station.limited_servers()? })
    }

    fn one_server(self) -> Result<Prioritised, Refusal> {
        match self.servers {
            1 => Ok(self),
            c => Err(Refusal::NotOneServer(c)),
        }
    }

    fn rates(&self) -> Vec<f64> {
        self.flows.iter().map(|flow| flow.lambda).collect()
    }

    /// Kendall's notation: M for the service if that is what all classes have.
    /// The record of all classes, or which of them has no steady state.
    fn steady(
        &self,
        discipline: &str,
        stable: usize,
        method: &'static str,
        answer: impl Fn(usize) -> Option<ClassSteady>,
    ) -> Result<Steady, Refusal> {
        let answers: Vec<ClassSteady> = (0..stable).filter_map(&answer).collect();
        if stable < self.classes.len() {
            return Err(self.unstable(&answers));
        }
        let letter = if parts::common_rate(&self.classes).is_ok() { "M" } else { "G" };
        let kendall = format!("M/{letter}/{} {discipline}", self.servers);
        Ok(parts::together(kendall, &self.flows, answers, self.servers, method))
    }

    /// Which class is the first without a steady state, what would give it one, and what those
    /// above it have all the same.
    fn unstable(&self, stable: &[ClassSteady]) -> Refusal {
        let k = stable.len();
        let load = |classes: usize| Load::of(&self.flows[..classes]).rho;
        let seconds = |moments: Option<Moments>| moments.map_or(f64::NAN, |m| m.mean);
        Refusal::from(Instability::Class(UnstableClass {
            class: self.classes[k].name.clone(),
            load: load(k + 1),
            servers: self.servers,
            stable_below: (f64::from(self.servers) - load(k)) / self.flows[k].mean,
            servers_for_all: servers_for(load(self.flows.len())),
            stable: stable.iter().map(|s| (s.name.clone(), seconds(s.wait), seconds(s.sojourn))).collect(),
        }))
    }
}

/// Wait and service one after the other.
fn uninterrupted(name: &str, flow: &Flow, wait: Moments) -> ClassSteady {
    parts::class(name, flow, wait, wait.mean, wait.plus(flow.service()))
}

/// M/G/1, not interrupting.
pub(super) fn cobham(station: &Station) -> Result<Steady, Refusal> {
    let line = Prioritised::read(station, Discipline::Priority)?.one_server()?;
    let queue = NonPreemptive::new(&line.flows);
    let method = "M/G/1 non-preemptive priority (Cobham 1954; second moments Kella, Yechiali 1985)";
    let class = |k: usize| Some(uninterrupted(&line.classes[k].name, &line.flows[k], queue.wait(k)?));
    let steady = line.steady("non-preemptive priority", queue.stable, method, class)?;
    Ok(Steady { prob_wait: Some(steady.offered_load), ..steady })
}

/// M/M/c, not interrupting.
pub(super) fn cobham_mmc(station: &Station) -> Result<Steady, Refusal> {
    let line = Prioritised::read(station, Discipline::Priority)?;
    let mu = parts::common_rate(&line.classes)?;
    let queue = NonPreemptiveMmc::new(&line.rates(), mu, line.servers);
    let method = "M/M/c non-preemptive priority, one service rate (Cobham 1954; Kella, Yechiali 1985)";
    let class = |k: usize| Some(uninterrupted(&line.classes[k].name, &line.flows[k], queue.wait(k)?));
    let steady = line.steady("non-preemptive priority", queue.stable(), method, class)?;
    Ok(Steady { prob_wait: Some(queue.prob_wait), ..steady })
}

/// M/G/c, not interrupting.
pub(super) fn bondi_buzen(station: &Station) -> Result<Steady, Refusal> {
    let line = Prioritised::read(station, Discipline::Priority)?;
    let queue = PriorityMgc::new(&line.flows, line.servers);
    let class = |k: usize| {
        let wait = Moments::of_mean(queue.wait(k)?);
        Some(uninterrupted(&line.classes[k].name, &line.flows[k], wait))
    };
    let method = "M/G/c non-preemptive priority, one fast server corrected as by Bondi and Buzen (1984)";
    line.steady("non-preemptive priority", queue.stable(), method, class)
}

/// Details of a class that may be interrupted.
fn interrupted(class: ClassSteady, not_in_service: Moments, prob_wait: f64) -> ClassSteady {
    let mut details = vec![
        Detail::mean("not_in_service", not_in_service.mean, Unit::Seconds),
        Detail::fraction("prob_wait", prob_wait),
    ];
    details.extend(not_in_service.variance.map(|v| Detail::variance("not_in_service", v, Unit::Seconds)));
    ClassSteady { details, ..class }
}

/// Share of all messages that cannot begin at once, from that of the classes.
fn prob_wait(flows: &[Flow], of: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let waiting = |(k, flow): (usize, &Flow)| Some(flow.lambda * of(k)?);
    let sum: Option<f64> = flows.iter().enumerate().map(waiting).sum();
    Some(sum? / Load::of(flows).lambda)
}

/// M/G/1, interrupting.
pub(super) fn preemptive(station: &Station) -> Result<Steady, Refusal> {
    let line = Prioritised::read(station, Discipline::PriorityPreemptive)?.one_server()?;
    let queue = PreemptiveResume::new(&line.flows);
    let method = "M/G/1 preemptive-resume priority; wait until the first start (Takagi 1991, sec. 3.4)";
    let class = |k: usize| {
        let off = queue.not_in_service(k)?;
        let (name, flow) = (&line.classes[k].name, &line.flows[k]);
        let class = parts::class(name, flow, queue.first_wait(k)?, off.mean, queue.sojourn(k)?);
        Some(interrupted(class, off, queue.prob_wait(k)?))
    };
    let steady = line.steady("preemptive-resume priority", queue.stable, method, class)?;
    Ok(Steady { prob_wait: prob_wait(&line.flows, |k| queue.prob_wait(k)), ..steady })
}

/// M/M/c, interrupting.
pub(super) fn preemptive_mmc(station: &Station) -> Result<Steady, Refusal> {
    let line = Prioritised::read(station, Discipline::PriorityPreemptive)?;
    let mu = parts::common_rate(&line.classes)?;
    let queue = PreemptiveMmc::new(&line.rates(), mu, line.servers);
    let method = "M/M/c preemptive-resume priority, one service rate (Bondi, Buzen 1984)";
    let class = |k: usize| {
        let off = queue.not_in_service(k)?;
        let sojourn = Moments::of_mean(queue.sojourn(k)?);
        let class = parts::class(&line.classes[k].name, &line.flows[k], queue.first_wait(k)?, off, sojourn);
        Some(interrupted(class, Moments::of_mean(off), queue.prob_wait(k)?))
    };
    let steady = line.steady("preemptive-resume priority", queue.stable, method, class)?;
    Ok(Steady { prob_wait: prob_wait(&line.flows, |k| queue.prob_wait(k)), ..steady })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::{Features, Input, Work};
    use crate::dist::Dist;
    use crate::model::Servers;

    fn station(discipline: Discipline, classes: &[(f64, Dist)], c: u32) -> Station {
        let class = |(i, (rate, law)): (usize, &(f64, Dist))| Class {
            name: format!("class{}", i + 1),
            rate: *rate,
            service: Work::Law(law.clone()),
            weight: 1.0,
        };
        let features = Features { classes: classes.iter().enumerate().map(class).collect(), ..Features::default() };
        let rate = classes.iter().map(|(rate, _)| rate).sum();
        let plain = Station::new(Input::Poisson(rate), Work::Law(classes[0].1.clone()), Servers::Count(c));
        Station { discipline, features, ..plain }
    }

    #[test]
    fn averages_are_those_of_the_station() {
        let equal = [(0.3, Dist::Exponential(1.0)), (0.4, Dist::Exponential(1.0))];
        let steady = cobham(&station(Discipline::Priority, &equal, 1)).unwrap();
        // Number in M/M/1 does not depend on the order.
        assert!((steady.in_system - 7.0 / 3.0).abs() < 1e-13 && steady.kendall == "M/M/1 non-preemptive priority");
        assert!((steady.sojourn.unwrap().mean - 10.0 / 3.0).abs() < 1e-13);
        assert_eq!(steady.prob_wait, Some(0.7));
        let other = preemptive(&station(Discipline::PriorityPreemptive, &equal, 1)).unwrap();
        assert!((other.in_system - 7.0 / 3.0).abs() < 1e-13);
        let many = preemptive_mmc(&station(Discipline::PriorityPreemptive, &equal, 1)).unwrap();
        assert!((other.wait.unwrap().variance.unwrap() / many.wait.unwrap().variance.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn refusals_say_why() {
        let flood = [(0.3, Dist::Exponential(1.0)), (0.9, Dist::Exponential(1.0))];
        let why = cobham(&station(Discipline::Priority, &flood, 1)).unwrap_err().to_string();
        assert!(why.contains("class `class2`") && why.contains("below 0.700000/s"), "{why}");
        assert!(why.contains("at least 2 servers") && why.contains("mean wait 1.428571429 s"), "{why}");
        let uneven = [(0.3, Dist::Exponential(1.0)), (0.3, Dist::Exponential(2.0))];
        let why = cobham_mmc(&station(Discipline::Priority, &uneven, 2)).unwrap_err().to_string();
        assert!(why.contains("one service rate"), "{why}");
        assert!(cobham(&station(Discipline::Priority, &uneven, 2)).unwrap_err().to_string().contains("2 servers"));
        assert!(matches!(cobham(&station(Discipline::Fcfs, &uneven, 1)), Err(Refusal::Discipline { .. })));
    }
}
