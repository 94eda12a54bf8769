//! From a station to two moments and to the approximations and bounds, each as a method of
//! its own name; and one system that shows all of them side by side. Knows no formula.

use super::two_moments::TwoMoments;
use super::{bound, multi, single, whitt};
use crate::analytic::law::TimeLaw;
use crate::analytic::letters::exponential_mean;
use crate::analytic::method::{Method, Refusal};
use crate::analytic::problem::{Discipline, Input, Station, Work};
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::analytic::system::{Answer, Given, Kind, Parameter, System};
use crate::dist::Dist;
use crate::row::{Metric, Source};
use crate::units::Unit;

/// The methods of this module, in the order in which they are tried: the best known first.
pub const METHODS: &[Method] = &[
    Method { name: "klb", source: Source::Approximation, solve: klb },
    Method { name: "whitt-1993", source: Source::Approximation, solve: whitt_1993 },
    Method { name: "kimura", source: Source::Approximation, solve: kimura },
    Method { name: "cosmetatos", source: Source::Approximation, solve: cosmetatos },
    Method { name: "allen-cunneen", source: Source::Approximation, solve: allen_cunneen },
    Method { name: "sakasegawa", source: Source::Approximation, solve: sakasegawa },
    Method { name: "marchal", source: Source::Approximation, solve: marchal },
    Method { name: "kingman-heavy-traffic", source: Source::Approximation, solve: kingman_heavy_traffic },
    Method { name: "daley-bound", source: Source::Bound, solve: daley },
    Method { name: "kingman-bound", source: Source::Bound, solve: kingman },
    Method { name: "marshall-bound", source: Source::Bound, solve: marshall },
];

/// The systems of this module.
pub const SYSTEMS: &[System] = &[System {
    name: "approximations",
    says: "every two-moment approximation and bound of the mean wait in G/G/c, side by side",
    parameters: &[
        Parameter { name: "arrival-rate", kind: Kind::Rate, default: None, says: "messages per second" },
        Parameter { name: "mean-service", kind: Kind::Time, default: None, says: "mean service time" },
        Parameter { name: "servers", kind: Kind::Count, default: Some("1"), says: "parallel servers" },
        Parameter {
            name: "arrival-scv",
            kind: Kind::Number,
            default: Some("1"),
            says: "squared coefficient of variation of the time between arrivals",
        },
        Parameter {
            name: "service-scv",
            kind: Kind::Number,
            default: Some("1"),
            says: "squared coefficient of variation of the service time",
        },
    ],
    solve: side_by_side,
}];

/// The letter of the arrivals in Kendall's notation.
fn arrival_letter(arrivals: &Input) -> &'static str {
    match arrivals {
        Input::Poisson(_) => "M",
        Input::Renewal(interval) => letter(interval),
        _ => "G",
    }
}

fn letter(law: &Dist) -> &'static str {
    match law {
        Dist::Deterministic(_) => "D",
        law if exponential_mean(law).is_some() => "M",
        _ => "G",
    }
}

fn kendall(station: &Station, c: u32) -> String {
    let service = match &station.service {
        Work::Law(law) => letter(law),
        Work::Moments { .. } => "G",
    };
    format!("{}/{service}/{c}", arrival_letter(&station.arrivals))
}

/// The two moments of a station to which two-moment formulas apply.
fn moments(station: &Station) -> Result<TwoMoments, Refusal> {
    station.only(&[])?;
    station.served(Discipline::Fcfs)?;
    let c = station.c().ok_or_else(|| "the number of servers is not limited".to_string())?;
    let arrival_scv =
        station.arrivals.scv().ok_or_else(|| "times between arrivals are not independent of each other".to_string())?;
    let (lambda, service) = (station.arrivals.rate(), station.service.mean());
    checked(TwoMoments { lambda, service, c, arrival_scv, service_scv: station.service.scv() })
}

/// The same, if the numbers make sense and a steady state exists.
fn checked(queue: TwoMoments) -> Result<TwoMoments, Refusal> {
    let rates = [("arrival rate", queue.lambda), ("mean service time", queue.service)];
    if let Some((name, x)) = rates.into_iter().find(|(_, x)| !(*x > 0.0 && x.is_finite())) {
        return Err(Refusal::Invalid(format!("the {name} is {x}, and must be positive and finite")));
    }
    if queue.c == 0 {
        return Err(Refusal::Invalid("there must be at least one server".to_string()));
    }
    for (name, scv) in [("times between arrivals", queue.arrival_scv), ("service times", queue.service_scv)] {
        if scv == f64::INFINITY {
            return Err(Refusal::Assumption(format!("the {name} have infinite variance")));
        } else if scv.is_nan() || scv < 0.0 {
            return Err(Refusal::Invalid(format!("the scv of the {name} is {scv}, and must not be negative")));
        }
    }
    if queue.spare() > 0.0 {
        Ok(queue)
    } else {
        Err(Unstable { offered_load: queue.lambda * queue.service, servers: queue.c }.into())
    }
}

/// The same, for one server only.
fn single_server(station: &Station) -> Result<TwoMoments, Refusal> {
    station.single_server()?;
    moments(station)
}

fn steady(station: &Station, queue: &TwoMoments, wait: f64, method: &'static str) -> Steady {
    let service = Moments { mean: queue.service, variance: Some(queue.service_variance()) };
    let wait = Moments { mean: wait, variance: None };
    Steady::served(kendall(station, queue.c), queue.lambda, service, wait, Some(queue.c), method)
}

/// The wait is exponential, if there is one: P(wait > t) = P e^{-P t / Wq}.
fn with_exponential_tail(mut steady: Steady, prob_wait: f64, method: &'static str) -> Steady {
    let mean = steady.wait.map_or(0.0, |wait| wait.mean);
    steady.prob_wait = Some(prob_wait);
    if mean > 0.0 && prob_wait > 0.0 {
        let decay = prob_wait / mean;
        steady.wait = Some(Moments { mean, variance: Some(mean * mean * (2.0 / prob_wait - 1.0)) });
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

fn sakasegawa(station: &Station) -> Result<Steady, Refusal> {
    let queue = moments(station)?;
    Ok(steady(station, &queue, multi::sakasegawa(&queue), "Sakasegawa (1977)"))
}

fn marchal(station: &Station) -> Result<Steady, Refusal> {
    let queue = single_server(station)?;
    Ok(steady(station, &queue, single::marchal(&queue), "Marchal (1976)"))
}

fn kingman_heavy_traffic(station: &Station) -> Result<Steady, Refusal> {
    let queue = single_server(station)?;
    let method = "heavy-traffic form of Kingman (1961)";
    let found = steady(station, &queue, single::kingman_heavy_traffic(&queue), method);
    let tail = "heavy-traffic exponential wait, P(wait) = rho (Kingman 1961)";
    Ok(with_exponential_tail(found, queue.rho(), tail))
}

fn kingman(station: &Station) -> Result<Steady, Refusal> {
    let queue = moments(station)?;
    Ok(steady(station, &queue, bound::kingman_upper(&queue), "upper bound of Kingman (1962, 1970)"))
}

fn daley(station: &Station) -> Result<Steady, Refusal> {
    let queue = single_server(station)?;
    Ok(steady(station, &queue, bound::daley_upper(&queue), "upper bound of Daley (1977)"))
}

fn marshall(station: &Station) -> Result<Steady, Refusal> {
    let queue = single_server(station)?;
    Ok(steady(station, &queue, bound::marshall_lower(&queue), "lower bound of Marshall (1968)"))
}

fn side_by_side(given: &Given) -> Result<Answer, Refusal> {
    let c = u32::try_from(given.count("servers"))
        .map_err(|_| Refusal::Invalid(format!("{} servers are more than 4294967295", given.count("servers"))))?;
    let queue = checked(TwoMoments {
        lambda: given.number("arrival-rate"),
        service: given.number("mean-service"),
        c,
        arrival_scv: given.number("arrival-scv"),
        service_scv: given.number("service-scv"),
    })?;
    let mut answer = Answer::exact("offered load over servers");
    answer.mean(Metric::Utilization, queue.rho());
    let worth = |source, formulas: Vec<(&str, Option<f64>)>, answer: &mut Answer| {
        for (name, wait) in formulas {
            if let Some(wait) = wait {
                answer.by(source, name).detail(&format!("wait_{}", name.replace('-', "_")), wait, Unit::Seconds);
            }
        }
    };
    let one = |wait: fn(&TwoMoments) -> f64| (queue.c == 1).then(|| wait(&queue));
    answer.by(Source::Approximation, "klb-factor").detail("klb_g", single::klb_factor(&queue), Unit::One);
    answer.by(Source::Approximation, "whitt-factor").detail("whitt_phi", whitt::whitt_factor(&queue), Unit::One);
    let approximations = vec![
        ("klb", one(single::klb)),
        ("whitt-1993", Some(whitt::whitt_1993(&queue))),
        ("kimura", whitt::kimura(&queue)),
        ("allen-cunneen", Some(multi::allen_cunneen(&queue))),
        ("sakasegawa", Some(multi::sakasegawa(&queue))),
        ("marchal", one(single::marchal)),
        ("kingman-heavy-traffic", one(single::kingman_heavy_traffic)),
    ];
    worth(Source::Approximation, approximations, &mut answer);
    let bounds = vec![
        ("daley-bound", one(bound::daley_upper)),
        ("kingman-bound", Some(bound::kingman_upper(&queue))),
        ("marshall-bound", one(bound::marshall_lower)),
    ];
    worth(Source::Bound, bounds, &mut answer);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Servers;

    fn station(c: u32, arrival_scv: f64, scv: f64) -> Station {
        let arrivals = Input::Moments { rate: 0.8 * f64::from(c), scv: arrival_scv };
        Station::new(arrivals, Work::Moments { mean: 1.0, scv }, Servers::Count(c))
    }

    #[test]
    fn every_method_answers_its_own_case() {
        for method in METHODS {
            let mut asked = station(1, 1.0, 0.5);
            asked.arrivals = Input::Poisson(0.8);
            let found = (method.solve)(&asked).unwrap();
            assert_eq!(found.kendall, "M/G/1");
            assert!(found.wait.unwrap().mean.is_finite(), "{}", method.name);
        }
    }

    #[test]
    fn nothing_is_passed_over() {
        let mut finite = station(1, 1.0, 1.0);
        finite.places = Some(5);
        let mut shared = station(1, 1.0, 1.0);
        shared.discipline = Discipline::ProcessorSharing;
        let mut full = station(2, 1.0, 1.0);
        full.arrivals = Input::Poisson(2.0);
        let negative = station(1, -1.0, 1.0);
        for method in METHODS {
            assert!(matches!((method.solve)(&finite), Err(Refusal::Assumption(_))), "{}", method.name);
            assert!(matches!((method.solve)(&shared), Err(Refusal::Assumption(_))), "{}", method.name);
            assert!((method.solve)(&full).is_err() && (method.solve)(&negative).is_err(), "{}", method.name);
        }
        assert!(matches!(whitt_1993(&full), Err(Refusal::Unstable(_))));
        assert!(matches!(whitt_1993(&negative), Err(Refusal::Invalid(_))));
    }

    #[test]
    fn quantiles_of_the_exponential_tail_are_those_of_mm1() {
        let law = klb(&station(1, 1.0, 1.0)).unwrap().wait_law.unwrap();
        assert!((law.quantile(0.9).unwrap() - 5.0 * 8.0_f64.ln()).abs() < 1e-12);
    }
}
