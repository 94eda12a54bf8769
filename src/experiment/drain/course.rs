//! From what replications showed to the recovery of a report: band, estimates, sentences.

use super::rows::{Recoveries, interval};
use super::scenario::DrainScenario;
use super::theory::measure;
use super::{Recovery, Remedy, SimulatedCourse, words};
use crate::experiment::point::Answer;
use crate::experiment::result::Interval;

/// The simulated course of one queue on the instants of a grid.
pub fn simulated(all: &Recoveries<'_>, grid: &[f64], within: Option<f64>) -> SimulatedCourse {
    let (recovered, n) = all.recovered();
    let mut course = SimulatedCourse {
        replications: n as u32,
        time: grid.to_vec(),
        level: all.mean(|w| Some(w.level)).map_or(0.0, |level| level.value),
        peak: all.mean(|w| Some(w.peak)),
        peak_at: all.mean(|w| Some(w.peak_at)),
        drain_time: all.drain_time().ok().flatten().map(interval),
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

/// What is known of a recovery before anything is simulated.
pub fn foreseen(scenario: &DrainScenario, disruption: &str, queue: &str, end: f64, within: Option<f64>) -> Recovery {
    let needed = within.and_then(|within| super::theory::needed(scenario, within));
    let remedies = scenario.remedies(needed);
    Recovery {
        disruption: disruption.to_string(),
        queue: Some(queue.to_string()),
        from: scenario.from,
        until: scenario.until,
        end,
        fluid: scenario.fluid(end),
        simulated: None,
        target: within,
        measure: measure(scenario).to_string(),
        present: scenario.present(),
        boundary: scenario.boundary(),
        curve: scenario.curve(&remedies),
        remedies,
    }
}

/// Instants that show a course: even ones, and closer ones from the begin of the disruption to recovery.
pub fn grid(scenario: &DrainScenario, end: f64) -> Vec<f64> {
    let back = (scenario.until + scenario.drain_time().unwrap_or(end)).min(end);
    let even = (0..=200).map(|i| end * f64::from(i) / 200.0);
    let close = (0..=200).map(|i| scenario.from + (back - scenario.from) * f64::from(i) / 200.0);
    let mut grid: Vec<f64> = even.chain(close).chain([scenario.until]).collect();
    grid.sort_by(f64::total_cmp);
    grid.dedup_by(|a, b| *a - *b <= 1e-9 * end);
    grid
}

/// Enters what a simulation of one size showed.
pub fn enter(remedies: &mut Vec<Remedy>, amount: f64, seen: &SimulatedCourse, fluid: Option<f64>) {
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
pub fn in_time(seen: &SimulatedCourse, within: f64) -> bool {
    seen.drain_time.is_some_and(|time| time.value <= within)
}

/// Sentences about a simulated recovery.
pub fn answer(recovery: &Recovery, scenario: &DrainScenario) -> Answer {
    let Some(seen) = &recovery.simulated else { return Answer::default() };
    let mut details = vec![fluid_beside(recovery, scenario)];
    if seen.drain_time.is_none() && recovery.fluid.drain_time.is_none() {
        details.push(words::never(scenario));
    }
    details.extend(share(seen, recovery.target));
    details.extend(remedy(recovery));
    if recovery.boundary > 0.0 {
        let boundary = match recovery.measure.as_str() {
            "servers" => format!("{} servers or fewer", words::messages(recovery.boundary.floor())),
            _ => format!("a capacity of {} or less", words::rate(recovery.boundary)),
        };
        details.push(format!("With {boundary} it never drains (fluid)."));
    }
    Answer { question: words::question(recovery, recovery.target), headline: headline(recovery, seen), details }
}

fn headline(recovery: &Recovery, seen: &SimulatedCourse) -> String {
    let queue = recovery.queue.as_deref().unwrap_or("the queue");
    let peak = seen.peak.map_or(String::new(), |peak| count(&peak));
    let back = match (seen.drain_time, seen.at_least) {
        (Some(time), _) => format!(
            "is back at its earlier level {} after the end of the disruption ({} after its begin)",
            duration(&time),
            words::time(time.value + recovery.until - recovery.from)
        ),
        (None, Some(least)) if seen.recovered > 0.0 => format!(
            "is back in {} % of {} replications only (drain time at least {} in the mean)",
            words::messages(100.0 * seen.recovered),
            seen.replications,
            words::time(least)
        ),
        _ => format!("is not back within {} of the end of the disruption", words::time(recovery.end - recovery.until)),
    };
    format!("The backlog of `{queue}` peaks at {peak} messages and {back}.")
}

fn fluid_beside(recovery: &Recovery, scenario: &DrainScenario) -> String {
    let fluid = &recovery.fluid;
    let peak = fluid.peak.map_or("without bound".to_string(), |peak| format!("{} messages", words::messages(peak)));
    match fluid.drain_time {
        Some(time) => format!("The fluid says {peak} and {}.", words::time(time)),
        None => format!(
            "The fluid says {peak}, never drained: {} arrive and at most {} are served.",
            words::rate(scenario.load()),
            words::rate(scenario.capacity)
        ),
    }
}

fn share(seen: &SimulatedCourse, within: Option<f64>) -> Option<String> {
    let (share, within) = (seen.in_time?, within?);
    let share = words::messages(100.0 * share);
    Some(format!("Within {} of the end {share} % of {} replications are back.", words::time(within), seen.replications))
}

fn remedy(recovery: &Recovery) -> Option<String> {
    let within = recovery.target?;
    let Some(best) = recovery.remedies.iter().find(|remedy| remedy.answer) else {
        return Some(format!("No size that was tried is back within {}.", words::time(within)));
    };
    let extra = best.amount - recovery.present;
    let have = match extra {
        x if x > 0.0 => format!("{} more than there is", words::amount(&recovery.measure, x)),
        0.0 => "what there is".to_string(),
        x => format!("{} to spare", words::amount(&recovery.measure, -x)),
    };
    let by = best.simulated.map_or("by the fluid".to_string(), |time| format!("simulated {}", duration(&time)));
    let amount = words::amount(&recovery.measure, best.amount);
    Some(format!("To be back within {} takes {amount} ({have}; {by}).", words::time(within)))
}

fn duration(time: &Interval) -> String {
    match half(time) {
        Some(half) => format!("{} (± {})", words::time(time.value), words::time(half)),
        None => words::time(time.value),
    }
}

fn count(peak: &Interval) -> String {
    match half(peak) {
        Some(half) => format!("{} (± {})", words::messages(peak.value), words::messages(half)),
        None => words::messages(peak.value),
    }
}

fn half(interval: &Interval) -> Option<f64> {
    Some((interval.high? - interval.low?) / 2.0)
}
