//! The systems of this module: parameters read, formula asked, answer named.

use super::linger::{Linger, MOST_TOGETHER};
use crate::analytic::method::Refusal;
use crate::analytic::system::{Given, System, SystemAnswer, parameter, system};
use crate::row::{Metric, Statistic};
use crate::units::Unit;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[system!("linger":
    "messages gathered into batches that are sent when full or when their first message is old enough", linger(&[
    parameter!("arrival-rate": Rate, "Poisson arrivals"),
    parameter!("batch-size": Count, "most messages in a batch"),
    parameter!("linger": Time, "time after its first message when a batch is sent at the latest"),
    parameter!("sizes": List(&Count) => "[1]", "sizes whose probabilities are wanted"),
]))];

fn linger(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (lambda, most, time) = (given.positive("arrival-rate")?, given.count("batch-size"), given.number("linger"));
    let batching = u32::try_from(most).ok().and_then(|most| Linger::new(lambda, most, time)).ok_or_else(|| {
        Refusal::Invalid(format!("batches of at most {most} messages; 1 to {MOST_TOGETHER} are possible"))
    })?;
    let mut answer = SystemAnswer::exact("batches by size and age, renewal-reward (Wolff 1989, sec. 2.1)");
    let law = batching.wait_law();
    answer.mean(Metric::Wait, batching.wait());
    for p in [0.5, 0.9, 0.99] {
        // Each step of the search sums over the sizes.
        if most <= 20_000
            && let Some(at) = law.quantile(p)
        {
            answer.value(Metric::Wait, Statistic::Quantile(p), at);
        }
    }
    answer
        .fraction(Metric::ProbWait, batching.prob_wait())
        .mean(Metric::ArrivalRate, lambda)
        .detail("batch", batching.mean_batch(), Unit::One)
        .detail("open_time", batching.open_time(), Unit::Seconds)
        .detail("batch_rate", batching.batch_rate(), Unit::PerSecond)
        .fraction(Metric::Detail("p_timeout".to_string()), batching.prob_timeout());
    for size in given.numbers("sizes") {
        let k = if size <= f64::from(u32::MAX) { size as u32 } else { 0 };
        answer.fraction(Metric::Detail(format!("p_size_{size}")), batching.prob_size(k));
    }
    answer.note("the clock starts at the first message of a batch; the time to send it is not included");
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    fn ask(rate: f64, most: u64) -> Result<SystemAnswer, Refusal> {
        let parameters = format!("arrival-rate = {rate}\nbatch-size = {most}\nlinger = '50ms'");
        crate::analytic::catalog::ask("linger", &parameters)
    }

    #[test]
    fn answers_and_refusals() {
        let answer = ask(1000.0, 100).unwrap();
        assert!((answer.get("system", None, "detail.batch", "mean").unwrap() - 51.0).abs() < 1e-8);
        assert!(matches!(ask(0.0, 100), Err(Refusal::Invalid(_))));
        assert!(matches!(ask(1.0, 0), Err(Refusal::Invalid(_))));
        assert!(matches!(ask(1.0, 1 << 40), Err(Refusal::Invalid(_))));
    }
}
