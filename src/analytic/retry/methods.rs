//! From a station whose messages are tried again after service to the formula that solves it, every
//! assumption checked first.

use super::attempts::{Attempts, held_cumulants};
use super::feedback::TailFeedback;
use super::feedback_law::tail_feedback_law;
use super::passes::{TailRetry, compound_flow_wait};
use crate::analytic::kendall::{exponential_mean, m_or_g};
use crate::analytic::method::Refusal;
use crate::analytic::numeric::moments::cumulants;
use crate::analytic::problem::{Discipline, Station, StationFeature};
use crate::analytic::refusal::{Counted, Instability};
use crate::analytic::station::mg1::Mg1;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::steady::{Detail, Moments, Steady, Unstable};
use crate::dist::Dist;
use crate::units::Unit;

const PRODUCT_FORM: &str = "product form of queue and back-off (Baskett, Chandy, Muntz, Palacios 1975)";
const TAKACS: &str = "M/G/1 with feedback to the tail (Takacs 1963)";
const HOLDING: &str = "M/G/1 by Pollaczek-Khinchine, all attempts of a message as one service";
const HOLDING_MMC: &str = "M/M/c, all attempts of a message as one exponential service";
const FLOW: &str = "all attempts as one Poisson flow, M/G/c by Allen-Cunneen";
const HOLDING_FLOW: &str = "all attempts of a message as one service, M/G/c by Allen-Cunneen";

/// Largest limit of attempts whose sums are taken term by term.
pub(super) const MOST_ATTEMPTS: u32 = 10_000_000;

/// What every method of retries needs to know of a station.
struct RetryStation<'s> {
    station: &'s Station,
    lambda: f64,
    attempts: Attempts,
    backoff: Option<&'s Dist>,
    service: &'s Dist,
}

impl RetryStation<'_> {
    /// Attempts per second.
    fn attempt_rate(&self) -> f64 {
        self.lambda * self.attempts.mean()
    }

    fn service_cumulants(&self) -> [f64; 3] {
        cumulants(self.service)
    }

    /// The cumulants of the time for which a message that keeps its server keeps it.
    fn held(&self) -> [f64; 3] {
        held_cumulants(&self.attempts, self.service_cumulants(), self.backoff.map_or([0.0; 3], cumulants))
    }

    /// Mean number in back-off.
    fn in_backoff(&self) -> f64 {
        let pause = self.backoff.map_or(0.0, Dist::mean);
        if pause == 0.0 { 0.0 } else { self.lambda * self.attempts.retry_cumulants()[0] * pause }
    }
}

/// Reads the station; refuses retries that never end.
fn retries<'s>(station: &'s Station, to_tail: bool) -> Result<RetryStation<'s>, Refusal> {
    let retry = station.features.retry.as_ref().ok_or(Refusal::Missing(StationFeature::Retries))?;
    Counted::Attempts.at_most(retry.most_attempts.unwrap_or(1).into(), MOST_ATTEMPTS.into())?;
    station.only(&[StationFeature::Retries])?;
    let lambda = station.poisson()?;
    station.served(Discipline::Fcfs)?;
    if retry.to_tail != to_tail {
        let other = if to_tail { "keeps its server" } else { "joins the tail again" };
        return Err(Refusal::Assumption(format!("a message that failed {other}")));
    }
    let attempts = Attempts { failure: retry.failure, most: retry.most_attempts };
    if attempts.mean().is_infinite() {
        return Err(Instability::EndlessAttempts.into());
    }
    Ok(RetryStation { station, lambda, attempts, backoff: retry.backoff.as_ref(), service: station.law()? })
}

/// Says of an unstable queue that it is the attempts that overload it.
fn overloaded(retries: &RetryStation<'_>, unstable: Unstable) -> Refusal {
    Instability::Attempts { load: unstable, mean: retries.attempts.mean(), rate: retries.attempt_rate() }.into()
}

/// Adds what does not depend on how the queue is solved.
fn finish(retries: &RetryStation<'_>, mut steady: Steady) -> Steady {
    let (attempts, lambda) = (&retries.attempts, retries.lambda);
    let dead = attempts.dead();
    steady.arrival_rate = lambda;
    (steady.throughput, steady.given_up) = (lambda, dead);
    steady.details.extend([
        Detail::mean("mean_attempts", attempts.mean(), Unit::One),
        Detail::mean("attempt_rate", retries.attempt_rate(), Unit::PerSecond),
        Detail::fraction("prob_dead_letter", dead),
        Detail::mean("dead_letter_rate", lambda * dead, Unit::PerSecond),
        Detail::mean("success_rate", lambda * (1.0 - dead), Unit::PerSecond),
    ]);
    let listed = 1..=attempts.most.map_or(10, |most| most.min(100));
    let share = |k| Detail::fraction(format!("prob_attempts_{k}"), attempts.probability(k));
    steady.details.extend(listed.map(share));
    steady
}

fn kendall(retries: &RetryStation<'_>) -> String {
    let servers = retries.station.c().map_or("inf".to_string(), |c| c.to_string());
    format!("M/{}/{servers}", m_or_g(retries.service))
}

/// The record of a queue that every attempt passes anew: `wait` is that of one attempt.
fn passes(retries: &RetryStation<'_>, wait: f64, prob_wait: f64, method: &'static str) -> Steady {
    let (rate, service) = (retries.attempt_rate(), retries.service.mean());
    let load = rate * service;
    let in_backoff = retries.in_backoff();
    let in_queue = rate * wait + load;
    let kendall = format!("{} with retries to the tail", kendall(retries));
    let (own, waits) = (Moments::of_mean(service), Moments::of_mean(wait * retries.attempts.mean()));
    let steady = Steady {
        offered_load: load,
        utilization: retries.station.c().map(|c| load / f64::from(c)),
        prob_wait: Some(prob_wait),
        queue_length: rate * wait,
        in_system: in_queue,
        sojourn: Some(Moments::of_mean((in_queue + in_backoff) / retries.lambda)),
        details: vec![
            Detail::mean("wait_per_attempt", wait, Unit::Seconds),
            Detail::mean("sojourn_per_attempt", wait + service, Unit::Seconds),
            Detail::mean("in_backoff", in_backoff, Unit::One),
        ],
        ..Steady::carried(kendall, (rate, rate), own, waits, method)
    };
    let mut steady = finish(retries, steady);
    steady.details.extend(by_fate(retries, wait + service));
    steady
}

/// Mean sojourn of messages that succeed, and of those that become dead letters after n attempts: how many
/// attempts a message needs does not depend on how long each of them takes.
fn by_fate(retries: &RetryStation<'_>, per_attempt: f64) -> Vec<Detail> {
    let dead = retries.attempts.dead();
    let Some(most) = retries.attempts.most.filter(|_| dead > 0.0) else { return Vec::new() };
    let pause = retries.backoff.map_or(0.0, Dist::mean);
    let n = f64::from(most);
    let until_dead = n * per_attempt + (n - 1.0) * pause;
    let mut details = vec![Detail::mean("sojourn_dead_letter", until_dead, Unit::Seconds)];
    if dead < 1.0 {
        let all = retries.attempts.mean() * per_attempt + retries.attempts.retry_cumulants()[0] * pause;
        let value = (all - dead * until_dead) / (1.0 - dead);
        details.push(Detail::mean("sojourn_success", value, Unit::Seconds));
    }
    details
}

/// Exponential service, any limit, any back-off, any number of servers.
pub(super) fn tail(station: &Station) -> Result<Steady, Refusal> {
    let retries = retries(station, true)?;
    let mu = station.exponential()?;
    let (wait, prob_wait) = match station.c() {
        None => (0.0, 0.0),
        Some(c) => {
            let pause = retries.backoff.map_or(0.0, Dist::mean);
            let queue = TailRetry::new(retries.lambda, mu, c, retries.attempts, pause)
                .map_err(|unstable| overloaded(&retries, unstable))?;
            (queue.wait_per_attempt(), queue.prob_wait())
        }
    };
    let mut steady = passes(&retries, wait, prob_wait, PRODUCT_FORM);
    let known = (station.single_server().is_ok() && retries.attempts.most.is_none() && retries.in_backoff() == 0.0)
        .then(|| TailFeedback::new(retries.lambda, retries.service_cumulants(), retries.attempts.failure))
        .flatten();
    if let (Some(queue), Some(sojourn)) = (known, &mut steady.sojourn) {
        sojourn.variance = Some(queue.sojourn_variance());
        steady.sojourn_law = tail_feedback_law(retries.lambda, mu, retries.attempts.failure);
    }
    Ok(steady)
}

/// General service, one server, neither limit nor back-off.
pub(super) fn takacs(station: &Station) -> Result<Steady, Refusal> {
    let retries = retries(station, true)?;
    station.single_server()?;
    if retries.attempts.most.is_some_and(|_| retries.attempts.dead() > 0.0) {
        return Err(Refusal::Assumption("attempts are limited, and service is not exponential".to_string()));
    }
    if retries.in_backoff() > 0.0 {
        return Err(Refusal::Assumption("there is a back-off, and service is not exponential".to_string()));
    }
    let queue =
        TailFeedback::new(retries.lambda, retries.service_cumulants(), retries.attempts.failure).ok_or_else(|| {
            overloaded(&retries, Unstable { offered_load: retries.attempt_rate() * retries.service.mean(), servers: 1 })
        })?;
    let per_attempt = queue.sojourn() / retries.attempts.mean();
    let mut steady = passes(&retries, per_attempt - retries.service.mean(), queue.utilization(), TAKACS);
    let third = retries.service.third_moment().is_some_and(f64::is_finite);
    let variance = if third { queue.sojourn_variance() } else { f64::INFINITY };
    steady.sojourn = Some(Moments::new(queue.sojourn(), variance));
    Ok(steady)
}

/// The law of all attempts of a message as one service, where this package has it.
fn held_law(retries: &RetryStation<'_>) -> Option<Dist> {
    let exponential = exponential_mean(retries.service);
    let no_pause = retries.backoff.is_none_or(|pause| pause.mean() == 0.0);
    match (retries.attempts.most, exponential) {
        (Some(1), _) => Some(retries.service.clone()),
        _ if retries.attempts.failure == 0.0 => Some(retries.service.clone()),
        (None, Some(mean)) if no_pause => Dist::exponential(mean * retries.attempts.mean()).ok(),
        (Some(most @ 2..=40), Some(mean)) if no_pause => {
            let on = vec![retries.attempts.failure; most as usize - 1];
            Dist::coxian(&vec![1.0 / mean; most as usize], &on).ok()
        }
        _ => None,
    }
}

/// The record of a queue in which a message keeps its server through all attempts.
fn held_steady(retries: &RetryStation<'_>, wait: Moments, prob_wait: f64, method: &'static str) -> Steady {
    let [mean, variance, _] = retries.held();
    let (kendall, c) = (format!("{} with retries at the server", kendall(retries)), retries.station.c());
    let steady = Steady::served(kendall, retries.lambda, Moments::new(mean, variance), wait, c, method);
    let details = vec![Detail::mean("in_backoff", retries.in_backoff(), Unit::One)];
    finish(retries, Steady { prob_wait: Some(prob_wait), details, ..steady })
}

/// One server and any service, or several and one exponential service in all.
pub(super) fn holding(station: &Station) -> Result<Steady, Refusal> {
    let retries = retries(station, false)?;
    let law = held_law(&retries);
    let [mean, variance, third] = retries.held();
    match (station.c(), &law) {
        (None, _) => Ok(held_steady(&retries, Moments::ZERO, 0.0, HOLDING)),
        (Some(c), Some(law)) if c > 1 && exponential_mean(law).is_some() => {
            let queue = Mmc::new(retries.lambda, 1.0 / mean, c).map_err(|unstable| overloaded(&retries, unstable))?;
            let wait = Moments::new(queue.wait(), queue.wait_variance());
            let mut steady = held_steady(&retries, wait, queue.prob_wait(), HOLDING_MMC);
            (steady.wait_law, steady.sojourn_law) = (Some(queue.wait_law()), Some(queue.sojourn_law()));
            Ok(steady)
        }
        _ => {
            station.single_server()?;
            let load = retries.lambda * mean;
            Unstable::unless_kept_up(load, 1).map_err(|unstable| overloaded(&retries, unstable))?;
            let wait = retries.lambda * (variance + mean * mean) / (2.0 * (1.0 - load));
            let raw = third + 3.0 * mean * variance + mean.powi(3);
            let spread = retries.lambda * raw / (3.0 * (1.0 - load)) + wait * wait;
            let mut steady = held_steady(&retries, Moments::new(wait, spread), load, HOLDING);
            let laws = law.and_then(|law| Mg1::new(retries.lambda, &law).ok()?.laws());
            (steady.wait_law, steady.sojourn_law) = laws.unzip();
            Ok(steady)
        }
    }
}

/// Any service with a law: M/G/c at the rate of all attempts, as if those were Poisson.
pub(super) fn poisson_flow(station: &Station) -> Result<Steady, Refusal> {
    let retries = retries(station, true)?;
    let (mean, scv) = (retries.service.mean(), retries.service.scv());
    let (wait, prob_wait) = compound_flow_wait(retries.attempt_rate(), mean, scv, station.limited_servers()?)
        .map_err(|unstable| overloaded(&retries, unstable))?;
    Ok(passes(&retries, wait, prob_wait, FLOW))
}

/// Several servers, any law of the service in all.
pub(super) fn holding_approximately(station: &Station) -> Result<Steady, Refusal> {
    let retries = retries(station, false)?;
    let [mean, variance, _] = retries.held();
    let (wait, prob_wait) =
        compound_flow_wait(retries.lambda, mean, variance / (mean * mean), station.limited_servers()?)
            .map_err(|unstable| overloaded(&retries, unstable))?;
    Ok(held_steady(&retries, Moments::of_mean(wait), prob_wait, HOLDING_FLOW))
}
