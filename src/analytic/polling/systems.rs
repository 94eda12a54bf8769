//! The system of this module: parameters read, formula asked, answer named.

use super::conservation::{one_limited, weighted_wait};
use super::cyclic::{PolledQueue, PollingRule, mean_waits};
use crate::analytic::method::Refusal;
use crate::analytic::system::{Given, System, SystemAnswer, parameter, system};
use crate::dist::Dist;
use crate::model::capacity::keeps_up;
use crate::row::{Metric, Source};
use crate::units::Unit;

const WORDS: &[&str] = &["exhaustive", "gated", "1-limited"];

/// Most queues: the work grows with the cube of their number.
const MOST_QUEUES: usize = 400;

/// The systems of this module.
pub(super) const SYSTEMS: &[System] =
    &[system!("polling": "one server that visits queues in a cycle, with switchover times between them", solve(&[
        parameter!("arrival-rates": List(&Rate), "Poisson arrivals, one rate a queue"),
        parameter!("services": List(&Law), "laws of the service times, one a queue or one for all"),
        parameter!("switchovers": List(&Law) => "[\"D 0s\"]",
            "laws of the times from each queue to the next, one a queue or one for all"),
        parameter!("discipline": Word(WORDS) => "exhaustive",
            "how many messages are served a visit: all, those found, or one"),
        parameter!("disciplines": List(&Word(WORDS)) => "[]", "the same, one a queue, where they differ"),
    ]))];

fn rule(word: &str) -> PollingRule {
    match word {
        "gated" => PollingRule::Gated,
        "1-limited" => PollingRule::OneLimited,
        _ => PollingRule::Exhaustive,
    }
}

/// One value a queue, from one for all or one for each.
fn spread<T: Clone>(name: &str, given: Vec<T>, n: usize) -> Result<Vec<T>, Refusal> {
    match given.len() {
        1 => Ok(vec![given[0].clone(); n]),
        found if found == n => Ok(given),
        found => Err(Refusal::Invalid(format!(
            "`{name}` has {found} entries for {n} queues; one for all or one for each is wanted"
        ))),
    }
}

fn solve(given: &Given) -> Result<SystemAnswer, Refusal> {
    let queues = read(given)?;
    let rho: f64 = queues.iter().map(PolledQueue::load).sum();
    if !keeps_up(rho, 1.0) {
        return Err(Refusal::unstable(format!(
            "the queues' loads sum to {rho:.6}, not below 1; divide the arrival rates or the service times by more than {rho:.6}"
        )));
    }
    let (waits, method) = waits(&queues, rho)?;
    let mut answer = SystemAnswer::exact(method);
    answer.note("the server goes on at empty queues too, and pays every switchover");
    if let Some(waits) = &waits {
        each_queue(&mut answer, &queues, waits);
    } else {
        answer.note(
            "1-limited service of unequal queues has no closed solution: only the pseudo-conservation law is given",
        );
    }
    whole(&mut answer, &queues, rho, waits.as_deref());
    Ok(answer)
}

fn read(given: &Given) -> Result<Vec<PolledQueue>, Refusal> {
    let rates = given.all_positive("arrival-rates")?;
    let n = rates.len();
    Refusal::unless(n <= MOST_QUEUES, || format!("there are {n} queues, more than {MOST_QUEUES}"))?;
    let services = spread("services", given.laws("services"), n)?;
    let switchovers = spread("switchovers", given.laws("switchovers"), n)?;
    let all = given.words("disciplines");
    let words =
        if all.is_empty() { vec![given.word("discipline").to_string(); n] } else { spread("disciplines", all, n)? };
    (0..n).map(|i| queue(rates[i], &services[i], &switchovers[i], rule(&words[i]))).collect()
}

fn queue(rate: f64, service: &Dist, switchover: &Dist, rule: PollingRule) -> Result<PolledQueue, Refusal> {
    for (name, law) in [("service", service), ("switchover", switchover)] {
        let (mean, scv) = (law.mean(), law.scv());
        let endless = || format!("a {name} time has mean {mean} s and scv {scv}: waits are infinite");
        Refusal::unless(mean.is_finite() && law.variance().is_finite(), endless)?;
    }
    Ok(PolledQueue::new(rate, service, switchover, rule))
}

/// The mean waits, if there is a way to them, and by which.
fn waits(queues: &[PolledQueue], rho: f64) -> Result<(Option<Vec<f64>>, &'static str), Refusal> {
    let limited = |queue: &&PolledQueue| queue.rule == PollingRule::OneLimited;
    if !queues.iter().any(|queue| limited(&queue)) {
        let waits = mean_waits(queues).ok_or_else(|| {
            Refusal::Assumption("the covariances of the cycle overflow: the load is too near 1".to_string())
        })?;
        return Ok((Some(waits), "branching process of the cycle (Resing 1993; Konheim, Levy, Srinivasan 1994)"));
    }
    let r: f64 = queues.iter().map(|s| s.switchover).sum();
    for queue in queues.iter().filter(limited) {
        let load = rho + queue.lambda * r;
        if !keeps_up(load, 1.0) {
            return Err(Refusal::unstable(format!(
                "a queue of {} messages/s gets at most one a cycle: {load:.6} = load plus arrivals during the {r} s of \
                 switchovers is not below 1; divide the arrival rates or the switchover times",
                queue.lambda
            )));
        }
    }
    let alike = queues.iter().all(|queue| *queue == queues[0]);
    let wait = if alike { one_limited(&queues[0], queues.len()) } else { None };
    let method = "1-limited polling of equal queues (Fuhrmann 1985; Takagi 1986)";
    Ok((wait.map(|wait| vec![wait; queues.len()]), method))
}

fn each_queue(answer: &mut SystemAnswer, queues: &[PolledQueue], waits: &[f64]) {
    for (i, (queue, &wait)) in queues.iter().zip(waits).enumerate() {
        answer.station((i + 1).to_string());
        answer.mean(Metric::ArrivalRate, queue.lambda);
        answer.mean(Metric::Utilization, queue.load());
        answer.mean(Metric::Wait, wait).mean(Metric::Sojourn, wait + queue.service);
        answer.mean(Metric::QueueLength, queue.lambda * wait);
        answer.mean(Metric::InSystem, queue.lambda * (wait + queue.service));
    }
}

fn whole(answer: &mut SystemAnswer, queues: &[PolledQueue], rho: f64, waits: Option<&[f64]>) {
    let sum = |of: &dyn Fn(&PolledQueue) -> f64| queues.iter().map(of).sum::<f64>();
    let (lambda, r) = (sum(&|s| s.lambda), sum(&|s| s.switchover));
    answer.system();
    if let Some(waits) = waits {
        let queued: f64 = queues.iter().zip(waits).map(|(s, w)| s.lambda * w).sum();
        answer.mean(Metric::Wait, queued / lambda).mean(Metric::Sojourn, (queued + rho) / lambda);
        answer.mean(Metric::QueueLength, queued).mean(Metric::InSystem, queued + rho);
    }
    answer.mean(Metric::ArrivalRate, lambda).mean(Metric::Throughput, lambda).mean(Metric::Utilization, rho);
    answer.detail("cycle", r / (1.0 - rho), Unit::Seconds);
    answer.by(Source::Exact, "pseudo-conservation law (Boxma, Groenendijk 1987)");
    answer.detail("pseudo_conservation", weighted_wait(queues), Unit::Seconds);
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::analytic::testing::assert_invalid;

    fn ask(text: &str) -> Result<SystemAnswer, Refusal> {
        crate::analytic::catalog::ask("polling", text)
    }

    #[test]
    fn rules_may_differ_from_queue_to_queue() {
        let common = "arrival-rates = [0.2, 0.3]\nservices = [\"M 1s\"]\nswitchovers = [\"M 500ms\"]\n";
        let mixed = ask(&format!("{common}disciplines = [\"gated\", \"exhaustive\"]")).unwrap();
        let all = ask(&format!("{common}discipline = \"exhaustive\"")).unwrap();
        let wait = |answer: &SystemAnswer, queue: &str| answer.get(queue, None, "wait", "mean").unwrap();
        assert!(wait(&mixed, "1") > wait(&all, "1") && wait(&mixed, "2") < wait(&all, "2"));
        let limited = ask(&format!("{common}discipline = \"1-limited\"")).unwrap();
        assert_eq!(limited.get("1", None, "wait", "mean"), None);
        assert!(limited.get("system", None, "detail.pseudo_conservation", "mean").is_some());
    }

    #[test]
    fn nonsense_and_overload_are_told_apart() {
        assert_invalid(&[
            ("polling", "arrival-rates = []\nservices = [\"M 1s\"]"),
            ("polling", "arrival-rates = [0.0, 0.1]\nservices = [\"M 1s\"]"),
            ("polling", "arrival-rates = [0.1, 0.1, 0.1]\nservices = [\"M 1s\", \"M 2s\"]"),
            ("polling", "arrival-rates = [0.1]\nservices = []"),
        ]);
        for text in [
            "arrival-rates = [0.6, 0.6]\nservices = [\"M 1s\"]",
            "arrival-rates = [0.2, 0.2]\nservices = [\"M 1s\"]\nswitchovers = [\"M 2s\"]\ndiscipline = \"1-limited\"",
        ] {
            assert!(matches!(ask(text), Err(Refusal::Unstable(_))), "{text}");
        }
    }
}
