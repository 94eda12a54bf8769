//! Stations that serve their classes in order of arrival, solved by the formulas of `unequal`.

use super::flow::{Flow, Load};
use super::parts;
use super::unequal::{fcfs_wait, fcfs_wait_of_servers};
use crate::analytic::method::Refusal;
use crate::analytic::problem::{Class, Discipline, Station, StationFeature};
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::{ClassSteady, Moments, Steady, Unstable};

/// Classes that wait in one line.
struct OneLine {
    classes: Vec<Class>,
    flows: Vec<Flow>,
    servers: u32,
}

impl OneLine {
    fn read(station: &Station) -> Result<OneLine, Refusal> {
        let lambda = parts::rate(station, Discipline::Fcfs, &[StationFeature::Classes])?;
        if station.features.classes.is_empty() {
            return Err(Refusal::Missing(StationFeature::Classes));
        }
        let (classes, flows) = parts::classes(station, lambda);
        let servers = station.limited_servers()?;
        Unstable::unless_kept_up(Load::of(&flows).rho, servers)?;
        Ok(OneLine { classes, flows, servers })
    }

    /// The record, from the wait that all have.
    fn steady(&self, letter: &str, wait: Moments, method: &'static str) -> Steady {
        let class = |(class, flow): (&Class, &Flow)| -> ClassSteady {
            parts::class(&class.name, flow, wait, wait.mean, wait.plus(flow.service()))
        };
        let answers = self.classes.iter().zip(&self.flows).map(class).collect();
        let kendall = format!("M/{letter}/{} with classes", self.servers);
        parts::together(kendall, &self.flows, answers, self.servers, method)
    }
}

/// M/G/1, or M/M/c where all classes have one rate.
pub(super) fn fcfs(station: &Station) -> Result<Steady, Refusal> {
    let line = OneLine::read(station)?;
    if line.servers > 1 {
        let queue = Mmc::new(Load::of(&line.flows).lambda, parts::common_rate(&line.classes)?, line.servers)?;
        let wait = Moments::new(queue.wait(), queue.wait_variance());
        let steady = line.steady("M", wait, "M/M/c, one service rate for all classes (Gross et al., sec. 2.3)");
        return Ok(Steady { prob_wait: Some(queue.prob_wait()), wait_law: Some(queue.wait_law()), ..steady });
    }
    let wait = fcfs_wait(&line.flows).ok_or_else(out_of_range)?;
    let steady = line.steady("G", wait, "M/G/1 of the mixture of classes (Kleinrock 1975, sec. 5.7)");
    Ok(Steady { prob_wait: Some(steady.offered_load), ..steady })
}

/// M/G/c, any service for each class.
pub(super) fn fcfs_of_servers(station: &Station) -> Result<Steady, Refusal> {
    let line = OneLine::read(station)?;
    let wait = fcfs_wait_of_servers(&line.flows, line.servers).ok_or_else(out_of_range)?;
    Ok(line.steady("G", Moments::of_mean(wait), "M/G/c of the mixture of classes (Lee and Longton 1959)"))
}

fn out_of_range() -> Refusal {
    Refusal::Numerics("the rates are outside the range of the numerics".to_string())
}
