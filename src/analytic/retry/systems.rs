//! Retries, orbits and visibility time-outs as named systems: from parameters to stations and
//! back to rows. Knows no formula of queues.

use super::METHODS;
use super::methods::MOST_ATTEMPTS;
use super::visibility::Visibility;
use crate::analytic::method::{Method, Refusal};
use crate::analytic::problem::{Input, Orbit, Retrying, Station, Work};
use crate::analytic::steady::Steady;
use crate::analytic::system::{Answer, Given, Kind, Parameter, System, parameter};
use crate::model::Servers;
use crate::row::Metric;
use crate::units::Unit;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    System {
        name: "retry",
        says: "a queue whose messages fail and come back: feedback, limited attempts, back-off, dead letters",
        parameters: RETRY,
        solve: retry,
    },
    System {
        name: "retrial",
        says: "servers without a queue: messages that find all busy try again from an orbit",
        parameters: RETRIAL,
        solve: retrial,
    },
    System {
        name: "visibility-timeout",
        says: "a message is delivered again when it is not acknowledged in time",
        parameters: VISIBILITY,
        solve: visibility,
    },
];

const ARRIVALS: Parameter = parameter("arrival-rate", Kind::Rate, None, "new messages per second, Poisson");
const SERVICE: Parameter = parameter("service", Kind::Law, None, "law of one service, as \"M 10ms\"");
const SERVERS: Parameter = parameter("servers", Kind::Count, Some("1"), "parallel servers");
const QUANTILES: Parameter =
    parameter("quantiles", Kind::List(&Kind::Share), Some("[]"), "quantiles of the times to give, where known");

const RETRY: &[Parameter] = &[
    ARRIVALS,
    SERVICE,
    SERVERS,
    parameter("failure", Kind::Share, None, "probability that an attempt fails"),
    parameter("max-attempts", Kind::Count, Some("0"), "attempts in all, the first included; 0: no limit"),
    parameter("backoff", Kind::Law, Some("D 0s"), "law of the time between attempts, as \"M 5s\""),
    parameter("retry-to", Kind::Word(&["tail", "server"]), Some("tail"), "rejoin the tail, or keep the server"),
    QUANTILES,
];

const RETRIAL: &[Parameter] = &[
    ARRIVALS,
    SERVICE,
    SERVERS,
    parameter("retrial-rate", Kind::Rate, None, "attempts per second of each message in orbit, or of the orbit"),
    parameter(
        "policy",
        Kind::Word(&["classical", "constant"]),
        Some("classical"),
        "whether that rate is of each message (classical) or of the orbit (constant)",
    ),
    QUANTILES,
];

const VISIBILITY: &[Parameter] = &[
    SERVICE,
    parameter("timeouts", Kind::List(&Kind::Time), None, "visibility time-outs to look at"),
    parameter("max-receives", Kind::Count, Some("0"), "deliveries in all before the dead-letter queue; 0: no limit"),
    parameter("arrival-rate", Kind::Rate, Some("0"), "new messages per second; 0: not known"),
    SERVERS,
];

/// The first method that applies, and what it says.
fn first(station: &Station) -> Result<(Method, Steady), Refusal> {
    let mut reasons = Vec::new();
    for method in METHODS {
        match (method.solve)(station) {
            Ok(steady) => return Ok((*method, steady)),
            Err(Refusal::Assumption(why)) => reasons.push(format!("{}: {why}", method.name)),
            Err(other) => return Err(other),
        }
    }
    Err(Refusal::Assumption(reasons.join("; ")))
}

/// Solves the station, and lays its rows out under the worth of the method.
fn rows(station: &Station, given: &Given) -> Result<Answer, Refusal> {
    let quantiles = given.numbers("quantiles");
    if let Some(p) = quantiles.iter().find(|p| !(**p > 0.0 && **p < 1.0)) {
        return Err(Refusal::Invalid(format!("the quantile {p} does not lie between 0 and 1")));
    }
    let (method, steady) = first(station)?;
    let mut answer = Answer::exact(steady.method);
    answer.steady("station", &steady, &quantiles).note(format!("{}, by {}", steady.kendall, steady.method));
    answer.rows.iter_mut().for_each(|row| row.source = method.source);
    Ok(answer)
}

/// A count that fits a number of servers or attempts.
fn small(given: &Given, name: &str) -> Result<u32, Refusal> {
    let count = given.count(name);
    u32::try_from(count).map_err(|_| Refusal::Invalid(format!("`{name}` is {count}, more than {}", u32::MAX)))
}

/// The station without what is special about it.
fn plain(given: &Given) -> Result<Station, Refusal> {
    let servers = Servers::Count(small(given, "servers")?);
    Ok(Station::new(Input::Poisson(given.number("arrival-rate")), Work::Law(given.law("service")), servers))
}

/// A limit of which 0 means none.
fn limit(given: &Given, name: &str) -> Result<Option<u32>, Refusal> {
    match small(given, name)? {
        0 => Ok(None),
        most if most > MOST_ATTEMPTS => {
            Err(Refusal::Invalid(format!("`{name}` is {most}, more than {MOST_ATTEMPTS}: leave it out instead")))
        }
        most => Ok(Some(most)),
    }
}

fn retry(given: &Given) -> Result<Answer, Refusal> {
    let pause = given.law("backoff");
    let mut station = plain(given)?;
    station.features.retry = Some(Retrying {
        failure: given.number("failure"),
        most_attempts: limit(given, "max-attempts")?,
        backoff: (pause.mean() > 0.0).then_some(pause),
        to_tail: given.word("retry-to") == "tail",
    });
    rows(&station, given)
}

fn retrial(given: &Given) -> Result<Answer, Refusal> {
    let mut station = plain(given)?;
    let constant = given.word("policy") == "constant";
    station.features.orbit = Some(Orbit { rate: given.number("retrial-rate"), constant });
    rows(&station, given)
}

fn visibility(given: &Given) -> Result<Answer, Refusal> {
    let (service, timeouts) = (given.law("service"), given.numbers("timeouts"));
    let (most, lambda) = (limit(given, "max-receives")?, given.number("arrival-rate"));
    let servers = f64::from(small(given, "servers")?);
    if timeouts.is_empty() || servers == 0.0 || !lambda.is_finite() {
        return Err(Refusal::Invalid(
            "at least one time-out, one server and a finite arrival rate are wanted".to_string(),
        ));
    }
    let mut answer = Answer::exact("deliveries until one is acknowledged in time (geometric trials)");
    for timeout in timeouts {
        let rule = Visibility::new(&service, timeout, most);
        answer.station(format!("timeout {timeout}"));
        answer.fraction(Metric::Duplicates, rule.p_duplicate());
        answer.mean(Metric::Attempts, rule.deliveries());
        answer.fraction(Metric::Detail("prob_dead_letter".to_string()), rule.dead());
        if rule.deliveries().is_infinite() {
            answer.note(format!(
                "with a time-out of {timeout} s no delivery is ever acknowledged in time, and each message is \
                 delivered for ever: allow more time, or limit the deliveries"
            ));
        } else if lambda > 0.0 {
            loaded(&mut answer, &rule, lambda, servers, timeout);
        }
    }
    Ok(answer)
}

/// What the deliveries mean for the consumers.
fn loaded(answer: &mut Answer, rule: &Visibility, lambda: f64, servers: f64, timeout: f64) {
    let load = rule.offered_load(lambda);
    answer.mean(Metric::OfferedLoad, load).mean(Metric::Utilization, load / servers);
    answer.detail("duplicate_rate", rule.duplicate_rate(lambda), Unit::PerSecond);
    answer.detail("dead_letter_rate", lambda * rule.dead(), Unit::PerSecond);
    if load >= servers {
        answer.note(format!(
            "with a time-out of {timeout} s the deliveries bring {load:.6} erlangs to {servers} servers: no steady \
             state exists with fewer than {:.0}",
            load.floor() + 1.0
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn solve(name: &str, given: &[(&str, &str)]) -> Result<Answer, Refusal> {
        let system = SYSTEMS.iter().find(|system| system.name == name).unwrap();
        let read = |text: &str| format!("x = {text}").parse::<toml::Table>().unwrap()["x"].clone();
        let given: BTreeMap<String, toml::Value> =
            given.iter().map(|(name, text)| (name.to_string(), read(text))).collect();
        (system.solve)(&Given::read(system.parameters, &given).unwrap())
    }

    const BASE: [(&str, &str); 3] = [("arrival-rate", "0.5"), ("service", "'M 1s'"), ("failure", "0.2")];

    #[test]
    fn feedback_speaks_of_the_whole_sojourn() {
        let tail = solve("retry", &BASE).unwrap();
        let get = |answer: &Answer, metric, statistic| answer.get("station", None, metric, statistic).unwrap();
        assert!((get(&tail, "sojourn", "mean") - 1.0 / 0.3).abs() < 1e-13);
        let held = solve("retry", &[&BASE[..], &[("retry-to", "'server'"), ("quantiles", "[0.5]")]].concat()).unwrap();
        assert!((get(&held, "sojourn", "variance") - 1.0 / 0.09).abs() < 1e-12);
        // One exponential service in all: an M/M/1 of rate 0.8.
        assert!((get(&held, "sojourn", "p50") - 2.0_f64.ln() / 0.3).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let with = |more: &[(&str, &str)]| {
            let mut all: BTreeMap<&str, &str> = BASE.into_iter().collect();
            all.extend(more.iter().copied());
            solve("retry", &all.into_iter().collect::<Vec<_>>())
        };
        let unstable = |result| matches!(result, Err(Refusal::Unstable(_)));
        assert!(unstable(with(&[("failure", "0.5")])));
        assert!(unstable(with(&[("failure", "1.0")])));
        assert!(with(&[("failure", "1.0"), ("max-attempts", "1")]).is_ok());
        for bad in [("arrival-rate", "0.0"), ("servers", "0"), ("quantiles", "[1.0]")] {
            assert!(matches!(with(&[bad]), Err(Refusal::Invalid(_))), "{bad:?}");
        }
    }

    #[test]
    fn endless_redelivery_is_said() {
        let answer =
            solve("visibility-timeout", &[("service", "'D 1s'"), ("timeouts", "[0.5, 1.5]"), ("arrival-rate", "0.5")])
                .unwrap();
        assert_eq!(answer.get("timeout 0.5", None, "duplicates", "fraction"), Some(1.0));
        assert_eq!(answer.get("timeout 0.5", None, "attempts", "mean"), None);
        assert_eq!(answer.get("timeout 1.5", None, "utilization", "mean"), Some(0.5));
        assert!(answer.notes[0].contains("for ever"));
    }
}
