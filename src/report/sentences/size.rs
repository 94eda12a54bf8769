//! A sizing in sentences: the answer, its margin, the neighbour that fails. Computes nothing.

use crate::experiment::Answer;
use crate::experiment::judgement::Standing;
use crate::experiment::size::{Candidate, Scenario, SizeCheck, SizeParameter, Sizing};
use crate::row::Demand;
use crate::units::{format_duration, format_quantity, four_digits};
use std::fmt::{Display, Formatter, Result};

/// The question of a sizing and its answer.
pub(super) fn answer(sizing: &Sizing) -> Answer {
    let targets: Vec<String> = sizing.targets.iter().map(Demand::to_string).collect();
    let names: Vec<&str> = sizing.parameters.iter().map(|p| p.name.as_str()).collect();
    let what = match (sizing.cost_unit.is_some(), sizing.largest) {
        (true, _) => format!("Which is the cheapest system ({})", names.join(", ")),
        (false, true) => format!("What is the largest {}", names.join(", ")),
        (false, false) => format!("What is the smallest number of {}", names.join(", ")),
    };
    let under = match &sizing.scenarios[..] {
        [] | [_] => String::new(),
        [_, more @ ..] => format!(", also with {}", more.join(" and with ")),
    };
    let question = format!("{what} with {}{under}?", targets.join(" and "));
    match sizing.best() {
        Some(best) => Answer { question, headline: found(sizing, best), details: details(sizing, best) },
        None => Answer { question, headline: nothing(sizing), details: Vec::new() },
    }
}

/// `65 servers`, or `a 3, b 2`.
pub(crate) fn label(sizing: &Sizing, candidate: &Candidate) -> String {
    let value = |(parameter, x): (&SizeParameter, &f64)| {
        let number = if x.fract() == 0.0 { format!("{x}") } else { four_digits(*x) };
        (parameter.name.clone(), format!("{number}{}", parameter.suffix))
    };
    let parts: Vec<(String, String)> = sizing.parameters.iter().zip(&candidate.at).map(value).collect();
    match (&parts[..], counts_things(sizing)) {
        ([(name, value)], true) => match is_one(sizing, candidate) {
            true => format!("{value} {}", name.trim_end_matches('s')),
            false => format!("{value} {name}"),
        },
        (several, _) => several.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", "),
    }
}

/// Whether a system is told by a single number of servers or places.
fn counts_things(sizing: &Sizing) -> bool {
    matches!(&sizing.parameters[..], [only] if ["servers", "places"].contains(&only.name.as_str()))
}

/// Whether the label of a system is a singular: one server, or a list of parameters.
fn is_one(sizing: &Sizing, candidate: &Candidate) -> bool {
    !counts_things(sizing) || candidate.at == [1.0]
}

/// A number with its half-width, or with the end that bounds it.
fn shown(check: &SizeCheck, target: &Demand) -> String {
    let Some(value) = check.value else { return "no value".to_string() };
    let number = format_quantity(value, target.unit());
    let end = |end: f64| format_quantity(end, target.unit());
    match (check.low, check.high) {
        (Some(low), Some(high)) => format!("{number} +- {}", end((high - low) / 2.0)),
        (Some(low), None) => format!("{number} (at least {})", end(low)),
        (None, Some(high)) => format!("{number} (at most {})", end(high)),
        (None, None) => number,
    }
}

/// The check that says most: the first that misses, else the first that is undecided, else the one with the
/// smallest margin.
fn telling<'c>(sizing: &Sizing, candidate: &'c Candidate) -> Option<&'c SizeCheck> {
    let first = |verdict| candidate.checks.iter().find(|c| c.verdict == verdict);
    let closest = || candidate.checks.iter().min_by(|a, b| slack(sizing, a).total_cmp(&slack(sizing, b)));
    first(Standing::Missed).or_else(|| first(Standing::Undecided)).or_else(closest)
}

/// Distance from the limit to the nearer end of the interval, or to the number of theory that decides, as a share of the
/// limit.
fn slack(sizing: &Sizing, check: &SizeCheck) -> f64 {
    let target = &sizing.targets[check.target];
    let end = if target.is_upper() { check.high } else { check.low };
    let decisive = check.theory.filter(|_| check.by_theory);
    match decisive.or(end).or(check.value) {
        Some(end) if target.bound != 0.0 => (target.bound - end).abs() / target.bound,
        _ => f64::INFINITY,
    }
}

fn sentence(sizing: &Sizing, check: &SizeCheck) -> String {
    let target = &sizing.targets[check.target];
    let scenario = match (check.scenario, sizing.scenarios.get(check.scenario)) {
        (1.., Some(name)) => format!(" with {name}"),
        _ => String::new(),
    };
    let limit = format_quantity(target.bound, target.unit());
    let mut shown = shown(check, target);
    if let (true, Some(theory)) = (check.by_theory, check.theory) {
        let run = if check.value.is_some() { format!("simulated {shown}") } else { "the run is too short".into() };
        shown = format!("{} by theory ({run})", format_quantity(theory, target.unit()));
    }
    match check.verdict {
        Standing::Met => format!("{}{scenario} {shown} {} {limit}", target.quantity, target.inequality),
        Standing::Missed => format!("{}{scenario} {shown}, not {} {limit}", target.quantity, target.inequality),
        Standing::Undecided => {
            format!("{}{scenario} {shown}, not decided whether {} {limit}", target.quantity, target.inequality)
        }
    }
}

fn cost(sizing: &Sizing, candidate: &Candidate) -> String {
    match (candidate.cost, &sizing.cost_unit) {
        (Some(cost), Some(unit)) => format!(" at {}{}", four_digits(cost), unit.trim_start_matches('1')),
        _ => String::new(),
    }
}

fn found(sizing: &Sizing, best: &Candidate) -> String {
    let held = telling(sizing, best).map(|check| sentence(sizing, check)).unwrap_or_default();
    let failing: Vec<String> =
        sizing.failing.iter().filter_map(|i| fails(sizing, sizing.candidates.get(*i)?)).collect();
    let failing = if failing.is_empty() { String::new() } else { format!("; {}", failing.join("; ")) };
    format!("{}{}: {held}{failing}", label(sizing, best), cost(sizing, best))
}

fn fails(sizing: &Sizing, neighbour: &Candidate) -> Option<String> {
    let name = label(sizing, neighbour);
    let one = is_one(sizing, neighbour);
    let have = if one { "has" } else { "have" };
    let check = telling(sizing, neighbour).filter(|check| check.value.is_some() && check.verdict != Standing::Met);
    let Some(check) = check else {
        let why = neighbour.message.as_deref().and_then(|why| why.lines().next());
        return Some(match neighbour.unstable {
            true => format!("{name} {have} no steady state{}", circumstance(sizing, neighbour)),
            false => format!("{name}: {}", why.unwrap_or("no value")),
        });
    };
    let said = sentence(sizing, check);
    Some(match neighbour.verdict {
        Standing::Undecided => format!("{name} cannot be told: {said}"),
        _ => format!("{name} {} it: {said}", if one { "misses" } else { "miss" }),
    })
}

/// Under which circumstance a system has no steady state, and how many servers are then left.
fn circumstance(sizing: &Sizing, neighbour: &Candidate) -> String {
    let Some(name) = neighbour.unstable_under.filter(|i| *i > 0).and_then(|i| sizing.scenarios.get(i)) else {
        return String::new();
    };
    let left = match (counts_things(sizing), neighbour.servers_left) {
        (true, Some(1)) => ": 1 server is left".to_string(),
        (true, Some(left)) => format!(": {left} servers are left"),
        _ => String::new(),
    };
    format!(" with {name}{left}")
}

/// Every other check of the answer, and how sure it is.
fn details(sizing: &Sizing, best: &Candidate) -> Vec<String> {
    let first = telling(sizing, best);
    let others = best.checks.iter().filter(|c| first.is_none_or(|f| !std::ptr::eq(f, *c)));
    let mut details: Vec<String> = others.map(|check| format!("Also {}.", sentence(sizing, check))).collect();
    details.extend(first.and_then(|check| margin(sizing, check)));
    if !sizing.certain {
        details.push(
            "Not everything is decided at that confidence: the answer is on the safe side; more replications \
             (--max-replications) or longer ones would tell."
                .to_string(),
        );
    }
    details
}

fn margin(sizing: &Sizing, check: &SizeCheck) -> Option<String> {
    let target = &sizing.targets[check.target];
    let share = Some(100.0 * slack(sizing, check)).filter(|share| share.is_finite())?;
    let far =
        if share < 1000.0 { format!("{share:.1} % of the limit") } else { format!("{:.0} limits", share / 100.0) };
    if check.by_theory {
        let run = match check.value {
            Some(_) => format!("the simulated interval, {}, contains the limit", interval(check, target)),
            None => "the run is too short to tell".to_string(),
        };
        return Some(format!("Theory decides, {far} away from it: {run}."));
    }
    let theory = match (check.theory, check.low) {
        (Some(theory), Some(_)) => format!("; theory says {}", format_quantity(theory, target.unit())),
        _ => String::new(),
    };
    let end = if check.low.is_some() { " to the end of the interval" } else { "" };
    Some(format!("Margin{end}: {far}{theory}."))
}

/// `1.2 ms to 3.4 ms`.
fn interval(check: &SizeCheck, target: &Demand) -> String {
    let end = |x: Option<f64>| x.map_or("open".to_string(), |x| format_quantity(x, target.unit()));
    format!("{} to {}", end(check.low), end(check.high))
}

fn nothing(sizing: &Sizing) -> String {
    let closest = sizing
        .candidates
        .iter()
        .min_by_key(|c| (c.verdict, c.checks.iter().filter(|k| k.verdict != Standing::Met).count()));
    let last = sizing.candidates.last().or(closest);
    match last {
        Some(candidate) => {
            let nearest =
                telling(sizing, candidate).filter(|check| check.value.is_some() && check.verdict != Standing::Met);
            let reached = nearest.map(|check| format!("with {} {}", label(sizing, candidate), sentence(sizing, check)));
            let reached = reached.or_else(|| fails(sizing, candidate)).unwrap_or_else(|| label(sizing, candidate));
            format!("nothing in the range meets the targets; {reached}")
        }
        None => "nothing in the range meets the targets".to_string(),
    }
}

impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Scenario::AsItIs => f.write_str("nothing special"),
            Scenario::OneDown { name, .. } => write!(f, "one server of `{name}` down"),
            Scenario::Burst(burst) => {
                write!(f, "{} times the load", burst.factor)?;
                burst.producer.iter().try_for_each(|name| write!(f, " of `{name}`"))?;
                burst.lasts.iter().try_for_each(|lasts| write!(f, " for {}", format_duration(*lasts)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Basis, Source};

    /// A loss of 4e-7 by theory, which a simulation that saw none bounds by 0.02 only, against a limit of 1e-6.
    fn rare(by_theory: bool) -> (Sizing, SizeCheck) {
        let check = SizeCheck {
            scenario: 0,
            target: 0,
            value: Some(0.0),
            low: Some(0.0),
            high: Some(0.02),
            theory: Some(4e-7),
            source: Source::Simulation,
            method: Basis::Mean { replications: 5 },
            refusal: None,
            verdict: Standing::Met,
            by_theory,
        };
        let targets = vec!["q.prob_loss.fraction < 1e-6".parse().expect("it is a demand")];
        (Sizing { targets, ..Sizing::default() }, check)
    }

    #[test]
    fn where_theory_decides_the_margin_is_that_of_theory() {
        let (sizing, check) = rare(true);
        let said = margin(&sizing, &check).expect("a margin");
        assert!(
            said.starts_with("Theory decides, 60.0 % of the limit away from it") && said.contains("to 0.02"),
            "{said}"
        );
        let (sizing, check) = rare(false);
        assert!(margin(&sizing, &check).is_some_and(|said| said.contains("19999 limits")));
    }
}
