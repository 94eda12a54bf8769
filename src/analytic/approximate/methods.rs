//! From a station to two moments and to the approximations and bounds, each as a method of its own name.

use super::two_moments::TwoMoments;
use super::{bound, multi, single, whitt};
use crate::analytic::kendall::m_or_g;
use crate::analytic::law::TimeLaw;
use crate::analytic::method::{Method, MethodId, Refusal};
use crate::analytic::problem::{Discipline, Input, Station};
use crate::analytic::refusal::ArrivalsWanted;
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::dist::Dist;
use crate::units::Unit;

/// The methods of this module, in the order in which they are tried: the best known first.
pub const METHODS: &[Method] = &[
    Method::approximation(MethodId::Klb, klb),
    Method::approximation(MethodId::Whitt1993, whitt_1993),
    Method::approximation(MethodId::Kimura, kimura),
    Method::approximation(MethodId::Cosmetatos, cosmetatos),
    Method::approximation(MethodId::AllenCunneen, allen_cunneen),
    Method::approximation(MethodId::Sakasegawa, |s| by(s, moments(s), multi::sakasegawa, "Sakasegawa (1977)")),
    Method::approximation(MethodId::Marchal, |s| by(s, single_server(s), single::marchal, "Marchal (1976)")),
    Method::approximation(MethodId::KingmanHeavyTraffic, kingman_heavy_traffic),
    Method::bound(MethodId::DaleyBound, |s| by(s, single_server(s), bound::daley_upper, "upper bound of Daley (1977)")),
    Method::bound(MethodId::KingmanBound, |s| {
        by(s, moments(s), bound::kingman_upper, "upper bound of Kingman (1962, 1970)")
    }),
    Method::bound(MethodId::MarshallBound, |s| {
        by(s, single_server(s), bound::marshall_lower, "lower bound of Marshall (1968)")
    }),
];

/// The letter of the arrivals in Kendall's notation.
fn arrival_letter(arrivals: &Input) -> &'static str {
    match arrivals {
        Input::Poisson(_) => "M",
        Input::Renewal(interval) => letter(interval),
        _ => "G",
    }
}

fn letter(law: &Dist) -> &'static str {
    if let Dist::Deterministic(_) = law { "D" } else { m_or_g(law) }
}

pub(super) fn kendall(station: &Station, c: u32) -> String {
    let service = station.service.law().map_or("G", letter);
    format!("{}/{service}/{c}", arrival_letter(&station.arrivals))
}

/// The two moments of a station to which two-moment formulas apply.
fn moments(station: &Station) -> Result<TwoMoments, Refusal> {
    station.only(&[])?;
    station.served(Discipline::Fcfs)?;
    let c = station.limited_servers()?;
    let arrival_scv = station.arrivals.scv().ok_or_else(|| station.arrivals_other_than(ArrivalsWanted::Independent))?;
    let (lambda, service) = (station.arrivals.rate(), station.service.mean());
    stable(TwoMoments { lambda, service, c, arrival_scv, service_scv: station.service.scv() })
}

/// The same, if a steady state exists.
fn stable(queue: TwoMoments) -> Result<TwoMoments, Refusal> {
    let queue = finite_variances(queue)?;
    Unstable::unless_kept_up(queue.lambda * queue.service, queue.c)?;
    Ok(queue)
}

/// The same, if the variances are finite.
pub(super) fn finite_variances(queue: TwoMoments) -> Result<TwoMoments, Refusal> {
    for (name, scv) in [("times between arrivals", queue.arrival_scv), ("service times", queue.service_scv)] {
        if scv == f64::INFINITY {
            return Err(Refusal::Assumption(format!("the {name} have infinite variance")));
        }
    }
    Ok(queue)
}

/// The same, for one server only.
fn single_server(station: &Station) -> Result<TwoMoments, Refusal> {
    station.single_server()?;
    moments(station)
}

fn steady(station: &Station, queue: &TwoMoments, wait: f64, method: &'static str) -> Steady {
    let service = Moments::new(queue.service, queue.service_variance());
    let wait = Moments::of_mean(wait);
    Steady::served(kendall(station, queue.c), queue.lambda, service, wait, Some(queue.c), method)
}

/// By a formula of the two moments alone.
fn by(
    station: &Station,
    queue: Result<TwoMoments, Refusal>,
    wait: fn(&TwoMoments) -> f64,
    method: &'static str,
) -> Result<Steady, Refusal> {
    queue.map(|queue| steady(station, &queue, wait(&queue), method))
}

/// The wait is exponential, if there is one: P(wait > t) = P e^{-P t / Wq}.
fn with_exponential_tail(mut steady: Steady, prob_wait: f64, method: &'static str) -> Steady {
    let mean = steady.wait.map_or(0.0, |wait| wait.mean);
    steady.prob_wait = Some(prob_wait);
    if mean > 0.0 && prob_wait > 0.0 {
        let decay = prob_wait / mean;
        steady.wait = Some(Moments::new(mean, mean * mean * (2.0 / prob_wait - 1.0)));
        steady.wait_law = Some(TimeLaw::computed(mean, method, move |t| prob_wait * (-decay * t).exp()));
    }
    steady
}

fn klb(station: &Station) -> Result<Steady, Refusal> {
    let queue = single_server(station)?;
    let method = "Kraemer and Langenbach-Belz (ITC 8, 1976)";
    let mut found = steady(station, &queue, single::klb(&queue), method);
    found.details.push(Detail::mean("klb_g", single::klb_factor(&queue), Unit::One));
    let tail = "exponential wait if any, with mean and P(wait) by Kraemer and Langenbach-Belz (ITC 8, 1976)";
    Ok(with_exponential_tail(found, single::klb_prob_wait(&queue), tail))
}

fn whitt_1993(station: &Station) -> Result<Steady, Refusal> {
    let queue = moments(station)?;
    let mut found = steady(station, &queue, whitt::whitt_1993(&queue), "Whitt (1993), eq. 2.24");
    found.details.push(Detail::mean("whitt_phi", whitt::whitt_factor(&queue), Unit::One));
    Ok(found)
}

fn kimura(station: &Station) -> Result<Steady, Refusal> {
    let queue = moments(station)?;
    let wait = whitt::kimura(&queue).ok_or_else(|| {
        format!("the scv are {} and {}; the interpolation wants both at most 1", queue.arrival_scv, queue.service_scv)
    })?;
    Ok(steady(station, &queue, wait, "Kimura's interpolation (1986, 1994)"))
}

fn cosmetatos(station: &Station) -> Result<Steady, Refusal> {
    let queue = moments(station)?;
    station.poisson()?;
    Ok(steady(station, &queue, multi::cosmetatos(&queue), "M/G/c by Cosmetatos (1975, 1976)"))
}

fn allen_cunneen(station: &Station) -> Result<Steady, Refusal> {
    let queue = moments(station)?;
    let found = steady(station, &queue, multi::allen_cunneen(&queue), "Allen and Cunneen (Allen 1990, sec. 5.4)");
    let tail = "exponential wait if any, with P(wait) by Erlang C (Allen 1990, sec. 5.4)";
    Ok(with_exponential_tail(found, queue.prob_wait(), tail))
}

fn kingman_heavy_traffic(station: &Station) -> Result<Steady, Refusal> {
    let queue = single_server(station)?;
    let method = "heavy-traffic form of Kingman (1961)";
    let found = steady(station, &queue, single::kingman_heavy_traffic(&queue), method);
    let tail = "heavy-traffic exponential wait, P(wait) = rho (Kingman 1961)";
    Ok(with_exponential_tail(found, queue.rho(), tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytic::problem::Work;
    use crate::model::Servers;

    fn station(c: u32, arrival_scv: f64, scv: f64) -> Station {
        let arrivals = Input::Moments { rate: 0.8 * f64::from(c), scv: arrival_scv };
        Station::new(arrivals, Work::Moments { mean: 1.0, scv }, Servers::Count(c))
    }

    #[test]
    fn every_method_answers_its_own_case() {
        for method in METHODS {
            let mut poisson = station(1, 1.0, 0.5);
            poisson.arrivals = Input::Poisson(0.8);
            let found = method.solve(&poisson).unwrap();
            assert_eq!(found.kendall, "M/G/1");
            assert!(found.wait.unwrap().mean.is_finite(), "{}", method.id);
        }
    }

    #[test]
    fn quantiles_of_the_exponential_tail_are_those_of_mm1() {
        let law = klb(&station(1, 1.0, 1.0)).unwrap().wait_law.unwrap();
        assert!((law.quantile(0.9).unwrap() - 5.0 * 8.0_f64.ln()).abs() < 1e-12);
    }
}
