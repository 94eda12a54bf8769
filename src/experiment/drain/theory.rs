//! The answer of theory alone: rows, sentences and the recovery of a scenario. Simulates nothing.

use super::scenario::DrainScenario;
use super::{FluidCourse, Recovery, words};
use crate::analytic::steady::Moments;
use crate::analytic::system::Answer as Theory;
use crate::analytic::transient::{Limits, drain};
use crate::experiment::point::Answer;
use crate::experiment::result::ResultSet;
use crate::row::{Metric, Row, Source, Statistic};
use crate::units::Unit;

/// The name of the formula, for rows.
pub const FLUID: &str = "deterministic fluid (Newell 1982, ch. 2)";

/// The 95 % quantile of the standard normal law.
const Z95: f64 = 1.644_853_626_951_472_2;

/// What is asked of theory.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Station and disruption.
    pub scenario: DrainScenario,
    /// The disruption in words.
    pub disruption: String,
    /// How long recovery may take.
    pub within: Option<f64>,
}

/// Puts the answer of theory into a result.
pub fn answer(case: &Case, result: &mut ResultSet) {
    let recovery = recovery(case);
    result.rows = rows(case, &recovery.fluid);
    let mut details = words::details(&case.scenario, &recovery.fluid);
    if let Some(spread) = spread(&case.scenario, &recovery.fluid) {
        details.push(spread);
    }
    details.extend(case.within.into_iter().flat_map(|within| words::remedy(&case.scenario, within)));
    result.passed = match (case.within, recovery.fluid.drain_time) {
        (Some(within), drained) => Some(drained.is_some_and(|t| t <= within)),
        (None, None) => Some(false),
        (None, Some(_)) => None,
    };
    result.answer = Some(Answer {
        question: words::question(&recovery, case.within),
        headline: words::headline(&case.scenario, &recovery.fluid),
        details,
    });
    result.recovery = Some(recovery);
}

fn recovery(case: &Case) -> Recovery {
    let scenario = &case.scenario;
    let drained = scenario.drain_time();
    let end = scenario.until + drained.map_or((scenario.until - scenario.from).max(1.0) * 3.0, |t| 1.2 * t);
    let needed = case.within.and_then(|within| needed(scenario, within));
    let remedies = scenario.remedies(needed);
    Recovery {
        disruption: case.disruption.clone(),
        queue: None,
        from: scenario.from,
        until: scenario.until,
        end: if end > 0.0 { end } else { 1.0 },
        fluid: scenario.fluid(if end > 0.0 { end } else { 1.0 }),
        simulated: None,
        target: case.within,
        measure: measure(scenario).to_string(),
        present: scenario.present(),
        boundary: scenario.boundary(),
        curve: scenario.curve(&remedies),
        remedies,
    }
}

/// What the remedies are counted in.
pub fn measure(scenario: &DrainScenario) -> &'static str {
    if scenario.servers.is_some() { "servers" } else { "capacity" }
}

/// The least of the measure that drains within a time.
pub fn needed(scenario: &DrainScenario, within: f64) -> Option<f64> {
    match scenario.servers {
        Some(_) => scenario.servers_for(within).map(f64::from),
        None => Some(scenario.capacity_for(within)).filter(|c| c.is_finite()),
    }
}

fn rows(case: &Case, fluid: &FluidCourse) -> Vec<Row> {
    let scenario = &case.scenario;
    let mut said = Theory::default();
    said.by(Source::Approximation, FLUID);
    let never = f64::INFINITY;
    let lasts = scenario.until - scenario.from;
    said.mean(Metric::BacklogPeak, fluid.peak.unwrap_or(never));
    said.mean(Metric::DrainTime, fluid.drain_time.unwrap_or(never));
    said.detail("recovery_from_begin", fluid.drain_time.map_or(never, |t| t + lasts), Unit::Seconds);
    said.detail("backlog_peak_time", fluid.peak_at, Unit::Seconds);
    said.detail("total_delay", fluid.delay.unwrap_or(never), Unit::Seconds);
    said.detail("oldest_age_at_peak", fluid.oldest, Unit::Seconds);
    said.detail("wait_at_peak", fluid.peak.unwrap_or(never) / scenario.capacity, Unit::Seconds);
    if scenario.limits != Limits::NONE {
        said.detail("messages_overflowed", fluid.overflowed, Unit::One);
        said.detail("messages_expired", fluid.expired, Unit::One);
    }
    said.detail("never_drains_below", scenario.load(), Unit::PerSecond);
    if let Some(offered) = scenario.offered() {
        said.detail("servers_to_drain", offered.floor() + 1.0, Unit::One);
    }
    if let Some(within) = case.within {
        said.detail("capacity_needed", scenario.capacity_for(within), Unit::PerSecond);
        if let Some(servers) = scenario.servers_for(within).filter(|_| scenario.servers.is_some()) {
            said.mean(Metric::Servers, f64::from(servers));
        }
    }
    chance(scenario, fluid, &mut said);
    said.rows
}

/// Mean and variance of the drain time with random arrivals and services: as many busy periods of
/// M/M/c with all servers taken as messages wait, of which there are as many as chance has it.
fn moments(scenario: &DrainScenario, fluid: &FluidCourse) -> Option<(Moments, f64, bool)> {
    let peak = fluid.peak.filter(|peak| *peak > 0.0 && *peak < 1e15)?;
    if scenario.limits != Limits::NONE || scenario.arrivals.len() > 1 {
        return None;
    }
    let servers = scenario.servers.unwrap_or(1);
    let each = scenario.capacity / f64::from(servers);
    let period = drain(scenario.load(), each, servers, u64::from(servers) + 1, u64::from(servers))?;
    let waiting = fluid.corners.iter().find(|c| c.time == scenario.until).map_or(peak, |c| c.backlog);
    if waiting == 0.0 {
        return None;
    }
    // During the disruption arrivals are Poisson, and so is what the rest of the servers can do.
    let lasts = scenario.until - scenario.from;
    let noise = (scenario.load() + scenario.extra + scenario.share * scenario.capacity) * lasts;
    let exact = scenario.share == 0.0 || lasts == 0.0;
    let variance = waiting * period.variance.unwrap_or(0.0) + noise * period.mean * period.mean;
    Some((Moments { mean: waiting * period.mean, variance: Some(variance) }, noise, exact))
}

fn chance(scenario: &DrainScenario, fluid: &FluidCourse, said: &mut Theory) {
    let Some((time, noise, exact)) = moments(scenario, fluid) else { return };
    let source = if exact { Source::Exact } else { Source::Approximation };
    let model = if scenario.servers.is_some() { "M/M/c" } else { "M/M/1, one fast server" };
    said.by(source, format!("{model}: sum of busy periods (Keilson 1979, ch. 5), Poisson arrivals"));
    said.moments(Metric::DrainTime, time);
    said.value(Metric::BacklogPeak, Statistic::Variance, noise);
    said.by(Source::Approximation, format!("{model}: normal law of those moments"));
    let sd = time.variance.unwrap_or(0.0).sqrt();
    said.value(Metric::DrainTime, Statistic::Quantile(0.95), time.mean + Z95 * sd);
}

/// How much chance matters, in a sentence.
fn spread(scenario: &DrainScenario, fluid: &FluidCourse) -> Option<String> {
    let (time, ..) = moments(scenario, fluid)?;
    let sd = time.variance?.sqrt();
    let low = (time.mean - Z95 * sd).max(0.0);
    Some(format!(
        "By chance (Poisson arrivals, exponential services) nine times in ten between {} and {}.",
        words::time(low),
        words::time(time.mean + Z95 * sd)
    ))
}
