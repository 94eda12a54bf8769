//! Staffing as named systems: parameters in, answers out. Knows no formula.

use super::target::{Quantity, Statistic, Target};
use super::{Crew, halfin_whitt_beta, smallest_buffer, square_root_servers};
use crate::analytic::method::Refusal;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::station::mmck::Mmck;
use crate::analytic::system::{Answer, Given, Kind, Parameter, System, parameter};
use crate::row::{self, Metric, Source};
use crate::units::Unit;

const ARRIVALS: Parameter = parameter("arrival-rate", Kind::Rate, None, "messages per second, Poisson");
const SERVERS: Parameter = parameter("servers", Kind::Count, Some("1"), "parallel servers");
const RATE: Parameter =
    parameter("service-rate", Kind::Rate, Some("0"), "services per second and server (or give mean-service)");
const MEAN: Parameter =
    parameter("mean-service", Kind::Time, Some("0"), "mean service time, exponential (or give service-rate)");
const TARGET: Parameter = parameter(
    "target",
    Kind::Word(&[
        "prob-wait-above",
        "prob-sojourn-above",
        "wait-mean",
        "sojourn-mean",
        "wait-quantile",
        "sojourn-quantile",
        "utilization",
        "loss",
        "abandonment",
    ]),
    Some("prob-wait-above"),
    "what must not exceed `at-most`; loss is that of servers without a queue (Erlang B)",
);
const AT_MOST: Parameter = parameter("at-most", Kind::Time, None, "the bound: a time, or a share in [0, 1]");
const ABOVE: Parameter =
    parameter("above", Kind::Time, Some("0"), "of prob-wait-above and prob-sojourn-above: the time");
const LEVEL: Parameter = parameter("level", Kind::Share, Some("0.99"), "of the quantile targets: the probability");
const PATIENCE: Parameter = parameter(
    "mean-patience",
    Kind::Time,
    Some("0"),
    "of abandonment: mean time that a message is ready to wait, exponential",
);

/// The systems of this module.
pub const SYSTEMS: &[System] = &[
    System {
        name: "staffing",
        says: "the smallest number of servers that meets a target, M/M/c (loss: M/M/c/c, abandonment: M/M/c+M)",
        parameters: &[ARRIVALS, RATE, MEAN, TARGET, AT_MOST, ABOVE, LEVEL, PATIENCE],
        solve: staffing,
    },
    System {
        name: "largest-rate",
        says: "the largest arrival rate with which a number of servers meets a target",
        parameters: &[SERVERS, RATE, MEAN, TARGET, AT_MOST, ABOVE, LEVEL, PATIENCE],
        solve: largest_rate,
    },
    System {
        name: "buffer-size",
        says: "the smallest number of places K of M/M/c/K that loses at most a given share",
        parameters: &[
            ARRIVALS,
            RATE,
            MEAN,
            SERVERS,
            parameter("loss-at-most", Kind::Share, None, "largest share lost"),
        ],
        solve: buffer_size,
    },
];

fn invalid<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Invalid(why.into()))
}

fn positive(given: &Given, name: &str) -> Result<f64, Refusal> {
    match given.number(name) {
        x if x > 0.0 && x.is_finite() => Ok(x),
        x => invalid(format!("`{name}` is {x}, and must be positive and finite")),
    }
}

/// The service rate, given as such or as a mean time.
fn service_rate(given: &Given) -> Result<f64, Refusal> {
    match (given.number("service-rate"), given.number("mean-service")) {
        (0.0, 0.0) => invalid("give `service-rate` or `mean-service`, positive"),
        (_, 0.0) => positive(given, "service-rate"),
        (0.0, _) => positive(given, "mean-service").map(f64::recip),
        _ => invalid("give `service-rate` or `mean-service`, not both"),
    }
}

fn servers(given: &Given) -> Result<u32, Refusal> {
    match u32::try_from(given.count("servers")) {
        Ok(c) if c > 0 => Ok(c),
        _ => invalid(format!("`servers` is {}, and must lie between 1 and 4294967295", given.count("servers"))),
    }
}

fn target(given: &Given) -> Result<Target, Refusal> {
    let (above, level) = (Statistic::Above(given.number("above")), Statistic::Quantile(given.number("level")));
    let (quantity, statistic) = match given.word("target") {
        "prob-sojourn-above" => (Quantity::Sojourn, above),
        "wait-mean" => (Quantity::Wait, Statistic::Mean),
        "sojourn-mean" => (Quantity::Sojourn, Statistic::Mean),
        "wait-quantile" => (Quantity::Wait, level),
        "sojourn-quantile" => (Quantity::Sojourn, level),
        "utilization" => (Quantity::Utilization, Statistic::Mean),
        "loss" => (Quantity::Loss, Statistic::Mean),
        "abandonment" => (Quantity::Abandonment, Statistic::Mean),
        _ => (Quantity::Wait, above),
    };
    let target = Target { quantity, statistic, bound: given.number("at-most") };
    target.mistake().map_or(Ok(target), invalid)
}

/// The rate of giving up, wanted for abandonment only.
fn giving_up(given: &Given, target: &Target) -> Result<f64, Refusal> {
    let wanted = target.quantity == Quantity::Abandonment;
    if wanted { positive(given, "mean-patience").map(f64::recip) } else { Ok(0.0) }
}

/// The exact rows of M/M/c itself, where that is what the target speaks of.
fn of_station(crew: &Crew, c: u64, target: &Target, answer: &mut Answer) {
    let waits = !matches!(target.quantity, Quantity::Loss | Quantity::Abandonment);
    if let (true, Ok(c)) = (waits, u32::try_from(c))
        && let Ok(queue) = Mmc::new(crew.lambda, crew.mu, c)
    {
        answer.steady("servers", &queue.steady(), &[0.5, 0.9, 0.99]);
    }
}

fn unit(target: &Target) -> Unit {
    if target.is_time() { Unit::Seconds } else { Unit::One }
}

fn staffing(given: &Given) -> Result<Answer, Refusal> {
    let target = target(given)?;
    let (lambda, mu, theta) = (positive(given, "arrival-rate")?, service_rate(given)?, giving_up(given, &target)?);
    let crew = Crew { lambda, mu, theta };
    let Some(c) = crew.smallest(&target) else {
        return invalid(format!("{target}: no number of servers (up to {}) attains it", u32::MAX));
    };
    let mut answer = Answer::exact(format!("smallest c with {target}, by bisection (Kolesar and Green 1998)"));
    answer.value(Metric::Detail("servers".to_string()), row::Statistic::Count, c as f64);
    answer.detail("achieved", crew.value(&target, c).unwrap_or(f64::INFINITY), unit(&target));
    if c > 0 {
        answer.detail("achieved_with_one_fewer", crew.value(&target, c - 1).unwrap_or(f64::INFINITY), unit(&target));
        answer.mean(Metric::OfferedLoad, lambda / mu).detail("load_per_server", lambda / mu / c as f64, Unit::One);
    }
    of_station(&crew, c, &target, &mut answer);
    square_root(lambda / mu, &target, &mut answer);
    Ok(answer)
}

/// What the square-root rule says, where it speaks of the same target.
fn square_root(a: f64, target: &Target, answer: &mut Answer) {
    let speaks = target.quantity == Quantity::Wait && target.statistic == Statistic::Above(0.0);
    if let (true, Some(beta), Some(c)) = (speaks, halfin_whitt_beta(target.bound), square_root_servers(a, target.bound))
    {
        answer.system().by(Source::Approximation, "square-root rule (Halfin and Whitt 1981)");
        answer.detail("square_root_beta", beta, Unit::One);
        answer.value(Metric::Detail("square_root_servers".to_string()), row::Statistic::Count, c as f64);
    }
}

fn largest_rate(given: &Given) -> Result<Answer, Refusal> {
    let target = target(given)?;
    let (c, mu, theta) = (u64::from(servers(given)?), service_rate(given)?, giving_up(given, &target)?);
    let Some(lambda) = (Crew { lambda: 0.0, mu, theta }).largest_rate(&target, c) else {
        return invalid(format!("{target}: no arrival rate attains it, or every one does"));
    };
    let crew = Crew { lambda, mu, theta };
    let mut answer = Answer::exact(format!("largest arrival rate with {target}, by bisection"));
    answer.mean(Metric::ArrivalRate, lambda).mean(Metric::OfferedLoad, lambda / mu);
    answer.detail("load_per_server", lambda / mu / c as f64, Unit::One);
    answer.detail("achieved", crew.value(&target, c).unwrap_or(f64::INFINITY), unit(&target));
    of_station(&crew, c, &target, &mut answer);
    Ok(answer)
}

fn buffer_size(given: &Given) -> Result<Answer, Refusal> {
    let (lambda, mu, c) = (positive(given, "arrival-rate")?, service_rate(given)?, servers(given)?);
    let loss = given.number("loss-at-most");
    let Some(places) = smallest_buffer(lambda, mu, c, loss) else {
        let rho = lambda / mu / f64::from(c);
        let floor = (1.0 - 1.0 / rho).max(0.0);
        return invalid(format!(
            "no buffer loses as little as {loss}: at utilization {rho:.6} every one loses more than {floor:.6}"
        ));
    };
    let queue = Mmck::new(lambda, mu, c, places);
    let mut answer = Answer::exact(format!("smallest K with loss <= {loss}, M/M/c/K (Gross et al., sec. 2.4)"));
    answer.value(Metric::Detail("places".to_string()), row::Statistic::Count, places as f64);
    answer.fraction(Metric::ProbLoss, queue.prob_loss());
    // With a place fewer than servers, one server can never be used.
    let fewer = u32::try_from(places - 1).map_or(c, |k| c.min(k));
    let one_fewer = if fewer == 0 { 1.0 } else { Mmck::new(lambda, mu, fewer, places - 1).prob_loss() };
    answer.fraction(Metric::Detail("prob_loss_with_one_fewer".to_string()), one_fewer);
    answer.steady("queue", &queue.steady(), &[0.5, 0.9, 0.99]);
    answer.note("K counts the messages in service too; a limit on the waiting alone is K less the servers");
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::catalog::ask;

    #[test]
    fn servers_are_found_by_name() {
        let answer = ask("staffing", "arrival-rate = '6000/min'\nmean-service = '1s'\nat-most = 0.2").unwrap();
        assert_eq!(answer.get("system", None, "detail.servers", "count"), Some(111.0));
        assert_eq!(answer.get("system", None, "detail.square_root_servers", "count"), Some(111.0));
    }

    #[test]
    fn the_largest_rate_is_the_inverse() {
        let answer = ask("largest-rate", "servers = 3\nservice-rate = 2\ntarget = 'wait-mean'\nat-most = '100ms'");
        let lambda = answer.unwrap().get("system", None, "arrival_rate", "mean").unwrap();
        assert!((Mmc::new(lambda, 2.0, 3).unwrap().wait() / 0.1 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn mistakes_are_answered() {
        for (name, parameters) in [
            ("staffing", "arrival-rate = 1\nat-most = 0.5"),
            ("staffing", "arrival-rate = 0\nservice-rate = 1\nat-most = 0.5"),
            ("staffing", "arrival-rate = 1\nservice-rate = 1\nmean-service = 1\nat-most = 0.5"),
            ("staffing", "arrival-rate = 1\nservice-rate = 1\nat-most = 1.5"),
            ("staffing", "arrival-rate = 1\nservice-rate = 1\ntarget = 'sojourn-mean'\nat-most = 0.9"),
            ("staffing", "arrival-rate = 1\nservice-rate = 1\ntarget = 'abandonment'\nat-most = 0.9"),
            ("staffing", "arrival-rate = 1\nservice-rate = 1\ntarget = 'wait-quantile'\nlevel = 1\nat-most = 0.9"),
            ("largest-rate", "servers = 0\nservice-rate = 1\nat-most = 0.5"),
            ("largest-rate", "servers = 1\nservice-rate = 1\ntarget = 'sojourn-mean'\nat-most = 0.5"),
            ("buffer-size", "arrival-rate = 2\nservice-rate = 1\nloss-at-most = 0.1"),
        ] {
            assert!(matches!(ask(name, parameters), Err(Refusal::Invalid(_))), "{name}: {parameters}");
        }
    }
}
