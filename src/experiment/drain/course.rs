//! From what replications showed to the recovery of a report: band and estimates.

use super::rows::Recoveries;
use super::scenario::DrainScenario;
use super::{Remedy, SimulatedCourse};
use crate::experiment::estimate::Interval;

/// The simulated course of one queue on the instants of a grid.
pub(crate) fn simulated(all: &Recoveries<'_>, grid: &[f64], within: Option<f64>) -> SimulatedCourse {
    let (recovered, n) = all.recovered();
    let mut course = SimulatedCourse {
        replications: n as u32,
        time: grid.to_vec(),
        level: all.mean(|w| Some(w.level)).map_or(0.0, |level| level.value),
        peak: all.mean(|w| Some(w.peak)),
        peak_at: all.mean(|w| Some(w.peak_at)),
        drain_time: all.drain_time().ok().flatten().map(Interval::from),
        at_least: all.drain_time().err(),
        recovered: recovered as f64 / n.max(1) as f64,
        in_time: within.map(|t| all.times().iter().filter(|time| **time <= t).count() as f64 / n.max(1) as f64),
        ..SimulatedCourse::default()
    };
    for i in 0..grid.len() {
        let mut levels: Vec<f64> = all.each().map(|w| f64::from(w.samples[i])).collect();
        levels.sort_by(f64::total_cmp);
        course.mean.push(levels.iter().sum::<f64>() / levels.len() as f64);
        course.median.push(order_statistic(&levels, 0.5));
        course.low.push(order_statistic(&levels, 0.05));
        course.high.push(order_statistic(&levels, 0.95));
    }
    course
}

/// Quantile of sorted values by linear interpolation.
fn order_statistic(sorted: &[f64], p: f64) -> f64 {
    let at = p * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// Instants that show a course: even ones, and closer ones from the begin of the disruption to recovery.
pub(crate) fn grid(scenario: &DrainScenario, end: f64) -> Vec<f64> {
    let back = (scenario.until + scenario.drain_time().unwrap_or(end)).min(end);
    let even = (0..=200).map(|i| end * f64::from(i) / 200.0);
    let close = (0..=200).map(|i| scenario.from + (back - scenario.from) * f64::from(i) / 200.0);
    let mut grid: Vec<f64> = even.chain(close).chain([scenario.until]).collect();
    grid.sort_by(f64::total_cmp);
    grid.dedup_by(|a, b| *a - *b <= 1e-9 * end);
    grid
}

/// Enters what a simulation of one size showed.
pub(crate) fn enter(remedies: &mut Vec<Remedy>, amount: f64, seen: &SimulatedCourse, fluid: Option<f64>) {
    if !remedies.iter().any(|remedy| remedy.amount == amount) {
        let blank = Remedy { amount, fluid, simulated: None, recovered: None, present: false, answer: false };
        remedies.push(blank);
        remedies.sort_by(|a, b| a.amount.total_cmp(&b.amount));
    }
    for remedy in remedies.iter_mut().filter(|remedy| remedy.amount == amount) {
        (remedy.simulated, remedy.recovered) = (seen.drain_time, Some(seen.recovered));
    }
}

/// Whether a simulated recovery is within a time: in the mean, and no replication stays behind.
pub(crate) fn in_time(seen: &SimulatedCourse, within: f64) -> bool {
    seen.drain_time.is_some_and(|time| time.value <= within)
}
