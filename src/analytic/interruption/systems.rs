//! The systems of this module: parameters read, formula asked, answer named.

use super::crash::Crash;
use crate::analytic::refusal::{Instability, Refusal};
use crate::analytic::steady::Moments;
use crate::analytic::system::{Answer, Given, System, parameter};
use crate::row::Metric;
use crate::units::Unit;

/// The systems of this module.
pub(super) const SYSTEMS: &[System] = &[System {
    name: "crash",
    says: "one consumer that crashes while it works, loses the work and is given the message again",
    parameters: &[
        parameter!("arrival-rate": Rate, "Poisson arrivals"),
        parameter!("service": Law, "law of the service time"),
        parameter!("crash-rate": Rate, "crashes per second of work"),
        parameter!("repair": Law => "D 0s", "time until the consumer is back"),
        parameter!("again": Word(&["same", "new"]) => "same",
            "whether the message takes the same time again or a new one"),
    ],
    solve: crash,
}];

fn crash(given: &Given) -> Result<Answer, Refusal> {
    let lambda = given.positive("arrival-rate")?;
    let theta = given.finite("crash-rate")?;
    let (service, repair) = (given.law_of_finite_mean("service")?, given.law_of_finite_mean("repair")?);
    let queue = Crash::new(lambda, &service, theta, &repair, given.word("again") == "same").map_err(|unstable| {
        let load = unstable.offered_load;
        Instability::Special(if load.is_finite() {
            format!("with redeliveries the load is {load:.6}, not below 1; divide the arrival rate by more than {load:.6}")
        } else {
            format!(
                "at {theta} crashes/s the mean completion time is infinite, as the same long service is tried again and \
                 again; stable at no arrival rate: bound the service time"
            )
        })
    })?;
    let mut answer = Answer::exact("M/G/1 with lost work by completion times (Gaver 1962; Avi-Itzhak, Naor 1963)");
    answer
        .mean(Metric::Wait, queue.wait())
        .moments(Metric::Sojourn, Moments { mean: queue.sojourn(), variance: None })
        .mean(Metric::InSystem, lambda * queue.sojourn())
        .mean(Metric::QueueLength, lambda * queue.wait())
        .mean(Metric::Attempts, queue.mean_deliveries())
        .detail("completion", queue.mean_completion(), Unit::Seconds)
        .detail("completion_second_moment", queue.completion_second_moment(), Unit::One)
        .detail("effective_rho", queue.effective_rho(), Unit::One)
        .detail("crash_rate", queue.crash_rate(), Unit::PerSecond)
        .detail("availability", queue.availability(), Unit::One)
        .note("the wait ends with the first delivery");
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(text: &str) -> Result<Answer, Refusal> {
        crate::analytic::catalog::ask("crash", text)
    }

    #[test]
    fn answers_and_refusals() {
        let answer = ask("arrival-rate = 0.4\nservice = \"D 1s\"\ncrash-rate = 0.3").unwrap();
        let deliveries = answer.get("system", None, "attempts", "mean").unwrap();
        assert!((deliveries - 0.3_f64.exp()).abs() < 1e-14);
        assert!(matches!(ask("arrival-rate = 0\nservice = \"D 1s\"\ncrash-rate = 0.3"), Err(Refusal::Invalid(_))));
        let endless = ask("arrival-rate = 0.1\nservice = \"M 1s\"\ncrash-rate = 2").unwrap_err();
        assert!(matches!(endless, Refusal::Unstable(Instability::Special(why)) if why.contains("infinite")));
        let again = ask("arrival-rate = 0.1\nservice = \"M 1s\"\ncrash-rate = 2\nagain = \"new\"").unwrap();
        assert!((again.get("system", None, "attempts", "mean").unwrap() - 3.0).abs() < 1e-13);
        let calm = ask("arrival-rate = 0.5\nservice = \"M 1s\"\ncrash-rate = 0").unwrap();
        assert!((calm.get("system", None, "sojourn", "mean").unwrap() - 2.0).abs() < 1e-14);
    }
}
