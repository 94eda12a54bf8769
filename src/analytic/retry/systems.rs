//! Visibility time-outs as a named system: parameters read, formula asked, answer named.

use super::methods::MOST_ATTEMPTS;
use super::visibility::Visibility;
use crate::analytic::refusal::Refusal;
use crate::analytic::system::{Given, System, SystemAnswer, parameter, system};
use crate::model::capacity::{keeps_up, servers_for};
use crate::row::{Metric, Statistic};
use crate::units::Unit;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[system!("visibility-timeout":
    "a message is delivered again when it is not acknowledged in time", visibility(&[
    parameter!("service": Law, "law of one service, as \"M 10ms\""),
    parameter!("timeouts": List(&Time), "visibility time-outs to look at"),
    parameter!("max-receives": Count => "0", "deliveries in all before the dead-letter queue; 0: no limit"),
    parameter!("arrival-rate": Rate => "0", "new messages per second; 0: not known"),
    parameter!("servers": Count => "1", "parallel servers"),
]))];

/// A count that fits a number of servers or attempts.
fn small(given: &Given, name: &str) -> Result<u32, Refusal> {
    let count = given.count(name);
    u32::try_from(count).map_err(|_| Refusal::Invalid(format!("`{name}` is {count}, more than {}", u32::MAX)))
}

/// A limit of which 0 means none.
fn limit(given: &Given, name: &str) -> Result<Option<u32>, Refusal> {
    match small(given, name)? {
        0 => Ok(None),
        most if most <= MOST_ATTEMPTS => Ok(Some(most)),
        most => Err(Refusal::invalid(format!("`{name}` is {most}, more than {MOST_ATTEMPTS}: leave it out instead"))),
    }
}

fn visibility(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (service, timeouts) = (given.law("service"), given.numbers("timeouts"));
    let (most, lambda) = (limit(given, "max-receives")?, given.number("arrival-rate"));
    let servers = f64::from(small(given, "servers")?);
    let wanted = "at least one time-out, one server and a finite arrival rate are wanted";
    Refusal::unless(!timeouts.is_empty() && servers > 0.0 && lambda.is_finite(), || wanted.to_string())?;
    let mut answer = SystemAnswer::exact("deliveries until one is acknowledged in time (geometric trials)");
    for timeout in timeouts {
        let rule = Visibility::new(&service, timeout, most);
        answer.station(format!("timeout {timeout}"));
        answer.fraction(Metric::Duplicates, rule.p_duplicate());
        match rule.deliveries() {
            f64::INFINITY => answer.infinite(Metric::Attempts, Statistic::Mean),
            deliveries => answer.mean(Metric::Attempts, deliveries),
        };
        answer.fraction(Metric::Detail("prob_dead_letter".to_string()), rule.dead());
        if rule.deliveries().is_infinite() {
            answer.overload(format!(
                "with a time-out of {timeout} s no delivery is ever acknowledged in time, and each message is \
                 delivered without end: allow more time, or limit the deliveries"
            ));
        } else if lambda > 0.0 {
            loaded(&mut answer, &rule, lambda, servers, timeout);
        }
    }
    Ok(answer)
}

/// What the deliveries mean for the consumers.
fn loaded(answer: &mut SystemAnswer, rule: &Visibility, lambda: f64, servers: f64, timeout: f64) {
    let load = rule.offered_load(lambda);
    answer.mean(Metric::OfferedLoad, load).mean(Metric::Utilization, load / servers);
    answer.detail("duplicate_rate", rule.duplicate_rate(lambda), Unit::PerSecond);
    answer.detail("dead_letter_rate", lambda * rule.dead(), Unit::PerSecond);
    if !keeps_up(load, servers) {
        answer.overload(format!(
            "with a time-out of {timeout} s the deliveries bring {load:.6} erlangs to {servers} servers, so no steady \
             state exists; stable with at least {:.0} servers",
            servers_for(load)
        ));
    }
}

#[cfg(test)]
mod tests {
    use crate::analytic::catalog::ask;

    #[test]
    fn endless_redelivery_is_said() {
        let parameters = "service = 'D 1s'\ntimeouts = [0.5, 1.5]\narrival-rate = 0.5";
        let answer = ask("visibility-timeout", parameters).unwrap();
        assert_eq!(answer.get("timeout 0.5", None, "duplicates", "fraction"), Some(1.0));
        assert_eq!(answer.get("timeout 0.5", None, "attempts", "mean"), None);
        assert_eq!(answer.get("timeout 1.5", None, "utilization", "mean"), Some(0.5));
        assert!(answer.notes[0].contains("without end"));
    }
}
