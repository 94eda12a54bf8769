//! The answer of theory alone: rows and the recovery of a scenario. Simulates nothing.

use super::impact::{extra, left};
use super::scenario::DrainScenario;
use super::{EndlessLoss, FluidCourse, Recovery, RecoveryFrom};
use crate::analytic::steady::Moments;
use crate::analytic::system::SystemAnswer as Theory;
use crate::analytic::transient::{Limits, drain};
use crate::experiment::result::{Interval, ResultSet};
use crate::model::capacity::servers_for;
use crate::row::{Metric, Row, Source, Statistic};
use crate::units::Unit;

/// The name of the formula, for rows.
pub(crate) const FLUID: &str = "deterministic fluid (Newell 1982, ch. 2)";

/// The 95 % quantile of the standard normal law.
const Z95: f64 = 1.644_853_626_951_472_2;

/// What is asked of theory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FluidQuestion {
    /// Station and disruption.
    pub scenario: DrainScenario,
    /// What the disruption is.
    pub disruption: RecoveryFrom,
    /// How long recovery may take.
    pub within: Option<f64>,
}

/// Puts the answer of theory into a result.
pub(crate) fn answer(case: &FluidQuestion, result: &mut ResultSet) {
    let scenario = &case.scenario;
    let mut recovery = scenario.foreseen(case.disruption.clone(), end(scenario), case.within);
    let fluid = scenario.fluid(recovery.end);
    recovery.by_chance = by_chance(scenario, &fluid);
    result.rows = rows(case, &recovery, &fluid);
    result.passed = match (case.within, fluid.drain_time) {
        (Some(within), drained) => Some(drained.is_some_and(|t| t <= within)),
        (None, None) => Some(false),
        (None, Some(_)) => None,
    };
    result.recovery = Some(recovery);
}

/// The end of the picture.
fn end(scenario: &DrainScenario) -> f64 {
    let lasts = scenario.until - scenario.from;
    let end = scenario.until + scenario.drain_time().map_or(lasts.max(1.0) * 3.0, |t| 1.2 * t);
    if end > 0.0 { end } else { 1.0 }
}

fn rows(case: &FluidQuestion, recovery: &Recovery, fluid: &FluidCourse) -> Vec<Row> {
    let scenario = &case.scenario;
    let mut said = Theory::default();
    said.by(Source::Approximation, FLUID);
    let lasts = scenario.until - scenario.from;
    let detail = |name: &str| Metric::Detail(name.to_string());
    or_infinite(&mut said, Metric::BacklogPeak, fluid.peak, None);
    or_infinite(&mut said, Metric::DrainTime, fluid.drain_time, None);
    let from_begin = fluid.drain_time.map(|t| t + lasts);
    or_infinite(&mut said, detail("recovery_from_begin"), from_begin, Some(Unit::Seconds));
    said.detail("backlog_peak_time", fluid.peak_at, Unit::Seconds);
    or_infinite(&mut said, detail("total_delay"), fluid.delay, Some(Unit::Seconds));
    said.detail("oldest_age_at_peak", fluid.oldest, Unit::Seconds);
    or_infinite(&mut said, detail("wait_at_peak"), fluid.wait, Some(Unit::Seconds));
    if scenario.limits != Limits::NONE {
        or_infinite(&mut said, detail("messages_overflowed"), fluid.overflowed, None);
        or_infinite(&mut said, detail("messages_expired"), fluid.expired, None);
    }
    endless(fluid.endless, &mut said);
    said.detail("never_drains_below", scenario.load(), Unit::PerSecond);
    if let Some(offered) = scenario.offered() {
        said.detail("servers_to_drain", servers_for(offered), Unit::One);
    }
    if case.within.is_some() {
        or_infinite(&mut said, detail("capacity_needed"), recovery.capacity_needed, Some(Unit::PerSecond));
    }
    if let Some(servers) = recovery.servers_needed {
        said.mean(Metric::Servers, f64::from(servers));
    }
    chance(scenario, fluid, &mut said);
    said.rows
}

/// A mean that is infinite where there is none.
fn or_infinite(said: &mut Theory, metric: Metric, value: Option<f64>, unit: Option<Unit>) {
    match value {
        Some(value) => said.mean(metric, value),
        None => said.infinite(metric, Statistic::Mean),
    };
    said.rows.iter_mut().next_back().into_iter().zip(unit).for_each(|(row, unit)| row.unit = unit);
}

/// A number that is finite by its nature: one that came out infinite is too large.
fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { f64::NAN }
}

/// What is lost without end.
fn endless(loss: Option<EndlessLoss>, said: &mut Theory) {
    let Some(loss) = loss else { return };
    for (name, rate) in [("overflow_rate", loss.overflowing), ("expiry_rate", loss.expiring)] {
        if rate > 0.0 {
            said.detail(name, rate, Unit::PerSecond);
        }
    }
    said.detail("lost_from", loss.since, Unit::Seconds);
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
    let (more, share) = (extra(&scenario.impacts, scenario.from), left(&scenario.impacts, scenario.from));
    let noise = (scenario.load() + more + share * scenario.capacity) * lasts;
    let exact = share == 0.0 || lasts == 0.0;
    let variance = waiting * period.variance.unwrap_or(0.0) + noise * period.mean * period.mean;
    Some((Moments { mean: waiting * period.mean, variance: Some(variance) }, noise, exact))
}

fn chance(scenario: &DrainScenario, fluid: &FluidCourse, said: &mut Theory) {
    let Some((time, noise, exact)) = moments(scenario, fluid) else { return };
    let source = if exact { Source::Exact } else { Source::Approximation };
    let model = if scenario.servers.is_some() { "M/M/c" } else { "M/M/1, one fast server" };
    said.by(source, format!("{model}: sum of busy periods (Keilson 1979, ch. 5), Poisson arrivals"));
    said.moments(Metric::DrainTime, Moments { mean: finite(time.mean), variance: time.variance.map(finite) });
    said.value(Metric::BacklogPeak, Statistic::Variance, noise);
    said.by(Source::Approximation, format!("{model}: normal law of those moments"));
    let sd = time.variance.unwrap_or(0.0).sqrt();
    said.value(Metric::DrainTime, Statistic::Quantile(0.95), finite(time.mean + Z95 * sd));
}

/// How much chance matters: the mean drain time, and between what it lies nine times in ten.
fn by_chance(scenario: &DrainScenario, fluid: &FluidCourse) -> Option<Interval> {
    let (time, ..) = moments(scenario, fluid)?;
    let sd = time.variance?.sqrt();
    let low = (time.mean - Z95 * sd).max(0.0);
    sd.is_finite().then_some(Interval { value: time.mean, low: Some(low), high: Some(time.mean + Z95 * sd) })
}
