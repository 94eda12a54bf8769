//! A recovery in sentences, with numbers and units. Computes nothing.

use crate::experiment::Answer;
use crate::experiment::drain::{
    EndlessLoss, FluidCourse, NoFluid, Recovery, RecoveryFrom, RemedyMeasure, SimulatedCourse,
};
use crate::experiment::result::Interval;
use crate::model::capacity::{keeps_pace, servers_for};
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

/// Why it never drains, what comes of it, and what would make it drain.
fn never(recovery: &Recovery) -> String {
    let (load, capacity) = (rate(recovery.load), rate(recovery.capacity));
    let remedy = match (recovery.measure, recovery.boundary) {
        (RemedyMeasure::Servers, Some(offered)) => {
            format!("with {:.0} servers or more (above {} erlangs)", servers_for(offered), significant(offered, 4))
        }
        _ => format!("with a capacity above {load}"),
    };
    let why = format!("It never drains: {load} arrive and at most {capacity} are served{}", lasting(recovery));
    format!("{why}; it would {remedy}, or with fewer than {capacity} arriving.")
}

/// What comes of it in the long run.
fn lasting(recovery: &Recovery) -> String {
    match recovery.fluid.as_ref() {
        Some(FluidCourse { endless: Some(loss), .. }) => endless(*loss),
        Some(_) if keeps_pace(recovery.load, recovery.capacity) => ", so what waits stays".to_string(),
        Some(_) => format!(", so the backlog grows by {}", rate(recovery.load - recovery.capacity)),
        None => String::new(),
    }
}

/// What is lost without end.
fn endless(loss: EndlessLoss) -> String {
    let parts = [(loss.overflowing, "find the queue full"), (loss.expiring, "grow too old")];
    let parts = parts.into_iter().filter(|part| part.0 > 0.0).map(|(lost, how)| format!("{} {how}", rate(lost)));
    format!("; from {} on {} and are lost", time(loss.since), parts.collect::<Vec<_>>().join(", "))
}

// ----- the fluid alone ---------------------------------------------------------------------

/// The course of the fluid in a sentence.
fn fluid(recovery: &Recovery) -> String {
    let seen = recovery.fluid.as_ref();
    let Some(drained) = seen.and_then(|fluid| fluid.drain_time) else { return never(recovery) };
    let peak = seen.and_then(|fluid| fluid.peak);
    let lasts = recovery.until - recovery.from;
    if peak == Some(0.0) {
        return "No backlog builds up: the capacity that is left keeps pace.".to_string();
    }
    let after = if lasts > 0.0 {
        format!("{} after the end of the disruption ({} after its begin)", time(drained), time(drained + lasts))
    } else {
        format!("{} from now", time(drained))
    };
    format!("The backlog peaks at {} messages and is gone {after}.", peak.map_or(String::new(), messages))
}

/// What supports the headline.
fn fluid_details(recovery: &Recovery) -> Vec<String> {
    let mut said = recovery.fluid.as_ref().map_or(Vec::new(), backlog);
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

fn backlog(fluid: &FluidCourse) -> Vec<String> {
    let mut said = Vec::new();
    if let Some((peak, wait)) = fluid.peak.filter(|peak| *peak > 0.0).zip(fluid.wait) {
        said.push(format!(
            "At the peak, {} messages, the oldest has waited {}; one that joins then waits {} once the capacity is back.",
            messages(peak),
            time(fluid.oldest),
            time(wait)
        ));
    }
    if let Some(delay) = fluid.delay.filter(|delay| *delay > 0.0) {
        said.push(format!("Total delay: {} message-hours.", significant(delay / 3600.0, 4)));
    }
    if let Some(lost) = fluid.overflowed.filter(|lost| *lost > 0.0) {
        said.push(format!("{} messages are lost to the limit of length.", messages(lost)));
    }
    if let Some(lost) = fluid.expired.filter(|lost| *lost > 0.0) {
        said.push(format!("{} messages grow too old and are lost.", messages(lost)));
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
    if seen.drain_time.is_none() && recovery.fluid.as_ref().is_some_and(|fluid| fluid.drain_time.is_none()) {
        said.push(never(recovery));
    }
    said.extend(recovery.target.and_then(|within| share(seen, within)));
    said.extend(recovery.target.map(|within| remedy(recovery, within)));
    if let (Some(boundary), Some(_)) = (recovery.boundary.filter(|amount| *amount > 0.0), &recovery.fluid) {
        said.push(format!("With {} it never drains (fluid).", at_most(recovery.measure, boundary)));
    }
    said
}

/// `7 servers or fewer`.
fn at_most(measure: RemedyMeasure, boundary: f64) -> String {
    match measure {
        RemedyMeasure::Servers => format!("{} servers or fewer", messages(boundary.floor())),
        RemedyMeasure::Capacity => format!("a capacity of {} or less", rate(boundary)),
    }
}

fn fluid_beside(recovery: &Recovery) -> String {
    let fluid = match (&recovery.fluid, &recovery.no_fluid) {
        (Some(fluid), _) => fluid,
        (None, Some(why)) => return format!("No fluid beside: {}", no_fluid(recovery, why)),
        (None, None) => return String::new(),
    };
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

/// Why no fluid tells, and what is certain all the same.
fn no_fluid(recovery: &Recovery, why: &NoFluid) -> String {
    match why {
        NoFluid::Retries { producer, timeout, attempts, most } => {
            let times = attempts.map_or("again and again".to_string(), |n| format!("up to {n} times in all"));
            let why = format!("clients of `{producer}` publish {times} what is not answered within {}", time(*timeout));
            let Some((most, boundary)) = most.zip(recovery.boundary) else { return format!("{why}.") };
            let worst =
                format!("{why}: {} may arrive where at most {} are served", rate(most), rate(recovery.capacity));
            format!("{worst}. With {} such a storm need not end.", at_most(recovery.measure, boundary))
        }
        NoFluid::Closed { producer } => format!("members of `{producer}` publish only when they have their answer."),
        NoFluid::Contradicted { drain_time, replications } => format!(
            "rates alone say that it is gone after {}, and none of {replications} replications is.",
            time(*drain_time)
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
