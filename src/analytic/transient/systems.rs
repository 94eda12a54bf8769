//! The named systems of this module: reads parameters, refuses what is no system, fills the answer.

use super::{Period, Snapshot, Varying, VaryingRate, drain, fluid, mmc::MmcTransient, relaxation_time};
use crate::analytic::chain::ChainError;
use crate::analytic::method::Refusal;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::system::{Answer, Given, Parameter, System, parameter};
use crate::row::{Metric, Source};
use crate::units::Unit;

const ARRIVAL_RATE: Parameter = parameter!("arrival-rate": Rate, "Poisson arrivals per second");
const SERVICE_RATE: Parameter = parameter!("service-rate": Rate, "services per second and server");
const SERVERS: Parameter = parameter!("servers": Count => "1", "number of servers");
const PLACES: Parameter =
    parameter!("places": Count => "0", "places in the whole system, those in service included; 0: no limit");
const START: Parameter = parameter!("start": Count => "0", "messages in the system at time 0");
const TIMES: Parameter = parameter!("times": List(&Time) => "[]", "when to look");
const HORIZON: Parameter =
    parameter!("horizon": Time => "0s", "how long to look for peak and returns; 0: until the last time");
const LEVELS: Parameter = parameter!("levels": List(&Number) => "[]", "mean numbers waiting whose return is asked for");
const SAMPLING: Parameter = parameter!("sampling": Time => "0s",
    "besides the exact ones, peak and returns as read off a curve drawn through a point every so often; 0: not");
const BACKLOG: Parameter = parameter!("start": Number => "0", "backlog at time 0");
const RATES: Parameter = parameter!("rates": List(&Rate), "arrival rates, one more than there are changes");
const CHANGES: Parameter = parameter!("changes": List(&Time) => "[]", "times at which the next rate begins");

/// M/M/c(/K) from a start.
pub(super) const TRANSIENT: System = System {
    name: "transient",
    says: "M/M/c or M/M/c/K before the steady state, from any number in the system",
    parameters: &[
        ARRIVAL_RATE,
        SERVICE_RATE,
        SERVERS,
        PLACES,
        START,
        parameter!("times": List(&Time), "when to look"),
        parameter!("at-least": List(&Count) => "[]", "numbers n whose P(N >= n) is asked for"),
    ],
    solve: solve_transient,
};

/// M(t)/M/c(/K), steps.
pub(super) const STEPS: System = System {
    name: "time-varying",
    says: "M(t)/M/c or M(t)/M/c/K with an arrival rate that is constant from change to change",
    parameters: &[RATES, CHANGES, SERVICE_RATE, SERVERS, PLACES, START, TIMES, HORIZON, LEVELS, SAMPLING],
    solve: solve_steps,
};

/// M(t)/M/c(/K), sinusoid.
pub(super) const SINE: System = System {
    name: "time-varying-sine",
    says: "M(t)/M/c or M(t)/M/c/K with arrival rate mean + amplitude sin(2 pi t / period + phase)",
    parameters: &[
        parameter!("mean-rate": Rate, "mean of the arrival rate"),
        parameter!("amplitude": Rate, "amplitude of the arrival rate, at most its mean"),
        parameter!("period": Time, "period of the arrival rate"),
        parameter!("phase": Number => "0", "phase at time 0, radians"),
        SERVICE_RATE,
        SERVERS,
        PLACES,
        START,
        TIMES,
        HORIZON,
        LEVELS,
        SAMPLING,
    ],
    solve: solve_sine,
};

/// M/M/c with a backlog.
pub(super) const DRAIN: System = System {
    name: "drain",
    says: "how long M/M/c takes to drain a backlog while messages go on arriving",
    parameters: &[
        ARRIVAL_RATE,
        SERVICE_RATE,
        SERVERS,
        parameter!("start": Count, "messages in the system at time 0"),
        parameter!("level": Count => "0", "drained when only so many are left"),
    ],
    solve: solve_drain,
};

/// A fluid after an outage.
pub(super) const OUTAGE: System = System {
    name: "outage",
    says: "backlog and drain time after an outage, as a fluid",
    parameters: &[
        ARRIVAL_RATE,
        parameter!("capacity": Rate, "messages served per second at most, all servers together"),
        parameter!("outage": Time, "how long nothing is served"),
        BACKLOG,
    ],
    solve: solve_outage,
};

/// A fluid with rates that change.
pub(super) const FLUID: System = System {
    name: "fluid",
    says: "backlog under arrival rates and capacities that change, as a fluid",
    parameters: &[
        RATES,
        parameter!("capacities": List(&Rate), "what is served per second at most: one, or as many as rates"),
        CHANGES,
        BACKLOG,
    ],
    solve: solve_fluid,
};

/// Largest number in the system at time 0, and largest number of servers or places, that is taken.
const LARGEST: u64 = 5_000_000;

fn invalid<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Invalid(why.into()))
}

fn refused(error: ChainError) -> Refusal {
    match error {
        ChainError::NotConverged(_) | ChainError::TooLarge(_) => Refusal::Assumption(
            "the horizon is too long for the rates: more than about 10^10 steps would be needed".to_string(),
        ),
        other => Refusal::Assumption(other.to_string()),
    }
}

/// A rate or time that must be finite and positive.
fn positive(given: &Given, name: &str) -> Result<f64, Refusal> {
    let x = given.number(name);
    if x > 0.0 && x.is_finite() { Ok(x) } else { invalid(format!("{name} is {x}, and must be positive and finite")) }
}

/// A number that must be finite and not negative.
fn finite(given: &Given, name: &str) -> Result<f64, Refusal> {
    let x = given.number(name);
    if x >= 0.0 && x.is_finite() {
        Ok(x)
    } else {
        invalid(format!("{name} is {x}, and must be finite and not negative"))
    }
}

fn all_finite(given: &Given, name: &str) -> Result<Vec<f64>, Refusal> {
    let list = given.numbers(name);
    match list.iter().find(|x| !(**x >= 0.0 && x.is_finite())) {
        Some(x) => invalid(format!("{name} has {x}, and all must be finite and not negative")),
        None => Ok(list),
    }
}

fn servers(given: &Given) -> Result<usize, Refusal> {
    match given.count("servers") {
        0 => invalid("servers is 0: without a server nothing is served"),
        c if c > LARGEST => invalid(format!("servers is {c}, more than {LARGEST}")),
        c => Ok(c as usize),
    }
}

/// Servers, places and start, as a station can have them.
fn station(given: &Given) -> Result<(usize, Option<usize>, Snapshot), Refusal> {
    let c = servers(given)?;
    let (places, start) = (given.count("places"), given.count("start"));
    if places > 0 && places < c as u64 {
        return invalid(format!("places is {places}, fewer than the {c} servers: each server is a place"));
    }
    if places > 0 && start > places {
        return invalid(format!("start is {start}, but there are only {places} places"));
    }
    if start > LARGEST {
        return invalid(format!("start is {start}, more than {LARGEST}"));
    }
    Ok((c, (places > 0).then_some(places as usize), Snapshot::of(start as usize, c)))
}

/// A number as part of a name: `0.5` as `0_5`.
fn label(x: f64) -> String {
    x.to_string().replace('.', "_")
}

fn look(answer: &mut Answer, now: &Snapshot, t: f64) {
    let t = label(t);
    answer.detail(&format!("in_system_t{t}"), now.in_system(), Unit::One);
    answer.detail(&format!("in_system_variance_t{t}"), now.in_system_variance(), Unit::One);
    answer.detail(&format!("queue_length_t{t}"), now.queue_length(), Unit::One);
    answer.detail(&format!("prob_empty_t{t}"), now.empty(), Unit::One);
    answer.detail(&format!("prob_all_busy_t{t}"), now.all_busy(), Unit::One);
}

/// The times and their order.
fn sorted(times: &[f64]) -> Vec<f64> {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    sorted
}

fn solve_transient(given: &Given) -> Result<Answer, Refusal> {
    let (lambda, mu) = (finite(given, "arrival-rate")?, positive(given, "service-rate")?);
    let (c, places, mut now) = station(given)?;
    let times = all_finite(given, "times")?;
    if times.is_empty() {
        return invalid("times is empty: at least one time is wanted");
    }
    let queue = MmcTransient { lambda, mu, c, places };
    let mut answer = Answer::exact("uniformisation (Gross et al., sec. 2.11)");
    let mut t = 0.0;
    for time in sorted(&times) {
        now = queue.after(&now, time - t).map_err(refused)?;
        t = time;
        look(&mut answer, &now, t);
        for n in given.numbers("at-least") {
            answer.detail(&format!("prob_at_least_{n}_t{}", label(t)), now.at_least(n as usize), Unit::One);
        }
        if let Some(places) = places {
            answer.detail(&format!("prob_full_t{}", label(t)), now.at_least(places), Unit::One);
        }
    }
    if let (None, Ok(steady)) = (places, Mmc::new(lambda, mu, c as u32)) {
        answer.detail("in_system_stationary", steady.in_system(), Unit::One);
        answer.detail("relaxation_time", relaxation_time(lambda, mu, c as u32).unwrap_or(f64::NAN), Unit::Seconds);
    } else if places.is_none() {
        answer.note("overloaded: there is no steady state, and the number grows with time");
    }
    Ok(answer)
}

fn solve_steps(given: &Given) -> Result<Answer, Refusal> {
    let (rates, changes) = (all_finite(given, "rates")?, changes(given)?);
    same_pieces(rates.len(), &changes, "rates")?;
    solve_varying(given, VaryingRate::Steps { rates, changes })
}

fn changes(given: &Given) -> Result<Vec<f64>, Refusal> {
    let changes = all_finite(given, "changes")?;
    if changes.windows(2).any(|pair| pair[0] >= pair[1]) || changes.first().is_some_and(|&t| t <= 0.0) {
        return invalid("changes must be positive and increase");
    }
    Ok(changes)
}

fn same_pieces(count: usize, changes: &[f64], name: &str) -> Result<(), Refusal> {
    if count == changes.len() + 1 {
        return Ok(());
    }
    invalid(format!(
        "{name} has {count} values and changes {}: there must be one more value than changes",
        changes.len()
    ))
}

fn solve_sine(given: &Given) -> Result<Answer, Refusal> {
    let (mean, amplitude) = (finite(given, "mean-rate")?, finite(given, "amplitude")?);
    if amplitude > mean {
        return invalid(format!(
            "amplitude is {amplitude}, more than the mean rate {mean}: the rate would be negative"
        ));
    }
    let phase = given.number("phase");
    if !phase.is_finite() {
        return invalid(format!("phase is {phase}, and must be finite"));
    }
    solve_varying(given, VaryingRate::Sine { mean, amplitude, period: positive(given, "period")?, phase })
}

/// Looks at the course of a varying station, unless `sampling` says otherwise.
const LOOKS: f64 = 1000.0;

fn solve_varying(given: &Given, rate: VaryingRate) -> Result<Answer, Refusal> {
    let mu = positive(given, "service-rate")?;
    let (c, places, start) = station(given)?;
    let times = sorted(&all_finite(given, "times")?);
    let (horizon, sampling) = (finite(given, "horizon")?, finite(given, "sampling")?);
    let horizon = if horizon > 0.0 { horizon } else { times.last().copied().unwrap_or(0.0) };
    if horizon <= 0.0 {
        return invalid("neither times nor a horizon is given");
    }
    let step = if sampling > 0.0 { sampling.min(horizon) } else { horizon / LOOKS };
    if horizon / step > 1e5 {
        return invalid(format!("sampling is {sampling}: more than 100000 points until {horizon}"));
    }
    let station = Varying { rate, mu, c, places };
    let mut answer = Answer::exact("Kolmogorov's forward equations (Gross et al., sec. 2.11)");
    let (mut t, mut now) = (0.0, start.clone());
    for &time in &times {
        now = station.advance(&now, t, time).map_err(refused)?;
        t = time;
        look(&mut answer, &now, t);
    }
    let course = station.course(&start, horizon, step).map_err(refused)?;
    let (at, peak) = course.peak().map_err(refused)?;
    answer.detail("peak_queue_length", peak, Unit::One).detail("peak_queue_length_time", at, Unit::Seconds);
    if sampling > 0.0 {
        let (at, peak) = course.sampled_peak();
        answer.detail("sampled_peak_queue_length", peak, Unit::One);
        answer.detail("sampled_peak_queue_length_time", at, Unit::Seconds);
    }
    for level in given.numbers("levels") {
        let name = format!("time_queue_length_back_to_{}", label(level));
        if let Some(at) = course.back_at(level).map_err(refused)? {
            answer.detail(&name, at, Unit::Seconds);
        } else {
            answer.note(format!("the mean number waiting does not come back to {level} within {horizon} s"));
        }
        if let (true, Some(at)) = (sampling > 0.0, course.sampled_back_at(level)) {
            answer.detail(&format!("sampled_{name}"), at, Unit::Seconds);
        }
    }
    Ok(answer)
}

fn solve_drain(given: &Given) -> Result<Answer, Refusal> {
    let (lambda, mu, c) = (finite(given, "arrival-rate")?, positive(given, "service-rate")?, servers(given)?);
    let (start, level) = (given.count("start"), given.count("level"));
    if level > start {
        return invalid(format!("level is {level}, more than the {start} messages at time 0"));
    }
    Mmc::new(lambda, mu, c as u32)?;
    let Some(time) = drain(lambda, mu, c as u32, start, level) else {
        return invalid("the rates are no station");
    };
    let mut answer = Answer::exact("sum of passage times (Keilson 1979, ch. 5)");
    answer.moments(Metric::DrainTime, time);
    Ok(answer)
}

fn solve_outage(given: &Given) -> Result<Answer, Refusal> {
    let (lambda, capacity) = (finite(given, "arrival-rate")?, positive(given, "capacity")?);
    let (outage, start) = (finite(given, "outage")?, finite(given, "start")?);
    if lambda >= capacity {
        return Err(Refusal::Unstable(format!(
            "{lambda} messages arrive per second and at most {capacity} are served: the backlog never drains; it would \
             with a capacity above {lambda}/s"
        )));
    }
    let down = Period { arrivals: lambda, capacity: 0.0, until: outage };
    let up = Period { arrivals: lambda, capacity, until: f64::INFINITY };
    let mut answer = of_fluid(start, &[down, up]);
    let peak = start + lambda * outage;
    answer.mean(Metric::DrainTime, peak / (capacity - lambda));
    Ok(answer)
}

fn solve_fluid(given: &Given) -> Result<Answer, Refusal> {
    let (rates, mut capacities) = (all_finite(given, "rates")?, all_finite(given, "capacities")?);
    let (changes, start) = (changes(given)?, finite(given, "start")?);
    same_pieces(rates.len(), &changes, "rates")?;
    if let [only] = capacities[..] {
        capacities = vec![only; rates.len()];
    }
    same_pieces(capacities.len(), &changes, "capacities")?;
    let ends = changes.into_iter().chain([f64::INFINITY]);
    let both = rates.iter().zip(capacities).zip(ends);
    let periods: Vec<Period> =
        both.map(|((&arrivals, capacity), until)| Period { arrivals, capacity, until }).collect();
    let course = fluid(start, &periods);
    let mut answer = of_fluid(start, &periods);
    answer.mean(Metric::DrainTime, course.drained_at - course.peak_at);
    Ok(answer)
}

fn of_fluid(start: f64, periods: &[Period]) -> Answer {
    let course = fluid(start, periods);
    let mut answer = Answer::default();
    answer.by(Source::Approximation, "deterministic fluid (Newell 1982, ch. 2)");
    answer.mean(Metric::BacklogPeak, course.peak);
    answer.detail("backlog_peak_time", course.peak_at, Unit::Seconds);
    answer.detail("drained_at", course.drained_at, Unit::Seconds);
    answer.detail("total_delay", course.delay, Unit::Seconds);
    answer
}
