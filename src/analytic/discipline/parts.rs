//! The parts of a station that the methods of this module read: rates, flows and classes; and the record
//! in which the classes answer.

use super::flow::{Flow, Load, product};
use crate::analytic::kendall::exponential_mean;
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Class, Discipline, Station, StationFeature};
use crate::analytic::steady::{ClassSteady, Moments, Steady, Unstable};

/// Relative difference allowed between the service times of classes that count as one.
const SUMS: f64 = 1e-9;

/// Poisson arrival rate of a station of that discipline without any feature but those known.
pub(super) fn rate(station: &Station, discipline: Discipline, known: &[StationFeature]) -> Result<f64, Refusal> {
    station.served(discipline)?;
    station.only(known)?;
    station.poisson()
}

/// Rate, exponential service rate and number of servers of such a station.
pub(super) fn exponential(station: &Station, discipline: Discipline) -> Result<(f64, f64, u32), Refusal> {
    let lambda = rate(station, discipline, &[])?;
    Ok((lambda, station.exponential()?, station.limited_servers()?))
}

/// The one flow of a single-server station of that discipline, stable.
pub(super) fn flow(station: &Station, discipline: Discipline) -> Result<Flow, Refusal> {
    station.single_server()?;
    let flow = Flow::new(rate(station, discipline, &[])?, &station.service);
    Unstable::unless_kept_up(flow.rho(), 1)?;
    Ok(flow)
}

/// The classes of a station with their flows; one class if it names none.
pub(super) fn classes(station: &Station, lambda: f64) -> (Vec<Class>, Vec<Flow>) {
    let listed = &station.features.classes;
    if listed.is_empty() {
        let only = Class { name: "all".to_string(), rate: lambda, service: station.service.clone(), weight: 1.0 };
        let flow = Flow::new(lambda, &only.service);
        return (vec![only], vec![flow]);
    }
    let flows = listed.iter().map(|class| Flow::new(class.rate, &class.service)).collect();
    (listed.clone(), flows)
}

/// Classes that one server can serve, with the load of all of them.
pub(super) struct OneServer {
    pub lambda: f64,
    pub classes: Vec<Class>,
    pub flows: Vec<Flow>,
    pub rho: f64,
    /// Whether the station names its classes.
    named: bool,
}

impl OneServer {
    /// Reads a station of that discipline.
    pub(super) fn read(station: &Station, discipline: Discipline) -> Result<OneServer, Refusal> {
        station.single_server()?;
        let lambda = rate(station, discipline, &[StationFeature::Classes])?;
        let (classes, flows) = classes(station, lambda);
        let rho = Load::of(&flows).rho;
        Unstable::unless_kept_up(rho, 1)?;
        Ok(OneServer { lambda, classes, flows, rho, named: !station.features.classes.is_empty() })
    }

    /// The record, from that of each class, which is left out where the station names none.
    pub(super) fn steady(
        &self,
        kendall: impl Into<String>,
        method: &'static str,
        answer: impl FnMut((&Class, &Flow)) -> Result<ClassSteady, Refusal>,
    ) -> Result<Steady, Refusal> {
        let answers = self.classes.iter().zip(&self.flows).map(answer).collect::<Result<_, _>>()?;
        let steady = together(kendall.into(), &self.flows, answers, 1, method);
        Ok(if self.named { steady } else { Steady { classes: Vec::new(), ..steady } })
    }
}

/// The one rate of exponential service that all classes have.
pub(super) fn common_rate(classes: &[Class]) -> Result<f64, Refusal> {
    let first = classes.first().ok_or_else(|| Refusal::invalid("there is no class"))?;
    let common = exponential_time(first)?;
    for class in classes {
        let mean = exponential_time(class)?;
        if (mean / common - 1.0).abs() > SUMS {
            return Err(Refusal::Assumption(format!(
                "on several servers all classes must have one service rate, but `{}` takes {mean} s and `{}` {common} s",
                class.name, first.name
            )));
        }
    }
    Ok(1.0 / common)
}

/// Mean service time of a class whose service is exponential.
fn exponential_time(class: &Class) -> Result<f64, Refusal> {
    let name = &class.name;
    let law = class.service.law().ok_or_else(|| format!("of the service of class `{name}` only moments are known"))?;
    let other = || format!("service of class `{name}` is {} with scv {}, not exponential", law.name(), law.scv());
    Ok(exponential_mean(law).ok_or_else(other)?)
}

/// What one class has to say, from its time to the first start, the rest of its time without
/// service, and its sojourn.
pub(super) fn class(name: &str, flow: &Flow, wait: Moments, not_in_service: f64, sojourn: Moments) -> ClassSteady {
    ClassSteady {
        name: name.to_string(),
        arrival_rate: flow.lambda,
        queue_length: Some(product(flow.lambda, not_in_service)),
        in_system: Some(product(flow.lambda, sojourn.mean)),
        wait: Some(wait),
        sojourn: Some(sojourn),
        details: Vec::new(),
    }
}

/// The record of a station from that of its classes, whose averages it holds.
pub(super) fn together(
    kendall: String,
    flows: &[Flow],
    classes: Vec<ClassSteady>,
    servers: u32,
    method: &'static str,
) -> Steady {
    let load = Load::of(flows);
    let sum = |of: fn(&ClassSteady) -> Option<f64>| classes.iter().filter_map(of).sum::<f64>();
    Steady {
        kendall,
        arrival_rate: load.lambda,
        throughput: load.lambda,
        offered_load: load.rho,
        utilization: Some(load.rho / f64::from(servers)),
        queue_length: sum(|class| class.queue_length),
        in_system: sum(|class| class.in_system),
        service: load.rho / load.lambda,
        wait: average(&classes, |class| class.wait),
        sojourn: average(&classes, |class| class.sojourn),
        classes,
        method,
        ..Steady::default()
    }
}

/// Mean and variance over the messages of all classes.
fn average(classes: &[ClassSteady], of: impl Fn(&ClassSteady) -> Option<Moments>) -> Option<Moments> {
    let (mut total, mut mean, mut second) = (0.0, 0.0, Some(0.0));
    for class in classes {
        let (rate, moments) = (class.arrival_rate, of(class)?);
        total += rate;
        mean += rate * moments.mean;
        second = second.zip(moments.variance).map(|(sum, v)| sum + rate * (v + moments.mean * moments.mean));
    }
    let mean = mean / total;
    let variance = second.map(|sum| sum / total).map(|s| if s.is_finite() { s - mean * mean } else { f64::INFINITY });
    Some(Moments { mean, variance })
}
