//! The broker's specials as named systems: parameters in, answers out.

use super::credit::Credit;
use super::deterministic::Overload;
use super::partitions::Partitions;
use super::power_of_d::PowerOfD;
use super::prefetch::{Dispatch, Prefetch};
use super::round_robin::RoundRobin;
use super::shortest_queue::{MOST_SERVERS, ShortestQueue};
use crate::analytic::method::Refusal;
use crate::analytic::station::mm1::Mm1;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::{Moments, Unstable};
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
use crate::model::capacity::keeps_up;
use crate::row::{Metric, Source, Statistic};
use crate::units::Unit;

/// Most states of a chain.
const MOST_STATES: usize = 1_000_000;

/// Largest relative error of the shortest queue that still counts as exact.
const EXACT: f64 = 1e-8;

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    system!("prefetch": "one queue pushing to consumers that hold at most so many unacknowledged messages", prefetch(&[
        ARRIVALS,
        parameter!("service-rates": List(&Rate), "messages per second of each consumer, exponential"),
        parameter!("prefetch": Count => "1",
            "most unacknowledged messages of a consumer, the one in process included"),
        parameter!("dispatch": Word(&["round-robin", "random", "least-unacked"]) => "round-robin",
            "which of the consumers with credit gets the next message"),
    ])),
    system!("partitions":
        "a stream split by key over partitions with one consumer each, the hot one included", partitions(&[
        ARRIVALS,
        parameter!("weights": List(&Number), "share of each partition, up to a common factor"),
        parameter!("service-rates": List(&Rate),
            "messages per second of each partition's consumer; one number stands for all"),
    ])),
    system!("round-robin":
        "a Poisson stream dealt in turn to dedicated queues, against random split and one shared queue",
        round_robin(&[ARRIVALS, SERVICE_RATE, QUEUES])),
    system!("join-shortest-queue": "every message joins the shortest of a few dedicated queues",
        shortest_queue(&[ARRIVALS, SERVICE_RATE, QUEUES])),
    system!("power-of-d":
        "every message joins the shortest of d random queues, in the limit of many queues", power_of_d(&[
        Parameter { says: "messages per second and queue", ..ARRIVALS },
        SERVICE_RATE,
        parameter!("choices": Count => "2", "d: queues looked at"),
    ])),
    system!("overload":
        "the first messages of D/D/c, started empty: waits and finish of an overload or a burst", overload(&[
        parameter!("interval": Time, "time between arrivals"),
        parameter!("service": Time, "service time"),
        parameter!("servers": Count => "1", "parallel servers"),
        parameter!("messages": Count, "how many"),
    ])),
    system!("credit":
        "the prefetch that a consumer needs so that the network's round trip does not leave it idle", credit(&[
        parameter!("prefetch": Count => "1", "unacknowledged messages at most"),
        parameter!("out": Time, "time from the broker to the consumer"),
        parameter!("work": Time, "time to process a message"),
        parameter!("back": Time, "time of an acknowledgement back"),
    ])),
];

const ARRIVALS: Parameter = parameter!("arrival-rate": Rate, "messages per second, Poisson");
const SERVICE_RATE: Parameter =
    parameter!("service-rate": Rate, "messages per second that one server processes, exponential");
const QUEUES: Parameter = parameter!("queues": Count => "2", "queues, each with its own server");

fn prefetch(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (lambda, mus) = (given.positive("arrival-rate")?, given.all_positive("service-rates")?);
    let unlimited = "`prefetch` 0 means no limit: messages never wait in the queue; see `round-robin`";
    Refusal::unless(given.count("prefetch") > 0, || unlimited.to_string())?;
    let limit = given.counted("prefetch")?;
    let capacity: f64 = mus.iter().sum();
    if !keeps_up(lambda, capacity) {
        return Err(Refusal::unstable(format!(
            "{lambda} messages arrive per second and the consumers process at most {capacity}: utilization {:.6} is \
             not below 1, so no steady state exists; stable with the arrival rate below {capacity} per second",
            lambda / capacity
        )));
    }
    let dispatch = match given.word("dispatch") {
        "random" => Dispatch::Random,
        "least-unacked" => Dispatch::LeastUnacked,
        _ => Dispatch::RoundRobin,
    };
    let pool = Prefetch { lambda, mus, limit, dispatch };
    let found = pool.solve(MOST_STATES).map_err(|why| Refusal::Assumption(why.to_string()))?;
    let mut answer = SystemAnswer::exact("prefetch as a chain censored on the states without ready messages");
    answer.mean(Metric::InSystem, found.in_system).mean(Metric::Sojourn, found.in_system / lambda);
    answer.mean(Metric::QueueLength, found.ready).mean(Metric::Wait, found.ready / lambda);
    answer.fraction(Metric::ProbWait, found.no_credit);
    answer.fraction(Metric::Detail("idle_while_waiting".to_string()), found.idle_while_waiting);
    for (i, unacked) in found.unacked.iter().enumerate() {
        answer.station(format!("consumer{}", i + 1)).mean(Metric::InSystem, *unacked);
        answer.mean(Metric::Utilization, found.utilization[i]);
        answer.fraction(Metric::Detail("share".to_string()), found.share[i]);
        answer.mean(Metric::Throughput, found.share[i] * lambda);
    }
    answer.note("queue_length and wait are of ready messages, before they are pushed to a consumer");
    Ok(answer)
}

fn partitions(given: &Given) -> Result<SystemAnswer, Refusal> {
    let lambda = given.positive("arrival-rate")?;
    let mut mus = given.all_positive("service-rates")?;
    let weights = given.all_finite("weights")?;
    Refusal::unless(weights.iter().any(|x| *x > 0.0), || "`weights` has no positive number".to_string())?;
    if mus.len() == 1 {
        mus = vec![mus[0]; weights.len()];
    } else if mus.len() != weights.len() {
        return Err(Refusal::invalid(format!("there are {} weights and {} service rates", weights.len(), mus.len())));
    }
    let split = Partitions { lambda, weights, mus };
    let (hot, most) = (split.hottest(), split.largest_rate());
    let sojourn = split.sojourn().map_err(|_| {
        Refusal::unstable(format!(
            "partition {} gets {:.6} of {lambda} messages per second, more than its consumer's {}; stable with the \
             arrival rate below {most:.6} per second, or with its keys spread over more partitions",
            hot + 1,
            split.share(hot),
            split.mus[hot]
        ))
    })?;
    let mut answer = SystemAnswer::exact("random split of a Poisson stream, M/M/1 each (Kleinrock 1975, sec. 3.2)");
    answer.mean(Metric::Sojourn, sojourn).mean(Metric::InSystem, lambda * sojourn);
    answer.mean(Metric::Throughput, lambda).detail("largest_rate", most, Unit::PerSecond);
    answer.detail("hottest", (hot + 1) as f64, Unit::One);
    let shared = split.mus.iter().all(|mu| *mu == split.mus[0]);
    let c = u32::try_from(split.mus.len()).ok().filter(|_| shared);
    if let Some(queue) = c.and_then(|c| Mmc::new(lambda, split.mus[0], c).ok()) {
        answer.detail("sojourn_shared_queue", queue.sojourn(), Unit::Seconds);
    }
    for i in 0..split.mus.len() {
        let queue = split.queue(i)?;
        answer.steady(&format!("partition{}", i + 1), &queue.steady(), &[0.5, 0.9, 0.99]);
    }
    Ok(answer)
}

/// Rates and number of queues of equal queues, stable.
fn equal_queues(given: &Given) -> Result<(f64, f64, u32), Refusal> {
    let (lambda, mu, queues) =
        (given.positive("arrival-rate")?, given.positive("service-rate")?, given.counted("queues")?);
    Unstable::unless_kept_up(lambda / mu, queues)?;
    Ok((lambda, mu, queues))
}

/// What the same servers do with one shared queue, and with queues chosen at random.
fn compared(lambda: f64, mu: f64, queues: u32, answer: &mut SystemAnswer) -> Result<(), Refusal> {
    let random = Mm1::new(lambda / f64::from(queues), mu)?;
    answer.detail("sojourn_random_split", random.sojourn(), Unit::Seconds);
    answer.detail("sojourn_shared_queue", Mmc::new(lambda, mu, queues)?.sojourn(), Unit::Seconds);
    Ok(())
}

fn round_robin(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (lambda, mu, queues) = equal_queues(given)?;
    let split = RoundRobin { lambda, mu, queues };
    let (sigma, sojourn) = (split.sigma(), split.sojourn());
    let wait = Moments::new(split.wait(), sigma * (2.0 - sigma) * sojourn * sojourn);
    let mut answer = SystemAnswer::exact("round-robin split: E_m/M/1 each (Kleinrock 1975, sec. 6.4)");
    answer.moments(Metric::Wait, wait);
    answer.moments(Metric::Sojourn, Moments::new(sojourn, sojourn * sojourn));
    for p in [0.5, 0.9, 0.99, 0.999] {
        let wait = (sojourn * (sigma / (1.0 - p)).ln()).max(0.0);
        answer.value(Metric::Wait, Statistic::Quantile(p), wait);
        answer.value(Metric::Sojourn, Statistic::Quantile(p), -sojourn * (-p).ln_1p());
    }
    answer.mean(Metric::InSystem, lambda * sojourn).mean(Metric::QueueLength, lambda * split.wait());
    answer.mean(Metric::Utilization, lambda / mu / f64::from(queues)).fraction(Metric::ProbWait, sigma);
    answer.detail("sigma", sigma, Unit::One);
    compared(lambda, mu, queues, &mut answer)?;
    Ok(answer)
}

fn shortest_queue(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (lambda, mu, queues) = equal_queues(given)?;
    let found = ShortestQueue { lambda, mu, servers: queues }
        .solve()
        .ok_or_else(|| format!("{queues} queues are more than the {MOST_SERVERS} this method solves"))?;
    let method = format!(
        "join the shortest queue, differences up to {} (Adan, van Houtum, van der Wal 1994), relative error about {:.0e}",
        found.threshold,
        found.error.max(1e-15)
    );
    let mut answer = SystemAnswer::exact(&method);
    if found.error > EXACT {
        answer.by(Source::Bound, format!("lower bound: {method}"));
    }
    let (wait_law, sojourn_law) = (found.wait_law(), found.sojourn_law());
    let wait = found.wait();
    let sojourn = wait.plus(Moments::new(1.0 / mu, 1.0 / (mu * mu)));
    answer.moments(Metric::Wait, wait).moments(Metric::Sojourn, sojourn);
    for p in [0.5, 0.9, 0.99, 0.999] {
        answer.value(Metric::Wait, Statistic::Quantile(p), wait_law.quantile(p).unwrap_or(f64::NAN));
        answer.value(Metric::Sojourn, Statistic::Quantile(p), sojourn_law.quantile(p).unwrap_or(f64::NAN));
    }
    answer.mean(Metric::InSystem, found.in_system).mean(Metric::QueueLength, found.in_system - lambda / mu);
    answer.mean(Metric::Utilization, lambda / mu / f64::from(queues)).fraction(Metric::ProbWait, found.prob_wait());
    answer.fraction(Metric::Detail("prob_empty".to_string()), found.prob_empty);
    answer.detail("imbalance", found.imbalance, Unit::One);
    compared(lambda, mu, queues, &mut answer)?;
    Ok(answer)
}

fn power_of_d(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (lambda, mu, choices) =
        (given.positive("arrival-rate")?, given.positive("service-rate")?, given.counted("choices")?);
    Unstable::unless_kept_up(lambda / mu, 1)?;
    let limit = PowerOfD { lambda, mu, choices };
    let mut answer = SystemAnswer::default();
    answer.by(Source::Approximation, "supermarket model, limit of many queues (Vvedenskaya et al. 1996)");
    answer.mean(Metric::Wait, limit.wait()).mean(Metric::Sojourn, limit.sojourn());
    answer.mean(Metric::InSystem, limit.in_queue()).mean(Metric::Utilization, lambda / mu);
    answer.fraction(Metric::ProbWait, limit.prob_wait());
    for k in 1..=8 {
        answer.fraction(Metric::Detail(format!("share_at_least_{k}")), limit.share_at_least(k));
    }
    answer.note("in_system is per queue; exact only as the number of queues grows without end");
    Ok(answer)
}

fn overload(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (interval, service) = (given.positive("interval")?, given.positive("service")?);
    let (servers, messages) = (given.counted("servers")?, u64::from(given.counted("messages")?));
    let burst = Overload { interval, service, servers, messages };
    let mut answer = SystemAnswer::exact("D/D/c by Lindley's recursion (Lindley 1952)");
    answer.mean(Metric::Wait, burst.mean_wait()).value(Metric::Wait, Statistic::Max, burst.last_wait());
    answer.mean(Metric::Sojourn, burst.mean_wait() + service);
    answer.detail("wait_of_last", burst.last_wait(), Unit::Seconds);
    answer.detail("finish_time", burst.finish(), Unit::Seconds);
    answer.mean(Metric::OfferedLoad, service / interval);
    if burst.growth() == 0.0 {
        answer.mean(Metric::Utilization, service / interval / f64::from(servers));
    } else {
        answer.note("overloaded: waits grow without end, these are those of the first messages");
    }
    Ok(answer)
}

fn credit(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (prefetch, work) = (given.counted("prefetch")?, given.positive("work")?);
    let (out, back) = (given.number("out"), given.number("back"));
    Refusal::unless((out + back).is_finite(), || "`out` and `back` must be finite".to_string())?;
    let window = Credit { prefetch, out, work, back };
    let mut answer = SystemAnswer::exact("window of credit, constant times (RabbitMQ 2012; Bertsekas, Gallager 1992)");
    answer.mean(Metric::Throughput, window.throughput()).mean(Metric::Utilization, window.utilization());
    answer.detail("round_trip", window.round_trip(), Unit::Seconds);
    answer.detail("prefetch_that_is_enough", window.enough() as f64, Unit::One);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::catalog::ask;

    #[test]
    fn mistakes_and_overloads_are_answers() {
        for (name, parameters) in [
            ("prefetch", "arrival-rate = 1\nservice-rates = [2]\nprefetch = 0"),
            ("prefetch", "arrival-rate = 1\nservice-rates = []"),
            ("partitions", "arrival-rate = 1\nservice-rates = [1, 2]\nweights = [1, 1, 1]"),
            ("partitions", "arrival-rate = 1\nservice-rates = [1]\nweights = [0]"),
            ("overload", "interval = 1\nservice = 1\nmessages = 0"),
        ] {
            assert!(matches!(ask(name, parameters), Err(Refusal::Invalid(_))), "{name}: {parameters}");
        }
        for (name, parameters) in [
            ("prefetch", "arrival-rate = 2\nservice-rates = [1, 1]"),
            ("partitions", "arrival-rate = 2\nservice-rates = [1]\nweights = [3, 1]"),
            ("round-robin", "arrival-rate = 2\nservice-rate = 1"),
            ("join-shortest-queue", "arrival-rate = 2\nservice-rate = 1"),
            ("power-of-d", "arrival-rate = 1\nservice-rate = 1"),
        ] {
            assert!(matches!(ask(name, parameters), Err(Refusal::Unstable(_))), "{name}: {parameters}");
        }
    }
}
