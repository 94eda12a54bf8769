//! `drain` without a model: rates from options, the answer from theory.

use super::question::{above_0, count, longer_than_0, none, question, rate};
use crate::analytic::transient::Limits;
use crate::cli::args::drain::{DrainArgs, RateArgs};
use crate::cli::args::given;
use crate::cli::failure::Failure;
use crate::cli::output::command_line;
use crate::experiment::drain::RecoveryFrom;
use crate::experiment::drain::impact::{Impact, ImpactKind};
use crate::experiment::drain::scenario::{DrainScenario, MOST_SERVERS};
use crate::experiment::drain::theory::{self, FluidQuestion};
use crate::experiment::result::ResultSet;
use crate::experiment::solve::{TheoryRequest, result, timed};
use crate::model::study::drain::Incident;
use crate::report::sentences::drain::disruption as said_of;
use crate::units::short_rate;

/// The answer of theory.
pub(super) fn answer(args: &DrainArgs) -> Result<ResultSet, Failure> {
    nothing_of_a_model(args)?;
    let case = case(args)?;
    let request = TheoryRequest { name: name(&case), command: command_line(), ..TheoryRequest::default() };
    let mut found = result(request, Vec::new(), Vec::new());
    let ((), wall_s) = timed(|| theory::answer(&case, &mut found));
    found.provenance.wall_s = wall_s;
    Ok(found)
}

fn name(case: &FluidQuestion) -> String {
    let scenario = &case.scenario;
    format!(
        "{}, {} arriving, capacity {}",
        said_of(&case.disruption, scenario.from, scenario.until),
        short_rate(scenario.load()),
        short_rate(scenario.capacity)
    )
}

/// Options that say something of a model or of its simulation.
fn nothing_of_a_model(args: &DrainArgs) -> Result<(), Failure> {
    let mut options = given!(args.incident; at, from, until, consumer, producer);
    options.extend(given!(args.settings; horizon, set));
    options.extend(given!(args.incident; requeue));
    none(&options, " speaks of a model, and no file is given")
}

fn case(args: &DrainArgs) -> Result<FluidQuestion, Failure> {
    let question = question(args, None)?;
    let (arrivals, capacity, servers) = station(&args.rates)?;
    let start = count("start-backlog", &args.rates.start_backlog, 0)?.unwrap_or(0) as f64;
    if question.incident.is_none() && start == 0.0 && arrivals <= capacity {
        return Err(Failure::Usage(
            "nothing happens: give --outage 12min (with --throttle 40% for less than a full one), --burst 3x --for 15s, \
             --extra 400/s --for 15s or --start-backlog 10000"
                .to_string(),
        ));
    }
    let down = |share: f64| ImpactKind::Down { share, fixed: false };
    let impact = match question.incident {
        None | Some(Incident::Window { .. }) => None,
        Some(Incident::Outage { lasts, .. }) => Some((lasts, down(1.0))),
        Some(Incident::Throttle { lasts, share }) => Some((lasts, down(1.0 - share))),
        Some(Incident::Slowdown { lasts, factor }) => Some((lasts, ImpactKind::Slowed { left: 1.0 / factor })),
        Some(Incident::Burst { lasts, factor }) => Some((lasts, ImpactKind::More { rate: (factor - 1.0) * arrivals })),
        Some(Incident::Extra { lasts, rate }) => Some((lasts, ImpactKind::More { rate })),
    };
    let scenario = DrainScenario {
        arrivals: vec![(f64::INFINITY, arrivals)],
        capacity,
        servers,
        from: 0.0,
        until: impact.map_or(0.0, |(lasts, _)| lasts),
        impacts: impact.into_iter().map(|(until, kind)| Impact { from: 0.0, until, kind }).collect(),
        start,
        limits: limits(&args.rates)?,
        idle: false,
        again: 0.0,
        no_fluid: None,
    };
    let disruption = match question.incident {
        None => RecoveryFrom::Backlog,
        Some(what) => RecoveryFrom::Incident { what, whom: None },
    };
    Ok(FluidQuestion { scenario, disruption, within: question.recover_within })
}

/// Arrival rate, capacity, servers.
fn station(rates: &RateArgs) -> Result<(f64, f64, Option<u32>), Failure> {
    let missing = |what: &str| usage!("{what} (or name a model file): see `lindley drain --help`");
    let Some(arrivals) = rate("arrival-rate", &rates.arrival_rate)? else {
        return Err(missing("--arrival-rate is needed"));
    };
    let capacity = above_0("capacity", &rates.capacity)?;
    let servers = count("servers", &rates.servers, 1)?;
    let service = longer_than_0("mean-service", &rates.mean_service)?;
    match (capacity, servers, service) {
        (Some(capacity), None, None) => Ok((arrivals, capacity, None)),
        (None, Some(servers), Some(service)) => {
            let known = u32::try_from(servers).ok().filter(|n| *n <= MOST_SERVERS);
            let servers = known.ok_or_else(|| usage!("--servers: at most {MOST_SERVERS}"))?;
            Ok((arrivals, f64::from(servers) / service, Some(servers)))
        }
        (Some(_), ..) => Err(usage!(
            "--capacity is that of all servers together: leave --servers and --mean-service out, or give only them"
        )),
        _ => Err(missing("--capacity, or --servers with --mean-service, is needed")),
    }
}

fn limits(rates: &RateArgs) -> Result<Limits, Failure> {
    let length = count("max-length", &rates.max_length, 1)?.map_or(f64::INFINITY, |n| n as f64);
    let age = longer_than_0("retention", &rates.retention)?.or(longer_than_0("message-ttl", &rates.message_ttl)?);
    Ok(Limits { length, age: age.unwrap_or(f64::INFINITY) })
}
