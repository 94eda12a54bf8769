//! From the parameters of one station to its solution: which formula applies, under which
//! Kendall name, or why none does. Knows no routing; `recognise` finds the parameters.

use super::erlang::erlang_b;
use super::mg1::Mg1;
use super::mginf::MgInf;
use super::mm1::Mm1;
use super::mmc::Mmc;
use super::mmck::Mmck;
use crate::analytic::law::TimeLaw;
use crate::analytic::steady::{Moments, Steady};
use crate::dist::Dist;
use crate::model::Servers;

/// Solves one station with Poisson arrivals, first in first out.
///
/// `room` is the number of messages that may wait (`None`: no limit); one too many is refused.
/// The error says in words why there is no exact answer.
///
/// ```
/// use lindley::{analytic::station::solve, dist::Dist, model::Servers};
/// let service = Dist::Exponential(1.0);
/// let station = solve(1.5, &service, Servers::Count(2), None).unwrap();
/// assert_eq!(station.kendall, "M/M/2");
/// assert!((station.prob_wait.unwrap() - 9.0 / 14.0).abs() < 1e-15);
/// assert!(solve(2.0, &service, Servers::Count(2), None).unwrap_err().contains("no steady state"));
/// ```
pub fn solve(arrival_rate: f64, service: &Dist, servers: Servers, room: Option<u32>) -> Result<Steady, String> {
    let mean = service.mean();
    let plain = exponential_mean(service).map(Dist::Exponential);
    let service = plain.as_ref().unwrap_or(service);
    let symbol = symbol(service);
    let named = |kendall: String, steady: Steady| Ok(Steady { kendall, ..steady });
    let unstable = |error: crate::analytic::Unstable| error.to_string();
    match (servers, room, service) {
        (Servers::Unlimited, ..) if mean.is_infinite() => Err("the mean service time is infinite".to_string()),
        (Servers::Unlimited, ..) => named(format!("M/{symbol}/inf"), MgInf::new(arrival_rate, service).steady()),
        (Servers::Count(1), None, Dist::Exponential(_)) => {
            Mm1::new(arrival_rate, 1.0 / mean).map(|queue| queue.steady()).map_err(unstable)
        }
        (Servers::Count(c), None, Dist::Exponential(_)) => {
            Mmc::new(arrival_rate, 1.0 / mean, c).map(|queue| queue.steady()).map_err(unstable)
        }
        (Servers::Count(1), None, _) => {
            named(format!("M/{symbol}/1"), Mg1::new(arrival_rate, service).map_err(unstable)?.steady())
        }
        (Servers::Count(c), Some(room), Dist::Exponential(_)) => {
            Ok(Mmck::new(arrival_rate, 1.0 / mean, c, u64::from(c) + u64::from(room)).steady())
        }
        (Servers::Count(c), Some(0), _) if mean.is_finite() => Ok(pure_loss(arrival_rate, service, c)),
        (Servers::Count(c), Some(room), _) => Err(format!(
            "M/{symbol}/{c}/{}: a limited queue is solved for exponential service, this is {}",
            u64::from(c) + u64::from(room),
            described(service),
        )),
        (Servers::Count(c), None, _) => Err(format!(
            "M/{symbol}/{c}: more than one server is solved for exponential service, this is {}",
            described(service),
        )),
    }
}

/// M/G/c/c: nobody waits, and Erlang B holds for any service law (Gross et al., sec. 5.2.2).
pub(super) fn pure_loss(lambda: f64, service: &Dist, c: u32) -> Steady {
    let mean = service.mean();
    let offered_load = lambda * mean;
    let loss = erlang_b(c, offered_load);
    // 1 - B(c) without cancellation, by the recursion.
    let servers = f64::from(c);
    let accepted = servers / (servers + offered_load * erlang_b(c.saturating_sub(1), offered_load));
    Steady {
        kendall: format!("M/{}/{c}/{c}", symbol(service)),
        arrival_rate: lambda,
        throughput: lambda * accepted,
        offered_load,
        utilization: Some(offered_load * accepted / servers),
        prob_wait: Some(0.0),
        prob_loss: Some(loss),
        queue_length: 0.0,
        in_system: offered_load * accepted,
        service: mean,
        wait: Some(Moments { mean: 0.0, variance: Some(0.0) }),
        sojourn: Some(Moments { mean, variance: Some(service.variance()) }),
        wait_law: Some(TimeLaw::Zero),
        sojourn_law: Some(TimeLaw::Service(service.clone())),
        method: "Erlang B, insensitive to the service law (Gross et al., sec. 2.5); times of accepted messages",
        ..Steady::default()
    }
}

/// Mean of a law that is exponential, whatever family it is written in.
pub(crate) fn exponential_mean(law: &Dist) -> Option<f64> {
    // Shapes are often solved from an scv of 1, so they are 1 up to rounding.
    let one = |x: f64| (x - 1.0).abs() < 1e-12;
    let exponential = match law {
        Dist::Exponential(_) => true,
        Dist::Erlang(erlang) => erlang.k() == 1,
        Dist::Gamma(gamma) => one(gamma.shape()),
        Dist::Weibull(weibull) => one(weibull.shape()),
        Dist::Hyperexponential(mixture) => mixture.means().len() == 1,
        Dist::PhaseType(law) => law.phases() == 1,
        Dist::Coxian(law) => law.rates().len() == 1,
        _ => false,
    };
    // A phase-type law of one phase may start absorbed: then it has an atom at 0 and another scv.
    (exponential && one(law.scv())).then(|| law.mean())
}

/// Kendall's letter of a service law.
pub(super) fn symbol(service: &Dist) -> String {
    match service {
        Dist::Deterministic(_) => "D".to_string(),
        Dist::Exponential(_) => "M".to_string(),
        Dist::Erlang(erlang) => format!("E{}", erlang.k()),
        Dist::Hyperexponential(mixture) => format!("H{}", mixture.means().len()),
        Dist::Coxian(_) | Dist::PhaseType(_) => "PH".to_string(),
        Dist::Gamma(_) => "Gamma".to_string(),
        Dist::Lognormal(_) => "LN".to_string(),
        Dist::Weibull(_) => "W".to_string(),
        Dist::Pareto(_) => "Pareto".to_string(),
        Dist::Uniform(_) => "U".to_string(),
        _ => "G".to_string(),
    }
}

fn described(service: &Dist) -> String {
    format!("{} with scv {}", service.name(), service.scv())
}
