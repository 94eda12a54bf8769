//! A recovery in sentences, with numbers and units. Computes nothing.

use crate::experiment::Answer;
use crate::experiment::drain::{FluidCourse, Recovery, RecoveryFrom, RemedyMeasure, SimulatedCourse};
use crate::experiment::result::Interval;
use crate::model::study::drain::Incident;
use crate::report::numbers::{half_width, messages};
use crate::row::backticked;
use crate::units::{short_duration as time, short_rate as rate, significant};

/// The question of a recovery and its answer.
pub(super) fn answer(recovery: &Recovery) -> Answer {
    let (headline, details) = match &recovery.simulated {
        Some(seen) => (simulated(recovery, seen), simulated_details(recovery, seen)),
        None => (fluid(recovery), fluid_details(recovery)),
    };
    Answer { question: question(recovery), headline, details }
}

/// What is asked.
fn question(recovery: &Recovery) -> String {
    let limit = recovery.target.map_or(String::new(), |t| format!(", and is it gone within {} of its end", time(t)));
    let queue = recovery.queue.as_ref().map_or(String::new(), |q| format!(" of `{q}`"));
    let disruption = disruption(&recovery.disruption, recovery.from, recovery.until);
    format!("How large does the backlog{queue} become after {disruption}, when is it gone{limit}?")
}

/// What a system recovers from.
pub(crate) fn disruption(of: &RecoveryFrom, from: f64, until: f64) -> String {
    match of {
        RecoveryFrom::Backlog => "a backlog at the start".to_string(),
        RecoveryFrom::Incident { what, whom } => incident(what, whom.as_deref()),
        RecoveryFrom::Disruptions(names) => format!("{} from {} to {}", backticked(names), time(from), time(until)),
    }
}

fn incident(what: &Incident, whom: Option<&str>) -> String {
    let of = |what: &str| whom.map_or(what.to_string(), |whom| format!("{what} of `{whom}`"));
    match what {
        Incident::Outage { lasts, requeue: false } => format!("{} for {}", of("an outage"), time(*lasts)),
        Incident::Outage { lasts, requeue: true } => {
            format!("{} for {}, what is in service goes back", of("an outage"), time(*lasts))
        }
        Incident::Throttle { lasts, share } => {
            format!("{} to {} % for {}", of("a throttling"), significant(100.0 * share, 3), time(*lasts))
        }
        Incident::Slowdown { lasts, factor } => {
            format!("{} by a factor {factor} for {}", of("a slowdown"), time(*lasts))
        }
        Incident::Burst { lasts, factor } => format!("{} of {factor} times for {}", of("a burst"), time(*lasts)),
        Incident::Extra { lasts, rate: more } => {
            format!("{} of {} more for {}", of("a burst"), rate(*more), time(*lasts))
        }
        Incident::Window { from, until } => format!("what happens from {} to {}", time(*from), time(*until)),
    }
}

/// `54 servers`, `300/s`.
fn amount(measure: RemedyMeasure, x: f64) -> String {
    match measure {
        RemedyMeasure::Servers => format!("{} server{}", messages(x), if x == 1.0 { "" } else { "s" }),
        RemedyMeasure::Capacity => rate(x),
    }
}

/// Why it never drains, and what would make it drain.
fn never(recovery: &Recovery) -> String {
    let (load, capacity) = (rate(recovery.load), rate(recovery.capacity));
    let remedy = match (recovery.measure, recovery.boundary) {
        (RemedyMeasure::Servers, offered) => {
            format!("with {:.0} servers or more (above {} erlangs)", offered.floor() + 1.0, significant(offered, 4))
        }
        (RemedyMeasure::Capacity, _) => format!("with a capacity above {load}"),
    };
    let why = format!("It never drains: {load} arrive and at most {capacity} are served");
    format!("{why}; it would {remedy}, or with fewer than {capacity} arriving.")
}

// ----- the fluid alone ---------------------------------------------------------------------

/// The course of the fluid in a sentence.
fn fluid(recovery: &Recovery) -> String {
    let Some(drained) = recovery.fluid.drain_time else { return never(recovery) };
    let peak = recovery.fluid.peak.map_or(String::new(), messages);
    let lasts = recovery.until - recovery.from;
    if recovery.fluid.peak == Some(0.0) {
        return "No backlog builds up: the capacity that is left keeps pace.".to_string();
    }
    let after = if lasts > 0.0 {
        format!("{} after the end of the disruption ({} after its begin)", time(drained), time(drained + lasts))
    } else {
        format!("{} from now", time(drained))
    };
    format!("The backlog peaks at {peak} messages and is gone {after}.")
}

/// What supports the headline.
fn fluid_details(recovery: &Recovery) -> Vec<String> {
    let mut said = backlog(recovery, &recovery.fluid);
    if let Some((low, high)) = recovery.by_chance.and_then(|drain| drain.low.zip(drain.high)) {
        said.push(format!(
            "By chance (Poisson arrivals, exponential services) nine times in ten between {} and {}.",
            time(low),
            time(high)
        ));
    }
    said.extend(recovery.target.into_iter().flat_map(|within| needed(recovery, within)));
    said
}

fn backlog(recovery: &Recovery, fluid: &FluidCourse) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(peak) = fluid.peak.filter(|peak| *peak > 0.0) {
        said.push(format!(
            "At the peak the oldest message has waited {}; one that joins then waits {} once the capacity is back.",
            time(fluid.oldest),
            time(peak / recovery.capacity)
        ));
    }
    if let Some(delay) = fluid.delay.filter(|delay| *delay > 0.0) {
        said.push(format!("Total delay: {} message-hours.", significant(delay / 3600.0, 4)));
    }
    if fluid.overflowed > 0.0 {
        said.push(format!("{} messages are lost to the limit of length.", messages(fluid.overflowed)));
    }
    if fluid.expired > 0.0 {
        said.push(format!("{} messages grow too old and are lost.", messages(fluid.expired)));
    }
    said
}

/// What recovery within a time takes.
fn needed(recovery: &Recovery, within: f64) -> Vec<String> {
    let Some(capacity) = recovery.capacity_needed else {
        return vec![format!("No capacity drains it within {}.", time(within))];
    };
    let more = capacity - recovery.capacity;
    let have = if more > 0.0 {
        format!("{} more than there is", rate(more))
    } else {
        format!("there is {} to spare", rate(-more))
    };
    let mut said = vec![format!("To be back within {} takes a capacity of {}: {have}.", time(within), rate(capacity))];
    said.extend(recovery.servers_needed.map(|servers| {
        let extra = f64::from(servers) - recovery.present;
        let have =
            if extra > 0.0 { format!("{extra} more than there are") } else { format!("{} to spare", extra.abs()) };
        format!("That is {}: {have}.", amount(RemedyMeasure::Servers, f64::from(servers)))
    }));
    said
}

// ----- simulated ---------------------------------------------------------------------------

fn simulated(recovery: &Recovery, seen: &SimulatedCourse) -> String {
    let queue = recovery.queue.as_deref().unwrap_or("the queue");
    let peak = seen.peak.map_or(String::new(), |peak| with_half(&peak, messages));
    let back = match (seen.drain_time, seen.at_least) {
        (Some(drained), _) => format!(
            "is back at its earlier level {} after the end of the disruption ({} after its begin)",
            with_half(&drained, time),
            time(drained.value + recovery.until - recovery.from)
        ),
        (None, Some(least)) if seen.recovered > 0.0 => format!(
            "is back in {} % of {} replications only (drain time at least {} in the mean)",
            messages(100.0 * seen.recovered),
            seen.replications,
            time(least)
        ),
        _ => format!("is not back within {} of the end of the disruption", time(recovery.end - recovery.until)),
    };
    format!("The backlog of `{queue}` peaks at {peak} messages and {back}.")
}

fn simulated_details(recovery: &Recovery, seen: &SimulatedCourse) -> Vec<String> {
    let mut said = vec![fluid_beside(recovery)];
    if seen.drain_time.is_none() && recovery.fluid.drain_time.is_none() {
        said.push(never(recovery));
    }
    said.extend(recovery.target.and_then(|within| share(seen, within)));
    said.extend(recovery.target.map(|within| remedy(recovery, within)));
    if recovery.boundary > 0.0 {
        let boundary = match recovery.measure {
            RemedyMeasure::Servers => format!("{} servers or fewer", messages(recovery.boundary.floor())),
            RemedyMeasure::Capacity => format!("a capacity of {} or less", rate(recovery.boundary)),
        };
        said.push(format!("With {boundary} it never drains (fluid)."));
    }
    said
}

fn fluid_beside(recovery: &Recovery) -> String {
    let fluid = &recovery.fluid;
    let peak = fluid.peak.map_or("without bound".to_string(), |peak| format!("{} messages", messages(peak)));
    match fluid.drain_time {
        Some(drained) => format!("The fluid says {peak} and {}.", time(drained)),
        None => format!(
            "The fluid says {peak}, never drained: {} arrive and at most {} are served.",
            rate(recovery.load),
            rate(recovery.capacity)
        ),
    }
}

fn share(seen: &SimulatedCourse, within: f64) -> Option<String> {
    let share = messages(100.0 * seen.in_time?);
    Some(format!("Within {} of the end {share} % of {} replications are back.", time(within), seen.replications))
}

fn remedy(recovery: &Recovery, within: f64) -> String {
    let Some(best) = recovery.remedies.iter().find(|remedy| remedy.answer) else {
        return format!("No size that was tried is back within {}.", time(within));
    };
    let amount = |x| amount(recovery.measure, x);
    let have = match best.amount - recovery.present {
        x if x > 0.0 => format!("{} more than there is", amount(x)),
        0.0 => "what there is".to_string(),
        x => format!("{} to spare", amount(-x)),
    };
    let by = best.simulated.map_or("by the fluid".to_string(), |t| format!("simulated {}", with_half(&t, time)));
    format!("To be back within {} takes {} ({have}; {by}).", time(within), amount(best.amount))
}

/// An estimate and the half-width of its interval.
fn with_half(of: &Interval, print: impl Fn(f64) -> String) -> String {
    match half_width(of) {
        Some(half) => format!("{} (± {})", print(of.value), print(half)),
        None => print(of.value),
    }
}
