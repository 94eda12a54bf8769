//! The named systems of this module: reads parameters, refuses what is no system, fills the answer.

use super::{Snapshot, Varying, VaryingRate, mmc::MmcTransient, relaxation_time};
use crate::analytic::chain::{ChainError, MOST_STATE_EVENTS};
use crate::analytic::method::Refusal;
use crate::analytic::station::mmc::Mmc;
use crate::analytic::system::{Given, Parameter, System, SystemAnswer, parameter, system};
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
const RATES: Parameter = parameter!("rates": List(&Rate), "arrival rates, one more than there are changes");
const CHANGES: Parameter = parameter!("changes": List(&Time) => "[]", "times at which the next rate begins");

/// M/M/c(/K) from a start.
pub(super) const TRANSIENT: System = system!("transient":
    "M/M/c or M/M/c/K before the steady state, from any number in the system", solve_transient(&[
    ARRIVAL_RATE,
    SERVICE_RATE,
    SERVERS,
    PLACES,
    START,
    parameter!("times": List(&Time), "when to look"),
    parameter!("at-least": List(&Count) => "[]", "numbers n whose P(N >= n) is asked for"),
]));

/// M(t)/M/c(/K), steps.
pub(super) const STEPS: System = system!("time-varying":
    "M(t)/M/c or M(t)/M/c/K with an arrival rate that is constant from change to change",
    solve_steps(&[RATES, CHANGES, SERVICE_RATE, SERVERS, PLACES, START, TIMES, HORIZON, LEVELS, SAMPLING]));

/// M(t)/M/c(/K), sinusoid.
pub(super) const SINE: System = system!("time-varying-sine":
    "M(t)/M/c or M(t)/M/c/K with arrival rate mean + amplitude sin(2 pi t / period + phase)", solve_sine(&[
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
]));

/// Largest number in the system at time 0, and largest number of servers or places, that is taken.
const LARGEST: u64 = 5_000_000;

/// Why a look at `time` is not possible, and what would be: `from` is when the steps began.
fn refused(error: ChainError, from: f64, time: f64) -> Refusal {
    let ChainError::OutOfSteps(reached) = error else { return Refusal::Assumption(error.to_string()) };
    Refusal::Assumption(format!(
        "{time} s are too long for these rates: so many events, each over as many states as the number then spreads over, \
         are more than {MOST_STATE_EVENTS:e}; times until about {:.4} s are answered, or fewer servers and places, or \
         rates that do not overload the station for so long; `lindley run` simulates it as it is",
        from + reached
    ))
}

/// Servers, places and start, as a station can have them.
fn station(given: &Given) -> Result<(usize, Option<usize>, Snapshot), Refusal> {
    let (c, places, start) = (given.count("servers"), given.count("places"), given.count("start"));
    Refusal::unless((1..=LARGEST).contains(&c), || format!("servers is {c}, and lies between 1 and {LARGEST}"))?;
    let few = || format!("places is {places}, fewer than the {c} servers: each server is a place");
    Refusal::unless(places == 0 || places >= c, few)?;
    Refusal::unless(places == 0 || start <= places, || format!("start is {start}, of {places} places"))?;
    Refusal::unless(start <= LARGEST, || format!("start is {start}, more than {LARGEST}"))?;
    let c = c as usize;
    Ok((c, (places > 0).then_some(places as usize), Snapshot::of(start as usize, c)))
}

/// A number as part of a name: `0.5` as `0_5`.
fn label(x: f64) -> String {
    x.to_string().replace('.', "_")
}

fn look(answer: &mut SystemAnswer, now: &Snapshot, t: f64) {
    let t = label(t);
    answer.detail(&format!("in_system_t{t}"), now.in_system(), Unit::One);
    answer.detail(&format!("in_system_variance_t{t}"), now.in_system_variance(), Unit::One);
    answer.detail(&format!("queue_length_t{t}"), now.queue_length(), Unit::One);
    answer.detail(&format!("prob_empty_t{t}"), now.empty(), Unit::One);
    answer.detail(&format!("prob_all_busy_t{t}"), now.all_busy(), Unit::One);
}

/// The times and their order.
fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

fn solve_transient(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (lambda, mu) = (given.finite("arrival-rate")?, given.positive("service-rate")?);
    let (c, places, mut now) = station(given)?;
    let times = given.all_finite("times")?;
    Refusal::unless(!times.is_empty(), || "times is empty: at least one time is wanted".to_string())?;
    let queue = MmcTransient { lambda, mu, c, places };
    let mut answer = SystemAnswer::exact("uniformisation (Gross et al., sec. 2.11)");
    let (mut t, mut left) = (0.0, MOST_STATE_EVENTS);
    for time in sorted(times) {
        now = queue.after_within(&now, time - t, &mut left).map_err(|why| refused(why, t, time))?;
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

fn solve_steps(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (rates, changes) = (given.all_finite("rates")?, given.all_finite("changes")?);
    let increase = changes.windows(2).all(|pair| pair[0] < pair[1]) && changes.first().is_none_or(|&t| t > 0.0);
    Refusal::unless(increase, || "changes must be positive and increase".to_string())?;
    let (n, m) = (rates.len(), changes.len());
    let pieces = || format!("there are {n} rates and {m} changes: there must be one more rate than changes");
    Refusal::unless(n == m + 1, pieces)?;
    solve_varying(given, VaryingRate::Steps { rates, changes })
}

fn solve_sine(given: &Given) -> Result<SystemAnswer, Refusal> {
    let (mean, amplitude) = (given.finite("mean-rate")?, given.finite("amplitude")?);
    let negative = || format!("amplitude is {amplitude}, more than the mean rate {mean}: the rate would be negative");
    Refusal::unless(amplitude <= mean, negative)?;
    let phase = given.number("phase");
    Refusal::unless(phase.is_finite(), || format!("phase is {phase}, and must be finite"))?;
    solve_varying(given, VaryingRate::Sine { mean, amplitude, period: given.positive("period")?, phase })
}

/// Looks at the course of a varying station, unless `sampling` says otherwise.
const LOOKS: f64 = 1000.0;

fn solve_varying(given: &Given, rate: VaryingRate) -> Result<SystemAnswer, Refusal> {
    let mu = given.positive("service-rate")?;
    let (c, places, start) = station(given)?;
    let times = sorted(given.all_finite("times")?);
    let (horizon, sampling) = (given.finite("horizon")?, given.finite("sampling")?);
    let horizon = if horizon > 0.0 { horizon } else { times.last().copied().unwrap_or(0.0) };
    Refusal::unless(horizon > 0.0, || "neither times nor a horizon is given".to_string())?;
    let step = if sampling > 0.0 { sampling.min(horizon) } else { horizon / LOOKS };
    let many = || format!("sampling is {sampling}: more than 100000 points until {horizon}");
    Refusal::unless(horizon / step <= 1e5, many)?;
    let station = Varying { rate, mu, c, places };
    let mut answer = SystemAnswer::exact("Kolmogorov's forward equations (Gross et al., sec. 2.11)");
    let (mut t, mut now) = (0.0, start.clone());
    for &time in &times {
        now = station.advance(&now, t, time).map_err(|why| refused(why, 0.0, time))?;
        t = time;
        look(&mut answer, &now, t);
    }
    let refused = |why| refused(why, 0.0, horizon);
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
