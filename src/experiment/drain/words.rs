//! Sentences about a recovery, with numbers and units.

use super::scenario::DrainScenario;
use super::{FluidCourse, Recovery};
use crate::model::study::drain::Incident;
use crate::units::{Unit, format_duration, format_quantity, significant};

/// `180,000`, or four digits where it is small or no whole number.
pub fn messages(x: f64) -> String {
    if x.abs() < 1000.0 {
        let shown = format!("{x:.1}");
        return shown.strip_suffix(".0").map_or(shown.clone(), str::to_string);
    }
    if x >= 1e15 {
        return significant(x, 4);
    }
    let digits = format!("{x:.0}");
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// A time without needless zeros: `12 min`, `1.629 s`.
pub fn time(seconds: f64) -> String {
    let shown = format_duration(seconds);
    match shown.split_once(' ') {
        Some((number, unit)) if number.contains('.') && !number.contains('e') => {
            format!("{} {unit}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => shown,
    }
}

/// A rate without needless zeros: `250/s`.
pub fn rate(per_second: f64) -> String {
    let shown = format_quantity(per_second, Unit::PerSecond);
    let number = shown.trim_end_matches(" /s");
    let plain = if number.contains('.') && !number.contains('e') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    };
    format!("{plain}/s")
}

/// The disruption in words; `whom` is the consumer or producer, if it is known.
pub fn disruption(incident: Option<&Incident>, whom: &str) -> String {
    let of = |what: &str| if whom.is_empty() { what.to_string() } else { format!("{what} of `{whom}`") };
    match incident {
        None => "a backlog at the start".to_string(),
        Some(Incident::Outage { lasts, requeue: false }) => format!("{} for {}", of("an outage"), time(*lasts)),
        Some(Incident::Outage { lasts, requeue: true }) => {
            format!("{} for {}, what is in service goes back", of("an outage"), time(*lasts))
        }
        Some(Incident::Throttle { lasts, share }) => {
            format!("{} to {} % for {}", of("a throttling"), significant(100.0 * share, 3), time(*lasts))
        }
        Some(Incident::Slowdown { lasts, factor }) => {
            format!("{} by a factor {factor} for {}", of("a slowdown"), time(*lasts))
        }
        Some(Incident::Burst { lasts, factor }) => format!("{} of {factor} times for {}", of("a burst"), time(*lasts)),
        Some(Incident::Extra { lasts, rate: more }) => {
            format!("{} of {} more for {}", of("a burst"), rate(*more), time(*lasts))
        }
        Some(Incident::Window { from, until }) => format!("what happens from {} to {}", time(*from), time(*until)),
    }
}

/// What is asked.
pub fn question(recovery: &Recovery, within: Option<f64>) -> String {
    let limit = within.map_or(String::new(), |t| format!(", and is it gone within {} of its end", time(t)));
    let queue = recovery.queue.as_ref().map_or(String::new(), |q| format!(" of `{q}`"));
    format!("How large does the backlog{queue} become after {}, when is it gone{limit}?", recovery.disruption)
}

/// `54 servers`, `300/s`.
pub fn amount(measure: &str, x: f64) -> String {
    if measure != "servers" {
        return rate(x);
    }
    format!("{} server{}", messages(x), if x == 1.0 { "" } else { "s" })
}

/// The course of the fluid in a sentence.
pub fn headline(scenario: &DrainScenario, fluid: &FluidCourse) -> String {
    let Some(drained) = fluid.drain_time else { return never(scenario) };
    let peak = fluid.peak.map_or(String::new(), messages);
    let lasts = scenario.until - scenario.from;
    if fluid.peak == Some(0.0) {
        return "No backlog builds up: the capacity that is left keeps pace.".to_string();
    }
    let after = if lasts > 0.0 {
        format!("{} after the end of the disruption ({} after its begin)", time(drained), time(drained + lasts))
    } else {
        format!("{} from now", time(drained))
    };
    format!("The backlog peaks at {peak} messages and is gone {after}.")
}

/// Why it never drains, and what would make it drain.
pub fn never(scenario: &DrainScenario) -> String {
    let (load, capacity) = (scenario.load(), scenario.capacity);
    let remedy = match scenario.offered() {
        Some(offered) => {
            format!("with {:.0} servers or more (above {} erlangs)", offered.floor() + 1.0, significant(offered, 4))
        }
        None => format!("with a capacity above {}", rate(load)),
    };
    let why = format!("It never drains: {} arrive and at most {} are served", rate(load), rate(capacity));
    format!("{why}; it would {remedy}, or with fewer than {} arriving.", rate(capacity))
}

/// What supports the headline.
pub fn details(scenario: &DrainScenario, fluid: &FluidCourse) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(peak) = fluid.peak.filter(|peak| *peak > 0.0) {
        let wait = peak / scenario.capacity;
        said.push(format!(
            "At the peak the oldest message has waited {}; one that joins then waits {} once the capacity is back.",
            time(fluid.oldest),
            time(wait)
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
pub fn remedy(scenario: &DrainScenario, within: f64) -> Vec<String> {
    let capacity = scenario.capacity_for(within);
    if capacity.is_infinite() {
        return vec![format!("No capacity drains it within {}.", time(within))];
    }
    let more = capacity - scenario.capacity;
    let have = if more > 0.0 {
        format!("{} more than there is", rate(more))
    } else {
        format!("there is {} to spare", rate(-more))
    };
    let mut said = vec![format!("To be back within {} takes a capacity of {}: {have}.", time(within), rate(capacity))];
    if let (Some(needed), Some(servers)) =
        (scenario.servers_for(within).filter(|_| scenario.servers.is_some()), scenario.servers)
    {
        let extra = i64::from(needed) - i64::from(servers);
        let have = if extra > 0 { format!("{extra} more than there are") } else { format!("{} to spare", -extra) };
        said.push(format!("That is {}: {have}.", amount("servers", f64::from(needed))));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!((messages(180_000.0), messages(12.5), messages(7.0)), ("180,000".into(), "12.5".into(), "7".into()));
        assert_eq!((time(720.0), time(1.629), time(0.0)), ("12 min".into(), "1.629 s".into(), "0 s".into()));
        assert_eq!((rate(250.0), rate(1e9)), ("250/s".into(), "1.000e9/s".into()));
    }
}
